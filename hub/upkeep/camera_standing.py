"""How all cameras stand, read again and again: for the health of the hub, and for alarms about those that matter."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from hub.cameras.catalog import Camera
from hub.clock import Clock, from_wire
from hub.errors import Refusal
from hub.upkeep.health import Looked

#: How often it is read.
READ_S: Final = 15.0
#: So long an important camera gives no picture before somebody is told.
AWAY_FOR: Final = timedelta(minutes=5)
#: Of so many at most: where more are away, the line to all of them is.
MOST_AWAY: Final = 200

log = logging.getLogger(__name__)


class StandingRows(Protocol):
    """The directory: hub.store.camera_store.CameraStore. Everything raises Refusal."""

    async def standing(self, limit: int) -> tuple[dict[str, int], list[Camera]]: ...


@dataclass
class CameraStanding:
    """One for a hub; `run` it, and read it at any time."""

    rows: StandingRows
    clock: Clock
    playing: Callable[[], Collection[str]]
    """Cameras that are pulled now."""
    states: dict[str, int] = field(default_factory=dict)
    _away: Sequence[Camera] = ()

    async def run(self) -> None:
        """Read, until cancelled."""
        while True:
            try:
                await self.look()
            except Refusal as problem:
                log.debug("how cameras stand is not known: %s", problem.message)
            await asyncio.sleep(READ_S)

    async def look(self) -> None:
        """Read it now. Raises Refusal."""
        self.states, self._away = await self.rows.standing(MOST_AWAY)

    def missing(self) -> list[Camera]:
        """Important cameras that have given no picture for AWAY_FOR; what plays just now does."""
        since, plays = self.clock() - AWAY_FOR, self.playing()
        return [
            each
            for each in self._away
            if each.camera not in plays
            and each.facts.since is not None
            and from_wire(each.facts.since) <= since
        ]

    def looked(self) -> Iterator[Looked]:
        """The cameras as a part of the hub's health; nothing where there are none."""
        if not any(self.states.values()):
            return
        missing = len(self.missing())
        figures = {
            **{f"{state}_cameras": number for state, number in self.states.items()},
            "pulls": len(self.playing()),
        }
        yield Looked(
            "cameras", "", "warning" if missing else "good", "important_away" if missing else "", figures
        )
