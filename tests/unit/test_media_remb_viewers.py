"""Viewers who send receiver reports and REMB only: whole pictures from the first second where the line shows no trouble."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from hub.wire import rtcp
from hub.wire.rtp_header import RtpHeader
from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_world import World
from tests.support.virtual_sources import THREE_LAYERS, SimulcastCamera
from tests.support.virtual_viewer import VirtualViewer

ONE_LAYER = (("f", 1_500_000, 1280, 720),)
#: A picture that costs more than what is believed of a line at first.
LARGE = (("f", 4_000_000, 1920, 1080),)


@dataclass(frozen=True)
class Habit:
    """How REMB is made: how often, of the bytes of how long, times `factor`; of payloads alone or of whole packets."""

    every_s: float
    window_s: float
    factor: float = 1.0
    payloads: bool = False
    constant_bps: int = 0


HABITS = {
    "with each picture": Habit(1 / 30, 0.5),
    "each second": Habit(1.0, 1.0),
    "a mean that fills": Habit(1 / 15, 3.0),
    "of payloads": Habit(1.0, 1.0, payloads=True),
    "the picture's nominal rate": Habit(0.2, 1.0, constant_bps=1_500_000),
}


@dataclass
class _Came:
    packets: list[tuple[float, int]] = field(default_factory=list)


class RembViewer(VirtualViewer):
    """Tells what it receives; no transport-wide feedback, though it may have been negotiated."""

    def __init__(self, world: World, peer: LightPeer, habit: Habit) -> None:
        self.habit = habit
        self.joined = world.network.now
        self._came = _Came()
        super().__init__(world, peer, hold_s=0.0)
        world.network.every(habit.every_s, self._remb)

    def _take(self, header: RtpHeader, packet: bytes) -> None:
        size = len(packet) - header.payload_offset if self.habit.payloads else len(packet) + 16
        self._came.packets.append((self.world.network.now, size))
        super()._take(header, packet)

    def _feed_back(self) -> None:
        """Never."""

    def _remb(self) -> None:
        habit, now = self.habit, self.world.network.now
        self._came.packets = [one for one in self._came.packets if one[0] > now - habit.window_s]
        received = sum(size for _, size in self._came.packets) * 8 / habit.window_s
        bps = habit.constant_bps or int(received * habit.factor)
        if received:
            self.peer.send_rtcp(rtcp.Remb(1, bps, (self.peer.slots[0],)))

    def pictures_a_second(self, seconds: int) -> list[int]:
        """Shown in each second from the first picture on."""
        shown = self.pictures[0].shown
        begun = shown[0] if shown else self.joined
        return [sum(begun + at <= one < begun + at + 1 for one in shown) for at in range(seconds)]


def camera_of(world: World, layers: tuple[tuple[str, int, int, int], ...]) -> SimulcastCamera:
    camera = SimulcastCamera(
        world, world.join("publish", "tandu", audio=0, rids=[layer[0] for layer in layers]), layers
    )
    world.network.run(3)
    return camera


def viewer_of(
    world: World, name: str, habit: Habit, *, transport_cc: bool, down: Line | None = None
) -> RembViewer:
    peer = world.join("watch", name, audio=0, transport_cc=transport_cc, down=down)
    viewer = RembViewer(world, peer, habit)
    world.sfu.peer_select(peer.id, ["tandu"], [(1280, 720)])
    return viewer


@pytest.mark.parametrize("transport_cc", [False, True], ids=["not negotiated", "negotiated"])
@pytest.mark.parametrize("habit", HABITS)
def test_they_see_whole_pictures_from_the_first_second(habit: str, transport_cc: bool) -> None:
    world, chance = World(seed=3), random.Random(3)
    camera_of(world, ONE_LAYER)
    viewers = []
    for number in range(6):
        viewers.append(viewer_of(world, f"v{number}", HABITS[habit], transport_cc=transport_cc))
        world.network.run(chance.random() * 0.3)
    world.network.run(12)
    for viewer in viewers:
        assert min(viewer.pictures_a_second(10)) >= 28, viewer.pictures_a_second(10)


@pytest.mark.parametrize("transport_cc", [False, True], ids=["not negotiated", "negotiated"])
def test_a_picture_that_costs_more_than_is_believed_at_first_is_shown_too(transport_cc: bool) -> None:
    world = World()
    camera_of(world, LARGE)
    viewer = viewer_of(world, "leader", HABITS["each second"], transport_cc=transport_cc)
    world.network.run(8)
    assert min(viewer.pictures_a_second(6)) >= 28


@pytest.mark.parametrize("transport_cc", [False, True], ids=["not negotiated", "negotiated"])
@pytest.mark.parametrize("habit", ["with each picture", "each second"])
def test_on_a_narrow_line_they_still_get_what_it_carries(habit: str, transport_cc: bool) -> None:
    world = World()
    camera_of(world, THREE_LAYERS)
    line = Line(rate_bps=700_000, queue_bytes=40_000)
    viewer = viewer_of(world, "leader", HABITS[habit], transport_cc=transport_cc, down=line)
    world.network.run(40)
    assert sum(viewer.pictures_a_second(40)[10:]) > 30 * 30 * 0.75
    assert {width for _, width in viewer.pictures[0].widths} >= {320}


def test_a_report_about_a_slot_into_which_nothing_was_sent_says_nothing_of_the_line() -> None:
    world = World()
    camera_of(world, ONE_LAYER)
    peer = world.join("watch", "leader", transport_cc=False)
    unused = peer.slots[2]
    world.network.run(2)
    for _ in range(5):
        block = rtcp.ReportBlock(unused, 255, 1, 1, 0, 0, 0)
        peer.send_rtcp(rtcp.ReceiverReport(1, (block,)))
        world.network.run(1)
    line = world.sfu.peers[peer.id].side.dump()["line"]
    assert isinstance(line, dict)
    assert line["loss_permille"] == 0
