"""The parameter sets of one H264 stream (RFC 6184 §8.4): kept as they come, and found for the picture that needs them."""

from __future__ import annotations

from typing import Final

from hub.wire import h264
from hub.wire.bits import BitsError
from hub.wire.rtp_header import Buffer

KINDS: Final = frozenset({h264.SPS, h264.PPS})
#: A parameter set longer than this, in bytes, is none of a camera; nor has one more than so many.
SET_BYTES: Final = 600
_MOST_SETS: Final = 8


class ParameterSets:
    """`size` is (width, height) and `profile` the profile_idc of what came last; `came` is for its owner to take back."""

    def __init__(self) -> None:
        self.size: tuple[int, int] | None = None
        self.profile = 0
        self.came = False
        self._sps: dict[int, bytes] = {}
        self._pps: dict[int, tuple[int, bytes]] = {}

    def see(self, unit: bytes) -> bool:
        """A NAL unit came; one that is no parameter set of a camera is passed over. False where it cannot be read."""
        kind = unit[0] & 0x1F if unit else 0
        if kind not in KINDS or len(unit) > SET_BYTES:
            return True
        unit = unit.rstrip(b"\0")
        try:
            if kind == h264.SPS:
                self._see_sps(unit)
            else:
                number, of = h264.pps_ids(unit)
                if len(self._pps) < _MOST_SETS or number in self._pps:
                    self._pps[number] = (of, unit)
        except BitsError:
            return False
        return True

    def _see_sps(self, unit: bytes) -> None:
        number = h264.sps_id(unit)
        if self._sps.get(number) != unit:
            self._pps = {pps: known for pps, known in self._pps.items() if known[0] != number}
            self.size = h264.size_of(unit) or self.size
        if len(self._sps) < _MOST_SETS or number in self._sps:
            self._sps[number] = unit
        self.profile = unit[1]
        self.came = True

    def needed(self, slice_data: Buffer, most_bytes: int) -> list[bytes]:
        """The sets of the picture that begins with this slice; those there are where it cannot be told. Behind them all that
        may be needed besides, as far as one packet of `most_bytes` has room."""
        try:
            _, number = h264.slice_pps(slice_data)
        except BitsError:
            number = -1
        known = self._pps.get(number)
        if known is None and len(self._pps) == 1 and len(self._sps) == 1:
            known = next(iter(self._pps.values()))
        if known is None or (sps := self._sps.get(known[0])) is None:
            return []
        units = [sps, known[1]]
        room = most_bytes - 1 - sum(len(unit) + 2 for unit in units)
        for other, (of, unit) in sorted(self._pps.items()):
            if of == known[0] and unit is not known[1] and other != number and len(unit) + 2 <= room:
                units.append(unit)
                room -= len(unit) + 2
        return units
