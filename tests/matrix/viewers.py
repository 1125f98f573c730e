"""Those who watch: what they have decoded, as they show and hear it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from tests.matrix.browsers import Browsers
from tests.matrix.place import Place, Refused
from tests.matrix.publishers import GST_PEER, SYSTEM_PYTHON, child, reason_in
from tests.support import flash_beep

NAMES = ("Chromium", "Firefox", "GStreamer")


class Viewer(Protocol):
    """One who watches."""

    async def judged(self) -> flash_beep.Verdict: ...


class BrowserViewer:
    """The plain page in one of the browsers."""

    def __init__(self, browsers: Browsers, name: str) -> None:
        self._browsers, self._name = browsers, name

    async def judged(self) -> flash_beep.Verdict:
        taken = await self._browsers.call(self._name, "take")
        luma, loud = ([(at, value) for at, value in taken[key]] for key in ("luma", "loud"))
        return flash_beep.judge(luma, loud)


class GStreamerViewer:
    """webrtcbin with decodebin; its output is read as it comes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._luma: list[tuple[float, float]] = []
        self._loud: list[tuple[float, float]] = []
        self.refusal = ""
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "luma" in told:
                self._luma.append((told["luma"][0], told["luma"][1]))
            elif "loud" in told:
                self._loud.append((told["loud"][0], told["loud"][1]))
            elif told.get("answer", 201) != 201:
                self.refusal = reason_in(told["text"])

    async def judged(self) -> flash_beep.Verdict:
        if self.refusal:
            raise Refused(self.refusal)
        return flash_beep.judge(self._luma, self._loud)


@asynccontextmanager
async def watching(place: Place, name: str, codec: str, browsers: Browsers) -> AsyncIterator[Viewer]:
    """A viewer from now on. Raises Refused with the reason, the hub's or its own."""
    if name != "GStreamer":
        await browsers.watch(name.lower(), place.whep, place.leader.token, codec)
        yield BrowserViewer(browsers, name.lower())
        return
    if codec == "AV1":
        raise Refused("it does not receive AV1")
    async with gstreamer_viewer(place) as viewer:
        yield viewer


@asynccontextmanager
async def gstreamer_viewer(place: Place) -> AsyncIterator[GStreamerViewer]:
    """webrtcbin watches from now on."""
    arguments = ("watch", place.whep, place.leader.token, "any", "max-bundle")
    async with child(SYSTEM_PYTHON, str(GST_PEER), *arguments) as process:
        viewer = GStreamerViewer(process)
        try:
            yield viewer
        finally:
            viewer.task.cancel()
            await asyncio.gather(viewer.task, return_exceptions=True)
