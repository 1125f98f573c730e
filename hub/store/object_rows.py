"""Rows of objects: uploads, objects, whose they are, and who may read them by the entries that name them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from hub.clock import from_wire, to_wire
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.tree import CenterTree
from hub.entry import CLEARED, center_audience
from hub.objects.quota import Standing
from hub.objects.values import Stored, Upload
from hub.store import tables
from hub.store.database import Database
from hub.store.grid_task_rows import given_with
from hub.store.sight import Sight

_objects, _owners, _names = tables.objects.c, tables.object_owners.c, tables.object_names.c
_uploads, _entries, _meetings = tables.uploads.c, tables.entries.c, tables.meetings.c


class SqlObjectRows:
    """Implements `hub.depot.ports.ObjectRows`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, upload: Upload, day_began: datetime, admit: Callable[[Standing], None]) -> None:
        """See ObjectRows."""

        def work(connection: sa.Connection) -> None:
            admit(_standing(connection, upload.account, to_wire(day_began)))
            connection.execute(
                tables.uploads.insert(),
                {
                    "id": upload.id,
                    "account": upload.account,
                    "bytes": upload.bytes,
                    "type": upload.type,
                    "created_at": to_wire(upload.created_at),
                    "object": None,
                },
            )

        await self._database.write(work)

    async def upload(self, upload_id: str) -> Upload | None:
        """See ObjectRows."""
        query = sa.select(tables.uploads).where(_uploads.id == upload_id)
        row = await self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else _upload(row)

    async def drop_upload(self, upload_id: str) -> None:
        """See ObjectRows."""
        drop = tables.uploads.delete().where(_uploads.id == upload_id)
        await self._database.write(lambda connection: connection.execute(drop))

    async def uploads_before(self, moment: datetime) -> list[Upload]:
        """See ObjectRows."""
        query = sa.select(tables.uploads).where(_uploads.created_at < to_wire(moment))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return [_upload(row) for row in rows]

    async def finish(self, upload: Upload, digest: str, now: datetime, kept_until: datetime) -> Stored:
        """See ObjectRows."""
        until = to_wire(kept_until)

        def work(connection: sa.Connection) -> Stored:
            found = _stored(connection, digest)
            if found is None:
                found = Stored(digest, upload.bytes, upload.type)
                row = {"id": digest, "bytes": upload.bytes, "type": upload.type}
                connection.execute(
                    tables.objects.insert(), {**row, "created_at": to_wire(now), "kept_until": until}
                )
            else:
                _keep(connection, [digest], until)
            mine = _owners.object == digest, _owners.account == upload.account
            if connection.execute(sa.select(_owners.object).where(*mine)).first() is None:
                connection.execute(
                    tables.object_owners.insert(), {"object": digest, "account": upload.account}
                )
            connection.execute(
                tables.uploads.update().where(_uploads.id == upload.id).values(object=digest, type=found.type)
            )
            return found

        return await self._database.write(work)

    async def stored(self, digest: str) -> Stored | None:
        """See ObjectRows."""
        return await self._database.read(lambda connection: _stored(connection, digest))

    async def may_read(self, account: Account, tree: CenterTree, digest: str) -> bool:
        """See ObjectRows."""
        sight = self._sight(account, tree)
        return await self._database.read(lambda connection: _may_read(connection, sight, digest))

    async def pin(
        self, account: Account, tree: CenterTree, digests: Collection[str], kept_until: datetime
    ) -> dict[str, Stored]:
        """See ObjectRows."""
        sight = self._sight(account, tree)

        def work(connection: sa.Connection) -> dict[str, Stored]:
            found = {digest: _stored(connection, digest) for digest in digests}
            there = {
                digest: stored
                for digest, stored in found.items()
                if stored is not None and _may_read(connection, sight, digest)
            }
            _keep(connection, list(there), to_wire(kept_until))
            return there

        return await self._database.write(work)

    async def unnamed(self, now: datetime, limit: int) -> list[str]:
        """See ObjectRows."""
        query = sa.select(_objects.id).where(_over(now)).order_by(_objects.kept_until).limit(limit)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def drop_if_unnamed(self, digest: str, now: datetime) -> bool:
        """See ObjectRows."""

        def work(connection: sa.Connection) -> bool:
            dropped = connection.execute(tables.objects.delete().where(_objects.id == digest, _over(now)))
            if dropped.rowcount == 0:
                return False
            connection.execute(tables.object_owners.delete().where(_owners.object == digest))
            return True

        return await self._database.write(work)

    async def known(self, digests: Collection[str]) -> set[str]:
        """See ObjectRows."""
        query = sa.select(_objects.id).where(_objects.id.in_(list(digests)))
        return await self._database.read(lambda connection: set(connection.execute(query).scalars()))

    def _sight(self, account: Account, tree: CenterTree) -> Sight:
        return Sight(account, tree, self._database.engine.dialect.name)


def _upload(row: Any) -> Upload:
    return Upload(row.id, row.account, row.bytes, row.type, from_wire(row.created_at), row.object)


def _stored(connection: sa.Connection, digest: str) -> Stored | None:
    row = connection.execute(sa.select(tables.objects).where(_objects.id == digest)).first()
    return None if row is None else Stored(row.id, row.bytes, row.type)


def _standing(connection: sa.Connection, account: str, day_began: str) -> Standing:
    uploaded = connection.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(_uploads.bytes).filter(_uploads.created_at >= day_began), 0),
            sa.func.count().filter(_uploads.object.is_(None)),
        ).where(_uploads.account == account)
    ).one()
    unfinished = sa.select(sa.func.coalesce(sa.func.sum(_uploads.bytes), 0)).where(_uploads.object.is_(None))
    kept = sa.select(sa.func.coalesce(sa.func.sum(_objects.bytes), 0))
    total = int(connection.execute(unfinished).scalar_one()) + int(connection.execute(kept).scalar_one())
    return Standing(int(uploaded[0]), int(uploaded[1]), total)


def _keep(connection: sa.Connection, digests: list[str], until: str) -> None:
    """None of these is swept before `until`."""
    connection.execute(
        tables.objects.update()
        .where(_objects.id.in_(digests), _objects.kept_until < until)
        .values(kept_until=until)
    )


def _over(now: datetime) -> sa.ColumnElement[bool]:
    """Whether the time of an object is over and no entry names it."""
    named = sa.exists().where(_names.object == _objects.id).correlate(tables.objects)
    return sa.and_(_objects.kept_until < to_wire(now), sa.not_(named))


def _may_read(connection: sa.Connection, sight: Sight, digest: str) -> bool:
    """By the same rules as entries are read; of what secret meetings name, as the order or incident is that names it.

    Who walks a grid reads what came with the orders there.
    """
    in_meeting = sa.exists().where(_meetings.id == _entries.meeting, sight.meetings())
    query = (
        sa.select(
            *(_entries.kind, _entries.audience, _entries.data),
            in_meeting.correlate(tables.entries).label("in_meeting"),
            sa.not_(sight.told_of(_entries.meeting)).label("secret"),
        )
        .join(tables.object_names, _names.seq == _entries.seq)
        .where(_names.object == digest)
        .order_by(_entries.seq.desc())
    )
    own = sa.select(_owners.object).where(_owners.object == digest, _owners.account == sight.account.id)
    rows = connection.execute(query).all()
    kept_from = [
        row
        for row in rows
        if not sight.account.cleared and (row.secret or CLEARED in json.loads(row.audience))
    ]
    if not kept_from and not sight.account.disabled and connection.execute(own).first() is not None:
        return True
    return (
        any(
            sight.reads(row.kind, json.loads(row.audience), bool(row.in_meeting), secret=bool(row.secret))
            for row in rows
        )
        or any(_asked_with(connection, sight, row) for row in kept_from)
        or (sight.account.role in GRID_ROLES and bool(rows) and given_with(connection, sight, digest))
    )


def _asked_with(connection: sa.Connection, sight: Sight, row: Any) -> bool:
    """Whether the entry is of an order or incident of a secret meeting that asks something of the account's own center."""
    data, orders, incidents = json.loads(row.data), tables.orders.c, tables.incidents.c
    if center_audience(sight.account.center) not in json.loads(row.audience):
        return False
    if "order" in data:
        asked = sa.select(orders.id).where(orders.id == data["order"], sight.orders())
    elif "incident" in data:
        asked = sa.select(incidents.id).where(incidents.id == data["incident"], sight.incidents())
    else:
        return False
    return connection.execute(asked).first() is not None
