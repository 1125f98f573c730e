"""Reading RTCP: a compound or reduced-size datagram becomes its packets, or one exact error."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from hub.wire import rtcp
from hub.wire.rtcp import RtcpError, RtcpPacket
from hub.wire.rtcp_pause import PAUSE_RESUME, parse_pause
from hub.wire.rtcp_transport import parse_feedback

#: Sequence numbers one NACK may name; more are not worth retransmitting.
MAX_NACKED: Final = 2048
_BLOCK: Final = struct.Struct(">IB3sIIII")
_SENDER: Final = struct.Struct(">IQIII")
_TWO: Final = struct.Struct(">II")


def parse_compound(data: bytes | bytearray | memoryview) -> list[RtcpPacket]:
    """The packets of one datagram, in order. Raises RtcpError if any of them does not add up.

    Reduced-size RTCP (RFC 5506) is taken: any packet may stand first or alone.
    """
    data = bytes(data)
    packets: list[RtcpPacket] = []
    at, end = 0, len(data)
    if end == 0:
        raise RtcpError("empty")
    while at < end:
        if at + 4 > end:
            raise RtcpError("shorter than an RTCP header")
        first, kind = data[at], data[at + 1]
        stop = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        if first & 0xC0 != 0x80 or not 192 <= kind <= 223:
            raise RtcpError("not version 2, or no RTCP packet type")
        if stop > end:
            raise RtcpError("packet longer than the datagram")
        body = data[at + 4 : stop]
        if first & 0x20:
            # RFC 3550 §6.4.1 wants it in the last packet only and in whole words; Chromium's transport
            # feedback is padded by 1 to 3 bytes wherever it stands.
            odd = kind == rtcp.RTPFB
            if not body or not 0 < body[-1] <= len(body) or (body[-1] % 4 and not odd):
                raise RtcpError("padding outside the packet")
            body = body[: -body[-1]]
        parser = _PARSERS.get(kind)
        count = first & 0x1F
        packets.append(parser(count, body) if parser else rtcp.Unknown(kind, count, body))
        at = stop
    return packets


def _blocks(count: int, body: bytes, at: int) -> tuple[rtcp.ReportBlock, ...]:
    # What follows the blocks is a profile-specific extension (§6.4.3) and skipped.
    if at + 24 * count > len(body):
        raise RtcpError("report blocks cut short")
    blocks = []
    for index in range(count):
        ssrc, fraction, lost, highest, jitter, lsr, dlsr = _BLOCK.unpack_from(body, at + 24 * index)
        signed = int.from_bytes(lost, "big", signed=True)
        blocks.append(rtcp.ReportBlock(ssrc, fraction, signed, highest, jitter, lsr, dlsr))
    return tuple(blocks)


def _sender_report(count: int, body: bytes) -> RtcpPacket:
    if len(body) < 24:
        raise RtcpError("sender report cut short")
    ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
    return rtcp.SenderReport(ssrc, ntp, timestamp, packets, octets, _blocks(count, body, 24))


def _receiver_report(count: int, body: bytes) -> RtcpPacket:
    if len(body) < 4:
        raise RtcpError("receiver report cut short")
    return rtcp.ReceiverReport(int.from_bytes(body[:4], "big"), _blocks(count, body, 4))


def _source_description(count: int, body: bytes) -> RtcpPacket:
    chunks = []
    at, end = 0, len(body)
    for _ in range(count):
        if at + 4 > end:
            raise RtcpError("source description cut short")
        ssrc = int.from_bytes(body[at : at + 4], "big")
        at += 4
        items = []
        while True:
            if at >= end:
                raise RtcpError("source description without an end")
            kind = body[at]
            if kind == 0:
                at += 4 - at % 4  # one to four zero bytes end the chunk on a word
                break
            if at + 2 > end or at + 2 + body[at + 1] > end:
                raise RtcpError("source description item cut short")
            items.append((kind, body[at + 2 : at + 2 + body[at + 1]]))
            at += 2 + body[at + 1]
        chunks.append((ssrc, tuple(items)))
    if at != end:
        raise RtcpError("bytes after the source descriptions")
    return rtcp.SourceDescription(tuple(chunks))


def _bye(count: int, body: bytes) -> RtcpPacket:
    at = 4 * count
    if at > len(body):
        raise RtcpError("goodbye cut short")
    reason = ""
    if at < len(body):
        if at + 1 + body[at] > len(body):
            raise RtcpError("reason of a goodbye cut short")
        reason = body[at + 1 : at + 1 + body[at]].decode("utf-8", "replace")
    return rtcp.Bye(struct.unpack_from(f">{count}I", body), reason)


def _transport_layer(form: int, body: bytes) -> RtcpPacket:
    if len(body) < 8:
        raise RtcpError("feedback cut short")
    sender, media = _TWO.unpack_from(body)
    if form == 15:
        return parse_feedback(sender, media, body[8:])
    if len(body) % 4:
        raise RtcpError("feedback that is not in whole words")
    if form == PAUSE_RESUME:
        pauses = parse_pause(sender, body[8:])
        return pauses if pauses.entries else rtcp.Unknown(rtcp.RTPFB, form, body)
    if form != 1:
        return rtcp.Unknown(rtcp.RTPFB, form, body)
    if len(body) == 8:
        raise RtcpError("a NACK of nothing")
    missing: list[int] = []
    for at in range(8, len(body), 4):
        first, mask = struct.unpack_from(">HH", body, at)
        missing.append(first)
        while mask:
            low = mask & -mask
            missing.append((first + low.bit_length()) & 0xFFFF)
            mask ^= low
        if len(missing) > MAX_NACKED:
            raise RtcpError("a NACK of too much")
    return rtcp.Nack(sender, media, tuple(missing))


def _payload_specific(form: int, body: bytes) -> RtcpPacket:
    if len(body) < 8:
        raise RtcpError("feedback cut short")
    sender, media = _TWO.unpack_from(body)
    if form == 1:
        if len(body) != 8:
            raise RtcpError("a PLI with more in it")
        return rtcp.Pli(sender, media)
    if form == 4:
        if len(body) == 8 or len(body) % 8:
            raise RtcpError("FIR entries cut short")
        return rtcp.Fir(
            sender,
            media,
            tuple((struct.unpack_from(">I", body, at)[0], body[at + 4]) for at in range(8, len(body), 8)),
        )
    if form == 15 and body[8:12] == b"REMB":
        return _remb(sender, media, body)
    return rtcp.Unknown(rtcp.PSFB, form, body)


def _remb(sender: int, media: int, body: bytes) -> RtcpPacket:
    """draft-alvestrand-rmcat-remb-03 §2.2: media source 0, and exactly as many SSRCs as announced."""
    if len(body) < 16 or media != 0 or len(body) != 16 + 4 * body[12]:
        raise RtcpError("malformed REMB")
    exponent = body[13] >> 2
    mantissa = (body[13] & 0x03) << 16 | body[14] << 8 | body[15]
    bitrate = mantissa << exponent
    if bitrate >= 1 << 64:
        raise RtcpError("a REMB bit rate over 64 bits")
    return rtcp.Remb(sender, bitrate, struct.unpack_from(f">{body[12]}I", body, 16))


_PARSERS: Final[dict[int, Callable[[int, bytes], RtcpPacket]]] = {
    rtcp.SR: _sender_report,
    rtcp.RR: _receiver_report,
    rtcp.SDES: _source_description,
    rtcp.BYE: _bye,
    rtcp.RTPFB: _transport_layer,
    rtcp.PSFB: _payload_specific,
}
