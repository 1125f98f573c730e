"""Time stamps of a camera that viewers can rely on, whatever the camera's clock does.

Cameras send stamps of zero, of a clock that is set by hours in mid-stream, at half the rate, or start anew after a reboot.
What leaves the hub runs with arrival: a step of the camera's clock is believed while it is about as long as a picture, or
half to twice the time that passed; else it is made from the picture rate. The camera's wall clock is never asked.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from hub.wire.serial import diff32

#: Ticks a second of what leaves.
RATE: Final = 90_000
#: A picture's duration before anything is known.
_USUAL_S: Final = 1 / 25
#: Arrival jitters by this much around the camera's clock without anything being wrong.
_JITTER_S: Final = 0.25
#: What is sent may lag behind arrival by this much; after more, for a whole window, it jumps.
_LAG_S: Final = 0.3
_WINDOW_S: Final = 1.0
#: After connecting, cameras send what they have kept at once: for so long, what is ahead of arrival moves the beginning.
_SETTLING_S: Final = 0.3
#: Nothing arrives before it was seen: what is further ahead than this is not believed.
_AHEAD_S: Final = 0.2
#: How long the rates of both clocks are compared, and how far apart they may be: at first, and from then on.
_FIRST_COMPARED_S: Final = 1.0
_FIRST_APART: Final = 0.3
_COMPARED_S: Final = 4.0
_APART: Final = 0.1
#: After a time in which no picture came, what was kept comes at once: no verdict before so long after it.
_GAP_S: Final = 1.0
#: Longer steps are none of a clock that runs.
_LONGEST_STEP_S: Final = 60.0
#: How much of a step may be added or taken to stay with arrival: by a clock that is believed, and by one that is not.
_SLEW: Final = 0.005
_SLEW_MADE: Final = 0.3
_LEAST_STEP_S: Final = 0.001


class Stamps:
    """The time stamps of one stream, over any number of connections. Times are monotonic seconds."""

    def __init__(self, clock_rate: int = RATE, fps: float | None = None, begin: int = 0) -> None:
        """`fps` is what the camera claims; `begin` is the first stamp that leaves."""
        self._input_rate = clock_rate or RATE
        self._picture_s = 1 / fps if fps else _USUAL_S
        self._begin = begin
        self._out: float | None = None  # seconds since the first picture
        self._origin = 0.0
        self._last: int | None = None
        self._arrived = 0.0
        self._lags: deque[tuple[float, float]] = deque()
        self._trusted = True
        self._connected_at = 0.0
        self._first = True
        self._compared_at = 0.0
        self._camera_s = 0.0
        self._idle_s = 0.0
        self._pictures = 0
        self._gap_at = float("-inf")
        self.made = 0
        self.jumps = 0

    def anew(self, clock_rate: int = RATE, fps: float | None = None) -> None:
        """The camera was connected again: its next stamp has nothing to do with the last one."""
        self._input_rate = clock_rate or RATE
        self._picture_s = 1 / fps if fps else self._picture_s
        self._last = None
        self._trusted = True

    @property
    def picture_s(self) -> float:
        """How long a picture lasts, in seconds, by what was seen."""
        return self._picture_s

    def at(self, now: float) -> int:
        """The stamp of this moment: what a sender report says beside the hub's own clock."""
        return self._ticks(max(now - self._origin, 0.0)) if self._out is not None else self._begin

    def take(self, timestamp: int, now: float) -> int:
        """The stamp of the picture that begins now with the camera's `timestamp`."""
        if self._out is None:
            self._out, self._origin = 0.0, now
            self._connected(now)
        elif self._last is None:
            # Connected anew: time has passed as it has for viewers.
            self._out = max(self._out + _LEAST_STEP_S, now - self._origin)
            self._connected(now)
        else:
            arrival = now - self._arrived
            step = diff32(timestamp, self._last) / self._input_rate
            self._out += self._step(step, arrival, now)
            self._jump(now)
        self._last, self._arrived = timestamp, now
        return self._ticks(self._out)

    def _connected(self, now: float) -> None:
        self._connected_at = now
        self._first = True
        self._lags.clear()
        self._start_comparing(now)

    def _step(self, step: float, arrival: float, now: float) -> float:
        self._compare(step, arrival, now)
        like_a_picture = 0.5 * self._picture_s <= step <= 2 * self._picture_s
        least = max(0.5 * arrival - _JITTER_S, 0.25 * min(arrival, self._picture_s))
        like_arrival = step > 0 and least <= step <= 2 * arrival + _JITTER_S
        assert self._out is not None
        lag = now - self._origin - self._out - step
        settling = now - self._connected_at < _SETTLING_S
        believed = self._trusted and (like_a_picture or like_arrival) and (settling or lag > -_AHEAD_S)
        if not believed:
            self.made += 1
            lag += step - self._picture_s
            step = self._picture_s
        if settling and lag < 0:
            self._origin += lag
            self._start_comparing(now)
            return step
        most = (_SLEW if believed else _SLEW_MADE) * step
        return max(step + min(max(lag * 0.05, -most), most), _LEAST_STEP_S)

    def _jump(self, now: float) -> None:
        """What lagged behind arrival for a whole window catches up at once: pictures were lost, or the clock stands."""
        assert self._out is not None
        lags = self._lags
        lags.append((now, now - self._origin - self._out))
        while lags[0][0] < now - _WINDOW_S:
            lags.popleft()
        if now - lags[0][0] < 0.8 * _WINDOW_S:
            return
        least = min(lag for _, lag in lags)
        most = max(lag for _, lag in lags)
        if least > _LAG_S:
            self._out += least
        elif most < -_LAG_S:
            # Ahead of arrival: stamps never step back, so the origin moves, and with it what `at` says.
            self._origin += most
        else:
            return
        self.jumps += 1
        lags.clear()

    def _compare(self, step: float, arrival: float, now: float) -> None:
        """Every few seconds: do both clocks run alike, and how long is a picture?"""
        if arrival > _GAP_S:
            self._gap_at = now
        self._pictures += 1
        if 0 < step < _LONGEST_STEP_S:
            self._camera_s += step
            self._idle_s += step if step > _GAP_S else 0.0
        passed = now - self._compared_at
        if passed < (_FIRST_COMPARED_S if self._first else _COMPARED_S) or now - self._gap_at < _GAP_S:
            return
        if self._pictures >= 4:
            shown = passed - self._idle_s if self._idle_s < passed else passed
            self._picture_s = min(max(shown / self._pictures, 1 / 240), 10.0)
            apart = _FIRST_APART if self._first else _APART
            self._trusted = 1 - apart <= self._camera_s / passed <= 1 + apart
            self._first = False
        self._start_comparing(now)

    def _start_comparing(self, now: float) -> None:
        self._compared_at, self._camera_s, self._idle_s, self._pictures = now, 0.0, 0.0, 0

    def _ticks(self, seconds: float) -> int:
        return (self._begin + round(seconds * RATE)) & 0xFFFF_FFFF
