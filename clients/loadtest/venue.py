"""Where a load test takes place: how its persons get in, choose what they see, and hear what the hub wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from clients.loadtest.peer import Admitted, Door

#: Gets the `media` events of one person (docs/protocol.md), as plain JSON.
OnMedia = Callable[[dict[str, Any]], None]


class Venue(Protocol):
    """A meeting of a hub, or of a bare node. Persons are numbered from 0; publishers come first."""

    def door(self, person: int, direction: str) -> Door:
        """How this person's offers (`publish` or `watch`) are brought to the hub."""

    def participant(self, person: int) -> str:
        """The id under which others select this person."""

    async def select(self, person: int, admitted: Admitted, wanted: Sequence[str | None]) -> None:
        """Have the slots of this watch session show these participants."""

    async def listen(self, person: int, on_media: OnMedia) -> None:
        """Hear what the hub tells this person's pages."""

    async def close(self) -> None:
        """Leave nothing behind."""
