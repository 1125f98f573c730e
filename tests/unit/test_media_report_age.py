"""A receiver report may wait in the kernel (see patient.py): the round trip ends when it came, not when it was read."""

from __future__ import annotations

import pytest

from hub.media.egress.watch_side import WatchSide
from hub.wire import ntp, rtcp
from hub.wire.rtcp_build import serialise
from tests.support.media_world import Camera, World


@pytest.mark.parametrize("alone", [True, False])
def test_a_report_that_waited_does_not_make_the_round_trip_longer(alone: bool) -> None:
    world = World(3)
    Camera(world, world.join("publish", "tandu"))
    watching = world.join("watch", "leader")
    world.network.run(2.0)
    peer = world.sfu.peers[watching.id]
    side = peer.side
    assert isinstance(side, WatchSide)
    ssrc = next(ssrc for ssrc, slot in side.watcher.by_ssrc.items() if slot.layer is not None)
    now = world.network.now
    asked = ntp.middle(ntp.from_unix(side._to_unix(now - 0.08)))
    block = rtcp.ReportBlock(ssrc, 0, 0, 0, 0, asked, 0)
    compound: list[rtcp.RtcpPacket] = [rtcp.ReceiverReport(1, (block,))]
    if not alone:
        compound.append(rtcp.Pli(1, ssrc))
    peer.receive_opened(True, memoryview(serialise(compound)), 0, now, 0.06)
    assert side.estimator.measured_rtt_s == pytest.approx(0.02, abs=0.001)
