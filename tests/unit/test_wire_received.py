"""One walk over the header extensions finds what looking for each of them finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import rtp_extensions as ext
from hub.wire.rtp import build_packet, read_header
from hub.wire.rtp_header import RtpError
from hub.wire.rtp_received import Received, ReceivedReader
from hub.wire.sdp_plan import ExtensionIds

IDS = ExtensionIds(mid=9, audio_level=1, transport_sequence=4, abs_send_time=2, rid=10, repaired_rid=11)
VALUES = {
    4: ext.transport_sequence_value(65535),
    1: ext.audio_level_value(30, True),
    9: b"0",
    2: b"abc",
    10: b"f",
    11: b"q",
}


def received(packet: bytes, ids: ExtensionIds = IDS) -> Received:
    return ReceivedReader(ids).read(packet, read_header(packet))


def packet_with(extensions: list[tuple[int, bytes]]) -> bytes:
    return build_packet(96, 1, 2, 3, b"payload", extensions=extensions)


@pytest.mark.parametrize("further", [[], [(200, b"x")], [(3, b"")]])
def test_all_that_is_negotiated_is_read_in_one_walk(further: list[tuple[int, bytes]]) -> None:
    packet = packet_with([*further, *VALUES.items()])
    assert received(packet) == (65535, 30, "0", "f", "q")
    assert received(packet, ExtensionIds(mid=10)) == (-1, -1, "f", None, None)
    assert received(packet, ExtensionIds()) == Received()


def test_a_packet_without_extensions_or_with_another_profile_has_none() -> None:
    assert received(packet_with([])) == Received()
    packet = bytearray(packet_with(list(VALUES.items())))
    packet[12:14] = b"\x12\x34"
    assert received(bytes(packet)) == Received()


def test_what_stands_after_id_15_is_ignored() -> None:
    packet = bytearray(packet_with([(9, b"0"), (14, b"x"), (10, b"f")]))
    packet[packet.index(b"\xe0x")] = 0xF0
    assert received(bytes(packet)) == (-1, -1, "0", None, None)


@pytest.mark.parametrize(
    "elements",
    [[(4, b"a")], [(4, b"abc")], [(10, b"\xff")], [(9, b"\xc0")], [(1, b""), (200, b"")]],
)
def test_a_value_that_cannot_be_is_an_error(elements: list[tuple[int, bytes]]) -> None:
    with pytest.raises(RtpError):
        received(packet_with(elements))


@pytest.mark.parametrize(
    "section", ["bede0001 4fffff00", "bede0001 000000 41", "10000001 00000004", "10000001 04030000"]
)
def test_an_element_outside_its_section_is_an_error(section: str) -> None:
    with pytest.raises(RtpError):
        received(b"\x90\x60" + bytes(10) + bytes.fromhex(section))


@given(st.sampled_from([b"\xbe\xde\0\x04", b"\x10\x00\0\x04"]), st.binary(min_size=16, max_size=40))
def test_it_agrees_with_looking_for_each(head: bytes, body: bytes) -> None:
    packet = b"\x90\x60" + bytes(10) + head + body
    header = read_header(packet)
    try:
        found = received(packet)
    except RtpError:
        return
    for number, name in ((9, "mid"), (10, "rid"), (11, "repaired_rid")):
        value = getattr(found, name)
        place = ext.find_extension(packet, header, number)
        # Of an element that stands twice the walk keeps the last one, the search finds the first.
        assert (place is None) == (value is None)
