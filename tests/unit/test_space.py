"""Room for recordings: which threshold counts, and that it does not go back and forth at one."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.space import Room, Thresholds, room_of

LIMITS = Thresholds(reserve=100, refuse=400, warn=1000)


@pytest.mark.parametrize(
    ("free", "before", "room"),
    [
        (2000, "enough", "enough"),
        (1000, "enough", "enough"),
        (999, "enough", "short"),
        (1200, "short", "short"),
        (1250, "short", "enough"),
        (399, "short", "none"),
        (450, "none", "none"),
        (500, "none", "short"),
        (450, "short", "short"),
        (2000, "none", "enough"),
    ],
)
def test_a_threshold_is_over_only_well_above_it(free: int, before: Room, room: str) -> None:
    assert LIMITS.room(free, before) == room


def test_no_recording_begins_that_could_not_be_written() -> None:
    odd = Thresholds(reserve=500, refuse=10, warn=20)
    assert odd.room(499) == "none"
    assert odd.room(600) == "enough"


def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    assert room_of(tmp_path / "recordings", Thresholds(0, 0, 1 << 60), "enough") == "short"
    assert room_of(tmp_path / "recordings", Thresholds(0, 1 << 60, 1 << 60), "enough") == "none"
