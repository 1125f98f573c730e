"""A list for the registry, as its child process works on it: whose its rows are, and what households they make.

A row is a person, or a house in which nobody lives. Nothing is guessed: where its grid is not plain, or a cell is none of what
its column says, the row is shown and left out or mended. What is personal is quoted nowhere, and leaves this process sealed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, Final

from hub.directory.list_rows import QUOTED
from hub.directory.matching import Matcher, plain
from hub.errors import Refusal
from hub.grids.import_columns import PERSONAL, guesses, kind_of, relation_of, residence_of, sex_of
from hub.grids.registry import MAX_LABEL, MAX_NAME, MAX_NOTE, MAX_PERSONS, Household, Person, counted
from hub.grids.registry_forms import masked_name
from hub.grids.registry_sealing import RegistryKey
from hub.grids.registry_writing import blank, person_of
from hub.ids import new_id
from hub.sheets.child import letter
from hub.sheets.hits import LEFT_OUT, SAMPLES, SHOWN_ROWS, SHOWN_UNSURE, SHOWN_WRONG, Hits

#: Households that are handed over at a time, and rows of a preview.
PIECE: Final = 200
SHOWN: Final = 8
#: Longest text that says where a row is.
LONGEST: Final = 300
_GRID: Final = re.compile(r"[0-9]{15}")
_STEP: Final = 10_000
_ONCE: Final = (
    "relation",
    "name",
    "number",
    "phone",
    "birth",
    "sex",
    "residence",
    "kind",
    "note",
    "household",
)

Json = dict[str, Any]


class WrongCell(Exception):
    """(role of the column, why)"""


@dataclass(slots=True)
class Row:
    """A row that is somebody, or a house in which nobody lives."""

    number: int
    grid: str
    building: str
    house: str
    group: str
    kind: str
    person: Person | None = field(repr=False)


@dataclass(slots=True)
class Listed:
    """What came of all rows."""

    good: list[Row] = field(default_factory=list)
    wrong: list[list[Any]] = field(default_factory=list)
    #: Text -> numbers of its rows: it means no grid, or several.
    unsure: dict[str, list[int]] = field(default_factory=dict)
    left_out: int = 0

    def households(self) -> dict[tuple[str, str, str, str], list[Row]]:
        """Rows of one household together: of one place, and of one number where there are some."""
        found: defaultdict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
        for row in self.good:
            found[(row.grid, row.building, row.house, row.group)].append(row)
        return dict(found)


class Asked:
    """What the columns are, what is known, and what was decided."""

    def __init__(self, told: Json) -> None:
        self.roles: Sequence[str] = told["roles"]
        self.mends: Mapping[str, str] = told["mends"]
        self.grid: str | None = told["grid"]
        self.today = date.fromisoformat(told["today"])
        #: Code, name, village of each grid that may be found.
        self.grids: list[tuple[str, str, str]] = [tuple(each) for each in told["grids"]]
        self.names = {code: name for code, name, _ in self.grids}
        known = [(code, name, parent) for code, name, parent in told["centers"]]
        self._grid_matcher = Matcher([*known, *self.grids], [code for code, *_ in self.grids])
        self.of_village: defaultdict[str, list[str]] = defaultdict(list)
        for code, _, village in self.grids:
            self.of_village[village].append(code)
        self._village_matcher = Matcher(known, self.of_village)
        #: Village -> name of a building -> grids in which one of that name stands.
        self.buildings: dict[str, dict[str, set[str]]] = {}
        for grid, name in told["buildings"]:
            self.buildings.setdefault(grid[:12], {}).setdefault(plain(name), set()).add(grid)

    def grids_of(self, text: str, building: str) -> list[str]:
        """The grids that a row may mean, by code or names of its grid, or by its village and its building."""
        written = unicodedata.normalize("NFKC", text).strip()
        if _GRID.fullmatch(written):
            return [written] if written in self.names else []
        if found := self._grid_matcher.find(text):
            return found
        grids: list[str] = []
        for village in self._village_matcher.find(text):
            there = self.of_village[village]
            by_building = self.buildings.get(village, {}).get(plain(building), set()) if building else set()
            grids += there if len(there) == 1 else sorted(by_building) or there
        return grids

    def suggested(self, text: str) -> list[str]:
        """Grids for a person to choose from."""
        return self._grid_matcher.suggest(text) or [
            grid for village in self._village_matcher.suggest(text) for grid in self.of_village[village]
        ]


def look(hits: Hits) -> Json:
    """What a person decides by: each column with what it may be and how it begins, covered where it is personal."""
    roles = guesses(hits.names)
    columns = [
        {
            "name": name,
            "guess": role,
            "samples": [
                masked_name(cells[at].strip())
                if role in PERSONAL or role == "out"
                else cells[at].strip()[:QUOTED]
                for _, cells in hits.rows[:SAMPLES]
            ],
        }
        for at, (name, role) in enumerate(zip(hits.names, roles, strict=True))
    ]
    wrong = [[*each[:3], ""] for each in hits.wrong]
    return {
        "encoding": hits.encoding,
        "rows": len(hits.rows),
        "columns": columns,
        "wrong": wrong[:SHOWN_WRONG],
        "wrong_rows": len(wrong),
    }


def listed(hits: Hits, asked: Asked) -> Listed:
    """Each row as somebody, or why it is nobody."""
    made = Listed(wrong=[[*each[:3], ""] for each in hits.wrong])
    places = {role: [at for at, each in enumerate(asked.roles) if each == role] for role in set(asked.roles)}
    grids: dict[tuple[str, str], str | None] = {}
    seen: set[str] = set()
    for number, cells in hits.rows:
        text = _joined(cells, places.get("grid", ()), " ")
        building = _joined(cells, places.get("building", ()), "")
        if (text, building) not in grids:
            grids[(text, building)] = _grid(text, building, asked)
        grid = grids[(text, building)]
        if grid is None:
            made.unsure.setdefault(_shown(text, building), []).append(number)
            continue
        if grid == LEFT_OUT:
            made.left_out += 1
            continue
        try:
            row = _row(
                number,
                grid,
                building,
                _joined(cells, places.get("house", ()), ""),
                _cells(cells, places),
                asked,
            )
            if row.person is not None and row.person.number:
                if row.person.number in seen:
                    raise WrongCell("number", "twice")
                seen.add(row.person.number)
        except WrongCell as problem:
            role, why = problem.args
            at = places.get(role, [None])[0]
            quoted = "" if at is None or role in PERSONAL else cells[at].strip()[:QUOTED]
            made.wrong.append([number, "" if at is None else letter(at), why, quoted])
        else:
            made.good.append(row)
    made.wrong.sort(key=lambda each: int(each[0]))
    return made


def _joined(cells: Sequence[str], places: Sequence[int], between: str) -> str:
    return between.join(said for at in places if (said := cells[at].strip()))


def _cells(cells: Sequence[str], places: Mapping[str, Sequence[int]]) -> dict[str, str]:
    return {role: cells[places[role][0]].strip() if role in places else "" for role in _ONCE}


def _shown(text: str, building: str) -> str:
    return f"{text} {building}".strip()[:LONGEST]


def _grid(text: str, building: str, asked: Asked) -> str | None:
    if (shown := _shown(text, building)) in asked.mends:
        return asked.mends[shown]
    if not text:
        return asked.grid
    found = asked.grids_of(text, building)
    return found[0] if len(found) == 1 else None


def _row(number: int, grid: str, building: str, house: str, one: Mapping[str, str], asked: Asked) -> Row:
    """Raises WrongCell."""
    if not 1 <= len(building) <= MAX_NAME:
        raise WrongCell("building", "building")
    if len(house) > MAX_LABEL:
        raise WrongCell("house", "too_long")
    words = {
        "relation": relation_of(one["relation"]),
        "residence": residence_of(one["residence"]),
        "kind": kind_of(one["kind"]),
        "sex": sex_of(one["sex"]),
    }
    if wrong := [role for role, word in words.items() if word is None]:
        raise WrongCell(wrong[0], wrong[0])
    person = None
    if one["name"]:
        if len(one["note"]) > MAX_NOTE:
            raise WrongCell("note", "too_long")
        written = SimpleNamespace(
            **{role: one[role] for role in ("name", "number", "phone", "birth", "note")},
            **{role: words[role] for role in ("relation", "residence", "sex")},
        )
        try:
            person = person_of(written, blank(""), asked.today, "row")
        except Refusal as refusal:
            role = str(refusal.field).removeprefix("row.")
            raise WrongCell(role, role) from None
    elif one["number"] or one["phone"]:
        raise WrongCell("name", "name")
    return Row(number, grid, building, house, one["household"], str(words["kind"]), person)


def summary(made: Listed, hits: Hits, asked: Asked) -> Json:
    """What a person decides by."""
    households = made.households()
    unsure = sorted(made.unsure.items(), key=lambda each: (-len(each[1]), each[0]))
    return {
        "rows": len(hits.rows) + len(hits.wrong),
        "persons": sum(row.person is not None for row in made.good),
        "households": sum(any(row.person for row in rows) for rows in households.values()),
        "counts": dict(sorted(Counter(row.grid for row in made.good).items())),
        "left_out": made.left_out,
        "unsure": [
            {
                "text": text[:LONGEST],
                "rows": len(rows),
                "first": rows[:SHOWN_ROWS],
                "why": "several" if (several := asked.grids_of(text, "")) else "unknown" if text else "none",
                "grids": (several or asked.suggested(text))[:12],
            }
            for text, rows in unsure[:SHOWN_UNSURE]
        ],
        "unsure_texts": len(unsure),
        "unsure_rows": sum(map(len, made.unsure.values())),
        "wrong": made.wrong[:SHOWN_WRONG],
        "wrong_rows": len(made.wrong),
        "first": [
            {
                "row": row.number,
                "grid": row.grid,
                "building": row.building,
                "name": masked_name(row.person.name) if row.person else "",
                "relation": row.person.relation if row.person else None,
                "residence": row.person.residence if row.person else None,
            }
            for row in made.good[:SHOWN]
        ],
    }


def marked(made: Listed, key: RegistryKey) -> Iterator[list[Any]]:
    """(row, mark of its number), so that those whom the registry has already are found."""
    for row in made.good:
        if row.person is not None and row.person.number:
            yield [row.number, key.number_mark(row.person.number)]


def finished(made: Listed, told: Json, key: RegistryKey) -> Iterator[Json]:
    """Buildings, houses and households, sealed: `told` says which buildings and houses are there already."""
    now = datetime.fromisoformat(told["at"])
    buildings: dict[tuple[str, str], tuple[str, int]] = {
        (grid, plain(name)): (id, walk) for grid, name, id, walk in told["known_buildings"]
    }
    houses: dict[tuple[str, str], tuple[str, int]] = {
        (building, label): (id, walk) for building, label, id, walk in told["known_houses"]
    }
    walks = Counter[str]()
    steps = Counter[str]()
    for (grid, _), (_, walk) in buildings.items():
        walks[grid] = max(walks[grid], walk)
    for (building, _), (_, walk) in houses.items():
        steps[building] = max(steps[building], walk)
    for (grid, name, label, _), rows in made.households().items():
        new: Json = {"grid": grid, "building": None, "house": None, "household": None}
        if (at := (grid, plain(name))) not in buildings:
            walks[grid] += 1
            buildings[at] = (new_id("bd", now), walks[grid])
            new["building"] = {"building": buildings[at][0], "grid": grid, "name": name, "walk": walks[grid]}
        building, walk = buildings[at]
        if (place := (building, label)) not in houses:
            steps[building] += 1
            houses[place] = (new_id("ho", now), steps[building])
            plain_label, sealed = key.seal_label(houses[place][0], label)
            new["house"] = {
                "house": houses[place][0],
                "building": building,
                "label": plain_label,
                "sealed": sealed,
                "walk": steps[building],
                "use": "lived" if any(row.person for row in rows) else "empty",
            }
        house, step = houses[place]
        persons = [row.person.model_copy(update={"person": new_id("pe", now)}) for row in rows if row.person]
        if persons:
            household = Household(
                household=new_id("hh", now),
                grid=grid,
                building=building,
                house=house,
                walk=walk * _STEP + step,
                kind=rows[0].kind,  # type: ignore[arg-type]
                persons=_headed(persons[:MAX_PERSONS]),
            )
            sealed_row, commitment = key.seal(household)
            new["household"] = {
                **household.model_dump(exclude={"persons", "note", "state", "seq"}),
                "counts": counted(household),
                "sealed": sealed_row,
                "commitment": commitment,
                "marks": sorted(key.marks_of(household)),
                "numbers": sorted(key.number_mark(each.number) for each in persons if each.number),
            }
        yield new


def _headed(persons: list[Person]) -> list[Person]:
    """The head first; where nobody is called so, the first."""
    persons = sorted(persons, key=lambda each: each.relation != "head")
    if persons[0].relation == "other":
        persons[0] = persons[0].model_copy(update={"relation": "head"})
    return persons
