"""Many viewers of one process: let in a few at a time or all at once, counted together."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Protocol

import aiohttp

from clients.loadtest.answers import Habits
from clients.loadtest.histogram import Histogram
from clients.loadtest.hub_http import HubRefused
from clients.loadtest.machine import own_cpu_s
from clients.loadtest.peer import Door, LightPeer, sweeper
from clients.loadtest.tally import Tally
from clients.loadtest.transport import Disconnected
from hub.errors import Refusal
from hub.wire.sdp import SdpError, SdpUnsupported

#: What may keep one peer out; a bug of ours is none of these and ends the run.
FAILURES: Final = (
    Disconnected,
    HubRefused,
    Refusal,
    SdpError,
    SdpUnsupported,
    aiohttp.ClientError,
    TimeoutError,
    ConnectionError,
)


#: The crowd of a call that runs while others join.
RUNNING: Final = "running"


@dataclass(frozen=True, slots=True)
class Watching:
    """How the viewers of a crowd watch. `sample_every`: of so many frames one is opened for its delay."""

    video: int = 1
    audio: int = 1
    sample_every: int = 10
    habits: Habits = field(default_factory=Habits)
    allowed: tuple[str, ...] = ()
    #: How long a viewer may take to connect: in a storm each waits for all before it.
    connect_s: float = 10.0

    def of(self, crowd: str) -> Watching:
        """How this crowd watches: of a running call, which is small, the delay of every picture is measured."""
        return dataclasses.replace(self, sample_every=1) if crowd == RUNNING and self.sample_every else self


@dataclass(slots=True)
class Pulse:
    """Packets and delays of all viewers since the pulse before, and how many viewers have a picture now."""

    packets: int = 0
    playing: int = 0
    delays: Histogram = field(default_factory=Histogram)

    def merge(self, other: Pulse) -> None:
        """Count `other` too."""
        self.packets += other.packets
        self.playing += other.playing
        self.delays.merge(other.delays)


class Viewers(Protocol):
    """A crowd, in this process or in others."""

    async def join(self, persons: Collection[int], at_once: int) -> None:
        """Let these persons in as viewers, `at_once` of them at the same time. Who fails is only counted.

        When all come at once, their times are told since the beginning of that.
        """

    async def begin(self) -> None:
        """Count anew from here on."""

    async def tally(self) -> Tally:
        """Everything counted since `begin`."""

    async def pulse(self) -> Pulse:
        """What came since the last pulse."""

    async def leave(self) -> None:
        """Everybody leaves."""


class Crowd:
    """The viewers of this process. `door_of` gives each person a way in."""

    def __init__(self, door_of: Callable[[int], Door], watching: Watching) -> None:
        self.peers: list[LightPeer] = []
        self.delays = Histogram()
        self._door_of = door_of
        self._watching = watching
        self._failures: Counter[str] = Counter()
        self._own_drops = 0
        self._pulsed = (0, Histogram())
        self._cpu_s = own_cpu_s()
        self._began = time.monotonic()

    async def join(self, persons: Collection[int], at_once: int) -> None:
        """Viewers: let them in."""
        room = asyncio.Semaphore(at_once)
        began = time.monotonic() if at_once >= len(persons) > 1 else None

        async def one(person: int) -> None:
            async with room:
                watching = self._watching
                peer = LightPeer(
                    allowed=watching.allowed,
                    sample_every=watching.sample_every,
                    habits=watching.habits,
                    delays=self.delays,
                    connect_s=watching.connect_s,
                    began=began,
                )
                self.peers.append(peer)
                try:
                    await peer.watch(self._door_of(person), video=watching.video, audio=watching.audio)
                except FAILURES as error:
                    if not peer.transport.failure:
                        self._failures[f"{type(error).__name__}: {error}"] += 1

        await asyncio.gather(*(one(person) for person in persons))

    async def begin(self) -> None:
        """Viewers: count anew."""
        for peer in self.peers:
            peer.receiver.begin()
        self.delays.clear()
        self._pulsed = (0, Histogram())
        sweeper().late_s = 0.0
        self._own_drops = sum(peer.transport.dropped_by_kernel for peer in self.peers)
        self._cpu_s, self._began = own_cpu_s(), time.monotonic()

    async def tally(self) -> Tally:
        """Viewers: what was counted."""
        cpu_s = own_cpu_s() - self._cpu_s
        took = time.monotonic() - self._began
        tally = tally_of(self.peers)
        tally.delays.merge(self.delays)
        tally.failures.update(self._failures)
        tally.own_drops -= self._own_drops
        tally.cpu_s, tally.busiest = cpu_s, cpu_s / max(took, 1e-9)
        tally.late_s = sweeper().late_s
        if sweeper().failed:
            tally.failures["a bug of the load generator"] += sweeper().failed
        return tally

    async def pulse(self) -> Pulse:
        """Viewers: what came since the last one."""
        streams = [stream for peer in self.peers for stream in peer.receiver.streams.values()]
        packets, delays = sum(stream.packets for stream in streams), self.delays.copy()
        before, self._pulsed = self._pulsed, (packets, delays)
        playing = sum(stream.shown > 0 for stream in streams)
        return Pulse(packets - before[0], playing, delays.since(before[1]))

    async def leave(self) -> None:
        """Viewers: all leave, a few at a time."""
        room = asyncio.Semaphore(32)

        async def one(peer: LightPeer) -> None:
            async with room:
                await peer.close()

        peers, self.peers = self.peers, []
        await asyncio.gather(*(one(peer) for peer in peers))


def tally_of(peers: Iterable[LightPeer]) -> Tally:
    """What these viewers saw."""
    tally = Tally()
    for peer in peers:
        tally.add(peer)
    return tally
