"""Reading transport-wide feedback where it is hot: a thousand viewers send fifteen a second each.

Says the same as `rtcp_transport.parse_feedback` (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), which is the
one to read first; here what is usual (everything arrived, small deltas) is left to C.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate
from typing import Final

from hub.wire.rtcp_transport import MAX_PACKETS, RtcpError

_RTPFB: Final = 205
_FORMAT: Final = 15
#: RTCP header, both SSRCs, base number, status count, reference time and message count.
_FIXED_BYTES: Final = 20
#: A run chunk's status, as often as it says.
_RUNS: Final = (b"\x00", b"\x01", b"\x02", b"\x03")


def is_feedback_alone(datagram: bytes | memoryview) -> bool:
    """Whether this RTCP datagram is one transport-wide feedback packet and nothing else."""
    return (
        len(datagram) >= _FIXED_BYTES
        and datagram[0] & 0xDF == 0x80 | _FORMAT
        and datagram[1] == _RTPFB
        and len(datagram) == 4 + 4 * (datagram[2] << 8 | datagram[3])
    )


def feedback_in(compound: bytes | memoryview) -> list[bytes]:
    """The transport-wide feedback packets of a compound datagram, each by itself.

    Made for a compound that `parse_compound` took; it ends where a length does not add up.
    """
    found = []
    at, end = 0, len(compound)
    while at + 4 <= end:
        stop = at + 4 + 4 * (compound[at + 2] << 8 | compound[at + 3])
        if stop > end:
            break
        if compound[at + 1] == _RTPFB and compound[at] & 0x1F == _FORMAT:
            found.append(bytes(compound[at:stop]))
        at = stop
    return found


def read_feedback(message: bytes | memoryview) -> tuple[int, int, int, list[int | None]]:
    """(base number, reference time, packets missing, arrival of each packet) of one whole RTCP packet.

    The base number has 16 bits and the reference time 24, unsigned, in 64 ms. Arrivals are in ticks of 250 µs since
    the reference time, None for a packet not received. Raises RtcpError for anything else than one well-formed
    transport-wide feedback packet; never reads beyond `message`.
    """
    body = bytes(message)
    end = len(body)
    if (
        end < _FIXED_BYTES
        or body[0] & 0xDF != 0x80 | _FORMAT
        or body[1] != _RTPFB
        or end != 4 + 4 * (body[2] << 8 | body[3])
    ):
        raise RtcpError("not one transport feedback packet")
    if body[0] & 0x20:
        padding = body[-1]
        if not 0 < padding <= end - _FIXED_BYTES:
            raise RtcpError("padding outside the packet")
        end -= padding
    count = body[14] << 8 | body[15]
    if not 0 < count <= MAX_PACKETS:
        raise RtcpError("transport feedback for no packets or too many")
    statuses, at = b"", _FIXED_BYTES
    while len(statuses) < count:
        if at + 2 > end:
            raise RtcpError("transport feedback chunks cut short")
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        if chunk >= 0x8000:
            statuses += _vector(chunk)
        elif chunk & 0x1FFF:
            statuses += _RUNS[chunk >> 13] * (chunk & 0x1FFF)
        else:
            raise RtcpError("an empty run")
    if len(statuses) > count:
        statuses = statuses[:count]
    missing = statuses.count(0)
    small = statuses.count(1)
    received = count - missing
    large = received - small
    stop = at + small + 2 * large
    if stop > end:
        raise RtcpError("deltas cut short")
    if end - stop > 3:
        raise RtcpError("bytes after the deltas")
    arrivals: list[int | None]
    if large:
        arrivals = _with_large(statuses, body, at)
    elif missing:
        times = accumulate(body[at:stop])
        arrivals = [next(times) if status else None for status in statuses]
    else:
        arrivals = list(accumulate(body[at:stop]))
    return body[12] << 8 | body[13], body[16] << 16 | body[17] << 8 | body[18], missing, arrivals


def _with_large(statuses: bytes, body: bytes, at: int) -> list[int | None]:
    """Arrivals where some deltas have two bytes (signed). All of them were seen to lie within the packet."""
    arrivals: list[int | None] = []
    tick = 0
    for status in statuses:
        if status == 0:
            arrivals.append(None)
            continue
        if status == 1:
            tick += body[at]
            at += 1
        elif status == 2:
            delta = body[at] << 8 | body[at + 1]
            tick += delta - 0x1_0000 if delta & 0x8000 else delta
            at += 2
        else:
            raise RtcpError("reserved packet status")
        arrivals.append(tick)
    return arrivals


@lru_cache(maxsize=4096)
def _vector(chunk: int) -> bytes:
    """The statuses of a vector chunk: 14 of one bit or 7 of two (§3.1.4)."""
    if chunk < 0xC000:
        return bytes(chunk >> shift & 1 for shift in range(13, -1, -1))
    return bytes(chunk >> shift & 3 for shift in range(12, -1, -2))
