"""Inputs to begin fuzzing with: golden packets, captured offers, and what of ours is built for the purpose."""

from __future__ import annotations

import re
from collections.abc import Callable

from hub.wire import relay_app, rtcp, stun
from hub.wire.red import build_red
from hub.wire.rtcp_build import serialise
from hub.wire.rtp import build_packet
from tests.support.packets import captured_offer, golden

#: What offers are made of, for a fuzzer that would not guess it.
SDP_WORDS = tuple(
    word.encode()
    for word in (
        "\r\na=rid:",
        "\r\na=simulcast:send ",
        " send pt=",
        "\r\na=extmap:",
        "\r\na=rtpmap:",
        "\r\na=fmtp:",
        "\r\na=rtcp-fb:* ",
        "\r\na=ssrc-group:FID ",
        "\r\na=ssrc:",
        "\r\na=group:BUNDLE ",
        "\r\nm=video 9 UDP/TLS/RTP/SAVPF ",
        "\r\na=mid:",
        "\r\na=sendonly",
        "\r\na=recvonly",
        "\r\na=setup:actpass",
        "\r\na=rtcp-mux",
        "\r\na=candidate:",
        "\r\na=fingerprint:sha-256 ",
        " red/48000/2",
        " VP8/90000",
        " rtx/90000",
        ";max-width=",
        "apt=",
    )
)

_OFFERS = ("chromium-offer", "chromium-offer-simulcast", "firefox-offer")


def stun_messages() -> list[bytes]:
    """Golden messages and one with everything a check has."""
    check = stun.binding_request(bytes(12), "a:b", b"password", priority=1, controlling=1, use_candidate=True)
    return [*(packet["data"] for packet in golden("stun")), check]


def rtp_packets() -> list[bytes]:
    """Golden packets and one with every extension that is read."""
    extensions = [(4, b"\x01\x02"), (1, b"\x85"), (9, b"0"), (10, b"f"), (11, b"q"), (2, b"abc")]
    full = build_packet(96, 1, 2, 3, b"\x90\xe0\x05\x0a\x60\x51\x01", marker=True, extensions=extensions)
    return [*(packet["data"] for packet in golden("rtp")), full]


def rtcp_packets() -> list[bytes]:
    """Golden packets, one by one and all in one compound."""
    single = [packet["data"] for packet in golden("rtcp")]
    return [*single, b"".join(single), *(relay_packet + single[0] for relay_packet in relay_packets())]


def relay_packets() -> list[bytes]:
    """What nodes tell each other beside the media."""
    notes = [
        relay_app.LayerNote(7, 1280, 720, True, (300_000, 500_000)),
        relay_app.LayerNote(8, 0, 0, False, ()),
    ]
    return [
        serialise([relay_app.levels_packet(1, {7: 30, 8: 127})]),
        serialise([relay_app.layers_packet(1, notes)]),
    ]


def relay_bodies() -> list[bytes]:
    """The same without the RTCP header."""
    return [packet[4:] for packet in relay_packets()]


def rtcp_bodies(kind: int, form: int) -> Callable[[], list[bytes]]:
    """Golden RTCP packets of this type and format without their header."""

    def bodies() -> list[bytes]:
        packets = [packet["data"] for packet in golden("rtcp")]
        return [data[4:] for data in packets if data[1] == kind and data[0] & 0x1F == form]

    return bodies


def offers() -> list[bytes]:
    """Captured offers, and them made short."""
    captured = [captured_offer(name) for name in _OFFERS]
    return [text.encode() for text in (*map(_short, captured), *captured)]


def long_offers() -> list[bytes]:
    """What would be dear if reading were not linear."""
    captured = [captured_offer(name) for name in _OFFERS]
    one_section = captured[1]
    head, *_ = captured[0].partition("m=")
    formats = " ".join(map(str, range(16, 128)))
    maps = "".join(f"a=rtpmap:{number} VP8/90000\r\n" for number in range(16, 128))
    long = [
        captured[0] + "a=ssrc:1 cname:x\r\n" * 1500,
        one_section + "a=fmtp:96 " + "x=1;" * 1000 + "\r\n",
        one_section + "a=rtcp-fb:* nack pli\r\n" * 1800,
        one_section + "".join(f"a=extmap:{n % 255 + 1} urn:{n}\r\n" for n in range(1800)),
        one_section + "".join(f"a=ssrc-group:FID {n} {n + 1}\r\n" for n in range(1800)),
        head + "".join(f"m=video 9 UDP/TLS/RTP/SAVPF {formats}\r\na=mid:x{n}\r\n{maps}" for n in range(9)),
    ]
    return [text.encode() for text in (*long, *captured)]


def _short(offer: str) -> str:
    """An offer of VP8, VP9 and Opus only, without candidates: a fuzzer gets further with less."""
    left_out = re.compile(r"a=((rtpmap|fmtp|rtcp-fb):(?!(96|97|98|120|124|111|63|109)\b)|candidate|rtcp:)")
    lines = [line for line in offer.splitlines() if not left_out.match(line)]
    return "\r\n".join(lines) + "\r\n"


def fragments() -> list[bytes]:
    """What a browser sends to restart ICE."""
    return [
        b"a=ice-ufrag:abcd\r\na=ice-pwd:" + b"p" * 24 + b"\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
        b"a=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\na=end-of-candidates\r\n"
    ]


def payloads(codec: str) -> Callable[[], list[bytes]]:
    """Golden payloads of one codec."""
    return lambda: [packet["data"] for packet in golden("payloads") if packet["codec"] == codec]


def red_payloads() -> list[bytes]:
    """RED of one, two and three blocks."""
    return [
        build_red(111, b"cccc"),
        build_red(111, b"cccc", [(960, b"bbb")]),
        build_red(111, b"cccc", [(1920, b"aa"), (960, b"bbb")]),
    ]


def requests() -> list[bytes]:
    """RTCP by which a receiver asks for something, of sources 1 to 3 and their last numbers (see `Plane.meant`)."""
    recent = ((0, 1, 5), (0, 2, 5), (0, 1, 2, 5))  # as NACK entries: 17, 18 and 19
    asking: list[list[rtcp.RtcpPacket]] = [
        [rtcp.Nack(9, source, numbers), rtcp.Pli(9, source), rtcp.Fir(9, 0, ((source, 1),))]
        for source, numbers in enumerate(recent, start=1)
    ]
    for kind in (rtcp.PauseKind.RESUME, rtcp.PauseKind.PAUSE):
        entries = tuple(rtcp.PauseEntry(kind, source, 1) for source in range(1, 7))
        asking.append([rtcp.PauseResume(9, entries)])
    block = rtcp.ReportBlock(1, 25, 100, 7, 3, 5, 6)
    asking.append([rtcp.ReceiverReport(9, (block,)), rtcp.Remb(9, 400_000, (1, 2))])
    asking.append([rtcp.SenderReport(107, 1 << 33, 9, 1, 1)])
    return [serialise(packets) for packets in asking]


def check_attributes() -> list[bytes]:
    """STUN attributes of a connectivity check, as they stand after the user name."""
    priority = bytes.fromhex("00240004 6e0001ff")
    controlling, controlled = (
        bytes.fromhex("802a0008 0000000000000001"),
        bytes.fromhex("80290008 0000000000000001"),
    )
    nominating, unknown = bytes.fromhex("00250000"), bytes.fromhex("7fff0004 00000000")
    return [
        b"",
        priority + controlling,
        priority + controlling + nominating,
        priority + controlled,
        priority + unknown,
    ]
