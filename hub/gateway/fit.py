"""H264 of a camera made fit for viewers (RFC 6184): short packets, whole picture heads, stamps that run.

Cameras send packets of any size, parameter sets once or never in the stream, delimiters and notes that nobody needs, marks at
the wrong place, and some of them B pictures. What comes out is packetization mode 1 in packets of at most 1,200 bytes, with
the parameter sets before each IDR picture, numbered without a hole over any number of connections but where packets of the
camera were lost. Nothing is decoded, and nothing waits but the end of a slice whose mark is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from hub.gateway.clock import Stamps
from hub.gateway.parameter_sets import KINDS, SET_BYTES, ParameterSets
from hub.wire import h264, h264_fit
from hub.wire.rtp import read_header
from hub.wire.rtp_header import Buffer, RtpError
from hub.wire.serial import diff16

#: Largest payload that leaves, in bytes.
MOST_BYTES: Final = 1200
_FRAGMENT_BYTES: Final = MOST_BYTES - 2
#: A picture longer than this is none: an attack, or a fault.
MOST_PICTURE_BYTES: Final = 8 << 20
_SLICES: Final = frozenset({h264_fit.NON_IDR, h264.IDR})
#: Extended, and those of more than 8 bits or other than 4:2:0 (H.264 Annex A).
_ODD_PROFILES: Final = frozenset({88, 110, 122, 244, 44})
#: B slices that have to come before a stream counts as one with B pictures.
_B_SURE: Final = 2


class Fitted(NamedTuple):
    """One payload that leaves.

    `sequence` does not wrap; `timestamp` is of 90 kHz, modulo 2^32; with `key` begins a picture that viewers can begin with.
    """

    payload: bytes
    sequence: int
    timestamp: int
    marker: bool
    key: bool


class Fit:
    """One H264 stream. `b_pictures` is true once B slices were seen.

    `dropped` counts what did not leave, by reason; `lost` are packets of the camera that never came.
    """

    def __init__(self, stamps: Stamps, described: Iterable[bytes] = (), sequence: int = 0) -> None:
        """`described` are NAL units of its description; `sequence` is the number of the first packet that leaves."""
        self.stamps = stamps
        self.dropped: Counter[str] = Counter()
        self.lost = 0
        self.pictures = 0
        self.b_pictures = False
        self._sequence = sequence
        self._sets = ParameterSets()
        self._b_slices = 0
        self._idr_seen = False
        self.anew(described)

    def anew(self, described: Iterable[bytes] = ()) -> None:
        """The camera was connected again; what leaves goes on where it stood.

        Its newest parameter sets hold until others come.
        """
        self._expected: int | None = None
        self._unit = bytearray()
        self._open = 0  # the header of the NAL unit whose fragments are coming, 0 if none
        self._begun = False  # whether a fragment of it has left
        self._key = False
        self._held: Fitted | None = None
        self._camera_stamp: int | None = None
        self._stamp: int | None = None  # of the picture that is leaving
        self._picture_bytes = 0
        self._marks_lie = False
        self._marked = False
        self._waits = True  # for a picture that can be decoded without those before it
        for unit in described:
            self._see(unit)
        self._sets.came = False

    @property
    def sequence(self) -> int:
        """The number of the next packet that leaves."""
        return self._sequence

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height, as the stream itself tells them; None before it did."""
        return self._sets.size

    @property
    def unplayable(self) -> str | None:
        """Why browsers do not show it, though it is H264: `b_pictures`, `profile`; None where they do."""
        if self._sets.profile in _ODD_PROFILES:
            return "profile"
        return "b_pictures" if self.b_pictures else None

    # --- packets ---------------------------------------------------------------------------------------

    def take(self, packet: Buffer, now: float) -> list[Fitted]:
        """What leaves now that this RTP packet came; mostly one payload. Whatever cannot be read is dropped and counted."""
        try:
            head = read_header(packet)
        except RtpError:
            self.dropped["no_rtp"] += 1
            return []
        return self.payload(
            packet[head.payload_offset : head.payload_end], head.sequence, head.timestamp, head.marker, now
        )

    def payload(
        self, payload: Buffer, sequence: int, timestamp: int, marker: bool, now: float
    ) -> list[Fitted]:
        """The same for a payload whose header was read."""
        out: list[Fitted] = []
        if self._expected is not None and sequence != self._expected:
            ahead = diff16(sequence, self._expected)
            if -1024 < ahead < 0:
                self.dropped["late"] += 1
                return []
            self._gap(max(ahead, 1))
        self._expected = (sequence + 1) & 0xFFFF
        if len(payload) < 2:
            self.dropped["empty"] += 1
            return []
        kind = payload[0] & 0x1F
        if kind == h264.FU_A:
            self._fragment(out, payload, timestamp, now)
        elif kind == h264.STAP_A:
            self._aggregate(out, payload, timestamp, now)
        elif 1 <= kind <= 23:
            self._single(out, bytes(payload), timestamp, now)
        elif kind == 0 and (units := h264_fit.annex_b(payload)):
            for unit in units:
                self._single(out, unit, timestamp, now)
        else:
            self.dropped["interleaved"] += 1
        if marker:
            self._mark(out)
        return out

    def _gap(self, count: int) -> None:
        """Packets never came: the unit they were of ends here, and one number is left out, so that decoders know."""
        self.lost += count
        self._sequence += 1
        if self._open:
            self.dropped["broken"] += 1
        self._open, self._begun = 0, False
        self._unit.clear()

    def _aggregate(self, out: list[Fitted], payload: Buffer, timestamp: int, now: float) -> None:
        try:
            units = list(h264.whole_units(payload))
        except h264.H264Error:
            self.dropped["aggregate"] += 1
            return
        for unit in units:
            self._single(out, unit, timestamp, now)

    def _single(self, out: list[Fitted], unit: bytes, timestamp: int, now: float) -> None:
        """A whole NAL unit, however long."""
        self._close_unit(out)
        if b"\0\0\1" in unit:
            # No unit has a start code inside: this is a whole picture in one packet, as some cameras send it.
            for each in h264_fit.annex_b(b"\0\0\1" + unit) or ():
                self._single(out, each, timestamp, now)
            return
        kind = unit[0] & 0x1F
        if kind in KINDS:
            self._see(unit)
        elif kind not in _SLICES or len(unit) < 2:
            self.dropped["unneeded"] += 1
        elif self._begin(out, kind, unit[1], unit, timestamp, now):
            for part in h264_fit.fragments(unit, MOST_BYTES):
                self._leave(out, part)

    def _fragment(self, out: list[Fitted], payload: Buffer, timestamp: int, now: float) -> None:
        """A part of a NAL unit: cut anew as it comes, without waiting for the rest."""
        flags = payload[1]
        if len(payload) < 3:
            self.dropped["empty"] += 1
            return
        unit = self._unit
        if flags & 0x80:
            self._close_unit(out)
            kind = flags & 0x1F
            self._open, self._begun = payload[0] & 0xE0 | kind, False
            unit.clear()
            if kind in _SLICES and not self._begin(
                out, kind, payload[2], payload[2:18], timestamp, now, fragment=True
            ):
                self._open = 0
        elif not self._open:
            self.dropped["headless"] += 1
            return
        if not self._open:
            return
        kind = self._open & 0x1F
        if kind not in _SLICES:
            self._gather(payload, flags)
            return
        unit += payload[2:]
        self._cut(out, ends=flags & 0x40 != 0)
        if flags & 0x40:
            self._open, self._begun = 0, False

    def _close_unit(self, out: list[Fitted]) -> None:
        """Another unit begins: one whose last fragment did not say so ends here, since no packet is missing."""
        if self._open & 0x1F in _SLICES and self._unit:
            self._cut(out, ends=True)
        if self._open:
            self.dropped["unended"] += 1
        self._open, self._begun = 0, False
        self._unit.clear()

    def _cut(self, out: list[Fitted], *, ends: bool) -> None:
        """As many full fragments as there are, and at the end of the unit what is left."""
        unit, head = self._unit, self._open
        if ends and not self._begun and len(unit) < MOST_BYTES:
            self._leave(out, bytes((head,)) + unit)
            unit.clear()
            return
        indicator, kind = head & 0xE0 | h264.FU_A, head & 0x1F
        at, whole = 0, len(unit)
        while whole - at > _FRAGMENT_BYTES or (ends and at < whole):
            part = unit[at : at + _FRAGMENT_BYTES]
            at += len(part)
            flags = (0 if self._begun else 0x80) | (0x40 if ends and at == whole else 0)
            self._begun = True
            self._leave(out, bytes((indicator, flags | kind)) + part)
        del unit[:at]

    def _gather(self, payload: Buffer, flags: int) -> None:
        """A fragmented unit that is no slice: parameter sets are kept, the rest is not needed."""
        kind = self._open & 0x1F
        if kind in KINDS and len(self._unit) <= SET_BYTES:
            self._unit += payload[2:]
        if flags & 0x40:
            if kind in KINDS:
                self._see(bytes((self._open,)) + self._unit)
            else:
                self.dropped["unneeded"] += 1
            self._open = 0
            self._unit.clear()

    # --- pictures --------------------------------------------------------------------------------------

    def _begin(
        self,
        out: list[Fitted],
        kind: int,
        first: int,
        unit: Buffer,
        timestamp: int,
        now: float,
        *,
        fragment: bool = False,
    ) -> bool:
        """A slice begins: of a new picture, or of the one that is leaving. False if it is not to leave."""
        new = h264_fit.begins_picture(first) or self._stamp is None or timestamp != self._camera_stamp
        if not new:
            if self._marked:
                # The mark stood in the middle of a picture: from here it is the next picture that ends one.
                self._marks_lie = True
            if self._picture_bytes > MOST_PICTURE_BYTES:
                self.dropped["too_long"] += 1
                return False
            return True
        self._end_picture(out)
        letter = h264_fit.slice_kind(first)
        came, self._sets.came = self._sets.came, False
        # Where there never is an IDR picture, viewers begin with a picture of I slices that has parameter sets in front.
        begins = kind == h264.IDR or (not self._idr_seen and came and letter in (h264_fit.I, ""))
        sets = self._sets.needed(unit if fragment else unit[1:17], MOST_BYTES) if begins else []
        if self._waits and not sets:
            self.dropped["no_sets" if begins else "before_key"] += 1
            return False
        self._waits = False
        self.pictures += 1
        self._picture_bytes, self._marked = 0, False
        if letter == h264_fit.B:
            self._b_slices += 1
            self.b_pictures = self._b_slices >= _B_SURE
        self._camera_stamp = timestamp
        self._stamp = self.stamps.take(timestamp, now)
        self._idr_seen |= kind == h264.IDR
        if sets:
            self._key = True
            self._leave(out, h264.together(sets))
        return True

    def _leave(self, out: list[Fitted], payload: bytes) -> None:
        """A payload goes; the last one of a slice waits for its mark, or for what follows."""
        if self._held is not None:
            out.append(self._held)
        assert self._stamp is not None
        self._picture_bytes += len(payload)
        key, self._key = self._key, False
        fitted = Fitted(payload, self._sequence, self._stamp, False, key)
        self._sequence += 1
        ends = payload[0] & 0x1F != h264.FU_A or payload[1] & 0x40
        if ends:
            self._held = fitted
        else:
            self._held = None
            out.append(fitted)

    def _mark(self, out: list[Fitted]) -> None:
        """The camera says that a picture ends here."""
        if self._marks_lie:
            return
        if self._held is not None and self._held.payload[0] & 0x1F != h264.STAP_A:
            out.append(self._held._replace(marker=True))
            self._held = None
            self._marked = True

    def _end_picture(self, out: list[Fitted]) -> None:
        """Another picture begins: what was held is the end of the one before."""
        if self._held is not None:
            out.append(self._held._replace(marker=True))
            self._held = None

    def _see(self, unit: bytes) -> None:
        if not self._sets.see(unit):
            self.dropped["bad_set"] += 1

    def dump(self) -> dict[str, object]:
        """What the stream is like, for people."""
        return {
            "pictures": self.pictures,
            "size": self.size,
            "b_pictures": self.b_pictures,
            "lost": self.lost,
            "dropped": dict(self.dropped),
            "made_stamps": self.stamps.made,
            "jumps": self.stamps.jumps,
        }
