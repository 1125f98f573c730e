"""Viewers in further processes: one core counts about a hundred thousand packets a second, more cores more.

Each worker is told by lines of JSON on its standard input and answers each by one on its standard output; it ends
when its input does.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Collection
from types import TracebackType
from typing import Any, Final

from clients.loadtest.answers import Habits
from clients.loadtest.crowd import Crowd, Pulse, Viewers, Watching
from clients.loadtest.histogram import Histogram
from clients.loadtest.hub_http import http_session
from clients.loadtest.hub_venue import HubVenue
from clients.loadtest.tally import Tally

_LINE_BYTES: Final = 1 << 26
_STOP_S: Final = 10.0


class WorkerFailed(OSError):
    """A worker ended or answered nonsense."""


class Worker:
    """One process, seen from the first one."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._turn = asyncio.Lock()

    @classmethod
    async def start(cls, setup: dict[str, Any]) -> Worker:
        """Start a process that works at the same venue."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "clients.loadtest.workers",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            start_new_session=True,  # Ctrl-C is for the first process, which lets this one end in good order
        )
        worker = cls(process)
        await worker.ask(setup)
        return worker

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Tell it something and wait for its answer. Raises WorkerFailed."""
        reading, writing = self._process.stdout, self._process.stdin
        if reading is None or writing is None:
            raise WorkerFailed("a worker without pipes")
        async with self._turn:
            try:
                writing.write(json.dumps(request).encode() + b"\n")
                await writing.drain()
                line = await reading.readline()
            except OSError as error:
                raise WorkerFailed(f"a worker has ended: {error}") from error
        if not line:
            raise WorkerFailed(f"a worker has ended with {await self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def stop(self) -> None:
        """End it: kindly, then by force."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_S)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Workers:
    """``async with Workers(count, …)``: so many processes beside this one, ended with the block."""

    def __init__(self, count: int, venue: HubVenue, watching: Watching) -> None:
        self.count = count
        self._setup = {
            "url": venue.url,
            "meeting": venue.meeting,
            "accounts": list(venue.accounts),
            "publishers": venue.publishers,
            "watching": dataclasses.asdict(watching),
        }
        self.workers: list[Worker] = []

    async def __aenter__(self) -> Workers:
        try:
            for _ in range(self.count):
                self.workers.append(await Worker.start(self._setup))
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    async def _stop(self) -> None:
        await asyncio.gather(*(worker.stop() for worker in self.workers))

    def crowd(self, name: str, here: Crowd) -> Viewers:
        """A crowd of this name, in all processes, this one included."""
        return SpreadCrowd(name, here, self.workers)


class SpreadCrowd:
    """Viewers: each person in one of the processes."""

    def __init__(self, name: str, here: Crowd, workers: Collection[Worker]) -> None:
        self._name = name
        self._here = here
        self._workers = list(workers)

    async def _ask(self, request: str, **more: Any) -> list[dict[str, Any]]:
        asked = {"do": request, "crowd": self._name, **more}
        return await asyncio.gather(*(worker.ask(asked) for worker in self._workers))

    async def join(self, persons: Collection[int], at_once: int) -> None:
        """Viewers."""
        shares = len(self._workers) + 1
        ordered = list(persons)
        each = max(1, -(-at_once // shares))
        joins = [
            worker.ask(
                {"do": "join", "crowd": self._name, "persons": ordered[index::shares], "at_once": each}
            )
            for index, worker in enumerate(self._workers, 1)
        ]
        await asyncio.gather(self._here.join(ordered[::shares], each), *joins)

    async def begin(self) -> None:
        """Viewers."""
        await asyncio.gather(self._here.begin(), self._ask("begin"))

    async def tally(self) -> Tally:
        """Viewers."""
        tally = await self._here.tally()
        for answer in await self._ask("tally"):
            tally.merge(Tally.from_json(answer))
        return tally

    async def pulse(self) -> Pulse:
        """Viewers."""
        pulse = await self._here.pulse()
        for answer in await self._ask("pulse"):
            delays = Histogram.from_json(answer["delays"])
            pulse.merge(Pulse(answer["packets"], answer["playing"], delays))
        return pulse

    async def leave(self) -> None:
        """Viewers."""
        await asyncio.gather(self._here.leave(), self._ask("leave"))


# --- in the worker ------------------------------------------------------------------------------------


async def _work() -> None:
    reading = asyncio.StreamReader(limit=_LINE_BYTES)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reading), sys.stdin)
    setup = json.loads(await reading.readline())
    told = setup["watching"]
    watching = Watching(**{**told, "habits": Habits(**told["habits"]), "allowed": tuple(told["allowed"])})
    crowds: dict[str, Crowd] = {}
    async with http_session() as http:
        venue = HubVenue(
            http, setup["url"], watching.allowed, setup["accounts"], setup["publishers"], setup["meeting"]
        )
        _tell({})
        while line := await reading.readline():
            request = json.loads(line)
            name = request["crowd"]
            if name not in crowds:
                crowds[name] = Crowd(lambda person: venue.door(person, "watch"), watching.of(name))
            _tell(await _do(crowds[name], request))
        for crowd in crowds.values():
            await crowd.leave()


async def _do(crowd: Crowd, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "join":
            await crowd.join(request["persons"], request["at_once"])
        case "begin":
            await crowd.begin()
        case "tally":
            return (await crowd.tally()).to_json()
        case "pulse":
            pulse = await crowd.pulse()
            return {"packets": pulse.packets, "playing": pulse.playing, "delays": pulse.delays.to_json()}
        case "leave":
            await crowd.leave()
    return {}


def _tell(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    import gc

    gc.set_threshold(100_000, 50, 1000)
    try:
        asyncio.run(_work())
    except KeyboardInterrupt:
        pass
