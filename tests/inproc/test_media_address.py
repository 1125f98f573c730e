"""Lines that change under a call, on real sockets: a new address, a blackout; nobody has to join again."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from hub.media.transport.dtls import Certificate
from tests.support.light_call import Talker, Viewer, connect
from tests.support.media_node import FakeControl, media_node
from tests.support.udp_relay import UdpRelay, udp_relay
from tests.support.waiting import eventually

#: What the issue allows after a change of address, and after a blackout of 20 s.
REBIND_S, AFTER_BLACKOUT_S, BLACKOUT_S = 5.0, 10.0, 20.0


async def test_a_new_address_and_a_blackout_are_survived_without_joining_again() -> None:
    """A station and its viewer change their addresses while another pair is cut off for 20 s, and comes back from others."""
    async with media_node() as (control, node), AsyncExitStack() as stack:
        certificate = Certificate()
        relays = [await stack.enter_async_context(udp_relay(node.port.port)) for _ in range(4)]
        moved = await _pair(control, certificate, "moved", relays[0], relays[1], stack)
        dark = await _pair(control, certificate, "dark", relays[2], relays[3], stack)
        changes = asyncio.create_task(_changes_of_address(moved, relays[:2]))
        await _blackout(control, dark, relays[2:])
        took = await changes
        assert max(took) < REBIND_S, f"media after a change of address: {took} s"
        assert all(event["state"] != "closed" for event in control.of("peer")), "a session ended"
        for meeting in ("moved", "dark"):
            for told in control.of("sources", meeting=meeting):
                who = [source["participant"] for source in told["sources"]]
                assert len(who) == len(set(who)), f"{who}: somebody is there twice"
        dump = node.sfu.dump()
        assert len(dump["peers"]) == 4
        assert dump["ingress"]["addresses"] <= 4 * 8
        assert dump["ingress"]["dropped"].get("bugs", 0) == 0


async def _pair(
    control: FakeControl,
    certificate: Certificate,
    meeting: str,
    up: UdpRelay,
    down: UdpRelay,
    stack: AsyncExitStack,
) -> Viewer:
    station = await connect(control, up.port, certificate, f"{meeting}-station", "publish", meeting=meeting)
    watching = await connect(control, down.port, certificate, f"{meeting}-watch", "watch", meeting=meeting)
    viewer = Viewer(watching)
    for run in (Talker(station).run(), viewer.run()):
        stack.push_async_callback(_ended, asyncio.create_task(run))
    for one in (station, watching):
        stack.callback(one.close)
    await eventually(lambda: len(viewer.got) > 30, why="no picture")
    return viewer


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _changes_of_address(viewer: Viewer, relays: list[UdpRelay]) -> list[float]:
    """Seconds until pictures come again, for a change of the station's, the viewer's and both addresses."""
    loop, took = asyncio.get_running_loop(), []
    for changed in (relays[:1], relays[1:], relays):
        for relay in changed:
            relay.rebind()
        began = loop.time()
        await asyncio.sleep(0.2)  # what was on its way has come
        seen = viewer.newest
        await eventually(lambda seen=seen: viewer.newest > seen + 10, why="pictures do not come again")  # type: ignore[misc]
        took.append(round(loop.time() - began, 2))
    return took


async def _blackout(control: FakeControl, viewer: Viewer, relays: list[UdpRelay]) -> None:
    for relay in relays:
        relay.dark = True
    await asyncio.sleep(BLACKOUT_S)
    assert control.of("peer", meeting="dark", state="disconnected"), "control was not told of the silence"
    seen = viewer.newest
    for relay in relays:
        relay.rebind()  # no NAT remembers a silent line for so long
        relay.dark = False
    await eventually(lambda: viewer.newest > seen + 10, AFTER_BLACKOUT_S, "pictures do not come again")
    await eventually(
        lambda: len(control.of("peer", meeting="dark", state="connected")) == 4,
        AFTER_BLACKOUT_S,
        "control was not told that both are back",
    )
