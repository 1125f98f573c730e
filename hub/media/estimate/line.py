"""A viewer's line as the compiled loops know it: what was sent, and the sum of the feedback that was plain.

See native/feedback.h. Where there is no compiled intake there are no lines: every message is read in Python, and what was
sent is kept in a BatchLog.
"""

from __future__ import annotations

import functools
import struct
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from hub.media.estimate.sent_log import Told
from hub.media.native import Native, ffi
from hub.media.native.slab import slab

#: struct hub_line before its samples: expected, attentive, settled, reference, group_us; next, told; the digest.
_STATE: Final = struct.Struct("=HBBII")
_DIGEST: Final = struct.Struct("=HBBIIHHIIIiIIi4xqdd")
_MESSAGES: Final = struct.Struct("=I")
_MESSAGES_AT: Final = 16
#: struct hub_batch: index, count, time sent.
_BATCH: Final = struct.Struct("=III")
_ATTENTIVE_AT: Final = 2
#: A digest that no message came to for so long is taken by the clock.
PATIENCE_S: Final = 0.45
_TURN_US: Final = 1 << 32
#: HUB_SENT of native/feedback.h.
SENT: Final = 1024


class Digest(NamedTuple):
    """What several messages say together. All their packets arrived.

    `covered` is the number after the last, `octets` the bytes of all, `turns` by how many units of 64 ms the reference time
    has gone on to `reference`. `samples` are (time sent in µs of 32 bits, arrival in ticks since the reference time before),
    flat, of the first packet of each group; `last_sent_us` and `last_arrived` are those of the last packet.
    """

    covered: int
    reference: int
    messages: int
    packets: int
    octets: int
    turns: int
    last_sent_us: int
    last_arrived: int
    heard_at: float
    samples: tuple[int, ...]


@functools.cache
def _samples(count: int) -> struct.Struct:
    return struct.Struct("=" + "Ii" * count)


def microseconds(now: float) -> int:
    """A time as the compiled loops note it."""
    return int(now * 1e6) % _TURN_US


def _past(noted_us: int, now: float) -> float:
    """The time that was noted, less than 71 minutes ago."""
    return now - ((microseconds(now) - noted_us) % _TURN_US) * 1e-6


#: Where a message is looked up, one at a time.
_told: Final[Any] = ffi.new("struct hub_told *")
_batches: Final = memoryview(ffi.buffer(_told.batches)).cast("B")


class Line:
    """A struct hub_line; the log of an Estimator (see SentLog). Until `expect` every message is left to Python."""

    def __init__(self, found: Native, next_number: int = 0) -> None:
        """`next_number` is the one that the first packet will have."""
        self.native: Any = slab.new("struct hub_line *")
        self.native.attentive = 1
        self.native.next = self.native.told = next_number
        self._view = memoryview(ffi.buffer(self.native)).cast("B")
        self._sent = found.library.hub_line_sent
        self._tell = found.library.hub_line_tell

    # --- what was sent --------------------------------------------------------------------------------

    def sent(self, first_number: int, sizes: Sequence[int], now: float) -> None:
        """Packets of these sizes left in Python under consecutive 16-bit numbers."""
        for index, size in enumerate(sizes):
            self._sent(self.native, (first_number + index) & 0xFFFF, size, now)

    @property
    def next_number(self) -> int:
        """SentLog."""
        return int(self.native.next)

    def span(self, now: float) -> tuple[float, float]:
        """SentLog."""
        native, unheard = self.native, len(self)
        if not unheard:
            return 0.0, 0.0
        oldest = native.sent[(native.next - min(unheard, SENT)) % SENT].sent_us
        newest = native.sent[(native.next - 1) % SENT].sent_us
        return _past(oldest, now), _past(newest, now)

    def tell(self, base: int, count: int, now: float) -> list[Told]:
        """SentLog."""
        batches = self._tell(self.native, base, count, _told)
        found, at = [], 0
        for index, length, sent_us in _BATCH.iter_unpack(_batches[: batches * _BATCH.size]):
            found.append(Told(index, ffi.unpack(_told.sizes + at, length), _past(sent_us, now)))
            at += length
        return found

    def tell_all(self, covered: int) -> None:
        """SentLog."""
        self.native.told = covered

    def forget(self) -> None:
        """SentLog."""
        self.native.told = self.native.next

    def __len__(self) -> int:
        return int((self.native.next - self.native.told) & 0xFFFF)

    # --- what was summed up ---------------------------------------------------------------------------

    def take(self) -> Digest | None:
        """The sum of what came since the last time; None if nothing did."""
        view = self._view
        (
            covered,
            _attentive,
            _settled,
            reference,
            _group_us,
            _next,
            _told_to,
            messages,
            packets,
            octets,
            turns,
            count,
            last_sent_us,
            last_arrived,
            _least_us,
            _first_at,
            heard_at,
        ) = _DIGEST.unpack_from(view)
        if not messages:
            return None
        _MESSAGES.pack_into(view, _MESSAGES_AT, 0)
        samples = _samples(count).unpack_from(view, _DIGEST.size)
        return Digest(
            covered,
            reference,
            messages,
            packets,
            octets,
            turns,
            last_sent_us,
            last_arrived,
            heard_at,
            samples,
        )

    def waits(self, now: float) -> bool:
        """Whether a digest waits for a message that would end it, and that does not come."""
        return bool(self.native.messages) and now - self.native.first_at >= PATIENCE_S

    def expect(self, number: int, reference: int, group_s: float, *, settled: bool = False) -> None:
        """Plain messages may be summed up from here: the number expected, the last reference time, the last sample. While
        `settled` the sum may wait longer to be taken."""
        _STATE.pack_into(self._view, 0, number, 0, settled, reference, microseconds(group_s))

    def attend(self) -> None:
        """Every message is left to Python."""
        self._view[_ATTENTIVE_AT] = 1
