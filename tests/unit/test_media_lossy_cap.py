"""A viewer's line that narrows to a fifth and widens again, three layers, in virtual time, through the whole media plane."""

from __future__ import annotations

import itertools

import pytest

from tests.support.lossy import Line
from tests.support.media_world import World
from tests.support.virtual_sources import SimulcastCamera, Speaker
from tests.support.virtual_viewer import VirtualViewer

WIDE_BPS, NARROW_BPS = 2_000_000, 400_000
#: What the issue allows: the rate after a narrowing, a picture that stands still, the way back up.
SETTLED_S, SENT_SHARE, LONGEST_FREEZE_S, BACK_S, SOUND_LOSS = 5.0, 1.1, 1.0, 30.0, 0.01


@pytest.mark.parametrize("queue_bytes", [25_000, 40_000])
def test_a_line_that_narrows_gets_less_at_once_and_more_again_when_it_widens(queue_bytes: int) -> None:
    world = World(seed=queue_bytes)
    station = world.join("publish", "tandu", rids=("q", "h", "f"), red=True)
    SimulcastCamera(world, station)
    Speaker(world, station)
    down = Line(delay_s=0.02, rate_bps=WIDE_BPS, queue_bytes=queue_bytes)
    watching = world.join("watch", "leader", line=Line(delay_s=0.02), down=down, red=True)
    world.sfu.peer_select(watching.id, ["tandu"], [(1280, 720)])
    viewer = VirtualViewer(world, watching, hold_s=0.1, sound_hold_s=1.0)
    picture, sound = viewer.pictures[0], viewer.sounds[0]
    node_side = world.sfu.peers[watching.id]
    sent: list[tuple[float, int]] = []
    world.network.every(0.5, lambda: sent.append((world.network.now, node_side.outlet.bytes_sent)))

    world.network.run(20)
    assert picture.widths[-1][1] == 1280, "the top layer does not come on a wide line"
    narrowed = world.network.now
    down.rate_bps = NARROW_BPS
    world.network.run(30)
    late = [entry for entry in sent if entry[0] > narrowed + SETTLED_S]
    for before, after in itertools.pairwise(late[::2]):
        rate = (after[1] - before[1]) * 8 / (after[0] - before[0])
        assert rate <= NARROW_BPS * SENT_SHARE, f"{rate:.0f} bit/s {before[0] - narrowed:.1f} s after"
    assert picture.widths[-1][1] == 320
    widened = world.network.now
    down.rate_bps = WIDE_BPS
    world.network.run(BACK_S)
    back = [when - widened for when, width in picture.widths if when > widened and width == 1280]
    assert back, "the top layer has not come back"
    assert picture.widths[-1][1] == 1280, "it did not stay"
    frozen = picture.longest_gap_s(narrowed - 5, world.network.now)
    assert frozen <= LONGEST_FREEZE_S, f"the picture stood still for {frozen:.2f} s"
    assert sound.residual(with_fec=False) <= SOUND_LOSS, f"{sound.residual(with_fec=False):.2%} of the sound"
