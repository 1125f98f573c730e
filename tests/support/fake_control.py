"""Control as the recorder sees it: a real link server that writes down what it is told."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from hub.errors import Refusal
from hub.link import Link, LinkServer
from tests.support.waiting import eventually

LINK_KEY = "key-of-the-test"


class FakeControl:
    """`opened` and `closed` are the parts it was told of, in order; `takes` False lets it refuse as unavailable."""

    def __init__(self) -> None:
        self.port = 0
        self.link: Link | None = None
        self.hellos: list[dict[str, Any]] = []
        self.opened: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.troubles: list[dict[str, Any]] = []
        self.fed: list[dict[str, Any]] = []
        self.writing: list[dict[str, Any]] = []
        self.takes = True
        self._runner: web.AppRunner | None = None
        self._server: LinkServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/link"

    async def start(self) -> None:
        """Listen; again on the same port after `stop`."""
        self._server = LinkServer(LINK_KEY, self._welcome)
        app = web.Application()
        app.router.add_get("/link", self._server.handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Go away, as a killed control does."""
        if self._server is not None and self._runner is not None:
            await self._server.close()
            await self._runner.cleanup()
        self.link = self._server = self._runner = None

    async def recorder(self, hellos: int = 1, timeout_s: float = 10.0) -> Link:
        """The link of the recorder, once it has said hello so many times."""
        await eventually(
            lambda: self.link is not None and len(self.hellos) >= hellos, timeout_s, "no recorder says hello"
        )
        assert self.link is not None
        return self.link

    async def open_recording(self, recording: str, meeting: str) -> dict[str, Any]:
        link = await self.recorder()
        return await link.call(
            "recording.open",
            {"recording": recording, "meeting": meeting, "folder": f"{meeting}/{recording}"},
        )

    async def _welcome(self, link: Link, hello: dict[str, Any]) -> None:
        link.calls = {"part.opened": self._part_opened, "part.closed": self._part_closed}
        link.events = {
            "trouble": self.troubles.append,
            "fed": self.fed.append,
            "writing": self.writing.append,
        }
        self.hellos.append(hello)
        self.link = link
        await asyncio.sleep(0)

    async def _part_opened(self, args: dict[str, Any]) -> dict[str, Any]:
        self._require_taking()
        self.opened.append(args)
        return {}

    async def _part_closed(self, args: dict[str, Any]) -> dict[str, Any]:
        self._require_taking()
        self.closed.append(args)
        return {}

    def _require_taking(self) -> None:
        if not self.takes:
            raise Refusal("unavailable", "the journal cannot be written")
