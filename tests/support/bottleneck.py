"""One viewer behind a bottleneck in virtual time: queue, cap, delay, jitter, loss; a browser that tells what arrived.

The sender is a source with simulcast layers that the allocator chooses from; frames vary, key frames are large, and a
frame leaves in portions as fast as the publisher's own pacer let them come.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hub.media.egress.allocation import Allocator, Choice, SlotOffer
from hub.media.estimate.bandwidth import Estimator
from hub.media.ingest.offer import LayerOffer, Offer
from hub.wire.rtcp import TransportFeedback, feedback_from_arrivals
from hub.wire.rtcp_build import serialise

#: Rates of the three layers used all over the tests, bit/s.
LAYERS = (150_000, 500_000, 1_500_000)
SOUND_BPS = 40_000


@dataclass(slots=True)
class Bottleneck:
    """A line. `queue_bytes` before the tail is dropped; a policer has none and drops what is over the cap."""

    cap_bps: float = 100e6
    delay_s: float = 0.02
    loss: float = 0.0
    jitter_s: float = 0.0
    queue_bytes: float = 40_000
    policer: bool = False
    bucket_bytes: float = 20_000
    free_at: float = 0.0
    tokens: float = 0.0
    tokens_at: float = 0.0
    last_arrival: float = 0.0

    def carry(self, size: int, now: float, chance: random.Random) -> float | None:
        """When a packet given to the line now arrives; None if it never does."""
        if self.policer:
            self.tokens = min(self.bucket_bytes, self.tokens + (now - self.tokens_at) * self.cap_bps / 8)
            self.tokens_at = now
            if self.tokens < size:
                return None
            self.tokens -= size
            out = now
        else:
            begin = max(now, self.free_at)
            if (begin - now) * self.cap_bps / 8 > self.queue_bytes:
                return None
            out = self.free_at = begin + size * 8 / self.cap_bps
        if chance.random() < self.loss:
            return None
        # Jitter delays, it does not reorder: as a radio link does it.
        self.last_arrival = max(self.last_arrival, out + self.delay_s + chance.random() * self.jitter_s)
        return self.last_arrival


@dataclass(slots=True)
class Second:
    """What happened in one second of a run."""

    at: int
    sent_bps: float
    padding_bps: float
    arrived_bps: float
    estimate_bps: int
    loss: float
    layer: int | None
    queue_s: float


@dataclass
class Line:
    """A viewer, its line, its estimator, allocator and the source that plays."""

    down: Bottleneck
    layers: Sequence[int] = LAYERS
    seed: int = 1
    start_bps: int = 1_000_000
    fps: int = 30
    feedback_every_s: float = 0.055
    feedback_loss: float = 0.0
    #: None: the allocator decides; else the layer that always plays.
    fixed: int | None = None
    wanted_bps: int | None = None
    padding_possible: bool = True
    silent: bool = False
    first_number: int = 65_000
    #: What the receiver's clock shows at the beginning, µs: shortly before its 24 bits of 64 ms wrap.
    clock_us: int = ((1 << 24) - 150) * 64_000
    key_frame_every_s: float = 10.0
    switches: list[tuple[float, int | None]] = field(default_factory=list)
    seconds: list[Second] = field(default_factory=list)
    sound_sent: int = 0
    sound_lost: int = 0

    def __post_init__(self) -> None:
        self.now = 100.0
        self.chance = random.Random(self.seed)
        self.estimator = Estimator(self.now, self.start_bps)
        self.allocator = Allocator()
        self.number = self.first_number
        self.layer: int | None = None if self.fixed is None else self.fixed
        self._order = itertools.count()
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._arrivals: list[tuple[int, int]] = []
        self._told = 0
        self._extended = self.first_number
        self._messages = 0
        self._sent = self._padding = self._arrived = self._count = self._lost = 0
        self._key_due = self.now
        self._at(self.now, self._frame)
        self._at(self.now + 0.003, self._sound)
        self._at(self.now + self.feedback_every_s, self._tell)
        self._at(self.now + 0.01, self._tick)
        self._at(self.now + 1.0, self._second)

    @property
    def packets_sent(self) -> int:
        """Since the beginning."""
        return self._extended - self.first_number

    def run(self, seconds: float) -> None:
        """Let virtual time pass."""
        end = self.now + seconds
        while self._events and self._events[0][0] <= end:
            self.now, _, action = heapq.heappop(self._events)
            action()
        self.now = end

    def _at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._events, (when, next(self._order), action))

    def _send(self, sizes: tuple[int, ...], sound: bool = False) -> None:
        first = self._extended
        for offset, size in enumerate(sizes):
            self._sent += size
            self._count += 1
            when = self.down.carry(size, self.now, self.chance)
            if sound:
                self.sound_sent += 1
                self.sound_lost += when is None
            if when is None:
                self._lost += 1
                continue
            self._at(when, self._arrival(first + offset, size))
        self._extended += len(sizes)
        self.estimator.sent(first & 0xFFFF, sizes, self.now)

    def _arrival(self, number: int, size: int) -> Callable[[], None]:
        def arrive() -> None:
            self._arrived += size
            clock = self.clock_us + round((self.now - 100.0) * 1e6)
            self._arrivals.append((number, clock))

        return arrive

    def _frame(self) -> None:
        self._at(self.now + 1 / self.fps, self._frame)
        if self.layer is None:
            return
        mean = self.layers[self.layer] / 8 / self.fps
        octets = mean * self.chance.uniform(0.6, 1.3)
        if self.now >= self._key_due:
            self._key_due = self.now + self.key_frame_every_s
            octets = mean * 5
        # The publisher's pacer lets it come at 2.5 times its rate; a drain takes what came in about 8 ms.
        portion = max(1, round(self.layers[self.layer] * 2.5 / 8 * 0.008 / 1100))
        packets = max(1, -(-int(octets) // 1100))
        at = self.now
        while packets > 0:
            take = min(portion, packets)
            size = int(octets / max(1, -(-int(octets) // 1100))) + 40
            self._at(at, lambda sizes=(size,) * take: self._send(sizes))  # type: ignore[misc]
            packets -= take
            at += 0.008

    def _sound(self) -> None:
        self._at(self.now + 0.02, self._sound)
        self._send((SOUND_BPS // 8 // 50,), sound=True)

    def _tick(self) -> None:
        self._at(self.now + 0.2, self._tick)
        self._serve()

    def _serve(self) -> None:
        """What the owner of an estimator does at each tick and after feedback."""
        estimator, now = self.estimator, self.now
        if self.fixed is None:
            budget = estimator.media_bps - SOUND_BPS
            if self.allocator.due(budget, now):
                layers = [LayerOffer((rate,), 320 << i, 180 << i) for i, rate in enumerate(self.layers)]
                slots = [SlotOffer(Offer("a", layers), 1280, 720, main=True)]
                self._switch(self.allocator.allocate(budget, slots, now)[0])
        wanted = self.wanted_bps
        if wanted is None:
            wanted = self.allocator.wanted_bps + SOUND_BPS if self.fixed is None else 0
        for size in estimator.probe(now, wanted):
            if self.padding_possible:
                self._padding += size + 40
                self._send((size + 40,))

    def _switch(self, choice: Choice) -> None:
        if self.switches and self.switches[-1][1] == choice.layer:
            return
        self.switches.append((self.now - 100.0, choice.layer))

        def begin() -> None:
            self.layer = choice.layer
            self._key_due = self.now

        # A layer begins with its next key frame; having none at once.
        self._at(self.now + (0.15 if choice.layer is not None else 0.0), begin)

    def _tell(self) -> None:
        self._at(self.now + self.feedback_every_s, self._tell)
        if self.silent:
            self._arrivals.clear()
            return
        arrivals = sorted(set(self._arrivals))
        self._arrivals.clear()
        arrivals = [one for one in arrivals if one[0] >= self._told]
        if not arrivals:
            return
        messages = feedback_from_arrivals(1, 2, self._messages & 0xFF, arrivals)
        if self._told and arrivals[0][0] > self._told:
            # What was lost since the last message is told in this one, as browsers do.
            first = messages[0]
            gap = arrivals[0][0] - self._told
            messages[0] = TransportFeedback(
                1, 2, self._told & 0xFFFF, first.reference_time, first.count, (None,) * gap + first.deltas
            )
        self._told = arrivals[-1][0] + 1
        self._messages += len(messages)
        for message in messages:
            if self.chance.random() >= self.feedback_loss:
                data = serialise([message])
                self._at(self.now + self.down.delay_s, lambda data=data: self._hear(data))  # type: ignore[misc]

    def _hear(self, data: bytes) -> None:
        self.estimator.feedback(data, self.now)
        self._serve()

    def _second(self) -> None:
        self._at(self.now + 1.0, self._second)
        self.seconds.append(
            Second(
                round(self.now - 100.0),
                self._sent * 8,
                self._padding * 8,
                self._arrived * 8,
                self.estimator.bitrate_bps,
                self._lost / max(1, self._count),
                self.layer,
                max(0.0, self.down.free_at - self.now),
            )
        )
        self._sent = self._padding = self._arrived = self._count = self._lost = 0
