"""Signed checkpoints: made while there is news, kept in a file, and not to be forged."""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.journal.checkpoint import (
    CHECKPOINTS_FILE,
    KEY_FILE,
    Checkpointer,
    line_of,
    load_public_key,
    parse_line,
    read_checkpoints,
    signature_holds,
)
from hub.journal.ports import Checkpoint, Tip
from tests.support.waiting import eventually

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def tip(seq: int) -> Tip:
    return Tip(seq, f"{seq:064x}", AT)


async def keep_nothing(checkpoint: Checkpoint) -> None:
    return None


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = Checkpointer(tmp_path)
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert Checkpointer(tmp_path).key_id == first.key_id
    public = load_public_key(tmp_path)
    assert public is not None
    assert signature_holds(first.sign(tip(5)), public)


def test_a_changed_checkpoint_does_not_hold(tmp_path: Path) -> None:
    signed = Checkpointer(tmp_path, lambda: AT).sign(tip(5))
    public = load_public_key(tmp_path)
    assert public is not None
    assert signature_holds(parse_line(line_of(signed)), public)
    for changed in (
        replace(signed, seq=4),
        replace(signed, hash="0" * 64),
        replace(signed, at=AT.replace(hour=9)),
        replace(signed, key="0" * 16),
        replace(signed, signature="00" * 64),
        replace(signed, signature="no hex"),
    ):
        assert not signature_holds(changed, public)
    assert not signature_holds(signed, Ed25519PrivateKey.generate().public_key())


async def test_a_checkpoint_is_made_only_when_there_is_news(tmp_path: Path) -> None:
    checkpointer = Checkpointer(tmp_path)
    assert await checkpointer.make(tip(0), keep_nothing) is None
    assert await checkpointer.make(tip(3), keep_nothing) is not None
    assert await checkpointer.make(tip(3), keep_nothing) is None
    again = Checkpointer(tmp_path)
    assert await again.make(tip(3), keep_nothing) is None
    assert await again.make(tip(4), keep_nothing) is not None
    assert [each.seq for each in read_checkpoints(tmp_path / CHECKPOINTS_FILE)] == [3, 4]


async def test_asked_for_twice_at_once_an_entry_is_signed_once(tmp_path: Path) -> None:
    checkpointer = Checkpointer(tmp_path)
    await asyncio.gather(*(checkpointer.make(tip(3), keep_nothing) for _ in range(5)))
    assert [each.seq for each in read_checkpoints(checkpointer.path)] == [3]


async def test_checkpoints_follow_the_journal_at_the_interval(tmp_path: Path) -> None:
    kept: list[Checkpoint] = []
    current = [tip(1)]

    async def keep(checkpoint: Checkpoint) -> None:
        kept.append(checkpoint)

    task = asyncio.create_task(Checkpointer(tmp_path, interval_s=0.01).keep(lambda: current[0], keep))
    await eventually(lambda: [each.seq for each in kept] == [1], why="no checkpoint of entry 1")
    current[0] = tip(9)
    await eventually(lambda: [each.seq for each in kept] == [1, 9], why="no checkpoint of entry 9")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_half_written_last_line_is_cut_off_at_start_and_never_read(tmp_path: Path) -> None:
    checkpointer = Checkpointer(tmp_path)
    await checkpointer.make(tip(1), keep_nothing)
    path = tmp_path / CHECKPOINTS_FILE
    with path.open("a") as file:
        file.write('{"at":"2026-')
    assert [each.seq for each in read_checkpoints(path)] == [1]
    await Checkpointer(tmp_path).make(tip(2), keep_nothing)
    bad: list[int] = []
    assert [each.seq for each in read_checkpoints(path, bad.append)] == [1, 2]
    assert bad == []


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"seq":"1"}', "x" * 100])
def test_what_is_no_checkpoint_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / CHECKPOINTS_FILE
    path.write_text(line + "\n")
    bad: list[int] = []
    assert list(read_checkpoints(path, bad.append)) == []
    assert bad == [1]


async def test_a_line_that_a_full_disk_cut_off_does_not_spoil_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpointer = Checkpointer(tmp_path)
    await checkpointer.make(tip(1), keep_nothing)
    whole = checkpointer.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("hub.journal.checkpoint.os.fsync", full)
        await checkpointer.make(tip(2), keep_nothing)
    assert checkpointer.path.read_bytes() == whole
    await checkpointer.make(tip(3), keep_nothing)
    bad: list[int] = []
    assert [each.seq for each in read_checkpoints(checkpointer.path, bad.append)] == [1, 3]
    assert bad == []
