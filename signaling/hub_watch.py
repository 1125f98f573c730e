"""How the hub itself is, told to every socket: whether it can write, has its parts, records, and has room."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Final

from signaling.fan_out import FanOut
from signaling.rooms import EVERYBODY
from signaling.services import Json, Services

#: How often it is looked whether something has changed. What changed is on the pages within this and the way there.
LOOK_S: Final = 0.5
#: So many sockets are to come back in one second, after all were lost at once.
BACK_EACH_S: Final = 256


def spread_ms(sockets: int) -> int:
    """Within how long so many sockets are to come back when all are lost at once: 0, or a power of two in seconds.

    In such steps, so that it is rarely another one: each change is told to everybody.
    """
    seconds = sockets / BACK_EACH_S
    return 0 if seconds < 0.5 else 1000 * 2 ** max(0, math.ceil(math.log2(seconds)))


def hub_event(services: Services, sockets: int) -> Json:
    """The `hub` event that holds now, with so many sockets. A part that this hub does not have counts as there."""
    parts = services.parts()
    told = {name: parts.get(name, True) for name in ("journal", "node", "recorder", "recording")}
    return {
        **told,
        "low_on_space": services.low_on_space(),
        "recording_room": services.recording_room() or "enough",
        "spread_ms": spread_ms(sockets),
    }


class HubWatch:
    """Tells the `hub` event whenever it has changed."""

    def __init__(self, services: Services, fan_out: FanOut, sockets: Callable[[], int]) -> None:
        self._services = services
        self._sockets = sockets
        self._fan_out = fan_out

    async def run(self) -> None:
        """Look, until cancelled."""
        told = hub_event(self._services, self._sockets())
        while True:
            await asyncio.sleep(LOOK_S)
            now = hub_event(self._services, self._sockets())
            if now != told:
                told = now
                self._fan_out.put("hub", now, [EVERYBODY])
