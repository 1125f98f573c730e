"""How the hub itself is, told to every socket: whether it can write, has its parts, records, and has room."""

from __future__ import annotations

import asyncio
from typing import Final

from signaling.fan_out import FanOut
from signaling.rooms import EVERYBODY
from signaling.services import Json, Services

#: How often it is looked whether something has changed. What changed is on the pages within this and the way there.
LOOK_S: Final = 0.5


def hub_event(services: Services) -> Json:
    """The `hub` event that holds now. A part that this hub does not have counts as there."""
    parts = services.parts()
    told = {name: parts.get(name, True) for name in ("journal", "node", "recorder", "recording")}
    return {**told, "low_on_space": services.low_on_space()}


class HubWatch:
    """Tells the `hub` event whenever it has changed."""

    def __init__(self, services: Services, fan_out: FanOut) -> None:
        self._services = services
        self._fan_out = fan_out

    async def run(self) -> None:
        """Look, until cancelled."""
        told = hub_event(self._services)
        while True:
            await asyncio.sleep(LOOK_S)
            now = hub_event(self._services)
            if now != told:
                told = now
                self._fan_out.put("hub", now, [EVERYBODY])
