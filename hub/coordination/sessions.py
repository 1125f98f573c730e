"""The media sessions that control knows of: whose, in which meeting, on which node."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from hub.errors import Refusal

#: A page has one watch session, a second tab another; more are a client that forgets to close.
WATCH_SESSIONS_PER_ACCOUNT = 8


_CHECK: Final = "check:"
#: In the place of a meeting: where cameras are watched outside of meetings. It stands always, and each sees only what he chose.
CAMERAS: Final = "cameras"
#: In which codecs pictures of cameras are to be had: as they come, and transcoded for who takes no other.
TAKEN: Final = ("h264", "vp8")


def check_place(account: str) -> str:
    """Where an account tries its line: what stands in the place of a meeting."""
    return _CHECK + account


def is_line_check(meeting: str) -> bool:
    """Whether this is no meeting but where somebody tries his line."""
    return meeting.startswith(_CHECK)


@dataclass(frozen=True, slots=True)
class MediaSession:
    """What a WHIP or WHEP client gets: the session's id, the SDP answer, the tag of its ICE generation."""

    id: str
    answer: str
    etag: str


@dataclass(slots=True)
class Session:
    """One transport between an account and a node. `participant` is the account's id."""

    id: str
    meeting: str
    participant: str
    direction: str
    node: str
    etag: str
    connected: bool = False
    source: str = "camera"
    """What a publish session sends: `camera` (with the microphone) or `screen`."""
    access: str = ""
    """The hash of the token it was opened under, hex; empty where that is not known."""
    awaited: bool = False
    """Opened here and not connected yet."""
    slots: dict[str, Any] | None = None
    """The event that tells what the slots show, once known; likewise `tiles` and `layers`."""
    tiles: dict[str, Any] | None = None
    layers: dict[str, Any] | None = None
    paused: bool = False
    takes: frozenset[str] = frozenset(TAKEN)
    """Which codecs of pictures a watch session takes, of those that cameras come in."""
    dropped: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By track the event that tells that what comes of it cannot be passed on."""

    def holding(self) -> list[dict[str, Any]]:
        """The events for the owner that hold now. That somebody watches is one too: it may have been told while he was away."""
        told = [event for event in (self.slots, self.tiles, self.layers) if event is not None]
        told += self.dropped.values()
        return [*told, self.event("pause", paused=self.paused)] if self.direction == "publish" else told

    def event(self, kind: str, **fields: Any) -> dict[str, Any]:
        """A `media` event of docs/protocol.md about this session."""
        return {"meeting": self.meeting, "kind": kind, "session": self.id, **fields}


def to_link(access: str) -> str:
    """A token's hash (hex) in as few characters as a hello of thousands of peers has room for."""
    return base64.urlsafe_b64encode(bytes.fromhex(access)).decode().rstrip("=")


def from_link(word: str) -> str:
    """The hash of which `to_link` made this. Raises ValueError for another word."""
    return base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).hex()


class SessionTable:
    """All sessions: by id, by meeting and by node. A thousand that come at once must not be searched through."""

    def __init__(self) -> None:
        self._by_id: dict[str, Session] = {}
        self._by_meeting: defaultdict[str, dict[str, Session]] = defaultdict(dict)
        self._by_node: defaultdict[str, dict[str, Session]] = defaultdict(dict)
        self._by_account: defaultdict[str, dict[str, Session]] = defaultdict(dict)
        self._by_access: defaultdict[str, dict[str, Session]] = defaultdict(dict)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, session: str) -> Session | None:
        return self._by_id.get(session)

    def add(self, session: Session) -> None:
        self._by_id[session.id] = session
        for index, key in self._places(session):
            index[key][session.id] = session

    def remove(self, session: str) -> Session | None:
        removed = self._by_id.pop(session, None)
        if removed is not None:
            for index, key in self._places(removed):
                del index[key][session]
                if not index[key]:
                    del index[key]
        return removed

    def _places(self, session: Session) -> list[tuple[defaultdict[str, dict[str, Session]], str]]:
        return [
            (self._by_meeting, session.meeting),
            (self._by_node, session.node),
            (self._by_account, session.participant),
            (self._by_access, session.access),
        ]

    def owned(self, session: str, account: str) -> Session:
        """The session if it is this account's. Raises Refusal("not_found") for others' as for none."""
        found = self._by_id.get(session)
        if found is None or found.participant != account:
            raise Refusal("not_found", "no such media session")
        return found

    def of(self, meeting: str, participant: str | None = None, direction: str | None = None) -> list[Session]:
        """Sessions of a meeting, oldest first, narrowed to a participant and a direction where given."""
        return [
            session
            for session in self._by_meeting.get(meeting, {}).values()
            if (participant is None or session.participant == participant)
            and (direction is None or session.direction == direction)
        ]

    def of_account(self, account: str) -> list[Session]:
        """Sessions of an account in all meetings, oldest first."""
        return list(self._by_account.get(account, {}).values())

    def accesses(self) -> dict[str, str]:
        """The tokens' hashes under which sessions run, each with its account."""
        found = ((access, next(iter(under.values()))) for access, under in self._by_access.items() if access)
        return {access: session.participant for access, session in found}

    def under(self, access: str) -> list[Session]:
        """Sessions opened under a token. Those of its account of which that is not known go with any of its tokens."""
        known = list(self._by_access.get(access, {}).values())
        accounts = {session.participant for session in known}
        return known + [one for who in accounts for one in self.of_account(who) if not one.access]

    def surplus(
        self, meeting: str, account: str, direction: str, source: str, new: Session | None = None
    ) -> list[Session]:
        """The account's older sessions of this direction and source that have to go for a new one, opened or to be."""
        found = self.of(meeting, account, direction)
        before = [each for each in found if each.source == source and each is not new]
        keep = 0 if direction == "publish" else WATCH_SESSIONS_PER_ACCOUNT - 1
        return before[: max(0, len(before) - keep)]

    def on_node(self, node: str) -> list[Session]:
        return list(self._by_node.get(node, {}).values())

    def load(self, node: str) -> int:
        """How many sessions a node carries."""
        return len(self._by_node.get(node, {}))

    def nodes_of(self, meeting: str) -> set[str]:
        """The nodes that carry sessions of a meeting."""
        return {session.node for session in self._by_meeting.get(meeting, {}).values()}
