"""The round of looks at cameras: in turn, at its pace, never one that plays; what nobody could look at stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from hub.cameras.catalog import Camera, Facts, Secret
from hub.errors import Refusal
from hub.upkeep.camera_sweep import AT_ONCE, CameraSweep
from tests.support.cameras import a_camera

NOW = datetime(2026, 11, 29, tzinfo=UTC)


class Rows:
    def __init__(self, *names: str) -> None:
        self.waiting = [a_camera(camera=name) for name in names]
        self.noted: dict[str, Facts] = {}
        self.important: list[Camera] = []

    async def important_due(self, before: datetime, but: Collection[str], limit: int) -> list[Camera]:
        assert before == NOW - timedelta(minutes=2)
        return [each for each in self.important if each.camera not in but][:limit]

    async def due(self, before: datetime, but: Collection[str], limit: int) -> list[Camera]:
        assert before == NOW - timedelta(hours=6)
        left = [each for each in self.waiting if each.camera not in but and each.camera not in self.noted]
        return left[:limit]

    async def secret(self, camera: str) -> Secret | None:
        return Secret("rtsp://10.0.0.1/")

    async def note(self, camera: str, facts: Facts) -> Facts:
        self.noted[camera] = facts
        return facts


class Prober:
    def __init__(self) -> None:
        self.gateway = True
        self.plays: set[str] = set()
        self.asked: list[str] = []
        self.answer = asyncio.Event()
        self.answer.set()

    async def probe(self, camera: str, secret: Secret) -> Facts:
        self.asked.append(camera)
        await self.answer.wait()
        if not self.gateway:
            raise Refusal("unavailable", "no gateway")
        return Facts(state="ok")

    def playing(self) -> Collection[str]:
        return self.plays


def sweep(rows: Rows, prober: Prober) -> CameraSweep:
    return CameraSweep(rows, prober, lambda: NOW, 60, timedelta(hours=6), chance=lambda: 0.5)


async def test_cameras_are_looked_at_in_turn_and_never_one_that_plays() -> None:
    rows, prober = Rows("a", "b", "c"), Prober()
    prober.plays = {"b"}
    looks = sweep(rows, prober)
    assert [await looks.once() for _ in range(3)] == [1, 1, 0]
    await looks.settle()
    assert prober.asked == ["a", "c"]
    assert {name: facts.state for name, facts in rows.noted.items()} == {"a": "ok", "c": "ok"}
    assert looks.pause() == 1.0


async def test_what_matters_is_looked_at_more_often_and_the_others_have_their_turns() -> None:
    rows, prober = Rows("a", "b"), Prober()
    rows.important = [a_camera(camera="gate")]
    looks = sweep(rows, prober)
    for _ in range(4):
        await looks.once()
        await looks.settle()
    assert prober.asked == ["gate", "a", "gate", "b"]


async def test_no_more_are_dialled_at_once_than_may_be() -> None:
    rows, prober = Rows(*"abcdefgh"), Prober()
    prober.answer.clear()
    looks = sweep(rows, prober)
    for _ in range(8):
        await looks.once()
        await asyncio.sleep(0)
    assert prober.asked == list("abcdefgh")[:AT_ONCE]
    prober.answer.set()
    await looks.settle()
    await looks.once()
    await looks.settle()
    assert len(prober.asked) == AT_ONCE + 1


async def test_without_a_gateway_nothing_is_said_of_a_camera() -> None:
    rows, prober = Rows("a"), Prober()
    prober.gateway = False
    looks = sweep(rows, prober)
    await looks.once()
    await looks.settle()
    assert (rows.noted, looks.away) == ({}, True)
    prober.gateway = True
    await looks.once()
    await looks.settle()
    assert (rows.noted["a"].state, looks.away) == ("ok", False)
