"""What entries about lists of people change in the database, and what is read of it: numbers by center, never a person."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.sight import Everything, Sight

Json = dict[str, Any]
#: What is counted of a center's rows.
COUNTS: Final = ("total", "normal", "abnormal", "absent", "moved", "passed")

_ISSUE: Final = "UPDATE clearings SET issued_at = :at, note = :note, due = :due WHERE id = :clearing"
_TAKE: Final = "UPDATE clearing_centers SET taken_at = COALESCE(taken_at, :at) WHERE clearing = :clearing AND center = :center"
_COUNT: Final = (
    "INSERT INTO clearing_centers (clearing, center, total, normal, abnormal, absent, moved, passed, taken_at)"
    " VALUES (:clearing, :center, :total, :normal, :abnormal, :absent, :moved, :passed, NULL)"
    " ON CONFLICT (clearing, center) DO UPDATE SET total = clearing_centers.total + excluded.total,"
    " normal = clearing_centers.normal + excluded.normal, abnormal = clearing_centers.abnormal + excluded.abnormal,"
    " absent = clearing_centers.absent + excluded.absent, moved = clearing_centers.moved + excluded.moved,"
    " passed = clearing_centers.passed + excluded.passed"
)
_RESULT: Final = (
    "INSERT INTO clearing_results (clearing, number, center, outcome, trouble, at, account)"
    " VALUES (:clearing, :number, :center, :outcome, :trouble, :at, :account)"
    " ON CONFLICT (clearing, number) DO UPDATE SET center = excluded.center, outcome = excluded.outcome,"
    " trouble = excluded.trouble, at = excluded.at, account = excluded.account"
)
_DELETE: Final = (
    "UPDATE clearings SET deleted_at = :at, deleted_why = :why, deleted_reason = :reason, deleted_by = :by"
    " WHERE id = :clearing"
)
_NO_RESULTS: Final = "DELETE FROM clearing_results WHERE clearing = :clearing"
#: Who was confirmed to live in that grid stays so.
_BY_HAND: Final = (
    "INSERT INTO clearing_matches (clearing, number, center, way, grid, household, candidates, run)"
    " VALUES (:clearing, :number, :center, 'hand', :grid, NULL, '', '')"
    " ON CONFLICT (clearing, number) DO UPDATE SET center = excluded.center,"
    " way = CASE WHEN clearing_matches.grid = excluded.grid AND clearing_matches.household IS NOT NULL"
    " THEN 'person' ELSE 'hand' END,"
    " household = CASE WHEN clearing_matches.grid = excluded.grid THEN clearing_matches.household ELSE NULL END,"
    " grid = excluded.grid, candidates = ''"
)
_TAKEN_BACK: Final = (
    "INSERT INTO clearing_matches (clearing, number, center, way, grid, household, candidates, run)"
    " VALUES (:clearing, :number, :center, 'back', NULL, NULL, '', '')"
    " ON CONFLICT (clearing, number) DO UPDATE SET center = excluded.center, way = 'back', grid = NULL,"
    " household = NULL, candidates = ''"
)
#: Where it goes it is looked for anew.
_PASSED_ON: Final = "DELETE FROM clearing_matches WHERE clearing = :clearing AND number = :number"
#: What is gone for good with a list: its key first.
_GONE: Final = (
    "DELETE FROM clearing_keys WHERE clearing = :clearing",
    "DELETE FROM clearing_rows WHERE clearing = :clearing",
    "DELETE FROM clearing_words WHERE clearing = :clearing",
    "DELETE FROM clearing_matches WHERE clearing = :clearing",
    "DELETE FROM clearing_searches WHERE clearing = :clearing",
)


# -- made and changed


def _loaded(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.clearings,
        {
            "id": data["clearing"],
            "seq": entry.seq,
            "title": data["title"],
            "center": data["by"]["center"],
            "made_by": json_text(data["by"]),
            "note": "",
            "due": None,
            "left_out": data["left_out"],
            "repeated": data["repeated"],
            "commitment": data["commitment"],
            "loaded_at": to_wire(entry.at),
            "issued_at": None,
            "delete_at": data["delete_at"],
            "deleted_at": None,
            "deleted_why": None,
            "deleted_reason": "",
            "deleted_by": None,
        },
    )
    for center, count in data["counts"].items():
        zero = dict.fromkeys(COUNTS, 0)
        row = {"clearing": data["clearing"], "center": center, **zero, "total": count, "taken_at": None}
        yield tables.clearing_centers, row


def _issued(entry: Entry) -> Iterator[Change]:
    yield (
        _ISSUE,
        {"at": to_wire(entry.at), **{name: entry.data[name] for name in ("clearing", "note", "due")}},
    )


def _taken(entry: Entry) -> Iterator[Change]:
    yield _TAKE, {"at": to_wire(entry.at), **{name: entry.data[name] for name in ("clearing", "center")}}


def _reported(entry: Entry) -> Iterator[Change]:
    data = entry.data
    changes: defaultdict[str, Json] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    at, center = to_wire(entry.at), data["center"]
    for each in data["results"]:
        own, to = changes[center], each["to"]
        if each["was"] is not None:
            own[each["was"]] -= 1
        if to is None:
            own[each["outcome"]] += 1
        else:
            own["total"] -= 1
            own["passed"] += 1
            changes[to]["total"] += 1
        yield (
            _RESULT,
            {
                "clearing": data["clearing"],
                "number": each["row"],
                "center": to or center,
                "outcome": each["outcome"] if to is None else None,
                "trouble": each["trouble"],
                "at": at,
                "account": entry.actor.account,
            },
        )
    for code, counts in changes.items():
        yield _COUNT, {"clearing": data["clearing"], "center": code, **counts}


def _deleted(entry: Entry) -> Iterator[Change]:
    data = entry.data
    by = data.get("by")
    yield (
        _DELETE,
        {
            "at": to_wire(entry.at),
            "why": data["why"],
            "reason": data.get("reason", ""),
            "by": None if by is None else json_text(by),
            "clearing": data["clearing"],
        },
    )
    yield _NO_RESULTS, {"clearing": data["clearing"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "clearing.loaded": _loaded,
    "clearing.issued": _issued,
    "clearing.taken": _taken,
    "clearing.reported": _reported,
    "clearing.deleted": _deleted,
}


def list_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does when it is written, and never again: the rows of a list are gone, with their key; somebody decided
    in which grid a row is. No projection."""
    data = entry.data
    if entry.kind == "clearing.deleted":
        for statement in _GONE:
            yield statement, {"clearing": data["clearing"]}
    if entry.kind == "clearing.assigned" and data["why"] == "by_hand":
        common = {"clearing": data["clearing"], "center": data["center"]}
        for grid, numbers in data["grids"].items():
            for number in numbers:
                yield _BY_HAND, {**common, "number": number, "grid": grid}
        for number in data["back"]:
            yield _TAKEN_BACK, {**common, "number": number}
    if entry.kind == "clearing.reported":
        for each in data["results"]:
            if each["to"] is not None:
                yield _PASSED_ON, {"clearing": data["clearing"], "number": each["row"]}


# -- read


def clearing_page(
    connection: sa.Connection, sight: Sight | Everything, before: str | None, limit: int
) -> Json:
    """``{"clearings": [Clearing…], "next": id | null}``, newest first, with the numbers of the centers that are seen."""
    clearings = tables.clearings.c
    conditions = [sight.clearings()]
    if before is not None:
        place = connection.execute(
            sa.select(clearings.seq).where(clearings.id == before, sight.clearings())
        ).scalar()
        if place is None:
            return {"clearings": [], "next": None}
        conditions.append(clearings.seq < place)
    query = sa.select(tables.clearings).where(*conditions).order_by(clearings.seq.desc()).limit(limit + 1)
    rows = connection.execute(query).all()
    found = _with_counts(connection, sight, rows[:limit])
    return {"clearings": found, "next": rows[limit - 1].id if len(rows) > limit else None}


def read_clearing(connection: sa.Connection, sight: Sight | Everything, clearing: str) -> Json | None:
    """One list; None where nothing of it is seen."""
    query = sa.select(tables.clearings).where(tables.clearings.c.id == clearing, sight.clearings())
    found = _with_counts(connection, sight, connection.execute(query).all())
    return found[0] if found else None


def own_clearings(connection: sa.Connection, center: str) -> list[Json]:
    """The lists that were given out, whose rows are there, and of which this center checks some: with its numbers alone."""
    return [
        {
            **_clearing(row),
            "counts": {name: getattr(row, f"n_{name}") for name in COUNTS},
            "centers": 1,
            "taken": 0 if row.taken_at is None else 1,
        }
        for row in connection.execute(_own(), {"center": center})
    ]


@cache
def _own() -> sa.Select[Any]:
    clearings, counts = tables.clearings, tables.clearing_centers
    return (
        sa.select(clearings, *(counts.c[name].label(f"n_{name}") for name in COUNTS), counts.c.taken_at)
        .join(counts, counts.c.clearing == clearings.c.id)
        .where(counts.c.center == sa.bindparam("center", type_=sa.Text), counts.c.total > 0)
        .where(clearings.c.issued_at.is_not(None), clearings.c.deleted_at.is_(None))
        .order_by(clearings.c.seq.desc())
    )


def board_rows(connection: sa.Connection, sight: Sight | Everything, clearing: str) -> list[Json]:
    """``{center, total, …, taken}`` of each center of a list that is seen."""
    counts = tables.clearing_centers
    query = (
        sa.select(counts)
        .join(tables.clearings, tables.clearings.c.id == counts.c.clearing)
        .where(counts.c.clearing == clearing, sight.clearing_centers())
    )
    return [
        {
            "center": row.center,
            **{name: getattr(row, name) for name in COUNTS},
            "taken": row.taken_at is not None,
        }
        for row in connection.execute(query)
    ]


def _with_counts(connection: sa.Connection, sight: Sight | Everything, rows: Any) -> list[Json]:
    if not rows:
        return []
    counts = tables.clearing_centers
    sums = [sa.func.sum(counts.c[name]).label(name) for name in COUNTS]
    query = (
        sa.select(counts.c.clearing, *sums, sa.func.count(counts.c.taken_at).label("taken"))
        .add_columns(sa.func.count().label("centers"))
        .join(tables.clearings, tables.clearings.c.id == counts.c.clearing)
        .where(counts.c.clearing.in_([row.id for row in rows]), sight.clearing_centers())
        .group_by(counts.c.clearing)
    )
    found = {row.clearing: row for row in connection.execute(query)}
    return [
        {
            **_clearing(row),
            "counts": {name: int(getattr(found[row.id], name)) for name in COUNTS},
            "centers": found[row.id].centers,
            "taken": found[row.id].taken,
        }
        for row in rows
        if row.id in found
    ]


def _clearing(row: Any) -> Json:
    plain = (
        "id",
        "title",
        "center",
        "note",
        "due",
        "left_out",
        "repeated",
        "commitment",
        "loaded_at",
        "issued_at",
    )
    return {
        **{name: getattr(row, name) for name in plain},
        "delete_at": row.delete_at,
        "deleted_at": row.deleted_at,
        "deleted_why": row.deleted_why,
        "deleted_reason": row.deleted_reason,
        "deleted_by": None if row.deleted_by is None else json.loads(row.deleted_by),
        "state": "deleted" if row.deleted_at else "issued" if row.issued_at else "loaded",
        "by": json.loads(row.made_by),
    }
