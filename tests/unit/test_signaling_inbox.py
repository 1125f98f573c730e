"""Inbox and fan-out: order is kept, what waits is bounded, one failure stops nobody."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from hub.errors import Refusal
from signaling.fan_out import BUSY, FanOut
from signaling.inbox import Inbox


async def test_events_are_done_one_after_the_other_in_order() -> None:
    inbox, done = Inbox(), []

    async def work(number: int) -> dict[str, Any]:
        await asyncio.sleep(0 if number % 2 else 0.002)
        done.append(number)
        return {"number": number}

    answers = [inbox.put(lambda n=number: work(n)) for number in range(20)]  # type: ignore[misc]
    assert [(await answer)["number"] for answer in answers] == list(range(20))
    assert done == list(range(20))
    inbox.close()


async def test_what_is_too_much_is_refused_at_once_and_the_rest_goes_on() -> None:
    inbox, gate = Inbox(waiting=4), asyncio.Event()

    async def work() -> dict[str, Any]:
        await gate.wait()
        return {}

    first = inbox.put(work)
    await asyncio.sleep(0)
    answers = [inbox.put(work) for _ in range(6)]
    assert [answer.done() for answer in answers] == [False] * 4 + [True] * 2
    assert answers[-1].result()["error"]["code"] == "too_many"
    gate.set()
    assert await first == {}
    assert [await answer for answer in answers[:4]] == [{}] * 4
    inbox.close()


async def test_a_refusal_and_a_failure_are_answers(caplog: pytest.LogCaptureFixture) -> None:
    inbox = Inbox()

    async def refuse() -> dict[str, Any]:
        raise Refusal("invalid", "wrong", "field")

    async def fail() -> dict[str, Any]:
        raise ValueError("inside")

    assert await inbox.put(refuse) == {"error": {"code": "invalid", "message": "wrong", "field": "field"}}
    with caplog.at_level(logging.CRITICAL):
        failed = await inbox.put(fail)
    assert failed["error"]["code"] == "internal"
    assert "inside" not in str(failed)
    inbox.close()


async def test_closing_drops_what_waits() -> None:
    inbox = Inbox()

    async def work() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    running, waiting = inbox.put(work), inbox.put(work)
    await asyncio.sleep(0)
    inbox.close()
    await asyncio.gather(running, waiting, return_exceptions=True)
    assert running.cancelled()
    assert waiting.cancelled()


class SlowEmitter:
    """Takes one event at a time, and fails when told."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    async def emit(self, event: str, data: Any, room: Any = None) -> None:
        await asyncio.sleep(0)
        if data.get("fail"):
            raise ConnectionError
        self.sent.append((event, data["n"]))


async def test_events_go_out_in_order_past_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    emitter = SlowEmitter()
    fan_out = FanOut(emitter)
    for number in range(5):
        fan_out.put("entry", {"n": number, "fail": number == 2}, ["room"])
    fan_out.put("entry", {"n": 9}, [])
    with caplog.at_level(logging.CRITICAL):
        task = asyncio.create_task(fan_out.run())
        while len(emitter.sent) < 4:
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [number for _, number in emitter.sent] == [0, 1, 3, 4]


async def test_levels_are_left_out_when_much_waits_and_entries_never() -> None:
    fan_out = FanOut(SlowEmitter())
    for number in range(BUSY + 1):
        fan_out.put("entry", {"n": number}, ["room"])
    fan_out.put("media", {"n": 0}, ["room"], replaceable=True)
    assert len(fan_out) == BUSY + 1
    fan_out.put("entry", {"n": 0}, ["room"])
    assert len(fan_out) == BUSY + 2
