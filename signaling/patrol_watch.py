"""Whether who walks a round really gets the picture of the stop at which he stands: told to the rules, and to his page.

What flows to whom the media plane says (`CameraRoom.on_flow`); a page has no part in it. Seconds count from the later of two
moments: that the picture began to flow without a hole, and that he came to stand at the stop. Once they are enough the journal
is told, and once more before he says what came of the stop, so that the entry holds how long it was.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from dataclasses import dataclass
from typing import Final

from hub.cameras.patrol_shapes import LEAST_SEEN_S
from hub.cameras.patrol_state import Round, patrols_of
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from signaling.fan_out import FanOut
from signaling.rooms import account_room
from signaling.services import Services

#: What the rules take for a quality.
_QUALITIES: Final = ("good", "fair", "poor")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flowed:
    """What flowed to who stands at a stop."""

    round: str
    stop: int
    camera: str
    account: str
    seconds: int
    quality: str


class PatrolWatch:
    """Holds what flows against the rounds that are walked."""

    def __init__(self, services: Services, fan_out: FanOut) -> None:
        self._services = services
        self._fan_out = fan_out
        self._newest: dict[str, Flowed] = {}
        self._ids = (f"patrol-{os.urandom(6).hex()}-{number}" for number in itertools.count())
        self._telling: set[asyncio.Task[None]] = set()

    def flowed(self, account: str, camera: str, seconds: float, quality: str) -> None:
        """So long a picture has flowed to this account without a hole, up to now."""
        patrols = patrols_of(self._services.writer.state)
        one = patrols.rounds.get(patrols.walks.get(account, ""))
        if one is None or one.since is None or one.stops[one.stop - 1].camera != camera:
            self._newest.pop(account, None)
            return
        stood = (self._services.clock() - one.since).total_seconds()
        found = Flowed(
            one.id,
            one.stop,
            camera,
            account,
            max(0, int(min(seconds, stood))),
            quality if quality in _QUALITIES else "poor",
        )
        before = self._newest.get(account)
        if found.seconds:
            self._newest[account] = found
        self._tell_page(found, one)
        is_new = before is None or (before.round, before.stop) != (found.round, found.stop)
        if found.seconds >= LEAST_SEEN_S > (0 if is_new or before is None else before.seconds):
            task = asyncio.get_running_loop().create_task(self._tell(found))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def settle(self, account: str) -> None:
        """The journal knows all that has flowed to this account at its stop; before it says what came of it."""
        patrols = patrols_of(self._services.writer.state)
        one, found = patrols.rounds.get(patrols.walks.get(account, "")), self._newest.get(account)
        if one is None or found is None or (one.id, one.stop) != (found.round, found.stop):
            return
        if found.seconds >= LEAST_SEEN_S and found.seconds > one.seconds:
            await self._tell(found)

    async def close(self) -> None:
        """Nothing more is told."""
        for task in self._telling:
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    async def _tell(self, found: Flowed) -> None:
        told = {
            name: getattr(found, name)
            for name in ("round", "stop", "camera", "account", "seconds", "quality")
        }
        command = Command(next(self._ids), "patrol.seen", None, parse_data("patrol.seen", told))
        try:
            await self._services.writer.submit(command, SYSTEM_ACCOUNT)
        except Refusal as refusal:
            # he went on meanwhile, or nothing can be written now: then nothing else can be either
            log.debug("what was seen at a stop is not told: %s", refusal.message)
        except Exception:
            log.exception("what was seen at a stop could not be told")

    def _tell_page(self, found: Flowed, one: Round) -> None:
        news = {
            "round": found.round,
            "stop": found.stop,
            "camera": found.camera,
            "seconds": found.seconds,
            "quality": found.quality,
            "enough": max(found.seconds, one.seconds) >= LEAST_SEEN_S,
        }
        self._fan_out.put("patrol", news, [account_room(found.account)], replaceable=True)
