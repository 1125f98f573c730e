"""Pages of cameras, numbers of them by center, and the tags they have. Rights are conditions on rows."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Sequence
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
#: Cameras that words mean, and that are put in order for one page. Of more the first are soon found in the order of the table.
_MOST_SORTED: Final = 30_000


def page(
    connection: sa.Connection, sight: Sight, wanted: CameraFilter, limit: int
) -> tuple[list[Camera], str | None]:
    """See `CameraStore.page`; by center, then in the order in which they came."""
    conditions = _conditions(connection, sight, wanted)
    after = cursor_of(wanted.cursor) if wanted.cursor else None
    if after is not None:
        conditions += [
            _cameras.center >= after[0],
            sa.or_(_cameras.center > after[0], _cameras.row > after[1]),
        ]
    words = words_of(wanted.text or "")[:_MOST_WORDS]
    if words and sight.dialect != "sqlite":
        conditions = [_cameras.row.in_(_said(connection, sight, words, conditions, limit + 1))]
    else:
        conditions += [sa.or_(*_meanings(sight, word)) for word in words]
    query = (
        sa.select(tables.cameras).where(*conditions).order_by(_cameras.center, _cameras.row).limit(limit + 1)
    )
    rows = connection.execute(query).all()
    shown = rows[:limit]
    more = f"{shown[-1].center}.{shown[-1].row}" if len(rows) > limit else None
    return cameras_of(connection, shown), more


def _said(
    connection: sa.Connection, sight: Sight, words: Sequence[str], conditions: list[Condition], limit: int
) -> list[int]:
    """The first that all words mean under these conditions, by their numbers.

    PostgreSQL does not know how many rows a word means. Asked for the first in order it takes words for common ones, and walks
    all centers up to the first that is meant: for a town's name nearly the whole table. So what is meant is found first, and
    put in order; what a word means by its center apart from what it means by itself, as each has an index of its own.
    """
    apart, *others = sorted((_meanings(sight, word) for word in words), key=len, reverse=True)
    rest = [*conditions, *(sa.or_(*each) for each in others)]
    found = set[tuple[str, int]]()
    for meaning in apart:
        found |= set(_first(connection, [*rest, meaning], limit))
    return [row for _, row in sorted(found)[:limit]]


def _first(connection: sa.Connection, conditions: list[Condition], limit: int) -> list[tuple[str, int]]:
    """The first that are meant, by center and number. Where many are, some are soon found in the order of the table."""
    key = _cameras.center, _cameras.row
    found = sa.select(*key).where(*conditions).limit(_MOST_SORTED + 1).cte("found")
    number = sa.select(sa.func.count()).select_from(found).scalar_subquery()
    ordered = sa.select(found.c.center, found.c.row, number).order_by(found.c.center, found.c.row)
    rows = connection.execute(ordered.limit(limit)).all()
    if rows and rows[0][2] > _MOST_SORTED:
        walked = sa.select(*key).where(*conditions).order_by(*key).limit(limit)
        return [(row[0], row[1]) for row in connection.execute(walked)]
    return [(row[0], row[1]) for row in rows]


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
    return conditions


def _meanings(sight: Sight, word: str) -> list[Condition]:
    """Whether the camera is meant by a word, and, where it means centers, whether one on the path of its own is."""
    said = tables.cameras_index.matches(sight.dialect, word)
    # A single letter would mean nearly every center.
    codes = _meant(sight.tree, word) if len(word) > 1 else ()
    return [said, in_codes(_cameras.center, codes, sight.dialect)] if codes else [said]


@functools.lru_cache(maxsize=128)
def _meant(tree: CenterTree, word: str) -> tuple[str, ...]:
    """Centers that a word means, and all below them. Kept: one page follows another."""
    tops = tree.search(word, None, len(tree))
    return tuple(sorted({each.code for top in tops for each in tree.subtree(top.code)}))
