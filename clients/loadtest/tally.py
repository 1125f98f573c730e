"""What many viewers saw together, added up over peers and processes."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.loadtest.histogram import Histogram
from clients.loadtest.peer import LightPeer
from clients.loadtest.stream import Stream


@dataclass(slots=True)
class Kind:
    """Pictures or sound of all viewers: packets as `Stream` counts them."""

    streams: int = 0
    playing: int = 0
    packets: int = 0
    octets: int = 0
    expected: int = 0
    lost: int = 0
    missed: int = 0
    mended: int = 0
    frames: int = 0
    shown: int = 0
    freezes: int = 0
    frozen_s: float = 0.0
    #: Of the viewer that fared worst.
    worst_loss: float = 0.0

    @property
    def loss(self) -> float:
        """Share of packets that never came, 0 to 1."""
        return self.lost / max(1, self.expected)

    def add(self, stream: Stream) -> None:
        """Count one slot too."""
        self.streams += 1
        self.playing += stream.packets > 0
        for name in _SUMMED:
            setattr(self, name, getattr(self, name) + getattr(stream, name))
        self.worst_loss = max(self.worst_loss, stream.lost / max(1, stream.expected))

    def merge(self, other: Kind) -> None:
        """Count all of `other` too."""
        for name in ("streams", "playing", *_SUMMED):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.worst_loss = max(self.worst_loss, other.worst_loss)


_SUMMED = (
    "packets",
    "octets",
    "expected",
    "lost",
    "missed",
    "mended",
    "frames",
    "shown",
    "freezes",
    "frozen_s",
)


@dataclass(slots=True)
class Tally:
    """Counts of one crowd since `begin`. `failures` are reasons with how many viewers each kept out or threw out.

    `cpu_s` is what this generator's processes used, `late_s` how late they were at worst, `own_drops` what their
    own sockets had no room for: with much of these the figures say nothing about the hub.
    """

    viewers: int = 0
    video: Kind = field(default_factory=Kind)
    audio: Kind = field(default_factory=Kind)
    delays: Histogram = field(default_factory=Histogram)
    connected: Histogram = field(default_factory=Histogram)
    first_picture: Histogram = field(default_factory=Histogram)
    first_sound: Histogram = field(default_factory=Histogram)
    longest_gaps: Histogram = field(default_factory=Histogram)
    counters: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    own_drops: int = 0
    cpu_s: float = 0.0
    busiest: float = 0.0
    late_s: float = 0.0

    def add(self, peer: LightPeer) -> None:
        """Count one viewer too."""
        self.viewers += 1
        if peer.connected_s is not None:
            self.connected.add(peer.connected_s)
        if peer.transport.failure:
            self.failures[peer.transport.failure] += 1
        self.own_drops += peer.transport.dropped_by_kernel
        self.counters.update(peer.receiver.counters)
        self.counters.update(peer.transport.counters)
        for stream in peer.receiver.streams.values():
            if not stream.video:
                self.audio.add(stream)
                if stream.first_packet_at is not None:
                    self.first_sound.add(stream.first_packet_at - peer.began)
                continue
            self.video.add(stream)
            if stream.first_frame_at is not None:
                self.first_picture.add(stream.first_frame_at - peer.began)
            if stream.shown > 1:
                self.longest_gaps.add(stream.longest_gap_s)

    def merge(self, other: Tally) -> None:
        """Count all of `other` too."""
        self.viewers += other.viewers
        self.video.merge(other.video)
        self.audio.merge(other.audio)
        for name in _HISTOGRAMS:
            getattr(self, name).merge(getattr(other, name))
        self.counters.update(other.counters)
        self.failures.update(other.failures)
        self.own_drops += other.own_drops
        self.cpu_s += other.cpu_s
        self.busiest = max(self.busiest, other.busiest)
        self.late_s = max(self.late_s, other.late_s)

    @property
    def packets(self) -> int:
        """Of pictures and sound."""
        return self.video.packets + self.audio.packets

    def to_json(self) -> dict[str, Any]:
        """Everything, for another process."""
        out: dict[str, Any] = {}
        for one in dataclasses.fields(self):
            value = getattr(self, one.name)
            if isinstance(value, Histogram):
                value = value.to_json()
            elif isinstance(value, Kind):
                value = dataclasses.asdict(value)
            out[one.name] = value
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        """The inverse of `to_json`."""
        fields = dict(data)
        for name in _HISTOGRAMS:
            fields[name] = Histogram.from_json(fields[name])
        for name in ("video", "audio"):
            fields[name] = Kind(**fields[name])
        for name in ("counters", "failures"):
            fields[name] = Counter(fields[name])
        return cls(**fields)

    def told(self, seconds: float) -> dict[str, Any]:
        """For reports: shares and rates over `seconds`, durations in ms."""
        return {
            "viewers": self.viewers,
            "pictures_playing": self.video.playing,
            "sounds_playing": self.audio.playing,
            "packets_per_s": round(self.packets / max(seconds, 1e-9)),
            "mbit_per_s": round((self.video.octets + self.audio.octets) * 8e-6 / max(seconds, 1e-9), 1),
            "video_loss_permille": round(self.video.loss * 1000, 3),
            "audio_loss_permille": round(self.audio.loss * 1000, 3),
            "worst_viewer_loss_permille": round(1000 * max(self.video.worst_loss, self.audio.worst_loss), 3),
            "missed": self.video.missed + self.audio.missed,
            "mended": self.video.mended,
            "delay_ms": self.delays.told(),
            "connected_ms": self.connected.told(),
            "first_picture_ms": self.first_picture.told(),
            "first_sound_ms": self.first_sound.told(),
            "longest_gap_ms": self.longest_gaps.told(),
            "freezes": self.video.freezes,
            "frozen_permille": round(1000 * self.video.frozen_s / max(1e-9, seconds * self.video.playing), 3),
            "failures": dict(self.failures),
            "counters": dict(self.counters),
        }


_HISTOGRAMS = ("delays", "connected", "first_picture", "first_sound", "longest_gaps")
