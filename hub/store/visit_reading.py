"""What is read of single visits: those that an account made today, corrections, and how far those go who walk some grids."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from hub.grids.visit_shapes import REACHED
from hub.store import tables
from hub.store.camera_rows import in_codes, in_listed

Json = dict[str, Any]
#: Of one account and day; who has more of them sees the newest.
_MOST: Final = 300


def visits_by(connection: sa.Connection, account: str, since: str) -> list[Json]:
    """Visits that an account has told of since then, newest first, with the households of rows; `found` is left out."""
    return [
        {
            "seq": row.seq,
            "sweep": row.sweep,
            "row": row.number,
            "household": row.household or row.of_row,
            "outcome": row.outcome,
            "seen": row.seen,
            "at": row.at,
            "offline": bool(row.offline),
            "conflict": bool(row.conflict),
            "photos": json.loads(row.photos) if row.photos else [],
        }
        for row in connection.execute(_by(), {"account": account, "since": since})
        if row.household or row.of_row
    ]


@cache
def _by() -> sa.Select[Any]:
    visits, rows = tables.visits.c, tables.sweep_rows.c
    joined = tables.visits.outerjoin(
        tables.sweep_rows, sa.and_(rows.sweep == visits.sweep, rows.number == visits.number)
    )
    mine = visits.account == sa.bindparam("account", type_=sa.Text)
    return (
        sa.select(tables.visits, rows.household.label("of_row"))
        .select_from(joined)
        .where(mine, visits.recorded_at >= sa.bindparam("since", type_=sa.Text))
        .order_by(visits.seq.desc())
        .limit(_MOST)
    )


def corrections_of(connection: sa.Connection, seqs: Collection[int]) -> dict[int, list[Json]]:
    """Entry of a visit -> what was put right of it, the oldest first: each names the one before it."""
    found: defaultdict[int, list[Json]] = defaultdict(list)
    root = {seq: seq for seq in seqs}
    wanted = set(seqs)
    while wanted:
        rows = connection.execute(_fixes(connection.dialect.name), {"seqs": json.dumps(sorted(wanted))}).all()
        wanted = set()
        for row in rows:
            if row.seq in root:
                continue
            root[row.seq] = root[row.corrects]
            wanted.add(row.seq)
            found[root[row.corrects]].append(
                {
                    **{name: getattr(row, name) for name in ("seq", "outcome", "seen", "at", "reason")},
                    "offline": bool(row.offline),
                    "by": row.name or "",
                }
            )
    return found


@cache
def _fixes(dialect: str) -> sa.Select[Any]:
    fixes, accounts = tables.visit_corrections, tables.accounts.c
    these = in_listed(fixes.c.corrects, sa.bindparam("seqs", type_=sa.Text), dialect)
    joined = fixes.outerjoin(tables.accounts, accounts.id == fixes.c.account)
    return sa.select(fixes, accounts.name).select_from(joined).where(these).order_by(fixes.c.seq)


def walked(
    connection: sa.Connection, accounts: Collection[str], grids: Collection[str], since: str
) -> list[Json]:
    """``{grid, account, visits, reached, last}`` of each of these who has told of visits in these grids since then."""
    visits = tables.visits.c
    reached = sa.func.sum(sa.case((visits.outcome.in_(sorted(REACHED)), 1), else_=0))
    count, last = sa.func.count(), sa.func.max(visits.at)
    query = (
        sa.select(
            visits.grid, visits.account, count.label("visits"), reached.label("reached"), last.label("last")
        )
        .where(
            in_codes(visits.account, accounts, connection.dialect.name),
            visits.recorded_at >= since,
            visits.grid.in_(sorted(grids)),
        )
        .group_by(visits.grid, visits.account)
    )
    return [
        {
            "grid": row.grid,
            "account": row.account,
            "visits": int(row.visits),
            "reached": int(row.reached),
            "last": row.last,
        }
        for row in connection.execute(query)
    ]


def seen_since(connection: sa.Connection, accounts: Collection[str], since: str) -> list[str]:
    """Those of these grid members of whose phones something was heard since then."""
    tokens = tables.tokens.c
    theirs = in_codes(tokens.account, accounts, connection.dialect.name)
    query = sa.select(tokens.account).where(theirs, tokens.device.is_not(None), tokens.seen_at >= since)
    return list(connection.execute(query.distinct()).scalars())
