"""A relay in virtual time: every publication of the meeting, kept numbers, clocks, and repairs on request."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from hub.errors import Refusal
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import Codec
from hub.media.relay.recorder import RecorderRelay
from hub.wire import rtcp, rtp
from hub.wire.relay_crypto import RelayCrypto, RelayCryptoError
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp_header import RtpHeader
from tests.support.lossy import Line
from tests.support.media_world import Camera, World

THERE = ("10.0.9.9", 9999)


class FarEnd:
    """The recorder's side of a relay, with the recorder's own sealing."""

    def __init__(self, world: World, line: Line) -> None:
        self.world = world
        self.line = line
        self.keys = os.urandom(28), os.urandom(28)
        self.crypto = RelayCrypto(send_key=self.keys[1], receive_key=self.keys[0])
        self.rtp: dict[int, dict[int, RtpHeader]] = {}
        self.reports: list[rtcp.SenderReport] = []
        self.refused = 0
        world.peers[THERE] = (self, line)  # type: ignore[assignment]

    def open(self) -> None:
        self.world.sfu.relay_open("r_1.x", "m", THERE, *self.keys)

    def receive(self, data: bytes) -> None:
        try:
            if 192 <= data[1] <= 223:
                packets = parse_compound(self.crypto.open_rtcp(data))
                self.reports += [one for one in packets if isinstance(one, rtcp.SenderReport)]
                return
            packet = self.crypto.open_rtp(data)
        except RelayCryptoError:
            self.refused += 1
            return
        header = rtp.read_header(packet)
        self.rtp.setdefault(header.ssrc, {})[header.sequence] = header

    def send(self, *packets: rtcp.RtcpPacket) -> None:
        self.world.inject(self.crypto.seal_rtcp(serialise(packets)), THERE)

    def streams(self, state: str = "open") -> list[dict[str, Any]]:
        return self.world.of("relay.stream", state=state)


def test_what_is_published_before_and_after_goes_over_the_relay_with_its_own_numbers() -> None:
    world = World()
    first = world.join("publish", "tandu")
    Camera(world, first)
    world.network.run(0.5)
    far = FarEnd(world, Line())
    far.open()
    second = world.join("publish", "county")
    camera = Camera(world, second)
    for number in range(1, 20):
        second.send_audio(number, number * 960, 30)
    world.network.run(2)
    streams = far.streams()
    assert {(s["participant"], s["kind"], s["codec"]) for s in streams} == {
        ("tandu", "video", "vp8"),
        ("county", "video", "vp8"),
        ("county", "audio", "opus"),
    }
    by_key = {(s["participant"], s["kind"]): s for s in streams}
    county = far.rtp[by_key["county", "video"]["ssrc"]]
    sent = {n & 0xFFFF for n in range(65_000, camera.seq)}
    on_the_way = {n & 0xFFFF for n in range(camera.seq - 8, camera.seq)}
    assert sent - on_the_way <= set(county) <= sent, "numbers are the source's"
    assert {header.payload_type for header in county.values()} == {96}
    sound = far.rtp[by_key["county", "audio"]["ssrc"]]
    assert {header.payload_type for header in sound.values()} == {111}
    assert far.refused == 0
    world.sfu.peer_close(second.id, "closed")
    assert {s["kind"] for s in far.streams("closed")} == {"video", "audio"}
    world.sfu.relay_close("r_1.x")
    assert len(far.streams("closed")) == 3
    world.network.run(0.1)
    before = len(far.rtp[by_key["tandu", "video"]["ssrc"]])
    world.network.run(1)
    assert len(far.rtp[by_key["tandu", "video"]["ssrc"]]) == before
    world.sfu.relay_close("r_1.x")


def test_the_far_end_mends_ten_percent_loss_by_asking() -> None:
    world = World(seed=5)
    far = FarEnd(world, Line(loss=0.1, delay_s=0.005))
    far.open()
    camera = Camera(world, world.join("publish", "tandu"))
    world.network.run(0.5)
    ssrc = far.streams()[0]["ssrc"]

    def ask() -> None:
        got = far.rtp.get(ssrc, {})
        newest = camera.seq - 1
        lost = tuple(
            n & 0xFFFF for n in range(max(65_000, newest - 200), newest - 4) if n & 0xFFFF not in got
        )
        if lost:
            far.send(rtcp.Nack(7, ssrc, lost[:100]))

    world.network.every(0.05, ask)
    world.network.run(20)
    got = far.rtp[ssrc]
    missing = [n for n in range(65_000, camera.seq - 200) if n & 0xFFFF not in got]
    assert not missing


def test_the_far_end_gets_a_key_frame_when_it_asks_and_when_it_begins() -> None:
    world = World()
    camera = Camera(world, world.join("publish", "tandu"))
    world.network.run(3)
    before = camera.key_frames
    far = FarEnd(world, Line())
    far.open()
    world.network.run(1)
    assert camera.key_frames == before + 1
    far.send(rtcp.Pli(7, far.streams()[0]["ssrc"]))
    world.network.run(1)
    assert camera.key_frames == before + 2


def test_the_sources_reports_are_passed_on_under_the_relays_ssrc() -> None:
    world = World()
    station = world.join("publish", "tandu")
    Camera(world, station)
    far = FarEnd(world, Line())
    far.open()
    world.network.run(1)
    station.send_rtcp(rtcp.SenderReport(station.video_ssrc, 123 << 32, 456, 7, 8))
    world.network.run(0.1)
    assert [(r.ssrc, r.ntp, r.timestamp) for r in far.reports] == [(far.streams()[0]["ssrc"], 123 << 32, 456)]


def test_forged_datagrams_from_the_far_ends_address_do_nothing() -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    far = FarEnd(world, Line())
    far.open()
    world.network.run(1)
    for length in range(65):
        for first in (0x00, 0x16, 0x80, 0x81):
            world.inject(bytes([first, 205]) + os.urandom(length) if length else b"", THERE)
    world.network.run(1)
    assert len(far.rtp) == 1
    assert world.sfu.ingress.counters["bugs"] == 0


def test_a_relay_with_wrong_keys_is_refused() -> None:
    world = World()
    with pytest.raises(Refusal) as refused:
        world.sfu.relay_open("r", "m", THERE, b"short", bytes(28))
    assert refused.value.code == "invalid"
    assert not world.sfu.relays


def test_a_picture_that_is_only_recorded_is_not_paused() -> None:
    world = World()
    station = world.join("publish", "tandu")
    Camera(world, station)
    far = FarEnd(world, Line())
    far.open()
    world.network.run(6)
    assert world.of("pause", peer=station.id) == []


def test_a_picture_that_comes_once_more_in_another_codec_is_not_recorded_twice() -> None:
    world = World()
    far = FarEnd(world, Line())
    far.open()
    vp8 = Codec("vp8", 90_000, 1, "")
    for peer, twin in (("gateway:ca", False), ("gateway:ca:vp8", True)):
        picture = Publication(participant="ca", peer=peer, kind="video", codec=vp8, twin=twin)
        world.sfu.routers["m"].add_publication(picture, world.network.now)
    assert [each["peer"] for each in far.streams()] == ["gateway:ca"]


def break_tick(relay: RecorderRelay) -> None:
    def tick(now: float) -> None:
        raise RuntimeError("a bug")

    relay.tick = tick  # type: ignore[method-assign]


def break_sending(relay: RecorderRelay) -> None:
    def forward(batch: object, now: float) -> None:
        raise RuntimeError("a bug")

    for stream in relay.streams.values():
        stream.subscription.forward = forward  # type: ignore[method-assign]
        stream.subscription.lane.part()


@pytest.mark.parametrize("breaks", [break_tick, break_sending])
def test_a_relay_that_meets_a_bug_is_closed_and_told_and_another_one_feeds_the_recorder(
    breaks: Callable[[RecorderRelay], None],
) -> None:
    world = World()
    Camera(world, world.join("publish", "tandu"))
    far = FarEnd(world, Line())
    far.open()
    world.network.run(1)
    relay = world.sfu.relays["r_1.x"]
    assert isinstance(relay, RecorderRelay)
    breaks(relay)
    world.network.run(0.2)
    assert world.of("relay.failed") == [{"relay": "r_1.x", "meeting": "m"}]
    assert list(world.sfu.relays) == []
    assert len(far.streams("closed")) == 1
    again = FarEnd(world, Line())
    world.sfu.relay_open("r_1.y", "m", THERE, *again.keys)
    world.network.run(1)
    assert len(again.rtp[again.streams()[-1]["ssrc"]]) > 50
