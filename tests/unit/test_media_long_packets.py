"""Packets as long as a path of 1,500 bytes carries go all the way; of longer ones their publisher is told."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator

import pytest

from hub.media.native import native
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.sealer import outbound
from hub.media.transport.socket import MAX_DATAGRAM_BYTES, UdpPort
from hub.media.transport.srtp import MAX_PAYLOAD_BYTES, MAX_RTP_BYTES, Profile, SealBuffer, reason
from hub.wire import rtp
from hub.wire.relay_crypto import RelayCrypto
from tests.support.lossy import Line
from tests.support.media_cluster import Cluster
from tests.support.media_light import VP8
from tests.support.media_world import Camera, Screen, World
from tests.support.native_library import present_library
from tests.support.second_machine import SecondMachine
from tests.unit.test_media_relay import FarEnd

#: GStreamer's default: RTP packets of 1,400 bytes, with header.
GSTREAMER = 1400 - 12


@pytest.fixture(autouse=True, params=["compiled", "python"])
def _loops(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.param == "python":
        monkeypatch.setenv("HUB_NATIVE", "0")
        native.cache_clear()
        yield
        native.cache_clear()
        return
    with present_library():
        yield


@pytest.mark.parametrize("size", [GSTREAMER, MAX_PAYLOAD_BYTES])
def test_they_reach_viewers_recorder_and_the_next_node_whole_and_are_sent_again(size: int) -> None:
    cluster = Cluster()
    cluster.link()
    here, there = cluster.nodes[0], cluster.nodes[1]
    recorder = FarEnd(here, Line())
    recorder.open()
    station = here.join("publish", "tandu")
    Camera(here, station, size=size)
    screens: list[Screen] = []
    for world in (here, there):
        viewer = world.join("watch", f"leader-{len(screens)}", down=Line(loss=0.05))
        screens.append(Screen(world, viewer, viewer.slots[0], viewer.slots[1]))
    cluster.run(3)
    for screen in screens:
        assert len(screen.payloads) > 200
        assert {len(payload) for payload in screen.payloads.values()} == {size}
        assert not screen.missing(behind=40), "what a line lost comes again"
    [sent] = recorder.rtp.values()
    assert {header.payload_end - header.payload_offset for header in sent.values()} == {size}
    assert len(sent) > 200
    assert not recorder.refused
    assert not here.of("dropped")


def test_of_a_longer_one_the_publisher_is_told_once_and_the_log_says_it_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    station = world.join("publish", "tandu")
    viewer = world.join("watch", "leader")
    screen = Screen(world, viewer, viewer.slots[0], viewer.slots[1])
    with caplog.at_level(logging.WARNING):
        Camera(world, station, size=MAX_PAYLOAD_BYTES + 1)
        world.network.run(2)
    assert not screen.payloads
    [told] = world.of("dropped")
    assert told["peer"] == station.id
    assert told["participant"] == "tandu"
    assert (told["track"], told["reason"]) == ("video", "packet_too_long")
    assert MAX_PAYLOAD_BYTES < told["bytes"] < MAX_PAYLOAD_BYTES + 40
    assert world.sfu.peers[station.id].counters["rtp_too_long"] > 200
    assert len([record for record in caplog.records if "too long" in record.message]) == 1


def test_of_a_datagram_too_long_to_be_opened_the_publisher_is_told_too() -> None:
    world = World()
    station, stranger = world.join("publish", "tandu"), ("10.9.9.9", 9)
    datagram = rtp.build_packet(VP8, 1, 1, station.video_ssrc, bytes(MAX_DATAGRAM_BYTES))

    def comes(data: bytes, address: tuple[str, int]) -> None:
        world.inbox.view[: len(data)] = data
        world.sfu.receive_too_long(len(data), address)

    comes(datagram, stranger)
    comes(b"\x16\xfe\xfd" + bytes(MAX_DATAGRAM_BYTES), station.address)
    foreign = rtp.build_packet(VP8, 1, 1, station.video_ssrc ^ 1, bytes(MAX_DATAGRAM_BYTES))
    comes(foreign, station.address)
    assert not world.of("dropped"), "who sends is known by the address, and of what he sends by the source"
    comes(datagram, station.address)
    comes(datagram, station.address)
    [told] = world.of("dropped", peer=station.id)
    assert told["bytes"] == len(datagram)
    assert world.sfu.ingress.counters["datagram_too_long"] == 1


def test_the_longest_is_sealed_behind_the_longest_header_of_a_slot_and_one_more_byte_is_not() -> None:
    longest = HeaderStamp("m" * 16, 15, 1).length + 2 + MAX_PAYLOAD_BYTES
    assert longest == MAX_RTP_BYTES
    for profile in Profile:
        session = outbound(profile, os.urandom(profile.key_bytes + profile.salt_bytes))
        buffer = SealBuffer(4096)
        for length, refused in ((longest, False), (longest + 1, True)):
            buffer.view[:length] = rtp.build_packet(VP8, 5, 6, 7, bytes(length - 12))
            sealed = session.protect_rtp(buffer, 0, length)
            assert sealed == length + profile.tag_bytes if not refused else reason(sealed) == "rtp_too_long"


def test_a_relay_seals_and_opens_the_longest() -> None:
    keys = os.urandom(28), os.urandom(28)
    near, far = RelayCrypto(*keys), RelayCrypto(*reversed(keys))
    packet = rtp.build_packet(96, 1, 2, 3, os.urandom(MAX_PAYLOAD_BYTES))
    sealed = near.seal_rtp(packet)
    assert len(sealed) <= MAX_DATAGRAM_BYTES
    assert far.open_rtp(sealed) == packet


def test_a_run_of_longer_packets_than_the_path_carries_leaves_one_by_one() -> None:
    second = SecondMachine()
    try:
        second.__enter__()
    except OSError as problem:
        pytest.skip(f"no second machine can be made here: {problem}")
    try:
        with second.entered():
            far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        far.bind((second.far, 0))
        far.settimeout(2)
        port = UdpPort(second.near, 0)
        for segment in (1400, 1504):
            run = memoryview(os.urandom(3 * segment - 100))
            port.send_run(run, segment, far.getsockname())
            got = [far.recv(4096) for _ in range(3)]
            assert b"".join(got) == bytes(run)
            assert [len(each) for each in got] == [segment, segment, segment - 100]
        assert port.gso, "for packets that fit, runs go on being sent in one call"
        assert port.counters["runs"] == 1
        assert port.counters["runs_too_long_for_path"] == 1
        port.close()
        far.close()
    finally:
        second.__exit__()
