"""The fast reading of a receiver report says what the slow one says, or leaves it to that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import rtcp
from hub.wire.receiver_report_fast import read_report
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound

U32 = st.integers(0, 0xFFFF_FFFF)
BLOCKS = st.builds(
    rtcp.ReportBlock, U32, st.integers(0, 255), st.integers(-0x80_0000, 0x7F_FFFF), U32, U32, U32, U32
)


@given(reporter=U32, blocks=st.lists(BLOCKS, max_size=31))
def test_a_report_alone_is_read_as_the_slow_parser_reads_it(
    reporter: int, blocks: list[rtcp.ReportBlock]
) -> None:
    datagram = serialise([rtcp.ReceiverReport(reporter, tuple(blocks))])
    (packet,) = parse_compound(datagram)
    assert isinstance(packet, rtcp.ReceiverReport)
    wanted = [(block.ssrc, block.fraction_lost, block.last_report, block.delay) for block in packet.reports]
    assert read_report(datagram) == wanted


@given(st.binary(max_size=80))
def test_whatever_it_reads_the_slow_parser_takes_too(datagram: bytes) -> None:
    datagram = b"\x80\xc9" + datagram
    if read_report(datagram) is not None:
        assert len(parse_compound(datagram)) == 1


REPORT = serialise([rtcp.ReceiverReport(1, (rtcp.ReportBlock(2, 3, 4, 5, 6, 7, 8),))])


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        REPORT[:7],
        REPORT[:-1],
        REPORT + b"\0",
        b"\x82" + REPORT[1:],
        b"\xa1" + REPORT[1:],
        b"\x41" + REPORT[1:],
        REPORT[:1] + b"\xc8" + REPORT[2:],
        REPORT[:3] + b"\x08" + REPORT[4:],
        REPORT + serialise([rtcp.Pli(1, 2)]),
    ],
)
def test_anything_else_is_left_to_the_slow_parser(datagram: bytes) -> None:
    assert read_report(datagram) is None
