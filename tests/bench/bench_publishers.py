"""Many begin to send in one meeting: ``python -m tests.bench.bench_publishers [--publishers 200] [--watched 3]``. Prints JSON.

A real hub with one node. A call of one lecturer and 20 viewers runs; then so many stations enter another meeting all at once:
each follows it, publishes a small picture (320x180, 10 fps) and sound, opens a watch session and selects the three stations
after it. Measured are the time until each of them shows all three pictures, counted from the beginning, and the delay of the
running call meanwhile (see the lecture for what a delay is). All stations and viewers live in one process on the same machine.
The events and bytes are what one station heard by its socket.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiohttp

from clients.loadtest.crowd import FAILURES, RUNNING, Crowd, Watching
from clients.loadtest.hub_http import HubRefused, command, http_session
from clients.loadtest.hub_venue import HubVenue
from clients.loadtest.machine import cpu_s, memory_bytes
from clients.loadtest.measuring import Hub, Measuring, measure
from clients.loadtest.peer import LightPeer
from clients.loadtest.run import rare_collection
from clients.loadtest.synthetic import VideoShape, audio_frames, video_frames
from hub.descriptors import raise_descriptor_limit
from tests.bench.bench_lecture import PICTURE
from tests.bench.city_directory import Person, build_city
from tests.bench.hub_line import HubLine, LineLost, Refused
from tests.support.hub_process import HubProcess

SMALL: Final = VideoShape(320, 180, 10, 150_000)
_VIEWERS: Final = 20
_LIMIT_S: Final = 90.0
_SETTLE_S: Final = 2.0
_ANSWER_S: Final = 30.0


class Hall(HubVenue):
    """A meeting of the hub whose persons have light lines; what each hears is counted by its line."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        hub: HubProcess,
        people: Sequence[Person],
        publishers: int,
        meeting: str,
    ) -> None:
        accounts = [{"token": one.token, "account": {"id": one.account.id}} for one in people]
        super().__init__(http, hub.url, (), accounts, publishers, meeting)
        self.lines: dict[int, HubLine] = {}
        self._port = hub.http_port

    async def ask(self, person: int, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """HubVenue: over this person's line. Raises HubRefused."""
        try:
            if person not in self.lines:
                token = str(self.accounts[person]["token"])
                line = self.lines[person] = HubLine(self._port, token, lambda name, body: None)
                await line.open(_ANSWER_S)
            answer: dict[str, Any] = json.loads(await self.lines[person].call(event, data, _ANSWER_S))
        except (LineLost, Refused) as error:
            raise HubRefused(0, f"{event}: {error}") from error
        return answer

    async def close(self) -> None:
        """Venue."""
        for line in self.lines.values():
            line.close()


class Station:
    """One of those who enter: sends, and watches the ones after it."""

    def __init__(self, hall: Hall, number: int, watched: Sequence[int]) -> None:
        self.shows_all_at = 0.0
        self.failure = ""
        self.sending, self.watching = (
            LightPeer(connect_s=_LIMIT_S),
            LightPeer(connect_s=_LIMIT_S, sample_every=1),
        )
        self._hall = hall
        self._number = number
        self._watched = watched

    async def enter(self) -> None:
        """Until all that is selected is shown; who fails is only counted."""
        hall, number = self._hall, self._number
        try:
            async with asyncio.timeout(_LIMIT_S):
                await hall.ask(number, "follow", {"meeting": hall.meeting, "since": 0})
                await hall.command(number, "meeting.join", {}, in_meeting=True)
                await self.sending.publish(hall.door(number, "publish"), shapes=(SMALL,), source=number)
                await self.watching.watch(hall.door(number, "watch"), video=len(self._watched), audio=1)
                admitted = self.watching.admitted
                assert admitted is not None
                await hall.select(number, admitted, [hall.participant(one) for one in self._watched])
                while self._shown() != list(self._watched):
                    await asyncio.sleep(0.05)
                self.shows_all_at = time.monotonic()
        except FAILURES as error:
            self.failure = f"{type(error).__name__}: {error}"

    def _shown(self) -> list[int]:
        """Whose pictures the slots show now, by slot."""
        shown = self.watching.receiver.shown
        return [shown[mid] for mid in sorted(shown, key=int)]

    async def leave(self) -> None:
        await asyncio.gather(self.sending.close(), self.watching.close())


async def run(publishers: int, watched: int) -> dict[str, Any]:
    """One crowd of publishers beside a running call."""
    for shape in (SMALL, PICTURE):
        video_frames(shape)  # encoding is done before anything is measured
    audio_frames()
    with tempfile.TemporaryDirectory(prefix="bench-publishers-") as name:
        folder = Path(name) / "hub"
        city = await build_city(folder, publishers + _VIEWERS + 1)
        hub = HubProcess(folder)
        async with http_session() as http:
            try:
                await hub.start(60)
                entering, calling = city.stations[:publishers], city.stations[publishers:]
                chair = city.consoles[0].token
                call = Hall(http, hub, calling, 1, await _convene(http, hub, chair, calling))
                hall = Hall(http, hub, entering, publishers, await _convene(http, hub, chair, entering))
                with rare_collection():
                    return await _measured(hub, call, hall, watched)
            finally:
                hub.stop()


async def _convene(http: aiohttp.ClientSession, hub: HubProcess, token: str, people: Sequence[Person]) -> str:
    centers = sorted({one.account.center for one in people})
    data = {"title": "调度", "kind": "dispatch", "centers": centers, "record": False}
    answer = await command(http, hub.url, token, "meeting.open", None, data)
    return str(answer["entries"][0]["meeting"])


async def _measured(hub: HubProcess, call: Hall, hall: Hall, watched: int) -> dict[str, Any]:
    pids = Hub({"control": hub.pid("control"), "node": hub.pid("node")})
    lecturer, running = LightPeer(), Crowd(lambda person: call.door(person, "watch"), Watching().of(RUNNING))
    count = hall.publishers
    stations = [
        Station(hall, number, [(number + after) % count for after in range(1, watched + 1)])
        for number in range(count)
    ]
    try:
        await lecturer.publish(call.door(0, "publish"), shapes=(PICTURE,))
        await running.join(range(1, _VIEWERS + 1), 4)
        await asyncio.sleep(_SETTLE_S)
        before = await measure("before", running, [lecturer], pids, 5.0)
        measuring = Measuring(running, [lecturer], pids)
        await measuring.begin()
        control_s, began = cpu_s(pids.pids["control"]) or 0.0, time.monotonic()
        await asyncio.gather(*(station.enter() for station in stations))
        control_s = (cpu_s(pids.pids["control"]) or 0.0) - control_s
        during = (await measuring.end("entering")).told()
        there = sorted(one.shows_all_at - began for one in stations if one.shows_all_at)
        failures = sorted({one.failure for one in stations if one.failure})
        heard = [line.events.total() for line in hall.lines.values()]
        heard_bytes = [line.bytes_in for line in hall.lines.values()]
        control_mib = round((memory_bytes(pids.pids["control"]) or 0) / 2**20)
    finally:
        await asyncio.gather(*(station.leave() for station in stations))
        await running.leave()
        await lecturer.close()
        await hall.close()
    row = {
        "publishers": count,
        "watch_each": watched,
        "show_all": len(there),
        "p50_s": round(there[len(there) // 2], 2) if there else None,
        "last_s": round(there[-1], 2) if there else None,
        "delay_p95_before_ms": before.told()["seen"]["delay_ms"]["p95"],
        "delay_p95_meanwhile_ms": during["seen"]["delay_ms"]["p95"],
        "delay_worst_meanwhile_ms": during["seen"]["delay_ms"]["max"],
        "lost_meanwhile_permille": during["seen"]["video_loss_permille"],
        "station_events": round(sum(heard) / max(1, len(heard)), 1),
        "station_kib": round(sum(heard_bytes) / max(1, len(heard)) / 1024, 1),
        "control_cpu_s": round(control_s, 1),
        "control_mib": control_mib,
        "node_cpu": during["cost"]["cpu"].get("node"),
        "generator_cpu": during["generator"]["busiest_process"],
    }
    return {"publishers": [row], "failures": failures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publishers", type=int, default=200)
    parser.add_argument("--watched", type=int, default=3)
    options = parser.parse_args()
    raise_descriptor_limit()
    print(json.dumps(asyncio.run(run(options.publishers, options.watched)), indent=1))


if __name__ == "__main__":
    main()
