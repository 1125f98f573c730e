"""A wall of 16 and of 25 pictures in virtual time: how soon all stand after a switch, and what the line has to carry."""

from __future__ import annotations

from hub.wire.rtp_header import RtpHeader
from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_simulcast import HALF, QUARTER, FeedbackSender, SimulcastCamera
from tests.support.media_world import World

#: So soon (s) every picture has to stand after a switch.
SOON = 0.5
RIDS = ("q", "h")


class Wall:
    """A viewer of many slots who notes when each of them begins with a key frame, and how much arrives."""

    def __init__(self, world: World, count: int, line: Line) -> None:
        self.world = world
        self.peer: LightPeer = world.join("watch", "wall", video=count, line=Line(), down=line)
        self.slots = {self.peer.slots[2 * slot]: slot for slot in range(count)}
        self.begun: dict[int, float] = {}
        self.bytes = 0
        feedback = FeedbackSender(world, self.peer)

        def take(header: RtpHeader, packet: bytes) -> None:
            feedback.take(header, packet)
            self.bytes += len(packet)
            slot = self.slots.get(header.ssrc)
            payload = packet[header.payload_offset : header.payload_end]
            if slot is not None and payload and payload[0] & 0x10 and not payload[6] & 0x01:
                self.begun.setdefault(slot, world.network.now)

        self.peer.on_rtp = take

    def show(self, names: list[str], tile: tuple[int, int]) -> None:
        self.begun.clear()
        self.asked = self.world.network.now
        rest = [None] * (len(self.slots) - len(names))
        self.world.sfu.peer_select(
            self.peer.id, [*names, *rest], [*[tile] * len(names), *[(0, 0)] * len(rest)]
        )

    @property
    def slowest(self) -> float:
        return max(self.begun.values()) - self.asked


def test_every_picture_of_a_wall_stands_within_half_a_second_of_a_switch_and_the_line_carries_them() -> None:
    world = World()
    rate = 20_000_000
    names = [f"c{number}" for number in range(25)]
    for name in names:
        SimulcastCamera(world, world.join("publish", name, rids=RIDS), (QUARTER, HALF))
    wall = Wall(world, 25, Line(rate_bps=rate, queue_bytes=200_000))
    wall.show(names, (384, 216))
    world.network.run(3)  # what the line carries is known by then
    for turn, (count, tile) in enumerate(((16, (480, 270)), (25, (384, 216))), 1):
        wall.show([*names[turn:], *names[:turn]][:count], tile)  # another one in each cell
        world.network.run(0.7)
        assert len(wall.begun) == count, f"{count - len(wall.begun)} pictures never came"
        print(f"{count} pictures: the slowest after {wall.slowest * 1000:.0f} ms")
        assert wall.slowest <= SOON
    before, since = wall.bytes, world.network.now
    world.network.run(0.5)
    taken = (wall.bytes - before) * 8 / (world.network.now - since)
    print(f"25 pictures take {taken / 1e6:.1f} of {rate / 1e6:.0f} Mbit/s")
    assert taken < rate
