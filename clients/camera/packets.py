"""Pictures as RTP payloads, as well or as badly as the switches say (RFC 6184, RFC 7798)."""

from __future__ import annotations

from collections.abc import Iterator

from clients.camera.faults import Faults
from clients.camera.scene import Scene, Shot

_NOTES_BEFORE = (b"\x09\xf0", b"\x06\x05\x04test\x80")
_NOTE_BEHIND = b"\x0c\xff\xff\x80"
_SETS = (7, 8)


def payloads(shot: Shot, scene: Scene, faults: Faults) -> list[bytes]:
    """The payloads of one picture, the marked one last."""
    units = list(shot.units)
    if scene.codec == "h265":
        return [part for unit in units for part in _cut_h265(unit, faults.mtu)]
    units = [unit for unit in units if unit[0] & 0x1F not in (6, 9)]
    if "sets_once" in faults.odd:
        units = [unit for unit in units if unit[0] & 0x1F not in _SETS]
    if faults.notes:
        units = [*_NOTES_BEFORE, *units, _NOTE_BEHIND]
    if faults.whole_pictures:
        return [(b"\0\0\0\1" + b"\0\0\0\1".join(units))[:60_000]]
    if faults.aggregates:
        sets = [unit for unit in units if unit[0] & 0x1F in _SETS]
        if sets:
            together = b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in sets)
            units = [together, *(unit for unit in units if unit not in sets)]
    most = 60_000 if faults.oversize else faults.mtu
    return [part for unit in units for part in _cut(unit, most)]


def _cut(unit: bytes, most: int) -> Iterator[bytes]:
    if len(unit) <= most:
        yield unit
        return
    for at in range(1, len(unit), most - 2):
        last = at + most - 2 >= len(unit)
        flags = (0x80 if at == 1 else 0) | (0x40 if last else 0)
        yield bytes((unit[0] & 0xE0 | 28, flags | unit[0] & 0x1F)) + unit[at : at + most - 2]


def _cut_h265(unit: bytes, most: int) -> Iterator[bytes]:
    if len(unit) <= most:
        yield unit
        return
    kind = unit[0] >> 1 & 0x3F
    for at in range(2, len(unit), most - 3):
        last = at + most - 3 >= len(unit)
        flags = (0x80 if at == 2 else 0) | (0x40 if last else 0)
        yield bytes((unit[0] & 0x81 | 49 << 1, unit[1], flags | kind)) + unit[at : at + most - 3]
