"""An hour's recording in the test's own time: publishers with clocks of their own, lines that lose, and all that people do.

Real packets go through a real `Recording` into real files. Each second the picture turns white and a tone sounds, at the same
true moment; what became of that in the files is looked at by `judge`.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import av
import numpy as np

from hub.clock import to_wire
from hub.wire.rtp import build_packet
from recordings.muxer import Track, container_for
from recordings.packets import parse_rtp
from recordings.part import Part
from recordings.part_record import PartRecord
from recordings.recording import Recording
from recordings.relay_port import RelayPort, Route
from recordings.stream_info import StreamInfo
from recordings.writing import Writing
from tests.support.media_files import Clip, ClipFrame, flash_and_beep
from tests.support.packetizers import PACKETIZERS

T0: Final = 1_800_000_000_000_000
SECOND: Final = 1_000_000
FPS: Final = 10
TICK_US: Final = 25_000
#: The line from node to recorder, and what of it is lost; an answer to a NACK is lost as often.
DELAY_US: Final = 20_000
LOSS: Final = 0.01
#: A second this near to a change in what is sent is not looked for.
MARGIN_S: Final = 3


@dataclass(frozen=True, slots=True)
class Doing:
    """What a publisher does from one second to another: `away`, `muted`, `off` (the camera), or `cut` (its line)."""

    what: str
    start_s: int
    end_s: int

    def covers(self, at_us: int) -> bool:
        return self.start_s * SECOND <= at_us < self.end_s * SECOND


@dataclass
class Stream:
    """One stream of one media session on the wire. `ppm` is how fast its clock runs beside the true one."""

    clip: Clip
    began_us: int
    ppm: float
    ssrc: int
    sequence: int
    timestamp: int
    number: int = 0
    sent: dict[int, bytes] = field(default_factory=dict)

    def stamp(self, at_us: int) -> int:
        passed = (at_us - self.began_us) * (1 + self.ppm / 1e6)
        return (self.timestamp + round(passed * self.clip.clock_rate / SECOND)) & 0xFFFF_FFFF

    def next_us(self) -> int:
        """The true moment of the next frame: a camera goes by the system's clock, a microphone by its own."""
        if self.clip.kind == "video":
            return self.began_us + self.number * SECOND // FPS
        return self.began_us + round(self.number * 20_000 / (1 + self.ppm / 1e6))

    def frame(self, at_us: int) -> ClipFrame:
        """What belongs at this true moment: the clip holds one second."""
        frames = self.clip.frames
        return frames[at_us % SECOND * len(frames) // SECOND]

    def packets(self, at_us: int) -> Iterator[bytes]:
        payloads = PACKETIZERS[self.clip.codec](self.frame(at_us), self.number)
        for payload in payloads:
            kind = 96 if self.clip.kind == "video" else 111
            marker = self.clip.kind == "video" and payload is payloads[-1]
            stamp = self.stamp(at_us)
            packet = build_packet(kind, self.sequence, stamp, self.ssrc, payload, marker=marker)
            self.sent[self.sequence] = packet
            self.sent.pop((self.sequence - 600) & 0xFFFF, None)
            self.sequence = (self.sequence + 1) & 0xFFFF
            yield packet


class Person:
    """One publisher for the whole time: sessions, one after the other, each with numbers of its own."""

    def __init__(self, name: int, luck: random.Random, seconds: int, codecs: Sequence[str]) -> None:
        self.name = name
        self.luck = luck
        self.doings = _plan(luck, seconds)
        self.codecs = itertools.cycle(codecs)
        self.clock_off_us = luck.randrange(-3600, 3600) * SECOND
        self.clock_ppm = luck.uniform(-50, 50)
        self.session = 0
        self.streams: dict[str, Stream] = {}

    def does(self, what: str, at_us: int) -> bool:
        return any(each.what == what and each.covers(at_us) for each in self.doings)

    def clock(self, at_us: int) -> int:
        """What its clock shows, µs since 1970."""
        return T0 + at_us + self.clock_off_us + round(at_us * self.clock_ppm / 1e6)

    def begin(self, at_us: int) -> None:
        """Join, with fresh numbers, at a full second: the clips' pictures begin with a key frame there."""
        self.session += 1
        full = -(-at_us // SECOND) * SECOND
        size = (160, 90) if self.session % 2 else (90, 160)
        for clip in _second(next(self.codecs), size):
            ppm = self.luck.uniform(-100, 100)
            bits = self.luck.getrandbits
            self.streams[clip.kind] = Stream(clip, full, ppm, bits(32), bits(16), bits(32))

    def is_whole(self, second: int) -> bool:
        """Whether picture and sound were sent around this second."""
        return not any(each.start_s - MARGIN_S <= second < each.end_s + MARGIN_S for each in self.doings)


def _second(codec: str, size: tuple[int, int]) -> tuple[Clip, Clip]:
    """One second of flash and beep: ten pictures, the first of them a key frame, and fifty packets of sound."""
    picture, sound = flash_and_beep(codec, 2, fps=FPS, size=size, key_every=FPS)
    # The second one: the encoder of sound has settled by then.
    return (
        Clip("video", codec, 90_000, picture.frames[:FPS]),
        Clip("audio", "opus", 48_000, sound.frames[50:100]),
    )


def _plan(luck: random.Random, seconds: int) -> list[Doing]:
    """About every four minutes something; the first and the last moments are left alone."""
    doings: list[Doing] = []
    at = luck.randrange(20, 60)
    lengths = {"away": (4, 30), "muted": (20, 120), "off": (10, 60), "cut": (2, 6)}
    kinds = itertools.cycle(luck.sample(list(lengths), len(lengths)))
    while True:
        what = next(kinds)
        length = luck.randrange(*lengths[what])
        if at + length + 20 > seconds:
            return doings
        doings.append(Doing(what, at, at + length))
        at += length + luck.randrange(60, 300)


class Hour:
    """Plays it all. Feedback of the recorder is answered as the node's cache does."""

    def __init__(
        self,
        root: Path,
        *,
        people: int = 6,
        seconds: int = 3600,
        seed: int = 1,
        codecs: tuple[str, ...] = ("vp8", "h264"),
    ) -> None:
        self.root = root
        self.seconds = seconds
        self.luck = random.Random(seed)
        self.people = [
            Person(
                number, random.Random(seed * 100 + number), seconds, codecs[number % len(codecs) :] + codecs
            )
            for number in range(people)
        ]
        self.now_us = 0
        self.packets = self.lost = self.asked = 0
        self.records: list[PartRecord] = []
        self._pool = ThreadPoolExecutor(2)
        self._writing = Writing(root, 0, lambda told: None)
        self._routes: dict[int, Route] = {}
        self._sources: dict[int, Stream] = {}
        self._arriving: list[tuple[int, int, int, bytes]] = []
        self._order = itertools.count()
        port = cast(RelayPort, self)
        self.recording = Recording("r", "m", "m/r", port, self._new_part, lambda: T0 + self.now_us)

    # -- what a Recording needs of its port

    def add(self, route: Route) -> None:
        self._routes[route.ssrc] = route

    def remove(self, route: Route) -> None:
        self._routes.pop(route.ssrc, None)

    def ask(self, route: Route, missing: list[int], key_frame: bool) -> None:
        stream = self._sources.get(route.ssrc)
        for number in missing:
            self.asked += 1
            packet = stream.sent.get(number) if stream is not None else None
            if packet is not None and self.luck.random() >= LOSS:
                self._send(route.ssrc, packet, DELAY_US + 10_000)

    # -- playing

    async def play(self) -> list[PartRecord]:
        """The whole time; the closed parts."""
        for tick in range(self.seconds * SECOND // TICK_US):
            end_us = (tick + 1) * TICK_US
            for person in self.people:
                self._advance(person, end_us)
            self._arrive(end_us)
            self.now_us = end_us
            self.recording.tick()
            await asyncio.sleep(0)
            if tick % 400 == 0:
                # The files' writers keep up: they take what waits ten times a second of real time.
                while self._writing.pace.waiting_bytes > 4 << 20:
                    await asyncio.sleep(0.02)
        await self.recording.close()
        self._pool.shutdown()
        return [record for record in self.records if record.state == "closed"]

    def _advance(self, person: Person, end_us: int) -> None:
        away = person.does("away", end_us)
        if away and person.streams:
            for stream in person.streams.values():
                self._tell(person, stream, "closed")
            person.streams.clear()
        elif not away and not person.streams:
            person.begin(end_us)
            for stream in person.streams.values():
                self._sources[stream.ssrc] = stream
                self._tell(person, stream, "open")
        for stream in person.streams.values():
            while (at_us := stream.next_us()) < end_us:
                self._emit(person, stream, at_us)
                stream.number += 1

    def _emit(self, person: Person, stream: Stream, at_us: int) -> None:
        cut = person.does("cut", at_us)
        # A camera comes back at a full second, with a key frame.
        quiet = person.does("muted" if stream.clip.kind == "audio" else "off", at_us)
        if not quiet:
            for packet in stream.packets(at_us):
                self.packets += 1
                if cut:
                    stream.sent.pop(parse_rtp(packet).sequence, None)
                elif self.luck.random() < LOSS:
                    self.lost += 1
                else:
                    self._send(stream.ssrc, packet, DELAY_US + round(self.luck.expovariate(1 / 5000)), at_us)
        every = FPS if stream.clip.kind == "video" else 250
        route = self._routes.get(stream.ssrc)
        if stream.number % every == 5 and not cut and route is not None:
            route.on_report(person.clock(at_us), stream.stamp(at_us))

    def _send(self, ssrc: int, packet: bytes, delay_us: int, at_us: int | None = None) -> None:
        arrives = (self.now_us if at_us is None else at_us) + delay_us
        heapq.heappush(self._arriving, (arrives, next(self._order), ssrc, packet))

    def _arrive(self, end_us: int) -> None:
        while self._arriving and self._arriving[0][0] < end_us:
            self.now_us, _, ssrc, packet = heapq.heappop(self._arriving)
            route = self._routes.get(ssrc)
            if route is not None:
                route.on_packet(parse_rtp(packet), T0 + self.now_us)

    def _tell(self, person: Person, stream: Stream, state: str) -> None:
        told = {
            "recording": "r",
            "meeting": "m",
            "relay": "relay",
            "participant": f"a_{person.name}",
            "peer": f"s_{person.name}_{person.session}",
            "kind": stream.clip.kind,
            "codec": stream.clip.codec,
            "clock_rate": stream.clip.clock_rate,
            "ssrc": stream.ssrc,
            "state": state,
        }
        self.recording.stream(StreamInfo.from_event(told))

    def _new_part(
        self, recording: Recording, info: StreamInfo, tracks: list[Track], started_us: int, parameters: bytes
    ) -> Part:
        name = f"p_{len(self.records):05}"
        record = PartRecord(
            part=name,
            recording="r",
            meeting="m",
            participant=info.participant,
            peer=info.peer,
            name=info.name,
            center=info.center,
            file=f"m/r/{name}{container_for(tracks)[1]}",
            tracks=[{"kind": track.kind, "codec": track.codec} for track in tracks],
            started_at=to_wire(datetime.fromtimestamp(started_us / SECOND, UTC)),
        )
        self.records.append(record)
        return Part(record, self.root, self._pool, parameters, _nobody, _done, self._writing)


def _nobody(record: PartRecord) -> None:
    pass


async def _done(record: PartRecord) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Heard:
    """What one file shows and plays, in seconds of it: flashes by stamps, tones by samples as browsers count."""

    flashes: tuple[float, ...]
    tones: tuple[float, ...]


def decode(path: Path) -> Heard:
    """Decode a whole file, in pieces. Raises av.FFmpegError if it does not decode."""
    flashes: list[float] = []
    tones: list[float] = []
    bright = loud = False
    with av.open(str(path)) as source:
        for picture in source.decode(video=0) if source.streams.video else ():
            was, bright = bright, float(np.frombuffer(bytes(picture.planes[0]), np.uint8)[::7].mean()) > 128
            if bright and not was:
                flashes.append(float(picture.time or 0.0))
    samples_so_far = 0
    with av.open(str(path)) as source:
        for sound in source.decode(audio=0) if source.streams.audio else ():
            planes = sound.to_ndarray()
            samples = planes[0][:: 1 if sound.format.is_planar else len(sound.layout.channels)]
            blocks = np.abs(samples[: len(samples) // 240 * 240]).reshape(-1, 240).mean(axis=1) > 0.05
            for number, now in enumerate(blocks):
                was, loud = loud, bool(now)
                at = (samples_so_far + number * 240) / 48_000
                if loud and not was and (not tones or at - tones[-1] > 0.5):
                    tones.append(at)
            samples_so_far += sound.samples
    return Heard(tuple(flashes), tuple(tones))


@dataclass
class Verdict:
    """What became of the flashes and tones. Offsets in seconds, tone less flash; `off_the_moment` flash less truth."""

    parts: int = 0
    undecodable: list[str] = field(default_factory=list)
    offsets: list[float] = field(default_factory=list)
    off_the_moment: list[float] = field(default_factory=list)
    seconds_looked_for: int = 0
    seconds_found: int = 0
    holes: int = 0
    stretches_told: int = 0
    stretches: int = 0


def judge(hour: Hour, records: Sequence[PartRecord]) -> Verdict:
    """Look at all files."""
    verdict = Verdict(parts=len(records))
    found: dict[int, set[int]] = {person.name: set() for person in hour.people}
    holes: dict[int, list[tuple[str, float, float]]] = {person.name: [] for person in hour.people}
    for record in records:
        name = int(record.participant.removeprefix("a_"))
        started_s = datetime.fromisoformat(record.started_at).timestamp() - T0 / SECOND
        verdict.holes += len(record.holes)
        holes[name] += [
            (h["kind"], started_s + h["from_ms"] / 1000, started_s + h["to_ms"] / 1000) for h in record.holes
        ]
        try:
            heard = decode(record.media_path(hour.root))
        except av.FFmpegError as trouble:
            verdict.undecodable.append(f"{record.part}: {trouble}")
            continue
        tones = np.array(heard.tones or [-1e9])
        for flash in heard.flashes:
            second = round(started_s + flash)
            verdict.off_the_moment.append(started_s + flash - second)
            offset = float(tones[np.abs(tones - flash).argmin()] - flash)
            if abs(offset) < 0.4:
                verdict.offsets.append(offset)
                found[name].add(second)
    for person in hour.people:
        whole = [second for second in range(MARGIN_S, hour.seconds - MARGIN_S) if person.is_whole(second)]
        verdict.seconds_looked_for += len(whole)
        verdict.seconds_found += len(found[person.name] & set(whole))
        for doing in person.doings:
            if doing.what in ("muted", "off") and doing.end_s - doing.start_s >= 8:
                verdict.stretches += 1
                kind = "audio" if doing.what == "muted" else "video"
                told = any(
                    k == kind and abs(a - doing.start_s) < 1.5 and abs(b - doing.end_s) < 1.5
                    for k, a, b in holes[person.name]
                )
                verdict.stretches_told += told
    return verdict


def row(hour: Hour, verdict: Verdict) -> dict[str, Any]:
    """The figures of a verdict."""
    offsets = np.abs(np.array(verdict.offsets or [np.inf]))
    moments = np.abs(np.array(verdict.off_the_moment or [np.inf]))
    return {
        "minutes": round(hour.seconds / 60, 1),
        "publishers": len(hour.people),
        "packets": hour.packets,
        "lost_on_the_way": hour.lost,
        "parts": verdict.parts,
        "parts_that_decode": verdict.parts - len(verdict.undecodable),
        "flash_to_tone_p95_ms": round(float(np.percentile(offsets, 95)) * 1000, 1),
        "flash_to_tone_worst_ms": round(float(offsets.max()) * 1000, 1),
        "off_the_true_moment_worst_ms": round(float(moments.max()) * 1000, 1),
        "seconds_with_both": verdict.seconds_found,
        "of_seconds": verdict.seconds_looked_for,
        "muted_and_dark_stretches_told": verdict.stretches_told,
        "of_stretches": verdict.stretches,
    }
