"""Orders under `kill -9`: ``python -m tests.bench.bench_orders_killed [--orders 1000] [--kills 15]``. Prints JSON.

A real hub (control, node, recorder) on SQLite and on PostgreSQL. 24 callers give orders, each to three stations, which tell
that it was delivered, sign, report progress and complete it, all by HTTP; the issuer accepts. Whoever gets no answer asks again
under the same id. Meanwhile control, the database, and both at once are killed in turn; control is started again as a service
manager would. At the end every answer that was given is looked up in the journal and asked for once more: `lost` are answers
whose entry is not there, `doubled` what stands twice, `out_of_order` targets whose entries are not in turn and numbers with
gaps, `answered_otherwise` repetitions that got another answer, `unsound` what the verification of chain and rows says.
Commands of the cycle: its issue, four for each station, and the acceptance.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
import tempfile
import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp

from hub.directory.accounts import LEADER, Account
from tests.bench.city_directory import City, Person, build_city
from tests.support.hub_process import HubProcess
from tests.support.journal import running_writer
from tests.support.postgres import Postgres, running_postgres
from tests.support.receipts import Asked, Callers, NotNow, Receipt
from tests.support.receipts_kept import ask_again, look
from tests.support.waiting import eventually

#: The first centers of the list: the city, and all of its first county.
_STATIONS: Final = 60
_CALLERS: Final = 24
_TARGETS: Final = 3
#: All of one database takes so long at most.
_LIMIT_S: Final = 420.0
#: What passes: no journal, too many commands at a time, stopping.
_PASSING: Final = (429, 503)


class Line:
    """Everybody's way to the hub."""

    def __init__(self, hub: HubProcess, people: dict[str, Person], http: aiohttp.ClientSession) -> None:
        self._url = f"{hub.url}/api/v1/commands"
        self._people = people
        self._http = http

    async def ask(self, asked: Asked) -> Receipt:
        """Ask once. Raises NotNow."""
        body = {"id": asked.id, "kind": asked.kind, "data": asked.data}
        headers = {"Authorization": f"Bearer {self._people[asked.center].token}"}
        try:
            async with self._http.post(self._url, json=body, headers=headers) as answer:
                if answer.status in _PASSING:
                    raise NotNow
                found = await answer.json()
                if answer.status != 200:
                    raise RuntimeError(f"{asked}: {found}")
        except (aiohttp.ClientError, TimeoutError):
            raise NotNow from None
        last = found["entries"][-1]
        return Receipt(asked, found["seq"], last["hash"], last["data"]["order"])


class Killing:
    """Who is killed next, and that it comes back."""

    def __init__(self, hub: HubProcess, server: Postgres | None, callers: Callers) -> None:
        self.of_control = self.of_database = 0
        kinds = ("control",) if server is None else ("control", "database", "both")
        self._turns = itertools.cycle(kinds)
        self._hub = hub
        self._server = server
        self._callers = callers

    async def one(self) -> None:
        """Kill, wait until callers have noticed, and start it again."""
        what, again = next(self._turns), self._callers.again
        if what != "control" and self._server is not None:
            await asyncio.to_thread(self._server.kill)
            self.of_database += 1
        if what != "database":
            await asyncio.to_thread(self._hub.kill, "control")
            self.of_control += 1
        await eventually(lambda: self._callers.again > again, 60, "nobody notices")
        if what != "control" and self._server is not None:
            await asyncio.to_thread(self._server.start)
        if what != "database":
            await self._hub.start(90)
        print(f"{what} killed after {len(self._callers.receipts)} answers", file=sys.stderr, flush=True)


def _people(city: City) -> dict[str, Person]:
    """The leader of each center that has one, else its station."""
    leaders = {each.account.center: each for each in city.consoles if each.account.role == LEADER}
    return {each.account.center: each for each in city.stations} | leaders


async def _play(
    hub: HubProcess, city: City, server: Postgres | None, orders: int, kills: int
) -> tuple[Callers, Killing]:
    """All orders, and all kills meanwhile."""
    targets = [each.account.center for each in city.stations if not each.account.center.endswith("000000")]
    issuer = city.consoles[0].account.center
    numbers = iter(range(orders))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(10)) as http:
        callers = Callers(Line(hub, _people(city), http).ask)
        killing = Killing(hub, server, callers)

        async def caller() -> None:
            for number in numbers:
                chosen = [targets[(number * _TARGETS + each) % len(targets)] for each in range(_TARGETS)]
                await callers.order(f"o{number}", issuer, chosen)

        async with asyncio.timeout(_LIMIT_S), asyncio.TaskGroup() as working:
            for _ in range(_CALLERS):
                working.create_task(caller())
            whole = orders * (2 + 4 * _TARGETS)
            for number in range(kills):
                await eventually(
                    partial(_reached, callers, whole * (number + 1) // (kills + 1)), 120, "it stands still"
                )
                await killing.one()
    return callers, killing


def _reached(callers: Callers, wanted: int) -> bool:
    return len(callers.receipts) >= wanted


async def measure(server: Postgres | None, orders: int, kills: int) -> dict[str, Any]:
    """One database."""
    with tempfile.TemporaryDirectory(prefix="bench-killed-") as name:
        folder = Path(name) / "hub"
        url = f"sqlite:///{folder / 'hub.db'}" if server is None else server.new_database()
        city = await build_city(folder, _STATIONS, url)
        people = _people(city)
        hub = HubProcess(folder, {"HUB_DATABASE_URL": url}, demo=False)
        begun = time.monotonic()
        try:
            await hub.start(90)
            callers, killing = await _play(hub, city, server, orders, kills)
        finally:
            hub.stop()
        spent = time.monotonic() - begun
        receipts = list(callers.receipts.values())

        def account_of(center: str) -> Account:
            return people[center].account

        async with running_writer(url) as (writer, database):
            found = await asyncio.to_thread(look, database, folder, receipts)
            await ask_again(writer, receipts, account_of, found)
    for each in found.all()[:20]:
        print(each, file=sys.stderr)
    return {
        "database": "sqlite" if server is None else "postgresql",
        "orders": orders,
        "answered": len(receipts),
        "kills_of_control": killing.of_control,
        "kills_of_database": killing.of_database,
        "asked_again": callers.again,
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "out_of_order": len(found.out_of_order),
        "answered_otherwise": len(found.answered_otherwise),
        "unsound": len(found.unsound),
        "took_s": round(spent, 1),
    }


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=15)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    rows = []
    for database in ("sqlite", "postgresql"):
        if asked.only in (None, database):
            with running_postgres() if database == "postgresql" else nullcontext() as server:
                rows.append(asyncio.run(measure(server, asked.orders, asked.kills)))
    print(json.dumps({"orders_killed": rows}, indent=1))


if __name__ == "__main__":
    main()
