"""Whether what comes is written: room with a reserve, refusals of the disk, and news only on change."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from recordings.muxer import MuxError
from recordings.writing import PROBE_FILE, REMEMBER_S, Writing, reason_of

MIB = 1 << 20


class World:
    """A disk of which the test says how much is free, and what the recorder tells of it."""

    def __init__(self, root: Path) -> None:
        self.free = 100 * MIB
        self.now = 1000.0
        self.told: list[tuple[str, bool, str | None]] = []
        self.writing = Writing(
            root, 10 * MIB, self._tell, clock=lambda: self.now, free=lambda root: self.free
        )

    def _tell(self, data: dict[str, Any]) -> None:
        self.told.append((data["recording"], data["writing"], data["reason"]))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_below_the_reserve_nothing_is_written_and_above_it_again(world: World) -> None:
    world.writing.began("r_1")
    world.free = 9 * MIB
    await world.writing.look()
    assert not world.writing.has_room()
    world.writing.began("r_2")
    world.free = 11 * MIB
    await world.writing.look()
    assert not world.writing.has_room(), "it goes back and forth at the edge"
    world.free = 13 * MIB
    await world.writing.look()
    assert world.writing.has_room()
    assert world.told == [
        ("r_1", False, "disk_full"),
        ("r_2", False, "disk_full"),
        ("r_1", True, None),
        ("r_2", True, None),
    ]


async def test_a_disk_that_refused_is_believed_again_only_when_it_takes_something(
    world: World, tmp_path: Path
) -> None:
    """A quota or a file system without inodes says that much is free."""
    world.writing.began("r_1")
    world.writing.refused("r_1", "s_1", "disk_full")
    (tmp_path / PROBE_FILE).mkdir()  # nothing can be written there
    await world.writing.look()
    assert not world.writing.has_room()
    assert world.told == [("r_1", False, "disk_full")]
    (tmp_path / PROBE_FILE).rmdir()
    await world.writing.look()
    assert world.writing.has_room()
    assert world.told[-1] == ("r_1", True, None)
    assert list(tmp_path.iterdir()) == [], "the probe is left behind"


async def test_one_publisher_who_cannot_be_written_is_told_until_he_is_or_is_no_more(world: World) -> None:
    world.writing.began("r_1")
    world.writing.began("r_2")
    world.writing.refused("r_1", "s_1", "failed")
    world.writing.refused("r_1", "s_2", "failed")
    world.writing.wrote("r_1", "s_1")
    await world.writing.look()
    assert world.told == [("r_1", False, "failed")]
    world.now += REMEMBER_S + 1
    await world.writing.look()
    assert world.told == [("r_1", False, "failed"), ("r_1", True, None)]


def test_the_word_for_a_refusal_comes_from_the_systems_number() -> None:
    assert reason_of(MuxError("x", errno.ENOSPC)) == "disk_full"
    assert reason_of(OSError(errno.EDQUOT, "quota")) == "disk_full"
    assert reason_of(MuxError("x", errno.EIO)) == "failed"
    assert reason_of(MuxError("the key frame does not decode")) == "failed"
