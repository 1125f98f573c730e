"""Phones without a line for two hours, browsers and the hub killed at random: the short form of `bench_phones.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.browser import playwright_running
from tests.support.forked_hub import ForkedHub
from tests.support.phones_killed import Play
from tests.support.walked_grid import WalkedGrid

pytestmark = pytest.mark.e2e

KINDS = ("chromium", "firefox")


async def test_what_phones_said_they_keep_is_there_once_in_order_and_whole(tmp_path: Path) -> None:
    hub = ForkedHub(tmp_path / "hub")
    try:
        await hub.start()
        walked = WalkedGrid(hub)
        await walked.begin(households=3, members=len(KINDS), of_grids=len(KINDS))
        async with playwright_running() as playwright:
            play = Play(hub, walked, playwright, seed=24)
            await play.some(KINDS, tmp_path, walking=1, sending=2)
    finally:
        hub.stop()
    found = play.count()
    assert found.wrong == []
    assert found.kept == sum(len(each.plan) for each in play.phones)
    assert found.photos >= len(KINDS)
    assert found.kills_of_browsers > 0
