"""Turning cameras, with a dead man's switch: a move holds half a second unless it is renewed, whoever dies on the way.

Each camera that is being turned has one hand: it asks one thing at a time, the newest wish alone, and a stop before all else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, NamedTuple

from hub.gateway.onvif import Device, OnvifProblem

#: A move that is not renewed ends after this. Pages renew it five times a second.
HOLD_S: Final = 0.5
#: What the device itself is told, in whole seconds, which is all that some understand: should this process die.
DEVICE_HOLD_S: Final = 1.0
#: A stop that failed is tried again, so often.
STOP_TRIES: Final = 5
STOP_PAUSE_S: Final = 0.2
#: A device that nobody turns is let go of after this.
IDLE_S: Final = 30.0
#: A move of the same speed is told to the device again after this, and not with every renewal.
_AGAIN_S: Final = 0.4
MOST_HANDS: Final = 64

log = logging.getLogger(__name__)


class Speeds(NamedTuple):
    """How fast a camera turns: -1 to 1; pan to the right, tilt up, zoom in."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0


STILL: Final = Speeds()
Open = Callable[[], Awaitable[Device]]


class Hand:
    """One camera's. `told` hears of what the device refused (a reason of OnvifProblem)."""

    def __init__(self, open_device: Open, clock: Callable[[], float], told: Callable[[str], None]) -> None:
        self.used_at = clock()
        self.moving = False
        self._open = open_device
        self._clock = clock
        self._told = told
        self._device: Device | None = None
        self._wish = STILL
        self._until = 0.0
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="turning")

    def move(self, speeds: Speeds) -> None:
        """Turn on, until half a second has passed without this being said again."""
        self.used_at = self._clock()
        self._wish = speeds
        self._until = self.used_at + HOLD_S
        self._news.set()

    def stop(self) -> None:
        """Stand still, now."""
        self._wish = STILL
        self._news.set()

    async def device(self) -> Device:
        """The device, for other questions. Raises OnvifProblem."""
        self.used_at = self._clock()
        if self._device is None:
            self._device = await self._open()
        return self._device

    async def close(self) -> None:
        """Stop what turns, and let go."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self.moving:
            await self._stand_still()
        if self._device is not None:
            await self._device.close()

    async def _run(self) -> None:
        done, done_at = STILL, 0.0
        while True:
            now = self._clock()
            wish = self._wish if now < self._until else STILL
            if wish == STILL:
                if self.moving:
                    await self._stand_still()
                    done = STILL
                    continue
                await self._news.wait()
                self._news.clear()
                continue
            if wish != done or now - done_at >= _AGAIN_S:
                if await self._turn(wish):
                    done, done_at = wish, now
                else:
                    self._wish = STILL
                continue
            self._news.clear()
            try:
                await asyncio.wait_for(
                    self._news.wait(), max(min(self._until, done_at + _AGAIN_S) - now, 0.0)
                )
            except TimeoutError:
                pass

    async def _turn(self, speeds: Speeds) -> bool:
        """Tell the device. The half second runs on meanwhile: a device that answers late is stopped all the same."""
        self.moving = True  # a request that was not answered may have been heard
        try:
            device = await self.device()
            async with asyncio.timeout(max(self._until - self._clock(), 0.05)):
                await device.move(*speeds, DEVICE_HOLD_S)
        except OnvifProblem as problem:
            self._told(problem.reason)
            return False
        except TimeoutError:
            return False
        return True

    async def _stand_still(self) -> None:
        for _ in range(STOP_TRIES):
            try:
                device = await self.device()
                await device.stop()
                break
            except OnvifProblem:
                await asyncio.sleep(STOP_PAUSE_S)
        else:
            log.warning(
                "a camera was not to be stopped; it was told to stop by itself after %.0f s", DEVICE_HOLD_S
            )
        self.moving = False


class Hands:
    """The hands of all cameras that are turned by this gateway."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._hands: dict[str, tuple[object, Hand]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    def of(self, camera: str, key: object, open_device: Open, told: Callable[[str], None]) -> Hand:
        """The hand of a camera. With another `key` (address, user) than before it begins anew."""
        known = self._hands.get(camera)
        if known is not None and known[0] == key:
            return known[1]
        if known is not None:
            self._let_go(camera)
        hand = Hand(open_device, self._clock, told)
        self._hands[camera] = (key, hand)
        return hand

    def known(self, camera: str) -> Hand | None:
        """The hand of a camera that is, or lately was, turned."""
        known = self._hands.get(camera)
        return known[1] if known is not None else None

    @property
    def full(self) -> bool:
        """Whether no more cameras can be turned at the same time."""
        return len(self._hands) >= MOST_HANDS

    def look(self, now: float) -> None:
        """Let go of those that nobody turns. To be called now and then."""
        for camera, (_, hand) in list(self._hands.items()):
            if now - hand.used_at > IDLE_S and not hand.moving:
                self._let_go(camera)

    def stop_all(self) -> None:
        """Nobody is there any more who could say stop."""
        for _, hand in self._hands.values():
            hand.stop()

    async def close(self) -> None:
        """Stop whatever turns."""
        hands = [hand for _, hand in self._hands.values()]
        self._hands.clear()
        await asyncio.gather(*(hand.close() for hand in hands), return_exceptions=True)

    def dump(self) -> dict[str, object]:
        """Which turn, for people."""
        return {camera: {"moving": hand.moving} for camera, (_, hand) in self._hands.items()}

    def _let_go(self, camera: str) -> None:
        _, hand = self._hands.pop(camera)
        task = asyncio.create_task(hand.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
