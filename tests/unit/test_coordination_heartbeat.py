"""A link over which nothing comes is closed; whatever comes counts as being heard, over one link or the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from hub.coordination import heartbeat
from hub.coordination.heartbeat import Heartbeats
from hub.errors import Refusal
from hub.link import Link
from tests.support.waiting import eventually

PID = 4711


class FakeLink:
    """A link whose other side does as `speaks` says: answers, tells of something else, or nothing."""

    def __init__(self, speaks: str) -> None:
        self.closed = asyncio.Event()
        self.heard = 0
        self.asked = 0
        self.speaks = speaks

    async def call(self, method: str, args: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        assert method == "alive"
        self.asked += 1
        if self.speaks != "nothing":
            self.heard += 1
        if self.speaks != "answers":
            raise Refusal("unavailable", "alive was not answered")
        return {}

    async def close(self) -> None:
        self.closed.set()


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_S", 0.005)


async def test_a_link_over_which_nothing_comes_is_closed() -> None:
    link, beats = FakeLink("nothing"), Heartbeats()
    await asyncio.wait_for(beats.keep(cast(Link, link), PID), 5)
    assert link.closed.is_set()
    assert beats.count(PID) == 0


def asked_often(link: FakeLink) -> Callable[[], bool]:
    return lambda: link.asked > 3


@pytest.mark.parametrize("speaks", ["answers", "else"])
async def test_one_that_says_anything_stays_and_counts_on_over_the_next_link(speaks: str) -> None:
    beats = Heartbeats()
    before = 0
    for _ in range(2):
        link = FakeLink(speaks)
        keeping = asyncio.create_task(beats.keep(cast(Link, link), PID))
        await eventually(asked_often(link), why="it is not asked again and again")
        assert not link.closed.is_set()
        assert beats.count(PID) > before
        before = beats.count(PID)
        link.closed.set()
        await asyncio.wait_for(keeping, 5)
        assert beats.count(PID) >= before
        before = beats.count(PID)
    assert beats.count(PID + 1) == 0
