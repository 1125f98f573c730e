"""`kill -9` of the hub while it looks for a list's rows and gives them out: each is found once and lies in its grid."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import sqlalchemy as sa

from hub.journal.verify import verify
from hub.store import tables
from hub.store.database import open_database
from hub.store.offline import offline_journal
from tests.support.list_child import ROWS, begun, people
from tests.support.rules import CITY


async def _step(
    told: dict[str, Any], word: str | None, is_there: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Ask for a step (None: what goes on already), and look until it is as far as wanted; what was told then."""
    path = f"/api/v1/clearings/{told['clearing']}/grids"
    async with aiohttp.ClientSession(
        told["url"], headers={"Authorization": f"Bearer {told['token']}"}
    ) as http:
        if word is not None:
            async with http.post(f"{path}/{word}", json={"center": CITY}) as answer:
                assert answer.status == 202, await answer.text()
        async with asyncio.timeout(60):
            while True:
                async with http.get(path, params={"center": CITY}) as answer:
                    found: dict[str, Any] = await answer.json()
                if is_there(found):
                    return found


async def test_killed_while_it_looks_and_while_it_gives_out_it_doubles_and_loses_no_row(
    tmp_path: Path,
) -> None:
    fell: list[tuple[str, int]] = []
    # As far as it may come before it is killed; the last one stays.
    lives: list[tuple[str | None, Callable[[dict[str, Any]], bool]]] = [
        ("search", lambda now: now["search"]["done"] >= 20),
        (None, lambda now: now["search"]["done"] >= 150),
        (None, lambda now: now["search"]["state"] == "matched"),
        ("share", lambda now: True),
        (None, lambda now: now["search"]["state"] == "shared"),
    ]
    for word, is_there in lives:
        process, told = await asyncio.to_thread(begun, tmp_path)
        try:
            now = await _step(told, word, is_there)
            fell.append((now["search"]["state"], now["search"]["done"]))
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
    # It was killed in the middle of its work, and not before or after.
    assert [state for state, _ in fell[:2]] == ["matching"] * 2
    assert 0 < fell[0][1] < fell[1][1] < ROWS == fell[2][1]

    database = open_database(f"sqlite:///{tmp_path}/hub.db")
    with database.engine.connect() as connection:
        matches = connection.execute(sa.select(tables.clearing_matches)).all()
        (search,) = connection.execute(sa.select(tables.clearing_searches)).all()
        kind, data = tables.entries.c.kind, tables.entries.c.data
        assigned = connection.execute(sa.select(data).where(kind == "clearing.assigned")).scalars().all()
    wanted = {row: grid for row, (_, _, grid) in enumerate(people(), 1)}
    assert {each.number for each in matches} == set(wanted)
    assert {each.run for each in matches} == {search.run}, (
        "rows that were found before the kill are looked for anew"
    )
    assert {each.number: each.grid for each in matches} == wanted
    given = Counter(
        (row, grid) for entry in assigned for grid, rows in json.loads(entry)["grids"].items() for row in rows
    )
    assert given == Counter((row, grid) for row, grid in wanted.items() if grid is not None)
    with offline_journal(database) as journal:
        assert verify(journal, tmp_path, tmp_path / "recordings").findings == []
    database.close_now()
