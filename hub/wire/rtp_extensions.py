"""RTP header extensions (RFC 8285): finding one element, writing a section, and the elements we use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hub.wire.rtp_header import Buffer, RtpError, RtpHeader

ONE_BYTE_PROFILE: Final = 0xBEDE
#: The two-byte profile is 0x1000 to 0x100F; the low bits are "appbits" without meaning for us.
TWO_BYTE_PROFILE: Final = 0x1000

MID_URI: Final = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL_URI: Final = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_SEQUENCE_URI: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
ABS_SEND_TIME_URI: Final = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
RID_URI: Final = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID_URI: Final = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"


def find_extension(data: Buffer, header: RtpHeader, wanted: int) -> tuple[int, int] | None:
    """Where the value of element `wanted` stands: (offset in `data`, length), or None if it is not there.

    Reads the one-byte and the two-byte form; other profiles have no elements. The search stops at the
    element, so only what stands before it can be found malformed (RtpError).
    """
    profile = header[7]
    at = header[8]
    end = at + header[9]
    if profile == ONE_BYTE_PROFILE:
        while at < end:
            first = data[at]
            at += 1
            if first == 0:  # padding between elements
                continue
            if first >= 0xF0:  # id 15: everything after it is to be ignored (§4.2)
                return None
            length = (first & 0x0F) + 1
            if at + length > end:
                raise RtpError("extension element outside its section")
            if first >> 4 == wanted:
                return at, length
            at += length
    elif profile & 0xFFF0 == TWO_BYTE_PROFILE:
        while at < end:
            first = data[at]
            at += 1
            if first == 0:
                continue
            if at >= end:
                raise RtpError("extension element without a length")
            length = data[at]
            at += 1
            if at + length > end:
                raise RtpError("extension element outside its section")
            if first == wanted:
                return at, length
            at += length
    return None


def extension_section(elements: Iterable[tuple[int, bytes]]) -> bytes:
    """The extension header with these (id, value) elements, padded to 32 bits; empty without elements.

    The one-byte form where all ids are 1 to 14 and all values 1 to 16 bytes long, else the two-byte form.
    Raises RtpError for ids outside 1 to 255 and values over 255 bytes.
    """
    pairs = list(elements)
    if not pairs:
        return b""
    if all(1 <= number <= 14 and 1 <= len(value) <= 16 for number, value in pairs):
        profile = ONE_BYTE_PROFILE
        body = b"".join(bytes([number << 4 | (len(value) - 1)]) + value for number, value in pairs)
    elif all(1 <= number <= 255 and len(value) <= 255 for number, value in pairs):
        profile = TWO_BYTE_PROFILE
        body = b"".join(bytes([number, len(value)]) + value for number, value in pairs)
    else:
        raise RtpError("extension id or value out of range")
    body += bytes(-len(body) % 4)
    return profile.to_bytes(2, "big") + (len(body) // 4).to_bytes(2, "big") + body


# --- the elements we use ------------------------------------------------------------------------------


def text_value(text: str) -> bytes:
    """A MID or RID (RFC 8852, RFC 9143): UTF-8, 1 to 255 bytes, else RtpError."""
    value = text.encode()
    if not 1 <= len(value) <= 255:
        raise RtpError("an SDES item has 1 to 255 bytes")
    return value


def read_text(data: Buffer, place: tuple[int, int]) -> str:
    """The MID or RID at `place`. Raises RtpError if it is not UTF-8."""
    offset, length = place
    try:
        return bytes(data[offset : offset + length]).decode()
    except UnicodeDecodeError as error:
        raise RtpError("an SDES item that is not UTF-8") from error


def transport_sequence_value(number: int) -> bytes:
    """The transport-wide sequence number, taken modulo 2^16."""
    return (number & 0xFFFF).to_bytes(2, "big")


def read_transport_sequence(data: Buffer, place: tuple[int, int]) -> int:
    """The transport-wide sequence number at `place`; RtpError unless it has 2 bytes (version 2 may have 4)."""
    offset, length = place
    if length not in (2, 4):
        raise RtpError("transport-wide sequence number of a wrong length")
    return data[offset] << 8 | data[offset + 1]


def abs_send_time_value(now_s: float) -> bytes:
    """abs-send-time: 24 bits of seconds with 18 fractional bits, so it wraps every 64 s."""
    return (int(now_s * (1 << 18)) & 0xFF_FFFF).to_bytes(3, "big")


def read_abs_send_time(data: Buffer, place: tuple[int, int]) -> float:
    """The abs-send-time at `place` in seconds, 0 up to 64; RtpError unless it has 3 bytes."""
    offset, length = place
    if length != 3:
        raise RtpError("abs-send-time of a wrong length")
    return (data[offset] << 16 | data[offset + 1] << 8 | data[offset + 2]) / (1 << 18)


def audio_level_value(level: int, voice: bool) -> bytes:
    """The audio level (RFC 6464): `level` is −dBov, 0 loudest to 127 silence. RtpError out of range."""
    if not 0 <= level <= 127:
        raise RtpError("audio level out of range")
    return bytes([level | (0x80 if voice else 0)])


def read_audio_level(data: Buffer, place: tuple[int, int]) -> tuple[int, bool]:
    """(−dBov, voice activity) at `place`. In the two-byte form the value may be padded to 2 bytes (§3)."""
    if place[1] < 1:
        raise RtpError("audio level without a value")
    value = data[place[0]]
    return value & 0x7F, value > 0x7F
