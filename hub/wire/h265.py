"""H265 payloads (RFC 7798): enough to name them, to find key frames, and to keep parameter sets for whoever decodes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Final, NamedTuple

from hub.wire.rtp_header import Buffer

VPS: Final = 32
SPS: Final = 33
PPS: Final = 34
AP: Final = 48
FU: Final = 49
#: Pictures that decoding can begin with (H.265 Table 7-1): BLA, IDR, CRA.
_BEGINNINGS: Final = frozenset(range(16, 22))
_SPROP: Final = ("sprop-vps", "sprop-sps", "sprop-pps")


class H265Error(ValueError):
    """The bytes are no H265 payload without decoding order numbers."""


class Unit(NamedTuple):
    """A NAL unit, or a part of one: `kind` is its type, `start` is false for later fragments."""

    kind: int
    offset: int
    length: int
    start: bool


def units(payload: Buffer) -> Iterator[Unit]:
    """The NAL units of a payload (§4.4); offsets are behind the two bytes of their header. Raises H265Error."""
    if len(payload) < 2:
        raise H265Error("shorter than an H265 payload header")
    kind = payload[0] >> 1 & 0x3F
    if kind == FU:
        if len(payload) < 3:
            raise H265Error("a fragment cut short")
        yield Unit(payload[2] & 0x3F, 3, len(payload) - 3, payload[2] & 0x80 != 0)
    elif kind == AP:
        at = 2
        while at < len(payload):
            size = int.from_bytes(payload[at : at + 2], "big")
            at += 2
            if size < 2 or at + size > len(payload):
                raise H265Error("a unit outside its aggregate")
            yield Unit(payload[at] >> 1 & 0x3F, at + 2, size - 2, True)
            at += size
    elif kind < AP:
        yield Unit(kind, 2, len(payload) - 2, True)
    else:
        raise H265Error("a packet type of no meaning here")


def is_keyframe_start(payload: Buffer) -> bool:
    """Whether a picture that decoding can begin with begins here, or parameter sets do."""
    try:
        return any(unit.start and (unit.kind in _BEGINNINGS or unit.kind == VPS) for unit in units(payload))
    except H265Error:
        return False


def described_sets(fmtp: str) -> list[bytes]:
    """The parameter sets of a description (§7.1), in the order VPS, SPS, PPS; what cannot be read is left out."""
    found: dict[str, list[bytes]] = {name: [] for name in _SPROP}
    for parameter in fmtp.split(";"):
        name, _, value = parameter.strip().partition("=")
        for text in value.split(",") if name.strip().lower() in found else ():
            try:
                found[name.strip().lower()].append(base64.b64decode(text.strip(), validate=True))
            except binascii.Error:
                continue
    return [unit for name in _SPROP for unit in found[name] if unit]
