"""Pictures of cameras decoded: by processes that stay, each picture by one of its own, so that none can harm another."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest

from clients.camera.scene import Scene
from hub.errors import Refusal
from hub.gateway import decoders
from hub.gateway.decoders import Decoders
from hub.gateway.pictures import START
from tests.support.waiting import eventually

_SCENE = Scene("key", 320, 180, 10, 200_000, stretch_s=1, loop_s=1)
KEY = b"".join(START + unit for unit in _SCENE.stretch(0)[0].units)


@pytest.fixture
async def made() -> AsyncIterator[Decoders]:
    made = Decoders()
    yield made
    await made.close()


def pids(made: Decoders) -> set[int]:
    return {process.pid for process in made._resting}


async def test_one_process_makes_many_pictures_and_what_is_none_harms_no_other(made: Decoders) -> None:
    assert (await made.jpeg("h264", KEY)).startswith(b"\xff\xd8\xff")
    before = pids(made)
    with pytest.raises(Refusal, match="decoded"):
        await made.jpeg("h265", KEY)
    assert (await made.jpeg("h264", KEY)).startswith(b"\xff\xd8\xff")
    assert pids(made) == before
    assert len(before) == 1


async def test_as_many_at_a_time_as_there_are_processes(made: Decoders) -> None:
    found = await asyncio.gather(*(made.jpeg("h264", KEY) for _ in range(6)))
    assert len(set(found)) == 1
    assert len(pids(made)) == decoders.AT_ONCE


async def test_one_that_was_killed_is_replaced_and_one_without_work_ends(
    made: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made.jpeg("h264", KEY)
    [before] = pids(made)
    os.kill(before, signal.SIGKILL)
    monkeypatch.setattr(decoders, "IDLE_S", 0.05)
    assert (await made.jpeg("h264", KEY)).startswith(b"\xff\xd8\xff")
    [process] = made._resting
    assert process.pid != before
    await asyncio.wait_for(process.wait(), 10)
    assert not pids(made)


async def test_one_that_hangs_is_ended_with_what_it_forked(
    made: Decoders, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made.jpeg("h264", KEY)
    [process] = made._resting
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(decoders, "DECODE_S", 0.2)
    with pytest.raises(Refusal, match="decoded"):
        await made.jpeg("h264", KEY)
    await eventually(lambda: process.returncode is not None, 5, "it goes on")
