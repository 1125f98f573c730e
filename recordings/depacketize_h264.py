"""H264 out of RTP, as Annex B (RFC 6184, packetisation modes 0 and 1)."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from recordings.media_frame import EncodedBody, FrameAssembler, Piece

_IDR, _SEI, _SPS, _PPS, _DELIMITER = 5, 6, 7, 8, 9
_STAP_A, _FU_A = 24, 28
_START_CODE: Final = b"\x00\x00\x00\x01"


def h264_depacketizer(fmtp: str = "") -> FrameAssembler:
    """A depacketiser for one H264 stream. `fmtp` may carry its parameter sets (RFC 6184 §8.1)."""
    known = _ParameterSets()
    for unit in parameter_sets(fmtp):
        known.see(unit)
    return FrameAssembler(read_payload, known.join)


def parameter_sets(fmtp: str) -> list[bytes]:
    """The NAL units of ``sprop-parameter-sets``; what cannot be read is left out."""
    units: list[bytes] = []
    for parameter in fmtp.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name != "sprop-parameter-sets":
            continue
        for text in value.split(","):
            try:
                units.append(base64.b64decode(text, validate=True))
            except binascii.Error:
                continue
    return [unit for unit in units if unit]


def read_payload(payload: bytes) -> Piece:
    """The NAL units of a payload, or the fragment of one (RFC 6184 §5.6 to §5.8). Raises ValueError.

    `data` is Annex B; a fragment that does not begin its unit has no start code, so that joining is appending.
    """
    kind = payload[0] & 0x1F
    if kind == _FU_A:
        if len(payload) < 3:
            raise ValueError("H264 fragment without data")
        unit_kind = payload[1] & 0x1F
        if not payload[1] & 0x80:
            return Piece(payload[2:], False, False)
        unit = bytes([payload[0] & 0xE0 | unit_kind]) + payload[2:]
        return Piece(_START_CODE + unit, _begins_picture(unit), unit_kind == _IDR)
    if kind == _STAP_A:
        units = _aggregated(payload)
    elif 1 <= kind <= 23:
        units = [payload]
    else:
        raise ValueError(f"H264 payload of kind {kind}, which packetisation modes 0 and 1 do not have")
    data = b"".join(_START_CODE + unit for unit in units)
    return Piece(data, _begins_picture(units[0]), any(unit[0] & 0x1F == _IDR for unit in units))


def _aggregated(payload: bytes) -> list[bytes]:
    units: list[bytes] = []
    at = 1
    while at + 2 < len(payload):
        size = int.from_bytes(payload[at : at + 2], "big")
        unit = payload[at + 2 : at + 2 + size]
        if not size or len(unit) < size:
            raise ValueError("H264 aggregation cut off")
        units.append(unit)
        at += 2 + size
    if not units:
        raise ValueError("H264 aggregation of nothing")
    return units


def _begins_picture(unit: bytes) -> bool:
    """Parameter sets stand before a picture; a slice begins one if its first macroblock is number 0 (H.264 §7.4.1.2.4)."""
    kind = unit[0] & 0x1F
    if kind in (_SEI, _SPS, _PPS, _DELIMITER):
        return True
    return 1 <= kind <= _IDR and len(unit) > 1 and bool(unit[1] & 0x80)


def split_units(annex_b: bytes) -> list[bytes]:
    """NAL units of what this module joined (four-byte start codes; payloads hold none by H.264 §7.4.1.1)."""
    return [unit for unit in annex_b.split(_START_CODE) if unit]


class _ParameterSets:
    """The parameter sets seen last, by identity of their whole bytes: a change of them needs a new file."""

    def __init__(self) -> None:
        self._sps = b""
        self._pps: dict[bytes, None] = {}

    def see(self, unit: bytes) -> None:
        kind = unit[0] & 0x1F
        if kind == _SPS and unit != self._sps:
            self._sps = unit
            self._pps.clear()
        elif kind == _PPS:
            self._pps[unit] = None

    def join(self, pieces: list[Piece]) -> EncodedBody:
        data = b"".join(piece.data for piece in pieces)
        key = any(piece.key for piece in pieces)
        if not key:
            return EncodedBody(data, False)
        units = split_units(data)
        for unit in units:
            self.see(unit)
        if not self._sps or not self._pps:
            raise ValueError("H264 key frame before its parameter sets")
        parameters = b"".join(_START_CODE + unit for unit in (self._sps, *self._pps))
        if not any(unit[0] & 0x1F == _SPS for unit in units):
            data = parameters + data
        return EncodedBody(data, True, parameters)
