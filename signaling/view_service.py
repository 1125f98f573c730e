"""What the edge needs to read views; see `hub.store.view_store.ViewStore`. Everything raises Refusal `unavailable`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from hub.grids.figures import FigureAsked
from hub.grids.view_rows import Opened
from hub.grids.views import ViewAsks


class ViewService(Protocol):
    """Rows of views, listed in the open and opened a piece at a time; and numbers of grids by village."""

    async def listed(
        self, asks: ViewAsks, grids: Collection[str], villages: Collection[str], now: datetime
    ) -> Sequence[int]: ...
    async def summed(
        self, asks: ViewAsks, grids: Collection[str], villages: Collection[str], now: datetime
    ) -> Sequence[tuple[str, int, int]]: ...
    async def opened(
        self, asks: ViewAsks, keys: Sequence[int], needs: Collection[str], now: datetime
    ) -> Sequence[Opened]: ...
    async def figures(self, asked: FigureAsked) -> Mapping[str, dict[str, Any]]: ...
    async def days(self, villages: Collection[str], first: str, last: str) -> Sequence[dict[str, Any]]: ...
