"""What a station does by itself: it signs orders, reports progress and completes them, after set delays."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.station.api import HubApi, Refused

log = logging.getLogger("station.duties")


@dataclass(frozen=True, slots=True)
class Pace:
    """How long after the step before each step of an order follows, in seconds."""

    sign_s: float = 2.0
    progress_s: float = 6.0
    complete_s: float = 10.0


class Duties:
    """Carries out orders for one center, each in a task of its own, whatever happens to the connection."""

    def __init__(self, api: HubApi, pace: Pace) -> None:
        self._api = api
        self._pace = pace
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._free = asyncio.Event()
        self._free.set()

    def rest(self, resting: bool) -> None:
        """While resting nothing is done: a person sees to the orders. What he left undone goes on afterwards."""
        if resting:
            self._free.clear()
        else:
            self._free.set()

    def take(self, order: str, state: str) -> None:
        """Carry an order on from this state of one's own target; nothing if that is under way already."""
        running = self._tasks.get(order)
        if state == "completed" or (running is not None and not running.done()):
            return
        self._tasks[order] = asyncio.get_running_loop().create_task(self._carry_out(order, state))

    def take_listed(self, order: Mapping[str, Any], center: str) -> None:
        """Carry on an order as listed by the hub (docs/protocol.md, "Reading")."""
        for target in order.get("targets", ()):
            if target.get("center") == center:
                self.take(str(order["id"]), str(target.get("state", "issued")))

    async def stop(self) -> None:
        """Leave everything as it is."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    async def _carry_out(self, order: str, state: str) -> None:
        steps: dict[str, tuple[float, str, dict[str, Any]]] = {
            "issued": (self._pace.sign_s, "order.sign", {}),
            "signed": (
                self._pace.progress_s,
                "order.progress",
                {"text": "人员已到现场，正在处置", "percent": 50},
            ),
            "in_progress": (self._pace.complete_s, "order.complete", {"text": "已按要求办结"}),
        }
        for step in list(steps)[list(steps).index(state) if state in steps else 0 :]:
            wait_s, kind, data = steps[step]
            await asyncio.sleep(wait_s)
            await self._free.wait()
            try:
                await self._api.command(kind, order=order, **data)
            except Refused as refused:
                # Somebody else at the center was quicker: what is done is done, and the rest follows.
                if refused.code != "already_done":
                    log.warning("order %s: %s is refused: %s", order, kind, refused.code)
                    return
