"""What a film shows, from the entries of its meeting: the stage as it was seen, who was heard, where there was nothing.

Entries are put into a state as a running hub does it, so that the stage means here what it means there. A film begins with the
first part that was recorded and ends with the last one. Only what all in the meeting saw is in it: what single viewers saw,
and lines of words for single centers, are not.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from hub.clock import from_wire, to_wire
from hub.conference.banner_shapes import Banner
from hub.conference.hearing import hearing_of, in_common
from hub.conference.pause import Pause
from hub.conference.recording import RunningRecording
from hub.conference.roll_call_shapes import RollCall, RollCallList
from hub.conference.stage_shapes import Stage
from hub.coordination.recording import SCREEN_MARK
from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from hub.film.captions import chapters_of, cues_of
from hub.rules import apply
from hub.seats import Seat
from hub.state import HubState, Meeting
from recordings.film.scenes import BAR, HEIGHT, WIDTH, Heard, Plan, Scene, Source, Tile

#: Without a stage, so many pictures stand beside each other.
MOST_TILES: Final = 9
#: A camera that is away for less is taken to be there: its tile says so itself (ms).
BLINK_MS: Final = 5_000
#: What stands before the title of a secret meeting, on every picture.
LEVEL_MARK: Final = "【涉密】"
#: The side of the square of each grid, but `1+5`.
_SIDES: Final = {"1": 1, "4": 2, "9": 3, "16": 4, "25": 5}


class NothingRecorded(Exception):
    """There is nothing that a film could be made of."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the state says of the picture; who is in a cell that fills itself depends on who has a picture besides."""

    recording: bool = False
    paused: str | None = None
    """Why the meeting rests; None while it does not."""
    broadcast: str | None = None
    second: str | None = None
    grid: str | None = None
    cells: tuple[str | None, ...] = ()
    plates: bool = True
    heading: str = ""
    banner: str = ""
    warning: bool = False
    here: tuple[str, ...] = ()
    """Who is in the meeting, the chair first."""
    names: tuple[tuple[str, str], ...] = ()


def plan_film(entries: Sequence[Entry], zone: str) -> Plan:
    """The plan. `entries` are all of the meeting, whoever may read them. Raises NothingRecorded."""
    sources = _sources(entries)
    if not sources:
        raise NothingRecorded("no part of this meeting was recorded")
    begin = min(each.from_ms for each in sources)
    length = max(each.to_ms for each in sources) - begin
    began_at = entries[0].at.timestamp() * 1000 + begin
    sources = [replace(each, from_ms=each.from_ms - begin, to_ms=each.to_ms - begin) for each in sources]
    looks, heard, title = _followed(entries, began_at)
    began = datetime.fromtimestamp(began_at / 1000, entries[0].at.tzinfo)
    return Plan(
        title=title,
        began_at=to_wire(began),
        zone=zone,
        length_ms=length,
        scenes=_scenes(looks, sources, length),
        sources=tuple(sources),
        heard=tuple(replace(each, to_ms=min(each.to_ms, length)) for each in heard if each.from_ms < length),
        chapters=chapters_of(entries, began_at, length),
        cues=cues_of(entries, began_at, length),
    )


def _sources(entries: Iterable[Entry]) -> list[Source]:
    """The parts, in ms from the first entry on. One that was never closed goes as far as the meeting."""
    opened: dict[str, Entry] = {}
    lengths: dict[str, int] = {}
    gone: set[str] = set()
    first = last = None
    for entry in entries:
        first = first or entry
        if entry.kind == "recording.part_opened":
            opened.setdefault(entry.data["part"], entry)
        elif entry.kind == "recording.part_closed":
            lengths.setdefault(entry.data["part"], entry.data["duration_ms"])
        elif entry.kind == "disposal.destroyed":
            gone |= {
                item["id"].rpartition("/")[2] for item in entry.data["items"] if item["kind"] == "recordings"
            }
        elif entry.kind == "meeting.ended":
            last = entry
    if first is None:
        return []
    found = []
    for part, entry in opened.items():
        if part in gone:
            continue
        data = entry.data
        start = round((from_wire(data["started_at"]) - first.at).total_seconds() * 1000)
        end_of_all = ((last or entry).at - first.at).total_seconds() * 1000
        length = lengths.get(part, max(0, round(end_of_all) - start))
        kinds = {track["kind"] for track in data["tracks"]}
        screen = data.get("source") == "screen" or data["name"].endswith(SCREEN_MARK)
        if length > 0 and kinds:
            found.append(
                Source(
                    data["file"],
                    data["participant"],
                    screen,
                    start,
                    start + length,
                    "video" in kinds,
                    "audio" in kinds,
                )
            )
    return found


def _followed(entries: Iterable[Entry], began_at: float) -> tuple[list[tuple[int, _Look]], list[Heard], str]:
    """How the picture stood from when on, who was heard from when to when, and the title."""
    state, title = HubState(), ""
    looks: list[tuple[int, _Look]] = []
    heard: list[Heard] = []
    since: dict[str, int] = {}
    ms = 0
    for entry in entries:
        apply(state, entry)
        meeting = state.meetings.get(entry.meeting or "")
        ms = max(0, round(entry.at.timestamp() * 1000 - began_at))
        if meeting is None:
            continue
        title = meeting.title if meeting.level == NORMAL else f"{LEVEL_MARK}{meeting.title}"
        now = set(_heard_in(meeting)) if meeting.is_open else set[str]()
        for who in since.keys() - now:
            if since[who] < ms:
                heard.append(Heard(who, since[who], ms))
            del since[who]
        for who in now - since.keys():
            since[who] = ms
        if not meeting.is_open:
            continue
        look = _look(meeting)
        if looks and looks[-1][0] == ms:
            looks[-1] = (ms, look)
        elif not looks or looks[-1][1] != look:
            looks.append((ms, look))
    heard += [Heard(who, start, max(ms, start + 1)) for who, start in since.items()]
    return looks, sorted(heard, key=lambda each: (each.from_ms, each.participant)), title


def _heard_in(meeting: Meeting) -> Iterable[str]:
    hearing = hearing_of(meeting)
    may_be_heard = [*(seat.id for seat in meeting.joined)]
    may_be_heard += [each.id for each in meeting.beside_now if each.is_heard]
    return (who for who in may_be_heard if in_common(hearing, who))


def _look(meeting: Meeting) -> _Look:
    stage, pause, banner = meeting.read(Stage), meeting.read(Pause), meeting.read(Banner)
    layout = stage.layout if stage.layout is not None and stage.layout.to == "all" else None
    joined = sorted(meeting.joined, key=lambda seat: seat.id != meeting.chair.id)
    beside = meeting.beside_now
    line = banner.banner or banner.ticker
    return _Look(
        recording=meeting.read(RunningRecording).running is not None,
        paused=pause.reason if pause.paused else None,
        broadcast=stage.broadcast,
        second=stage.second,
        grid=layout.grid if layout is not None else None,
        cells=tuple(layout.cells) if layout is not None else (),
        plates=layout is None or layout.plates,
        heading=_roll_call(meeting),
        banner=line.text if line is not None else "",
        warning=line is not None and line.style == "warning",
        here=tuple(seat.id for seat in (*joined, *beside)),
        names=tuple((seat.id, f"{seat.center_name} {seat.present or seat.name}") for seat in joined)
        + tuple((each.id, _plate(each)) for each in beside),
    )


def _plate(beside: Seat) -> str:
    """What is said of a camera or a phone: its center and its name, each once."""
    named = beside.name.startswith(beside.center_name)
    return beside.name if named else f"{beside.center_name} {beside.name}"


def _roll_call(meeting: Meeting) -> str:
    roll = meeting.read(RollCall)
    if roll.state != "running":
        return ""
    row = meeting.read(RollCallList).rows.get(roll.center or "")
    called = next((seat.center_name for seat in meeting.seats.values() if seat.center == roll.center), "")
    return f"点名 {row.place}/{roll.total} {called}" if row is not None else f"点名 {roll.total}"


def _scenes(looks: Sequence[tuple[int, _Look]], sources: Sequence[Source], length: int) -> tuple[Scene, ...]:
    """One after the other without a gap, from the beginning to the end."""
    cameras = _Showing([each for each in sources if each.picture and not each.screen])
    screens = _Showing([each for each in sources if each.picture and each.screen])
    moments = {0, *(ms for ms, _ in looks), *cameras.moments(), *screens.moments()}
    edges = [*sorted(ms for ms in moments if 0 <= ms < length), length]
    starts = [ms for ms, _ in looks]
    scenes: list[Scene] = []
    for start, end in itertools.pairwise(edges):
        place = bisect.bisect_right(starts, start) - 1
        look = looks[max(0, place)][1] if looks else _Look()
        scene = _scene(look, cameras.at(start), screens.at(start), start, end)
        before = scenes[-1] if scenes else None
        if before is not None and replace(before, to_ms=end) == replace(scene, from_ms=before.from_ms):
            scenes[-1] = replace(before, to_ms=end)
        else:
            scenes.append(scene)
    return tuple(scenes)


class _Showing:
    """Who has a picture at a moment, short gaps passed over."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._spans: dict[str, list[list[int]]] = {}
        for source in sorted(sources, key=lambda each: each.from_ms):
            spans = self._spans.setdefault(source.participant, [])
            if spans and source.from_ms - spans[-1][1] < BLINK_MS:
                spans[-1][1] = max(spans[-1][1], source.to_ms)
            else:
                spans.append([source.from_ms, source.to_ms])

    def moments(self) -> set[int]:
        """When somebody's begins or ends."""
        return {edge for spans in self._spans.values() for span in spans for edge in span}

    def at(self, ms: int) -> set[str]:
        """Who has one."""
        return {who for who, spans in self._spans.items() if any(start <= ms < end for start, end in spans)}


def _scene(look: _Look, cameras: set[str], screens: set[str], start: int, end: int) -> Scene:
    names = dict(look.names)

    def tile(who: str, screen: bool, rect: tuple[int, int, int, int]) -> Tile:
        name = names.get(who, "")
        return Tile(who, screen, (f"{name}（共享屏幕）" if screen else name) if look.plates else "", *rect)

    card, tiles = "", list[Tile]()
    if not look.recording:
        card = "未录像"
    elif look.paused is not None:
        card = f"会议暂停\n{look.paused}" if look.paused else "会议暂停"
    elif look.second is not None and look.second in screens:
        speaker = look.broadcast or look.second
        tiles.append(tile(look.second, True, (0, BAR, 960, HEIGHT - BAR)))
        tiles.append(tile(speaker, False, (960, BAR, 320, 180)))
    elif look.grid is not None:
        cells = _filled(look, cameras)
        tiles += [
            tile(who, False, rect)
            for who, rect in zip(cells, _grid(look.grid, len(look.cells)), strict=False)
            if who is not None
        ]
    elif look.broadcast is not None:
        screen = look.broadcast in screens
        tiles.append(tile(look.broadcast, screen, (0, BAR, WIDTH, HEIGHT - BAR)))
    else:
        showing = [who for who in look.here if who in cameras][:MOST_TILES]
        grid = {0: "1", 1: "1", 2: "2"}.get(len(showing), "4" if len(showing) <= 4 else "9")
        tiles += [tile(who, False, rect) for who, rect in zip(showing, _grid(grid, 9), strict=False)]
    if not tiles and not card:
        card = "无画面"
    return Scene(start, end, tuple(tiles), card, look.heading, look.banner, look.warning)


def _filled(look: _Look, cameras: set[str]) -> list[str | None]:
    """Who stands in each cell; those that fill themselves have who is broadcast first, then who has a picture."""
    named = {who for who in look.cells if who is not None}
    broadcast = [look.broadcast] if look.broadcast is not None else []
    others = [who for who in dict.fromkeys([*broadcast, *look.here]) if who in cameras and who not in named]
    return [who if who is not None else (others.pop(0) if others else None) for who in look.cells]


def _grid(grid: str, most: int) -> list[tuple[int, int, int, int]]:
    """Where pictures stand in a grid, below the bar."""
    high = HEIGHT - BAR
    if grid == "2":
        return _apart([(0, BAR, WIDTH // 2, high), (WIDTH // 2, BAR, WIDTH // 2, high)])
    if grid == "1+5":
        wide, tall = WIDTH // 3 // 2 * 2, high // 3 // 2 * 2
        small = [(2, 0), (2, 1), (0, 2), (1, 2), (2, 2)]
        around = [(x * wide, BAR + y * tall, wide, tall) for x, y in small]
        return _apart([(0, BAR, 2 * wide, 2 * tall), *around])
    side = _SIDES[grid]
    wide, tall = WIDTH // side // 2 * 2, high // side // 2 * 2
    cells = [(n % side * wide, BAR + n // side * tall, wide, tall) for n in range(min(side * side, most))]
    return cells if side == 1 else _apart(cells)


def _apart(cells: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """With a little ground between them."""
    return [(x + 2, y + 2, wide - 4, tall - 4) for x, y, wide, tall in cells]
