"""The sample with media: some stations really send picture and sound, and hear each other, packet by packet."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import aiohttp

from clients.loadtest.hub_venue import HubVenue
from clients.loadtest.peer import LightPeer
from clients.loadtest.synthetic import VideoShape
from tests.bench.city_directory import Person

_PICTURE: Final = VideoShape(320, 180, 10, 120_000)
#: A listener takes so many sounds at once: the chair, who is called, and one more that would be wrong.
_SOUNDS: Final = 3
_AT_ONCE: Final = 4


class Sample:
    """People of one meeting, by their place in the list; the first one is the chair.

    Each sends a picture and a sound whose every packet names who sent it; each hears up to three sounds. `heard[k]` are the
    stretches in which others heard the k-th: (who listened, from, to), by the clock of `time.monotonic`.
    """

    def __init__(self, http: aiohttp.ClientSession, url: str, meeting: str, people: Sequence[Person]) -> None:
        told = [{"token": one.token, "account": {"id": one.account.id}} for one in people]
        self.people = people
        self.heard: list[list[list[float]]] = [[] for _ in people]
        self._venue = HubVenue(http, url, (), told, len(people), meeting)
        self._peers: list[LightPeer] = []
        self._open: dict[tuple[int, int], list[float]] = {}

    async def come(self) -> float:
        """Everybody sends and listens. Returns the seconds it took. Raises what a peer raises."""
        begun, room = time.monotonic(), asyncio.Semaphore(_AT_ONCE)

        async def one(place: int) -> None:
            async with room:
                sending, watching = LightPeer(), LightPeer()
                self._peers += (sending, watching)
                await sending.publish(
                    self._venue.door(place, "publish"), shapes=(_PICTURE,), source=place, named_sound=True
                )
                watching.receiver.on_sound = lambda source, now: self._note(place, source, now)
                # Beyond the publishers the venue counts the same people again, as viewers.
                door = self._venue.door(len(self.people) + place, "watch")
                await watching.watch(door, video=1, audio=_SOUNDS)

        await asyncio.gather(*(one(place) for place in range(len(self.people))))
        return time.monotonic() - begun

    async def leave(self) -> None:
        """Everybody stops."""
        await asyncio.gather(*(peer.close() for peer in self._peers), return_exceptions=True)

    @property
    def pictures(self) -> int:
        """How many listeners see a picture."""
        return sum(
            any(stream.video and stream.shown for stream in peer.receiver.streams.values())
            for peer in self._peers
        )

    def forget(self) -> None:
        """Count what is heard anew."""
        self._open.clear()
        for stretches in self.heard:
            stretches.clear()

    def _note(self, listener: int, source: int, now: float) -> None:
        stretch = self._open.get((listener, source))
        if stretch is not None and now - stretch[2] < 0.5:
            stretch[2] = now
            return
        stretch = self._open[listener, source] = [listener, now, now]
        self.heard[source].append(stretch)
