"""RTCP: golden bytes, the same bytes again, and one exact error for everything else."""

from __future__ import annotations

import random
from typing import Any

import aiortc.rtp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.wire import ntp, rtcp
from hub.wire.rtcp import RtcpError, TransportFeedback, feedback_from_arrivals
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from tests.support.packets import golden, packet_name

GOLDEN = golden("rtcp")


def as_plain(value: Any) -> Any:
    if isinstance(value, rtcp.PauseEntry):
        return [value.kind, value.ssrc, value.pause_id, value.highest_sequence]
    return [as_plain(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize("packet", GOLDEN, ids=packet_name)
def test_golden_packets_have_their_fields(packet: dict[str, Any]) -> None:
    (parsed,) = parse_compound(packet["data"])
    assert type(parsed).__name__ == packet["kind"]
    for name, value in packet["fields"].items():
        assert as_plain(getattr(parsed, name)) == value, name
    if "block" in packet:
        assert isinstance(parsed, rtcp.SenderReport)
        assert parsed.reports == (rtcp.ReportBlock(**packet["block"]),)
    if "arrivals" in packet:
        assert isinstance(parsed, TransportFeedback)
        assert [list(arrival) for arrival in parsed.arrivals()] == packet["arrivals"]


@pytest.mark.parametrize("packet", [p for p in GOLDEN if p["canonical"]], ids=packet_name)
def test_golden_packets_come_out_byte_for_byte(packet: dict[str, Any]) -> None:
    assert serialise(parse_compound(packet["data"])) == packet["data"]


def test_a_compound_keeps_its_packets_in_order() -> None:
    canonical = [packet for packet in GOLDEN if packet["canonical"]]
    data = b"".join(packet["data"] for packet in canonical)
    parsed = parse_compound(memoryview(data))
    assert [type(one).__name__ for one in parsed] == [packet["kind"] for packet in canonical]
    assert serialise(parsed) == data


def test_the_name_of_a_source_is_told() -> None:
    (parsed,) = parse_compound(next(p["data"] for p in GOLDEN if p["kind"] == "SourceDescription"))
    assert isinstance(parsed, rtcp.SourceDescription)
    assert parsed.cname(1) == "abc"
    assert parsed.cname(2) is None


@pytest.mark.parametrize("packet", GOLDEN, ids=packet_name)
def test_every_truncation_is_refused_or_shorter(packet: dict[str, Any]) -> None:
    data: bytes = packet["data"]
    for length in range(len(data)):
        with pytest.raises(RtcpError):
            parse_compound(data[:length])
        # With a length field that claims to be right, the body itself must be found short, or be valid.
        if length >= 4 and length % 4 == 0:
            claimed = data[:2] + (length // 4 - 1).to_bytes(2, "big") + data[4:length]
            try:
                assert len(parse_compound(claimed)) == 1
            except RtcpError:
                pass


@pytest.mark.parametrize(
    "text",
    [
        "",
        "40c90001 00000001",
        "80bf0000",
        "80e00000",
        "81c90001 00000001",
        "a0c90001 00000000",
        "a0c90001 00000005",
        "80c80001 00000001",
        "81ca0001 00000001",
        "81ca0002 00000001 01056162",
        "81ca0003 00000001 01016100 00000000",
        "82cb0001 00000001",
        "81cb0002 00000001 09616263",
        "81cd0002 00000001 00000002",
        "81ce0003 00000001 00000002 00000003",
        "84ce0002 00000001 00000002",
        "84ce0003 00000001 00000002 00000003",
        "8fce0005 00000001 00000001 52454d42 010bd090 00000002",
        "8fce0005 00000001 00000000 52454d42 020bd090 00000002",
        "8fce0004 00000001 00000000 52454d42 010bd090",
        "8fce0004 00000001 00000000 52454d42 00ffffff",
        "8fcd0004 00000001 00000002 00050000 00000307",
        "8fcd0005 00000001 00000002 00050004 00000307 00000000",
        "8fcd0005 00000001 00000002 00050004 00000307 60040000",
        "8fcd0005 00000001 00000002 00050009 00000307 20040000",
        "8fcd0007 00000001 00000002 00050004 00000307 d24004ff fe640000 00000000",
        "8fcd0005 00000001 00000002 0005ffff 00000307 1fff1fff",
        "89cd0002 00000001 00000000",
        "89cd0003 00000001 00000000 00000002",
        "89cd0004 00000001 00000000 00000002 00010007",
        "89cd0004 00000001 00000000 00000002 20000007",
    ],
)
def test_what_does_not_add_up_is_refused(text: str) -> None:
    with pytest.raises(RtcpError):
        parse_compound(bytes.fromhex(text))


@given(st.binary(max_size=120), st.integers(192, 223), st.integers(0, 63))
def test_arbitrary_bytes_raise_only_the_one_error(data: bytes, kind: int, first: int) -> None:
    whole = data[: len(data) // 4 * 4]
    framed = bytes([0x80 | first, kind]) + (len(whole) // 4).to_bytes(2, "big") + whole
    for candidate in (data, framed, framed * 2):
        try:
            parsed = parse_compound(candidate)
        except RtcpError:
            continue
        again = parse_compound(serialise(parsed))
        assert list(map(meaning, again)) == list(map(meaning, parsed))


def meaning(packet: rtcp.RtcpPacket) -> object:
    """A packet without what may be written in several ways: a NACK may name a number twice."""
    return frozenset(packet.sequences) if isinstance(packet, rtcp.Nack) else packet


@pytest.mark.parametrize(
    "entry",
    [
        rtcp.PauseEntry(rtcp.PauseKind.PAUSED, 1, 2),
        rtcp.PauseEntry(rtcp.PauseKind.RESUME, 1, 2, 3),
        rtcp.PauseEntry(rtcp.PauseKind.PAUSE, 1, 0x1_0000),
        rtcp.PauseEntry(rtcp.PauseKind.PAUSED, 1, 2, 1 << 32),
    ],
)
def test_a_pause_that_does_not_fit_is_not_written(entry: rtcp.PauseEntry) -> None:
    for entries in ((entry,), ()):
        with pytest.raises(RtcpError):
            serialise([rtcp.PauseResume(1, entries)])


def test_pauses_of_unknown_kinds_only_are_no_pauses() -> None:
    (parsed,) = parse_compound(bytes.fromhex("89cd0004 00000001 00000000 00000002 50000007"))
    assert isinstance(parsed, rtcp.Unknown)


def test_another_implementation_reads_what_we_build() -> None:
    packets: list[rtcp.RtcpPacket] = [
        rtcp.SenderReport(1, ntp.from_unix(1_700_000_000.5), 2, 3, 4),
        rtcp.SourceDescription(((1, ((rtcp.CNAME, b"hub"),)),)),
        rtcp.Nack(1, 2, (65_535, 0, 3, 40)),
        rtcp.Remb(1, 2_500_000, (7, 8)),
        rtcp.Bye((1,)),
    ]
    theirs: list[Any] = list(aiortc.rtp.RtcpPacket.parse(serialise(packets)))
    report, description, nack, remb, bye = theirs
    assert (report.ssrc, report.sender_info.packet_count) == (1, 3)
    assert description.chunks[0].items == [(1, b"hub")]
    assert [number & 0xFFFF for number in nack.lost] == [65_535, 0, 3, 40]
    assert aiortc.rtp.unpack_remb_fci(remb.fci) == (2_500_000, [7, 8])
    assert bye.sources == [1]


@given(st.integers(0, (1 << 64) - 1), st.lists(st.integers(0, 2**32 - 1), max_size=255))
def test_a_bit_rate_keeps_its_first_eighteen_bits(bitrate: int, ssrcs: list[int]) -> None:
    (parsed,) = parse_compound(serialise([rtcp.Remb(1, bitrate, tuple(ssrcs))]))
    assert isinstance(parsed, rtcp.Remb)
    assert parsed.ssrcs == tuple(ssrcs)
    assert 0 <= bitrate - parsed.bitrate_bps <= bitrate >> 17


@given(st.lists(st.integers(0, 65_535), min_size=1, max_size=60))
def test_every_missing_number_is_named(sequences: list[int]) -> None:
    (parsed,) = parse_compound(serialise([rtcp.Nack(1, 2, tuple(sequences))]))
    assert isinstance(parsed, rtcp.Nack)
    assert set(parsed.sequences) == set(sequences)


@pytest.mark.parametrize(
    "packet",
    [
        rtcp.Nack(1, 2, ()),
        rtcp.Bye(tuple(range(32))),
        rtcp.Bye((1,), "x" * 256),
        rtcp.Pli(1 << 32, 2),
        rtcp.Remb(1, 1 << 90, ()),
        TransportFeedback(1, 2, 0, 0, 0, ()),
        TransportFeedback(1, 2, 0, 0, 0, (40_000,)),
        rtcp.Unknown(207, 0, b"x"),
    ],
    ids=repr,
)
def test_values_that_do_not_fit_are_refused(packet: rtcp.RtcpPacket) -> None:
    with pytest.raises(RtcpError):
        serialise([packet])


def test_losses_beyond_twenty_four_bits_stop_at_the_edge() -> None:
    block = rtcp.ReportBlock(1, 0, 1 << 30, 0, 0, 0, 0)
    (parsed,) = parse_compound(serialise([rtcp.ReceiverReport(2, (block,))]))
    assert isinstance(parsed, rtcp.ReceiverReport)
    assert parsed.reports[0].packets_lost == 0x7F_FFFF


@pytest.mark.parametrize("loss", [0.0, 0.02, 0.5, 0.98])
def test_arrivals_survive_the_wire(loss: float) -> None:
    dice = random.Random(int(loss * 100))
    arrivals, now = [], 123_456_789_000
    for number in range(65_000, 70_000):
        now += dice.choice([0, 250, 700, 12_000, 300_000]) - dice.choice([0, 0, 0, 500])
        if dice.random() >= loss:
            arrivals.append((number, now))
    arrivals.append((70_001, now + 20_000_000))  # a pause that no delta can hold
    messages = feedback_from_arrivals(1, 2, 250, arrivals)
    assert [one.count for one in messages] == [(250 + index) & 0xFF for index in range(len(messages))]
    seen: dict[int, int] = {}
    for one in messages:
        data = serialise([one])
        assert len(data) <= 1200
        assert parse_compound(data) == [one]
        seen |= {sequence: at for sequence, at in one.arrivals() if at is not None}
    assert list(seen) == [number & 0xFFFF for number, _ in arrivals]
    for (_, expected), at in zip(arrivals, seen.values(), strict=True):
        assert 0 <= expected - at < 250  # the tick of the format


def test_the_reference_time_wraps_after_twelve_days() -> None:
    wrap_us = (1 << 23) * 64_000
    before, after = feedback_from_arrivals(1, 2, 0, [(1, wrap_us - 250), (2, wrap_us + 9_000_000)])
    assert (before.reference_time, after.reference_time) == ((1 << 23) - 1, -(1 << 23) + 140)
    assert parse_compound(serialise([before, after])) == [before, after]


def test_arrivals_out_of_order_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(RtcpError):
        feedback_from_arrivals(1, 2, 0, [(5, 0), (4, 10)])
    assert feedback_from_arrivals(1, 2, 0, []) == []


def test_ntp_time_is_unix_time_from_1900() -> None:
    assert ntp.from_unix(0.5) == 0x83AA7E80_80000000
    assert ntp.to_unix(0x83AA7E80_80000000) == 0.5
    assert ntp.middle(0x83AA7E80_80000000) == 0x7E808000
    later = 2_085_978_500.25  # 2036, in the next era
    assert ntp.to_unix(ntp.from_unix(later)) == later


def test_a_round_trip_needs_a_report_of_ours() -> None:
    assert ntp.round_trip_s(0x0003_0000, 0x0001_0000, 0x0001_8000) == 0.5
    assert ntp.round_trip_s(0x0000_8000, 0xFFFF_8000, 0) == 1.0
    assert ntp.round_trip_s(0x0001_0000, 0x0001_0000, 5) == 0.0
    assert ntp.round_trip_s(5, 0, 0) is None
    assert ntp.round_trip_s(0x000B_0000, 0x0001_0000, 0) == 10.0
    assert ntp.round_trip_s(0x000B_0001, 0x0001_0000, 0) is None
