"""Redundant sound: blocks stand where their headers say, and what is built is read again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire.red import MAX_BLOCK_BYTES, MAX_TIMESTAMP_OFFSET, RedError, build_red, parse_red

#: Two Opus frames of 10 ms before the primary one, as Chromium sends them.
PAYLOAD = bytes.fromhex("ef0f0002ef0780036f") + b"aa" + b"bbb" + b"cccc"


def test_blocks_stand_where_their_headers_say() -> None:
    assert [tuple(block) for block in parse_red(PAYLOAD)] == [
        (111, 960, 9, 2),
        (111, 480, 11, 3),
        (111, 0, 14, 4),
    ]
    assert parse_red(b"\x6f") == [(111, 0, 1, 0)]


def test_what_is_built_has_the_bytes_of_the_golden_payload() -> None:
    assert build_red(111, b"cccc", [(960, b"aa"), (480, b"bbb")]) == PAYLOAD
    assert build_red(111, memoryview(b"cccc")) == b"\x6fcccc"


@pytest.mark.parametrize(
    "payload",
    [b"", b"\xef\x0f\x00", bytes.fromhex("ef0f00026f") + b"a", b"\xef\0\0\0" * 17 + b"\x6f", b"\xef\0\0\0"],
)
def test_what_does_not_add_up_is_refused(payload: bytes) -> None:
    with pytest.raises(RedError):
        parse_red(payload)


@pytest.mark.parametrize(
    ("payload_type", "redundant"),
    [
        (128, []),
        (-1, []),
        (111, [(MAX_TIMESTAMP_OFFSET + 1, b"")]),
        (111, [(0, b"x")]),
        (111, [(-960, b"x")]),
        (111, [(960, bytes(MAX_BLOCK_BYTES + 1))]),
        (111, [(2880, b"a"), (1920, b"b"), (960, b"c")]),
    ],
)
def test_what_does_not_fit_is_refused(payload_type: int, redundant: list[tuple[int, bytes]]) -> None:
    with pytest.raises(RedError):
        build_red(payload_type, b"x", redundant)


@given(
    st.integers(0, 127),
    st.binary(max_size=1500),
    st.lists(
        st.tuples(st.integers(1, MAX_TIMESTAMP_OFFSET), st.binary(max_size=MAX_BLOCK_BYTES)), max_size=2
    ),
)
def test_what_is_built_is_read_again(
    payload_type: int, primary: bytes, redundant: list[tuple[int, bytes]]
) -> None:
    payload = build_red(payload_type, primary, redundant)
    blocks = [
        (block.payload_type, block.timestamp_offset, payload[block.offset : block.offset + block.length])
        for block in parse_red(payload)
    ]
    assert blocks == [(payload_type, offset, data) for offset, data in [*redundant, (0, primary)]]


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_only_the_one_error(payload: bytes) -> None:
    try:
        assert sum(block.length for block in parse_red(payload)) <= len(payload)
    except RedError:
        pass
