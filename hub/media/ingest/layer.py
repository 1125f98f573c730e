"""One received stream of a publication: received once, cached once, fanned out to every subscription and sink."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from hub.media.ingest.fleet import fleet
from hub.media.ingest.keyframes import KeyFrameManager
from hub.media.ingest.layer_rates import LayerRates
from hub.media.ingest.picture_heads import PictureHeads
from hub.media.ingest.reception import RESTART_JUMP, GapTracker, ReceptionReport
from hub.media.ingest.replay import Replay
from hub.media.ingest.seams import Player, SourceClock
from hub.media.ingest.track import Track
from hub.media.row.batch import MAX_PACKETS, Batch
from hub.media.row.packet_cache import AUDIO_PACKETS, REPLAYED_PACKETS, VIDEO_PACKETS, Packet, PacketCache
from hub.wire.h264 import described_sets
from hub.wire.rtcp import SenderReport

log = logging.getLogger(__name__)

#: A simulcast layer that has sent nothing for so long is not there: its publisher has no room for it.
SILENT_S: Final = 0.7
#: How long a layer that was told to send again may take before it counts as silent.
RESUME_S: Final = 2.0
#: Key-frame requests to the publisher within any second: one layer may be asked twice, a higher one once.
LOW_REQUESTS_A_SECOND: Final = 2
HIGH_REQUESTS_A_SECOND: Final = 1
#: Packets of a picture that is not whole wait so long for its rest: a picture is shown when its last packet is there,
#: and what goes out in one run costs each viewer one system call …
WAIT_S: Final = 0.012
#: … which is nothing to speak of with fewer viewers.
WAIT_VIEWERS: Final = 8


class Sink(Protocol):
    """What else takes every packet of a layer as it is: a relay's stream to another node."""

    def forward(self, packets: Sequence[Packet], now: float) -> None: ...


class ReportListener(Protocol):
    """Who wants to know the source's clock at once."""

    def sender_report(self, layer: Layer, report: SenderReport) -> None: ...


#: Reads codec fields (key frame, picture id) of `packet.payload` into `packet`; ValueError if malformed.
Describe = Callable[[Packet], None]


class Layer:
    """A received stream and who gets it. A publication without simulcast has one layer, with `rid` "".

    `rank` orders the layers of a publication (Publication.rank_layers). `active` is whether the publisher has
    been told to send it (a layer that nobody takes is stopped).
    """

    def __init__(
        self,
        publication: Track,
        *,
        ssrc: int,
        describe: Describe,
        ask_key_frame: Callable[[], None],
        rid: str = "",
        rank: int = 0,
    ) -> None:
        self.publication = publication
        self.kind = publication.kind
        self.rid = rid
        self.ssrc = ssrc
        self.label = f"{publication.label}/{rid}" if rid else publication.label
        self._cache_packets = VIDEO_PACKETS if self.kind == "video" else AUDIO_PACKETS
        #: Whether who joins is sent what has come since the last key frame.
        self.replay = Replay() if publication.replays and self.kind == "video" else None
        if self.replay is not None:
            self._cache_packets = REPLAYED_PACKETS
        self.cache = PacketCache(self._cache_packets)
        self.report = ReceptionReport(publication.codec.clock_rate)
        self.gaps = GapTracker()
        self.key_frames = KeyFrameManager(ask_key_frame)
        self.rank = rank
        self.rates = LayerRates()
        self.size: tuple[int, int] | None = None
        self.active = True
        self.activated_at = float("-inf")
        self.heard_at = float("-inf")
        self.subscriptions: list[Player] = []
        self.fleet = fleet()
        self.waiting: list[Player] = []
        self.sinks: list[Sink] = []
        self.report_listeners: list[ReportListener] = []
        self.pending: list[Packet] = []
        self._pending_since = 0.0
        self.counters: Counter[str] = Counter()
        self.last_report: SenderReport | None = None
        self.last_report_at = 0.0
        self.clock: SourceClock | None = None
        self._describe = describe
        #: The newest packet a viewer can begin with, and the newest of all, as they are passed on.
        self.key_seq = self.newest_seq = -1
        self.heads: PictureHeads | None = None
        if publication.codec.name == "h264":
            # A description tells one picture's parameter sets: not those of several layers.
            told = () if publication.simulcast else described_sets(publication.codec.fmtp)
            self.heads = PictureHeads(told)
        #: Whether the node knows that packets wait here to be fanned out (Sfu.mark).
        self.marked = False

    @property
    def rank(self) -> int:
        """Its place among the layers of its publication: 0 is the smallest picture."""
        return self._rank

    @rank.setter
    def rank(self, rank: int) -> None:
        self._rank = rank
        self.key_frames.keep_to(LOW_REQUESTS_A_SECOND if rank == 0 else HIGH_REQUESTS_A_SECOND)

    # --- receiving ------------------------------------------------------------------------------------

    def receive(
        self, seq16: int, timestamp: int, marker: bool, payload: bytes, now: float, *, repaired: bool = False
    ) -> bool:
        """Take one authentic packet. True if there is something new to be forwarded.

        `repaired`: it came by RTX or out of a redundant block, not by itself.
        """
        report = self.report
        seq = report.extend(seq16)
        newest = report.newest
        if seq - newest > RESTART_JUMP or newest - seq > RESTART_JUMP:
            if repaired:
                self.counters["repaired_out_of_range"] += 1
                return False
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
        if self.publication.muted:
            # Not even kept: nobody may ask for it later.
            self.gaps.receive(seq, newest, now)
            report.receive(seq, timestamp, now, repaired=repaired)
            self.counters["muted"] += 1
            return False
        ready = [packet]
        if self.heads is not None:
            ready = self.heads.take(packet, newest=seq > newest, follows=seq == newest + 1)
        if not self.cache.put(packet):
            self.counters["duplicate"] += 1
            return False
        if not self.gaps.receive(seq, newest, now) and self.kind == "video":
            self.key_frames.want(now)
        report.receive(seq, timestamp, now, repaired=repaired)
        if packet.payload:
            self.rates.count(len(payload), packet.temporal, now)
            self.heard_at = now
        if not self.pending:
            self._pending_since = now
        for each in ready:
            if each is not packet:
                self.cache.put(each)  # one that was inserted; those that were held are there
            self._pass_on(each, seq)
            if each.key_frame:
                self.key_frames.arrived(now)
        return bool(ready)

    def _pass_on(self, packet: Packet, source_seq: int) -> None:
        """Have a packet fanned out with the next flush; `source_seq` is the source's number of the one that came."""
        self.newest_seq = max(self.newest_seq, packet.seq)
        if packet.key_frame:
            self.gaps.key_frame(source_seq)
            if self.replay is not None and packet.seq > self.key_seq:
                self.replay.key_frame(self.cache, packet.seq)
            self.key_seq = max(self.key_seq, packet.seq)
            if packet.size is not None and packet.size != self.size:
                self.size = packet.size
                self.publication.rank_layers()
        self.pending.append(packet)

    def due_at(self) -> float:
        """When what is pending is to be fanned out: at once (minus infinity), unless all of it is the beginning of a
        picture in order, which may wait for its rest."""
        pending = self.pending
        if (
            self.kind != "video"
            or not pending
            or len(self.subscriptions) < WAIT_VIEWERS
            or len(pending) >= MAX_PACKETS
            or pending[-1].seq != self.newest_seq
            or any(packet.marker for packet in pending)
        ):
            return float("-inf")
        return self._pending_since + WAIT_S

    def flush(self, now: float) -> None:
        """Fan out what came since the last flush. Called when the port is drained and `due_at` has passed."""
        if not self.pending:
            return
        packets, self.pending = self.pending, []
        if self.waiting:
            self._begin_waiting(packets, now)
        for start in range(0, len(packets), MAX_PACKETS):
            self._fan_out(Batch(packets[start : start + MAX_PACKETS], self.cache), now)

    def _fan_out(self, batch: Batch, now: float) -> None:
        failed: list[Player] = []
        fleet, left = self.fleet, self.subscriptions
        if fleet is not None:
            left = fleet.forward(batch, self.subscriptions, now)
        for subscription in left:
            try:
                subscription.forward(batch, now)
                if fleet is not None:
                    fleet.readmit(subscription)
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
        for listener in self.report_listeners:
            listener.sender_report(self, report)

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
        self._regroup()

    def _restart(self, seq16: int, now: float) -> int:
        """The source jumped: number it far past everything before; all viewers wait for a key frame."""
        seq = (self.report.newest & ~0xFFFF) + 0x2_0000 + seq16
        self.counters["restarted"] += 1
        self.hold()  # first: what was sent last is still to be found in the cache
        self.report.restart(seq)
        self.gaps.clear()
        self.cache.clear()
        self.rates.clear()
        self.pending.clear()
        self.key_seq = -1
        if self.heads is not None:
            self.heads.clear()
        if self.kind == "video" and self.waiting:
            self.key_frames.want(now)
        return seq

    def interrupt(self) -> None:
        """Nothing of it is passed on from here; when something is again, everybody begins anew."""
        self.pending.clear()
        if self.heads is not None:
            self.heads.clear()
        self.gaps.clear()
        self.key_frames.cancel()
        self.hold()

    def part(self) -> None:
        """What was received is forgotten; who plays it goes on with what comes next."""
        self.pending.clear()
        self.cache.clear()

    def hold(self) -> None:
        """Have everybody who plays this wait until it can begin anew, with numbers that go on."""
        held, self.subscriptions = self.subscriptions, []
        self._regroup()
        for subscription in held:
            if subscription.hold(self):
                self.waiting.append(subscription)

    def _regroup(self) -> None:
        if self.fleet is not None:
            self.fleet.changed()

    # --- who gets it ----------------------------------------------------------------------------------

    def want(self, player: Player, now: float) -> None:
        """`player` waits for this to begin. Called by it only."""
        if self.replay is not None and self.replay.begin(self, player, self.newest_seq, self.pending, now):
            self.subscriptions.append(player)
            self._regroup()
            return
        self.waiting.append(player)
        if self.kind == "video":
            self.key_frames.want(now)

    def leave(self, player: Player) -> None:
        """`player` neither plays this nor waits for it any more. Called by it only."""
        if player in self.waiting:
            self.waiting.remove(player)
        if player in self.subscriptions:
            self.subscriptions.remove(player)
            self._regroup()
        if not self.used:
            self.key_frames.cancel()

    @property
    def used(self) -> bool:
        """Whether anybody gets or waits for it."""
        return bool(self.subscriptions or self.waiting or self.sinks)

    def coming(self, now: float) -> bool:
        """Whether packets of it come."""
        return now - self.heard_at < SILENT_S

    def available(self, now: float) -> bool:
        """Whether a viewer can count on getting it: it comes, or would if it were asked for."""
        if not self.active or self.publication.paused:
            return True  # stopped by us, because nobody took it
        return now - max(self.heard_at, self.activated_at - SILENT_S + RESUME_S) < SILENT_S

    def activate(self, active: bool, now: float) -> None:
        """The publisher is told to send this layer, or to stop it."""
        if active and not self.active:
            self.activated_at = now
        if not active and self.replay is not None:
            self.key_seq = -1  # what comes later does not follow upon it
        self.active = active

    def close(self) -> None:
        """The stream has ended: nobody plays or waits for it, nothing of it is kept."""
        for subscription in (*self.subscriptions, *self.waiting):
            subscription.forget(self)
        self.subscriptions.clear()
        self._regroup()
        self.waiting.clear()
        self.sinks.clear()
        self.report_listeners.clear()
        self.pending.clear()
        self.cache.clear()
        self.key_frames.close()

    def dump(self) -> dict[str, object]:
        """The layer for people."""
        return {
            "rid": self.rid,
            "ssrc": self.ssrc,
            "size": self.size,
            "active": self.active,
            "bps": list(self.rates.cumulative_bps),
            "received": self.report.received,
            "repaired": self.report.repaired,
            "lost": self.report.lost,
            "jitter": self.report.jitter,
            "subscriptions": len(self.subscriptions),
            "waiting": len(self.waiting),
            "sinks": len(self.sinks),
            "gaps": self.gaps.dump(),
            "key_frames": self.key_frames.dump(),
            "parameter_sets_inserted": self.heads.inserted if self.heads is not None else 0,
            "replayed": self.replay.packets if self.replay is not None else 0,
            "counters": dict(self.counters),
        }
