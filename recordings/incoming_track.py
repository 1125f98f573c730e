"""One stream on its way in: packets become frames, missing packets and key frames are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from recordings.depacketize import depacketizer_for
from recordings.jitter import Arrived, JitterBuffer
from recordings.media_frame import EncodedFrame
from recordings.packets import RtpPacket
from recordings.stream_info import StreamInfo
from recordings.timeline import StreamClock, Timeline

#: A second request within 300 ms is dropped by Chromium: pause between two.
KEY_FRAME_REPEAT_US: Final = 350_000
#: The pause while nothing arrives at all: a paused camera is not to be pestered.
KEY_FRAME_IDLE_REPEAT_US: Final = 2_000_000
#: A stream is taken for silent after this.
SILENT_US: Final = 2_000_000
#: After damage, a picture with faults is better than none when no key frame comes within this.
KEY_FRAME_PATIENCE_US: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to send back to the relay: numbers of missing packets, and whether a key frame is needed."""

    missing: list[int]
    key_frame: bool


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

    def receive(self, packet: RtpPacket, now_us: int) -> list[EncodedFrame]:
        """Take a packet; returns the frames that are whole now and can be decoded in the order given."""
        self.last_packet_us = now_us
        self.clock.observe(packet.timestamp, now_us)
        return self._frames(self._jitter.push(packet, now_us), now_us)

    def tick(self, now_us: int) -> list[EncodedFrame]:
        """Stop waiting for what is overdue; returns the frames that this completes."""
        return self._frames(self._jitter.give_up(now_us), now_us)

    def flush(self, now_us: int) -> list[EncodedFrame]:
        """Everything that is held: the stream has ended or fallen silent. It begins with a key frame again."""
        frames = self._frames(self._jitter.flush(), now_us)
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
            "jitter": self._jitter.dump(),
        }

    def _may_ask(self, now_us: int) -> bool:
        if self._asked_us is None:
            return True
        pause = KEY_FRAME_IDLE_REPEAT_US if self.is_silent(now_us) else KEY_FRAME_REPEAT_US
        return now_us - self._asked_us >= pause

    def _frames(self, ready: list[Arrived], now_us: int) -> list[EncodedFrame]:
        good: list[EncodedFrame] = []
        for arrived in ready:
            frames = self._depacketizer.take(arrived)
            if self._depacketizer.take_damage() and self._is_video and not self._needs_key:
                # A packet may both end a whole frame and tell of a lost one; a lost frame is always the later one
                # or the one between, except that a key frame right after the gap mends it, as seen below.
                self._needs_key = True
                self._damaged_us = now_us
            good += [frame for frame in frames if self._decodable(frame, now_us)]
        self.frames += len(good)
        return good

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
