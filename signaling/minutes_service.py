"""What the edge needs of minutes: as they stand, as they are being written, and what a draft is made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Entry

Json = dict[str, Any]


class Told(Protocol):
    """What a meeting tells; see `hub.store.minutes_store.Told`."""

    @property
    def whole(self) -> Sequence[Entry]: ...
    @property
    def seen(self) -> Sequence[Entry]: ...
    @property
    def documents(self) -> Json: ...
    @property
    def recordings(self) -> Sequence[Json]: ...
    @property
    def incidents(self) -> Sequence[Json]: ...


class MinutesService(Protocol):
    """See `hub.store.minutes_store.MinutesStore`. Everything raises Refusal `unavailable`."""

    async def page(
        self,
        account: Account,
        tree: CenterTree,
        states: Collection[str] = ...,
        before: int = ...,
        limit: int = ...,
    ) -> Json: ...
    async def standing(self, account: Account, tree: CenterTree, meeting: str) -> Json | None: ...
    async def versions(self, meeting: str) -> list[Json]: ...
    async def work(self, meeting: str) -> Json | None: ...
    async def save(self, meeting: str, rev: int, text: str, by: Json, at: datetime) -> int | None: ...
    async def told(
        self, account: Account, tree: CenterTree, meeting: str, kinds: Collection[str]
    ) -> Told: ...
