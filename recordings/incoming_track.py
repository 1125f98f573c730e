"""One stream on its way in: packets become frames, missing packets and key frames are asked for."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from recordings.depacketize import depacketizer_for
from recordings.jitter import Arrived, JitterBuffer
from recordings.media_frame import EncodedFrame
from recordings.packets import RtpPacket
from recordings.stream_info import StreamInfo
from recordings.timeline import Moment, StreamClock, Timeline

#: A second request within 300 ms is dropped by Chromium: pause between two.
KEY_FRAME_REPEAT_US: Final = 350_000
#: The pause while nothing arrives at all: a paused camera is not to be pestered.
KEY_FRAME_IDLE_REPEAT_US: Final = 2_000_000
#: A stream is taken for silent after this.
SILENT_US: Final = 2_000_000
#: After damage, a picture with faults is better than none when no key frame comes within this.
KEY_FRAME_PATIENCE_US: Final = 2_000_000
#: A frame is whole with its last packet, or with the first of the next.
KEPT_MOMENTS: Final = 4


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to send back to the relay: numbers of missing packets, and whether a key frame is needed."""

    missing: list[int]
    key_frame: bool


class TimedFrame(NamedTuple):
    """A frame, where on its stream's clock it belongs, and the longest time without any packet since the one before."""

    frame: EncodedFrame
    moment: Moment
    quiet_us: int = 0


class IncomingTrack:
    """Jitter buffer, depacketiser and clock of one stream. Time is passed in (µs since 1970); nothing is awaited."""

    def __init__(self, info: StreamInfo, timeline: Timeline) -> None:
        """Raises ValueError for a clock rate that cannot be."""
        self.info = info
        self.clock: StreamClock = timeline.stream(info.clock_rate)
        self.last_packet_us: int | None = None
        self.frames = 0
        self.frames_left_out = 0
        self._jitter = JitterBuffer()
        self._depacketizer = depacketizer_for(info.codec, info.fmtp)
        self._is_video = info.kind == "video"
        self._needs_key = self._is_video
        self._damaged_us: int | None = (
            None  # None at the start: there is nothing that a fault could be shown in
        )
        self._key_wanted = False
        self._asked_us: int | None = None
        self._moments: dict[int, Moment] = {}  # of the newest stamps, oldest first
        self._in_doubt: deque[TimedFrame] = deque()
        self._arrived_us: int | None = None  # the packet before, in the order of numbers
        self._quiet_us = 0

    def receive(self, packet: RtpPacket, now_us: int) -> list[TimedFrame]:
        """Take a packet; returns the frames that are whole now and can be decoded in the order given.

        Where the stamps may have stepped they wait a moment until their place is known.
        """
        self.last_packet_us = now_us
        return self._frames(self._jitter.push(packet, now_us), now_us)

    def tick(self, now_us: int) -> list[TimedFrame]:
        """Stop waiting for what is overdue; returns the frames that this completes."""
        self.clock.pass_time(now_us)
        return self._frames(self._jitter.give_up(now_us), now_us)

    def flush(self, now_us: int) -> list[TimedFrame]:
        """Everything that is held: the stream has ended or fallen silent. It begins with a key frame again."""
        frames = self._frames(self._jitter.flush(), now_us)
        self.clock.give_in()
        frames += self._placed()
        self._needs_key = self._is_video
        self._damaged_us = None
        return frames

    def want_key_frame(self) -> None:
        """A file begins soon: have a key frame sent."""
        self._key_wanted = self._is_video

    def feedback(self, now_us: int) -> Feedback | None:
        """What to ask the sender for now, None if nothing."""
        missing = self._jitter.nacks(now_us)
        key_frame = (self._needs_key or self._key_wanted) and self._may_ask(now_us)
        if key_frame:
            self._asked_us = now_us
        return Feedback(missing, key_frame) if missing or key_frame else None

    def is_silent(self, now_us: int) -> bool:
        """Whether nothing has come for a while, or ever."""
        return self.last_packet_us is None or now_us - self.last_packet_us > SILENT_US

    def dump(self) -> dict[str, Any]:
        """What it is doing, for people."""
        return {
            "kind": self.info.kind,
            "codec": self.info.codec,
            "ssrc": self.info.ssrc,
            "frames": self.frames,
            "frames_left_out": self.frames_left_out,
            "needs_key_frame": self._needs_key,
            "has_report": self.clock.has_report,
            "steps": self.clock.steps,
            "in_doubt": len(self._in_doubt),
            "jitter": self._jitter.dump(),
        }

    def _may_ask(self, now_us: int) -> bool:
        if self._asked_us is None:
            return True
        pause = KEY_FRAME_IDLE_REPEAT_US if self.is_silent(now_us) else KEY_FRAME_REPEAT_US
        return now_us - self._asked_us >= pause

    def _frames(self, ready: list[Arrived], now_us: int) -> list[TimedFrame]:
        for arrived in ready:
            if self._arrived_us is not None:
                self._quiet_us = max(self._quiet_us, arrived.arrived_us - self._arrived_us)
            self._arrived_us = arrived.arrived_us
            self._observe(arrived)
            frames = self._depacketizer.take(arrived)
            if self._depacketizer.take_damage() and self._is_video and not self._needs_key:
                # A packet may both end a whole frame and tell of a lost one; a lost frame is always the later one
                # or the one between, except that a key frame right after the gap mends it, as seen below.
                self._needs_key = True
                self._damaged_us = now_us
            for frame in frames:
                if self._decodable(frame, now_us):
                    self._in_doubt.append(TimedFrame(frame, self._moment(frame), self._quiet_us))
                    self._quiet_us = 0
                    self.frames += 1
        return self._placed()

    def _observe(self, arrived: Arrived) -> None:
        timestamp = arrived.packet.timestamp
        moment = self.clock.observe(timestamp, arrived.arrived_us)
        known = self._moments.get(timestamp)
        if known is None or known.stretch is not moment.stretch:
            self._moments.pop(timestamp, None)
            self._moments[timestamp] = moment
            if len(self._moments) > KEPT_MOMENTS:
                del self._moments[next(iter(self._moments))]

    def _moment(self, frame: EncodedFrame) -> Moment:
        newest = next(reversed(self._moments.values()))
        return self._moments.get(frame.timestamp, newest)

    def _placed(self) -> list[TimedFrame]:
        """The frames whose place is known."""
        placed: list[TimedFrame] = []
        while self._in_doubt and self._in_doubt[0].moment.stretch.decided:
            placed.append(self._in_doubt.popleft())
        return placed

    def _decodable(self, frame: EncodedFrame, now_us: int) -> bool:
        if frame.key:
            self._needs_key = self._key_wanted = False
        elif (
            self._needs_key
            and self._damaged_us is not None
            and now_us - self._damaged_us > KEY_FRAME_PATIENCE_US
        ):
            self._needs_key = False
        if self._needs_key:
            self.frames_left_out += 1
        return not self._needs_key
