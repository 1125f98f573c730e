"""What the edge needs of the depot of objects."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from typing import Any, Protocol

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.objects.quota import Limits
from hub.objects.values import Stored, Upload


class ObjectService(Protocol):
    """Uploads and objects; see `hub.depot.depot.Depot`. Everything raises Refusal."""

    @property
    def limits(self) -> Limits: ...
    @property
    def counts(self) -> Mapping[str, int]: ...
    async def begin(self, account: Account, type_: str, size_bytes: int) -> Upload: ...
    async def append(
        self, account: Account, upload_id: str, offset: int, pieces: AsyncIterable[bytes]
    ) -> tuple[Upload, int]: ...
    async def status(self, account: Account, upload_id: str) -> tuple[Upload, int]: ...
    async def cancel(self, account: Account, upload_id: str) -> None: ...
    async def stored(self, account: Account, tree: CenterTree, digest: str) -> Stored: ...
    def read(self, digest: str, first: int, length: int) -> AsyncIterator[bytes]: ...
    async def about_to_name(
        self, account: Account, tree: CenterTree, named: Iterable[Mapping[str, Any]]
    ) -> None: ...
