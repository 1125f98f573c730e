"""The compiled way in: who is where, what is opened and what is left to Python, and when it came."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import struct
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hub.media import native
from hub.media.transport import intake as intake_module
from hub.media.transport.address import Address, packed_address, unpacked_address
from hub.media.transport.intake import RTCP, RTP, Intake, Known
from hub.media.transport.socket import MAX_DATAGRAM_BYTES, UdpPort
from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession
from hub.wire.rtcp import Pli
from hub.wire.rtcp_build import serialise
from hub.wire.rtp import build_packet
from tests.support.native_library import needs_compiler, present_library, run_sanitized
from tests.support.waiting import eventually

KEY = bytes(range(28))
PROFILE = Profile.AEAD_AES_128_GCM
SSRC, TYPE = 0x1234, 96

pytestmark = needs_compiler


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


def made() -> Intake:
    found = intake_module.intake()
    assert found is not None
    return found


@dataclass
class Way:
    """A port with an intake, a peer's socket, and what came in."""

    port: UdpPort
    intake: Intake
    peer: socket.socket
    raw: list[bytes] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    opened: list[tuple[int, int, bytes, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seal = SealBuffer(2048)
        self.session = SrtpSession(PROFILE, KEY, inbound=False)
        self.inbound = SrtpSession(PROFILE, KEY, inbound=True)

    @property
    def address(self) -> Address:
        return tuple(self.peer.getsockname())

    def sealed_rtp(self, sequence: int, payload: bytes = b"picture", *, ssrc: int = SSRC) -> bytes:
        packet = build_packet(TYPE, sequence, 90_000, ssrc, payload)
        self.seal.view[: len(packet)] = packet
        return bytes(self.seal.view[: self.session.protect_rtp(self.seal, 0, len(packet))])

    def sealed_rtcp(self, sender: int = SSRC) -> bytes:
        compound = serialise([Pli(sender, 1)])
        self.seal.view[: len(compound)] = compound
        return bytes(self.seal.view[: self.session.protect_rtcp(self.seal, 0, len(compound))])

    def known(self) -> Known:
        """The peer's address and keys are known, and its one source of each kind."""
        known = self.intake.add()
        known.open(self.inbound)
        known.media(SSRC, TYPE)
        known.control(SSRC)
        self.intake.put(self.address, known)
        return known

    async def came(self, count: int) -> None:
        await eventually(lambda: len(self.raw) + len(self.opened) >= count, why="not all has been read")


@pytest.fixture(params=["127.0.0.1", "::1"])
async def way(request: pytest.FixtureRequest) -> AsyncIterator[Way]:
    host: str = request.param
    port, intake = UdpPort(host, 0), made()
    with socket.socket(port.family, socket.SOCK_DGRAM) as peer:
        peer.bind((host, 0))
        peer.connect((host, port.port))
        way = Way(port, intake, peer)

        def raw(length: int, address: Address, waited_s: float) -> None:
            assert address == way.address
            way.raw.append(bytes(port.inbox.view[:length]))
            way.waits.append(waited_s)

        def opened(number: int, kind: int, packet: memoryview, refused: int, waited_s: float) -> None:
            way.opened.append((number, kind, bytes(packet), refused))
            way.waits.append(waited_s)

        port.on_datagram = raw
        port.intake = intake
        intake.on_raw, intake.on_opened = port.receive_raw, opened
        port.start(asyncio.get_running_loop())
        yield way
        port.close()


def test_what_unpacks_the_structures_agrees_with_the_header() -> None:
    assert intake_module._DATAGRAM.size == native.ffi.sizeof("struct hub_datagram")
    library = native.native().library
    assert intake_module._DATAGRAMS == library.HUB_DATAGRAMS
    assert intake_module._ROOM == library.HUB_DATAGRAM_ROOM
    assert intake_module._KNOWN == library.HUB_KNOWN
    assert library.HUB_DATAGRAM_BYTES == MAX_DATAGRAM_BYTES
    assert (library.HUB_RTP, library.HUB_RTCP) == (RTP, RTCP)


@pytest.mark.parametrize("address", [("192.0.2.7", 5004), ("2001:db8::7", 65535, 0, 0), ("fe80::1", 9, 0, 3)])
def test_an_address_is_the_same_after_the_kernel_has_told_it(address: Address) -> None:
    assert unpacked_address(packed_address(address)) == address


# --- what is opened -------------------------------------------------------------------------------------------


async def test_packets_of_known_sources_come_in_opened_and_all_else_as_it_was_sent(way: Way) -> None:
    known = way.known()
    number = known.sender.number
    other_source = way.sealed_rtp(7, ssrc=SSRC + 1)
    other_sender = way.sealed_rtcp(SSRC + 1)
    left = [b"\x00\x01" + bytes(18), b"\x16\xfe" + bytes(40), b"\x80", b"", other_source, other_sender]
    for datagram in (way.sealed_rtp(5), *left, way.sealed_rtcp()):
        way.peer.send(datagram)
    await way.came(2 + len(left))
    # Who joins comes by a socket of its own: the order within each is kept.
    joining = [each for each in way.raw if each and each[0] < 64]
    assert joining == left[:2]
    assert [each for each in way.raw if each not in joining] == left[2:]
    plain = build_packet(TYPE, 5, 90_000, SSRC, b"picture")
    assert way.opened == [(number, RTP, plain, 0), (number, RTCP, serialise([Pli(SSRC, 1)]), 0)]


async def test_another_payload_type_of_a_known_source_is_left_to_python(way: Way) -> None:
    way.known()
    packet = build_packet(TYPE + 1, 5, 90_000, SSRC, b"other")
    way.seal.view[: len(packet)] = packet
    sealed = bytes(way.seal.view[: way.session.protect_rtp(way.seal, 0, len(packet))])
    way.peer.send(sealed)
    await way.came(1)
    assert way.raw == [sealed]


async def test_what_is_forged_or_sent_again_is_refused_with_libsrtps_reason(way: Way) -> None:
    way.known()
    good = way.sealed_rtp(5)
    forged = bytearray(way.sealed_rtp(6))
    forged[-1] ^= 1
    forged_rtcp = bytearray(way.sealed_rtcp())
    forged_rtcp[-6] ^= 1
    for datagram in (good, bytes(forged), good, bytes(forged_rtcp)):
        way.peer.send(datagram)
    await way.came(4)
    assert [(kind, refused) for _, kind, _, refused in way.opened] == [
        (RTP, 0),
        (RTP, 7),  # srtp_auth_failed
        (RTP, 9),  # srtp_replayed
        (RTCP, 7),
    ]


async def test_nothing_is_opened_for_a_peer_that_is_gone_or_at_an_address_it_has_left(way: Way) -> None:
    known = way.known()
    sealed = [way.sealed_rtp(number) for number in range(4)]
    way.peer.send(sealed[0])
    await way.came(1)
    known.close()
    way.peer.send(sealed[1])
    await way.came(2)
    known.open(way.inbound)
    way.intake.drop(way.address)
    way.peer.send(sealed[2])
    await way.came(3)
    way.intake.put(way.address, known)
    way.peer.send(sealed[3])
    await way.came(4)
    assert way.raw == sealed[1:3]
    assert len(way.opened) == 2


async def test_too_long_a_datagram_is_dropped_and_those_behind_it_come(way: Way) -> None:
    way.known()
    for size in (MAX_DATAGRAM_BYTES + 1, 1900, 4000):
        way.peer.send(b"\x90\x60" + bytes(size - 2))
    way.peer.send(way.sealed_rtp(5))
    await way.came(1)
    assert way.port.counters["dropped_oversize"] == 3
    assert len(way.opened) == 1
    assert not way.raw


async def test_a_burst_longer_than_one_call_takes_comes_whole_and_in_order(way: Way) -> None:
    way.known()
    for number in range(100):
        way.peer.send(way.sealed_rtp(number, number.to_bytes(2, "big") * 50))
    await way.came(100)
    numbers = [struct.unpack_from("!H", packet, 2)[0] for _, _, packet, _ in way.opened]
    assert numbers == list(range(100))


async def test_only_so_many_sources_are_remembered_and_the_rest_is_python_s(way: Way) -> None:
    known = way.known()
    for more in range(40):
        known.media(SSRC + more, TYPE)
        known.control(SSRC + more)
    library = native.native().library
    assert known.sender.media_count == known.sender.control_count == library.HUB_KNOWN
    beyond = way.sealed_rtp(1, ssrc=SSRC + 30)
    way.peer.send(beyond)
    await way.came(1)
    assert way.raw == [beyond]


# --- when it came ---------------------------------------------------------------------------------------------


async def stamping(way: Way) -> None:
    """Until the kernel stamps what comes: it begins a moment after it was asked to."""
    for count in range(1, 200):
        way.peer.send(b"\x80")
        time.sleep(0.005)
        await way.came(count)
        if way.waits[-1] >= 0.005:
            way.raw.clear()
            way.waits.clear()
            return
    raise AssertionError("the kernel never stamped anything")


async def test_how_long_a_datagram_lay_in_the_kernel_is_told(way: Way) -> None:
    way.known()
    await stamping(way)
    way.peer.send(b"\x80first")
    way.peer.send(way.sealed_rtp(1))
    time.sleep(0.05)
    way.peer.send(way.sealed_rtp(2))
    await way.came(3)
    first, second, third = way.waits
    assert 0.05 <= second <= first < 1.0
    assert third <= second - 0.05


# --- who is where ---------------------------------------------------------------------------------------------


def test_addresses_are_found_as_in_a_dictionary_whatever_comes_and_goes() -> None:
    """By the table itself: thousands of turns on few and on many addresses, compared with a dict all along."""
    library, ffi = native.native().library, native.ffi
    rng = random.Random(4)
    for few in (40, 6000):
        places = ffi.new("struct hub_places *")
        places.seed = int.from_bytes(os.urandom(8), "little")
        senders = [ffi.new("struct hub_sender *") for _ in range(8)]
        addresses = [packed_address((f"10.{n >> 8}.{n & 255}.1", 1000 + n)) for n in range(few)]
        mirror: dict[bytes, object] = {}
        for _ in range(20_000):
            address = rng.choice(addresses)
            if rng.random() < 0.5:
                sender = rng.choice(senders)
                assert library.hub_put(places, address, len(address), sender) == 1
                mirror[address] = sender
            else:
                library.hub_drop(places, address, len(address))
                mirror.pop(address, None)
        assert places.used == len(mirror)
        found = {
            bytes(ffi.buffer(place.address))[: place.bytes]: place.sender
            for place in places.place
            if place.bytes
        }
        assert found == mirror
        for address in addresses:
            library.hub_drop(places, address, len(address))
        assert places.used == 0
        assert not any(place.bytes for place in places.place)


def test_a_full_table_takes_no_more_and_still_finds_those_it_has() -> None:
    library, ffi = native.native().library, native.ffi
    places, sender = ffi.new("struct hub_places *"), ffi.new("struct hub_sender *")
    taken = [
        library.hub_put(places, packed, len(packed), sender)
        for packed in (packed_address((f"10.0.{n >> 8}.{n & 255}", 1)) for n in range(9000))
    ]
    assert sum(taken) == library.HUB_ADDRESSES // 2
    assert taken == sorted(taken, reverse=True)
    assert library.hub_put(places, b"", 0, sender) == 0
    assert library.hub_put(places, bytes(29), 29, sender) == 0


def test_the_compiled_way_in_stays_within_its_memory(tmp_path: Path) -> None:
    """Random datagrams and addresses under the address and undefined-behaviour sanitizers."""
    assert "opened" in run_sanitized(tmp_path, "intake_check.c", "intake.c", "feedback.c")
