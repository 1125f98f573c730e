"""Reading a viewer's receiver report where it is hot: a thousand viewers send one or more a second each.

Says the same as `rtcp_parse.parse_compound` does of a datagram that is one receiver report and nothing else
(RFC 3550 §6.4.2, RFC 5506), which is the one to read first.
"""

from __future__ import annotations

import struct
from typing import Final

_RR: Final = 201
#: RTCP header and the reporter's SSRC.
_FIXED_BYTES: Final = 8
#: SSRC, fraction lost; cumulative loss, highest number and jitter are passed over; LSR, DLSR.
_BLOCK: Final = struct.Struct(">IB3x8xII")

#: SSRC of the source, fraction lost (in 1/256), LSR and DLSR (in 1/65,536 s) of one report block.
Heard = tuple[int, int, int, int]


def read_report(datagram: bytes) -> list[Heard] | None:
    """The blocks of a receiver report that is all of this RTCP datagram, without padding or extension; None for any other,
    well-formed or not."""
    length = len(datagram)
    if length < _FIXED_BYTES or datagram[1] != _RR or datagram[0] & 0xE0 != 0x80:
        return None
    if (
        not length
        == _FIXED_BYTES + _BLOCK.size * (datagram[0] & 0x1F)
        == 4 + 4 * (datagram[2] << 8 | datagram[3])
    ):
        return None
    return list(_BLOCK.iter_unpack(datagram[_FIXED_BYTES:]))
