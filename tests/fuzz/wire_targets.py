"""Fuzzing targets of hub/wire: whatever reads bytes of strangers, each with the one error it may raise."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from hub.wire import av1, codecs, h264, relay_app, rtcp, rtp_extensions, rtx, stun, vp8, vp9
from hub.wire.demux import classify
from hub.wire.red import RedError, build_red, parse_red
from hub.wire.rtcp import RtcpError
from hub.wire.rtcp_build import serialise
from hub.wire.rtcp_parse import parse_compound
from hub.wire.rtp import read_csrcs, read_header
from hub.wire.rtp_header import RtpError
from hub.wire.rtp_received import ReceivedReader
from hub.wire.sdp import Fingerprint, LocalTransport, SdpError, SdpUnsupported
from hub.wire.sdp_answer import answer_publish, answer_watch
from hub.wire.sdp_fragment import parse_fragment
from hub.wire.sdp_parse import parse_offer
from hub.wire.sdp_plan import ExtensionIds, PublishPlan, WatchPlan
from hub.wire.transport_feedback_fast import feedback_in, read_feedback
from tests.fuzz import seeds
from tests.fuzz.target import Run, Target

LOCAL = LocalTransport(
    "hubu", "p" * 24, Fingerprint("sha-256", ":".join(["AB"] * 32)), (("192.0.2.9", 5000),)
)


def _plain(run: Run) -> Callable[[], Run]:
    """A target without state."""
    return lambda: run


def _stun(data: bytes) -> None:
    message = stun.parse(data)
    message.verify(b"password")
    assert message.username is None or len(message.username) <= 513


def _rtp(data: bytes) -> None:
    classify(data)
    header = read_header(data)
    assert 12 <= header.payload_offset <= header.payload_end <= len(data)
    assert len(read_csrcs(data)) <= 15
    number = data[-1]
    place = rtp_extensions.find_extension(data, header, number)
    assert place is None or sum(place) <= header.payload_offset
    reader = ReceivedReader(
        ExtensionIds(mid=9, audio_level=1, transport_sequence=4, rid=10, repaired_rid=number)
    )
    received = reader.read(memoryview(data), header)
    assert received.transport_sequence < 1 << 16
    rtx.unwrap(data, header)


def _rtcp(data: bytes) -> None:
    packets = parse_compound(data)
    for message in feedback_in(data):
        read_feedback(message)
    for packet in packets:
        if isinstance(packet, rtcp.SourceDescription):
            packet.cname(1)
        elif isinstance(packet, rtcp.TransportFeedback):
            list(packet.arrivals())
    try:
        again = serialise(packets)
    except RtcpError as error:
        raise AssertionError("what was read cannot be written") from error
    assert list(map(_meaning, parse_compound(again))) == list(map(_meaning, packets))


def _meaning(packet: rtcp.RtcpPacket) -> object:
    """A packet without what may be written in several ways: a NACK may name a number twice."""
    return frozenset(packet.sequences) if isinstance(packet, rtcp.Nack) else packet


def _framed(head: bytes) -> Run:
    """RTCP in which `head` (two bytes) and the length are right, so that what is inside gets read."""

    def run(data: bytes) -> None:
        whole = data[: len(data) // 4 * 4]
        packet = head + (len(whole) // 4).to_bytes(2, "big") + whole
        _rtcp(packet)
        if head[1] == relay_app.APP:
            (parsed,) = parse_compound(packet)
            assert isinstance(parsed, rtcp.Unknown)
            relay_app.read_levels(parsed)
            relay_app.read_layers(parsed)

    return run


def _feedback(data: bytes) -> None:
    """Both readers of transport-wide feedback say the same, or both refuse."""
    whole = data[: len(data) // 4 * 4]
    message = b"\x8f\xcd" + (len(whole) // 4).to_bytes(2, "big") + whole
    try:
        (slow,) = parse_compound(message)
    except RtcpError:
        slow = None
    try:
        base, reference, missing, arrivals = read_feedback(message)
    except RtcpError:
        assert slow is None, "only the fast reader refuses"
        return
    assert isinstance(slow, rtcp.TransportFeedback), "only the slow reader refuses"
    assert (base, reference) == (slow.base_sequence, slow.reference_time & 0xFF_FFFF)
    assert len(arrivals) == len(slow.deltas)
    assert missing == slow.deltas.count(None)
    origin = slow.reference_time * 256
    assert [None if at is None else (at + origin) * 250 for at in arrivals] == [
        at for _, at in slow.arrivals()
    ]


def _sdp(data: bytes) -> None:
    """An offer and both its answers, which must be readable: nothing of the offer got out of its line."""
    for answer in _long_sdp(data):
        try:
            parse_offer(answer)
        except SdpError as error:
            raise AssertionError("what was written cannot be read") from error


def _long_sdp(data: bytes) -> list[str]:
    """The same without reading the answers, which no hub does: for what an offer costs."""
    written = []
    offer = parse_offer(data.decode("utf-8", "replace"))
    answers: tuple[Callable[[], PublishPlan | WatchPlan], ...] = (
        lambda: answer_publish(offer, LOCAL),
        lambda: answer_watch(offer, LOCAL, itertools.count(1).__next__),
    )
    for answer in answers:
        try:
            written.append(answer().answer)
        except (SdpError, SdpUnsupported):
            pass
    return written


def _long(data: bytes) -> None:
    _long_sdp(data)


def _fragment(data: bytes) -> None:
    parse_fragment(data.decode("utf-8", "replace"))


def _vp8(data: bytes) -> None:
    descriptor = vp8.parse_descriptor(data)
    assert descriptor.header_bytes < len(data)
    vp8.frame_size(data)
    packet = bytearray(data)
    vp8.rewrite(packet, 0, descriptor, 0x18181, 300)
    after = vp8.parse_descriptor(packet)
    assert after[:4] == descriptor[:4]


def _vp9(data: bytes) -> None:
    descriptor = vp9.parse_descriptor(data)
    assert descriptor.header_bytes < len(data)
    vp9.frame_size(data)
    packet = bytearray(data)
    vp9.rewrite(packet, 0, descriptor, 0x18181, 300)
    after = vp9.parse_descriptor(packet)
    assert after[:5] == descriptor[:5]


def _h264(data: bytes) -> None:
    h264.is_keyframe_start(data)
    size = h264.frame_size(data)
    assert size is None or min(size) > 0
    assert all(nal.offset + nal.length <= len(data) for nal in h264.nals(data))


def _av1(data: bytes) -> None:
    codecs.is_keyframe_start("av1", data)
    assert all(obu.offset + obu.length <= len(data) for obu in av1.obus(data))
    av1.temporal_id(data)


def _red(data: bytes) -> None:
    blocks = parse_red(data)
    assert sum(block.length for block in blocks) <= len(data)
    parts = [(one.timestamp_offset, data[one.offset : one.offset + one.length]) for one in blocks]
    if len(blocks) <= 3 and all(offset for offset, _ in parts[:-1]):
        again = build_red(blocks[-1].payload_type, parts[-1][1], parts[:-1])
        assert [block[1:] for block in parse_red(again)] == [block[1:] for block in blocks]


WIRE_TARGETS = [
    Target("stun", _plain(_stun), seeds.stun_messages, (stun.StunError,)),
    Target("rtp", _plain(_rtp), seeds.rtp_packets, (RtpError,)),
    Target("rtcp", _plain(_rtcp), seeds.rtcp_packets, (RtcpError,)),
    Target("rtcp-feedback", _plain(_feedback), seeds.rtcp_bodies(205, 15)),
    Target("rtcp-pause", _plain(_framed(b"\x89\xcd")), seeds.rtcp_bodies(205, 9), (RtcpError,)),
    Target("rtcp-relay", _plain(_framed(b"\x82\xcc")), seeds.relay_bodies, (RtcpError,)),
    Target("sdp", _plain(_sdp), seeds.offers, (SdpError,), seeds.SDP_WORDS, longest=8192),
    Target("sdp-long", _plain(_long), seeds.long_offers, (SdpError,), seeds.SDP_WORDS, longest=66_000),
    Target("sdp-fragment", _plain(_fragment), seeds.fragments, (SdpError,), seeds.SDP_WORDS, longest=4096),
    Target("vp8", _plain(_vp8), seeds.payloads("vp8"), (vp8.Vp8Error,)),
    Target("vp9", _plain(_vp9), seeds.payloads("vp9"), (vp9.Vp9Error,)),
    Target("h264", _plain(_h264), seeds.payloads("h264"), (h264.H264Error,)),
    Target("av1", _plain(_av1), seeds.payloads("av1"), (av1.Av1Error,)),
    Target("red", _plain(_red), seeds.red_payloads, (RedError,)),
]
