"""A whole city in one meeting: ``python -m tests.bench.bench_city [--stations 500,2047]``. Prints JSON.

A real hub (control, node, recorder; SQLite), a station at every center, four consoles, plain sockets without media. Each
behaves on the line as its page does: it reads its orders when greeted, follows before it joins, asks again after 8 s, comes
back as socket.io-client does. Sign-ins are written beforehand: their slow hash is no part of this. With fewer stations the
tree is cut, so that a smaller city is a city, too. Steps, one after the other; times are seconds from the step's command:

- *connect*: all lines at once, 64 being opened at a time; each from its first byte to its greeting.
- *call*: one key convenes all; until each station has heard it.
- *join*: each answers 0.5 to 3 s later; until its joining is answered; `told`: until all is told to everybody.
- *mute*: the chair mutes all but one; until the last one is muted; `told` likewise.
- *order*: one order to all, signed by each at once; until each has heard it; `told`: until the last receipt is told.
- *back*: `kill -9` of control and a new one; until each has been greeted and has read the meeting again.

`station_kib` and `console_kib` are what one received in that step (the mean of the stations, the most of the consoles),
`lag_p99_ms` and `lag_worst_ms` how late the loop of control ran its timers (upper edges of its buckets, 10 s at most),
`control_mib` its memory at the step's end. `lost` are lines that were lost but by the kill, `missing` those who did not get
there in 150 s.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp

from clients.loadtest.machine import cpu_s, memory_bytes, own_cpu_s
from hub.descriptors import raise_descriptor_limit
from hub.rules import COMMAND_SCHEMAS
from tests.bench.city_directory import CITY, City, build_city
from tests.bench.city_people import ConsolePage, Member, StationPage, hang_up_silent
from tests.support.hub_process import HubProcess

#: Lines that are being opened at the same time.
_OPENING: Final = 64
#: A step may take so long.
LIMIT_S: Final = 150.0
#: All is told when nothing has come for so long.
_QUIET_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What control counts, at one moment."""

    at: float
    cpu_s: float
    own_cpu_s: float
    lags: tuple[tuple[float, float], ...]
    """Upper edge (s) of each bucket of the loop's lag, and how many were up to it."""


class Crowd:
    """The city on its lines, and the hub beside it."""

    def __init__(
        self,
        hub: HubProcess,
        city: City,
        http: aiohttp.ClientSession,
        station: type[StationPage] = StationPage,
        console: type[ConsolePage] = ConsolePage,
    ) -> None:
        self.hub = hub
        port = hub.http_port
        self.stations = [
            station(port, one, http, seed) for seed, one in enumerate(city.stations, len(city.consoles))
        ]
        self.consoles = [console(port, one, http, seed) for seed, one in enumerate(city.consoles)]
        self.members: list[Member] = [*self.consoles, *self.stations]
        self._http = http
        self._running: list[asyncio.Task[None]] = []

    @property
    def chair(self) -> ConsolePage:
        return self.consoles[0]

    def start(self, members: Sequence[Member]) -> None:
        """Have these connect."""
        self._running += [asyncio.create_task(member.run()) for member in members]

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def until(self, done: Callable[[], bool]) -> bool:
        """Whether it came to that in LIMIT_S."""
        deadline = time.monotonic() + LIMIT_S
        while not done():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.05)
        return True

    async def told(self, begun: float) -> float | None:
        """Seconds from `begun` to the last that was told, once it has become quiet; None if it does not."""
        if not await self.until(lambda: time.monotonic() - self._last_heard() > _QUIET_S):
            return None
        return self._last_heard() - begun

    def _last_heard(self) -> float:
        return max(member.last_heard_at for member in self.members)

    async def reading(self) -> Reading:
        """What control counts now."""
        async with self._http.get(f"{self.hub.url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        lags = [
            (float(line.partition('le="')[2].partition('"')[0]), float(line.rpartition(" ")[2]))
            for line in lines
            if line.startswith("hub_loop_lag_seconds_bucket")
        ]
        return Reading(time.monotonic(), cpu_s(self.control) or 0.0, own_cpu_s(), tuple(lags))

    @property
    def control(self) -> int:
        return self.hub.pid("control")


class Steps:
    """The scenario: each step makes a row."""

    def __init__(self, crowd: Crowd) -> None:
        self.rows: list[dict[str, Any]] = []
        self._crowd = crowd

    @asynccontextmanager
    async def _step(self, name: str, *, restarted: bool = False) -> AsyncIterator[dict[str, Any]]:
        """A row, to be given `seconds` (of each that got there, since the beginning), `of` how many, and `told`."""
        crowd = self._crowd
        before = await crowd.reading()
        if restarted:  # control counts anew
            before = replace(before, cpu_s=0.0, lags=())
        losses = sum(member.losses for member in crowd.members)
        for member in crowd.members:
            member.begin()
        row: dict[str, Any] = {"stations": len(crowd.stations), "step": name}
        found: dict[str, Any] = {}
        yield found
        after = await crowd.reading()
        seconds: list[float] = found["seconds"]
        row |= {
            "p50_s": _rank(seconds, 0.5),
            "p95_s": _rank(seconds, 0.95),
            "last_s": _rank(seconds, 1.0),
            "missing": found.get("of", len(crowd.stations)) - len(seconds),
            "told_s": None if found.get("told") is None else round(found["told"], 2),
            "lost": None if restarted else sum(member.losses for member in crowd.members) - losses,
        }
        counted = [member.count() for member in crowd.stations]
        shown = [member.count() for member in crowd.consoles]
        row |= {
            "station_kib": round(sum(size for size, _ in counted) / len(counted) / 1024, 1),
            "station_events": round(sum(events.total() for _, events in counted) / len(counted), 1),
            "console_kib": round(max(size for size, _ in shown) / 1024, 1),
            "console_events": max(events.total() for _, events in shown),
            "took_s": round(after.at - before.at, 2),
            "control_cpu_s": round(after.cpu_s - before.cpu_s, 1),
            "generator_cpu_s": round(after.own_cpu_s - before.own_cpu_s, 1),
            **_lag(before.lags, after.lags),
            "control_mib": round((memory_bytes(crowd.control) or 0) / 2**20),
        }
        self.rows.append(row)
        print(json.dumps(row), file=sys.stderr, flush=True)

    async def run(self) -> None:
        """All of them."""
        await self._connect()
        meeting = await self._call_and_join()
        await self._mute(meeting)
        await self._order()
        await self._back()

    async def _connect(self) -> None:
        crowd, room = self._crowd, asyncio.Semaphore(_OPENING)
        seconds: list[float] = []

        async def one(member: Member) -> None:
            async with room:
                begun = time.monotonic()
                crowd.start([member])
                while member.greeted_at == 0 and time.monotonic() - begun < LIMIT_S:
                    await asyncio.sleep(0.01)
                if member.greeted_at:
                    seconds.append(member.greeted_at - begun)

        async with self._step("connect") as found:
            begun = time.monotonic()
            await asyncio.gather(*(one(member) for member in crowd.members))
            found |= {"seconds": seconds, "of": len(crowd.members), "told": await crowd.told(begun)}

    async def _call_and_join(self) -> str:
        crowd = self._crowd
        async with self._step("call") as found:
            begun = time.monotonic()
            data = {"title": "全市调度", "kind": "dispatch", "subtree": CITY, "record": False}
            answer = await crowd.chair.command("meeting.open", data)
            await crowd.until(lambda: all(one.called_at for one in crowd.stations))
            found["seconds"] = [one.called_at - begun for one in crowd.stations if one.called_at]
        async with self._step("join") as found:
            await crowd.until(lambda: all(one.joined_at for one in crowd.stations))
            told = await crowd.told(begun)
            found |= {
                "seconds": [one.joined_at - begun for one in crowd.stations if one.joined_at],
                "told": told,
            }
        return str(answer["entries"][0]["meeting"])

    async def _mute(self, meeting: str) -> None:
        crowd, seconds = self._crowd, list[float]()
        spared, *others = (one.person.account.id for one in crowd.stations)
        async with self._step("mute") as found:
            begun = time.monotonic()
            if "participant.mute_all" in COMMAND_SCHEMAS:
                await crowd.chair.command("participant.mute_all", {"but": [spared]}, meeting)
                seconds = [time.monotonic() - begun] * len(others)
            else:  # one after the other, as the page's outbox sends them
                for who in others:
                    await crowd.chair.command("participant.mute", {"participant": who}, meeting)
                    seconds.append(time.monotonic() - begun)
                    if seconds[-1] > LIMIT_S:
                        break
            found |= {"seconds": seconds, "of": len(others), "told": await crowd.told(begun)}

    async def _order(self) -> None:
        crowd = self._crowd
        targets = [one.person.account.center for one in crowd.stations]
        async with self._step("order") as found:
            begun = time.monotonic()
            data = {"text": "加强堤防巡查，每两小时报告一次", "priority": "urgent", "targets": targets}
            await crowd.chair.command("order.issue", data)
            await crowd.until(lambda: all(one.signed_at for one in crowd.stations))
            found |= {
                "seconds": [one.ordered_at - begun for one in crowd.stations if one.ordered_at],
                "told": await crowd.told(begun),
            }

    async def _back(self) -> None:
        crowd = self._crowd
        async with self._step("back", restarted=True) as found:
            begun = time.monotonic()
            crowd.hub.kill("control")
            await crowd.hub.start(LIMIT_S)
            await crowd.until(lambda: all(one.followed_at > begun for one in crowd.members))
            found |= {
                "seconds": [one.followed_at - begun for one in crowd.members if one.followed_at > begun],
                "of": len(crowd.members),
                "told": await crowd.told(begun),
            }


def _rank(values: Sequence[float], share: float) -> float | None:
    ranked = sorted(values)
    return round(ranked[min(len(ranked) - 1, int(share * len(ranked)))], 2) if ranked else None


def _lag(before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """The loop's lag between two readings, by the upper edges of its buckets."""
    known = dict(before)
    rows = [(edge, count - known.get(edge, 0.0)) for edge, count in after]
    total = rows[-1][1] if rows else 0.0

    def edge_of(share: float) -> float | str | None:
        found = next((edge for edge, count in rows if count >= share * total), None)
        return (
            None if found is None or not total else ("over" if found == float("inf") else round(found * 1000))
        )

    return {"lag_p99_ms": edge_of(0.99), "lag_worst_ms": edge_of(1.0)}


async def run(stations: int) -> list[dict[str, Any]]:
    """One city."""
    with tempfile.TemporaryDirectory(prefix="bench-city-") as name:
        folder = Path(name) / "hub"
        city = await build_city(folder, stations)
        hub = HubProcess(folder)
        async with aiohttp.ClientSession() as http:
            crowd = Crowd(hub, city, http)
            steps = Steps(crowd)
            watching = asyncio.create_task(hang_up_silent(crowd.members))
            try:
                await hub.start(60)
                await steps.run()
                refusals = sum((member.refusals for member in crowd.members), Counter[str]())
                if refusals:
                    print(f"{stations} stations: the hub said {dict(refusals)}", file=sys.stderr)
            finally:
                watching.cancel()
                await crowd.stop()
                hub.stop()
    return steps.rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", default="500,2047", help="sizes of the city, one after the other")
    sizes = [int(size) for size in parser.parse_args().stations.split(",")]
    raise_descriptor_limit()
    rows = [row for size in sizes for row in asyncio.run(run(size))]
    print(json.dumps({"city": rows}, indent=1))


if __name__ == "__main__":
    main()
