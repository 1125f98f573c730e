"""The round of looks at cameras: each in its turn, a few a minute, never one that is watched now; important ones more often.

A restart goes on where it was: those never looked at come first, then the longest ago. Looks are spread by chance, so that a
district's cameras behind one line are not all dialled in one moment.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol

from hub.cameras.catalog import Camera, Facts, Secret
from hub.cameras.ports import Prober
from hub.clock import Clock
from hub.errors import Refusal

#: Pause when nothing is due, and when nobody can look.
IDLE_S: Final = 30.0
#: Cameras that are looked at in the same moment: one that does not answer takes seconds.
AT_ONCE: Final = 4
#: Cameras that matter are looked at again after this, where the pace allows it.
IMPORTANT_EVERY: Final = timedelta(minutes=2)
#: A look takes no longer.
LOOK_S: Final = 20.0

log = logging.getLogger(__name__)


class SweptRows(Protocol):
    """The directory: hub.store.camera_store.CameraStore. Everything raises Refusal."""

    async def due(self, before: datetime, but: Collection[str], limit: int) -> Sequence[Camera]: ...
    async def important_due(self, before: datetime, but: Collection[str], limit: int) -> Sequence[Camera]: ...
    async def secret(self, camera: str) -> Secret | None: ...
    async def note(self, camera: str, facts: Facts) -> Facts: ...


@dataclass
class CameraSweep:
    """One for a hub. `run` until cancelled; `a_minute` 0: it looks at none."""

    rows: SweptRows
    prober: Prober
    clock: Clock
    a_minute: int
    every: timedelta
    """How long after a look the next one is due."""
    chance: Callable[[], float] = random.random
    away: bool = False
    """Whether nobody can look at cameras now."""
    _turn: int = 0
    _looking: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Look, until cancelled."""
        try:
            while self.a_minute > 0:
                try:
                    begun = await self.once()
                except Refusal as problem:
                    log.warning("no camera is looked at: %s", problem.message)
                    begun = 0
                await asyncio.sleep(self.pause() if begun and not self.away else IDLE_S)
        finally:
            for task in self._looking.values():
                task.cancel()

    def pause(self) -> float:
        """Seconds to the next look: on average a minute's share, by chance half as long or half as long again."""
        return 60.0 / self.a_minute * (0.5 + self.chance())

    async def once(self) -> int:
        """Begin with the next camera that is due, if one is; how many. Raises Refusal."""
        if len(self._looking) >= AT_ONCE:
            return 1
        but = {*self.prober.playing(), *self._looking}
        self._turn += 1
        due: Sequence[Camera] = ()
        if self._turn % 2:  # however many matter, the others have their turns too
            due = await self.rows.important_due(self.clock() - IMPORTANT_EVERY, but, 1)
        due = due or await self.rows.due(self.clock() - self.every, but, 1)
        for each in due:
            task = asyncio.create_task(self._look(each.camera), name=f"look at {each.camera}")
            self._looking[each.camera] = task
            task.add_done_callback(partial(self._looked, each.camera))
        return len(due)

    def _looked(self, camera: str, _: asyncio.Task[None]) -> None:
        self._looking.pop(camera, None)

    async def settle(self) -> None:
        """Wait for the looks that are under way."""
        await asyncio.gather(*self._looking.values())

    async def _look(self, camera: str) -> None:
        try:
            secret = await self.rows.secret(camera)
            if secret is None:
                return
            async with asyncio.timeout(LOOK_S):
                facts = await self.prober.probe(camera, secret)
            self.away = False
        except TimeoutError:
            facts = Facts(state="away", reason="timeout")
        except Refusal as problem:
            # Nobody is there to look: that says nothing about the camera.
            if not self.away:
                log.warning("cameras wait to be looked at: %s", problem.message)
            self.away = True
            return
        try:
            await self.rows.note(camera, facts)
        except Refusal as problem:
            log.info("what was found of a camera is not noted: %s", problem.message)
