"""A small campaign through the public API of a real hub: its statistics show exactly what was done."""

from __future__ import annotations

from pathlib import Path

from tests.campaign.__main__ import hold


async def test_statistics_show_what_was_done(tmp_path: Path) -> None:
    found = await hold(tmp_path / "hub", 0.004, 1, 40)
    assert {name: said for name, (said, _) in found["counted"].items()} == {
        name: done for name, (_, done) in found["counted"].items()
    }
    assert found["counted"]["reports"][1] == 65
    assert len(found["pages_p95_ms"]) > 10
