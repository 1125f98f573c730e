"""What the edge needs of the archive's custody: what meetings left, what is held, which lists there are."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from hub.custody.listing import Left
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree

Json = dict[str, Any]


class CustodyService(Protocol):
    """See `hub.store.custody_store.CustodyStore`. Everything raises Refusal `unavailable`."""

    async def left(
        self, account: Account, tree: CenterTree, action: str, listed: Collection[str] = ...
    ) -> list[Left]: ...
    async def hold(self, meeting: str) -> Json | None: ...
    async def holds(self, account: Account, tree: CenterTree) -> list[Json]: ...
    async def destroyed(self, meeting: str) -> list[Json]: ...
    async def disposals(self, before: int, limit: int) -> list[Json]: ...
    async def disposal(self, id: str) -> Json | None: ...
