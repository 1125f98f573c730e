"""What control asks of cameras by ONVIF over the link (docs/link.md): `onvif.*` to look, `ptz.*` to turn."""

from __future__ import annotations

import asyncio
import base64
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Final, TypeVar

from hub.errors import Refusal
from hub.gateway.discovery import NotAsked, ask_each, discover
from hub.gateway.onvif import Device, OnvifProblem, open_device
from hub.gateway.reach import Network
from hub.gateway.turning import Hand, Hands, Speeds
from hub.link import CallHandler
from hub.media.node import arguments

#: Pictures of devices go over the link in base64, whose frames have an end.
MOST_PICTURE_BYTES: Final = 700_000
DISCOVERIES_AT_ONCE: Final = 1
Told = TypeVar("Told")
Open = Callable[[str, str, str, Sequence[Network]], Awaitable[Device]]


class OnvifCalls:
    """Answers them. `tell` is an event to control; `open_` is another way to devices, for tests."""

    def __init__(
        self,
        networks: Sequence[Network],
        clock: Callable[[], float],
        tell: Callable[[str, dict[str, Any]], None],
        open_: Open = open_device,
    ) -> None:
        self.hands = Hands(clock)
        self._networks = networks
        self._tell = tell
        self._open = open_
        self._discovering = asyncio.Semaphore(DISCOVERIES_AT_ONCE)

    def calls(self) -> Mapping[str, CallHandler]:
        """The calls, by name."""
        return {
            "onvif.profiles": self._profiles,
            "onvif.picture": self._picture,
            "onvif.discover": self._discover,
            "ptz.move": self._move,
            "ptz.stop": self._stop,
            "ptz.presets": self._presets,
            "ptz.recall": self._recall,
            "ptz.remember": self._remember,
            "ptz.forget": self._forget,
        }

    async def _profiles(self, args: dict[str, Any]) -> dict[str, Any]:
        device = await _answered(self._open(*_reached(args), self._networks))
        try:
            found = await _answered(device.profiles())
            maker = await device.maker()
        finally:
            await device.close()
        return {"profiles": [asdict(each) for each in found], "device": asdict(maker)}

    async def _picture(self, args: dict[str, Any]) -> dict[str, Any]:
        device = await _answered(self._open(*_reached(args), self._networks))
        try:
            data = await _answered(device.snapshot(str(args.get("profile") or "")))
        finally:
            await device.close()
        if not data.startswith(b"\xff\xd8") or len(data) > MOST_PICTURE_BYTES:
            raise Refusal("unavailable", "the camera gives no picture that can be used", "malformed")
        return {"jpeg": base64.b64encode(data).decode("ascii"), "bytes": len(data)}

    async def _discover(self, args: dict[str, Any]) -> dict[str, Any]:
        async with self._discovering:
            network = str(args.get("network") or "")
            try:
                found = await (ask_each(network, self._networks) if network else discover(self._networks))
            except NotAsked:
                raise Refusal("invalid", "this is no small network of cameras", "network") from None
        return {"found": [asdict(each) for each in found]}

    async def _move(self, args: dict[str, Any]) -> None:
        camera = arguments.text(args, "camera")
        if self.hands.known(camera) is None and self.hands.full:
            raise Refusal("too_many", "this gateway turns as many cameras as it can", "camera")
        self._hand(args).move(Speeds(*(_speed(args, name) for name in ("pan", "tilt", "zoom"))))

    async def _stop(self, args: dict[str, Any]) -> None:
        hand = self.hands.known(arguments.text(args, "camera"))
        if hand is not None:
            hand.stop()

    async def _presets(self, args: dict[str, Any]) -> dict[str, Any]:
        device = await _answered(self._hand(args).device())
        found = await _answered(device.presets())
        return {"presets": [asdict(each) for each in found]}

    async def _recall(self, args: dict[str, Any]) -> None:
        hand = self._hand(args)
        hand.stop()
        device = await _answered(hand.device())
        await _answered(device.recall(arguments.text(args, "preset")))

    async def _remember(self, args: dict[str, Any]) -> dict[str, Any]:
        """Where the camera looks now, standing still."""
        hand = self._hand(args)
        hand.stop()
        device = await _answered(hand.device())
        name, preset = str(args.get("name") or ""), str(args.get("preset") or "")
        return {"token": await _answered(device.remember(name, preset))}

    async def _forget(self, args: dict[str, Any]) -> None:
        device = await _answered(self._hand(args).device())
        await _answered(device.forget(arguments.text(args, "preset")))

    def _hand(self, args: dict[str, Any]) -> Hand:
        camera, reached = arguments.text(args, "camera"), _reached(args)
        return self.hands.of(
            camera,
            reached,
            partial(self._open, *reached, self._networks),
            lambda reason: self._tell("ptz.refused", {"camera": camera, "reason": reason}),
        )


async def _answered(question: Awaitable[Told]) -> Told:
    """The answer of a device. Raises Refusal("unavailable"), whose field is the reason."""
    try:
        return await question
    except OnvifProblem as problem:
        raise Refusal("unavailable", "the camera does not do this", problem.reason) from None


def _reached(args: dict[str, Any]) -> tuple[str, str, str]:
    return arguments.text(args, "onvif"), str(args.get("user") or ""), str(args.get("password") or "")


def _speed(args: dict[str, Any], name: str) -> float:
    value = args.get(name, 0.0)
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not math.isfinite(value)
        or abs(value) > 1
    ):
        raise Refusal("invalid", "a speed is a number from -1 to 1", name)
    return float(value)
