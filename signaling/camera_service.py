"""What the edge needs of the directory of cameras."""

from __future__ import annotations

from typing import Any, Protocol

from hub.cameras.catalog import Camera, Secret
from hub.cameras.ports import CameraRows
from hub.cameras.wanted import CameraFilter
from hub.directory.accounts import Account

Json = dict[str, Any]


class CameraService(CameraRows, Protocol):
    """Reading and changing; see `hub.store.camera_store.CameraStore`. Everything raises Refusal `unavailable`."""

    async def page(
        self, account: Account, wanted: CameraFilter, limit: int
    ) -> tuple[list[Camera], str | None]: ...
    async def counts(self, account: Account, center: str | None) -> dict[str, dict[str, int]]: ...
    async def tags(self, account: Account, limit: int) -> list[Json]: ...
    async def taken(self, code: str, main: str | None, but: str = "") -> tuple[str | None, str | None]: ...
    async def add(self, camera: Camera, secret: Secret) -> None: ...
    async def change(self, camera: Camera, secret: Secret | None = None) -> None: ...
    async def remove(self, camera: str) -> None: ...
