"""What a datagram is follows from its first bytes and its length, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.demux import DTLS, OTHER, RTCP, RTP, STUN, classify

LEAST = {STUN: 20, DTLS: 13, RTP: 12, RTCP: 8}


def of_rfc_7983(first: int, second: int) -> int:
    if first <= 3:
        return STUN
    if 20 <= first <= 63:
        return DTLS
    if 128 <= first <= 191:
        return RTCP if 192 <= second <= 223 else RTP
    return OTHER


@pytest.mark.parametrize("second", [0, 96, 191, 192, 200, 223, 224, 255])
def test_every_first_byte_goes_where_rfc_7983_says(second: int) -> None:
    for first in range(256):
        assert classify(bytes([first, second]) + bytes(62)) == of_rfc_7983(first, second)


@pytest.mark.parametrize("first", [0, 22, 0x80])
@pytest.mark.parametrize("second", [96, 200])
def test_what_is_too_short_for_its_kind_is_nothing(first: int, second: int) -> None:
    for length in range(65):
        data = (bytes([first, second]) + bytes(64))[:length]
        kind = of_rfc_7983(first, second)
        assert classify(data) == (kind if length >= LEAST[kind] else OTHER)


@pytest.mark.parametrize("first", [0, 22, 0x80])
def test_only_what_a_path_can_carry_is_taken(first: int) -> None:
    assert classify(bytes([first]) + bytes(1499)) != OTHER
    assert classify(bytes([first]) + bytes(1500)) == OTHER


def test_nothing_at_all_is_nothing() -> None:
    assert classify(b"") == OTHER


@given(st.binary(max_size=1600))
def test_any_buffer_gets_one_answer(data: bytes) -> None:
    assert classify(data) == classify(bytearray(data)) == classify(memoryview(data)) in range(5)
