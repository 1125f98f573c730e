"""What entries about sweeps and visits change in the database: heads, what came of each row, sums by village, visits.

Sums are kept by village; those of a grid are counted where they are read, since a grid has fifty households, and grids change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.grids.sweep_state import stretch
from hub.grids.visit_shapes import OUTCOMES
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change, insert_sql

Json = dict[str, Any]
#: What is summed of a village, besides how many rows and persons there are.
SUMS: Final = (*OUTCOMES, "seen", "handed", "conflicts")

_FALLEN: Final = "UPDATE sweeps SET fallen_at = :at WHERE id = :sweep"
_CLOSED: Final = "UPDATE sweeps SET closed_at = :at, closed_by = :by, reason = :reason WHERE id = :sweep"
_ENDED: Final = "UPDATE sweeps SET ended_at = :at WHERE id = :sweep"
_FORGOTTEN: Final = "UPDATE sweeps SET forgotten_at = :at WHERE id = :sweep"
_SUM: Final = (
    "UPDATE sweep_villages SET "  # noqa: S608
    + ", ".join(f"{name} = {name} + :{name}" for name in SUMS)
    + " WHERE sweep = :sweep AND center = :center"
)
_STANDS: Final = (
    insert_sql(tables.sweep_standings)
    + " ON CONFLICT (sweep, number) DO UPDATE SET outcome = excluded.outcome, seen = excluded.seen, tries = excluded.tries,"
    " handed = excluded.handed, conflicts = sweep_standings.conflicts, seq = excluded.seq, at = excluded.at,"
    " account = excluded.account"
)
_CORRECTED: Final = (
    "UPDATE sweep_standings SET outcome = :outcome, seen = :seen, tries = :tries, handed = :handed, seq = :seq"
    " WHERE sweep = :sweep AND number = :number"
)
_SETTLED: Final = (
    "UPDATE sweep_standings SET outcome = :outcome, seen = :seen, tries = :tries, handed = :handed, seq = :seq,"
    " account = :account, conflicts = 0 WHERE sweep = :sweep AND number = :number"
)
_AT_DOOR: Final = (
    insert_sql(tables.household_visits)
    + " ON CONFLICT (household) DO UPDATE SET outcome = excluded.outcome, seen = excluded.seen, seq = excluded.seq,"
    " holds = excluded.holds, at = excluded.at, written_at = excluded.written_at, account = excluded.account"
)
_DOOR_CONTENDED: Final = "UPDATE household_visits SET conflicts = conflicts + 1 WHERE household = :household"
_DOOR_CORRECTED: Final = (
    "UPDATE household_visits SET outcome = :outcome, seen = :seen, seq = :seq, written_at = :at"
    " WHERE household = :household"
)
_DOOR_SETTLED: Final = (
    "UPDATE household_visits SET outcome = :outcome, seen = :seen, account = :account, holds = :holds, seq = :seq,"
    " written_at = :at, conflicts = 0, settled = :seq WHERE household = :household"
)
_CONTENDED: Final = (
    "UPDATE sweep_standings SET conflicts = conflicts + 1 WHERE sweep = :sweep AND number = :number"
)
_DAY: Final = (
    insert_sql(tables.visit_days)
    + " ON CONFLICT (center, day) DO UPDATE SET "
    + ", ".join(
        f"{name} = visit_days.{name} + excluded.{name}"
        for name in ("visits", *OUTCOMES, "offline", "seconds")
    )
)
#: A restart needs none of what a fold, or the end of a sweep, says in short.
_FOLDED: Final = "DELETE FROM subjects WHERE subject = :subject"
_NO_STRETCHES: Final = "DELETE FROM subjects WHERE subject >= :begins AND subject < :ends AND seq < :seq"
#: Which household a row is; the last visit there is kept beside it.
_OF_ROW: Final = "(SELECT household FROM sweep_rows WHERE sweep = :sweep AND number = :row)"
_LAST: Final = (
    " ON CONFLICT (household) DO UPDATE SET center = excluded.center, seq = excluded.seq, at = excluded.at,"
    " outcome = excluded.outcome, flags = excluded.flags WHERE excluded.at >= last_visits.at"
)
_VISITED: Final = insert_sql(tables.last_visits) + _LAST
_VISITED_ROW: Final = (
    "INSERT INTO last_visits (household, center, seq, at, outcome, flags)"  # noqa: S608
    " SELECT household, :center, :seq, :at, :outcome, :flags FROM sweep_rows WHERE sweep = :sweep AND number = :row"
    + _LAST
)
#: Only where the last visit is one of this row; outside of sweeps, one of this household.
_OF_THIS: Final = (
    f" WHERE household = {_OF_ROW} AND seq IN (SELECT seq FROM visits WHERE sweep = :sweep AND number = :row)"  # noqa: S608
)
_OUTSIDE: Final = (
    " WHERE household = :household"
    " AND seq IN (SELECT seq FROM visits WHERE household = :household AND sweep IS NULL)"
)
_PUT_RIGHT: Final = "UPDATE last_visits SET outcome = :outcome, flags = coalesce(:flags, flags)"
_HOLDS: Final = (
    "UPDATE last_visits SET outcome = :outcome, seq = :holds, at = (SELECT at FROM visits WHERE seq = :holds),"
    " flags = (SELECT flags FROM visits WHERE seq = :holds)"
)
_IF_VISIT: Final = " AND EXISTS (SELECT 1 FROM visits WHERE seq = :holds)"
_MOVE_ROW: Final = "UPDATE sweep_rows SET grid = :grid WHERE sweep = :sweep AND number = :number"
#: What is gone for good with the answers of a sweep: the key first.
_GONE: Final = (
    "DELETE FROM answer_keys WHERE about = :sweep",
    "UPDATE last_visits SET flags = '' WHERE seq IN (SELECT seq FROM visit_words WHERE about = :sweep)",
    "DELETE FROM visit_words WHERE about = :sweep",
    "DELETE FROM sweep_rows WHERE sweep = :sweep",
)
#: The same of a month: the key first.
_MONTH_GONE: Final = (
    "DELETE FROM answer_keys WHERE about = :about",
    "UPDATE last_visits SET flags = '' WHERE seq IN (SELECT seq FROM visit_words WHERE about = :about)",
    "DELETE FROM visit_words WHERE about = :about",
    "DELETE FROM errand_words WHERE about = :about",
)


def _opened(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.sweeps,
        {
            "id": data["sweep"],
            "seq": entry.seq,
            "title": data["title"],
            "sort": data["sort"],
            "center": data["by"]["center"],
            "made_by": json_text(data["by"]),
            "note": data["note"],
            "due": data["due"],
            "days": data["days"],
            "form": json_text(data["form"]),
            "opened_at": to_wire(entry.at),
            "fallen_at": None,
            "closed_at": None,
            "closed_by": None,
            "reason": "",
            "ended_at": None,
            "forgotten_at": None,
        },
    )
    before = 0
    for center, grids in sorted(data["rows"].items()):
        rows = sum(counts[0] for counts in grids.values())
        yield (
            tables.sweep_villages,
            {
                "sweep": data["sweep"],
                "center": center,
                "first": before + 1,
                "rows": rows,
                "persons": sum(counts[1] for counts in grids.values()),
                **dict.fromkeys(SUMS, 0),
            },
        )
        before += rows


def _head(statement: str) -> Callable[[Entry], Iterator[Change]]:
    def project(entry: Entry) -> Iterator[Change]:
        yield statement, {"at": to_wire(entry.at), "sweep": entry.data["sweep"]}

    return project


def _closed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    by = json_text(data["by"])
    yield _CLOSED, {"at": to_wire(entry.at), "by": by, "reason": data["reason"], "sweep": data["sweep"]}


def _ended(entry: Entry) -> Iterator[Change]:
    sweep = entry.data["sweep"]
    yield _ENDED, {"at": to_wire(entry.at), "sweep": sweep}
    yield _NO_STRETCHES, {"begins": f"{sweep}/", "ends": f"{sweep}0", "seq": entry.seq}


def _folded(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _FOLDED, {"subject": stretch(data["sweep"], data["center"], data["part"] - 1)}


def _recorded(entry: Entry) -> Iterator[Change]:
    data, at = entry.data, entry.data["occurred_at"]
    yield (
        tables.visits,
        {
            "seq": entry.seq,
            "id": data["visit"],
            "sweep": data["sweep"],
            "number": data["row"],
            "household": data["household"],
            "center": data["center"],
            "grid": data["grid"],
            "outcome": data["outcome"],
            "seen": data["seen"],
            "at": at,
            "recorded_at": to_wire(entry.at),
            "account": entry.actor.account,
            "offline": data["offline"],
            "late": data["late"],
            "conflict": data["conflict"],
            "seconds": data["seconds"],
            "flags": " ".join(data["flags"]),
            "photos": json_text(data["photos"]) if data["photos"] else "",
            "found": None if data["found"] is None else json_text(data["found"]),
        },
    )
    zero: Json = dict.fromkeys(OUTCOMES, 0)
    yield (
        _DAY,
        {
            "center": data["center"],
            "day": data.get("day") or at[:10],
            "visits": 1,
            **zero,
            data["outcome"]: 1,
            "offline": int(data["offline"]),
            "seconds": data["seconds"],
        },
    )
    if data["sweep"] is None:
        if data["conflict"]:
            yield _DOOR_CONTENDED, {"household": data["household"]}
            return
        yield (
            _AT_DOOR,
            {
                "household": data["household"],
                "outcome": data["outcome"],
                "seen": data["seen"],
                "seq": entry.seq,
                "holds": entry.seq,
                "at": at,
                "written_at": to_wire(entry.at),
                "account": entry.actor.account,
                "conflicts": 0,
                "settled": 0,
            },
        )
        return
    if data["conflict"]:
        yield _CONTENDED, {"sweep": data["sweep"], "number": data["row"]}
        yield _SUM, {**dict.fromkeys(SUMS, 0), **_where(data), "conflicts": 1}
        return
    yield (
        _STANDS,
        {
            "sweep": data["sweep"],
            "number": data["row"],
            "outcome": data["outcome"],
            "seen": data["seen"],
            "tries": data["tries"],
            "handed": data["handed"],
            "conflicts": 0,
            "seq": entry.seq,
            "at": at,
            "account": entry.actor.account,
        },
    )
    yield _SUM, _changed(data)


def _where(data: Any) -> Json:
    return {"sweep": data["sweep"], "center": data["center"]}


def _changed(data: Any) -> Json:
    """What an entry about a row changes of its village's sums."""
    sums = {**dict.fromkeys(SUMS, 0), **_where(data)}
    if data["was"] is not None:
        sums[data["was"]] -= 1
    sums[data["outcome"]] += 1
    sums["seen"] = data["seen"] - data["was_seen"]
    sums["handed"] = int(data["handed"]) - int(data["was_handed"])
    return sums


def _stands_now(entry: Entry) -> Json:
    data = entry.data
    kept = {name: data[name] for name in ("sweep", "outcome", "seen", "tries", "handed")}
    return {**kept, "number": data["row"], "seq": entry.seq}


def _at_door(entry: Entry) -> Json:
    data = entry.data
    kept = {name: data[name] for name in ("household", "outcome", "seen")}
    return {**kept, "seq": entry.seq, "at": to_wire(entry.at)}


def _corrected(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.visit_corrections,
        {
            "seq": entry.seq,
            "corrects": data["corrects"],
            "sweep": data["sweep"],
            "number": data["row"],
            "household": data.get("household"),
            "outcome": data["outcome"],
            "seen": data["seen"],
            "at": to_wire(entry.at),
            "account": entry.actor.account,
            "offline": data.get("offline", False),
            "reason": data["reason"],
        },
    )
    if data["sweep"] is None:
        yield _DOOR_CORRECTED, _at_door(entry)
        return
    yield _CORRECTED, _stands_now(entry)
    yield _SUM, _changed(entry.data)


def _settled(entry: Entry) -> Iterator[Change]:
    data = entry.data
    if data["sweep"] is None:
        yield _DOOR_SETTLED, {**_at_door(entry), "account": data["account"], "holds": data["holds"]}
        return
    yield _SETTLED, {**_stands_now(entry), "account": data["account"]}
    yield _SUM, {**_changed(data), "conflicts": -data["settles"]}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "sweep.opened": _opened,
    "sweep.folded": _folded,
    "sweep.fell_due": _head(_FALLEN),
    "sweep.closed": _closed,
    "sweep.ended": _ended,
    "sweep.forgotten": _head(_FORGOTTEN),
    "visit.recorded": _recorded,
    "visit.corrected": _corrected,
    "visit.settled": _settled,
}


def sweep_effects(entry: Entry) -> Iterator[Change]:
    """What an entry does when it is written, and never again: rows go to another grid, answers are gone. No projection."""
    data = entry.data
    if entry.kind == "sweep.moved":
        for grid, numbers in data["moves"].items():
            for number in numbers:
                yield _MOVE_ROW, {"grid": grid, "sweep": data["sweep"], "number": number}
    if entry.kind == "sweep.forgotten":
        for statement in _GONE:
            yield statement, {"sweep": data["sweep"]}
    if entry.kind == "answers.forgotten":
        for statement in _MONTH_GONE:
            yield statement, {"about": data["about"]}
    if entry.kind in ("visit.recorded", "visit.corrected", "visit.settled"):
        yield from last_visit(entry)


def last_visit(entry: Entry) -> Iterator[Change]:
    """What is known of the last visit at the household; one that did not know of another's counts once that is settled."""
    data = entry.data
    outside = data["sweep"] is None
    where: Json = (
        {"household": data.get("household")} if outside else {"sweep": data["sweep"], "row": data["row"]}
    )
    if entry.kind == "visit.corrected":
        flags = " ".join(data["flags"]) if data.get("asked") else None
        yield (
            _PUT_RIGHT + (_OUTSIDE if outside else _OF_THIS),
            {**where, "outcome": data["outcome"], "flags": flags},
        )
    elif entry.kind == "visit.settled":
        holds = {**where, "outcome": data["outcome"], "holds": data["holds"]}
        yield _HOLDS + (_OUTSIDE if outside else _OF_THIS) + _IF_VISIT, holds
    elif not data["conflict"]:
        told = {
            "center": data["center"],
            "seq": entry.seq,
            "at": data["occurred_at"],
            "outcome": data["outcome"],
            "flags": " ".join(data["flags"]),
        }
        yield _VISITED if outside else _VISITED_ROW, {**told, **where}
