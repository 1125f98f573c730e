"""RTP headers, extensions, RTX and RED: golden bytes, the same bytes again, one exact error."""

from __future__ import annotations

from typing import Any

import aiortc.rtp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import rtp, rtx
from hub.wire import rtp_extensions as ext
from hub.wire.rtp import build_packet, read_csrcs, read_header
from hub.wire.rtp_extensions import find_extension
from hub.wire.rtp_header import RtpError
from tests.support.packets import golden, packet_name


@pytest.mark.parametrize("packet", golden("rtp"), ids=packet_name)
def test_golden_packets_have_their_fields(packet: dict[str, Any]) -> None:
    for data in (packet["data"], bytearray(packet["data"]), memoryview(packet["data"])):
        header = read_header(data)
        for name, value in packet["fields"].items():
            assert getattr(header, name) == value, name
        assert list(read_csrcs(data)) == packet["csrcs"]
        for number, value in packet["extensions"]:
            place = find_extension(data, header, number)
            assert place is not None
            assert bytes(data[place[0] : place[0] + place[1]]).hex() == value
        assert find_extension(data, header, 9) is None


@pytest.mark.parametrize("packet", [p for p in golden("rtp") if p["canonical"]], ids=packet_name)
def test_golden_packets_are_built_byte_for_byte(packet: dict[str, Any]) -> None:
    data: bytes = packet["data"]
    header = read_header(data)
    built = build_packet(
        header.payload_type,
        header.sequence,
        header.timestamp,
        header.ssrc,
        data[header.payload_offset : header.payload_end],
        marker=header.marker,
        csrcs=packet["csrcs"],
        extensions=[(number, bytes.fromhex(value)) for number, value in packet["extensions"]],
        padding_bytes=packet["padding"],
    )
    # Padding bytes before the last have no meaning: compare up to them.
    assert built[: header.payload_end] == data[: header.payload_end]
    assert len(built) == len(data)
    assert built[-1:] == data[-1:]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "806000010000000200000 3"[:-2],
        "406000010000000200000003",
        "c06000010000000200000003",
        "816000010000000200000003",
        "906000010000000200000003",
        "906000010000000200000003bede0001",
        "a06000010000000200000003",
        "a0600001000000020000000300",
        "a0600001000000020000000302",
    ],
)
def test_headers_that_do_not_add_up_are_refused(text: str) -> None:
    with pytest.raises(RtpError):
        read_header(bytes.fromhex(text + "0" * (len(text) % 2)))


def test_an_element_outside_its_section_is_refused() -> None:
    one_byte = bytes.fromhex("906000010000000200000003bede0001 2f000000")
    two_byte = bytes.fromhex("906000010000000200000003100000010209000000")
    lone = bytes.fromhex("90600001000000020000000310000001 00000002")
    for data in (one_byte, two_byte, lone):
        with pytest.raises(RtpError):
            find_extension(data, read_header(data), 2)


def test_id_fifteen_ends_the_one_byte_form() -> None:
    data = bytes.fromhex("906000010000000200000003bede0001f0ff1055")
    assert find_extension(data, read_header(data), 1) is None


def test_another_implementation_reads_what_we_build() -> None:
    ids = aiortc.rtp.HeaderExtensionsMap()
    ids.configure(
        aiortc.RTCRtpParameters(
            headerExtensions=[
                aiortc.RTCRtpHeaderExtensionParameters(id=1, uri=ext.MID_URI),
                aiortc.RTCRtpHeaderExtensionParameters(id=2, uri=ext.ABS_SEND_TIME_URI),
                aiortc.RTCRtpHeaderExtensionParameters(id=3, uri=ext.TRANSPORT_SEQUENCE_URI),
                aiortc.RTCRtpHeaderExtensionParameters(id=4, uri=ext.AUDIO_LEVEL_URI),
            ]
        )
    )
    data = build_packet(
        111,
        7,
        8,
        9,
        b"sound",
        extensions=[
            (1, ext.text_value("audio-0")),
            (2, ext.abs_send_time_value(1.5)),
            (3, ext.transport_sequence_value(65_537)),
            (4, ext.audio_level_value(30, True)),
        ],
    )
    theirs = aiortc.rtp.RtpPacket.parse(data, ids)
    assert theirs.payload == b"sound"
    assert theirs.extensions.mid == "audio-0"
    assert theirs.extensions.abs_send_time == 3 << 17
    assert theirs.extensions.transport_sequence_number == 1
    assert theirs.extensions.audio_level == (True, 30)


def place_of(data: bytes, number: int) -> tuple[int, int]:
    place = find_extension(data, read_header(data), number)
    assert place is not None
    return place


def test_elements_come_back_as_they_were_put_in() -> None:
    data = build_packet(
        96,
        0,
        0,
        0,
        extensions=[
            (1, ext.text_value("视频")),
            (2, ext.abs_send_time_value(65.25)),
            (3, ext.transport_sequence_value(0xABCD)),
            (4, ext.audio_level_value(127, False)),
        ],
    )
    assert ext.read_text(data, place_of(data, 1)) == "视频"
    assert ext.read_abs_send_time(data, place_of(data, 2)) == 1.25
    assert ext.read_transport_sequence(data, place_of(data, 3)) == 0xABCD
    assert ext.read_audio_level(data, place_of(data, 4)) == (127, False)


def test_values_that_do_not_fit_are_refused() -> None:
    for wrong in ([(0, b"x")], [(256, b"x")], [(1, bytes(256))]):
        with pytest.raises(RtpError):
            ext.extension_section(wrong)
    with pytest.raises(RtpError):
        ext.audio_level_value(128, False)
    with pytest.raises(RtpError):
        ext.text_value("")
    with pytest.raises(RtpError):
        build_packet(128, 0, 0, 0)
    with pytest.raises(RtpError):
        build_packet(96, 65_536, 0, 0)
    data = build_packet(96, 0, 0, 0, extensions=[(1, b"\xff"), (2, b"12345")])
    with pytest.raises(RtpError):
        ext.read_text(data, place_of(data, 1))
    with pytest.raises(RtpError):
        ext.read_abs_send_time(data, place_of(data, 2))
    with pytest.raises(RtpError):
        ext.read_transport_sequence(data, place_of(data, 1))


def test_a_packet_sent_again_by_rtx_comes_back_whole() -> None:
    original = build_packet(96, 65_535, 90_000, 11, b"picture", marker=True, extensions=[(1, b"0")])
    again = rtx.wrap(original, read_header(original), 97, 12, 3)
    header = read_header(again)
    assert (header.payload_type, header.ssrc, header.sequence) == (97, 12, 3)
    assert (header.timestamp, header.marker) == (90_000, True)
    assert rtx.unwrap(again, header) == (65_535, b"picture")
    assert rtx.original_sequence(again, header) == 65_535
    theirs = aiortc.rtp.unwrap_rtx(aiortc.rtp.RtpPacket.parse(again), payload_type=96, ssrc=11)
    assert (theirs.sequence_number, theirs.payload) == (65_535, b"picture")


def test_a_probe_by_rtx_repeats_nothing() -> None:
    probe = build_packet(97, 1, 2, 3, padding_bytes=255)
    assert rtx.unwrap(probe, read_header(probe)) is None
    lone = build_packet(97, 1, 2, 3, b"x")
    with pytest.raises(RtpError):
        rtx.unwrap(lone, read_header(lone))


@given(st.binary(max_size=120), st.integers(0, 255))
def test_arbitrary_bytes_raise_only_the_one_error(data: bytes, number: int) -> None:
    for candidate in (
        data,
        b"\xbf" + data,
        b"\x90\x60" + bytes(10) + b"\xbe\xde\0\x04" + data,
        b"\x90" + data,
    ):
        try:
            header = read_header(candidate)
            assert 12 <= header.payload_offset <= header.payload_end <= len(candidate)
            place = find_extension(candidate, header, number)
            assert place is None or sum(place) <= header.payload_offset
            rtx.unwrap(candidate, header)
        except RtpError:
            pass


@given(
    st.integers(0, 127),
    st.integers(0, 65_535),
    st.integers(0, 2**32 - 1),
    st.booleans(),
    st.binary(max_size=40),
    st.dictionaries(st.integers(1, 255), st.binary(max_size=20), max_size=6),
    st.lists(st.integers(0, 2**32 - 1), max_size=15),
    st.integers(0, 255),
)
def test_whatever_is_built_is_read_back(
    payload_type: int,
    sequence: int,
    number: int,
    marker: bool,
    payload: bytes,
    extensions: dict[int, bytes],
    csrcs: list[int],
    padding: int,
) -> None:
    data = build_packet(
        payload_type,
        sequence,
        number,
        number,
        payload,
        marker=marker,
        csrcs=csrcs,
        extensions=extensions.items(),
        padding_bytes=padding,
    )
    header = read_header(data)
    assert header[:5] == (payload_type, marker, sequence, number, number)
    assert data[header.payload_offset : header.payload_end] == payload
    assert list(read_csrcs(data)) == csrcs
    for wanted, value in extensions.items():
        at, length = place_of(data, wanted)
        assert data[at : at + length] == value


def test_reading_keeps_no_hold_on_the_buffer() -> None:
    buffer = bytearray(build_packet(96, 1, 2, 3, b"x"))
    header = read_header(memoryview(buffer)[: len(buffer)])
    buffer.extend(b"more")  # would raise BufferError if a view were kept
    assert header.payload_end == rtp.HEADER_BYTES + 1
