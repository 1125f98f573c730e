"""A media node under test, with a control that calls it over the real link and remembers what it tells."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from hub.coordination.service import OPEN_TIMEOUT_S
from hub.link import Link, LinkServer
from hub.media.ingest.upload_cap import PUBLISHER_BPS
from hub.media.node.process import Node, NodeConfig
from tests.support.waiting import eventually

EVENTS = (
    *("peer", "sources", "slots", "levels", "quality", "pause", "dropped", "relay.stream"),
    *("layers", "tiles", "downlink", "stats"),
)


class Closable(Protocol):
    """Something a test opens; closing it twice does no harm."""

    async def close(self) -> None: ...


class FakeControl:
    """Control's end of the link: asks, and keeps every event in order."""

    def __init__(self) -> None:
        self.link: Link | None = None
        self.hellos: list[dict[str, Any]] = []
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.url = ""
        #: Clients made against this control, to be closed with the test whatever happened in it.
        self.clients: list[Closable] = []
        self._server = LinkServer("key", self._on_link)
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_get("/link", self._server.handle)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        bound = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{bound}/link"

    async def stop(self) -> None:
        for client in self.clients:
            await client.close()
        await self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def call(self, method: str, **args: Any) -> dict[str, Any]:
        assert self.link is not None
        return await self.link.call(method, args, OPEN_TIMEOUT_S if method == "peer.open" else 5.0)

    def of(self, event: str, **match: Any) -> list[dict[str, Any]]:
        """The events of this name whose data has these values, oldest first."""
        return [
            data
            for name, data in self.told
            if name == event and all(data.get(key) == value for key, value in match.items())
        ]

    async def _on_link(self, link: Link, hello: dict[str, Any]) -> None:
        link.events = {name: functools.partial(self._heard, name) for name in EVENTS}
        self.hellos.append(hello)
        self.link = link
        await link.closed.wait()
        if self.link is link:
            self.link = None

    def _heard(self, name: str, data: dict[str, Any]) -> None:
        self.told.append((name, data))


@contextlib.asynccontextmanager
async def media_node(
    orphan_timeout_s: float = 60.0, publisher_bps: int = PUBLISHER_BPS
) -> AsyncIterator[tuple[FakeControl, Node]]:
    """A node in this process on ephemeral ports, linked with a control; all of it ends with the block."""
    control = FakeControl()
    await control.start()
    config = node_config(control.url, orphan_timeout_s)
    node = Node(dataclasses.replace(config, publisher_bps=publisher_bps))
    running = asyncio.create_task(node.run())
    try:
        await eventually(lambda: control.link is not None, why="the node has not linked")
        yield control, node
    finally:
        node.stopping.set()
        await running
        await control.stop()


def node_config(link_url: str, orphan_timeout_s: float = 60.0) -> NodeConfig:
    """Settings of a node on loopback that needs nothing."""
    return NodeConfig(
        node_id="node-under-test",
        link_url=link_url,
        link_key="key",
        media_host=("127.0.0.1",),
        media_bind="127.0.0.1",
        media_port=0,
        data_dir=Path("."),
        orphan_timeout_s=orphan_timeout_s,
    )
