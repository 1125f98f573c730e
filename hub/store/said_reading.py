"""Finding in what was said: with the rights of the recording, that is of its meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from hub.filters import FindFilter
from hub.store import tables
from hub.store.sight import Condition, Sight

_said, _meetings = tables.said.c, tables.meetings.c
#: Larger than any number.
NEWEST: Final = 10**18 - 1
#: A hit: its moment, its number, and whether it was said (else it was written).
Key = tuple[str, int, bool]


def said_keys(connection: sa.Connection, sight: Sight, wanted: FindFilter, most: int) -> list[Key]:
    """The newest lines that are wanted, at most so many."""
    if wanted.sorts and "said" not in wanted.sorts:
        return []
    query = sa.select(_said.from_at, _said.id).where(*_conditions(sight, wanted)).order_by(_said.id.desc())
    return [(row.from_at, row.id, True) for row in connection.execute(query.limit(most))]


def _conditions(sight: Sight, wanted: FindFilter) -> list[Condition]:
    conditions: list[Condition] = [_said.meeting.in_(sa.select(_meetings.id).where(sight.meetings()))]
    if wanted.text:
        conditions.insert(0, tables.said_index.matches(sight.dialect, wanted.text))
    if wanted.before is not None:
        conditions.append(_said.id < wanted.before[1])
    if wanted.since is not None:
        conditions.append(_said.from_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(_said.from_at <= wanted.until)
    if wanted.meeting is not None:
        conditions.append(_said.meeting == wanted.meeting)
    if wanted.center is not None:
        conditions.append(sight.below(_said.center, wanted.center))
    if wanted.state is not None:
        open_ones = sa.select(_meetings.id).where(_meetings.state == "open")
        conditions.append(
            _said.meeting.in_(open_ones) if wanted.state == "open" else _said.meeting.not_in(open_ones)
        )
    return conditions


def said_rows(connection: sa.Connection, ids: Sequence[int]) -> Sequence[Any]:
    """These lines in the shape of rows of `texts`."""
    if not ids:
        return ()
    query = sa.select(
        _said.id.label("seq"),
        _said.meeting,
        sa.literal("said").label("sort"),
        sa.literal("said").label("kind"),
        _said.from_at.label("at"),
        _said.part.label("subject"),
        _said.center,
        _said.who,
        _said.text,
    ).where(_said.id.in_(ids))
    return connection.execute(query).all()
