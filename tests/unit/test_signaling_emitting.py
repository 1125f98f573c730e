"""An event for many is written once and put before each receiver once; a writer waits for what comes, in order."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import engineio
import pytest
import socketio

from signaling.emitting import RECEIVERS_A_TURN, DirectManager, TextPacket, poll
from signaling.metrics import LAG_INTERVAL_S, MUCH_LAG_S, Metrics
from signaling.socket_guard import SocketGuard, StrictJson
from tests.support.waiting import eventually


def socket(closed: bool = False) -> SimpleNamespace:
    server = SimpleNamespace(ping_interval=0.02, ping_timeout=0.02)
    return SimpleNamespace(queue=asyncio.Queue(), closed=closed, closing=False, server=server)


def server_with(sockets: dict[str, SimpleNamespace], rooms: dict[str, list[str]]) -> socketio.AsyncServer:
    server = socketio.AsyncServer(client_manager=DirectManager(), serializer=TextPacket, json=StrictJson)
    server.eio.sockets = sockets
    for name, members in rooms.items():
        for each in members:
            server.manager.basic_enter_room(each, "/", name, eio_sid=each)
    return server


def waiting(one: SimpleNamespace) -> list[Any]:
    return [one.queue.get_nowait() for _ in range(one.queue.qsize())]


async def test_who_is_in_several_rooms_is_told_once_and_who_is_gone_not_at_all() -> None:
    sockets = {"a": socket(), "b": socket(), "gone": socket(closed=True)}
    server = server_with(sockets, {"x": ["a", "b", "gone"], "y": ["b", "unknown"], "z": []})
    await server.emit("entry", {"seq": 1, "text": "巡堤"}, room=["x", "y", "z", "none"])
    told = {name: waiting(one) for name, one in sockets.items()}
    assert [packet.encode() for packet in told["a"]] == ['42["entry",{"seq":1,"text":"巡堤"}]']
    assert told["b"] == told["a"], "the same packet, not one made anew"
    assert told["gone"] == []


async def test_many_receivers_leave_others_their_turn() -> None:
    sockets = {str(number): socket() for number in range(3 * RECEIVERS_A_TURN)}
    server = server_with(sockets, {"all": list(sockets)})
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    await server.emit("entry", {}, room="all")
    task.cancel()
    assert all(one.queue.qsize() == 1 for one in sockets.values())
    assert turns >= 2


async def test_a_writer_gets_all_that_waits_in_order_and_the_end_after_it() -> None:
    one = socket()
    for packet in ("1", "2", None):
        one.queue.put_nowait(packet)
    assert await poll(one) == ["1", "2"]
    assert await poll(one) == []
    later = asyncio.create_task(poll(one))
    await asyncio.sleep(0)
    one.queue.put_nowait("3")
    assert await later == ["3"]


async def test_a_writer_that_hears_of_nothing_for_too_long_ends() -> None:
    with pytest.raises(engineio.exceptions.QueueEmpty):
        await poll(socket())


async def test_what_the_hub_itself_is_late_is_not_held_against_a_client_that_has_a_ping_to_answer() -> None:
    server = socketio.AsyncServer(async_mode="aiohttp")
    guard = SocketGuard(server, Metrics())
    asked, idle = SimpleNamespace(last_ping=100.0), SimpleNamespace(last_ping=None)
    server.eio.sockets = {"asked": asked, "idle": idle}
    guard.forgive(7.5)
    assert (asked.last_ping, idle.last_ping) == (107.5, None)


async def test_only_being_much_too_late_is_told() -> None:
    told: list[float] = []
    watching = asyncio.create_task(Metrics().measure_lag(told.append))
    await asyncio.sleep(0)
    assert told == []
    time.sleep(LAG_INTERVAL_S + 1.5 * MUCH_LAG_S)
    await eventually(lambda: told, 2)
    watching.cancel()
    assert MUCH_LAG_S < told[0] < 5
