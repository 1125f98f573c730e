"""A load test's venue without a hub: a bare node process on a core of its own, called over the link as control does."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from clients.loadtest.peer import Admitted, Door
from clients.loadtest.plan import Plan
from clients.loadtest.run import perform
from clients.loadtest.venue import OnMedia
from hub.coordination.dumps import whole_dump
from tests.support.media_node import FakeControl
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

MEETING = "m_loadtest"
_LISTEN_S = 0.02


class NodeVenue:
    """Venue of the load generator over `FakeControl`."""

    def __init__(self, control: FakeControl) -> None:
        self._control = control
        self._numbers = itertools.count(1)
        self._listening: list[asyncio.Task[None]] = []

    def participant(self, person: int) -> str:
        return f"a_{person}"

    def door(self, person: int, direction: str) -> Door:
        async def offer(text: str) -> Admitted:
            peer = f"s_{next(self._numbers)}"
            opened = await self._control.call(
                "peer.open",
                peer=peer,
                meeting=MEETING,
                participant=self.participant(person),
                direction=direction,
                offer=text,
            )

            async def leave() -> None:
                await self._control.call("peer.close", peer=peer, reason="left")

            return Admitted(str(opened["answer"]), peer, leave)

        return offer

    async def select(self, person: int, admitted: Admitted, wanted: Sequence[str | None]) -> None:
        await self._control.call("peer.select", peer=admitted.session, video=list(wanted))

    async def listen(self, person: int, on_media: OnMedia) -> None:
        participant = self.participant(person)

        async def hear() -> None:
            heard = 0
            while True:
                told = self._control.told
                for name, data in told[heard:]:
                    if name in ("pause", "layers") and data.get("participant") == participant:
                        on_media({**data, "kind": name, "session": data.get("peer")})
                heard = len(told)
                await asyncio.sleep(_LISTEN_S)

        self._listening.append(asyncio.create_task(hear(), name="listen"))

    async def dump(self) -> dict[str, Any]:
        """The node's own view of itself."""
        return await whole_dump(lambda args: self._control.call("dump", **args))

    async def close(self) -> None:
        for task in self._listening:
            task.cancel()
        await asyncio.gather(*self._listening, return_exceptions=True)


@asynccontextmanager
async def node_venue(
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[NodeVenue, NodeProcess]]:
    """A fresh node process on the first core; this process, the generator, moves to the others for as long.

    `environment`: variables of the node beside those of this process.
    """
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    control = FakeControl()
    await control.start()
    try:
        with NodeProcess(control.url, environment=environment) as process:
            if len(cores) > 1:
                os.sched_setaffinity(process.pid, cores[:1])
                os.sched_setaffinity(0, cores[1:])
            await eventually(lambda: control.link is not None, 15, "the node has not linked")
            venue = NodeVenue(control)
            try:
                yield venue, process
            finally:
                await venue.close()
    finally:
        os.sched_setaffinity(0, before)
        await control.stop()


async def perform_on_node(plan: Plan) -> dict[str, Any]:
    """One scenario against a fresh node; the load generator's own result."""
    async with node_venue() as (venue, _):
        return await perform(plan, venue)
