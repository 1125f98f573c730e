"""Pictures of cameras that the hub makes itself: kept by their digest with an entry (抓拍), or shown in place of a moving one.

The gateway takes the picture, the hub makes the object of it: no page has it in hands before its digest stands in the journal.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from hub.cameras.catalog import Camera
from hub.cameras.rights import may_about
from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.gates import signature_of
from hub.ids import new_id
from hub.rules import parse_data
from signaling.services import Services

#: The largest picture, bytes: the gateway makes no larger one.
MOST_BYTES: Final = 700 * 1024
#: A still that is at most so old is given to the next who asks: who look at one camera together cost one picture.
STILL_S: Final = 2.5
#: Cameras whose last still is kept.
_STILLS: Final = 64
_JPEG: Final = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Still:
    """What a camera showed."""

    jpeg: bytes
    at: datetime
    """When the hub had it."""


class CameraPictures:
    """One for a hub."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._under_way: dict[str, asyncio.Task[Still]] = {}
        self._last: OrderedDict[str, tuple[float, Still]] = OrderedDict()

    async def watched(self, account: Account, camera: str) -> Camera:
        """The camera, if the account may watch it. Raises Refusal("not_found")."""
        services = self._services
        found = await services.cameras.get(camera)
        if found is None or not may_about(account, "camera.watch", services.tree, found):
            raise Refusal("not_found", "there is no such camera")
        return found

    async def take(self, account: Account, camera: str) -> Entry:
        """Make a picture and keep it: the entry that names it. Raises Refusal: `not_found`, `unavailable`, as the depot."""
        found, services = await self.watched(account, camera), self._services
        still = await self._made(camera, series=False)
        upload = await services.objects.begin(account, _JPEG, len(still.jpeg))
        done, _ = await services.objects.append(account, upload.id, 0, _in_one(still.jpeg))
        if done.object is None:
            raise Refusal("unavailable", "the picture could not be kept")
        center = services.tree[found.center].name if found.center in services.tree else ""
        zone = ZoneInfo(services.config.time_zone)
        noted = {
            "camera": camera,
            "name": found.name,
            "center": found.center,
            "center_name": center,
            "picture": {
                "object": done.object,
                "name": f"{center}{found.name}-{still.at.astimezone(zone):%Y%m%d-%H%M%S}.jpg",
                "type": _JPEG,
                "bytes": len(still.jpeg),
            },
            "taken_at": to_wire(still.at),
            "by": signature_of(account, services.tree),
        }
        kind = "camera.note_pictured"
        command = Command(new_id("s", services.clock()), kind, None, parse_data(kind, noted))
        [entry] = (await services.writer.submit(command, SYSTEM_ACCOUNT)).entries
        return entry

    async def still(self, account: Account, camera: str) -> Still:
        """What the camera shows about now, for one who is shown it, and so told to be watching. Raises Refusal as `take`."""
        await self.watched(account, camera)
        if not self._services.media.cameras.watches(account.id, camera):
            raise Refusal("not_found", "this camera is not among those that you watch now")
        kept = self._last.get(camera)
        now = asyncio.get_running_loop().time()
        if kept is not None and now - kept[0] < STILL_S:
            return kept[1]
        still = await self._made(camera, series=True)
        self._last[camera] = (now, still)
        self._last.move_to_end(camera)
        while len(self._last) > _STILLS:
            self._last.popitem(last=False)
        return still

    async def _made(self, camera: str, *, series: bool) -> Still:
        """A picture from the gateway; who asks while one is made gets that one."""
        task = self._under_way.get(camera)
        if task is None:
            task = self._under_way[camera] = asyncio.create_task(self._make(camera, series))
            task.add_done_callback(lambda _: self._under_way.pop(camera, None))
        return await asyncio.shield(task)

    async def _make(self, camera: str, series: bool) -> Still:
        told = (await self._services.media.cameras.asks.picture(camera, series=series)).get("jpeg")
        if not isinstance(told, str) or len(told) > MOST_BYTES * 4 // 3 + 4:
            raise Refusal("unavailable", "the gateway's picture is none")
        try:
            jpeg = base64.b64decode(told, validate=True)
        except (binascii.Error, ValueError):
            raise Refusal("unavailable", "the gateway's picture is none") from None
        if not jpeg.startswith(b"\xff\xd8\xff"):
            raise Refusal("unavailable", "the gateway's picture is none")
        return Still(jpeg, self._services.clock())


async def _in_one(jpeg: bytes) -> AsyncIterator[bytes]:
    yield jpeg
