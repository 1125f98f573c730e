"""What came of a sweep's rows, as rules keep it: a few bytes a row in arrays, a block a village; a city's two million fit.

A row is numbered from 1 in the order of the grids' codes, so its number says its village, and its grid at opening; `moved` has
those that a split or join of grids gave to another one. What a restart needs of a village is its last block in short
(`sweep.folded`) and the visits after that: `Rows.part` counts the folds, and the entries since belong to that part.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic import ConfigDict, Field, InstanceOf

from hub.clock import from_wire
from hub.grids.sweep_form import FormField
from hub.grids.sweep_shapes import LATE_DAYS, SweepSort
from hub.grids.visit_shapes import OUTCOMES, TRIES, NextStep, VisitOutcome
from hub.parts import Part
from hub.ruling import Subject
from hub.state import HubState

if TYPE_CHECKING:
    Integers = array[int]
else:  # an array says nothing of what it holds before Python 3.12
    Integers = array

#: A village is folded after so many entries about its rows.
FOLD_AFTER: Final = 250

# A row's byte: outcome (3 bits, 0 for none), times that nobody was there (2 bits), handed to the village, reported.
_OUTCOME: Final = 0b0000_0111
_TRIES: Final = 0b0001_1000
_HANDED: Final = 0b0010_0000
_REPORTED: Final = 0b0100_0000
_TRIES_AT: Final = 3
_CODE: Final = {outcome: place for place, outcome in enumerate(OUTCOMES, start=1)}
#: Byte -> 1 where somebody has still to be reached.
_OPEN: Final = bytes(byte & _OUTCOME in (0, _CODE["absent"], _CODE["refused"]) for byte in range(256))
#: Byte -> the outcome alone.
_ALONE: Final = bytes(byte & _OUTCOME for byte in range(256))


class Standing(NamedTuple):
    """What came of a row so far."""

    outcome: VisitOutcome | None = None
    seen: int = 0
    tries: int = 0
    handed: bool = False
    reported: bool = False
    #: The newest entry that says so, and whose visit that was; 0 and nobody's before the first.
    seq: int = 0
    account: str = ""

    @property
    def next_step(self) -> NextStep:
        """What is to be done about it."""
        if self.handed:
            return "village"
        if self.outcome is None:
            return "visit"
        if self.outcome == "absent":
            return "phone" if self.tries >= TRIES else "again"
        return "village" if self.outcome == "refused" else "none"


@dataclass(slots=True)
class Rows:
    """The rows of one village."""

    center: str
    #: Rows of the villages before it.
    before: int
    #: Its grids at opening, in the order of their codes, and the last of the rows of each, counted in the village.
    grids: tuple[str, ...]
    ends: tuple[int, ...]
    #: By row, the village's first at 0.
    marks: bytearray = field(default_factory=bytearray)
    seen: bytearray = field(default_factory=bytearray)
    seqs: Integers = field(default_factory=lambda: array("Q"))
    by: Integers = field(default_factory=lambda: array("H"))
    #: Whose visits there were; `by` counts from 1.
    people: list[str] = field(default_factory=list)
    #: Row -> its grid, where that is not the first one.
    moved: dict[int, str] = field(default_factory=dict)
    #: Row -> entries of visits that did not know of the one that holds, as [entry, outcome, seen, account].
    contenders: dict[int, list[list[Any]]] = field(default_factory=dict)
    part: int = 0
    #: Entries since the last fold.
    since: int = 0

    @classmethod
    def fresh(cls, center: str, before: int, counts: dict[str, list[int]]) -> Rows:
        """Rows that nobody has visited."""
        grids = tuple(map(intern, sorted(counts)))
        ends = tuple(accumulate(counts[grid][0] for grid in grids))
        size = ends[-1] if ends else 0
        return cls(
            intern(center),
            before,
            grids,
            ends,
            bytearray(size),
            bytearray(size),
            array("Q", bytes(8 * size)),
            array("H", bytes(2 * size)),
        )

    def __len__(self) -> int:
        return len(self.marks)

    def numbers(self) -> range:
        """Numbers of its rows."""
        return range(self.before + 1, self.before + len(self) + 1)

    def grid_of(self, row: int) -> str:
        """The grid that a row is in now."""
        return self.moved.get(row) or self.grids[bisect_left(self.ends, row - self.before)]

    def rows_of(self, grid: str) -> Iterator[int]:
        """The rows that are in a grid now, ascending."""
        place = bisect_left(self.grids, grid)
        first: range | tuple[()] = ()
        if place < len(self.grids) and self.grids[place] == grid:
            start = self.ends[place - 1] if place else 0
            first = range(self.before + start + 1, self.before + self.ends[place] + 1)
        stayed = [row for row in first if self.moved.get(row, grid) == grid]
        if not self.moved:
            yield from stayed
            return
        yield from sorted({*stayed, *(row for row, at in self.moved.items() if at == grid)})

    def standing(self, row: int) -> Standing:
        """What came of a row."""
        place = row - self.before - 1
        byte, by = self.marks[place], self.by[place]
        code = byte & _OUTCOME
        return Standing(
            OUTCOMES[code - 1] if code else None,
            self.seen[place],
            (byte & _TRIES) >> _TRIES_AT,
            bool(byte & _HANDED),
            bool(byte & _REPORTED),
            self.seqs[place],
            self.people[by - 1] if by else "",
        )

    def put(self, row: int, stands: Standing) -> None:
        """What came of a row from now on."""
        place = row - self.before - 1
        byte = _CODE[stands.outcome] if stands.outcome is not None else 0
        byte |= min(stands.tries, TRIES) << _TRIES_AT
        byte |= (_HANDED if stands.handed else 0) | (_REPORTED if stands.reported else 0)
        self.marks[place], self.seen[place], self.seqs[place] = byte, stands.seen, stands.seq
        if stands.account and stands.account not in self.people:
            self.people.append(stands.account)
        self.by[place] = self.people.index(stands.account) + 1 if stands.account else 0

    def left(self) -> int:
        """Households that nobody has reached: not visited, nobody there, or not willing."""
        return self.marks.translate(_OPEN).count(1)

    def counted(self, outcome: VisitOutcome | None) -> int:
        """Rows of which this came."""
        return self.marks.translate(_ALONE).count(0 if outcome is None else _CODE[outcome])

    def packed(self) -> str:
        """All of it as text, in short."""
        rest = json.dumps(
            {
                "people": self.people,
                "moved": sorted(self.moved.items()),
                "contenders": sorted(self.contenders.items()),
            },
            separators=(",", ":"),
        ).encode()
        whole = b"".join(
            (len(rest).to_bytes(4, "big"), rest, self.marks, self.seen, _wired(self.seqs), _wired(self.by))
        )
        return base64.b64encode(zlib.compress(whole)).decode()

    def unpack(self, text: str) -> None:
        """What `packed` packed, in the place of what was. Raises ValueError for what is no such text."""
        whole = zlib.decompress(base64.b64decode(text))
        at = 4 + int.from_bytes(whole[:4], "big")
        rest, size = json.loads(whole[4:at]), len(self)
        if len(whole) != at + 12 * size:
            raise ValueError("these are the rows of another village")
        self.people = rest["people"]
        self.moved = {row: intern(grid) for row, grid in rest["moved"]}
        self.contenders = dict(map(tuple, rest["contenders"]))
        self.marks = bytearray(whole[at : at + size])
        self.seen = bytearray(whole[at + size : at + 2 * size])
        self.seqs = _unwired("Q", whole[at + 2 * size : at + 10 * size])
        self.by = _unwired("H", whole[at + 10 * size :])


def _wired(numbers: Integers) -> bytes:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def _unwired(code: str, content: bytes) -> Integers:
    found: Integers = array(code)
    found.frombytes(content)
    if sys.byteorder == "big":
        found.byteswap()
    return found


@dataclass(slots=True)
class Sweep:
    """A sweep whose answers are not forgotten; once it has ended it has no rows any more."""

    id: str
    title: str
    #: `blanket`, or `pointed`.
    sort: SweepSort
    note: str
    #: The center that opened it.
    center: str
    due: str | None
    opened_at: str
    days: int
    form: tuple[FormField, ...]
    #: The villages in the order of their codes, and the last row of each.
    villages: tuple[Rows, ...] = ()
    ends: tuple[int, ...] = ()
    fallen: bool = False
    closed_at: str | None = None
    ended: bool = False

    @property
    def rows(self) -> int:
        """How many households it expects."""
        return self.ends[-1] if self.ends else 0

    def village_of(self, row: int) -> Rows | None:
        """Whose row it is; None for no row."""
        if not 1 <= row <= self.rows:
            return None
        return self.villages[bisect_left(self.ends, row)]

    def of_center(self, center: str) -> Rows | None:
        """The rows of a village; None where it has none."""
        place = bisect_left(self.villages, center, key=lambda each: each.center)
        found = self.villages[place] if place < len(self.villages) else None
        return found if found is not None and found.center == center else None

    def left(self) -> int:
        """Households that nobody has reached."""
        return sum(each.left() for each in self.villages)


class Sweeps(Part):
    """Sweeps whose answers are not forgotten, by id."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    by_id: dict[str, InstanceOf[Sweep]] = Field(default_factory=dict)


def sweep_of(state: HubState, sweep: str) -> Sweep | None:
    """The sweep of this id, while its answers are there."""
    return state.parts.read(Sweeps).by_id.get(sweep)


def edited(state: HubState, sweep: str) -> Sweep | None:
    """The same, to be changed."""
    return state.parts.edit(Sweeps).by_id.get(sweep) if sweep_of(state, sweep) is not None else None


def ends_at(sweep: Sweep) -> datetime | None:
    """Until when visits of before its closing are taken; None while it goes on, and once it has ended."""
    if sweep.closed_at is None or sweep.ended:
        return None
    return from_wire(sweep.closed_at) + timedelta(days=LATE_DAYS)


def forget_at(sweep: Sweep) -> datetime | None:
    """When its answers are to be gone; None while it goes on."""
    if sweep.closed_at is None:
        return None
    return from_wire(sweep.closed_at) + timedelta(days=max(sweep.days, LATE_DAYS))


def stretch(sweep: str, center: str, part: int) -> str:
    """The subject of entries about rows of a village since it was folded for the `part`-th time."""
    return f"{sweep}/{center}/{part}"


def _stretch_is_open(state: HubState, subject: str) -> bool:
    id, center, part = subject.split("/")
    found = sweep_of(state, id)
    rows = found.of_center(center) if found is not None else None
    return rows is not None and str(rows.part) == part


#: What entries about a sweep as a whole are about.
SWEEP: Final = Subject(
    lambda entry: str(entry.data["sweep"]), lambda state, one: sweep_of(state, one) is not None
)


def _stretch_of(entry: Any) -> str | None:
    data = entry.data
    if data["sweep"] is None:
        return None
    return stretch(data["sweep"], data["center"], data["part"])


#: What entries about single rows are about: a restart needs those since the village's last fold.
STRETCH: Final = Subject(_stretch_of, _stretch_is_open)
