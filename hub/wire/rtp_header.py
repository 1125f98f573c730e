"""What a read RTP header is, and the error of bytes that are none (RFC 3550 §5.1)."""

from __future__ import annotations

from typing import NamedTuple

Buffer = bytes | bytearray | memoryview


class RtpError(ValueError):
    """The bytes are no RTP packet, or a value does not fit into one."""


class RtpHeader(NamedTuple):
    """Where everything stands in one packet. Offsets and lengths are in bytes from the packet's start.

    `payload_end` excludes padding, so `data[payload_offset:payload_end]` is the payload (empty for a
    padding-only probe). `extension_profile` is 0 where the packet has no header extension; else
    `extension_offset` and `extension_length` describe the elements after the 4-byte extension header.
    """

    payload_type: int
    marker: bool
    sequence: int
    timestamp: int
    ssrc: int
    payload_offset: int
    payload_end: int
    extension_profile: int
    extension_offset: int
    extension_length: int
