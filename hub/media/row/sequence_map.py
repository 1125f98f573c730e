"""From a source's numbering to a slot's and back: continuous across source switches, reversible for NACKs.

Everything here counts in extended sequence numbers (past 65,535); only the wire sees 16 bits.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Source = TypeVar("Source")

#: Stretches remembered for NACKs; a stretch is what passed between two switches or left-out packets. With every
#: second picture of 30 a second left out this is about four seconds.
MAX_STRETCHES: Final = 64


@dataclass(slots=True)
class Stretch(Generic[Source]):
    """A run of packets of one source that all moved by the same amount.

    `source` tells publications apart (any value, compared by identity). The deltas are added to the
    source's values: `seq_delta` to the extended sequence number, the others modulo their width.
    """

    source: Source
    source_first: int
    out_first: int
    seq_delta: int
    timestamp_delta: int
    picture_delta: int
    tl0_delta: int


def extend(seq: int, newest: int) -> int:
    """The extended sequence number nearest to `newest` (extended) whose low 16 bits are `seq`.

    >>> extend(2, 65_535), extend(65_535, 65_538)
    (65538, 65535)
    """
    return newest + ((seq - newest + 0x8000) & 0xFFFF) - 0x8000


class SequenceMap(Generic[Source]):
    """The mapping of one slot. `current` is what new packets are moved by, None while nothing plays."""

    def __init__(self, first_out: int) -> None:
        """`first_out` is the extended sequence number that the slot's first packet will have."""
        self.newest_out = first_out - 1
        self.current: Stretch[Source] | None = None
        self._stretches: deque[Stretch[Source]] = deque(maxlen=MAX_STRETCHES)

    def begin(
        self,
        source: Source,
        source_seq: int,
        timestamp_delta: int,
        picture_delta: int = 0,
        tl0_delta: int = 0,
    ) -> Stretch[Source]:
        """From `source_seq` on, `source` plays: its first packet gets the next number of the slot."""
        out_first = self.newest_out + 1
        stretch = Stretch(
            source,
            source_seq,
            out_first,
            out_first - source_seq,
            timestamp_delta & 0xFFFF_FFFF,
            picture_delta,
            tl0_delta,
        )
        self._stretches.append(stretch)
        self.current = stretch
        return stretch

    def stop(self) -> None:
        """Nothing plays; what was sent can still be asked for."""
        self.current = None

    def leave_out(self, source_seq: int, pictures: int = 0) -> bool:
        """The newest packet of the source is not passed on: close the gap it would leave.

        `pictures` is 1 if a whole picture begins to be left out with it, so that picture ids go on as well.
        False if packets before it are still missing and may come: then the gap stays and shows as loss.
        """
        stretch = self.current
        if stretch is None or source_seq < stretch.source_first:
            return False
        if source_seq + stretch.seq_delta != self.newest_out + 1:
            return False
        if stretch.out_first == self.newest_out + 1:
            # Nothing has passed in this stretch: it begins later by one, instead of being followed by another.
            stretch.source_first = source_seq + 1
            stretch.seq_delta -= 1
            stretch.picture_delta -= pictures
            return True
        self.begin(
            stretch.source,
            source_seq + 1,
            stretch.timestamp_delta,
            stretch.picture_delta - pictures,
            stretch.tl0_delta,
        )
        return True

    def place(self, source: Source, source_seq: int) -> Stretch[Source] | None:
        """The stretch a late packet of `source` belongs to; None if it was before the switch."""
        previous_first: int | None = None
        for stretch in reversed(self._stretches):
            if stretch.source is not source:
                return None
            if source_seq >= stretch.source_first:
                if previous_first is not None and source_seq + stretch.seq_delta >= previous_first:
                    return None  # the very packet that was left out
                return stretch
            previous_first = stretch.out_first
        return None

    def back(self, out_seq16: int) -> tuple[Stretch[Source], int] | None:
        """Which packet of which source left as this 16-bit number: its stretch, its extended number."""
        out_seq = extend(out_seq16, self.newest_out)
        if out_seq > self.newest_out:
            return None
        for stretch in reversed(self._stretches):
            if out_seq >= stretch.out_first:
                return stretch, out_seq - stretch.seq_delta
        return None

    def forget(self, source: Source) -> None:
        """A source is gone: nothing of it can be asked for again."""
        if self.current is not None and self.current.source is source:
            self.current = None
        kept = [stretch for stretch in self._stretches if stretch.source is not source]
        # A gap in the middle would give its numbers to an older stretch: keep only what follows the last one.
        if len(kept) != len(self._stretches):
            last = max(index for index, s in enumerate(self._stretches) if s.source is source)
            kept = list(self._stretches)[last + 1 :]
        self._stretches = deque(kept, maxlen=MAX_STRETCHES)
