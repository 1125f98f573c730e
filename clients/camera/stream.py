"""One stream while it is sent: pictures at their time, to everybody who plays it, each numbered for himself."""

from __future__ import annotations

import asyncio
import secrets
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from clients.camera.faults import Faults
from clients.camera.packets import payloads
from clients.camera.scene import Scene, Shot
from clients.camera.sounds import Sound

_HEADER: Final = struct.Struct(">BBHII")
_TEN_HOURS: Final = 10 * 3600 * 90_000
_STRAY: Final = b"\0\xff\0Mx"


@dataclass(eq=False)
class Listener:
    """Who plays a stream. `send` takes the packets of one picture, `sound` those of what it `hears`, where they are wanted."""

    send: Callable[[list[bytes]], None] | None
    sound: Callable[[list[bytes]], None] | None = None
    hears: Sound | None = None
    sequence: int = field(default_factory=lambda: secrets.randbelow(1 << 16))
    ssrc: int = field(default_factory=lambda: secrets.randbelow(1 << 32))
    stamp: int = field(default_factory=lambda: secrets.randbelow(1 << 32))
    begun_at: float = 0.0
    sounded: int = 0
    started: bool = False


class Stream:
    """The pictures of a scene, sent while anybody listens. `scene` may be replaced while it runs."""

    def __init__(self, scene: Scene, faults: Faults) -> None:
        self.scene = scene
        self.faults = faults
        self.listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._stretch: list[Shot] = []
        self._count = 0

    def play(self, listener: Listener) -> None:
        """Send to this one too, beginning with the key frame of the stretch that is being sent."""
        listener.begun_at = time.monotonic() + self.faults.late_start_s
        self.listeners.add(listener)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def stop(self, listener: Listener) -> None:
        """This one listens no more."""
        self.listeners.discard(listener)
        if not self.listeners and self._task is not None:
            self._task.cancel()
            self._task = None
            self._stretch.clear()

    async def _run(self) -> None:
        while True:
            scene = self.scene
            number = int(time.time() // scene.stretch_s)
            begins = number * scene.stretch_s
            if not scene.known(number):
                await asyncio.to_thread(scene.stretch, number)
            self._stretch.clear()
            ahead = asyncio.create_task(asyncio.to_thread(scene.stretch, number + 1))
            for index, shot in enumerate(scene.stretch(number)):
                await asyncio.sleep(max(begins + index / scene.fps - time.time(), 0))
                if scene is not self.scene:
                    break
                self._stretch.append(shot)
                self._show(shot, begins)
            await ahead
            await asyncio.sleep(max(begins + scene.stretch_s - time.time(), 0) if scene is self.scene else 0)

    def _show(self, shot: Shot, begins: float) -> None:
        if self.faults.silent:
            return
        now = time.monotonic()
        for listener in list(self.listeners):
            if now < listener.begun_at:
                continue
            if listener.send is None:
                pass
            elif listener.started or self.faults.midway:
                self._send(listener, shot, begins)
            else:
                for earlier in self._stretch:
                    self._send(listener, earlier, begins)
            listener.started = True
            if listener.sound is not None:
                self._sound(listener, now)

    def _send(self, listener: Listener, shot: Shot, begins: float) -> None:
        parts = payloads(shot, self.scene, self.faults)
        stamp = self._stamp(listener, shot, begins)
        packets: list[bytes] = []
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            marker = {"right": last, "none": False, "all": True}[self.faults.marks]
            sequence, listener.sequence = listener.sequence, (listener.sequence + 1) & 0xFFFF
            self._count += 1
            if self.faults.loss and self._count % self.faults.loss == 0:
                continue
            packets.append(_HEADER.pack(0x80, 96 | marker << 7, sequence, stamp, listener.ssrc) + part)
        if listener.send is not None:
            listener.send(packets)

    def _stamp(self, listener: Listener, shot: Shot, begins: float) -> int:
        media = (begins + shot.at_s) % 86_400
        stamp = listener.stamp + round(media * 90_000)
        match self.faults.stamps:
            case "zero":
                stamp = 0
            case "midnight":
                stamp = round(media * 90_000)
            case "still":
                stamp = listener.stamp
            case "half":
                stamp = listener.stamp + round(media * 45_000)
            case "double":
                stamp = listener.stamp + round(media * 180_000)
            case "jump":
                stamp += _TEN_HOURS if int(media / 2) % 2 else -_TEN_HOURS
            case "right":
                pass
        return stamp & 0xFFFF_FFFF

    def _sound(self, listener: Listener, now: float) -> None:
        """As much of it as the time since the beginning is long."""
        hears = listener.hears
        if listener.sound is None or hears is None:
            return
        due = int((now - listener.begun_at) * hears.rate / hears.samples)
        packets = []
        while listener.sounded < due:
            number = listener.sounded
            stamp = number * hears.samples & 0xFFFF_FFFF
            head = _HEADER.pack(0x80, hears.payload_type | 0x80, number & 0xFFFF, stamp, listener.ssrc ^ 1)
            packets.append(head + hears.payloads[number % len(hears.payloads)])
            listener.sounded += 1
        if packets:
            listener.sound(packets)


def stray_bytes() -> bytes:
    """What some cameras send between packets: nothing that means anything."""
    return _STRAY
