"""What one publisher may send: he is told, and beyond it he is dropped before anything is done with it, until he sends less."""

from __future__ import annotations

import itertools
import logging

import pytest

from hub.media.ingest.upload_cap import UploadCap
from hub.wire import rtcp
from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_world import Camera, Screen, World
from tests.unit.test_media_relay import FarEnd

#: One frame of four packets of 900 bytes, 30 times a second.
CAMERA_BPS = 4 * 900 * 8 * 30
CAP = 1_000_000


class Sender(Camera):
    """A camera that hears what it may send and goes on regardless; bursts of `packets` packets are one picture."""

    def __init__(self, world: World, peer: LightPeer, packets: int = 4) -> None:
        super().__init__(world, peer, packets=packets)
        self.told: list[int] = []
        self.lost_permille = 0
        heard = peer.on_rtcp

        def hear(packet: rtcp.RtcpPacket) -> None:
            heard(packet)
            if isinstance(packet, rtcp.Remb):
                self.told.append(packet.bitrate_bps)
            elif isinstance(packet, rtcp.ReceiverReport) and packet.reports:
                self.lost_permille = max(report.fraction_lost for report in packet.reports) * 1000 // 256

        peer.on_rtcp = hear


def recorded_bytes(recorder: FarEnd) -> int:
    return sum(header.payload_end for stream in recorder.rtp.values() for header in stream.values())


def speak(world: World, station: LightPeer) -> None:
    numbers = itertools.count(1)
    world.network.every(0.02, lambda: station.send_audio(n := next(numbers), n * 960, 20))


@pytest.mark.parametrize("transport_cc", [True, False])
def test_a_publisher_is_told_each_second_what_he_may_send(transport_cc: bool) -> None:
    world = World(publisher_bps=CAP)
    sender = Sender(world, world.join("publish", "tandu", transport_cc=transport_cc), packets=2)
    world.network.run(5.5)
    assert len(sender.told) in (5, 6)
    assert set(sender.told) == {CAP}


def test_a_publisher_is_told_it_with_his_first_packets_however_late_after_connecting_they_come() -> None:
    world = World(publisher_bps=CAP)
    station = world.join("publish", "tandu", transport_cc=True)
    world.network.run(1.3)
    sender = Sender(world, station, packets=2)
    world.network.run(0.2)
    assert sender.told == [CAP]


@pytest.mark.parametrize("transport_cc", [True, False])
def test_who_goes_on_beyond_it_is_dropped_counted_and_told_once_and_his_sound_goes_on(
    caplog: pytest.LogCaptureFixture, transport_cc: bool
) -> None:
    world = World(publisher_bps=CAP)
    recorder = FarEnd(world, Line())
    recorder.open()
    station = world.join("publish", "tandu", transport_cc=transport_cc)
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, *viewer.slots[:2])
    speak(world, station)
    with caplog.at_level(logging.WARNING):
        sender = Sender(world, station, packets=40)
        world.network.run(20)
    sent = 40 * 900 * 30 * 20
    assert recorded_bytes(recorder) < 0.03 * sent, "a bucket of two seconds, and sound"
    assert max(screen.arrived.values()) < min(screen.arrived.values()) + 1, (
        "no picture of which a part is missing"
    )
    assert sender.told[0] == CAP
    [told] = world.of("dropped")
    assert (told["peer"], told["track"], told["reason"]) == (station.id, "video", "over_cap")
    assert told["bytes"] == pytest.approx(40 * 900 * 30, rel=0.1)
    counters = world.sfu.peers[station.id].counters
    assert counters["rtp_over_cap"] > 0.95 * 40 * 30 * 20
    assert len([record for record in caplog.records if "are allowed" in record.message]) == 1
    [sound] = [one for one in recorder.rtp.values() if len({h.payload_type for h in one.values()} & {111})]
    assert len(sound) > 0.98 * 20 * 50, "sound is not touched"


def test_the_picture_comes_back_with_a_key_frame_when_less_is_sent() -> None:
    world = World(publisher_bps=CAP)
    station = world.join("publish", "tandu")
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, *viewer.slots[:2])
    sender = Sender(world, station, packets=40)
    world.network.run(5)
    dropped_until = max(screen.arrived)
    sender.packets = 2
    world.network.run(5)
    later = [number for number in sorted(screen.payloads) if number > dropped_until]
    assert len(later) > 2 * 30 * 2
    assert not screen.payloads[later[0]][6] & 0x01, "it begins with a key frame"
    assert not screen.missing()
    sender.packets = 40
    world.network.run(5)
    assert world.sfu.peers[station.id].counters["caps_met"] == 2
    assert len(world.of("dropped")) == 1


def test_bursts_of_key_frames_and_a_rate_a_little_above_it_are_passed() -> None:
    world = World(publisher_bps=CAMERA_BPS)
    station = world.join("publish", "tandu")
    sender = Sender(world, station)
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, *viewer.slots[:2])

    def burst() -> None:
        sender.packets = 60  # half a second's worth in one picture
        sender.key_wanted = True
        sender.frame()
        sender.packets = 4

    world.network.every(3.0, burst)
    world.network.run(30)
    assert not world.of("dropped")
    assert world.sfu.peers[station.id].counters["rtp_over_cap"] == 0
    assert not screen.missing()


def test_sound_has_a_bucket_of_its_own_and_no_more_than_that() -> None:
    world = World(publisher_bps=CAP)
    station = world.join("publish", "tandu")
    sender = Sender(world, station, packets=2)
    numbers = itertools.count(1)
    payload = bytes(1200)
    world.network.every(0.002, lambda: station.send_audio(n := next(numbers), n * 960, 20, payload))
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, *viewer.slots[:2])
    world.network.run(6)
    [told] = world.of("dropped")
    assert told["track"] == "audio"
    assert sender.frames > 100
    assert not screen.missing()
    assert world.network.now - max(screen.arrived.values()) < 0.2, "the picture goes on"


def test_a_bucket_is_full_at_first_and_fills_as_time_passes() -> None:
    cap = UploadCap(8_000_000)  # 1.25 MB a second, 2.5 MB in the bucket
    assert not cap.settle(100.0)
    cap.octets = 2_000_000
    assert not cap.settle(100.1)
    assert cap.near
    cap.octets = 700_000
    assert cap.settle(100.2)
    assert cap.over
    assert cap.bps == pytest.approx(2_700_000 * 8 / 0.2, rel=0.1)
    cap.octets = 100_000
    assert not cap.settle(100.7)
    assert not cap.settle(101.2)
    assert cap.settle(101.6), "half of it is full"
    assert not cap.over
