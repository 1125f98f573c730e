"""The heads of H264 pictures: each IDR picture leaves the hub with its parameter sets, however they came.

A sender may give them once, in its description alone, or as a picture of their own (RFC 6184 §8.4 allows all of it). Whoever
begins later, a viewer or the recorder, can decode nothing without them, and Chromium nothing where they do not stand in the
picture itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final, TypeVar

from hub.media.row.packet_cache import VIDEO_PACKETS, Packet
from hub.wire import h264
from hub.wire.bits import BitsError

#: A parameter set longer than this is none of a camera, and all that are inserted together take one packet.
_SET_BYTES: Final = 600
_TOGETHER_BYTES: Final = 1100
#: Sets kept of one stream: encoders have one of each, or two.
_MOST_SETS: Final = 16
#: Packets before the first slice that are held until it comes.
_MOST_HELD: Final = 8
_NON_IDR: Final = 1
_Kept = TypeVar("_Kept")
#: What stands before the slices of a picture: SEI, parameter sets, delimiter, prefix, subset of parameters.
_PREFIX: Final = frozenset({6, h264.SPS, h264.PPS, 9, 13, 14, 15})


class ParameterSets:
    """The newest parameter sets of one stream, by number."""

    def __init__(self) -> None:
        self._sps: dict[int, bytes] = {}
        self._pps: dict[int, tuple[int, bytes]] = {}

    def see(self, unit: bytes) -> None:
        """A whole NAL unit came; what is no parameter set, or cannot be read, is passed over."""
        kind = unit[0] & 0x1F if unit else 0
        if kind not in (h264.SPS, h264.PPS) or len(unit) > _SET_BYTES:
            return
        try:
            if kind == h264.SPS:
                number = h264.sps_id(unit)
                if self._sps.get(number) != unit:
                    # What referred to the old one has to come again (H.264 §7.4.1.2.1).
                    self._pps = {pps: known for pps, known in self._pps.items() if known[0] != number}
                _keep(self._sps, number, unit)
            else:
                number, of = h264.pps_ids(unit)
                _keep(self._pps, number, (of, unit))
        except BitsError:
            return

    def of(self, pps: int) -> list[bytes] | None:
        """What a slice with this picture parameter set needs: that one first, then those beside it; None while unknown."""
        known = self._pps.get(pps)
        if known is None or (sps := self._sps.get(known[0])) is None:
            return None
        units = [sps, known[1]]
        room = _TOGETHER_BYTES - sum(map(len, units))
        for number, (of, unit) in sorted(self._pps.items()):
            if of == known[0] and number != pps and len(unit) + 2 <= room:
                units.append(unit)
                room -= len(unit) + 2
        return units


def _keep(kept: dict[int, _Kept], number: int, what: _Kept) -> None:
    kept.pop(number, None)
    kept[number] = what
    if len(kept) > _MOST_SETS:
        del kept[next(iter(kept))]


class PictureHeads:
    """One H264 stream on its way in. `described` are parameter sets that its description told.

    Packets that only stand before a picture are held until its first slice is there: with the time stamp of that slice they
    are part of its picture, whatever theirs was. Where parameter sets are missing before an IDR picture they are inserted, and
    all packets after them are numbered by one more. `key_frame` is set on the packet that a viewer can begin with.
    """

    def __init__(self, described: Iterable[bytes] = ()) -> None:
        self._sets = ParameterSets()
        for unit in described:
            self._sets.see(unit)
        self._held: list[Packet] = []
        self._whole = True
        self._slice_stamp: int | None = None
        self._seen_idr = False
        self.inserted = 0
        self._inserted_at: deque[int] = deque(maxlen=VIDEO_PACKETS)

    def clear(self) -> None:
        """The stream began anew, with far higher numbers; its parameter sets hold until it sends others."""
        self._held.clear()
        self._slice_stamp = None

    def take(self, packet: Packet, *, newest: bool, follows: bool) -> list[Packet]:
        """What is to be passed on now that `packet` came: mostly it alone. Its `seq` is the source's, and then the hub's.

        `newest`: no later one came before; `follows`: nothing is missing between the one before and it.
        """
        source_seq, payload = packet.seq, packet.payload
        packet.seq = self._number(source_seq)
        held = self._held
        if newest and not held and (not payload or _goes_on(payload)):
            self._slice_stamp = packet.timestamp
            return [packet]
        if not newest:
            return [self._take_late(packet)]
        if held and not follows:
            self._whole = False
        kinds = _kinds(payload)
        self._see(packet, kinds)
        if (not payload and held) or (kinds and kinds <= _PREFIX and packet.timestamp != self._slice_stamp):
            held.append(packet)
            if len(held) <= _MOST_HELD:
                return []
            self._held, self._whole = [], True
            return held
        return self._begin(packet, kinds, source_seq)

    def _begin(self, packet: Packet, kinds: set[int], source_seq: int) -> list[Packet]:
        """A slice came: what was held belongs to it."""
        held, whole = self._held, self._whole
        self._held, self._whole = [], True
        front = [each for each in held if whole or each.timestamp == packet.timestamp]
        for each in front:
            each.timestamp, each.marker = packet.timestamp, 0
        self._slice_stamp = packet.timestamp
        first_slice = _first_idr_slice(packet.payload) if h264.IDR in kinds else None
        self._seen_idr |= first_slice is not None
        before = set[int]().union(*(_kinds(each.payload) for each in front))
        if first_slice is not None and not {h264.SPS, h264.PPS} <= before | kinds:
            known = self._sets.of(first_slice)
            if known is not None:
                return [*held, self._insert(known, packet, source_seq), packet]
        if first_slice is not None or not self._seen_idr:
            # Without any IDR picture a stream is refreshed bit by bit, beginning where parameter sets stand.
            entry = next((each for each in front if h264.SPS in _kinds(each.payload)), None)
            if entry is None and h264.SPS in kinds:
                entry = packet
            if entry is not None:
                entry.key_frame = True
        return [*held, packet]

    def _insert(self, units: list[bytes], packet: Packet, source_seq: int) -> Packet:
        """Parameter sets in the number of `packet`, which has the next one."""
        inserted = Packet(packet.seq, packet.timestamp, False, h264.together(units))
        inserted.key_frame, inserted.size = True, h264.size_of(units[0])
        self._inserted_at.append(source_seq)
        self.inserted += 1
        packet.seq += 1
        return inserted

    def _take_late(self, packet: Packet) -> Packet:
        """What came after it has been passed on already."""
        kinds = _kinds(packet.payload)
        self._see(packet, kinds)
        packet.key_frame = h264.SPS in kinds and packet.timestamp == self._slice_stamp
        return packet

    def _number(self, source_seq: int) -> int:
        """The source's number moved by what was inserted before it."""
        moved = self.inserted
        for at in reversed(self._inserted_at):
            if source_seq >= at:
                break
            moved -= 1
        return source_seq + moved

    def _see(self, packet: Packet, kinds: set[int]) -> None:
        if h264.SPS not in kinds and h264.PPS not in kinds:
            return
        packet.size = h264.frame_size(packet.payload)
        for unit in h264.whole_units(packet.payload):
            self._sets.see(unit)


def _goes_on(payload: bytes) -> bool:
    """Whether it is (part of) a slice of a picture that is no IDR picture, or goes on with a unit: nearly all there is."""
    kind = payload[0] & 0x1F
    if kind == h264.FU_A:
        return len(payload) > 2 and (payload[1] & 0x80 == 0 or payload[1] & 0x1F == _NON_IDR)
    return kind == _NON_IDR


def _kinds(payload: bytes) -> set[int]:
    """The kinds of NAL units in a payload; empty where it cannot be read."""
    try:
        return {nal.kind for nal in h264.nals(payload)}
    except h264.H264Error:
        return set()


def _first_idr_slice(payload: bytes) -> int | None:
    """Which picture parameter set the slice refers to that begins an IDR picture here; None if none does."""
    for nal in h264.nals(payload):
        if nal.kind == h264.IDR and nal.start:
            try:
                first, pps = h264.slice_pps(payload[nal.offset : nal.offset + nal.length])
            except BitsError:
                return None
            return None if first else pps
    return None
