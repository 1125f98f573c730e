"""Cutting H264 anew (RFC 6184): fragments of any size, pictures found by their slices, B slices told from others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hub.wire import h264
from hub.wire.rtp_header import Buffer

NON_IDR: Final = 1
SEI: Final = 6
AUD: Final = 9
FU_B: Final = 29
#: Kinds of slice as Exp-Golomb codes after a first macroblock of 0 (H.264 §7.3.3, Table 7-6), by 7 bits.
P, B, I = "P", "B", "I"  # noqa: E741
_LETTERS: Final = (P, B, I, "SP", "SI", P, B, I, "SP", "SI")


def _kinds() -> tuple[str, ...]:
    """What a slice is, by the seven bits after that of its first macroblock; empty for what none has."""
    table = []
    for bits in range(128):
        text = f"{bits:07b}"
        zeros = len(text) - len(text.lstrip("0"))
        code = (1 << zeros) - 1 + int(text[zeros + 1 : 2 * zeros + 1] or "0", 2) if zeros <= 3 else 10
        table.append(_LETTERS[code] if code < len(_LETTERS) else "")
    return tuple(table)


_SLICES: Final = _kinds()


def begins_picture(first: int) -> bool:
    """Whether a slice begins a picture: its first macroblock is 0. `first` is the first byte after its NAL header."""
    return first >= 0x80


def slice_kind(first: int) -> str:
    """P, B, I, SP or SI for a slice that begins a picture, empty where that cannot be told."""
    return _SLICES[first & 0x7F] if first >= 0x80 else ""


def fragments(unit: Buffer, most: int) -> Iterator[bytes]:
    """A NAL unit as payloads of at most `most` bytes: itself, or FU-A (§5.8)."""
    if len(unit) <= most:
        yield bytes(unit)
        return
    indicator, kind = unit[0] & 0xE0 | h264.FU_A, unit[0] & 0x1F
    step = most - 2
    for at in range(1, len(unit), step):
        flags = (0x80 if at == 1 else 0) | (0x40 if at + step >= len(unit) else 0)
        yield bytes((indicator, flags | kind)) + unit[at : at + step]


def annex_b(payload: Buffer) -> list[bytes] | None:
    """The NAL units of a payload that carries start codes, which no payload should; None where there is none in front."""
    head = bytes(payload[:4])
    if not (head[:3] == b"\0\0\1" or head == b"\0\0\0\1"):
        return None
    return [unit for part in bytes(payload).split(b"\0\0\1") if (unit := part.rstrip(b"\0"))]
