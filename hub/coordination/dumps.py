"""What a node says of itself, gathered from its pages: all at once would be more than a frame of the link."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Data = dict[str, Any]


async def whole_dump(ask: Callable[[Data], Awaitable[Data]]) -> Data:
    """All pages of a node's `dump` (docs/link.md) as one; `ask` gets the arguments of the call and returns its result.

    Peers that come or go meanwhile may be missing or told of though they are gone. Raises what `ask` raises.
    """
    whole = await ask({})
    after = whole.pop("next", None)
    while isinstance(after, str):
        page = await ask({"after": after})
        whole["peers"] += page["peers"]
        following = page.get("next")
        # Pages go forward, else they would never end.
        after = following if isinstance(following, str) and following > after else None
    return whole
