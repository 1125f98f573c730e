"""A peer that is away for a while or comes from another address: media goes on soon, and nobody joins twice."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_world import World
from tests.support.virtual_sources import SimulcastCamera, Speaker
from tests.support.virtual_viewer import PicturePlayer, VirtualViewer

#: What the issue allows after a change of address and after a blackout of 20 s.
MOVED_S, DARK_S, BACK_S = 5.0, 20.0, 10.0
#: Checks come this often (Chromium's are as far apart on a stable pair): before one nobody can know where a peer is.
CHECK_S = 2.5


@dataclass
class Call:
    """A station in three layers and a viewer with a large tile, each behind a line of its own."""

    world: World
    station: LightPeer
    watching: LightPeer
    lines: tuple[Line, Line]
    picture: PicturePlayer

    @property
    def estimate(self) -> int:
        return self.world.sfu.peers[self.watching.id].side.estimator.bitrate_bps  # type: ignore[attr-defined, no-any-return]

    def again_s(self, since: float, width: int = 0) -> float:
        """How long after `since` a picture was shown that was sent after it: a key frame, if so wide."""
        if width:
            return min((at - since for at, shown in self.picture.widths if at > since and shown == width))
        return min(at - since for at in self.picture.shown if at > since)


def call(seed: int) -> Call:
    world = World(seed)
    lines = Line(delay_s=0.02), Line(delay_s=0.02)
    station = world.join("publish", "tandu", rids=("q", "h", "f"), red=True, line=lines[0])
    SimulcastCamera(world, station)
    Speaker(world, station)
    watching = world.join("watch", "leader", line=lines[1], red=True)
    world.sfu.peer_select(watching.id, ["tandu"], [(1280, 720)])
    viewer = VirtualViewer(world, watching, hold_s=0.1)
    world.network.run(12)
    made = Call(world, station, watching, lines, viewer.pictures[0])
    assert made.picture.widths[-1][1] == 1280
    return made


@pytest.mark.parametrize("who", ["station", "viewer", "both"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_change_of_address_the_picture_goes_on_with_the_next_check(who: str, seed: int) -> None:
    held = call(seed)
    world, since, estimate = held.world, held.world.network.now, held.estimate
    for name, peer in (("station", held.station), ("viewer", held.watching)):
        if who in (name, "both"):
            world.rebind(peer)
    world.network.run(0.3)  # what was on its way has come
    world.network.run(MOVED_S)
    assert held.again_s(since + 0.3) <= CHECK_S + 0.5
    world.network.run(10)
    assert held.picture.widths[-1][1] == 1280, "it is the large picture still"
    assert held.estimate >= 0.9 * min(estimate, 2_500_000), "what the old address lost was no congestion"
    assert not world.of("peer", state="closed")
    assert len(world.sfu.peers) == 2


@pytest.mark.parametrize("who", ["station", "viewer", "both"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_a_blackout_the_large_picture_is_there_at_once(who: str, seed: int) -> None:
    held = call(seed)
    world = held.world
    dark = [
        line for name, line in zip(("station", "viewer"), held.lines, strict=True) if who in (name, "both")
    ]
    for line in dark:
        line.dark = True
    world.network.run(DARK_S)
    if who == "viewer":  # with the station dark as well nothing is sent
        assert held.estimate < 100_000, "nothing is wasted on a line that is gone"
    for line in dark:
        line.dark = False
    since = world.network.now
    world.network.run(BACK_S)
    assert held.again_s(since) <= CHECK_S + 0.5
    assert held.again_s(since, 1280) <= CHECK_S + 1.0
    assert [entry["participant"] for entry in world.of("sources")[-1]["sources"]] == ["tandu"]
    assert not world.of("peer", state="closed")
