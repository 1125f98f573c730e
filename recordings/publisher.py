"""One publisher's media session being recorded: its picture and sound, and where one part ends and the next begins."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

from recordings.incoming_track import IncomingTrack, TimedFrame
from recordings.muxer import Sample, Track
from recordings.packets import RtpPacket
from recordings.part import Part
from recordings.stream_info import StreamInfo
from recordings.timeline import Timeline

#: A publisher sends sound and picture, or one of them.
BOTH_KINDS: Final = 2
#: How long the first frames are held for the other kind to show itself: a file's tracks are fixed at its start.
GATHER_US: Final = 1_500_000
#: A publisher of whom nothing comes for this long ends his part.
IDLE_US: Final = 10_000_000
#: A part that is to be cut waits this long for a key frame; then it is cut without.
CUT_PATIENCE_US: Final = 3_000_000
#: A longer part is cut, so that finishing one is never a matter of minutes.
MAX_PART_MS: Final = 2 * 3600 * 1000
#: Sound that belongs this far back does not come any more: it has been waited for, asked for and its place decided.
SOUND_LATE_US: Final = 2_500_000
#: After the disk refused a part, the next one is tried after this.
RETRY_US: Final = 5_000_000

log = logging.getLogger(__name__)


class NewPart(Protocol):
    """Begins a part."""

    def __call__(self, info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes) -> Part: ...


class Publisher:
    """The tracks of one media session (`peer`), the clock they share, and the part they go into now.

    A part begins with a key frame, holds a fixed set of tracks, and ends when that set, a codec or the H264
    parameters change, when nothing comes any more, or when it gets too long. Time is passed in.
    """

    def __init__(self, new_part: NewPart, end_part: Callable[[Part], None]) -> None:
        self.tracks: dict[str, IncomingTrack] = {}
        self.part: Part | None = None
        self._new_part = new_part
        self._end_part = end_part
        self._timeline = Timeline()
        self._held: list[tuple[IncomingTrack, TimedFrame]] = []
        self._holding_since_us = 0
        self._origin_us = 0
        self._cut_since_us: int | None = None
        self._not_before_us = 0

    def open_stream(self, info: StreamInfo) -> None:
        """A stream begins, or goes on under another SSRC."""
        known = self.tracks.get(info.kind)
        if known is not None:
            if known.info.track == info.track and known.info.clock_rate == info.clock_rate:
                known.info = info
                return
            self._timeline.forget(known.clock)
        self.tracks[info.kind] = IncomingTrack(info, self._timeline)

    def close_stream(self, info: StreamInfo, now_us: int) -> None:
        """A stream has ended. One that goes on under another SSRC meanwhile stays."""
        track = self.tracks.get(info.kind)
        if track is None or track.info.ssrc != info.ssrc:
            return
        self._take(track, track.flush(now_us), now_us)
        del self.tracks[info.kind]
        self._timeline.forget(track.clock)
        if not self.tracks:
            self.end(now_us)
        elif self.part is not None and self.part.holds(info.track):
            self._want_cut(now_us)

    def receive(self, kind: str, packet: RtpPacket, now_us: int) -> None:
        """A packet of the stream of this kind."""
        track = self.tracks.get(kind)
        if track is not None:
            self._take(track, track.receive(packet, now_us), now_us)

    def report(self, kind: str, ntp_us: int, timestamp: int) -> None:
        """A sender report of the stream of this kind."""
        track = self.tracks.get(kind)
        if track is not None:
            track.clock.report(ntp_us, timestamp)

    def tick(self, now_us: int) -> None:
        """Let time pass: give up what is overdue, begin what has waited long enough, end what is idle."""
        for track in list(self.tracks.values()):
            self._take(track, track.tick(now_us), now_us)
        if self._held:
            self._try_begin(now_us)
        if self.part is None:
            return
        if self.part.failed:
            self._drop_part()
            self._not_before_us = now_us + RETRY_US
        elif self._is_idle(now_us):
            self.end(now_us)
        elif self._cut_since_us is not None and now_us - self._cut_since_us > CUT_PATIENCE_US:
            self._drop_part()
        elif self.part.last_ms > MAX_PART_MS or any(
            track.clock.wants_new_file for track in self.tracks.values()
        ):
            self._want_cut(now_us)
        if self.part is not None:
            self.part.pass_time((now_us - SOUND_LATE_US - self._origin_us) // 1000)

    def cut(self, now_us: int) -> None:
        """Have another part begin with the next key frame."""
        if self.part is not None:
            self._want_cut(now_us)

    def end(self, now_us: int) -> None:
        """Write what is still held, and end the part."""
        for track in self.tracks.values():
            self._take(track, track.flush(now_us), now_us)
        if self._held and self.part is None:
            self._begin()
        self._drop_part()

    def dump(self) -> dict[str, Any]:
        """What it is doing, for people."""
        return {
            "part": self.part.record.part if self.part else None,
            "left_out": self.part.left_out if self.part else 0,
            "held": len(self._held),
            "tracks": [track.dump() for track in self.tracks.values()],
        }

    def _take(self, track: IncomingTrack, frames: list[TimedFrame], now_us: int) -> None:
        for frame in frames:
            part = self.part
            if part is not None and self._ends_here(part, track, frame, now_us):
                self._drop_part()
                part = None
            if part is None:
                self._hold(track, frame, now_us)
            elif part.holds(track.info.track):
                self._write(part, track, frame, track.clock.wall_us(frame.moment))

    def _ends_here(self, part: Part, track: IncomingTrack, frame: TimedFrame, now_us: int) -> bool:
        """Whether the part must end before this frame."""
        if track.info.kind == "video" and frame.frame.key:
            changed = frame.frame.parameters != part.parameters
            return changed or self._cut_since_us is not None or not part.holds(track.info.track)
        if not part.holds(track.info.track):
            self._want_cut(now_us)
        video = self.tracks.get("video")
        return self._cut_since_us is not None and (video is None or video.is_silent(now_us))

    def _want_cut(self, now_us: int) -> None:
        if self._cut_since_us is None:
            self._cut_since_us = now_us
            for track in self.tracks.values():
                track.want_key_frame()

    def _hold(self, track: IncomingTrack, frame: TimedFrame, now_us: int) -> None:
        if now_us < self._not_before_us:
            return
        if not self._held:
            self._holding_since_us = now_us
        first = not any(held is track for held, _ in self._held)
        if track.info.kind == "video" and first and not frame.frame.key:
            track.want_key_frame()
            return
        self._held.append((track, frame))
        self._try_begin(now_us)

    def _try_begin(self, now_us: int) -> None:
        # Streams are announced one by one, so one kind alone may be about to get company.
        shown = {track.info.kind for track, _ in self._held}
        if len(shown) == BOTH_KINDS or now_us - self._holding_since_us >= GATHER_US:
            self._begin()

    def _begin(self) -> None:
        held, self._held = self._held, []
        tracks = list(dict.fromkeys(track for track, _ in held))
        for track in tracks:
            # A step in time at the start of a file is seen by nobody.
            track.clock.settle()
        placed = [(track.clock.wall_us(timed.moment), track, timed) for track, timed in held]
        self._origin_us = min(at_us for at_us, _, _ in placed)
        parameters = next(
            (timed.frame.parameters for _, track, timed in placed if track.info.kind == "video"), b""
        )
        # Picture first: players take the first track for the main one.
        tracks.sort(key=lambda track: track.info.kind, reverse=True)
        self.part = self._new_part(
            tracks[0].info, [track.info.track for track in tracks], self._origin_us, parameters
        )
        for at_us, track, timed in sorted(placed, key=lambda each: each[0]):
            self._write(self.part, track, timed, at_us)

    def _write(self, part: Part, track: IncomingTrack, timed: TimedFrame, at_us: int) -> None:
        at_ms = max(0, (at_us - self._origin_us) // 1000)
        frame = timed.frame
        part.add(Sample(track.info.kind, frame.data, at_ms, frame.key, timed.quiet_us // 1000))

    def _drop_part(self) -> None:
        self._cut_since_us = None
        for track in self.tracks.values():
            track.clock.wants_new_file = False
        if self.part is not None:
            self._end_part(self.part)
            self.part = None

    def _is_idle(self, now_us: int) -> bool:
        return all(
            track.last_packet_us is None or now_us - track.last_packet_us > IDLE_US
            for track in self.tracks.values()
        )
