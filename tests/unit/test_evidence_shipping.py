"""Checkpoints reach another machine by themselves; what it keeps is not overwritten, and a hub that lost its past hears so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from hub.cli.checkpoints import receiving
from hub.evidence.places import FolderPlace, HttpPlace, Place
from hub.evidence.receiver import FILE, Keeper, NotTaken
from hub.evidence.shipping import Shipping
from hub.journal.checkpoint import CHECKPOINTS_FILE, Checkpointer, line_of, read_checkpoints
from hub.upkeep.shipped import shipped
from tests.support.evidence import BEGAN, Signed, made_up
from tests.support.waiting import eventually

TOKEN = "a token of these tests"


@dataclass
class Stand:
    """A data folder whose checkpoints grow, and what sends them."""

    folder: Path
    places: list[Place]
    now: datetime = BEGAN
    signed: Signed = field(init=False)

    def __post_init__(self) -> None:
        self.signed = Signed(self.folder, made_up(40))
        signer = Checkpointer(self.folder)
        key = signer.public_key
        signer.close()
        self.shipping = Shipping(
            self.folder, self.places, lambda: key, lambda: self.now, pauses_s=(0.01,), look_s=0.01
        )

    def sign(self, *sizes: int) -> None:
        """What the hub signs, into its file."""
        (self.folder / CHECKPOINTS_FILE).write_text(self.signed.sign_at(*sizes).sent())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.shipping.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def until(self, check: Callable[[], object], why: str) -> None:
        await eventually(lambda: bool(check()), 10, why)


@asynccontextmanager
async def receiver(folder: Path, port: int = 0) -> AsyncIterator[str]:
    """`hub checkpoints receive` on this machine; its address."""
    runner = web.AppRunner(receiving(Keeper(folder), TOKEN))
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def test_what_is_signed_is_kept_in_a_folder_and_goes_on_after_it_was_away(tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    stand = Stand(tmp_path / "hub", [FolderPlace(mount)])
    stand.sign(5)
    standing = stand.shipping.standing[0]
    async with stand.running():
        await stand.until(lambda: standing.trouble == "not_sent", "a mount that is away is not told")
        assert not mount.exists(), "nothing is written where the mount would be"
        assert not stand.shipping.failing(standing, timedelta(minutes=5))
        stand.now += timedelta(minutes=6)
        assert stand.shipping.failing(standing, timedelta(minutes=5))
        mount.mkdir()
        await stand.until(lambda: standing.sent_seq == 5, "it is not sent once the mount is back")
        stand.signed.signs.clear()
        stand.sign(5, 12, 20)
        await stand.until(lambda: standing.sent_seq == 20 and not standing.behind, "the next are not sent")
    assert (mount / FILE).read_text() == stand.signed.sent()


async def test_a_receiver_keeps_them_over_http_and_lets_nobody_else_in(tmp_path: Path) -> None:
    async with receiver(tmp_path / "kept") as url:
        stand = Stand(tmp_path / "hub", [HttpPlace(url, TOKEN), HttpPlace(url, "a guess")])
        stand.sign(5, 12)
        right, wrong = stand.shipping.standing
        async with stand.running():
            await stand.until(lambda: right.sent_seq == 12, "they are not sent")
            await stand.until(lambda: wrong.trouble == "not_sent", "a wrong token is taken")
        assert (tmp_path / "kept" / FILE).read_text() == stand.signed.sent()
        rows = list(shipped(stand.shipping, timedelta(minutes=15)))
        assert [(row.state, row.why) for row in rows] == [("good", ""), ("warning", "not_sent")]
        assert rows[0].figures["sent_seq"] == 12
    assert [row.state for row in shipped(Shipping(tmp_path, [], str, lambda: BEGAN), timedelta())] == ["off"]


async def test_a_hub_whose_journal_was_restored_is_told_at_once(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    stand = Stand(tmp_path / "hub", [FolderPlace(kept)])
    stand.sign(5, 12, 20)
    standing = stand.shipping.standing[0]
    async with stand.running():
        await stand.until(lambda: standing.sent_seq == 20, "they are not sent")
    before = (kept / FILE).read_text()
    # An old dump, its checkpoints with it, and the hub goes on from there.
    again = Stand(tmp_path / "hub", [FolderPlace(kept)])
    again.signed.entries[12:] = [replace(entry, hash="0" * 64) for entry in again.signed.entries[12:]]
    again.sign(5, 12, 25)
    standing = again.shipping.standing[0]
    async with again.running():
        await again.until(lambda: standing.trouble == "other_history", "it is not told")
    assert (kept / FILE).read_text() == before, "what was kept was overwritten"
    assert again.shipping.failing(standing, timedelta(days=1)), "this is for a person to look at, now"
    assert [row.state for row in shipped(again.shipping, timedelta(days=1))] == ["bad"]


async def test_what_was_signed_twice_or_with_a_key_of_before_hinders_nothing(tmp_path: Path) -> None:
    """A kill between file and memory has an entry signed again; a lost key leaves checkpoints that nobody can send."""
    kept = tmp_path / "kept"
    kept.mkdir()
    stand = Stand(tmp_path / "hub", [FolderPlace(kept)])
    before = Signed(tmp_path / "before", made_up(40)).sign_at(2, 3)
    stand.signed.sign_at(5, 12)
    again = replace(stand.signed.signs[1])
    stand.signed.sign_at(12, 20)
    lines = [line_of(each) for each in (*before.signs, *stand.signed.signs, again)]
    (stand.folder / CHECKPOINTS_FILE).write_text("".join(f"{line}\n" for line in lines) + '{"half')
    standing = stand.shipping.standing[0]
    async with stand.running():
        await stand.until(lambda: standing.sent_seq == 20 and not standing.behind, "they are not sent")
        (stand.folder / CHECKPOINTS_FILE).write_text(
            "".join(f"{line}\n" for line in [*lines, line_of(stand.signed.sign_at(30).signs[-1])])
        )
        await stand.until(lambda: standing.sent_seq == 30, "the next one is not sent")
    assert standing.trouble == ""
    assert [each.seq for each in read_checkpoints(kept / FILE)] == [5, 12, 20, 30]


def test_a_keeper_takes_only_what_follows_and_is_signed_by_the_key_it_knows(tmp_path: Path) -> None:
    signed = Signed(tmp_path / "hub", made_up(40)).sign_at(5, 12, 20)
    signer = Checkpointer(tmp_path / "hub")
    key, lines = signer.public_key, [line_of(each) for each in signed.signs]
    signer.close()
    stranger = Signed(tmp_path / "other", made_up(40)).sign_at(5, 30)
    other = Checkpointer(tmp_path / "other")
    kept = tmp_path / "kept"
    assert Keeper(kept).take(key, lines[:2]) == signed.signs[1]
    assert Keeper(kept).take(key, lines) == signed.signs[2], "those that are there are passed over"
    for public_key, sent, why in (
        (other.public_key, [line_of(each) for each in stranger.signs], "key"),
        (key, [line_of(stranger.signs[1])], "signature"),
        (key, [line_of(replace(signed.signs[2], seq=21))], "signature"),
        (key, ["{}"], "form"),
        ("zz", lines, "form"),
        (key, lines * 200, "form"),
    ):
        with pytest.raises(NotTaken, match=why):
            Keeper(kept).take(public_key, sent)
    forged = Signed(tmp_path / "hub", made_up(20)[:10] + made_up(40)[30:]).sign_at(20)
    same_seq = Keeper(tmp_path / "same")
    same_seq.take(key, [line_of(forged.signs[0])])
    again = Signed(tmp_path / "hub", made_up(30) + made_up(40)[30:]).sign_at(40)
    with pytest.raises(NotTaken, match="order"):
        same_seq.take(key, [line_of(again.signs[0])])
    other.close()
    assert (kept / FILE).read_text() == signed.sent()
