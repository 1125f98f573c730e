"""The node's three sockets: feedback is read in turns, who joins a few at a time, everything else at once."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub.media.transport.address import Address
from hub.media.transport.patient import PATIENCE_S, TURN_LIMIT
from hub.media.transport.socket import BURSTS, JOINING_LIMIT, UdpPort
from tests.support.waiting import eventually

FEEDBACK = b"\x8f\xcd" + bytes(30)
REMB = b"\x8f\xce" + bytes(30)
PACKET = b"\x90\x60" + bytes(30)
PADDED = b"\xaf\xcd" + bytes(30)
#: RTP, NACK, key-frame request, receiver report, and what is no RTCP at all.
OTHERS = (b"\x90\x60", b"\x81\xcd", b"\x81\xce", b"\x80\xc9", b"\x16\xfe", b"\x8f", b"")


def report(blocks: int, *more: bytes, tag_bytes: int = 16) -> bytes:
    """A receiver report as it comes under SRTCP, and what else the datagram holds."""
    plain = bytes([0x80 | blocks, 201]) + (1 + 6 * blocks).to_bytes(2, "big") + bytes(4 + 24 * blocks)
    return b"".join((plain, *more, bytes(4 + tag_bytes)))


@asynccontextmanager
async def running_port(host: str = "127.0.0.1") -> AsyncIterator[tuple[UdpPort, socket.socket, list[bytes]]]:
    """A port, a socket connected to it, and what the port was given."""
    port = UdpPort(host, 0)
    got: list[bytes] = []
    port.on_datagram = lambda length, address, waited_s: got.append(bytes(port.inbox.view[:length]))
    port.start(asyncio.get_running_loop())
    with socket.socket(port.family, socket.SOCK_DGRAM) as sender:
        sender.connect((host, port.port))
        try:
            yield port, sender, got
        finally:
            port.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_only_feedback_goes_to_its_socket_and_all_of_everything_is_read(host: str) -> None:
    async with running_port(host) as (port, sender, got):
        assert port.dump()["sockets"] == 3
        for datagram in (*(other + bytes(30) for other in OTHERS), b"\x8f", b"\xcd"):
            sender.send(datagram)
        for _ in range(5):
            sender.send(FEEDBACK)
            sender.send(PADDED)
            sender.send(REMB)
        await eventually(lambda: len(got) == len(OTHERS) + 17, why="not all has been read")
        assert got.count(FEEDBACK) == got.count(PADDED) == got.count(REMB) == 5
        assert port.counters["feedback"] == 15
        assert port.counters["joining"] == 2  # a DTLS record, and what begins like STUN


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_report_may_wait_if_nothing_comes_with_it(host: str) -> None:
    nack = b"\x81\xcd\x00\x03" + bytes(12)
    async with running_port(host) as (port, sender, got):
        patient = [report(1), report(0), report(31), report(2, tag_bytes=10)]
        prompt = [
            report(1, nack),
            report(2, tag_bytes=4),
            report(1)[:-1],
            b"\xa1" + report(1)[1:],
            b"\x81\xc9\x00",
        ]
        for datagram in (*patient, *prompt):
            sender.send(datagram)
        await eventually(lambda: len(got) == len(patient) + len(prompt), why="not all has been read")
        assert port.counters["feedback"] == len(patient)
        assert [datagram for datagram in got if datagram in prompt] == prompt


async def test_feedback_that_comes_bit_by_bit_is_read_in_few_turns() -> None:
    async with running_port() as (port, sender, got):
        for _ in range(60):
            sender.send(FEEDBACK)
            await asyncio.sleep(0.005)
        await eventually(lambda: len(got) == 60, why="not all has been read")
        assert port.counters["feedback_turns"] < 30


async def test_feedback_is_taken_along_when_something_else_comes() -> None:
    async with running_port() as (port, sender, got):
        sender.send(FEEDBACK)
        await eventually(lambda: len(got) == 1)
        await asyncio.sleep(PATIENCE_S * 3)
        turns = port.counters["feedback_turns"]
        sender.send(FEEDBACK)
        sender.send(b"\x90\x60" + bytes(30))
        await asyncio.sleep(0)  # one round of the loop: the first socket is readable
        await eventually(lambda: len(got) == 3, 1.0)
        assert port.counters["feedback_turns"] >= turns + 1


async def test_where_packets_come_again_and_again_no_timer_wakes_the_process_for_feedback() -> None:
    async with running_port() as (port, sender, got):
        patient = port._patient
        assert patient is not None
        woken, due = [], patient._due

        def noted() -> None:
            woken.append(True)
            due()

        patient._due = noted  # type: ignore[method-assign]
        for _ in range(60):
            sender.send(FEEDBACK)
            sender.send(PACKET)
            await asyncio.sleep(0.025)
        await eventually(lambda: len(got) == 120, why="not all has been read")
        assert len(woken) <= 12, "by the timer alone it would be some 30 times"


async def test_what_comes_while_packets_are_forwarded_is_forwarded_before_all_else() -> None:
    async with running_port() as (port, sender, got):
        done: list[str] = []

        def drained() -> None:
            done.append(f"forwarded {len(got)}")
            if len(got) <= 2:
                sender.send(PACKET)

        port.on_drained, port.on_turn = drained, lambda: done.append("turn")
        sender.send(PACKET)
        await eventually(lambda: len(got) == 3, why="not all has been read")
        assert done == ["forwarded 1", "forwarded 2", "forwarded 3", "turn"]


async def test_packets_without_end_leave_a_turn_for_the_rest() -> None:
    async with running_port() as (port, sender, got):
        turns: list[int] = []

        def another() -> None:
            sender.send(PACKET)

        port.on_drained, port.on_turn = another, lambda: turns.append(len(got))
        sender.send(PACKET)
        await eventually(lambda: len(turns) >= 3, why="it never had a turn")
        assert turns[:3] == [BURSTS, 2 * BURSTS, 3 * BURSTS]
        port.on_drained = lambda: None


async def test_a_flood_of_it_does_not_hold_up_the_rest() -> None:
    async with running_port() as (_, sender, got):
        for _ in range(TURN_LIMIT * 3):
            sender.send(FEEDBACK)
        sender.send(b"\x90\x60" + bytes(30))
        await eventually(lambda: len(got) == TURN_LIMIT * 3 + 1, why="not all has been read")
        assert got.index(b"\x90\x60" + bytes(30)) <= TURN_LIMIT


async def test_a_crowd_that_joins_does_not_hold_up_packets() -> None:
    async with running_port() as (port, sender, got):
        packet, check = b"\x90\x60" + bytes(30), b"\x00\x01" + bytes(30)
        keep = port.on_datagram

        def slow(length: int, address: Address, waited_s: float) -> None:
            if port.inbox.view[0] == 0:
                time.sleep(0.001)  # what a handshake costs
            keep(length, address, waited_s)

        port.on_datagram = slow
        for _ in range(100):
            sender.send(check)
        sender.send(packet)
        await eventually(lambda: len(got) == 101, why="not all has been read")
        assert got.index(packet) <= 2 * JOINING_LIMIT
        assert port.counters["joining"] == 100


async def test_a_port_in_use_is_refused_though_the_socket_is_shared_with_itself() -> None:
    async with running_port() as (port, _, _):
        with pytest.raises(OSError, match="in use"):
            UdpPort("127.0.0.1", port.port)
