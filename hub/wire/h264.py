"""H264 payloads (RFC 6184): which NAL units a packet carries, key frames, parameter sets, picture size."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from hub.wire.bits import BitReader, BitsError
from hub.wire.vp8 import Buffer

IDR: Final = 5
SPS: Final = 7
PPS: Final = 8
STAP_A: Final = 24
FU_A: Final = 28
#: Profiles whose parameter sets name a chroma format (H.264 §7.3.2.1.1).
_HIGH_PROFILES: Final = frozenset({100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})


class H264Error(ValueError):
    """The bytes are no H264 payload of packetization mode 0 or 1."""


class Nal(NamedTuple):
    """One NAL unit, or the part of one that a packet carries: place in the payload after the NAL header.

    `kind` is the NAL unit type; `start` is false for the later fragments of a unit.
    """

    kind: int
    offset: int
    length: int
    start: bool


def nals(payload: Buffer) -> Iterator[Nal]:
    """The NAL units of a payload (§5.6 to §5.8). Raises H264Error where they do not add up."""
    if not payload:
        raise H264Error("empty H264 payload")
    kind = payload[0] & 0x1F
    if 1 <= kind <= 23:
        yield Nal(kind, 1, len(payload) - 1, True)
    elif kind == STAP_A:
        at = 1
        while at < len(payload):
            if at + 3 > len(payload):
                raise H264Error("STAP-A cut short")
            size = payload[at] << 8 | payload[at + 1]
            at += 2
            if size == 0 or at + size > len(payload):
                raise H264Error("NAL unit outside its STAP-A")
            yield Nal(payload[at] & 0x1F, at + 1, size - 1, True)
            at += size
    elif kind == FU_A:
        if len(payload) < 3:
            raise H264Error("FU-A cut short")
        yield Nal(payload[1] & 0x1F, 2, len(payload) - 2, payload[1] & 0x80 != 0)
    else:
        raise H264Error("a packet type that packetization mode 1 does not have")


def is_keyframe_start(payload: Buffer) -> bool:
    """Whether a sequence parameter set begins in this payload: where a new viewer can start.

    An IDR slice alone is not enough: without the parameter sets before it nothing can be decoded.
    """
    try:
        return any(nal.kind == SPS and nal.start for nal in nals(payload))
    except H264Error:
        return False


def has_idr(payload: Buffer) -> bool:
    """Whether the payload carries (a part of) an IDR picture."""
    try:
        return any(nal.kind == IDR for nal in nals(payload))
    except H264Error:
        return False


def frame_size(payload: Buffer) -> tuple[int, int] | None:
    """(width, height) in pixels if the payload carries a sequence parameter set, else None."""
    try:
        for nal in nals(payload):
            if nal.kind == SPS and nal.start:
                return _size_of(bytes(payload[nal.offset : nal.offset + nal.length]))
    except (H264Error, BitsError):
        pass
    return None


def sps_id(unit: bytes) -> int:
    """The number of a sequence parameter set (H.264 §7.3.2.1.1). `unit` is the whole NAL unit. Raises BitsError."""
    bits = BitReader(unit[4:20])
    return _at_most(bits.golomb(), 31)


def pps_ids(unit: bytes) -> tuple[int, int]:
    """The number of a picture parameter set and that of the sequence parameter set it refers to (§7.3.2.2).

    `unit` is the whole NAL unit. Raises BitsError.
    """
    bits = BitReader(unit[1:17])
    return _at_most(bits.golomb(), 255), _at_most(bits.golomb(), 31)


def slice_pps(data: Buffer) -> tuple[int, int]:
    """The first macroblock of a slice and the picture parameter set it refers to (§7.3.3).

    `data` begins after the header of the NAL unit. Raises BitsError.
    """
    bits = BitReader(bytes(data[:16]))
    first = bits.golomb()
    bits.golomb()  # slice_type
    return first, _at_most(bits.golomb(), 255)


def size_of(unit: bytes) -> tuple[int, int] | None:
    """(width, height) in pixels that a sequence parameter set tells, None where it cannot be read."""
    try:
        return _size_of(unit[1:])
    except BitsError:
        return None


def whole_units(payload: Buffer) -> Iterator[bytes]:
    """The NAL units that stand whole in a payload, with their headers. Raises H264Error where they do not add up."""
    for nal in nals(payload):
        if payload[0] & 0x1F != FU_A:
            yield bytes(payload[nal.offset - 1 : nal.offset + nal.length])


def together(units: Iterable[bytes]) -> bytes:
    """One payload that carries these NAL units (a STAP-A, §5.7.1)."""
    listed = list(units)
    reference = max((unit[0] & 0x60 for unit in listed), default=0)
    return bytes([reference | STAP_A]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in listed)


def described_sets(fmtp: str) -> list[bytes]:
    """The NAL units of ``sprop-parameter-sets`` in a session description (§8.1); what cannot be read is left out."""
    units: list[bytes] = []
    for parameter in fmtp.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip().lower() != "sprop-parameter-sets":
            continue
        for text in value.split(","):
            try:
                units.append(base64.b64decode(text.strip(), validate=True))
            except binascii.Error:
                continue
    return [unit for unit in units if unit]


def _at_most(number: int, most: int) -> int:
    if number > most:
        raise BitsError("a number that no parameter set has")
    return number


def _size_of(sps: bytes) -> tuple[int, int]:
    """Width and height after cropping (H.264 §7.3.2.1.1). Raises BitsError if cut short or out of range."""
    bits = BitReader(sps[:256].replace(b"\x00\x00\x03", b"\x00\x00"))
    profile = bits.read(8)
    bits.read(16)  # constraint flags, level
    bits.golomb()  # seq_parameter_set_id
    chroma = 1
    if profile in _HIGH_PROFILES:
        chroma = bits.golomb()
        if chroma == 3:
            bits.read(1)
        bits.golomb()
        bits.golomb()
        bits.read(1)
        if bits.read(1):  # scaling lists
            for index in range(12 if chroma == 3 else 8):
                if bits.read(1):
                    _skip_scaling_list(bits, 16 if index < 6 else 64)
    bits.golomb()  # log2_max_frame_num
    order = bits.golomb()
    if order == 0:
        bits.golomb()
    elif order == 1:
        bits.read(1)
        bits.signed_golomb()
        bits.signed_golomb()
        for _ in range(min(bits.golomb(), 255)):
            bits.signed_golomb()
    bits.golomb()  # max_num_ref_frames
    bits.read(1)
    width = 16 * (bits.golomb() + 1)
    units = bits.golomb() + 1
    frames_only = bits.read(1)
    height = 16 * units * (2 - frames_only)
    if not frames_only:
        bits.read(1)
    bits.read(1)
    if bits.read(1):
        left, right, top, bottom = (bits.golomb() for _ in range(4))
        step_x = 2 if chroma in (1, 2) else 1
        step_y = (2 if chroma == 1 else 1) * (2 - frames_only)
        width -= step_x * (left + right)
        height -= step_y * (top + bottom)
    if not (0 < width <= 16384 and 0 < height <= 16384):
        raise BitsError("a picture of an impossible size")
    return width, height


def _skip_scaling_list(bits: BitReader, size: int) -> None:
    last = following = 8
    for _ in range(size):
        if following:
            following = (last + bits.signed_golomb()) & 0xFF
        last = following or last
