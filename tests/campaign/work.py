"""What centers do in a campaign, given to a hub through its HTTP API."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeVar

import aiohttp

from hub.clock import system_clock, to_wire
from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from tests.bench.bench_lists import book
from tests.bench.city_directory import CITY, City, Person
from tests.support.hub_process import HubProcess, Tool

T = TypeVar("T")
#: How many commands are on their way at a time.
_AT_ONCE: Final = 24
_LISTS: Final = "/api/v1/clearings"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done."""

    meetings: int = 65
    consultations: int = 159
    reports: int = 16_274
    appeals: int = 15_739
    rows: int = 65_218
    orders: int = 60

    def part(self, share: float) -> Size:
        """A smaller campaign, with at least one of each."""
        names = ("meetings", "consultations", "reports", "appeals", "rows", "orders")
        return Size(**{name: max(1, round(getattr(self, name) * share)) for name in names})


class Campaign:
    """One hub, those who work with it, and what was done."""

    def __init__(self, hub: HubProcess, city: City, http: aiohttp.ClientSession, size: Size) -> None:
        self.size = size
        self.tree = CenterTree(yueyang_centers())
        tools = {one.account.center: self._tool(hub, http, one) for one in city.stations}
        self.stations = list(tools.values())
        self.by_center = tools
        self.desk = self._tool(hub, http, city.consoles[0])
        self.leaders = [self._tool(hub, http, one) for one in city.consoles[2:]]
        self.counties = [one.account["center"] for one in self.leaders]
        self._http, self._url = http, hub.url

    @staticmethod
    def _tool(hub: HubProcess, http: aiohttp.ClientSession, one: Person) -> Tool:
        account = {"id": one.account.id, "center": one.account.center}
        return Tool(http, hub.url, one.token, account)

    async def run(self, say: Callable[[str], None]) -> None:
        """All of it, a part after the other."""
        for what, work in (
            ("meetings and consultations", self._meet),
            ("reports", self._report),
            ("appeals", self._appeal),
            ("orders", self._order),
            ("the list", self._compare),
        ):
            begun = time.perf_counter()
            await work()
            say(f"{what}: {time.perf_counter() - begun:.1f} s")

    async def _meet(self) -> None:
        for number in range(self.size.meetings + self.size.consultations):
            kind = "dispatch" if number < self.size.meetings else "consultation"
            title = f"疫情防控{'调度' if kind == 'dispatch' else '会商'}第{number + 1}次"
            data = {"title": title, "kind": kind, "centers": self.counties, "record": False}
            opened = await self.desk.command("meeting.open", data)
            meeting = str(opened["entries"][0]["meeting"])
            coming = [self.by_center[code] for code in self.counties]
            await _each(coming, lambda who, meeting=meeting: who.command("meeting.join", {}, meeting))  # type: ignore[misc]
            await self.desk.command("meeting.end", {}, meeting)

    async def _report(self) -> None:
        async def one(number: int) -> None:
            who = self.stations[number % len(self.stations)]
            found = number % 40 == 0
            data: dict[str, Any] = {"situation": "abnormal" if found else "normal"}
            if found:
                data |= {"text": f"发现外来车辆一辆，已登记（{number}）", "persons": 1}
            await who.command("report.file", data)

        await _each(range(self.size.reports), one)

    async def _appeal(self) -> None:
        # a leader may do fifty a second; they go as fast as they may
        share = [range(at, self.size.appeals, len(self.leaders)) for at in range(len(self.leaders))]

        async def of_leader(at: int) -> None:
            for number in share[at]:
                data = {
                    "kind": "appeal",
                    "title": f"居民求助：买药送菜（{number}）",
                    "category": "livelihood",
                }
                await _patient(self.leaders[at], "incident.register", data)

        await asyncio.gather(*(of_leader(at) for at in range(len(self.leaders))))

    async def _order(self) -> None:
        due = to_wire(system_clock() + timedelta(hours=12))
        for number in range(self.size.orders):
            data = {"text": f"设卡点核查返乡人员（{number}）", "targets": self.counties, "due": due}
            issued = await self.desk.command("order.issue", data)
            order = issued["entries"][0]["data"]["order"]

            async def carry_out(code: str, order: str = order) -> None:
                who = self.by_center[code]
                await who.command("order.sign", {"order": order})
                await who.command("order.complete", {"order": order, "text": "已落实"})

            await _each(self.counties, carry_out)

    async def _compare(self) -> None:
        content = await asyncio.to_thread(book, self.tree, self.size.rows)
        draft = await self._post(f"{_LISTS}/drafts", content)
        path = f"{_LISTS}/drafts/{draft['draft']}"
        roles = {"columns": ["id", "personal", "personal", "center", "center", "center", "shown"]}
        await self._post(f"{path}/match", roles)
        # as a person settles what is not sure: he looks the village up by its path
        await self._post(f"{path}/load", {**roles, "title": "返乡人员比对", "leave_out": True})
        while (now := await self.desk.get(path))["state"] == "loading":
            await asyncio.sleep(0.2)
        if now["state"] != "loaded":
            raise RuntimeError(f"the list was not loaded: {now}")
        await self.desk.command("clearing.issue", {"clearing": now["clearing"]})
        self.left_out = int((await self.desk.get(_LISTS))["clearings"][0]["left_out"])

    left_out = 0
    """Rows of the list of which the center was not sure."""

    async def _post(self, path: str, body: bytes | dict[str, Any]) -> dict[str, Any]:
        more: dict[str, Any] = {"json": body} if isinstance(body, dict) else {"data": body}
        async with self._http.post(self._url + path, headers=self.desk.headers, **more) as answer:
            found: dict[str, Any] = await answer.json()
            if answer.status >= 300:
                raise RuntimeError(f"{path}: {found}")
            return found

    # -- what came of it

    async def counted(self) -> dict[str, tuple[int, int]]:
        """What statistics say, and what was done: name -> both."""
        found = (await self.desk.get("/api/v1/statistics"))["total"]["figures"]
        targets = self.size.orders * len(self.counties)
        calls = (self.size.meetings + self.size.consultations) * len(self.counties)
        done = {
            "meetings": self.size.meetings,
            "consultations": self.size.consultations,
            "reports": self.size.reports,
            "appeals": self.size.appeals,
            "rows": self.size.rows - self.left_out,
            "orders": targets,
            "on_time": targets,
            "called": calls,
            "attended": calls,
        }
        return {name: (found[name], number) for name, number in done.items()}

    async def pages(self, times: int) -> dict[str, float]:
        """What pages read first -> ms, the 95th of a hundred."""
        meetings = (await self.desk.get("/api/v1/meetings?limit=1"))["meetings"]
        clearing = (await self.desk.get(_LISTS))["clearings"][0]["id"]
        year = system_clock().year
        one = f"/api/v1/meetings/{meetings[0]['id']}"
        asked = {
            "统计，本月": "/api/v1/statistics",
            "统计，全年": f"/api/v1/statistics?from={year}-01-01&to={year}-12-31",
            "统计，一个县": f"/api/v1/statistics?center={self.counties[0]}",
            "档案": "/api/v1/meetings?limit=30",
            "档案，查“会商”": "/api/v1/meetings?limit=30&q=%E4%BC%9A%E5%95%86",
            "一次会议": one,
            "一次会议的记录": f"{one}/entries",
            "指令台账": "/api/v1/orders/ledger",
            "情况报告": "/api/v1/reports?limit=100",
            "情况报告，按下级": "/api/v1/reports/totals",
            "事件、诉求": "/api/v1/incidents",
            "比对": _LISTS,
            "比对看板": f"{_LISTS}/{clearing}/board?level=county",
            "值守": f"/api/v1/duty/log?center={CITY}",
        }
        return {name: await self._p95(path, times) for name, path in asked.items()}

    async def _p95(self, path: str, times: int) -> float:
        took = []
        for _ in range(times):
            begun = time.perf_counter()
            await self.desk.get(path)
            took.append((time.perf_counter() - begun) * 1000)
        return round(statistics.quantiles(took, n=20)[-1], 1) if times > 1 else round(took[0], 1)


async def _patient(who: Tool, kind: str, data: dict[str, Any]) -> None:
    """Give a command, and wait where the hub says that it comes too fast."""
    chance = random.Random(kind)
    for _ in range(120):
        try:
            await who.command(kind, data)
            return
        except AssertionError as refused:
            if " 429 " not in str(refused):
                raise
            await asyncio.sleep(1 + chance.random())
    raise RuntimeError(f"{kind}: the hub is too busy")


async def _each(items: Iterable[T], work: Callable[[T], Awaitable[Any]]) -> None:
    """Work on all of them, some at a time; the first fault ends it."""
    waiting = iter(items)

    async def worker() -> None:
        for item in waiting:
            await work(item)

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))
