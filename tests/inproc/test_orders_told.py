"""An order is told at once, however much else is being told."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaling import documents_told
from tests.support.edge import running_edge
from tests.support.rules import CITY, VILLAGE


async def test_a_new_order_does_not_wait_for_the_pause_between_two_tellings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents_told, "PAUSE_S", 3600.0)
    async with running_edge(tmp_path) as edge:
        leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
        heard = await edge.listen(village)
        await village.command("report.file", situation="normal")
        await heard.until("changed", what="report")
        for number in range(2):
            text = f"第 {number} 次巡查"
            issued = await leader.command("order.issue", text=text, targets=[VILLAGE])
            told = await heard.until("changed", what="order", id=issued["entries"][0]["data"]["order"])
            assert told["value"]["text"] == text
