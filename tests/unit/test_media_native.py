"""The compiled fan-out and the one in Python: the same bytes for the same packets, whatever happens in between."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import socket
import struct
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.media import native
from hub.media.egress.forwarding import ALL_TEMPORAL, PayloadTypes
from hub.media.egress.subscription import Subscription
from hub.media.estimate.bandwidth import Estimator
from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.fleet import Fleet
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import Codec
from hub.media.row import batch
from hub.media.row.packet_cache import Packet
from hub.media.row.stamp import HeaderStamp
from hub.media.transport.address import Address, packed_address
from hub.media.transport.outlet import Outlet
from hub.media.transport.sealer import outbound
from hub.media.transport.socket import UdpPort
from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession
from tests.support.native_library import needs_compiler, present_library, run_sanitized


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


def test_what_packs_the_structures_agrees_with_the_header() -> None:
    assert batch._ENTRY.size == native.ffi.sizeof("struct hub_entry")
    assert batch._RUN.size == native.ffi.sizeof("struct hub_run")


# --- the same bytes -------------------------------------------------------------------------------------------


class Wire:
    """A Port that keeps what was sent to each address, datagram by datagram."""

    def __init__(self) -> None:
        self.sent: dict[Address, list[bytes]] = {}

    def send(self, data: bytes | memoryview, address: Address) -> None:
        self.sent.setdefault(address, []).append(bytes(data))

    def send_run(self, run: memoryview, segment: int, address: Address) -> None:
        for start in range(0, len(run), segment):
            self.send(run[start : start + segment], address)


class Line(Estimator):
    """Keeps what it was told."""

    __slots__ = ("told",)

    def __init__(self) -> None:
        super().__init__(0.0)
        self.told: list[tuple[int, tuple[int, ...], float]] = []

    def sent(self, first_number: int, sizes: object, now: float) -> None:
        assert isinstance(sizes, tuple)
        self.told.append((first_number, sizes, now))
        super().sent(first_number, sizes, now)


PROFILES = (Profile.AEAD_AES_128_GCM, Profile.AES_CM_128_HMAC_SHA1_80)


class Node:
    """Two cameras and a microphone, and viewers of which each is a little different."""

    def __init__(self, viewers: int, *, compiled: bool) -> None:
        self.wire = Wire()
        buffer = SealBuffer(128 * 1024)
        self.layers = [self._layer("a", "video"), self._layer("b", "video"), self._layer("a", "audio")]
        for layer in self.layers:
            layer.fleet = Fleet(native.native()) if compiled else None
        self.lines: list[Line] = []
        self.slots: list[tuple[Subscription, Subscription]] = []
        for index in range(viewers):
            profile = PROFILES[index % 5 == 4]
            key = hashlib.sha512(b"%d" % index).digest()[: profile.key_bytes + profile.salt_bytes]
            outlet = Outlet(self.wire, buffer)
            # What a viewer is really served with, against libsrtp.
            outlet.session = outbound(profile, key) if compiled else SrtpSession(profile, key, inbound=False)
            outlet.address = ("10.0.0.1", 1000 + index) if index % 3 else ("fd00::1", 1000 + index, 0, 0)
            line = Line()
            self.lines.append(line)
            numbered = index % 4 != 3
            outlet.estimator = line if numbered else None
            stamps = [
                HeaderStamp(mid, 4, 3 if numbered else None) for mid in ("0", "1" if index % 2 else "22")
            ]
            self.slots.append(
                (
                    Subscription(outlet, stamps[0], 90_000, 50 + index, 5000 + index, 0x1_FFF0 + index),
                    Subscription(outlet, stamps[1], 48_000, 90 + index, None, 0x1_0000 + index),
                )
            )

    @staticmethod
    def _layer(participant: str, kind: str) -> Layer:
        codec = Codec("vp8" if kind == "video" else "opus", 90_000 if kind == "video" else 48_000, 1, "")
        publication = Publication(participant=participant, peer=participant, kind=kind, codec=codec)
        return Layer(publication, ssrc=1, describe=DESCRIBE[codec.name], ask_key_frame=lambda: None)

    def outcome(self) -> dict[str, object]:
        """All that may not depend on how it was sent."""
        return {
            "sent": self.wire.sent,
            "told": [line.told for line in self.lines],
            "slots": [
                (
                    slot.packets,
                    slot.octets,
                    slot.last_at,
                    slot.lane.newest_out,
                    slot.thinned,
                    slot.max_temporal,
                )
                for pair in self.slots
                for slot in pair
            ],
            "outlets": [
                (slot.outlet.packets_sent, slot.outlet.bytes_sent, slot.outlet.transport_seq)
                for slot, _ in self.slots
            ],
            "counters": [Counter(slot.outlet.counters) for slot, _ in self.slots],
        }


def vp8(picture: int, rng: random.Random, *, key: bool, first: bool, temporal: int, size: int) -> bytes:
    """A VP8 payload with picture id (7 or 15 bits), TL0PICIDX and TID."""
    long = picture % 3000 < 2900
    number = (0x8000 | picture & 0x7FFF).to_bytes(2, "big") if long else bytes([picture & 0x7F])
    head = bytes([0x90 if first else 0x80, 0xE0]) + number
    head += bytes([picture // 2 & 0xFF, temporal << 6 | 0x20])
    return head + bytes([0 if key else 1]) + rng.randbytes(size)


def play(node: Node, seed: int, steps: int) -> None:
    """A life of the node, the same for the same seed."""
    rng = random.Random(seed)
    seqs, pictures = [65_500, 300, 10], [32_700, 2_890, 0]
    now = 100.0
    for slot, sound in node.slots:
        slot.play(node.layers[0], PayloadTypes(96, 97), now)
        sound.play(node.layers[2], PayloadTypes(111, None, 63), now)
    for step in range(steps):
        now += rng.choice((0.005, 0.033))
        for index, layer in enumerate(node.layers):
            if index == 2:
                frame = [(seqs[2], 960 * step, True, rng.randbytes(rng.choice((0, 40, 80, 120))))]
                seqs[2] += 1
            else:
                key = step == 0 or rng.random() < 0.3
                temporal = 0 if key else rng.choice((0, 1))
                frame = []
                for number in range(rng.choice((1, 3, 6, 20))):
                    size = 1200 if rng.random() < 0.7 else rng.randrange(1, 1200)
                    first = number == 0
                    payload = vp8(pictures[index], rng, key=key, first=first, temporal=temporal, size=size)
                    frame.append((seqs[index], 3000 * step, False, payload))
                    seqs[index] += 1
                pictures[index] += 1
                if rng.random() < 0.1:
                    rng.shuffle(frame)
                if rng.random() < 0.1:
                    frame.append((seqs[index], 3000 * step, False, b""))  # padding only
                    seqs[index] += 1
            late = [one for one in frame if rng.random() < 0.03]
            for seq, timestamp, marker, payload in frame:
                if (seq, timestamp, marker, payload) not in late:
                    layer.receive(seq & 0xFFFF, timestamp & 0xFFFF_FFFF, marker, payload, now)
            layer.flush(now)
            for seq, timestamp, marker, payload in late:
                layer.receive(seq & 0xFFFF, timestamp & 0xFFFF_FFFF, marker, payload, now, repaired=True)
            layer.flush(now)
        for action in _actions(node, rng, now):
            action()


def _actions(node: Node, rng: random.Random, now: float) -> list[Callable[[], object]]:
    """What may befall one viewer between two frames."""
    slot, sound = rng.choice(node.slots)
    wanted = rng.choice(node.layers[:2])
    asked = [(slot.lane.newest_out - rng.randrange(20)) & 0xFFFF for _ in range(3)]
    happens: dict[str, Callable[[], object]] = {
        "nothing": lambda: None,
        "switch": lambda: slot.play(wanted, PayloadTypes(96, 97), now),
        "clear": slot.clear,
        "thin": lambda: slot.take_temporal(0),
        "whole": lambda: slot.take_temporal(ALL_TEMPORAL),
        "red": lambda: setattr(sound, "redundant", not sound.redundant),
        "nack": lambda: slot.resend(asked, now),
        "probe": lambda: slot.probe([1000, 1000], now),
        "restart": lambda: wanted.hold(),
        "moved": lambda: setattr(slot.outlet, "address", ("10.0.0.9", slot.ssrc)),
    }
    return [happens[name] for name in rng.sample(sorted(happens), 2)]


@needs_compiler
@pytest.mark.parametrize("seed", range(8))
def test_both_send_the_same_bytes_whatever_happens_to_the_viewers(seed: int) -> None:
    outcomes = []
    for compiled in (True, False):
        node = Node(viewers=11, compiled=compiled)
        play(node, seed, steps=60)
        assert sum(len(datagrams) for datagrams in node.wire.sent.values()) > 2000
        outcomes.append(node.outcome())
    for what in outcomes[0]:
        assert outcomes[0][what] == outcomes[1][what], what


@needs_compiler
def test_plain_viewers_are_all_served_by_the_compiled_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    node = Node(viewers=7, compiled=True)
    for slot, _ in node.slots:
        slot.play(node.layers[0], PayloadTypes(96, 97), 1.0)
    singly: list[Packet] = []
    monkeypatch.setattr(Subscription, "forward", lambda self, batch, now: singly.extend(batch.packets))
    for seq in range(5):
        payload = vp8(seq, random.Random(1), key=seq == 0, first=True, temporal=0, size=500)
        node.layers[0].receive(seq, seq * 3000, True, payload, 1.0 + seq)
        node.layers[0].flush(1.0 + seq)
    assert not singly
    assert [slot.packets for slot, _ in node.slots] == [5] * 7


@needs_compiler
def test_a_refusal_of_libsrtp_is_counted_and_nothing_of_it_leaves() -> None:
    node = Node(viewers=3, compiled=True)
    layer = node.layers[0]
    for slot, _ in node.slots:
        slot.play(layer, PayloadTypes(96, 97), 1.0)
    key = vp8(0, random.Random(1), key=True, first=True, temporal=0, size=100)
    layer.receive(0, 0, True, key, 1.0)
    layer.flush(1.0)
    unlucky = node.slots[1][0]
    unlucky.lane.native.seq_delta -= 20_000  # numbers far behind those that were sealed before
    layer.receive(1, 0, True, key, 1.1)
    layer.flush(1.1)
    assert unlucky.outlet.counters == {"out_srtp_refused": 1}
    assert [len(sent) for sent in node.wire.sent.values()] == [2, 1, 2]


# --- real sockets ---------------------------------------------------------------------------------------------


class Viewer:
    """A real socket on loopback and the subscription that sends to it."""

    def __init__(self, port: UdpPort, buffer: SealBuffer, index: int, family: socket.AddressFamily) -> None:
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        outlet = Outlet(port, buffer)
        outlet.session = SrtpSession(Profile.AEAD_AES_128_GCM, bytes([index]) * 28, inbound=False)
        outlet.address = self.socket.getsockname()
        self.slot = Subscription(outlet, HeaderStamp("0", 4, 3), 90_000, 7, None, 100)

    def got(self) -> list[bytes]:
        """All datagrams that wait here."""
        datagrams = []
        try:
            while True:
                datagrams.append(self.socket.recv(2048))
        except BlockingIOError:
            return datagrams


def _send(layer: Layer, packets: int) -> None:
    for seq in range(packets):
        payload = vp8(0, random.Random(seq), key=True, first=seq == 0, temporal=0, size=600)
        layer.receive(seq, 0, seq == packets - 1, payload, 1.0)
    layer.flush(1.0)


@needs_compiler
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_runs_arrive_at_real_sockets_as_python_would_have_sent_them(host: str) -> None:
    received = []
    for compiled in (True, False):
        port, buffer = UdpPort(host, 0), SealBuffer(128 * 1024)
        viewers = [Viewer(port, buffer, index, port.family) for index in range(3)]
        layer = Node._layer("a", "video")
        layer.fleet = Fleet(native.native()) if compiled else None
        for viewer in viewers:
            viewer.slot.play(layer, PayloadTypes(96, None), 1.0)
        _send(layer, 20)
        received.append([viewer.got() for viewer in viewers])
        assert port.counters["sent"] == 60
        assert port.counters["runs"] == 6  # 16 packets are a batch
        for viewer in viewers:
            viewer.socket.close()
        port.close()
    assert received[0] == received[1]
    assert all(len(datagrams) == 20 for datagrams in received[0])


@needs_compiler
async def test_what_the_kernel_has_no_room_for_waits_and_is_not_overtaken() -> None:
    port, buffer = UdpPort("127.0.0.1", 0), SealBuffer(128 * 1024)
    port.start(asyncio.get_running_loop())
    viewers = [Viewer(port, buffer, index, port.family) for index in range(3)]
    layer = Node._layer("a", "video")
    layer.fleet = Fleet(native.native())
    for viewer in viewers:
        viewer.slot.play(layer, PayloadTypes(96, None), 1.0)
    first = viewers[0].slot.outlet.address
    assert first is not None
    port._wait(b"full", 0, first)  # as if the send buffer had been full a moment ago
    assert port.descriptor == -1
    _send(layer, 6)
    assert not viewers[1].got()
    port._flush()
    assert [len(viewer.got()) for viewer in viewers] == [7, 6, 6]
    assert port.descriptor >= 0
    for viewer in viewers:
        viewer.socket.close()
    port.close()


@needs_compiler
def test_without_segmentation_offload_packets_leave_one_by_one() -> None:
    port, buffer = UdpPort("127.0.0.1", 0), SealBuffer(128 * 1024)
    port._gso = False
    viewers = [Viewer(port, buffer, index, port.family) for index in range(3)]
    layer = Node._layer("a", "video")
    layer.fleet = Fleet(native.native())
    for viewer in viewers:
        viewer.slot.play(layer, PayloadTypes(96, None), 1.0)
    _send(layer, 6)
    assert [len(viewer.got()) for viewer in viewers] == [6, 6, 6]
    for viewer in viewers:
        viewer.socket.close()
    port.close()


def test_addresses_are_packed_as_the_kernel_takes_them() -> None:
    family = struct.pack("=H", socket.AF_INET)
    assert packed_address(("192.0.2.1", 258)) == family + b"\x01\x02\xc0\x00\x02\x01" + bytes(8)
    six = packed_address(("fe80::1%7", 258, 0, 7))
    assert six[2:4] == b"\x01\x02"
    assert six[8:24] == socket.inet_pton(socket.AF_INET6, "fe80::1")
    assert six[24:] == struct.pack("=I", 7)
    assert packed_address(("a name", 1)) == b""


# --- the library ----------------------------------------------------------------------------------------------


@needs_compiler
def test_what_is_needed_next_is_fetched_ahead() -> None:
    """A compiler may leave fetching out, as it changes no result: GCC did."""
    listed = subprocess.run(
        ["objdump", "--disassemble=hub_fan_out", str(native.LIBRARY)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(re.findall(r"\bprefetch|\bprfm\b", listed.stdout)) >= 8


@needs_compiler
def test_the_compiled_loop_stays_within_its_memory(tmp_path: Path) -> None:
    """Random rows and lanes under the address and undefined-behaviour sanitizers."""
    assert "rows" in run_sanitized(tmp_path, "fan_out_check.c", "feedback.c", "fan_out.c")
