"""One slot of a viewer: what of it came, what was lost and mended, and when its pictures would have stood still."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from clients.loadtest.histogram import Histogram

#: A jump over more numbers than this is a new beginning, not a loss that could be mended.
_JUMP: Final = 1000
#: A picture that stands still: WebRTC's own measure, three usual pauses and at least 150 ms more than one.
_FREEZE_TIMES: Final = 3.0
_FREEZE_MORE_S: Final = 0.15
#: How much of the usual pause between pictures is made of the last one.
_SMOOTHING: Final = 1 / 30


@dataclass(slots=True)
class Hole:
    """A number that was passed by: asked for `tries` times, the last at `asked_at`."""

    since: float
    tries: int = 0
    asked_at: float = 0.0


@dataclass(slots=True)
class Stream:
    """Counts since `begin`; times in seconds of the monotonic clock.

    `packets` are different ones (mended ones included), `missed` those that did not come in their turn, `mended`
    those of them that came by retransmission, `late` by themselves. `frames` are ends of frames (of sound: packets),
    `shown` could have been decoded: nothing before them was missing. `broken` waits for a key frame.
    """

    mid: str
    video: bool
    ssrc: int
    rtx_ssrc: int | None = None
    packets: int = 0
    octets: int = 0
    missed: int = 0
    mended: int = 0
    late: int = 0
    duplicates: int = 0
    frames: int = 0
    shown: int = 0
    freezes: int = 0
    frozen_s: float = 0.0
    longest_gap_s: float = 0.0
    first_packet_at: float | None = None
    first_frame_at: float | None = None
    delays: Histogram = field(default_factory=Histogram)
    #: The 16-bit number that comes next, −1 before the first; the extended one that came last.
    next: int = -1
    newest: int = -1
    first: int = 0
    holes: dict[int, Hole] = field(default_factory=dict)
    broken: bool = False
    asked_key_frame_at: float = 0.0
    #: For the receiver report (RFC 3550 §6.4.1): the last sender report's middle bits and arrival, and what was
    #: expected and had come at the last report.
    last_report: int = 0
    last_report_at: float = 0.0
    told: tuple[int, int] = (0, 0)
    _pending: bool = False
    _shown_at: float | None = None
    _usual_s: float | None = None

    @property
    def lost(self) -> int:
        """Packets whose number was passed by and that have not come."""
        return max(0, self.expected - self.packets)

    @property
    def expected(self) -> int:
        """Numbers passed by since `begin`, those that came and those that did not."""
        return self.newest - self.first + 1 if self.next >= 0 else 0

    def begin(self) -> None:
        """Count anew from here on; what plays goes on."""
        self.packets = self.octets = self.missed = self.mended = self.late = self.duplicates = 0
        self.frames = self.shown = self.freezes = 0
        self.frozen_s = self.longest_gap_s = 0.0
        self.first = self.newest + 1
        self.told = (0, 0)
        self.delays.clear()

    def out_of_turn(self, number: int, now: float) -> None:
        """A packet whose number is not `next`: the first, one after a gap, a late one or a repeated one."""
        if self.next < 0:
            self.first = self.newest = number
            self.first_packet_at = now
            self.packets += 1
            self.next = (number + 1) & 0xFFFF
            return
        ahead = (number - self.next) & 0xFFFF
        if ahead < 0x8000:
            self.missed += ahead
            self.packets += 1
            if ahead > _JUMP:
                self.broken = True
            else:
                for missing in range(self.newest + 1, self.newest + 1 + ahead):
                    self.holes[missing] = Hole(now)
            self.newest += ahead + 1
            self.next = (number + 1) & 0xFFFF
        elif self._fill(number, now):
            self.late += 1
        else:
            self.duplicates += 1

    def mend(self, number: int, now: float) -> None:
        """This number came by retransmission (RFC 4588)."""
        if self._fill(number, now):
            self.mended += 1
        else:
            self.duplicates += 1

    def _fill(self, number: int, now: float) -> bool:
        extended = self.newest - ((self.next - 1 - number) & 0xFFFF)
        if self.holes.pop(extended, None) is None:
            return False
        self.packets += 1
        if self._pending and not self.holes and not self.broken:
            self._show(now)
        return True

    def frame(self, now: float) -> None:
        """The last packet of a picture came."""
        self.frames += 1
        if self.holes or self.broken:
            self._pending = True
        else:
            self._show(now)

    def give_up(self, extended: int) -> None:
        """This one is lost for good."""
        del self.holes[extended]
        self.broken = self.video  # sound goes on after a hole

    def key_frame(self) -> None:
        """A key frame begins: what was missing before it does not matter any more."""
        self.broken = False
        self.holes.clear()
        self._pending = False

    def _show(self, now: float) -> None:
        self._pending = False
        self.shown += 1
        before, self._shown_at = self._shown_at, now
        if before is None:
            self.first_frame_at = now
            return
        pause = now - before
        if pause > self.longest_gap_s:
            self.longest_gap_s = pause
        usual = self._usual_s
        if usual is None:
            self._usual_s = pause
        elif pause > max(_FREEZE_TIMES * usual, usual + _FREEZE_MORE_S):
            self.freezes += 1
            self.frozen_s += pause
        else:
            self._usual_s = usual + (pause - usual) * _SMOOTHING

    def to_json(self, began: float) -> dict[str, Any]:
        """The counters, with times in ms since `began`."""
        return {
            "mid": self.mid,
            "kind": "video" if self.video else "audio",
            "packets": self.packets,
            "octets": self.octets,
            "lost": self.lost,
            "missed": self.missed,
            "mended": self.mended,
            "frames": self.frames,
            "shown": self.shown,
            "freezes": self.freezes,
            "frozen_ms": round(self.frozen_s * 1000, 1),
            "first_packet_ms": _since(self.first_packet_at, began),
            "first_frame_ms": _since(self.first_frame_at, began),
            "longest_gap_ms": round(self.longest_gap_s * 1000, 2),
            "delay_ms": self.delays.told(),
        }


def _since(moment: float | None, began: float) -> float | None:
    return None if moment is None else round((moment - began) * 1000, 2)
