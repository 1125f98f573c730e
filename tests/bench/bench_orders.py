"""Orders and their receipts: ``python -m tests.bench.bench_orders [--orders 50] [--stations 1700]``. Prints JSON.

On SQLite and on PostgreSQL. *shown*: from before the leader's POST to the animation frame in which the village's own page, in
real Chromium, has the order in its document, one after the other; *delivered*: until the page has told that it shows it, and
shows that the hub has written so. Then all stations are on their lines (plain sockets, each with what its page does) and get
one order: *delivered by all at once* is from each one's telling to the hub's answer, *signed within 5 s* the same of their
signatures, each at a random moment of five seconds; `committed` are those that stand in the database afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Final

import aiohttp
import sqlalchemy as sa
from playwright.async_api import Page

from hub.descriptors import raise_descriptor_limit
from hub.store import tables
from hub.store.database import open_database
from tests.bench.bench_city import Crowd
from tests.bench.city_directory import build_city
from tests.bench.city_people import Member, StationPage, hang_up_silent
from tests.bench.live import VILLAGE, LiveHub, live_hub, percentiles
from tests.e2e.browser import launch, open_page, playwright_running, sign_in
from tests.support.hub_process import HubProcess
from tests.support.postgres import Postgres, running_postgres
from tests.support.waiting import eventually

#: Within so long all sign.
SPAN_S: Final = 5.0
#: Lines that are being opened at the same time.
_OPENING: Final = 64
_PATIENCE_S: Final = 120.0

#: Notes the wall clock of the animation frame after an order came into the document, and after it stood there as delivered.
WATCH = """() => {
  window.__shown = {}
  const note = (name) => {
    if (name in window.__shown) return
    window.__shown[name] = null
    requestAnimationFrame(() => { window.__shown[name] = Date.now() })
  }
  const look = () => {
    for (const one of document.querySelectorAll('article[data-testid^="station-order-"]')) {
      note(one.dataset.testid)
      if (one.dataset.state === 'delivered') note(one.dataset.testid + ' delivered')
    }
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true })
}"""


async def one_order(live: LiveHub, page: Page, number: int) -> tuple[float, float]:
    """Issue one order and wait until the page shows it, and shows it as delivered; milliseconds."""
    data = {"text": f"第 {number} 次巡查河堤", "priority": "urgent", "targets": [VILLAGE]}
    begun = time.time() * 1000
    answer = await live.leader.command("order.issue", data)
    name = f"station-order-{answer['entries'][0]['data']['order']}"

    async def at(what: str) -> float:
        moment = await page.evaluate("name => window.__shown[name] ?? null", what)
        assert moment is not None, f"{what} is not on the page"
        return float(moment)

    shown = await eventually(lambda: at(name), 15)
    return shown - begun, await eventually(lambda: at(f"{name} delivered"), 15) - begun


async def at_the_page(url: str | None, count: int) -> list[dict[str, Any]]:
    """Orders to a station's page in Chromium."""
    async with live_hub(url) as live, playwright_running() as playwright:
        browser = await launch(playwright)
        page = await open_page(browser, live.hub.url)
        await sign_in(page, live.hub.account("station", VILLAGE))
        await page.locator('[data-testid="station-line"][data-state="online"]').wait_for()
        await page.evaluate(WATCH)
        await one_order(live, page, 0)
        spent = [await one_order(live, page, number) for number in range(1, count + 1)]
        await browser.close()
    return [
        {"what": "shown", **percentiles([shown for shown, _ in spent])},
        {"what": "delivered", **percentiles([delivered for _, delivered in spent])},
    ]


class SigningStation(StationPage):
    """A station that tells at once that it shows the order, and signs it when it is told to."""

    order: str | None = None
    delivered_ms = 0.0
    signed_ms = 0.0

    def on_changed(self, told: dict[str, Any]) -> None:
        if told["what"] == "order" and self.order is None and told.get("value") is not None:
            self.order = str(told["id"])
            self.begin_work(self._deliver(self.order))

    async def _deliver(self, order: str) -> None:
        self.delivered_ms = await self._timed("order.deliver", order)

    async def sign(self) -> None:
        """Sign at some moment of the next seconds."""
        await asyncio.sleep(self.chance.uniform(0, SPAN_S))
        self.signed_ms = await self._timed("order.sign", str(self.order))

    async def _timed(self, kind: str, order: str) -> float:
        begun = time.perf_counter()
        await self.command(kind, {"order": order})
        return (time.perf_counter() - begun) * 1000


async def _connected(crowd: Crowd) -> None:
    room = asyncio.Semaphore(_OPENING)

    async def one(member: Member) -> None:
        async with room:
            crowd.start([member])
            await eventually(lambda: member.greeted_at > 0, _PATIENCE_S, "a line does not stand")

    await asyncio.gather(*map(one, crowd.members))


async def by_all(url: str | None, count: int) -> list[dict[str, Any]]:
    """One order to so many stations, and their receipts."""
    with tempfile.TemporaryDirectory(prefix="bench-orders-") as name:
        folder = Path(name) / "hub"
        city = await build_city(folder, count, url)
        hub = HubProcess(folder, {"HUB_DATABASE_URL": url} if url else {}, demo=False)
        async with aiohttp.ClientSession() as http:
            crowd = Crowd(hub, city, http, SigningStation)
            stations = [each for each in crowd.stations if isinstance(each, SigningStation)]
            watching = asyncio.create_task(hang_up_silent(crowd.members))
            try:
                await hub.start(90)
                await _connected(crowd)
                targets = [each.person.account.center for each in stations]
                await crowd.chair.command("order.issue", {"text": "加强堤防巡查", "targets": targets})
                await eventually(
                    lambda: all(each.delivered_ms for each in stations), _PATIENCE_S, "not delivered to all"
                )
                begun = time.perf_counter()
                await asyncio.gather(*(each.sign() for each in stations))
                took_s = time.perf_counter() - begun
            finally:
                watching.cancel()
                await crowd.stop()
                hub.stop()
        database = open_database(url or f"sqlite:///{folder / 'hub.db'}")
        try:
            with database.reading() as connection:
                signed = sa.select(sa.func.count()).where(tables.order_targets.c.signed_at.is_not(None))
                committed = int(connection.execute(signed).scalar_one())
        finally:
            await database.close()
    return [
        {"what": "delivered by all at once", **percentiles([each.delivered_ms for each in stations])},
        {
            "what": "signed within 5 s",
            **percentiles([each.signed_ms for each in stations]),
            "committed": committed,
            "took_s": round(took_s, 2),
        },
    ]


def measure(server: Postgres | None, orders: int, stations: int) -> list[dict[str, Any]]:
    """One database; None: an SQLite file."""

    def url() -> str | None:
        return None if server is None else server.new_database()

    rows = asyncio.run(at_the_page(url(), orders)) + asyncio.run(by_all(url(), stations))
    empty = {"what": "", "database": "sqlite" if server is None else "postgresql"}
    last = {"committed": None, "took_s": None}
    return [{**empty, **row, **{name: row.get(name) for name in last}} for row in rows]


def main() -> None:
    """Both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--stations", type=int, default=1700)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    raise_descriptor_limit()
    rows = []
    for database in ("sqlite", "postgresql"):
        if asked.only in (None, database):
            with running_postgres() if database == "postgresql" else nullcontext() as server:
                rows += measure(server, asked.orders, asked.stations)
    print(json.dumps({"orders": rows}, indent=1))


if __name__ == "__main__":
    main()
