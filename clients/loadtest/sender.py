"""The sending side of a light publisher: paced synthetic pictures (one to three layers) and sound."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clients.loadtest.offers import (
    AUDIO_LEVEL_ID,
    AUDIO_TYPE,
    CNAME,
    MID_ID,
    REPAIRED_RID_ID,
    RID_ID,
    RTX_TYPE,
    TRANSPORT_ID,
    VIDEO_TYPE,
    Answered,
    Sending,
)
from clients.loadtest.synthetic import (
    AUDIO_FRAME_S,
    STAMP_BYTES,
    VideoShape,
    audio_frames,
    stamp,
    video_frames,
    vp8_payloads,
)
from hub.wire import ntp
from hub.wire import rtcp as rtcp_values
from hub.wire import rtp_extensions as ext
from hub.wire.rtcp import RtcpPacket
from hub.wire.rtp import build_packet
from hub.wire.sdp import Section

#: Packets kept for answering NACKs, a second source's worth of half a second.
_KEPT: Final = 512
_REPORT_S: Final = 1.0
#: Who is more than this behind leaves out what should have been sent.
_HURRY_S: Final = 0.1
#: Louder than this (−dBov) the voice flag of the audio level is set.
_VOICE_LEVEL: Final = 60


def _new_ssrc() -> int:
    return secrets.randbelow(0xFFFF_FFFE) + 1


@dataclass(frozen=True, slots=True)
class Sent:
    """A packet that may be asked for again."""

    number: int
    timestamp: int
    marker: bool
    payload: bytes
    packet: bytes


@dataclass(slots=True)
class Encoding:
    """One source that sends: sound, a picture, or one layer of it (`rid` is its name). `kept` is a ring of the
    newest packets. `active` is what the hub wants sent of it."""

    kind: str
    rid: str = ""
    shape: VideoShape | None = None
    mid: str = ""
    ssrc: int = field(default_factory=_new_ssrc)
    rtx_ssrc: int = field(default_factory=_new_ssrc)
    number: int = field(default_factory=lambda: secrets.randbits(15))
    rtx_number: int = field(default_factory=lambda: secrets.randbits(15))
    timestamp_base: int = field(default_factory=lambda: secrets.randbits(31))
    picture_id: int = field(default_factory=lambda: secrets.randbits(14))
    at: int = 0
    active: bool = True
    key_frame_wanted: bool = False
    packets: int = 0
    octets: int = 0
    frames: int = 0
    key_frames: int = 0
    reported_lost: int = 0
    kept: list[Sent | None] = field(default_factory=lambda: [None] * _KEPT)
    elements: tuple[tuple[int, bytes], ...] = ()
    rtx_elements: tuple[tuple[int, bytes], ...] = ()
    transport_numbers: bool = False
    rtx: bool = False

    @property
    def clock_rate(self) -> int:
        """Of the time stamps, in Hz."""
        return 90_000 if self.kind == "video" else 48_000

    @property
    def period_s(self) -> float:
        """From one frame to the next."""
        return 1 / self.shape.fps if self.shape is not None else AUDIO_FRAME_S

    def take(self, section: Section) -> bool:
        """Send as the answer says; False if it does not take this one."""
        taken = {rid.id for rid in section.rids}
        if self.rid and taken and self.rid not in taken:
            return False
        self.elements = ((MID_ID, self.mid.encode()),)
        self.rtx_elements = self.elements
        if self.rid and taken:
            self.elements = (*self.elements, (RID_ID, self.rid.encode()))
            self.rtx_elements = (*self.rtx_elements, (REPAIRED_RID_ID, self.rid.encode()))
        self.transport_numbers = any("transport-cc" in codec.feedback for codec in section.codecs)
        self.rtx = section.rtx_for(VIDEO_TYPE) is not None
        return True

    def to_json(self) -> dict[str, Any]:
        """What was sent."""
        return {
            "kind": self.kind,
            "rid": self.rid,
            "packets": self.packets,
            "octets": self.octets,
            "frames": self.frames,
            "key_frames": self.key_frames,
        }


class Sender:
    """`protect` makes SRTP, `send` sends a datagram, `send_rtcp` values; `even` spreads each frame's packets
    over the frame's time instead of sending them in one burst as a pacer with room does."""

    def __init__(
        self,
        protect: Callable[[bytes], bytes],
        send: Callable[[bytes], None],
        send_rtcp: Callable[[list[RtcpPacket]], None],
        *,
        shapes: Sequence[VideoShape],
        sound: bool,
        even: bool = False,
        level: int = 20,
        source: int = 0,
        named_sound: bool = False,
    ) -> None:
        """`shapes` are the layers, best first (none: no picture); `level` is the audio level that is told, −dBov;
        `source` stands in the sampled frames, so that a viewer knows whom it sees, and with `named_sound` in each packet
        of sound, too."""
        rids = ("f", "h", "q") if len(shapes) > 1 else ("",)
        self.video = [Encoding("video", rid, shape) for rid, shape in zip(rids, shapes, strict=False)]
        self.audio = [Encoding("audio")] if sound else []
        for mid, group in enumerate(group for group in (self.video, self.audio) if group):
            for encoding in group:
                encoding.mid = str(mid)
        self.counters: Counter[str] = Counter()
        self.late_s = 0.0
        self.level = level
        self.source = source
        self._named_sound = named_sound
        self._paused = False
        self._protect = protect
        self._send = send
        self._send_rtcp = send_rtcp
        self._even = even
        self._transport_number = 0
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def encodings(self) -> list[Encoding]:
        """Everything that is sent."""
        return self.video + self.audio

    @property
    def reported_lost(self) -> int:
        """What the hub last reported as lost of what we sent, in packets."""
        return sum(encoding.reported_lost for encoding in self.encodings)

    def sections(self) -> list[Sending]:
        """What is to be offered."""
        sections = []
        if len(self.video) > 1:
            sections.append(Sending("video", 0, rids=tuple(encoding.rid for encoding in self.video)))
        elif self.video:
            sections.append(Sending("video", self.video[0].ssrc, self.video[0].rtx_ssrc))
        return sections + [Sending("audio", encoding.ssrc) for encoding in self.audio]

    def start(self, answered: Answered) -> None:
        """Send what the answer took; without its rids only the best layer."""
        sections = answered.sections
        self.video = [e for e in self.video if e.mid in sections and e.take(sections[e.mid])]
        if self.video and not sections[self.video[0].mid].rids:
            del self.video[1:]
        self.audio = [e for e in self.audio if e.mid in sections and e.take(sections[e.mid])]
        runs = [(self._pictures, "pictures")] if self.video else []
        runs += [(self._sound, "sound")] if self.audio else []
        for run, name in (*runs, (self._reports, "sender reports")):
            self._tasks.append(asyncio.create_task(run(), name=name))

    async def stop(self) -> None:
        """Stop sending."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    # --- what the hub says ----------------------------------------------------------------------------

    def pause(self, paused: bool) -> None:
        """Nobody watches the picture, or somebody does again (docs/protocol.md, `media` `pause`)."""
        if self._paused and not paused:
            self._want_key_frames()
        self._paused = paused

    def activate(self, rids: Collection[str]) -> None:
        """Send only these layers (`media` `layers`)."""
        for encoding in self.video:
            wanted = encoding.rid in rids
            encoding.key_frame_wanted |= wanted and not encoding.active
            encoding.active = wanted

    def receive_rtcp(self, packets: list[RtcpPacket]) -> None:
        """What the hub says about what we send."""
        by_ssrc = {encoding.ssrc: encoding for encoding in self.encodings}
        for packet in packets:
            match packet:
                case rtcp_values.Pli() | rtcp_values.Fir():
                    self.counters["pli"] += 1
                    # As browsers do: a request for one layer makes key frames of all.
                    self._want_key_frames()
                case rtcp_values.Nack(media_ssrc=ssrc, sequences=sequences) if ssrc in by_ssrc:
                    for number in sequences:
                        self._send_again(by_ssrc[ssrc], number)
                case rtcp_values.TransportFeedback():
                    self.counters["feedback"] += 1
                case rtcp_values.ReceiverReport(reports=reports):
                    for block in reports:
                        if block.ssrc in by_ssrc:
                            by_ssrc[block.ssrc].reported_lost = max(0, block.packets_lost)

    def _want_key_frames(self) -> None:
        for encoding in self.video:
            encoding.key_frame_wanted = True

    # --- sending --------------------------------------------------------------------------------------

    async def _pictures(self) -> None:
        period_s = self.video[0].period_s
        async for tick in self._every(period_s):
            if self._paused:
                continue
            bursts = [self._frame(encoding, tick) for encoding in self.video if encoding.active]
            pause = period_s / (sum(map(len, bursts)) + 1) if self._even else 0.0
            for burst in bursts:
                if not pause:
                    # Made before the first leaves: between two packets of a burst a pacer has nothing to do.
                    for datagram in [packet() for packet in burst]:
                        self._send(datagram)
                    continue
                for packet in burst:
                    self._send(packet())
                    await asyncio.sleep(pause)

    def _frame(self, encoding: Encoding, tick: int) -> list[Callable[[], bytes]]:
        """The next frame of one layer, as one call that makes a datagram for each packet."""
        shape = encoding.shape or VideoShape()
        frames = video_frames(shape)
        if encoding.key_frame_wanted:
            encoding.key_frame_wanted = False
            encoding.at = 0  # the loop is closed: from its key frame everything can be decoded
        frame = frames[encoding.at]
        encoding.key_frames += encoding.at == 0
        encoding.at = (encoding.at + 1) % len(frames)
        encoding.picture_id = (encoding.picture_id + 1) & 0x7FFF
        encoding.frames += 1
        timestamp = encoding.timestamp_base + tick * 90_000 // shape.fps
        payloads = vp8_payloads(frame, encoding.picture_id)
        last = len(payloads) - 1

        def one(index: int) -> Callable[[], bytes]:
            def make() -> bytes:
                payload = payloads[index]
                if index == last:
                    payload = stamp(payload, self.source, now_us())
                return self._packet(encoding, VIDEO_TYPE, timestamp, payload, marker=index == last)

            return make

        return [one(index) for index in range(len(payloads))]

    async def _sound(self) -> None:
        frames = audio_frames()
        (encoding,) = self.audio
        async for tick in self._every(AUDIO_FRAME_S):
            timestamp = encoding.timestamp_base + tick * 960
            frame = frames[tick % len(frames)]
            if self._named_sound:
                frame = stamp(frame + bytes(STAMP_BYTES), self.source, now_us())
            self._send(self._packet(encoding, AUDIO_TYPE, timestamp, frame, marker=tick == 0))
            encoding.frames += 1

    async def _every(self, period_s: float) -> AsyncIterator[int]:
        """Numbers in the pace of `period_s`. Who is a little late hurries; who is far behind leaves out what is past, as
        a camera does: a burst of old pictures would be a load nobody makes."""
        start = time.monotonic() + secrets.randbelow(1000) / 1000 * period_s  # not all publishers at once
        tick = 0
        while True:
            behind = time.monotonic() - (start + tick * period_s)
            if behind < 0:
                await asyncio.sleep(-behind)
            else:
                self.late_s = max(self.late_s, behind)
                if behind > _HURRY_S:
                    passed = int(behind / period_s)
                    self.counters["left_out"] += passed
                    tick += passed
                await asyncio.sleep(0)
            yield tick
            tick += 1

    def _packet(
        self, encoding: Encoding, payload_type: int, timestamp: int, payload: bytes, *, marker: bool
    ) -> bytes:
        """The next packet of this source, sealed."""
        timestamp &= 0xFFFF_FFFF
        elements = self._elements(encoding, encoding.elements)
        if encoding.kind == "audio":
            elements.append((AUDIO_LEVEL_ID, ext.audio_level_value(self.level, self.level < _VOICE_LEVEL)))
        number = encoding.number
        packet = build_packet(
            payload_type, number, timestamp, encoding.ssrc, payload, marker=marker, extensions=elements
        )
        encoding.kept[number % _KEPT] = Sent(number, timestamp, marker, payload, packet)
        encoding.number = (number + 1) & 0xFFFF
        encoding.packets += 1
        encoding.octets += len(payload)
        return self._protect(packet)

    def _elements(self, encoding: Encoding, fixed: tuple[tuple[int, bytes], ...]) -> list[tuple[int, bytes]]:
        elements = list(fixed)
        if encoding.transport_numbers:
            elements.append((TRANSPORT_ID, ext.transport_sequence_value(self._transport_number)))
            self._transport_number += 1
        return elements

    def _send_again(self, encoding: Encoding, number: int) -> None:
        kept = encoding.kept[number % _KEPT]
        if kept is None or kept.number != number:
            self.counters["nacked_not_kept"] += 1
            return
        self.counters["nacked"] += 1
        packet = kept.packet
        if encoding.rtx and encoding.kind == "video":
            # RFC 4588; without it the very same packet leaves again.
            encoding.rtx_number = (encoding.rtx_number + 1) & 0xFFFF
            packet = build_packet(
                RTX_TYPE,
                encoding.rtx_number,
                kept.timestamp,
                encoding.rtx_ssrc,
                number.to_bytes(2, "big") + kept.payload,
                marker=kept.marker,
                extensions=self._elements(encoding, encoding.rtx_elements),
            )
        self._send(self._protect(packet))

    async def _reports(self) -> None:
        async for _ in self._every(_REPORT_S):
            for encoding in self.encodings:
                if not encoding.packets:
                    continue
                report = rtcp_values.SenderReport(
                    encoding.ssrc,
                    ntp.from_unix(time.time()),
                    _timestamp_now(encoding),
                    encoding.packets,
                    encoding.octets,
                )
                name = ((rtcp_values.CNAME, CNAME.encode()),)
                self._send_rtcp([report, rtcp_values.SourceDescription(((encoding.ssrc, name),))])


def _timestamp_now(encoding: Encoding) -> int:
    elapsed = encoding.frames * encoding.period_s
    return int(encoding.timestamp_base + elapsed * encoding.clock_rate) & 0xFFFF_FFFF


def now_us() -> int:
    """The monotonic clock in µs: what senders stamp and receivers of the same machine compare with."""
    return time.monotonic_ns() // 1000
