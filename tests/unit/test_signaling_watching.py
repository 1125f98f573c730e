"""A watch goes on, whatever one look comes to."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import cast

import pytest

from hub.errors import Refusal
from signaling import watching
from signaling.services import Services


class Flaky(watching.Watch):
    """The first look cannot be written, the second one fails, the third is well."""

    def __init__(self) -> None:
        super().__init__(cast(Services, SimpleNamespace()), "flaky")
        self.looks = 0
        self.well = asyncio.Event()

    async def look(self) -> None:
        self.looks += 1
        if self.looks == 1:
            raise Refusal("unavailable", "the journal is away")
        if self.looks == 2:
            raise ZeroDivisionError
        self.well.set()


async def test_a_look_that_is_refused_or_fails_is_not_the_last_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "LOOK_S", 0.0)
    watch = Flaky()
    running = asyncio.create_task(watch.run())
    await asyncio.wait_for(watch.well.wait(), 10)
    running.cancel()
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"] == [
        "flaky: looking failed"
    ]
