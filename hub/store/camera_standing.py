"""How the cameras of the directory stand as a whole: how many are in which state, and which that matter give no picture."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from hub.cameras.catalog import AWAY, Camera
from hub.clock import to_wire
from hub.store import tables
from hub.store.camera_rows import cameras_of, visible

_cameras = tables.cameras.c


def states(connection: sa.Connection) -> dict[str, int]:
    """State -> how many cameras in use."""
    query = (
        sa.select(_cameras.state, sa.func.count())
        .where(_cameras.shown, *visible(connection))
        .group_by(_cameras.state)
    )
    return {state: int(number) for state, number in connection.execute(query)}


def important_away(connection: sa.Connection, limit: int) -> list[Camera]:
    """Important cameras in use that give no picture."""
    query = sa.select(tables.cameras).where(
        _cameras.important, _cameras.shown, _cameras.state.in_(AWAY), *visible(connection)
    )
    return cameras_of(connection, connection.execute(query.order_by(_cameras.row).limit(limit)).all())


def important_due(connection: sa.Connection, before: datetime, but: set[str], limit: int) -> list[Camera]:
    """Important cameras in use that were not looked at since then, the longest ago first."""
    query = (
        sa.select(tables.cameras)
        .where(
            _cameras.important,
            _cameras.checked_at < to_wire(before),
            _cameras.shown,
            *visible(connection),
        )
        .order_by(_cameras.checked_at, _cameras.row)
        .limit(limit + len(but))
    )
    rows = [row for row in connection.execute(query) if row.id not in but]
    return cameras_of(connection, rows[:limit])
