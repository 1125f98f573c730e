"""H264 in virtual time: whoever begins later can decode, however and whenever the sender gave its parameter sets."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from typing import Any

import av
import pytest

from hub.media.ingest.picture_heads import PictureHeads
from hub.media.row.packet_cache import Packet
from hub.wire import h264, rtcp, rtp
from hub.wire.relay_crypto import RelayCrypto
from hub.wire.rtp_header import RtpHeader
from recordings.depacketize_h264 import h264_depacketizer
from recordings.jitter import Arrived
from recordings.muxer import PartFile, Sample, Track
from recordings.packets import RtpPacket
from tests.support.h264_sender import (
    CUTS,
    FMTP,
    FPS,
    IDR,
    PPS,
    SPS,
    Cut,
    clip,
    described,
    never,
    once,
    sets,
    slices,
    units_of,
)
from tests.support.lossy import Line
from tests.support.media_light import LightPeer
from tests.support.media_world import Screen, World


class Sender:
    """Plays a clip as a camera that does not care about requests: its IDR pictures come in their own time."""

    def __init__(
        self, world: World, cut: Cut, *, fmtp: str = FMTP, up: Line | None = None, width: int = 320
    ) -> None:
        self.world, self.cut = world, cut
        self.peer = world.join("publish", "tandu", codec="H264", fmtp=fmtp, line=up, audio=0)
        self.sent: dict[int, tuple[int, bytes, bool]] = {}
        self.number, self.seq, self.repairs, self.clip = 0, 65_500, 0, clip(width)
        self.peer.on_rtcp = self._hear
        world.network.every(1 / FPS, self._frame)

    def _frame(self) -> None:
        units = units_of(self.clip.frames[self.number % len(self.clip.frames)].data)
        for stamp, payload, marker in self.cut(units, self.number * 90_000 // FPS):
            self.sent[self.seq & 0xFFFF] = stamp, payload, marker
            self.peer.send_video(self.seq, stamp, payload, marker)
            self.seq += 1
        self.number += 1

    def _hear(self, packet: rtcp.RtcpPacket) -> None:
        if not isinstance(packet, rtcp.Nack):
            return
        for number in packet.sequences:
            if number in self.sent:
                self.repairs += 1
                stamp, payload, marker = self.sent[number]
                again = number.to_bytes(2, "big") + payload
                self.peer.send_numbered(97, self.repairs, stamp, self.peer.rtx_ssrc, again, marker)


class Viewer:
    """A later viewer; what he has can be decoded or not."""

    def __init__(self, world: World, name: str, down: Line | None = None, **offer: Any) -> None:
        self.peer: LightPeer = world.join("watch", name, down=down, codec="H264", fmtp=FMTP, audio=0, **offer)
        self.marks: dict[int, bool] = {}
        self.screen = Screen(world, self.peer, *[*self.peer.slots, 0][:2])
        look = self.peer.on_rtp

        def take(header: RtpHeader, packet: bytes) -> None:
            look(header, packet)
            seq = header.sequence
            if header.ssrc == self.screen.rtx_ssrc:
                seq = int.from_bytes(packet[header.payload_offset :][:2], "big")
            self.marks[seq] = header.marker

        self.peer.on_rtp = take

    def packets(self) -> list[tuple[int, int, bytes, bool]]:
        """(number, time stamp, payload, marker), in order."""
        screen = self.screen
        return [
            (n, screen.timestamps[n], screen.payloads[n], self.marks[n & 0xFFFF])
            for n in sorted(screen.payloads)
        ]


def decoded(packets: list[tuple[int, int, bytes, bool]]) -> tuple[int, int]:
    """How many pictures a decoder that knows only this gets out of it, and how many there were."""
    depacketizer, decoder, pictures, stamps = (
        h264_depacketizer(),
        av.CodecContext.create("h264", "r"),
        0,
        set(),
    )
    for seq, stamp, payload, marker in packets:
        stamps.add(stamp)
        packet = RtpPacket(marker, seq & 0xFFFF, stamp, 1, payload)
        for frame in depacketizer.take(Arrived(packet, seq, 0)):
            try:
                pictures += len(decoder.decode(av.Packet(frame.data)))
            except av.error.InvalidDataError:
                continue
    pictures += len(decoder.decode(None))
    return pictures, len(stamps)


def heads_are_whole(packets: list[tuple[int, int, bytes, bool]]) -> bool:
    """Whether each IDR picture has its parameter sets in itself, and nothing stands without a slice: what browsers need."""
    kinds: dict[int, list[int]] = {}
    for _, stamp, payload, _ in packets:
        kinds.setdefault(stamp, []).extend(nal.kind for nal in h264.nals(payload))
    idr = [each for each in kinds.values() if IDR in each]
    whole = all({SPS, PPS} <= set(each[: each.index(IDR)]) for each in idr)
    return bool(idr) and whole and all({1, IDR} & set(each) for each in list(kinds.values())[:-1])


@pytest.mark.parametrize("width", [320, 64], ids=["fragments", "single units"])
@pytest.mark.parametrize("how", CUTS)
def test_whoever_begins_later_can_decode_however_the_parameter_sets_came(how: str, width: int) -> None:
    world = World()
    fmtp = described(clip(width)) if CUTS[how] is never else FMTP
    Sender(world, CUTS[how], fmtp=fmtp, width=width)
    early = Viewer(world, "county")
    world.network.run(3)
    later = Viewer(world, "leader")
    world.network.run(3)
    for viewer in (early, later):
        packets = viewer.packets()
        assert not viewer.screen.missing()
        assert heads_are_whole(packets)
        pictures, sent = decoded(packets)
        assert pictures >= sent - 1 > 60


@pytest.mark.parametrize("how", ["once", "as a picture of their own", "in the description alone"])
def test_the_recording_can_be_decoded(how: str, tmp_path: Path) -> None:
    world = World()
    Sender(world, CUTS[how], fmtp=described(clip()) if CUTS[how] is never else FMTP)
    world.network.run(2)
    keys = os.urandom(28), os.urandom(28)
    crypto = RelayCrypto(send_key=keys[1], receive_key=keys[0])
    came: list[tuple[int, int, bytes, bool]] = []

    class Recorder:
        def receive(self, data: bytes) -> None:
            if not 192 <= data[1] <= 223:
                packet = crypto.open_rtp(data)
                header = rtp.read_header(packet)
                payload = packet[header.payload_offset : header.payload_end]
                came.append((header.sequence, header.timestamp, payload, header.marker))

    there = ("10.0.9.9", 9999)
    world.peers[there] = (Recorder(), Line())  # type: ignore[assignment]
    world.sfu.relay_open("r_1.x", "m", there, *keys)
    world.network.run(3)
    numbers = [number for number, *_ in came]
    assert all((after - before) & 0xFFFF == 1 for before, after in itertools.pairwise(numbers))
    file, depacketizer = (
        PartFile(tmp_path / "part", [Track("video", "h264")], (320, 180)),
        h264_depacketizer(),
    )
    for number, stamp, payload, marker in came:
        packet = RtpPacket(marker, number, stamp, 1, payload)
        for frame in depacketizer.take(Arrived(packet, number, 0)):
            file.write([Sample("video", frame.data, frame.timestamp // 90, frame.key)])
    file.close()
    with av.open(str(file.path)) as container:
        pictures = [frame for frame in container.decode(video=0) if not frame.is_corrupt]
    assert len(pictures) >= len({stamp for _, stamp, *_ in came}) - 1 > 60


@pytest.mark.parametrize("with_rtx", [True, False], ids=["by RTX", "as it was"])
def test_inserted_parameter_sets_are_repaired_like_any_packet_and_no_number_is_used_twice(
    with_rtx: bool,
) -> None:
    world = World(seed=5)
    sender = Sender(world, once, up=Line(loss=0.02))
    world.network.run(2)
    viewer = Viewer(world, "leader", Line(loss=0.1), with_rtx=with_rtx)
    first: dict[int, bytes] = {}
    look = viewer.peer.on_rtp

    def take(header: RtpHeader, packet: bytes) -> None:
        look(header, packet)
        if header.ssrc == viewer.screen.ssrc:
            assert first.setdefault(header.sequence, packet) == packet, "one number, two packets"

    viewer.peer.on_rtp = take
    world.network.run(10)
    layer = world.sfu.routers["m"].publications[0].layers[0]
    assert layer.heads is not None
    assert layer.heads.inserted >= 15
    assert sender.repairs > 0
    assert world.sfu.peers[viewer.peer.id].outlet.counters["resent"] > 50
    seen = [number for number, _, payload, _ in viewer.packets() if payload[0] & 0x1F == h264.STAP_A]
    assert len(seen) >= 15
    assert not viewer.screen.missing(behind=100)
    assert heads_are_whole(viewer.packets()[:-100])


def test_a_later_sequence_parameter_set_is_what_is_inserted_from_then_on() -> None:
    first, second = (sets(units_of(clip(width).frames[0].data)) for width in (320, 64))
    idr = slices(units_of(clip().frames[0].data))[0]
    heads = PictureHeads(first)

    def begin(seq: int) -> Packet:
        ready = heads.take(Packet(seq, seq * 10, False, idr), newest=True, follows=True)
        assert [each.seq for each in ready] == list(range(ready[0].seq, ready[0].seq + len(ready)))
        return ready[0]

    old = begin(100)
    assert (old.payload, old.size, old.key_frame) == (h264.together(first), (320, 180), True)
    for offset, unit in enumerate(second):
        assert heads.take(Packet(101 + offset, 5, True, unit), newest=True, follows=True) == []
    new = begin(103)
    assert (new.payload, new.size, new.timestamp) == (second[0], (64, 36), 1030), (
        "held, and in the picture now"
    )
    later = begin(110)
    assert (later.payload, later.size) == (h264.together(second), (64, 36))


def test_an_idr_picture_whose_parameter_sets_nobody_knows_is_no_beginning() -> None:
    heads = PictureHeads()
    for payload in slices(units_of(clip().frames[0].data)):
        (packet,) = heads.take(Packet(7, 9, False, payload), newest=True, follows=True)
        assert not packet.key_frame


def test_later_slices_of_an_idr_picture_get_no_parameter_sets_of_their_own() -> None:
    known = sets(units_of(clip().frames[0].data))
    heads = PictureHeads(known)
    # Slice headers: first_mb_in_slice, slice_type 7, pic_parameter_set_id 0.
    begins, goes_on = b"\x65\x88\x80" + bytes(20), b"\x65\x62\x18" + bytes(20)
    assert len(heads.take(Packet(1, 5, False, begins), newest=True, follows=True)) == 2
    assert len(heads.take(Packet(2, 5, True, goes_on), newest=True, follows=True)) == 1


def test_what_was_late_keeps_its_place_before_what_was_inserted() -> None:
    known = sets(units_of(clip().frames[0].data))
    idr, other = slices(units_of(clip().frames[0].data))[0], b"\x41\x9a" + bytes(30)
    heads = PictureHeads(known)
    numbers = {}
    for seq, payload in ((10, other), (12, idr), (13, other), (14, idr)):
        for each in heads.take(Packet(seq, seq, True, payload), newest=True, follows=seq != 12):
            numbers[each.seq] = each.payload
    late = heads.take(Packet(11, 11, True, other), newest=False, follows=False)[0]
    assert late.seq == 11
    assert sorted(numbers) == [10, 12, 13, 14, 15, 16]
