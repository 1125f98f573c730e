"""What entries about grids change in the database: grids, who works in them, how each stood after each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

# Statements, not new rows: within one group a grid may be split, and its people go on in it.
_PUT: Final = (
    insert_sql(tables.grids)
    + " ON CONFLICT (grid) DO UPDATE SET name = excluded.name, kind = excluded.kind, leader = excluded.leader,"
    " planned = excluded.planned"
)
_NOBODY: Final = "DELETE FROM grid_members WHERE grid = :grid"
_MEMBER: Final = insert_sql(tables.grid_members)
_END: Final = (
    "UPDATE grids SET state = 'ended', ended_at = :at, became = :became, leader = NULL WHERE grid = :grid"
)

Facts = Mapping[str, Any]


def _grid(
    entry: Entry, facts: Facts, *, others: Iterable[str] = (), batch: str | None = None
) -> Iterator[Change]:
    """A grid as it is from now on, and that row of its history."""
    plain = {name: facts[name] for name in ("grid", "name", "kind", "leader", "planned")}
    fixed = {"seq": entry.seq, "village": entry.data["village"], "since": to_wire(entry.at), "batch": batch}
    yield _PUT, {**plain, **fixed, "state": "active", "ended_at": None, "became": "[]"}
    yield _NOBODY, {"grid": facts["grid"]}
    for place, account in enumerate(facts["members"]):
        yield _MEMBER, {"grid": facts["grid"], "account": account, "place": place}
    yield _history(entry, facts, others)


def _history(entry: Entry, facts: Facts, others: Iterable[str]) -> Change:
    by = entry.data["by"]
    return tables.grid_history, {
        "seq": entry.seq,
        "grid": facts["grid"],
        "kind": entry.kind.removeprefix("grid."),
        "at": to_wire(entry.at),
        "name": facts["name"],
        "leader": facts["leader"],
        "members": json_text(facts["members"]),
        "others": json_text(list(others)),
        "by": None if by is None else json_text(by),
        "batch": entry.data.get("batch"),
    }


def _ended(entry: Entry, grid: str, became: list[str], name: str = "") -> Iterator[Change]:
    """A grid is no more. Its name stands in the rows of its history before, where it is not told."""
    yield _END, {"grid": grid, "at": to_wire(entry.at), "became": json_text(became)}
    yield _NOBODY, {"grid": grid}
    yield _history(entry, {"grid": grid, "name": name, "leader": None, "members": []}, became)


def _made(entry: Entry) -> Iterator[Change]:
    for facts in entry.data["grids"]:
        yield from _grid(entry, facts, batch=entry.data["batch"])


def _put_one(entry: Entry) -> Iterator[Change]:
    yield from _grid(entry, entry.data)


def _handed(entry: Entry) -> Iterator[Change]:
    for facts in entry.data["grids"]:
        yield from _grid(entry, facts)


def _split(entry: Entry) -> Iterator[Change]:
    data = entry.data
    codes = [part["grid"] for part in data["into"]]
    if data["grid"] not in codes:
        yield from _ended(entry, data["grid"], codes, data["name"])
    for part in data["into"]:
        others = (
            [code for code in codes if code != part["grid"]]
            if part["grid"] == data["grid"]
            else [data["grid"]]
        )
        yield from _grid(entry, part, others=others)


def _joined(entry: Entry) -> Iterator[Change]:
    data = entry.data
    into = data["into"]["grid"]
    for code in data["grids"]:
        if code != into:
            yield from _ended(entry, code, [into])
    yield from _grid(entry, data["into"], others=[code for code in data["grids"] if code != into])


def _removed(entry: Entry) -> Iterator[Change]:
    for code in entry.data["grids"]:
        yield from _ended(entry, code, [])


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "grid.made": _made,
    "grid.changed": _put_one,
    "grid.assigned": _put_one,
    "grid.handed": _handed,
    "grid.split": _split,
    "grid.joined": _joined,
    "grid.removed": _removed,
}
