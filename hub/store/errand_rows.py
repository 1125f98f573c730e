"""What entries about errands change in the database, and what is read of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.camera_rows import in_codes, in_listed, listed
from hub.store.sight import Everything, Sight, among

Json = dict[str, Any]
_TAKEN: Final = "UPDATE errands SET state = 'taken', taker = :taker, taken_at = :at WHERE id = :errand"
_DONE: Final = (
    "UPDATE errands SET state = 'done', taker = COALESCE(taker, :taker), over_at = :at, photos = :photos, cents = :cents,"
    " late = :late WHERE id = :errand"
)
_DROPPED: Final = "UPDATE errands SET state = 'dropped', over_at = :at, reason = :reason WHERE id = :errand"
_RATED: Final = "UPDATE errands SET stars = :stars WHERE id = :errand"
_MOVED: Final = "UPDATE errands SET grid = :grid WHERE id = :errand"


def _asked(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.errands,
        {
            "id": data["errand"],
            "seq": entry.seq,
            **{name: data[name] for name in ("center", "grid", "household", "kind", "due")},
            "state": "asked",
            "asked_at": to_wire(entry.at),
            "asked_by": json_text(data["by"]),
            "taker": None,
            "taken_at": None,
            "over_at": None,
            "photos": "",
            "cents": None,
            "late": False,
            "stars": None,
            "reason": "",
        },
    )


def _taken(entry: Entry) -> Iterator[Change]:
    yield _TAKEN, {"taker": entry.data["taker"], "at": to_wire(entry.at), "errand": entry.data["errand"]}


def _finished(entry: Entry) -> Iterator[Change]:
    data = entry.data
    photos = json_text(data["photos"]) if data["photos"] else ""
    kept = {name: data[name] for name in ("errand", "cents", "late")}
    yield _DONE, {**kept, "taker": entry.actor.account, "at": to_wire(entry.at), "photos": photos}


def _dropped(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _DROPPED, {"at": to_wire(entry.at), "reason": data["reason"], "errand": data["errand"]}


def _rated(entry: Entry) -> Iterator[Change]:
    yield _RATED, {"stars": entry.data["stars"], "errand": entry.data["errand"]}


def _moved(entry: Entry) -> Iterator[Change]:
    for errand, grid in entry.data["grids"].items():
        yield _MOVED, {"grid": grid, "errand": errand}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "errand.asked": _asked,
    "errand.taken": _taken,
    "errand.finished": _finished,
    "errand.dropped": _dropped,
    "errand.rated": _rated,
    "errand.moved": _moved,
}


def errand_page(
    connection: sa.Connection,
    sight: Sight | Everything,
    centers: Collection[str] | None,
    state: str | None,
    before: int | None,
    limit: int,
) -> tuple[list[Json], int | None]:
    """Errands that are seen, newest first, of these villages (None: all), and the `before` of the following page."""
    errands = tables.errands.c
    query = _query().where(sight.errands()).order_by(errands.seq.desc()).limit(limit + 1)
    if centers is not None:
        query = query.where(among(errands.center, sorted(centers), connection.dialect.name))
    if state is not None:
        query = query.where(errands.state == state)
    if before is not None:
        query = query.where(errands.seq < before)
    rows = connection.execute(query).all()
    return [_told(row) for row in rows[:limit]], rows[limit - 1].seq if len(rows) > limit else None


def errands_of(connection: sa.Connection, grids: Collection[str], since: str) -> list[Json]:
    """Errands of these grids that go on, and those that were over since a moment, the oldest first."""
    query = _of_grids(connection.dialect.name)
    return [_told(row) for row in connection.execute(query, {"grids": listed(grids), "since": since})]


@cache
def _of_grids(dialect: str) -> sa.Select[Any]:
    errands = tables.errands.c
    goes_on = sa.or_(errands.over_at.is_(None), errands.over_at >= sa.bindparam("since", type_=sa.Text))
    own = in_listed(errands.grid, sa.bindparam("grids", type_=sa.Text), dialect)
    return _query().where(own, goes_on).order_by(errands.seq)


def words_of(connection: sa.Connection, errands: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """Errand -> by which key what was asked for is sealed, whose household, sealed; without those that nothing is kept of."""
    if not errands:
        return {}
    words = tables.errand_words
    query = sa.select(words).where(in_codes(words.c.errand, errands, connection.dialect.name))
    return {row.errand: (row.about, row.household, row.sealed) for row in connection.execute(query)}


def _query() -> sa.Select[Any]:
    accounts = tables.accounts.c
    joined = tables.errands.outerjoin(tables.accounts, accounts.id == tables.errands.c.taker)
    return sa.select(tables.errands, accounts.name.label("taker_name")).select_from(joined)


def _told(row: Any) -> Json:
    plain = (
        "center",
        "grid",
        "household",
        "kind",
        "state",
        "due",
        "asked_at",
        "taker",
        "taken_at",
        "over_at",
    )
    return {
        "errand": row.id,
        **{name: getattr(row, name) for name in plain},
        "by": json.loads(row.asked_by),
        "taker_name": row.taker_name or "",
        "photos": json.loads(row.photos) if row.photos else [],
        "cents": row.cents,
        "late": bool(row.late),
        "stars": row.stars,
        "reason": row.reason,
    }
