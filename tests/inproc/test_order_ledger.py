"""The ledger of orders: each filter gives what it says, what is late comes first, pages give each once, and sums agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hub.clock import system_clock, to_wire
from hub.directory.accounts import Account
from hub.filters import LedgerFilter
from hub.store.database import Database
from hub.store.queries import Queries
from tests.support.journal import HubWriter, command, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TREE, VILLAGE, account

LEADER, COUNTY_LEADER = account("leader", CITY), account("leader", COUNTY)
VILLAGER, STRANGER = account("station", VILLAGE), account("leader", OTHER_COUNTY)


class Ledger:
    """A hub with orders in every state, by name; its readers look three hours later."""

    def __init__(self, writer: HubWriter, database: Database) -> None:
        self.writer = writer
        self.queries = Queries(database, lambda: system_clock() + timedelta(hours=3))
        self.ids: dict[str, str] = {}

    async def do(self, who: Account, kind: str, **data: Any) -> Any:
        return await self.writer.submit(command(kind, **data), who)

    async def issue(
        self, name: str, who: Account, *targets: str, hours: int | None = None, **more: Any
    ) -> str:
        due = None if hours is None else to_wire(system_clock() + timedelta(hours=hours))
        made = await self.do(who, "order.issue", text=name, targets=list(targets), due=due, **more)
        self.ids[name] = str(made.entries[0].data["order"])
        return self.ids[name]

    async def fill(self) -> None:
        await self.issue("未签收", LEADER, VILLAGE)
        done = await self.issue("待验收", LEADER, VILLAGE, hours=9)
        for kind in ("order.sign", "order.complete"):
            await self.do(VILLAGER, kind, order=done)
        late = await self.issue("超期", LEADER, COUNTY, OTHER_VILLAGE, hours=2, priority="urgent")
        await self.do(COUNTY_LEADER, "order.sign", order=late)
        await self.do(LEADER, "order.supervise", order=late, on=True)
        down = await self.issue("下转", COUNTY_LEADER, VILLAGE, hours=1, parent=late)
        await self.do(VILLAGER, "order.sign", order=down)
        later = to_wire(system_clock() + timedelta(hours=8))
        await self.do(VILLAGER, "extension.ask", order=down, due=later, reason="雨大")
        gone = await self.issue("撤回", LEADER, VILLAGE)
        await self.do(LEADER, "order.withdraw", order=gone, reason="有误")

    async def names(self, who: Account, wanted: LedgerFilter, limit: int = 50) -> list[str]:
        names = {id: name for name, id in self.ids.items()}
        found: list[str] = []
        while True:
            page = await self.queries.order_ledger(who, TREE, wanted, limit)
            found += [names[line["id"]] for line in page["orders"]]
            if page["next"] is None:
                return found
            wanted = replace(wanted, before=page["next"])


async def test_the_ledger_says_what_is_open_late_and_waits_for_whom(database_url: str) -> None:
    async with running_writer(database_url) as (writer, database):
        ledger = Ledger(writer, database)
        await ledger.fill()
        open_orders = ["下转", "超期", "待验收", "未签收"]
        assert await ledger.names(LEADER, LedgerFilter()) == open_orders, "what is due first, no date last"
        for limit in (1, 3):
            assert await ledger.names(LEADER, LedgerFilter(), limit) == open_orders
        for wanted, names in (
            (LedgerFilter("unsigned"), ["超期", "未签收"]),
            (LedgerFilter("doing"), ["下转", "超期"]),
            (LedgerFilter("late"), ["下转", "超期"]),
            (LedgerFilter("check"), ["待验收"]),
            (LedgerFilter("asked"), ["下转"]),
            (LedgerFilter("ended"), ["撤回"]),
            (LedgerFilter("all", text="转"), ["下转"]),
            (LedgerFilter(text="临湘指"), ["下转"]),
            (LedgerFilter(side="issued"), ["超期", "待验收", "未签收"]),
            (LedgerFilter(side="below"), ["下转"]),
            (LedgerFilter(priority="urgent"), ["超期"]),
            (LedgerFilter(supervised=True), ["超期"]),
            (LedgerFilter(center=OTHER_VILLAGE), ["超期"]),
        ):
            assert await ledger.names(LEADER, wanted) == names, wanted
        assert await ledger.names(COUNTY_LEADER, LedgerFilter(side="received")) == ["超期"]
        assert await ledger.names(STRANGER, LedgerFilter("all")) == []
        assert await ledger.names(VILLAGER, LedgerFilter("unsigned")) == ["未签收"]
        page = await ledger.queries.order_ledger(LEADER, TREE, LedgerFilter())
        assert page["sums"] == {
            state: len(await ledger.names(LEADER, LedgerFilter(state)))
            for state in ("open", "unsigned", "late", "check", "asked")
        }
        by_id = {line["id"]: line for line in page["orders"]}
        late = by_id[ledger.ids["超期"]]
        assert late["counts"] == {
            "targets": 2,
            "signed": 1,
            "returned": 0,
            "done": 0,
            "accepted": 0,
            "late": 2,
            "asked": 0,
        }
        assert (late["supervised"], late["number"][:2]) == (True, "岳指")
        whole = (await ledger.queries.orders(LEADER, TREE))["orders"]
        (county,) = (
            target
            for order in whole
            if order["id"] == ledger.ids["超期"]
            for target in order["targets"]
            if target["center"] == COUNTY
        )
        assert county["below"] == [{"orders": 1, "targets": 1, "signed": 1, "done": 0}]
        own = (await ledger.queries.order_ledger(COUNTY_LEADER, TREE, LedgerFilter(side="received")))[
            "orders"
        ]
        assert own[0]["own"]["state"] == "in_progress"
