"""`kill -9` of the hub while a phone brings errands from asking to stars: each step is there once, with its words."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.journal.verify import verify
from hub.store import tables
from hub.store.database import open_database
from hub.store.offline import offline_journal
from tests.support.sweep_child import begun

KILLS = 2
ERRANDS = 6


@dataclass
class Phone:
    """What a phone has to bring: path and body, the first first; and what was answered."""

    token: str
    waiting: list[tuple[str, dict[str, Any]]]
    answered: dict[str, int] = field(default_factory=dict)

    async def bring(self, url: str) -> None:
        """Send one after the other until all is answered. Raises when the hub goes."""
        async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {self.token}"}) as http:
            while self.waiting:
                path, body = self.waiting[0]
                async with http.post(path, json=body) as answer:
                    told = await answer.json()
                    assert answer.status == 200, told
                assert self.answered.setdefault(body["id"], told["seq"]) == told["seq"]
                del self.waiting[0]


def queue_of(households: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Errands as a phone has them that was without a line: it made their ids."""
    at, found = to_wire(system_clock()), list[tuple[str, dict[str, Any]]]()

    def command(id: str, kind: str, **data: Any) -> None:
        found.append(("/api/v1/commands", {"id": id, "kind": kind, "data": data}))

    for number in range(ERRANDS):
        errand = f"er_{number:018d}"
        facts = {"household": households[number % len(households)], "kind": "food", "asked_on": at[:7]}
        said = {"text": f"第 {number} 件"}
        found.append(("/api/v1/errands", {"id": f"a{number}", "errand": errand, **facts, **said}))
        command(f"t{number}", "errand.take", errand=errand)
        done = {"id": f"f{number}", "occurred_at": at, **said}
        found.append((f"/api/v1/errands/{errand}/done", done))
        command(f"r{number}", "errand.rate", errand=errand, stars=4)
    return found


async def test_killed_between_its_answers_loses_and_doubles_no_step_of_an_errand(tmp_path: Path) -> None:
    dice = random.Random(5)
    phone: Phone | None = None
    for kill in range(KILLS + 1):
        process, told = await asyncio.to_thread(begun, tmp_path)
        try:
            if phone is None:
                token = told["walkers"][0]["token"]
                headers = {"Authorization": f"Bearer {token}"}
                async with (
                    aiohttp.ClientSession(told["url"], headers=headers) as http,
                    http.get("/api/v1/grid-work") as answer,
                ):
                    cards = (await answer.json())["cards"]
                phone = Phone(token, queue_of([each["household"] for each in cards]))
            sending = asyncio.gather(phone.bring(told["url"]), return_exceptions=True)
            if kill == KILLS:
                assert [each for each in await asyncio.wait_for(sending, 60) if each is not None] == []
            else:
                # Some moment while it brings them: as far into the work as this kill is among all.
                goal = len(phone.answered) + dice.randrange(2, 8)
                while len(phone.answered) < goal and not sending.done():
                    await asyncio.sleep(0.001)
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
        await sending
    assert phone is not None
    assert len(phone.answered) == 4 * ERRANDS
    database = open_database(f"sqlite:///{tmp_path}/hub.db")
    with database.engine.connect() as connection:
        errands = connection.execute(sa.select(tables.errands)).all()
        asked = set(connection.execute(sa.select(tables.errand_words.c.errand)).scalars())
        done = set(connection.execute(sa.select(tables.visit_words.c.seq)).scalars())
        entries = connection.execute(sa.select(tables.entries.c.seq, tables.entries.c.kind)).all()
    assert {(each.state, each.stars) for each in errands} == {("done", 4)}
    assert len(errands) == len(asked) == ERRANDS
    kinds = {each.seq: each.kind for each in entries if each.kind.startswith("errand.")}
    assert set(kinds) == set(phone.answered.values())
    # what was said when it was done stands beside just those entries
    assert done == {seq for seq, kind in kinds.items() if kind == "errand.finished"}
    with offline_journal(database) as journal:
        assert verify(journal, tmp_path, tmp_path / "recordings").findings == []
    database.close_now()
