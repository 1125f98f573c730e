"""NTP time stamps as RTCP carries them (RFC 3550 §4): 32 bits of seconds since 1900, 32 of fraction."""

from __future__ import annotations

from typing import Final

#: Seconds from 1900 (NTP) to 1970 (Unix).
UNIX_EPOCH_S: Final = 2_208_988_800
#: No round trip is longer.
_LONGEST_S: Final = 10


def from_unix(seconds: float) -> int:
    """The 64-bit NTP time stamp of a Unix time; the seconds wrap in 2036 as the wire's do."""
    whole = int(seconds // 1)
    fraction = min(int((seconds - whole) * (1 << 32)), 0xFFFF_FFFF)
    return ((whole + UNIX_EPOCH_S) & 0xFFFF_FFFF) << 32 | fraction


def to_unix(ntp: int) -> float:
    """The Unix time of a 64-bit NTP time stamp; seconds below 2^31 are of the era that begins in 2036."""
    seconds = ntp >> 32
    if seconds < 1 << 31:
        seconds += 1 << 32
    return seconds - UNIX_EPOCH_S + (ntp & 0xFFFF_FFFF) / (1 << 32)


def middle(ntp: int) -> int:
    """The middle 32 bits, as LSR has them: 1/65,536 s, wrapping every 18 hours."""
    return ntp >> 16 & 0xFFFF_FFFF


def round_trip_s(arrived: int, last_report: int, delay: int) -> float | None:
    """Round trip from a report block (RFC 3550 §6.4.1), all three in 1/65,536 s; None if it cannot be told, or is so long
    that the report must be wrong: what is paced by it would stand still.

    `arrived` is the middle of our NTP time when the block came, `last_report` its LSR, `delay` its DLSR.
    """
    if last_report == 0:
        return None
    rtt = (arrived - last_report - delay) & 0xFFFF_FFFF
    if rtt >= 0x8000_0000:
        return 0.0
    return rtt / 65536 if rtt <= _LONGEST_S * 65536 else None
