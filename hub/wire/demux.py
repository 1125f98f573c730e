"""What a datagram is, by its first bytes and length (RFC 7983 §7, RFC 5761 §4)."""

from __future__ import annotations

from typing import Final

OTHER: Final = 0
STUN: Final = 1
DTLS: Final = 2
RTP: Final = 3
RTCP: Final = 4

#: Longer datagrams are nothing we could have asked for: a path of the Internet carries 1,500 bytes.
MAX_DATAGRAM_BYTES: Final = 1500
STUN_HEADER_BYTES: Final = 20
DTLS_RECORD_HEADER_BYTES: Final = 13
RTP_HEADER_BYTES: Final = 12
RTCP_HEADER_BYTES: Final = 8

#: Kind and least length by first byte, so that the packet path makes one look-up.
_BY_FIRST_BYTE: Final[tuple[tuple[int, int], ...]] = tuple(
    (STUN, STUN_HEADER_BYTES)
    if first <= 3
    else (DTLS, DTLS_RECORD_HEADER_BYTES)
    if 20 <= first <= 63
    else (RTP, RTP_HEADER_BYTES)
    if 128 <= first <= 191
    else (OTHER, 0)
    for first in range(256)
)


def classify(data: bytes | bytearray | memoryview) -> int:
    """STUN, DTLS, RTP, RTCP or OTHER. Empty, too short and over-long datagrams are OTHER; never raises.

    RTP and RTCP share a range of first bytes: payload types 64 to 95 with the marker bit as it stands
    (second byte 192 to 223) are RTCP.
    """
    length = len(data)
    if not 8 <= length <= MAX_DATAGRAM_BYTES:
        return OTHER
    kind, least = _BY_FIRST_BYTE[data[0]]
    if kind == RTP and 192 <= data[1] <= 223:
        return RTCP
    return kind if length >= least else OTHER
