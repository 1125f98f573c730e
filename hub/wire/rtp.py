"""RTP packets (RFC 3550 §5): the header read of the packet path, and a builder."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from typing import Final

from hub.wire.rtp_extensions import extension_section
from hub.wire.rtp_header import Buffer, RtpError, RtpHeader

_HEADER: Final = struct.Struct(">BBHII")
_read: Final = _HEADER.unpack_from
_EXTENSION: Final = struct.Struct(">HH")
_read_extension: Final = _EXTENSION.unpack_from
HEADER_BYTES: Final = 12

_new: Final = tuple.__new__


def read_header(data: Buffer) -> RtpHeader:
    """The header of an RTP packet. Raises RtpError for anything that does not add up."""
    end = len(data)
    if end < HEADER_BYTES:
        raise RtpError("shorter than an RTP header")
    first, second, sequence, timestamp, ssrc = _read(data)
    if first & 0xC0 != 0x80:
        raise RtpError("not version 2")
    offset = HEADER_BYTES
    if first & 0x0F:
        offset += (first & 0x0F) << 2
    profile = at = length = 0
    if first & 0x10:
        if offset + 4 > end:
            raise RtpError("header extension outside the packet")
        profile, length = _read_extension(data, offset)
        length <<= 2
        at = offset + 4
        offset = at + length
    if offset > end:
        raise RtpError("header longer than the packet")
    if first & 0x20:
        padding = data[end - 1]
        if padding == 0 or offset + padding > end:
            raise RtpError("padding outside the packet")
        end -= padding
    # tuple.__new__ directly: the generated __new__ would cost as much again as the reading.
    return _new(
        RtpHeader,
        (second & 0x7F, second > 0x7F, sequence, timestamp, ssrc, offset, end, profile, at, length),
    )


def read_csrcs(data: Buffer) -> tuple[int, ...]:
    """The contributing sources of a packet that `read_header` accepted."""
    return struct.unpack_from(f">{data[0] & 0x0F}I", data, HEADER_BYTES)


def build_packet(
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    payload: Buffer = b"",
    *,
    marker: bool = False,
    csrcs: Sequence[int] = (),
    extensions: Iterable[tuple[int, bytes]] = (),
    padding_bytes: int = 0,
) -> bytes:
    """One RTP packet. `extensions` are (id, value); `padding_bytes` 0 to 255. Raises RtpError out of range."""
    if not (0 <= payload_type <= 127 and len(csrcs) <= 15 and 0 <= padding_bytes <= 255):
        raise RtpError("payload type, sources or padding out of range")
    section = extension_section(extensions)
    first = 0x80 | (0x20 if padding_bytes else 0) | (0x10 if section else 0) | len(csrcs)
    try:
        head = _HEADER.pack(first, payload_type | (0x80 if marker else 0), sequence, timestamp, ssrc)
        sources = struct.pack(f">{len(csrcs)}I", *csrcs)
    except struct.error as error:
        raise RtpError("a header field is out of range") from error
    packet = head + sources + section + bytes(payload)
    if padding_bytes:
        packet += bytes(padding_bytes - 1) + bytes([padding_bytes])
    return packet
