"""Payload descriptors: golden bytes, real encoders' key frames, rewriting, and one exact error a codec."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import VpxPayloadDescriptor
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import av1, codecs, h264, vp8, vp9
from hub.wire.bits import BitReader, BitsError
from tests.support.packets import golden, packet_name

GOLDEN = golden("payloads")


def descriptor_of(codec: str, payload: bytes) -> vp8.Vp8Descriptor | vp9.Vp9Descriptor:
    return vp8.parse_descriptor(payload) if codec == "vp8" else vp9.parse_descriptor(payload)


@pytest.mark.parametrize("packet", GOLDEN, ids=packet_name)
def test_golden_payloads_have_their_fields(packet: dict[str, Any]) -> None:
    payload, codec = packet["data"], packet["codec"]
    assert codecs.is_keyframe_start(codec, payload) == packet["key"]
    size = codecs.frame_size(codec, payload)
    assert size == (tuple(packet["size"]) if packet["size"] else None)
    for name, value in packet.get("fields", {}).items():
        assert getattr(descriptor_of(codec, payload), name) == value, name


@pytest.mark.parametrize("packet", [p for p in GOLDEN if p["codec"] in ("vp8", "vp9")], ids=packet_name)
def test_a_descriptor_cut_short_is_refused(packet: dict[str, Any]) -> None:
    error = vp8.Vp8Error if packet["codec"] == "vp8" else vp9.Vp9Error
    whole = descriptor_of(packet["codec"], packet["data"])
    for length in range(whole.header_bytes + 1):
        with pytest.raises(error):
            descriptor_of(packet["codec"], packet["data"][:length])


@pytest.mark.parametrize("packet", [p for p in GOLDEN if p["codec"] in ("vp8", "vp9")], ids=packet_name)
def test_rewriting_changes_only_what_is_there(packet: dict[str, Any]) -> None:
    before = descriptor_of(packet["codec"], packet["data"])
    buffer = bytearray(12) + packet["data"]
    if isinstance(before, vp8.Vp8Descriptor):
        vp8.rewrite(memoryview(buffer), 12, before, 0x18181, 300)
    else:
        vp9.rewrite(memoryview(buffer), 12, before, 0x18181, 300)
    after = descriptor_of(packet["codec"], bytes(buffer[12:]))
    expected = before._replace(
        picture_id={0: -1, 7: 1, 15: 0x0181}[before.picture_bits], tl0=44 if before.tl0 >= 0 else -1
    )
    assert after == expected
    assert buffer[12 + after.header_bytes :] == packet["data"][before.header_bytes :]


def encoded(codec: str, width: int, height: int, options: dict[str, str]) -> list[bytes]:
    """Four encoded frames, the first a key frame."""
    encoder = av.CodecContext.create(codec, "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.framerate = Fraction(30)
    encoder.options = options
    frames = []
    for number in range(4):
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([60 + 20 * number]) * plane.buffer_size)
        frame.pts = number
        frames += [bytes(packet) for packet in encoder.encode(frame)]
    return frames + [bytes(packet) for packet in encoder.encode(None)]


@pytest.mark.parametrize(("width", "height"), [(640, 360), (1280, 720), (322, 242)])
def test_key_frames_of_a_real_vp8_encoder_are_found_with_their_size(width: int, height: int) -> None:
    frames = encoded("libvpx", width, height, {"deadline": "realtime", "lag-in-frames": "0"})
    payloads = [
        bytes(VpxPayloadDescriptor(partition_start=1, partition_id=0, picture_id=9)) + f for f in frames
    ]
    assert [vp8.is_keyframe_start(payload) for payload in payloads] == [True, False, False, False]
    assert [vp8.frame_size(payload) for payload in payloads] == [(width, height), None, None, None]


@pytest.mark.parametrize(("width", "height"), [(640, 360), (322, 242)])
def test_key_frames_of_a_real_vp9_encoder_are_found_with_their_size(width: int, height: int) -> None:
    frames = encoded(
        "libvpx-vp9", width, height, {"deadline": "realtime", "lag-in-frames": "0", "cpu-used": "8"}
    )
    # I=1, B=1, E=1 and P as the frame's own type says.
    payloads = [bytes([0x8C | (0x40 if number else 0), number + 1]) + f for number, f in enumerate(frames)]
    assert [vp9.is_keyframe_start(payload) for payload in payloads] == [True, False, False, False]
    assert vp9.frame_size(payloads[0]) == (width, height)


@pytest.mark.parametrize("profile", ["baseline", "main", "high"])
@pytest.mark.parametrize(("width", "height"), [(640, 360), (1280, 720), (322, 242)])
def test_key_frames_of_a_real_h264_encoder_are_found_with_their_size(
    profile: str, width: int, height: int
) -> None:
    options = {"profile": profile, "tune": "zerolatency", "preset": "ultrafast"}
    frames = encoded("libx264", width, height, options)
    found = []
    for frame in frames:
        payloads = H264Encoder._packetize(H264Encoder._split_bitstream(frame))
        found.append(sum(h264.is_keyframe_start(payload) for payload in payloads))
        sizes = {h264.frame_size(payload) for payload in payloads} - {None}
        assert sizes == ({(width, height)} if found[-1] else set())
    assert found == [1, 0, 0, 0]
    assert any(h264.has_idr(p) for p in H264Encoder._packetize(H264Encoder._split_bitstream(frames[0])))


def test_key_frames_of_a_real_av1_encoder_are_found() -> None:
    frames = encoded("libsvtav1", 320, 240, {"preset": "12", "svtav1-params": "pred-struct=1:lookahead=0"})
    # A temporal delimiter (2 bytes), which RTP leaves out, and the sequence header with its size.
    assert frames[0][:2] == b"\x12\x00"
    size = frames[0][3]
    header = bytes([frames[0][2] & ~0x02]) + frames[0][4 : 4 + size]
    assert av1.is_keyframe_start(b"\x18" + header)
    assert not av1.is_keyframe_start(b"\x10" + header)


@given(st.binary(min_size=1, max_size=4000), st.integers(min_value=0, max_value=1 << 17))
def test_a_vp8_frame_is_cut_into_payloads_that_any_reader_puts_together(frame: bytes, picture: int) -> None:
    made = vp8.payloads(frame, picture)
    assert max(map(len, made)) <= 1200
    read = [vp8.parse_descriptor(payload) for payload in made]
    assert [each.start for each in read] == [True] + [False] * (len(made) - 1)
    assert {(each.picture_id, each.picture_bits) for each in read} == {(picture & 0x7FFF, 15)}
    assert b"".join(VpxPayloadDescriptor.parse(payload)[1] for payload in made) == frame


def test_the_elements_of_an_av1_payload_are_told_apart() -> None:
    parts = list(av1.obus(bytes.fromhex("28 03 0e40bb 32aabb")))
    assert [tuple(part) for part in parts] == [(1, 2, 2, 3), (6, -1, 5, 3)]
    assert av1.temporal_id(bytes.fromhex("28 03 0e40bb 32aabb")) == 2
    assert av1.temporal_id(bytes.fromhex("10 32aabb")) == -1
    assert [part.kind for part in av1.obus(bytes.fromhex("80 02aabb 023200"))] == [-1, 6]
    for wrong in ("", "18", "1080", "0005aa", "00ffffffffff", "20aa", "1004", "3001aa01aa", "0000"):
        with pytest.raises(av1.Av1Error):
            list(av1.obus(bytes.fromhex(wrong)))


@pytest.mark.parametrize("text", ["", "78", "780000", "7800ff67", "780001", "7c85", "79aa", "7f00", "00aa"])
def test_h264_payloads_that_do_not_add_up_are_refused(text: str) -> None:
    payload = bytes.fromhex(text)
    if text == "78":
        assert list(h264.nals(payload)) == []
        return
    with pytest.raises(h264.H264Error):
        list(h264.nals(payload))


@given(st.binary(max_size=80))
def test_arbitrary_bytes_raise_only_the_one_error(payload: bytes) -> None:
    for codec in codecs.CODECS:
        assert codecs.is_keyframe_start(codec, payload) in (True, False)
        codecs.frame_size(codec, payload)
    for parse, error in ((vp8.parse_descriptor, vp8.Vp8Error), (vp9.parse_descriptor, vp9.Vp9Error)):
        try:
            assert parse(payload).header_bytes < len(payload)
        except error:
            pass
    try:
        assert all(obu.offset + obu.length <= len(payload) for obu in av1.obus(payload))
    except av1.Av1Error:
        pass
    try:
        assert all(nal.offset + nal.length <= len(payload) for nal in h264.nals(payload))
    except h264.H264Error:
        pass


@given(st.binary(max_size=60))
def test_arbitrary_parameter_sets_have_a_size_or_none(sps: bytes) -> None:
    size = h264.frame_size(b"\x67" + sps)
    assert size is None or (0 < size[0] <= 16384 and 0 < size[1] <= 16384)


def test_bits_are_read_from_the_top_and_end() -> None:
    bits = BitReader(bytes([0b1_010_011_0, 0b0100_0000]))
    assert (bits.golomb(), bits.golomb(), bits.signed_golomb()) == (0, 1, -1)
    assert BitReader(bytes([0b00100_000])).golomb() == 3
    with pytest.raises(BitsError):
        BitReader(b"\0").golomb()
    with pytest.raises(BitsError):
        BitReader(bytes(8)).golomb()


def test_an_unknown_codec_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        codecs.is_keyframe_start("h265", b"x")
    assert set(codecs.VIDEO_CODECS) == {"vp8", "h264", "vp9", "av1"}
    assert codecs.AUDIO_CODECS == ("opus",)
