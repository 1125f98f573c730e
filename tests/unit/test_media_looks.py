"""How often a viewer is looked at: seldom while his line is good and carries all there is to want, else often."""

from __future__ import annotations

import itertools

import pytest

from hub.media import watch_side
from tests.support.lossy import Line
from tests.support.media_world import Camera, World
from tests.support.virtual_viewer import VirtualViewer

#: Until the first feedback was judged.
SETTLING_S = 5.0
CALL_S = 20.0


def looks(monkeypatch: pytest.MonkeyPatch, down: Line) -> list[float]:
    """When the viewer behind `down` was looked at, once the call had settled."""
    seen: list[float] = []
    look = watch_side.WatchSide._look

    def noted(side: watch_side.WatchSide, now: float) -> None:
        seen.append(now)
        look(side, now)

    monkeypatch.setattr(watch_side.WatchSide, "_look", noted)
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
