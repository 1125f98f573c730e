"""Pictures put together again from RTP, for who decodes them: H264 (RFC 6184) and H265 (RFC 7798) with start codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from hub.wire import h264, h265
from hub.wire.rtp_header import Buffer

#: Codecs that can be decoded here.
CODECS: Final = ("h264", "h265")
START: Final = b"\0\0\0\1"
#: A picture longer than this is none.
MOST_BYTES: Final = 8 << 20
_H265_KEYS: Final = frozenset(range(16, 22))


class Picture(NamedTuple):
    """One picture. `timestamp` is of its packets; `key`: it can be decoded without those before it."""

    timestamp: int
    data: bytes
    key: bool


class Pictures:
    """One stream's pictures, in order. `described` are parameter sets of its description, put before each key picture that
    brings none."""

    def __init__(self, codec: str, described: Iterable[bytes] = ()) -> None:
        """Raises ValueError for a codec that is not one of CODECS."""
        if codec not in CODECS:
            raise ValueError(f"pictures of {codec} are not put together here")
        self.codec = codec
        self._described = START.join([b"", *described])
        self._units: list[bytes] = []
        self._part = bytearray()
        self._bytes = 0
        self._timestamp: int | None = None
        self._key = self._sets = False

    def take(self, payload: Buffer, timestamp: int, marker: bool) -> list[Picture]:
        """The pictures that are whole now that this payload came: mostly none. What cannot be read is left out."""
        out = []
        if self._timestamp is not None and timestamp != self._timestamp:
            out += self._end()
        self._timestamp = timestamp
        if self._bytes <= MOST_BYTES:
            try:
                self._h264(payload) if self.codec == "h264" else self._h265(payload)
            except (h264.H264Error, h265.H265Error):
                self._part.clear()
        if marker:
            out += self._end()
        return out

    def _h264(self, payload: Buffer) -> None:
        for nal in h264.nals(payload):
            body = payload[nal.offset : nal.offset + nal.length]
            if payload[0] & 0x1F != h264.FU_A:
                self._whole(bytes((payload[nal.offset - 1],)) + body, nal.kind)
                continue
            if nal.start:
                self._part = bytearray((payload[0] & 0xE0 | nal.kind,))
            if self._part:
                self._part += body
                self._bytes += len(body)
                if payload[1] & 0x40:
                    self._whole(bytes(self._part), nal.kind)
                    self._part.clear()

    def _h265(self, payload: Buffer) -> None:
        fragment = payload[0] >> 1 & 0x3F == h265.FU
        for unit in h265.units(payload):
            body = payload[unit.offset : unit.offset + unit.length]
            if not fragment:
                self._whole(bytes(payload[unit.offset - 2 : unit.offset]) + body, unit.kind)
                continue
            if unit.start:
                self._part = bytearray((payload[0] & 0x81 | unit.kind << 1, payload[1]))
            if self._part:
                self._part += body
                self._bytes += len(body)
                if payload[2] & 0x40:
                    self._whole(bytes(self._part), unit.kind)
                    self._part.clear()

    def _whole(self, unit: bytes, kind: int) -> None:
        if self.codec == "h264":
            self._key |= kind == h264.IDR
            self._sets |= kind == h264.SPS
        else:
            self._key |= kind in _H265_KEYS
            self._sets |= kind == h265.SPS
        self._bytes += len(unit)
        self._units.append(unit)

    def _end(self) -> list[Picture]:
        units, key, sets, timestamp = self._units, self._key, self._sets, self._timestamp
        whole = self._bytes <= MOST_BYTES
        self._units, self._key, self._sets, self._timestamp, self._bytes = [], False, False, None, 0
        self._part.clear()
        if not units or not whole or timestamp is None:
            return []
        # Without an IDR picture a stream begins where its parameter sets stand.
        data = START.join([b"", *units])
        if key and not sets:
            data = self._described + data
        return [Picture(timestamp, data, key or sets)]


def described_sets(codec: str, fmtp: str) -> list[bytes]:
    """The parameter sets of a description."""
    return h264.described_sets(fmtp) if codec == "h264" else h265.described_sets(fmtp)
