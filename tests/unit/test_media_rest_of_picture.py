"""Packets of a picture that is not whole wait a moment for its rest; nothing else waits, and nothing for long."""

from __future__ import annotations

import pytest

from hub.media.ingest.layer import WAIT_S, WAIT_VIEWERS
from hub.media.row.batch import MAX_PACKETS
from hub.wire.rtp_header import RtpHeader
from tests.support.media_light import VP8, vp8_payload
from tests.support.media_world import World


class Stage:
    """A publisher that plays to so many viewers; `arrived` tells each packet's number at one of them, and when."""

    def __init__(self, viewers: int = WAIT_VIEWERS) -> None:
        self.world = World()
        self.station = self.world.join("publish", "tandu")
        self.viewers = [self.world.join("watch", f"v{number}") for number in range(viewers)]
        self.seq = 100
        self.time = 0
        self.arrived: list[tuple[int, float]] = []
        self.sound = 0
        self.picture(0)
        self.world.network.run(0.5)
        self.viewers[-1].on_rtp = self._take
        self.began = self.world.network.now

    def _take(self, header: RtpHeader, _: bytes) -> None:
        if header.payload_type == VP8:
            self.arrived.append((header.sequence, round(self.world.network.now - self.began, 4)))
        else:
            self.sound += 1

    def packet(self, *, first: bool = False, marker: bool = False, key: bool = False) -> None:
        payload = vp8_payload(self.time, key=key, first=first, size=300)
        self.station.send_video(self.seq, self.time * 3000, payload, marker)
        self.seq += 1

    def picture(self, gap_s: float, packets: int = 6) -> None:
        """A whole one; a key frame at first."""
        key, self.time = self.time == 0, self.time + 1
        for number in range(packets):
            self.packet(first=number == 0, marker=number == packets - 1, key=key)
            if gap_s:
                self.world.network.run(gap_s)

    def waits(self) -> list[float]:
        """When the packets arrived, in seconds since `began`."""
        return [at for _, at in self.arrived]


def delay(stage: Stage) -> float:
    """What a packet takes that does not wait."""
    stage.time += 1
    stage.packet(first=True, marker=True)
    stage.world.network.run(0.2)
    taken = stage.waits()[-1]
    stage.arrived.clear()
    stage.began = stage.world.network.now
    return taken


def test_an_evenly_paced_picture_goes_out_in_few_runs_and_its_last_packet_at_once() -> None:
    stage = Stage()
    way = delay(stage)
    stage.picture(0.0055)
    stage.world.network.run(0.1)
    waited = [at - way for at in stage.waits()]
    assert len(waited) == 6
    assert waited == pytest.approx([0.012, 0.012, 0.012, 0.0275, 0.0275, 0.0275], abs=0.0015)


def test_the_beginning_of_a_picture_that_does_not_go_on_still_arrives() -> None:
    stage = Stage()
    way = delay(stage)
    stage.time += 1
    stage.packet(first=True)
    stage.world.network.run(0.5)
    assert stage.waits() == pytest.approx([way + WAIT_S], abs=0.0015)


def test_with_few_viewers_nothing_waits() -> None:
    stage = Stage(WAIT_VIEWERS - 1)
    way = delay(stage)
    stage.time += 1
    stage.packet(first=True)
    stage.world.network.run(0.5)
    assert stage.waits() == pytest.approx([way], abs=0.0015)


def test_sound_does_not_wait_for_a_picture() -> None:
    stage = Stage()
    way = delay(stage)
    stage.time += 1
    stage.packet(first=True)
    stage.station.send_audio(1, 960, 30)
    stage.world.network.run(way + WAIT_S * 0.8)
    assert (stage.sound, stage.arrived) == (1, [])


def test_what_fills_a_gap_does_not_wait() -> None:
    stage = Stage()
    way = delay(stage)
    stage.time += 1
    missing = stage.seq
    stage.seq += 1
    stage.packet(first=True, marker=True)
    stage.world.network.run(0.1)
    stage.seq, stage.began = missing, stage.world.network.now
    stage.arrived.clear()
    stage.packet()
    stage.world.network.run(0.1)
    assert stage.waits() == pytest.approx([way], abs=0.0015)


def test_a_long_picture_goes_out_by_the_batch() -> None:
    stage = Stage()
    way = delay(stage)
    stage.time += 1
    for number in range(MAX_PACKETS):
        stage.packet(first=number == 0)
    stage.world.network.run(0.1)
    assert stage.waits() == pytest.approx([way] * MAX_PACKETS, abs=0.0015)


def test_a_publisher_that_leaves_with_a_picture_half_sent_leaves_nothing_behind() -> None:
    stage = Stage()
    way = delay(stage)
    stage.time += 1
    stage.packet(first=True)
    stage.world.network.run(way / 2 + WAIT_S / 4)
    stage.world.sfu.peer_close(stage.station.id, "left")
    stage.world.network.run(0.5)
    assert stage.arrived == []
    assert stage.world.sfu.drained() is None
