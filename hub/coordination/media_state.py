"""What the nodes last said about each meeting: sources and lines. Told to pages, never journaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from hub.clock import to_wire

Data = dict[str, Any]
Way = Literal["uplink", "downlink"]

#: From the worst to the best: a participant with several sessions is told by the worst of them.
STATES: Final = ("lost", "poor", "fair", "good")
#: The kind of the `media` event that tells of a way.
KINDS: Final[dict[Way, str]] = {"uplink": "quality", "downlink": "downlink"}
#: Figures alone are told at most so often in a meeting, all together: a bad day has hundreds of bad lines.
FIGURES_EVERY: Final = timedelta(seconds=5)
_FIGURES: Final = ("loss_permille", "bitrate_bps", "rtt_ms")


@dataclass(frozen=True, slots=True)
class Line:
    """How one way of a participant is. `since` is the moment of its last change of state."""

    state: str
    since: datetime
    figures: tuple[int | None, ...]
    """Loss (permille), bit rate (bit/s) and round trip (ms) as last told, None where unknown."""

    def to_wire(self) -> Data:
        return {"since": to_wire(self.since), **dict(zip(_FIGURES, self.figures, strict=True))}


@dataclass(slots=True)
class MeetingMedia:
    """What holds now in one meeting."""

    sources: dict[str, list[Data]] = field(default_factory=dict)
    """As each node tells them."""
    told_sources: dict[str, Data] = field(default_factory=dict)
    """Row of each participant who sends, as pages know it."""
    peers: dict[Way, dict[str, dict[str, Line]]] = field(
        default_factory=lambda: {"uplink": {}, "downlink": {}}
    )
    """The line of each participant's peers."""
    told: dict[Way, dict[str, Line]] = field(default_factory=lambda: {"uplink": {}, "downlink": {}})
    """The line of each participant, as pages know it (but for figures that wait to be told)."""
    waiting: dict[Way, set[str]] = field(default_factory=lambda: {"uplink": set(), "downlink": set()})
    """Participants whose figures alone are news."""
    figures_at: dict[Way, datetime] = field(default_factory=dict)
    """When figures were last told."""


@dataclass(slots=True)
class MediaState:
    """Per meeting, the last truth told by its nodes, as `media` events of docs/protocol.md."""

    _meetings: dict[str, MeetingMedia] = field(default_factory=dict)

    def knows(self, meeting: str) -> bool:
        """Whether a node has told of this meeting, and it has not ended since."""
        return meeting in self._meetings

    def set_sources(self, node: str, meeting: str, sources: list[Data]) -> None:
        """Take the whole list of a node's sources; `sources_news` says what is new by it."""
        self._meetings.setdefault(meeting, MeetingMedia()).sources[node] = sources

    def sources_news(self, meeting: str) -> Data | None:
        """The event that tells what has changed of the sources since it was told last; None when nothing has."""
        media = self._meetings.get(meeting)
        if media is None:
            return None
        rows = _source_rows(media)
        before, media.told_sources = media.told_sources, rows
        news = [row for who, row in rows.items() if before.get(who) != row]
        gone = [who for who in before if who not in rows]
        return _sources_event(meeting, news, gone, full=False) if news or gone else None

    def set_line(self, way: Way, data: Data, now: datetime) -> Data | None:
        """Take the line of one peer as a node told it; returns the event to tell, None if nothing changed.

        Figures alone are news only while the line is not good, and wait to be told together (FIGURES_EVERY).
        """
        meeting, participant = str(data["meeting"]), str(data["participant"])
        state = str(data["state"])
        if state not in STATES:
            return None
        media = self._meetings.setdefault(meeting, MeetingMedia())
        lines = media.peers[way].setdefault(participant, {})
        before = lines.get(str(data["peer"]))
        since = before.since if before is not None and before.state == state else now
        lines[str(data["peer"])] = Line(state, since, tuple(_figure(data.get(name)) for name in _FIGURES))
        return self._retell(way, meeting, media, participant, now)

    def forget_peer(self, meeting: str, participant: str, peer: str, now: datetime) -> list[Data]:
        """A session is no more: its lines go; returns the events to tell where another one remains."""
        media = self._meetings.get(meeting)
        if media is None:
            return []
        events: list[Data] = []
        for way in KINDS:
            lines = media.peers[way].get(participant)
            if lines is None or lines.pop(peer, None) is None:
                continue
            if lines:
                event = self._retell(way, meeting, media, participant, now)
            else:
                del media.peers[way][participant]
                media.told[way].pop(participant, None)
                media.waiting[way].discard(participant)
                event = _lines_event(way, meeting, {}, [participant])
            if event is not None:
                events.append(event)
        return events

    def forget_node(self, node: str) -> list[str]:
        """A node is lost, and its sources with it; returns the meetings that have other sources now."""
        return [meeting for meeting, media in self._meetings.items() if media.sources.pop(node, None)]

    def forget(self, meeting: str) -> None:
        self._meetings.pop(meeting, None)

    def events(self, meeting: str) -> list[Data]:
        """The events that hold now, for one who begins to follow."""
        media = self._meetings.get(meeting)
        if media is None:
            return []
        # What waits to be told is told to the others when its time has come; here it comes twice.
        events = [_sources_event(meeting, list(_source_rows(media).values()), [], full=True)]
        return events + [_lines_event(way, meeting, media.told[way]) for way in KINDS if media.told[way]]

    def lines_by_state(self) -> Counter[tuple[str, str]]:
        """How many participants there are of each way and state, in all meetings."""
        return Counter(
            (way, line.state)
            for media in self._meetings.values()
            for way in KINDS
            for line in media.told[way].values()
        )

    @staticmethod
    def _retell(way: Way, meeting: str, media: MeetingMedia, participant: str, now: datetime) -> Data | None:
        worst = min(media.peers[way][participant].values(), key=lambda line: STATES.index(line.state))
        before = media.told[way].get(participant)
        if before is not None and before.state == worst.state:
            worst = Line(worst.state, before.since, worst.figures)
        elif before is not None:
            worst = Line(worst.state, now, worst.figures)
        media.told[way][participant] = worst
        waiting = media.waiting[way]
        if before is not None and before.state == worst.state:
            if before == worst or worst.state == "good":
                return None
            waiting.add(participant)
            if now - media.figures_at.setdefault(way, now) < FIGURES_EVERY:
                return None
            media.figures_at[way] = now
            told = {who: media.told[way][who] for who in sorted(waiting)}
            waiting.clear()
            return _lines_event(way, meeting, told)
        waiting.discard(participant)
        return _lines_event(way, meeting, {participant: worst})


def _figure(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def _lines_event(way: Way, meeting: str, lines: dict[str, Line], gone: Sequence[str] = ()) -> Data:
    return {
        "meeting": meeting,
        "kind": KINDS[way],
        "participants": {who: line.state for who, line in lines.items()},
        "lines": {who: line.to_wire() for who, line in lines.items()},
        "gone": list(gone),
    }


def _source_rows(media: MeetingMedia) -> dict[str, Data]:
    """One row a participant who sends, whichever of his sessions and nodes its parts come from."""
    rows: dict[str, Data] = {}
    for told in media.sources.values():
        for source in told:
            who = str(source["participant"])
            row = rows.setdefault(who, {"participant": who, "video": None, "audio": None, "screen": None})
            for name in ("video", "audio", "screen"):
                row[name] = row[name] or source.get(name)
    return rows


def _sources_event(meeting: str, rows: list[Data], gone: list[str], *, full: bool) -> Data:
    return {"meeting": meeting, "kind": "sources", "sources": rows, "gone": gone, "full": full}
