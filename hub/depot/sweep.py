"""The sweep: takes away uploads that stand still, objects that no entry names, and bytes that belong to nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from hub.depot.depot import Depot
from hub.depot.ports import BlobsAway
from hub.errors import Refusal

#: Pause between two sweeps.
SWEEP_S: Final = 600.0
#: Objects looked at in one step.
_AT_ONCE: Final = 500

log = logging.getLogger(__name__)


class Sweep:
    """Sweeps a depot now and then, while `may_sweep`: a journal that lost entries does not say what they named."""

    def __init__(self, depot: Depot, may_sweep: Callable[[], bool]) -> None:
        self._depot = depot
        self._may_sweep = may_sweep

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                if self._may_sweep():
                    await self.once()
            except (BlobsAway, Refusal) as problem:
                log.warning("objects could not be swept: %s", problem)
            except Exception:
                log.exception("objects could not be swept")

    async def once(self) -> None:
        """One sweep. Raises BlobsAway, and Refusal("unavailable") while the database or the disk is away."""
        now = self._depot.clock()
        await self._depot.blobs.tidy(now - self._depot.grace)
        uploads, objects = await self._uploads(now), await self._objects(now) + await self._strays(now)
        self._depot.counts["swept_uploads"] += uploads
        self._depot.counts["swept_objects"] += objects
        if uploads or objects:
            log.info("swept %d uploads and %d objects", uploads, objects)

    async def _uploads(self, now: datetime) -> int:
        """Uploads to which nothing was written for the grace, rows of those that are long finished, files without a row."""
        depot, swept = self._depot, 0
        before = now - depot.grace
        touched = await depot.spool.touched()
        for upload in await depot.rows.uploads_before(before):
            if depot.is_busy(upload.id) or touched.get(upload.id, before) > before:
                continue
            await depot.drop(upload.id)
            swept += upload.object is None
        for upload_id, at in touched.items():
            if at < before and not depot.is_busy(upload_id) and await depot.rows.upload(upload_id) is None:
                await depot.spool.drop(upload_id)
        return swept

    async def _objects(self, now: datetime) -> int:
        depot, swept = self._depot, 0
        while unnamed := await depot.rows.unnamed(now, _AT_ONCE):
            before = swept
            for digest in unnamed:
                async with depot.placing.of(digest):
                    if await depot.rows.drop_if_unnamed(digest, now):
                        await depot.blobs.delete(digest)
                        swept += 1
            if swept == before:
                break
        return swept

    async def _strays(self, now: datetime) -> int:
        """Bytes whose row was never written, because the hub was killed between the two."""
        depot, swept, batch = self._depot, 0, list[str]()
        async for digest, at in depot.blobs.listed():
            if at < now - depot.grace:
                batch.append(digest)
            if len(batch) >= _AT_ONCE:
                swept += await self._without_row(batch)
                batch.clear()
        return swept + await self._without_row(batch)

    async def _without_row(self, digests: list[str]) -> int:
        depot, swept = self._depot, 0
        for digest in set(digests) - await depot.rows.known(digests):
            async with depot.placing.of(digest):
                if not await depot.rows.known([digest]):
                    await depot.blobs.delete(digest)
                    swept += 1
        return swept
