"""One track of a publisher: received once, cached once, fanned out to every subscription and relay."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.media.audio import Microphone
from hub.media.batch import MAX_PACKETS, Batch
from hub.media.keyframes import KeyFrameManager
from hub.media.packet_cache import AUDIO_PACKETS, VIDEO_PACKETS, Packet, PacketCache
from hub.media.reception import RESTART_JUMP, GapTracker, ReceptionReport
from hub.media.subscription import Subscription
from hub.wire.rtcp import SenderReport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Codec:
    """What a publication is encoded with: name in lower case (`vp8`), clock rate in Hz, fmtp text."""

    name: str
    clock_rate: int
    channels: int
    fmtp: str


@dataclass(frozen=True, slots=True)
class SourceClock:
    """From a sender report: at `unix_s` of the hub's wall clock the source's media stood at `timestamp`."""

    unix_s: float
    timestamp: int


class Sink(Protocol):
    """What else takes every packet of a publication: a relay's stream."""

    def forward(self, packets: Sequence[Packet], now: float) -> None: ...
    def sender_report(self, report: SenderReport) -> None: ...


#: Reads codec fields (key frame, picture id) of `packet.payload` into `packet`; ValueError if malformed.
Describe = Callable[[Packet], None]


class Publication:
    """A received stream and who gets it. `label` names it in dumps: participant, kind and peer."""

    def __init__(
        self,
        *,
        participant: str,
        peer: str,
        kind: str,
        codec: Codec,
        ssrc: int,
        describe: Describe,
        ask_key_frame: Callable[[], None],
        microphone: Microphone | None = None,
    ) -> None:
        self.participant = participant
        self.peer = peer
        self.kind = kind
        self.codec = codec
        self.ssrc = ssrc
        self.label = f"{participant}/{kind}/{peer}"
        self.cache = PacketCache(VIDEO_PACKETS if kind == "video" else AUDIO_PACKETS)
        self.report = ReceptionReport(codec.clock_rate)
        self.gaps = GapTracker()
        self.key_frames = KeyFrameManager(ask_key_frame)
        self.microphone = microphone
        self.subscriptions: list[Subscription] = []
        self.waiting: list[Subscription] = []
        self.sinks: list[Sink] = []
        self.pending: list[Packet] = []
        self.counters: Counter[str] = Counter()
        self.last_report: SenderReport | None = None
        self.last_report_at = 0.0
        self.clock: SourceClock | None = None
        self.muted = False
        self._describe = describe
        self._cache_packets = VIDEO_PACKETS if kind == "video" else AUDIO_PACKETS

    # --- receiving ------------------------------------------------------------------------------------

    def receive(self, seq16: int, timestamp: int, marker: bool, payload: bytes, now: float) -> bool:
        """Take one authentic packet (also one mended by RTX). True if it was new and is to be forwarded."""
        report = self.report
        seq = report.extend(seq16)
        newest = report.newest
        if seq - newest > RESTART_JUMP or newest - seq > RESTART_JUMP:
            seq = self._restart(seq16, now)
            newest = seq
        elif seq <= newest - self._cache_packets:
            self.counters["too_late"] += 1
            return False
        packet = Packet(seq, timestamp, marker, payload)
        if payload:
            try:
                self._describe(packet)
            except ValueError:
                self.counters["malformed_payload"] += 1
                packet.payload = b""  # counts as received, is not passed on
        if self.muted:
            # Not even kept: nobody may ask for it later.
            self.gaps.receive(seq, newest, now)
            report.receive(seq, timestamp, now)
            self.counters["muted"] += 1
            return False
        if not self.cache.put(packet):
            self.counters["duplicate"] += 1
            return False
        if not self.gaps.receive(seq, newest, now) and self.kind == "video":
            self.key_frames.want(now)
        report.receive(seq, timestamp, now)
        if packet.key_frame:
            self.key_frames.arrived(now)
        self.pending.append(packet)
        return True

    def flush(self, now: float) -> None:
        """Fan out what came since the last flush. Called at the end of each drain of the port."""
        if not self.pending:
            return
        packets, self.pending = self.pending, []
        if self.waiting:
            self._begin_waiting(packets, now)
        for start in range(0, len(packets), MAX_PACKETS):
            self._fan_out(Batch(packets[start : start + MAX_PACKETS]), now)

    def _fan_out(self, batch: Batch, now: float) -> None:
        failed: list[Subscription] = []
        for subscription in self.subscriptions:
            try:
                subscription.forward(batch, now)
            except Exception:
                # A bug met with one viewer is that viewer's end, not everybody's.
                log.exception("forwarding %s to a viewer failed", self.label)
                failed.append(subscription)
        for subscription in failed:
            subscription.outlet.on_failure()
        for sink in self.sinks:
            sink.forward(batch.packets, now)

    def take_sender_report(self, report: SenderReport, clock: SourceClock, now: float) -> None:
        """The source told its clock and counters (RFC 3550 §6.4.1)."""
        self.last_report, self.last_report_at, self.clock = report, now, clock
        for sink in self.sinks:
            sink.sender_report(report)

    def _begin_waiting(self, packets: list[Packet], now: float) -> None:
        """Let in those who wait: for video at the first packet of a key frame, for audio at once."""
        first = packets[0]
        if self.kind == "video":
            key = next((packet for packet in packets if packet.key_frame), None)
            if key is None:
                return
            first = key
        waiting, self.waiting = self.waiting, []
        for subscription in waiting:
            subscription.begin(self, first, now)
            self.subscriptions.append(subscription)

    def _restart(self, seq16: int, now: float) -> int:
        """The source jumped: number it far past everything before; all viewers wait for a key frame."""
        seq = (self.report.newest & ~0xFFFF) + 0x2_0000 + seq16
        self.counters["restarted"] += 1
        self.report.restart(seq)
        self.gaps.clear()
        self.cache.clear()
        self.pending.clear()
        self._hold()
        if self.kind == "video" and self.waiting:
            self.key_frames.want(now)
        return seq

    def _hold(self) -> None:
        """Have everybody who plays this wait until it can begin anew, with numbers that go on."""
        held, self.subscriptions = self.subscriptions, []
        for subscription in held:
            if subscription.hold(self):
                self.waiting.append(subscription)

    # --- who gets it ----------------------------------------------------------------------------------

    def want(self, subscription: Subscription, now: float) -> None:
        """`subscription` waits for this to begin. Called by Subscription.play only."""
        self.waiting.append(subscription)
        if self.kind == "video":
            self.key_frames.want(now)

    def leave(self, subscription: Subscription) -> None:
        """`subscription` neither plays this nor waits for it any more. Called by Subscription only."""
        if subscription in self.waiting:
            self.waiting.remove(subscription)
        if subscription in self.subscriptions:
            self.subscriptions.remove(subscription)
        if not self.watched:
            self.key_frames.cancel()

    def set_muted(self, muted: bool) -> None:
        """Drop what comes from now on, or pass it on again."""
        if muted and not self.muted:
            self.pending.clear()
            self._hold()
        self.muted = muted
        if self.microphone is not None:
            self.microphone.muted = muted

    @property
    def watched(self) -> bool:
        """Whether anybody gets or waits for it."""
        return bool(self.subscriptions or self.waiting or self.sinks)

    def close(self) -> None:
        """The track has ended: nobody plays or waits for it, nothing of it is kept."""
        for subscription in (*self.subscriptions, *self.waiting):
            subscription.forget(self)
        self.subscriptions.clear()
        self.waiting.clear()
        self.sinks.clear()
        self.pending.clear()
        self.cache.clear()

    def dump(self) -> dict[str, object]:
        """The publication for people."""
        return {
            "label": self.label,
            "codec": self.codec.name,
            "ssrc": self.ssrc,
            "received": self.report.received,
            "lost": self.report.lost,
            "jitter": self.report.jitter,
            "muted": self.muted,
            "subscriptions": len(self.subscriptions),
            "waiting": len(self.waiting),
            "sinks": len(self.sinks),
            "gaps": self.gaps.dump(),
            "key_frames": self.key_frames.dump(),
            "counters": dict(self.counters),
        }
