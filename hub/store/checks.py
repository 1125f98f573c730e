"""Checks before a meeting in the store: the rows that their entries make, and reading them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.store import tables
from hub.store.bulk import Change
from hub.store.sight import Condition

Json = dict[str, Any]
_END: Final = "UPDATE checks SET ended_at = :at, reason = :reason WHERE id = :check_id"


def _started(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.checks,
        {
            "id": data["check"],
            "seq": entry.seq,
            "center": data["by"]["center"],
            "started_by": json_text(data["by"]),
            "centers": json_text(data["centers"]),
            "started_at": to_wire(entry.at),
            "until": data["until"],
            "spread_ms": data["spread_ms"],
            "ended_at": None,
            "reason": None,
        },
    )


def _reported(entry: Entry) -> Iterator[Change]:
    told = {name: value for name, value in entry.data.items() if name not in ("check", "center")}
    yield (
        tables.check_rows,
        {
            "check_id": entry.data["check"],
            "center": entry.data["center"],
            "seq": entry.seq,
            "at": to_wire(entry.at),
            "told": json_text(told),
        },
    )


def _ended(entry: Entry) -> Iterator[Change]:
    yield _END, {"at": to_wire(entry.at), "reason": entry.data["reason"], "check_id": entry.data["check"]}


KINDS: Final = {"check.started": _started, "check.reported": _reported, "check.ended": _ended}


def read_checks(connection: sa.Connection, seen: Condition, before: str | None, limit: int) -> Json:
    """``{"checks": [Check without rows…], "next": id | null}``, newest first. After one that is not seen comes nothing."""
    checks, rows = tables.checks.c, tables.check_rows.c
    begins: list[Condition] = []
    if before is not None:
        last = connection.execute(sa.select(checks.seq).where(checks.id == before, seen)).scalar()
        if last is None:
            return {"checks": [], "next": None}
        begins.append(checks.seq < last)
    reported = (
        sa.select(sa.func.count())
        .where(rows.check_id == checks.id)
        .correlate(tables.checks)
        .scalar_subquery()
        .label("reported")
    )
    query = (
        sa.select(tables.checks, reported).where(seen, *begins).order_by(checks.seq.desc()).limit(limit + 1)
    )
    found = [_head(row) for row in connection.execute(query)]
    return {"checks": found[:limit], "next": found[limit - 1]["id"] if len(found) > limit else None}


def read_check(connection: sa.Connection, seen: Condition, check: str) -> Json | None:
    """One check with the answers of its centers; None when it does not exist for whom this is `seen`."""
    checks, rows = tables.checks.c, tables.check_rows.c
    count = sa.select(sa.func.count()).where(rows.check_id == check).scalar_subquery().label("reported")
    row = connection.execute(sa.select(tables.checks, count).where(checks.id == check, seen)).first()
    if row is None:
        return None
    told = connection.execute(sa.select(tables.check_rows).where(rows.check_id == check).order_by(rows.seq))
    answers = {each.center: {"at": each.at, **json.loads(each.told)} for each in told}
    return {**_head(row), "centers": json.loads(row.centers), "rows": answers}


def _head(row: Any) -> Json:
    return {
        "id": row.id,
        "by": json.loads(row.started_by),
        "started_at": row.started_at,
        "until": row.until,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "called": len(json.loads(row.centers)),
        "reported": row.reported,
    }
