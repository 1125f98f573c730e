"""No number is sealed twice under one key, in whatever order a slot is played, thinned, repaired and let go.

AES-GCM breaks when two different packets are sealed under one number (RFC 7714 section 8.1); the very same bytes may be.
What counts is what was sealed, not what left: some of it is refused half-way, and some sends fail.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pylibsrtp
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from hub.media import native
from hub.media.egress.forwarding import ALL_TEMPORAL, PayloadTypes
from hub.media.egress.subscription import Subscription
from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.fleet import Fleet
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.reception import RESTART_JUMP
from hub.media.ingest.track import Codec
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.address import Address
from hub.media.transport.outlet import Outlet
from hub.media.transport.srtp import PROTECT, Profile, SealBuffer, SrtpSession
from tests.support.native_library import needs_compiler, present_library

TAG_BYTES = Profile.AEAD_AES_128_GCM.tag_bytes
REFUSED = 10
#: Slots from this one on are for sound.
SOUND = 6


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


class Broken(Exception):
    """A bug, met while sending."""


class Wire:
    """A Port; with `breaks` the next packets meet a bug."""

    def __init__(self) -> None:
        self.breaks = 0
        self.sent = 0

    def send(self, data: bytes | memoryview, address: Address) -> None:
        if self.breaks:
            self.breaks -= 1
            raise Broken
        self.sent += 1

    def send_run(self, run: memoryview, segment: int, address: Address) -> None:
        self.send(run, address)


class Witness(SrtpSession):
    """Seals nothing, and sees all that would be: whole packets, by SSRC and number. `refuse` counts down to a refusal.

    `once` are the SSRCs under which not even the same bytes may be sealed again.
    """

    def __init__(self) -> None:
        super().__init__(Profile.AEAD_AES_128_GCM, bytes(28), inbound=False)
        self.sealed: dict[tuple[bytes, bytes], bytes] = {}
        self.once: set[bytes] = set()
        self.twice: list[bytes] = []
        self.again = 0
        self.refuse = 0
        self.protect_call = self._from_python
        self._callback = native.ffi.callback(PROTECT.replace("(*)", ""), self._from_c)
        self.native_protect = self._callback

    def _from_python(self, handle: object, packet: Any, length: Any) -> int:
        return self._see(bytes(pylibsrtp.ffi.buffer(packet, length[0])), length)

    def _from_c(self, session: object, packet: Any, length: Any) -> int:
        return self._see(bytes(native.ffi.buffer(packet, length[0])), length)

    def _see(self, packet: bytes, length: Any) -> int:
        if self.refuse:
            self.refuse -= 1
            if not self.refuse:
                return REFUSED
        ssrc, number = packet[8:12], packet[2:4]
        before = self.sealed.setdefault((ssrc, number), packet)
        if before is not packet:
            self.again += 1
            if before != packet or ssrc in self.once:
                self.twice.append(packet[:40])
        length[0] += TAG_BYTES
        return 0


class Source:
    """A layer and what its publisher has sent of it."""

    def __init__(self, kind: str, compiled: bool, first: int) -> None:
        self.kind = kind
        self.compiled = compiled
        self.seq = first
        self.picture = 32_700
        self.timestamp = 0
        self.late: list[tuple[int, int, bool, bytes]] = []
        self.layer = self._begin()

    def _begin(self) -> Layer:
        codec = Codec("vp8", 90_000, 1, "") if self.kind == "video" else Codec("opus", 48_000, 2, "")
        publication = Publication(participant="a", peer="a", kind=self.kind, codec=codec)
        layer = Layer(publication, ssrc=1, describe=DESCRIBE[codec.name], ask_key_frame=lambda: None)
        layer.fleet = Fleet(native.native()) if self.compiled else None
        publication.add_layer(layer)
        return layer

    def end(self) -> None:
        """It ends, and another one begins in its place."""
        self.layer.close()
        self.late.clear()
        self.layer = self._begin()

    def send(self, chance: random.Random, now: float) -> None:
        """One picture, or one packet of sound, as a bad line brings it."""
        key, temporal = chance.random() < 0.3, chance.choice((0, 1, 1, 2))
        picture = []
        for number in range(chance.choice((1, 2, 5, 18)) if self.kind == "video" else 1):
            payload = chance.randbytes(20)
            if self.kind == "video":
                head = bytes([0x90 if number == 0 else 0x80, 0xE0])
                head += (0x8000 | self.picture & 0x7FFF).to_bytes(2, "big")
                head += bytes([self.picture & 0xFF, 0 if key else temporal << 6 | chance.choice((0, 0x20))])
                payload = head + bytes([0 if key else 1]) + payload
            if chance.random() < 0.05:
                payload = b""  # padding only
            elif chance.random() < 0.02:
                payload += bytes(1450)  # too long to be sealed, with what stands before it
            picture.append((self.seq, self.timestamp, False, payload))
            self.seq += 1
        self.picture += 1
        self.timestamp += 3000 if self.kind == "video" else 960
        if chance.random() < 0.2:
            chance.shuffle(picture)
        for packet in picture:
            if chance.random() < 0.1:
                self.late.append(packet)
            else:
                self.take(packet, now)
                if chance.random() < 0.05:
                    self.take(packet, now)

    def take(self, packet: tuple[int, int, bool, bytes], now: float) -> None:
        """One packet comes."""
        seq, timestamp, marker, payload = packet
        self.layer.receive(seq & 0xFFFF, timestamp & 0xFFFF_FFFF, marker, payload, now)


class Story:
    """Three pictures and two sounds, and slots of every kind, each with a key of its own."""

    def __init__(self, compiled: bool) -> None:
        self.wire = Wire()
        self.now = 100.0
        self.video = [Source("video", compiled, first) for first in (65_500, 300, 9_000)]
        self.audio = [Source("audio", compiled, first) for first in (10, 65_530)]
        self.witnesses: list[Witness] = []
        buffer = SealBuffer(128 * 1024)
        self.slots: list[Subscription] = []
        for index, (stamp, rtx) in enumerate(
            [
                (HeaderStamp("0", 4, 3), 77),  # Chromium
                (HeaderStamp("0", 4, 3), 77),
                (HeaderStamp("0", 4, None), None),  # repeats plainly
                (HeaderStamp("", None, None), None),  # the recorder
                (HeaderStamp("0", 4, None), 77),  # an RTX source, but payload types without RTX
                (HeaderStamp("0", 4, 3), None),  # payload types of RTX, but no source for it
                (HeaderStamp("1", 4, None), None),  # sound
                (HeaderStamp("1", 4, None), None),
            ]
        ):
            outlet = Outlet(self.wire, buffer, 1_000_000)
            witness = Witness()
            outlet.session = witness
            outlet.address = ("10.0.0.1", 1000 + index)
            first = 0 if index == 3 else 0x1_0000 + 65_500 * (index % 2)
            rate = 48_000 if index >= SOUND else 90_000
            slot = Subscription(outlet, stamp, rate, 50, rtx, first, keeps_numbers=index == 3)
            if index < 2:
                witness.once = {(50).to_bytes(4, "big"), (77).to_bytes(4, "big")}
            self.witnesses.append(witness)
            self.slots.append(slot)

    @staticmethod
    def types(slot: int, *, usual: bool) -> PayloadTypes:
        """How what plays in this slot is numbered; two codecs are told apart."""
        if slot >= SOUND:
            return PayloadTypes(111 if usual else 112, None, 63)
        return PayloadTypes(96 if usual else 100, (97 if usual else 101) if slot in (0, 1, 5) else None)

    def step(self, what: str, number: int) -> None:
        """One thing happens, the same for the same `number`."""
        chance = random.Random(number)
        index = chance.randrange(len(self.slots))
        slot, witness = self.slots[index], self.witnesses[index]
        sources = self.audio if index >= SOUND else self.video
        source = chance.choice(sources)
        types = self.types(index, usual=chance.random() < 0.9)
        newest = slot.lane.newest_out
        asked = [(newest - chance.randrange(60)) & 0xFFFF for _ in range(8)]
        self.now += chance.choice((0.005, 0.03, 0.3))
        happens: dict[str, Callable[[], object]] = {
            "send": lambda: self._send_all(chance),
            "late": lambda: self._late(source, chance),
            "play": lambda: slot.play(source.layer, types, self.now),
            "clear": slot.clear,
            "temporal": lambda: slot.take_temporal(chance.choice((0, 1, ALL_TEMPORAL))),
            "yield": slot.yield_line,
            "stop": slot.stop_sending,
            "redundant": lambda: setattr(slot, "redundant", not slot.redundant),
            "resend": lambda: slot.resend(asked, self.now),
            "probe": lambda: slot.probe([500, 500], self.now),
            "hold": source.layer.hold,
            "interrupt": source.layer.interrupt,
            "restart": lambda: setattr(source, "seq", source.seq + RESTART_JUMP + 5),
            "end": source.end,
            "moved": lambda: setattr(slot.outlet, "address", chance.choice((None, ("10.0.0.9", 9)))),
            "refuse": lambda: setattr(witness, "refuse", chance.randrange(1, 5)),
            "break": lambda: setattr(self.wire, "breaks", 1),
        }
        try:
            happens[what]()
        except Broken:
            pass  # the publisher, or the viewer, is ended for it; what is sealed is sealed

    def _send_all(self, chance: random.Random) -> None:
        sources = [*self.video, *self.audio]
        for source in sources:
            source.send(chance, self.now)
        if chance.random() < 0.9:
            for source in sources:
                source.layer.flush(self.now)

    def _late(self, source: Source, chance: random.Random) -> None:
        late, source.late = source.late, []
        for packet in chance.sample(late, len(late)):
            source.take(packet, self.now)
        source.layer.flush(self.now)


RARE = ("clear", "hold", "interrupt", "restart", "end", "moved", "stop", "yield") + ("refuse", "break") * 4
STEPS = st.sampled_from(
    ("send",) * 14 + ("play",) * 6 + ("late", "resend") * 4 + ("temporal", "redundant", "probe") * 3 + RARE
)


@needs_compiler
@pytest.mark.parametrize("compiled", [True, False])
def test_no_number_is_sealed_twice_under_one_key(compiled: bool) -> None:
    sealed = again = 0

    # Not shrunk: a story of 150 steps takes minutes to become a short one.
    @settings(max_examples=40, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(st.lists(st.tuples(STEPS, st.integers(0, 0xFFFF_FFFF)), min_size=150, max_size=250))
    def stories(steps: list[tuple[str, int]]) -> None:
        nonlocal sealed, again
        story = Story(compiled)
        for number, slot in enumerate(story.slots):
            source = (story.audio if number >= SOUND else story.video)[0]
            slot.play(source.layer, story.types(number, usual=True), story.now)
        for what, number in steps:
            story.step(what, number)
            assert [witness.twice for witness in story.witnesses if witness.twice] == []
        assert all(len(witness.sealed) < 0x8000 for witness in story.witnesses), "numbers have wrapped"
        sealed += sum(len(witness.sealed) for witness in story.witnesses)
        again += sum(witness.again for witness in story.witnesses)

    stories()
    assert sealed > 20_000
    assert again > 50, "nothing was repeated bit for bit"


def test_a_number_that_was_sealed_and_never_left_is_not_given_to_another_layer() -> None:
    story = Story(compiled=False)
    slot, witness = story.slots[3], story.witnesses[3]
    key = bytes.fromhex("90e08001004000") + bytes(20)
    for source in story.video[:2]:
        source.seq = 10
        slot.play(source.layer, story.types(3, usual=True), story.now)
        source.take((10, 0, True, key + bytes([len(witness.sealed)])), story.now)
        story.wire.breaks = 1
        source.layer.flush(story.now)
    assert sorted(int.from_bytes(number, "big") for _, number in witness.sealed) == [10, 11]
    assert witness.twice == []
