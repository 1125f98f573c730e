"""The test files that take longest, so that they can begin first.

Files are given to a few processes one after the other. A file of a minute that happens to begin last keeps one of them
busy while the others have nothing left to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

LONG = (
    "test_copies_faults",
    "test_command_line",
    "test_backup_hub",
    "test_hung_children",
    "test_incidents",
    "test_doctor",
    "test_tours",
    "test_stage",
    "test_patrol",
    "test_recordings_process",
    "test_there_all_the_time",
    "test_chair",
    "test_alarms",
    "test_loadtest_command",
    "test_families",
    "test_lists",
    "test_foreign_clients",
    "test_secrecy_reads",
    "test_sound",
    "test_first_load",
    "test_audit",
    "test_withdrawal_hub",
    "test_orders",
    "test_review_jobs",
    "test_media_churn",
    "test_tasks",
    "test_film",
    "test_bookings",
    "test_minutes",
    "test_cameras",
    "test_custody",
    "test_rights_read",
    "test_sweeps_killed",
    "test_convening",
    "test_wall",
    "test_units",
    "test_two_machines",
    "test_full_disk",
    "test_media_address",
    "test_camera_recorded",
    "test_security_admin",
)
"""Names of files with tests of twenty seconds and more together, the longest first (`--durations` tells them)."""

_PLACE = {name: place for place, name in enumerate(LONG)}


class Item(Protocol):
    """What is read of a test."""

    path: Path


AnyItem = TypeVar("AnyItem", bound=Item)


def longest_first(items: list[AnyItem]) -> None:
    """Put the tests of long files in front, file by file; all others stay in the order they came in."""
    items.sort(key=lambda item: _PLACE.get(item.path.stem, len(LONG)))
