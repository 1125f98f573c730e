"""Connections: room is kept, one address never takes all, what no longer moves is ended, floods are said once a second."""

from __future__ import annotations

import asyncio
import logging
import resource
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any, cast

import pytest
from aiohttp.web_protocol import RequestHandler

from hub import descriptors
from signaling.address import Addresses
from signaling.connections import RESERVE, STALL_S, Connections


@dataclass(eq=False)
class Transport:
    peer: Any
    waiting: int = 0
    aborted: bool = False

    def get_extra_info(self, name: str) -> Any:
        return {"peername": self.peer, "socket": None}[name]

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def abort(self) -> None:
        self.aborted = True


@dataclass(eq=False)
class Client:
    """A handler as far as `Connections` looks at it: one that waits for a request has a waiter."""

    transport: Transport
    _waiter: object | None = None
    accepted: bool = field(default=False)


def comes(subject: Connections, address: str, *, idle: bool = False, now: float = 0.0) -> Client:
    client = Client(Transport((address, 1)), object() if idle else None)
    client.accepted = subject.made(
        cast(RequestHandler, client), cast(asyncio.Transport, client.transport), now
    )
    return client


def made(most_from_one: int = 3, most: int = 10) -> Connections:
    return Connections(Addresses([ip_network("10.0.0.0/8")]), most_from_one, most)


def test_one_address_has_so_many_and_others_none_the_less() -> None:
    subject = made()
    clients = [comes(subject, "203.0.113.1") for _ in range(4)]
    assert [client.accepted for client in clients] == [True, True, True, False]
    assert comes(subject, "203.0.113.2").accepted
    subject.lost(cast(RequestHandler, clients[0]))
    subject.lost(cast(RequestHandler, clients[0]))
    assert comes(subject, "203.0.113.1").accepted
    assert not comes(subject, "203.0.113.1").accepted


def test_a_household_of_ipv6_counts_as_one_and_fronts_and_this_machine_are_not_counted() -> None:
    subject = made(most=100)
    assert [comes(subject, f"2001:db8::{n}").accepted for n in range(4)] == [True, True, True, False]
    for address in ("10.1.1.1", "127.0.0.1", "::1", "::ffff:10.1.1.1"):
        assert all(comes(subject, address).accepted for _ in range(6)), address


def test_one_address_takes_half_of_what_there_is_at_most() -> None:
    subject = made(most_from_one=2000, most=10)
    assert sum(comes(subject, "203.0.113.1").accepted for _ in range(10)) == 5
    assert comes(subject, "203.0.113.2").accepted


def test_when_all_are_taken_the_oldest_that_has_nothing_to_do_makes_room() -> None:
    subject = made(most=3, most_from_one=2)
    busy, idle = comes(subject, "203.0.113.1"), comes(subject, "203.0.113.2", idle=True)
    newer = comes(subject, "203.0.113.3", idle=True)
    clients = [busy, idle, newer]
    ended = []
    for address in ("203.0.113.4", "203.0.113.5"):
        assert comes(subject, address).accepted
        ended.append([client.transport.aborted for client in clients])
    assert ended == [[False, True, False], [False, True, True]]
    assert not comes(subject, "203.0.113.6").accepted, "all are at work"
    assert len(subject) == 3


def test_what_takes_nothing_any_more_is_ended_and_what_moves_slowly_is_not() -> None:
    subject = made()
    stalled, slow, quiet = (comes(subject, f"203.0.113.{n}") for n in range(3))
    stalled.transport.waiting, slow.transport.waiting = 1000, 100_000
    now = 0.0
    while now < 2 * STALL_S and not stalled.transport.aborted:
        now += 5.0
        slow.transport.waiting -= 1
        subject.sweep(now)
    assert stalled.transport.aborted
    assert now <= STALL_S + 5.0
    for _ in range(20):
        now += 5.0
        slow.transport.waiting -= 1
        subject.sweep(now)
    assert not slow.transport.aborted
    assert not quiet.transport.aborted


def test_a_flood_of_failed_accepts_is_said_once_a_second(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    subject, loop = made(), asyncio.new_event_loop()
    context = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(24, "Too many open files"),
    }
    try:
        for _ in range(5000):
            subject.loop_trouble(loop, context)
        assert len(caplog.records) <= 3
        assert sum(len(record.getMessage()) for record in caplog.records) < 500
        subject.loop_trouble(loop, {"message": "something else happened"})
        assert "something else happened" in caplog.text
    finally:
        loop.close()


def test_refusals_are_said_once_a_second_with_their_number(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    subject = made(most=1, most_from_one=1)
    comes(subject, "203.0.113.1")
    for n in range(1000):
        comes(subject, "203.0.113.2", now=n / 1000)
    comes(subject, "203.0.113.2", now=1.0)
    assert [record.getMessage().rpartition("(")[2] for record in caplog.records] == [
        "1 times)",
        "1000 times)",
    ]


def test_descriptors_are_kept_in_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, most in ((1024, 1024 - RESERVE), (100_000, 100_000 - RESERVE), (400, 200)):
        monkeypatch.setattr("signaling.connections.descriptor_limit", lambda limit=limit: limit)
        subject = Connections(Addresses([]), 10**6)
        assert sum(comes(subject, "127.0.0.1").accepted for _ in range(min(most + 5, 1200))) == min(
            most, 1200
        )


def test_the_limit_of_descriptors_is_raised_as_far_as_the_system_lets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits = [1024, 4096]

    def set_limit(_: int, wanted: tuple[int, int]) -> None:
        limits[:] = wanted

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limits))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    assert descriptors.raise_descriptor_limit() == 4096
    assert limits == [4096, 4096]
    limits[:] = [resource.RLIM_INFINITY] * 2
    assert descriptors.raise_descriptor_limit() > 500_000
    limits[:] = [4096, 4096]
    monkeypatch.setattr(resource, "setrlimit", lambda *_: pytest.fail("nothing to raise"))
    assert descriptors.raise_descriptor_limit() == 4096
