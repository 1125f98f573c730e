"""`kill -9` of the hub while phones bring their visits: each that was acknowledged stands once, with its words, in order."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
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

KILLS = 5
BATCH = 4


@dataclass
class Phone:
    """What one phone has to bring, the first first, and what was answered."""

    account: str
    token: str
    waiting: list[dict[str, Any]]
    answered: dict[str, int] = field(default_factory=dict)

    async def bring(self, url: str) -> None:
        """Send what waits until all is answered. Raises when the hub goes."""
        async with aiohttp.ClientSession(url, headers={"Authorization": f"Bearer {self.token}"}) as http:
            while self.waiting:
                batch = self.waiting[:BATCH]
                async with http.post("/api/v1/visits", json={"visits": batch}) as answer:
                    assert answer.status == 200, await answer.text()
                    for each in (await answer.json())["results"]:
                        assert each["error"] is None, each
                        assert self.answered.setdefault(each["id"], each["seq"]) == each["seq"]
                del self.waiting[: len(batch)]


def queue_of(sweep: str, rows: list[int], dice: random.Random) -> list[dict[str, Any]]:
    """Sixty visits, several of each household, each with words of its own."""
    at, found = to_wire(system_clock()), []
    for number in range(60):
        row = dice.choice(rows)
        found.append(
            {
                "id": f"q{number}",
                "sweep": sweep,
                "row": row,
                "outcome": dice.choice(("met", "absent", "unchanged", "phone")),
                "occurred_at": at,
                "offline": True,
                "answers": {"origin": "no"},
                "note": f"第 {number} 次",
            }
        )
    return found


async def test_killed_at_random_while_visits_stream_in_loses_and_doubles_none(tmp_path: Path) -> None:
    dice = random.Random(11)
    phones: list[Phone] = []
    for kill in range(KILLS + 1):
        process, told = await asyncio.to_thread(begun, tmp_path)
        try:
            if not phones:
                # Rows that both walk are one's alone here: what is told is the order of each phone.
                taken: set[int] = set()
                for each in told["walkers"]:
                    rows = [row for row in each["rows"] if row not in taken]
                    taken.update(rows)
                    phones.append(Phone(each["account"], each["token"], queue_of(told["sweep"], rows, dice)))
            sending = asyncio.gather(*(phone.bring(told["url"]) for phone in phones), return_exceptions=True)
            if kill == KILLS:
                assert [each for each in await asyncio.wait_for(sending, 120) if each is not None] == []
            else:
                # Some moment while they bring them: as far into the work as this kill is among all.
                goal = sum(len(phone.answered) for phone in phones) + dice.randrange(1, 24)
                while sum(len(phone.answered) for phone in phones) < goal and not sending.done():
                    await asyncio.sleep(0.002)
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
        await sending
    assert all(len(phone.answered) == 60 for phone in phones)
    database = open_database(f"sqlite:///{tmp_path}/hub.db")
    with database.engine.connect() as connection:
        visits = connection.execute(sa.select(tables.visits).order_by(tables.visits.c.seq)).all()
        words = set(connection.execute(sa.select(tables.visit_words.c.seq)).scalars())
        sums = connection.execute(sa.select(tables.sweep_villages)).all()
        stands = connection.execute(sa.select(tables.sweep_standings)).all()
    answered = {seq for phone in phones for seq in phone.answered.values()}
    assert [each.seq for each in visits] == sorted(answered)
    assert words == answered
    by_phone: defaultdict[str, list[int]] = defaultdict(list)
    for each in visits:
        by_phone[each.account].append(each.seq)
    for phone in phones:
        in_order = [phone.answered[f"q{number}"] for number in range(60)]
        assert by_phone[phone.account] == in_order
    assert not any(each.conflict for each in visits)
    outcomes = ("met", "unchanged", "phone", "absent")
    counted = {name: sum(each.outcome == name for each in stands) for name in outcomes}
    assert {name: sum(getattr(each, name) for each in sums) for name in outcomes} == counted
    with offline_journal(database) as journal:
        assert verify(journal, tmp_path, tmp_path / "recordings").findings == []
    database.close_now()
