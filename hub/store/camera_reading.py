"""Pages of cameras, numbers of them by center, and the tags they have. Rights are conditions on rows."""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import Any, Final

import sqlalchemy as sa

from hub.cameras.catalog import Camera
from hub.cameras.wanted import CameraFilter, cursor_of
from hub.directory.finding import words_of
from hub.directory.tree import CenterTree
from hub.store import tables
from hub.store.camera_rows import cameras_of, in_codes, visible
from hub.store.sight import Condition, Sight, centers_for

Json = dict[str, Any]
_cameras = tables.cameras.c
#: Words of a search that are looked at.
_MOST_WORDS: Final = 6
#: Cameras of others that one center sees by sharing.
_MOST_SHARED: Final = 5_000


def page(
    connection: sa.Connection, sight: Sight, wanted: CameraFilter, limit: int
) -> tuple[list[Camera], str | None]:
    """See `CameraStore.page`; by center, then in the order in which they came."""
    query = (
        sa.select(tables.cameras)
        .where(*_conditions(connection, sight, wanted))
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
    conditions = [*seen(connection, sight, "camera.read"), _cameras.shown, *visible(connection)]
    if center is not None:
        conditions.append(_below(sight, center))
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
        .where(*seen(connection, sight, "camera.read"), *visible(connection))
        .group_by(table.c.tag)
        .order_by(number.desc(), table.c.tag)
        .limit(limit)
    )
    return [{"tag": row.tag, "cameras": row.number} for row in connection.execute(query)]


def seen(connection: sa.Connection, sight: Sight, action: str) -> list[Condition]:
    """Cameras about which the account may do `camera.read` or `camera.watch`: says the same as `may_about` of one."""
    own = _own(sight, action)
    conditions: list[Condition] = []
    if own is not None:
        shares = tables.camera_shares.c
        codes = centers_for(sight.account, action, sight.tree) or []
        query = sa.select(shares.camera).where(in_codes(shares.center, codes, sight.dialect))
        shared = connection.execute(query.limit(_MOST_SHARED)).scalars().all()
        conditions.append(sa.or_(own, in_codes(_cameras.id, shared, sight.dialect)) if shared else own)
    if action == "camera.watch":
        return [*conditions, _cameras.shown]
    kept = {
        code
        for more in ("camera.manage", "camera.keep")
        for code in centers_for(sight.account, more, sight.tree) or []
    }
    return [*conditions, sa.or_(_cameras.shown, in_codes(_cameras.center, kept, sight.dialect))]


def _own(sight: Sight, action: str) -> Condition | None:
    """Those of centers about which the account may do it; None where these are all there are."""
    codes = centers_for(sight.account, action, sight.tree)
    if codes is None or (codes and len(codes) == len(sight.tree)):
        return None
    return in_codes(_cameras.center, codes, sight.dialect)


def _below(sight: Sight, center: str) -> Condition:
    return in_codes(_cameras.center, [each.code for each in sight.tree.subtree(center)], sight.dialect)


def _conditions(connection: sa.Connection, sight: Sight, wanted: CameraFilter) -> list[Condition]:
    action = "camera.watch" if wanted.watch else "camera.read"
    conditions = [*seen(connection, sight, action), *visible(connection)]
    if wanted.center is not None:
        conditions.append(_below(sight, wanted.center) if wanted.below else _cameras.center == wanted.center)
    if wanted.shared:
        own = _own(sight, action)
        conditions.append(sa.false() if own is None else sa.not_(own))
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
    codes = _meant(sight.tree, word) if len(word) > 1 else ()
    return sa.or_(said, in_codes(_cameras.center, codes, sight.dialect)) if codes else said


@functools.lru_cache(maxsize=128)
def _meant(tree: CenterTree, word: str) -> tuple[str, ...]:
    """Centers that a word means, and all below them. Kept: one page follows another."""
    tops = tree.search(word, None, len(tree))
    return tuple(sorted({each.code for top in tops for each in tree.subtree(top.code)}))
