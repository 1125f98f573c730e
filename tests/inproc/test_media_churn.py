"""Thousands of joins and leaves: afterwards the node holds what it held before."""

from __future__ import annotations

import asyncio
import gc
import os
import time
import weakref

from hub.media.transport.dtls import Certificate
from tests.support.churn import Churn
from tests.support.light_call import Talker, Viewer, connect
from tests.support.media_node import FakeControl, media_node
from tests.support.media_process import NodeProcess
from tests.support.waiting import eventually

#: Ten thousand in `make bench`, where as much may be left of each of them.
JOINS = int(os.environ.get("LIANXIAN_JOINS", "2000"))
#: Joins before anything is measured: caches of the allocator and of OpenSSL have their size then.
WARM_UP = 500
SHARE = 1.05 if JOINS >= 10_000 else 1.02


async def test_joins_and_leaves_by_the_thousand_leave_nothing_behind() -> None:
    control = FakeControl()
    await control.start()
    try:
        await _churned(control)
    finally:
        await control.stop()


async def _churned(control: FakeControl) -> None:
    with NodeProcess(control.url) as process:
        await eventually(lambda: control.link is not None, why="the node has not linked")
        churn = Churn(control, process)
        await churn.go(WARM_UP)
        before = await churn.held()
        began = time.monotonic()
        await churn.go(JOINS)
        took = time.monotonic() - began
        after = await churn.held()
        print(f"{JOINS} joins in {took:.0f} s: {before} -> {after}")
        assert after.peers == after.addresses == after.meetings == 0
        assert after.memory_bytes <= before.memory_bytes * SHARE
        assert after.tasks <= before.tasks * SHARE
        assert after.descriptors <= before.descriptors * SHARE


async def test_what_has_ended_goes_at_once_and_waits_for_no_collector() -> None:
    """A peer that lives for more than some seconds is old to Python's collector, which hardly ever looks at the old."""
    async with media_node() as (control, node):
        certificate = Certificate()
        station = await connect(control, node.port.port, certificate, "tandu", "publish")
        watching = await connect(control, node.port.port, certificate, "leader", "watch")
        talker, viewer = Talker(station), Viewer(watching)
        talking = asyncio.create_task(talker.run())
        await eventually(lambda: len(viewer.got) > 20, why="no picture")
        held: dict[str, weakref.ref[object]] = {}
        for peer in node.sfu.peers.values():
            for what in (
                peer,
                peer.side,
                peer.ice,
                peer.outlet,
                peer._dtls,
                peer._inbound,
                peer.outlet.session,
            ):
                held[f"{type(what).__name__} of {peer.id}"] = weakref.ref(what)
        for publication in node.sfu.routers["m"].publications:
            held[publication.label] = weakref.ref(publication)
            for layer in publication.layers:
                held[f"layer of {publication.label}"] = weakref.ref(layer)
        del peer, what, publication, layer
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
        gc.disable()
        try:
            station.close()
            await control.call("peer.close", peer="leader", reason="left")

            def all_gone() -> bool:
                left = [name for name, known in held.items() if known() is not None]
                assert not left, f"still there: {left}"
                return True

            await eventually(all_gone, timeout_s=3)
        finally:
            gc.enable()
        watching.close()
