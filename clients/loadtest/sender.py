"""The sending side of a light publisher: paced synthetic pictures and sound, answers to PLI and NACK."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

from clients.loadtest.offers import (
    AUDIO_LEVEL_ID,
    AUDIO_TYPE,
    CNAME,
    MID_ID,
    TRANSPORT_ID,
    VIDEO_TYPE,
    Answered,
)
from clients.loadtest.receiver import now_us
from clients.loadtest.synthetic import AUDIO_FRAME_S, VideoShape, audio_frames, video_frames, vp8_payloads
from hub.wire import ntp
from hub.wire import rtcp as rtcp_values
from hub.wire import rtp_extensions as ext
from hub.wire.rtcp import RtcpPacket
from hub.wire.rtp import build_packet

#: Packets kept for answering NACKs, a second source's worth of half a second.
_KEPT: Final = 512
_REPORT_S: Final = 1.0


@dataclass(slots=True)
class Track:
    """One source that sends. `sent` keeps the newest protected packets by number, to send again as they are."""

    kind: str
    mid: str
    clock_rate: int
    payload_type: int
    ssrc: int = field(default_factory=lambda: secrets.randbelow(0xFFFF_FFFE) + 1)
    number: int = field(default_factory=lambda: secrets.randbits(15))
    timestamp_base: int = field(default_factory=lambda: secrets.randbits(31))
    packets: int = 0
    octets: int = 0
    frames: int = 0
    key_frames: int = 0
    sent: OrderedDict[int, bytes] = field(default_factory=OrderedDict)
    transport_numbers: bool = False


class Sender:
    """`protect` makes SRTP, `send` sends a datagram, `send_rtcp` values; `even` spreads each frame's packets
    over the frame's time instead of sending them in one burst as a pacer with room does."""

    def __init__(
        self,
        protect: Callable[[bytes], bytes],
        send: Callable[[bytes], None],
        send_rtcp: Callable[[list[RtcpPacket]], None],
        *,
        shape: VideoShape | None,
        sound: bool,
        even: bool = False,
        level: int = 20,
    ) -> None:
        """`level` is the audio level that is told, −dBov."""
        self.tracks: list[Track] = []
        if shape is not None:
            self.tracks.append(Track("video", str(len(self.tracks)), 90_000, VIDEO_TYPE))
        if sound:
            self.tracks.append(Track("audio", str(len(self.tracks)), 48_000, AUDIO_TYPE))
        self.counters: Counter[str] = Counter()
        #: What the hub last reported as lost of what we sent, in packets.
        self.reported_lost = 0
        self.late_s = 0.0
        self.level = level
        self._shape = shape
        self._protect = protect
        self._send = send
        self._send_rtcp = send_rtcp
        self._even = even
        self._transport_number = 0
        self._key_frame_wanted = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, answered: Answered) -> None:
        """Send what the answer took."""
        self.tracks = [track for track in self.tracks if track.mid in answered.sections]
        for track in self.tracks:
            codecs = answered.sections[track.mid].codecs
            track.transport_numbers = any("transport-cc" in codec.feedback for codec in codecs)
            run = self._video if track.kind == "video" else self._audio
            self._tasks.append(asyncio.create_task(run(track), name=f"send {track.kind}"))
        self._tasks.append(asyncio.create_task(self._reports(), name="sender reports"))

    async def stop(self) -> None:
        """Stop sending."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def receive_rtcp(self, packets: list[RtcpPacket]) -> None:
        """What the hub says about what we send."""
        by_ssrc = {track.ssrc: track for track in self.tracks}
        for packet in packets:
            match packet:
                case rtcp_values.Pli() | rtcp_values.Fir():
                    self.counters["pli"] += 1
                    self._key_frame_wanted = True
                case rtcp_values.Nack(media_ssrc=ssrc, sequences=sequences) if ssrc in by_ssrc:
                    for number in sequences:
                        kept = by_ssrc[ssrc].sent.get(number)
                        self.counters["nacked" if kept else "nacked_not_kept"] += 1
                        if kept:
                            self._send(kept)
                case rtcp_values.TransportFeedback():
                    self.counters["feedback"] += 1
                case rtcp_values.ReceiverReport(reports=reports):
                    self.reported_lost = sum(max(0, block.packets_lost) for block in reports)

    # --- sending --------------------------------------------------------------------------------------

    async def _video(self, track: Track) -> None:
        shape = self._shape or VideoShape()
        frames = video_frames(shape)
        at, picture_id = 0, secrets.randbits(14)
        async for tick in self._every(1 / shape.fps):
            if self._key_frame_wanted:
                self._key_frame_wanted = False
                at = 0  # the loop is closed: from its key frame everything can be decoded
            frame = frames[at]
            track.key_frames += at == 0
            at = (at + 1) % len(frames)
            picture_id = (picture_id + 1) & 0x7FFF
            timestamp = track.timestamp_base + tick * 90_000 // shape.fps
            payloads = vp8_payloads(frame, picture_id, now_us())
            pause = 1 / shape.fps / (len(payloads) + 1) if self._even else 0.0
            for index, payload in enumerate(payloads):
                self._packet(track, timestamp, payload, marker=index == len(payloads) - 1)
                if pause:
                    await asyncio.sleep(pause)
            track.frames += 1

    async def _audio(self, track: Track) -> None:
        frames = audio_frames()
        async for tick in self._every(AUDIO_FRAME_S):
            timestamp = track.timestamp_base + tick * 960
            self._packet(track, timestamp, frames[tick % len(frames)], marker=tick == 0)
            track.frames += 1

    async def _every(self, period_s: float) -> AsyncIterator[int]:
        """Numbers in the pace of `period_s`; one that is late is not made up for by a shorter pause later."""
        start = time.monotonic() + secrets.randbelow(1000) / 1000 * period_s  # not all publishers at once
        tick = 0
        while True:
            behind = time.monotonic() - (start + tick * period_s)
            if behind < 0:
                await asyncio.sleep(-behind)
            else:
                self.late_s = max(self.late_s, behind)
                await asyncio.sleep(0)
            yield tick
            tick += 1

    def _packet(self, track: Track, timestamp: int, payload: bytes, *, marker: bool) -> None:
        elements = [(MID_ID, track.mid.encode())]
        if track.transport_numbers:
            elements.append((TRANSPORT_ID, ext.transport_sequence_value(self._transport_number)))
            self._transport_number += 1
        if track.kind == "audio":
            elements.append((AUDIO_LEVEL_ID, ext.audio_level_value(self.level, self.level < 60)))
        packet = build_packet(
            track.payload_type,
            track.number,
            timestamp & 0xFFFF_FFFF,
            track.ssrc,
            payload,
            marker=marker,
            extensions=elements,
        )
        protected = self._protect(packet)
        track.sent[track.number] = protected
        if len(track.sent) > _KEPT:
            track.sent.popitem(last=False)
        track.number = (track.number + 1) & 0xFFFF
        track.packets += 1
        track.octets += len(payload)
        self._send(protected)

    async def _reports(self) -> None:
        async for _ in self._every(_REPORT_S):
            for track in self.tracks:
                self._send_rtcp(
                    [
                        rtcp_values.SenderReport(
                            track.ssrc,
                            ntp.from_unix(time.time()),
                            self._timestamp_now(track),
                            track.packets,
                            track.octets,
                        ),
                        rtcp_values.SourceDescription(
                            ((track.ssrc, ((rtcp_values.CNAME, CNAME.encode()),)),)
                        ),
                    ]
                )

    def _timestamp_now(self, track: Track) -> int:
        period = 1 / (self._shape or VideoShape()).fps if track.kind == "video" else AUDIO_FRAME_S
        return int(track.timestamp_base + track.frames * period * track.clock_rate) & 0xFFFF_FFFF
