"""How often a viewer is looked at: seldom while his line is good and carries all there is to want, else often."""

from __future__ import annotations

import itertools

import pytest

from hub.media.egress import watch_side
from tests.support.lossy import Line
from tests.support.media_simulcast import QUARTER, LayerShape, SimulcastCamera
from tests.support.media_world import Camera, World
from tests.support.native_library import needs_compiler, present_library
from tests.support.summed_line import Digests
from tests.support.virtual_viewer import VirtualViewer

#: Until the first feedback was judged.
SETTLING_S = 5.0
#: 2.6 Mbit/s, more than is believed of a line before it was tried.
LARGE = LayerShape("f", 10, 1040, (1280, 720))
CALL_S = 20.0


def noting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When a viewer was looked at, from now on."""
    seen: list[float] = []
    look = watch_side.WatchSide._look

    def noted(side: watch_side.WatchSide, now: float) -> None:
        seen.append(now)
        look(side, now)

    monkeypatch.setattr(watch_side.WatchSide, "_look", noted)
    return seen


def looks(monkeypatch: pytest.MonkeyPatch, down: Line) -> list[float]:
    """When the viewer behind `down` was looked at, once the call had settled."""
    seen = noting(monkeypatch)
    world = World(3)
    Camera(world, world.join("publish", "tandu"), packets=3)
    VirtualViewer(world, world.join("watch", "leader", line=down))
    world.network.run(SETTLING_S)
    seen.clear()
    world.network.run(CALL_S)
    return seen


def test_a_settled_line_is_looked_at_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = looks(monkeypatch, Line())
    assert CALL_S / 1.4 <= len(seen) <= CALL_S / 0.8
    assert max(after - before for before, after in itertools.pairwise(seen)) <= 1.45


def test_a_line_that_loses_is_looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(looks(monkeypatch, Line(loss=0.08))) >= 0.9 * CALL_S / watch_side.LOOK_S


def test_who_is_settled_is_looked_at_as_soon_as_there_is_more_to_want(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = noting(monkeypatch)
    world = World(3)
    SimulcastCamera(world, world.join("publish", "tandu", rids=("q", "f")), (QUARTER, LARGE))
    watching = world.join("watch", "leader")
    world.sfu.peer_select(watching.id, ["tandu"], [(320, 180)])
    viewer = VirtualViewer(world, watching)
    world.network.run(SETTLING_S + 5.0)
    assert viewer.pictures[0].widths[-1][1] == 320
    assert seen[-1] - seen[-2] > 2 * watch_side.LOOK_S, "not settled before"
    count = len(seen)
    while len(seen) == count:
        world.network.run(0.02)  # until just after a look: the next would be a second later
    enlarged = world.network.now
    world.sfu.peer_select(watching.id, ["tandu"], [(1280, 720)])
    world.network.run(1.0)
    assert any(enlarged < when < enlarged + 2.5 * watch_side.LOOK_S for when in seen)
    assert viewer.pictures[0].widths[-1][1] == 1280, "the line was not tried at once"


@needs_compiler
def test_feedback_of_a_settled_viewer_is_summed_up_for_a_second() -> None:
    with present_library():
        world = World(3)
        digests = Digests(world)
        Camera(world, world.join("publish", "tandu"), packets=3)
        watching = world.join("watch", "leader")
        VirtualViewer(world, watching)
        digests.follow(watching.id)
        world.network.run(SETTLING_S)
        assert digests.line.native.settled == 1
        digests.taken.clear()
        world.network.run(CALL_S)
        assert CALL_S / 1.3 <= len(digests.taken) <= CALL_S / 0.8
        summed = sum(digests.taken)
        assert summed >= 0.95 * CALL_S / 0.05, "nearly every message is in a digest"
