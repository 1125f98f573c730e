"""The directory of cameras in the database, one camera at a time; pages in `camera_reading`, imports in `camera_batches`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from hub.cameras.addresses import host_of
from hub.cameras.catalog import Camera, Facts, Preset, Secret
from hub.cameras.ports import Changed
from hub.cameras.rights import may_about
from hub.cameras.sealing import CameraKey
from hub.cameras.wanted import CameraFilter
from hub.clock import Clock, to_wire
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.errors import Refusal
from hub.store import tables
from hub.store.camera_batches import Batches
from hub.store.camera_reading import Json, counts, page, tags
from hub.store.camera_rows import (
    cameras_of,
    in_codes,
    insert_camera,
    next_row,
    put_shares,
    put_tags,
    row_of,
    take_rows,
    visible,
)
from hub.store.camera_standing import important_away, important_due, states
from hub.store.database import Database
from hub.store.sight import Sight

_cameras = tables.cameras.c
#: Addresses that are opened in one go.
_PIECE: Final = 2_000
#: Columns that a change does not touch.
_STAYS: Final = ("row", "id", "batch", "made_at")


class CameraStore:
    """Implements `hub.cameras.ports.CameraRows`; the edge changes rows by it, after the journal was told."""

    def __init__(
        self, database: Database, key: CameraKey, clock: Clock, tree: Callable[[], CenterTree]
    ) -> None:
        self._database = database
        self._key = key
        self._clock = clock
        self._tree = tree
        self._listeners: list[Changed] = []
        self.batches = Batches(database, clock, self.changed)

    def key_for_child(self) -> str:
        """The key, hex, for the child that seals what a file brings: on its standard input, and nowhere else."""
        return self._key.raw.hex()

    # --- reading

    async def get(self, camera: str) -> Camera | None:
        """The camera with this id; None where there is none."""
        return (await self.some([camera])).get(camera)

    async def some(self, cameras: Iterable[str]) -> dict[str, Camera]:
        """Those of these cameras that are there, by id."""
        wanted = sorted(set(cameras))

        def work(connection: sa.Connection) -> dict[str, Camera]:
            there = in_codes(_cameras.id, wanted, connection.dialect.name)
            query = sa.select(tables.cameras).where(there, *visible(connection))
            rows = connection.execute(query).all()
            return {each.camera: each for each in cameras_of(connection, rows)}

        return await self._database.read(work) if wanted else {}

    async def readable(self, account: Account, camera: str) -> Camera | None:
        """The camera, if this account may watch it."""
        found = await self.get(camera)
        may = found is not None and may_about(account, "camera.watch", self._tree(), found)
        return found if may else None

    async def secret(self, camera: str) -> Secret | None:
        """Where the camera is reached, and by whose name. Raises Refusal `unavailable` without the key."""
        secrets = tables.camera_secrets.c
        query = sa.select(secrets.sealed).where(secrets.camera == camera)
        sealed = await self._database.read(lambda connection: connection.execute(query).scalar())
        return None if sealed is None else self._key.open(camera, sealed)

    async def at_hosts(self, hosts: Collection[str]) -> list[tuple[str, Secret]]:
        """The cameras that are reached at one of these hosts, with where: for a search, whose every answer is compared.

        Addresses are sealed, so all are opened, a piece at a time: three seconds for 300,000.
        """
        secrets, found, last = tables.camera_secrets.c, list[tuple[str, Secret]](), ""

        def work(connection: sa.Connection) -> str | None:
            query = sa.select(secrets.camera, secrets.sealed).where(secrets.camera > last)
            rows = connection.execute(query.order_by(secrets.camera).limit(_PIECE)).all()
            for row in rows:
                opened = self._key.open(row.camera, row.sealed)
                if {host_of(opened.main), host_of(opened.onvif or "")} & set(hosts):
                    found.append((row.camera, opened))
            return rows[-1].camera if rows else None

        while (reached := await self._database.read(work)) is not None:
            last = reached
        return found

    async def page(
        self, account: Account, wanted: CameraFilter, limit: int
    ) -> tuple[list[Camera], str | None]:
        """What the account may see of what is wanted, and the cursor of the next page."""
        tree = self._tree()
        return await self._database.read(
            lambda connection: page(connection, Sight(account, tree, connection.dialect.name), wanted, limit)
        )

    async def counts(self, account: Account, center: str | None) -> dict[str, dict[str, int]]:
        """Code of a center -> state -> how many cameras there: of all below this center (None: all in sight)."""
        tree = self._tree()
        return await self._database.read(
            lambda connection: counts(connection, Sight(account, tree, connection.dialect.name), center)
        )

    async def tags(self, account: Account, limit: int) -> list[Json]:
        """``[{"tag", "cameras"}…]``: the most used ones in sight."""
        tree = self._tree()
        return await self._database.read(
            lambda connection: tags(connection, Sight(account, tree, connection.dialect.name), limit)
        )

    async def taken(self, code: str, main: str | None, but: str = "") -> tuple[str | None, str | None]:
        """Which other cameras have this number, and this address already."""
        secrets = tables.camera_secrets.c
        mark = self._key.mark(main) if main else None

        def work(connection: sa.Connection) -> tuple[str | None, str | None]:
            by_code = by_mark = None
            live = visible(connection)
            if code:
                query = sa.select(_cameras.id).where(_cameras.code == code, _cameras.id != but, *live)
                by_code = connection.execute(query.limit(1)).scalar()
            if mark:
                there = sa.select(_cameras.id).where(*live)
                same = sa.select(secrets.camera).where(
                    secrets.mark == mark, secrets.camera != but, secrets.camera.in_(there)
                )
                by_mark = connection.execute(same.limit(1)).scalar()
            return by_code, by_mark

        return await self._database.read(work)

    async def due(self, before: datetime, but: Collection[str], limit: int) -> list[Camera]:
        """Cameras in use that were not looked at since `before`, those first that were never or longest ago."""

        def work(connection: sa.Connection) -> list[Camera]:
            query = (
                sa.select(tables.cameras)
                .where(_cameras.checked_at < to_wire(before), _cameras.shown, *visible(connection))
                .order_by(_cameras.checked_at, _cameras.row)
                .limit(limit + len(but))
            )
            rows = [row for row in connection.execute(query) if row.id not in but]
            return cameras_of(connection, rows[:limit])

        return await self._database.read(work)

    async def important_due(self, before: datetime, but: Collection[str], limit: int) -> list[Camera]:
        """The same of those that matter alone."""
        return await self._database.read(lambda connection: important_due(connection, before, {*but}, limit))

    async def standing(self, limit: int) -> tuple[dict[str, int], list[Camera]]:
        """How many cameras in use are in which state, and the first important ones without a picture."""
        return await self._database.read(
            lambda connection: (states(connection), important_away(connection, limit))
        )

    # --- changing

    async def add(self, camera: Camera, secret: Secret) -> None:
        """Put a new one in."""
        sealed = self._sealed(camera.camera, secret)
        now = self._clock()

        def work(connection: sa.Connection) -> None:
            insert_camera(connection, row_of(camera, next_row(connection), "", now), camera.tags)
            put_shares(connection, camera.camera, camera.shared)
            connection.execute(tables.camera_secrets.insert(), sealed)

        await self._database.write(work)
        self.changed(frozenset({camera.camera}))

    async def change(self, camera: Camera, secret: Secret | None = None) -> None:
        """Put this in the place of what is said of the camera; the secret stays without a new one."""
        sealed = None if secret is None else self._sealed(camera.camera, secret)
        now = self._clock()

        def work(connection: sa.Connection) -> None:
            is_it = _cameras.id == camera.camera
            old = connection.execute(sa.select(tables.cameras).where(is_it)).first()
            if old is None:
                return
            new = row_of(camera, old.row, old.batch, now)
            values = {name: value for name, value in new.items() if name not in _STAYS}
            tables.cameras_index.remove(connection, [tuple(old)])
            connection.execute(tables.cameras.update().where(is_it).values(values))
            self._index(connection, {**new, "made_at": old.made_at})
            put_tags(connection, old.row, camera.tags)
            put_shares(connection, camera.camera, camera.shared)
            if sealed is not None:
                secrets = tables.camera_secrets
                connection.execute(secrets.delete().where(secrets.c.camera == camera.camera))
                connection.execute(secrets.insert(), sealed)

        await self._database.write(work)
        self.changed(frozenset({camera.camera}))

    async def remove(self, camera: str) -> None:
        """Take one out, with all that is known of it."""

        def work(connection: sa.Connection) -> None:
            query = sa.select(tables.cameras).where(_cameras.id == camera)
            take_rows(connection, connection.execute(query).all())

        await self._database.write(work)
        self.changed(frozenset({camera}))

    async def note(self, camera: str, facts: Facts) -> Facts:
        """See `CameraRows`. Raises Refusal `not_found` for a camera that is gone."""
        now = to_wire(self._clock())

        def work(connection: sa.Connection) -> Facts:
            is_it = _cameras.id == camera
            row = connection.execute(sa.select(_cameras.facts).where(is_it)).first()
            if row is None:
                raise Refusal("not_found", "there is no such camera", "camera")
            kept = noted(Facts.model_validate_json(row.facts), facts, now)
            values = {"state": kept.state, "facts": kept.model_dump_json(), "checked_at": now}
            connection.execute(tables.cameras.update().where(is_it).values(values))
            return kept

        return await self._database.write(work)

    async def note_presets(self, camera: str, presets: Sequence[Preset]) -> None:
        """See `CameraRows`."""

        def work(connection: sa.Connection) -> None:
            is_it = _cameras.id == camera
            row = connection.execute(sa.select(_cameras.facts).where(is_it)).first()
            if row is None:
                return
            facts = Facts.model_validate_json(row.facts).model_copy(update={"presets": list(presets)})
            connection.execute(tables.cameras.update().where(is_it).values(facts=facts.model_dump_json()))

        await self._database.write(work)

    def listen(self, callback: Changed) -> Callable[[], None]:
        """See `CameraRows`."""
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def changed(self, cameras: frozenset[str] | None) -> None:
        """Tell everybody who listens."""
        for callback in list(self._listeners):
            callback(cameras)

    def _sealed(self, camera: str, secret: Secret) -> Json:
        return {
            "camera": camera,
            "mark": self._key.mark(secret.main),
            "sealed": self._key.seal(camera, secret),
        }

    def _index(self, connection: sa.Connection, row: Json) -> None:
        values = tuple(row[column.name] for column in tables.cameras.columns)
        cursor = connection.connection.cursor()
        try:
            tables.cameras_index.add(cursor, connection.dialect.name, [values])
        finally:
            cursor.close()


def noted(before: Facts, found: Facts, now: str) -> Facts:
    """What is kept of a look: since when it is so, and what is still known where this look could not tell."""
    same = before.state == found.state
    streams = found.streams or before.streams
    presets = found.presets or before.presets
    return found.model_copy(
        update={
            "since": before.since if same and before.since else now,
            "streams": streams,
            "presets": presets,
            "ptz": found.ptz or before.ptz,
            "checked_at": now,
        }
    )
