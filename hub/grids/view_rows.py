"""Rows of a view as values: what was opened of a household, which of it a view wants, what its cells are, how it sums up.

What stands in the open (grid, kind, counts, the last visit) is asked of the database; what is sealed (who lives there, what was
answered) is opened a piece at a time and looked at here. Cells are plain values: words of pages and files come later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from hub.clock import from_wire
from hub.grids.catalog import VILLAGE_DIGITS
from hub.grids.registry_forms import COVER, masked_label, masked_name, masked_number, masked_phone
from hub.grids.view_ready import Answers
from hub.grids.views import ANSWER, ANSWERED, AnswerIs, ViewAsks

Json = dict[str, Any]
#: A cell: text or word, number, several words; None for nothing.
Cell = str | int | list[str] | None
#: Field (or field and person) -> [answer, moment].
Known = Mapping[str, Sequence[str]]

#: What is opened only where a column or filter wants it.
_PERSONAL: Final = frozenset({"head", "phone", "note", "name", "relation", "sex", "age", "birth", "number"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A household, or a visit at one, as the database gave it, opened as far as it was wanted."""

    key: int
    """Its place among all: the number of the household, the entry of the visit."""
    household: str
    grid: str
    kind: str
    counts: Mapping[str, int]
    """persons, registered, floating, abroad."""
    building: str
    house: str = field(repr=False)
    persons: Sequence[Json] = field(repr=False)
    """Those who live there; none where nobody asked."""
    note: str = field(repr=False)
    known: Known = field(repr=False)
    confirmed_at: str | None = None
    last: Mapping[str, Any] | None = None
    """`outcome`, `at`, `flags` of the last visit."""
    visit: Mapping[str, Any] | None = None
    """Of visits: the visit itself."""


class Ways:
    """To which county, township and village grids belong, and what all these are called."""

    def __init__(self, levels: Mapping[str, Mapping[str, str]], names: Mapping[str, str]) -> None:
        """`levels`: village -> level -> code of the center on the way to it; `names`: of centers and grids, by code."""
        self._levels = levels
        self._names = names

    def code(self, what: str, grid: str) -> str:
        """The code of the `county`, `township` or `village` of a grid, or of itself; empty where there is none."""
        return grid if what == "grid" else self._levels.get(grid[:VILLAGE_DIGITS], {}).get(what, "")

    def name(self, code: str) -> str:
        """What a center or grid is called."""
        return self._names.get(code, code)


def needs(asks: ViewAsks) -> frozenset[str]:
    """What has to be opened to tell its rows: `persons`, `known`, `place`, `last` (the last visit)."""
    return sought(asks) | _of_names(asks, asks.columns)


def sought(asks: ViewAsks) -> frozenset[str]:
    """What has to be opened to say which rows there are, and to sum them up."""
    found = {"persons"} if asks.source == "persons" or sealed_persons(asks) else set[str]()
    if asks.filters.answers:
        found.add("known")
    return _of_names(asks, [asks.sums] if asks.sums else []) | found


def _of_names(asks: ViewAsks, names: Sequence[str]) -> frozenset[str]:
    """What these columns are made of. Whose answer it is says who lives there."""
    found = set[str]()
    for name in names:
        if name.startswith((ANSWER, ANSWERED)):
            found |= {"known"} if asks.source == "visits" else {"known", "persons"}
        elif name in _PERSONAL or (name in ("residence", "sex") and asks.source == "persons"):
            found.add("persons")
        elif name in ("building", "house"):
            found.add("place")
        elif name.startswith("last_"):
            found.add("last")
    return frozenset(found)


def sealed_persons(asks: ViewAsks) -> bool:
    """Whether who lives somewhere has to be opened to say which rows there are."""
    asked = asks.filters
    aged = asked.age_from is not None or asked.age_to is not None
    return aged or (asks.source == "persons" and bool(asked.residence))


def is_sealed(asks: ViewAsks) -> bool:
    """Whether rows have to be opened to say which and how many there are, and to sum them up."""
    sums = asks.sums or ""
    opened = sums.startswith(ANSWER) or sums in ("residence", "sex")
    return sealed_persons(asks) or bool(asks.filters.answers) or opened


class Reader:
    """One view, as it is read at one moment."""

    def __init__(self, asks: ViewAsks, answers: Mapping[str, Answers], ways: Ways, now: datetime) -> None:
        self._asks = asks
        self._answers = answers
        self._ways = ways
        self._now = now
        self._today = now.date()
        days = asks.filters.fresh_days
        self._fresh_since = None if days is None else now - timedelta(days=days)

    def rows(self, opened: Opened) -> Iterator[Json | None]:
        """The rows that a household gives: none, itself (None for no person), or those of its persons that are wanted."""
        asked = self._asks.filters
        if self._asks.source != "persons":
            aged = asked.age_from is not None or asked.age_to is not None
            if aged and not any(self._aged(person) for person in opened.persons):
                return
            if all(self._answered(opened, each, None) for each in asked.answers):
                yield None
            return
        for person in opened.persons:
            if asked.residence and person["residence"] not in asked.residence:
                continue
            if self._aged(person) and all(self._answered(opened, each, person) for each in asked.answers):
                yield person

    def cells(self, opened: Opened, person: Json | None, *, full: bool) -> list[Cell]:
        """The cells of a row; what is personal covered unless `full`."""
        return [self._cell(name, opened, person, full) for name in self._asks.columns]

    def group(self, opened: Opened, person: Json | None) -> str:
        """By what a row is counted: a code or word; empty for nothing."""
        sums = self._asks.sums
        if sums is None:
            return ""
        if sums in ("county", "township", "village", "grid"):
            return self._ways.code(sums, opened.grid)
        found = self._cell(sums, opened, person, True)
        if isinstance(found, list):
            return found[0] if len(found) == 1 else " ".join(found)
        return "" if found is None else str(found)

    # -- inside

    def _cell(self, name: str, opened: Opened, person: Json | None, full: bool) -> Cell:
        if name.startswith(ANSWER):
            return self._answer(name.removeprefix(ANSWER), opened, person, full)
        if name.startswith(ANSWERED):
            return max(
                (at for _, at in self._said(name.removeprefix(ANSWERED), opened, person)), default=None
            )
        if name in ("county", "township", "village", "grid"):
            return self._ways.name(self._ways.code(name, opened.grid))
        if name in opened.counts:
            return opened.counts[name]
        if opened.visit is not None and name in opened.visit:
            found: Cell = opened.visit[name]
            return found
        if name.startswith("last_"):
            last = opened.last or {"outcome": "none", "at": None, "flags": []}
            told: Cell = last[name.removeprefix("last_")]
            return told
        if name == "house":
            return opened.house if full else masked_label(opened.house)
        if name in ("household", "kind", "building"):
            return str(getattr(opened, name))
        if name == "note" and person is None:
            return opened.note if full else ""
        return self._personal(name, _head(opened) if person is None else person, full)

    def _personal(self, name: str, person: Json | None, full: bool) -> Cell:
        if person is None:
            return None
        if name in ("head", "name"):
            return str(person["name"]) if full else masked_name(person["name"])
        if name == "age":
            return _age(person["birth"], self._today)
        if name == "birth":
            return str(person["birth"]) if full else str(person["birth"])[:4]
        if name == "number":
            return str(person["number"]) if full else masked_number(person["number"])
        if name == "phone":
            return str(person["phone"]) if full else masked_phone(person["phone"])
        if name == "note":
            return str(person["note"]) if full else ""
        return str(person[name])

    def _answer(self, key: str, opened: Opened, person: Json | None, full: bool) -> Cell:
        values = list(dict.fromkeys(value for value, _ in self._said(key, opened, person)))
        known = self._answers.get(key)
        if not full and (known is None or known.kind == "text"):
            # what somebody wrote may name anybody
            return [COVER * 3] if values else []
        return values

    def _said(self, key: str, opened: Opened, person: Json | None) -> list[tuple[str, str]]:
        """(answer, moment) of a field: the person's own, else the household's, else those of all who live there."""
        known, whole = opened.known, opened.known.get(key)
        if person is not None:
            own = known.get(f"{key}@{person['person']}")
            return [self._pair(each, opened) for each in (own or whole,) if each is not None]
        if whole is not None:
            return [self._pair(whole, opened)]
        living = {each["person"] for each in opened.persons}
        return [
            self._pair(each, opened)
            for name, each in known.items()
            if name.startswith(f"{key}@") and (not living or name.partition("@")[2] in living)
        ]

    def _pair(self, said: Sequence[str], opened: Opened) -> tuple[str, str]:
        """An answer, and when it was last known to hold."""
        at = said[1] if opened.confirmed_at is None else max(said[1], opened.confirmed_at)
        return said[0], at

    def _answered(self, opened: Opened, wanted: AnswerIs, person: Json | None) -> bool:
        for value, at in self._said(wanted.key, opened, person):
            if self._fresh_since is not None and from_wire(at) < self._fresh_since:
                continue
            if wanted.values and value not in wanted.values:
                continue
            if wanted.least is None or _tenths(value) >= wanted.least:
                return True
        return False

    def _aged(self, person: Json) -> bool:
        asked = self._asks.filters
        if asked.age_from is None and asked.age_to is None:
            return True
        age = _age(person["birth"], self._today)
        if age is None:
            return False
        return (asked.age_from is None or age >= asked.age_from) and (
            asked.age_to is None or age <= asked.age_to
        )


def _head(opened: Opened) -> Json | None:
    heads = [each for each in opened.persons if each["relation"] == "head"]
    return next(iter(heads or opened.persons), None)


def _age(birth: str, today: date) -> int | None:
    """Whole years; of who is known by the year alone, those of the end of this year."""
    if not birth:
        return None
    years = today.year - int(birth[:4])
    return years - int(len(birth) == 10 and (today.month, today.day) < (int(birth[5:7]), int(birth[8:])))


def _tenths(value: str) -> float:
    try:
        return float(value) * 10
    except ValueError:
        return float("-inf")


class Sums:
    """Rows counted by group."""

    def __init__(self) -> None:
        self.rows = 0
        self.persons = 0
        self._by: dict[str, list[int]] = {}

    def add(self, group: str, rows: int, persons: int) -> None:
        """Some more rows of a group, and how many persons they are."""
        self.rows += rows
        self.persons += persons
        line = self._by.setdefault(group, [0, 0])
        line[0] += rows
        line[1] += persons

    def lines(self) -> list[tuple[str, int, int]]:
        """(group, rows, persons), the most first."""
        return sorted(
            ((group, rows, persons) for group, (rows, persons) in self._by.items()),
            key=lambda line: (-line[1], line[0]),
        )
