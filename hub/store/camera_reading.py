"""Pages of cameras, numbers of them by center, and the tags they have. Rights are conditions on rows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import sqlalchemy as sa

from hub.cameras.catalog import Camera
from hub.cameras.wanted import CameraFilter, cursor_of
from hub.directory.finding import words_of
from hub.store import tables
from hub.store.camera_rows import cameras_of, visible
from hub.store.sight import Condition, Sight, among

Json = dict[str, Any]
_cameras = tables.cameras.c
#: Words of a search that are looked at.
_MOST_WORDS: Final = 6


def page(
    connection: sa.Connection, sight: Sight, wanted: CameraFilter, limit: int
) -> tuple[list[Camera], str | None]:
    """See `CameraStore.page`; by center, then in the order in which they came."""
    query = (
        sa.select(tables.cameras)
        .where(*_conditions(sight, wanted))
        .order_by(_cameras.center, _cameras.row)
        .limit(limit + 1)
    )
    after = cursor_of(wanted.cursor) if wanted.cursor else None
    if after is not None:
        query = query.where(
            _cameras.center >= after[0],
            sa.or_(_cameras.center > after[0], _cameras.row > after[1]),
        )
    rows = connection.execute(query).all()
    shown = rows[:limit]
    more = f"{shown[-1].center}.{shown[-1].row}" if len(rows) > limit else None
    return cameras_of(connection, shown), more


def counts(connection: sa.Connection, sight: Sight, center: str | None) -> dict[str, dict[str, int]]:
    """See `CameraStore.counts`."""
    conditions = [sight.cameras(), _cameras.shown, visible()]
    if center is not None:
        conditions.append(sight.below(_cameras.center, center))
    query = (
        sa.select(_cameras.center, _cameras.state, sa.func.count().label("number"))
        .where(*conditions)
        .group_by(_cameras.center, _cameras.state)
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(query):
        found[row.center][row.state] = row.number
    return dict(found)


def tags(connection: sa.Connection, sight: Sight, limit: int) -> list[Json]:
    """See `CameraStore.tags`."""
    table = tables.camera_tags
    number = sa.func.count().label("number")
    query = (
        sa.select(table.c.tag, number)
        .join(tables.cameras, _cameras.row == table.c.row)
        .where(sight.cameras(), visible())
        .group_by(table.c.tag)
        .order_by(number.desc(), table.c.tag)
        .limit(limit)
    )
    return [{"tag": row.tag, "cameras": row.number} for row in connection.execute(query)]


def _conditions(sight: Sight, wanted: CameraFilter) -> list[Condition]:
    conditions = [sight.cameras("camera.watch" if wanted.watch else "camera.read"), visible()]
    if wanted.center is not None:
        conditions.append(
            sight.below(_cameras.center, wanted.center) if wanted.below else _cameras.center == wanted.center
        )
    if wanted.shared:
        conditions.append(sa.not_(sight.own_cameras()))
    conditions += [
        _cameras.row.in_(sa.select(tables.camera_tags.c.row).where(tables.camera_tags.c.tag == tag))
        for tag in sorted(wanted.tags)
    ]
    if wanted.kinds:
        conditions.append(_cameras.kind.in_(sorted(wanted.kinds)))
    if wanted.states:
        conditions.append(_cameras.state.in_(sorted(wanted.states)))
    if wanted.important:
        conditions.append(_cameras.important)
    conditions += [_with_word(sight, word) for word in words_of(wanted.text or "")[:_MOST_WORDS]]
    return conditions


def _with_word(sight: Sight, word: str) -> Condition:
    """Whether the camera, or a center on the path of its own, is meant by a word."""
    said = tables.cameras_index.matches(sight.dialect, word)
    # A single letter would mean nearly every center.
    tops = sight.tree.search(word, None, len(sight.tree)) if len(word) > 1 else []
    codes = {each.code for top in tops for each in sight.tree.subtree(top.code)}
    return sa.or_(said, among(_cameras.center, sorted(codes), sight.dialect)) if codes else said
