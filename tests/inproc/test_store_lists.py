"""Paging through lists: each row once, in order, with any limit, also while new ones come; and only what is wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.filters import EVERYTHING, ListFilter
from hub.store.database import Database
from hub.store.queries import Queries
from tests.support.journal import HubWriter, command, join, open_meeting, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, account

LEADER, COUNTY_LEADER = account("leader", CITY), account("leader", COUNTY)
VILLAGER, OTHER_VILLAGER = account("station", VILLAGE), account("station", OTHER_VILLAGE)
AUDITOR, STRANGER = account("audit_admin", COUNTY), account("leader", OTHER_COUNTY)
ROWS = 9

List = Callable[[Account, Any, ListFilter, int], Awaitable[dict[str, Any]]]


@dataclass
class Records:
    """A hub with some orders, reports and decisions, in and out of a meeting."""

    writer: HubWriter
    queries: Queries
    meeting: str

    async def order(self, text: str, *targets: str, who: Account = LEADER, **more: Any) -> str:
        made = await self.writer.submit(command("order.issue", text=text, targets=list(targets), **more), who)
        return str(made.entries[0].data["order"])

    async def report(self, who: Account, situation: str = "normal", text: str = "") -> str:
        made = await self.writer.submit(command("report.file", situation=situation, text=text), who)
        return str(made.entries[0].data["report"])

    async def decide(self, text: str, who: Account = LEADER) -> str:
        made = await self.writer.submit(command("decision.record", self.meeting, text=text), who)
        return str(made.entries[0].data["decision"])

    def lists(self) -> dict[str, List]:
        return {
            "orders": self.queries.orders,
            "reports": self.queries.reports,
            "decisions": self.queries.decisions,
        }

    async def one_more(self) -> None:
        """A new row in each list, for everybody who pages."""
        await self.order("新", VILLAGE, OTHER_VILLAGE)
        await self.report(VILLAGER)
        await self.decide("新")


@pytest.fixture
async def records(database_url: str) -> AsyncIterator[Records]:
    async with running_writer(database_url) as (writer, database):
        meeting = await open_meeting(writer, LEADER, COUNTY, VILLAGE, record=False)
        await join(writer, meeting, LEADER)
        kept = Records(writer, _queries(database), meeting)
        for number in range(ROWS):
            await kept.order(f"{number} 号令", (VILLAGE, OTHER_VILLAGE, COUNTY)[number % 3])
            await kept.report((VILLAGER, OTHER_VILLAGER)[number % 2])
            await kept.decide(f"第 {number} 条")
        yield kept


def _queries(database: Database) -> Queries:
    return Queries(database)


async def paged(
    read: List,
    name: str,
    who: Account,
    wanted: ListFilter,
    limit: int,
    between: Callable[[], Awaitable[None]],
) -> list[str]:
    """Ids of all rows, read page by page as a client does."""
    found: list[str] = []
    while True:
        page = await read(who, TREE, wanted, limit)
        assert len(page[name]) <= limit
        found += [row["id"] for row in page[name]]
        if page["next"] is None:
            return found
        assert len(page[name]) == limit
        assert page["next"] == found[-1]
        wanted = replace(wanted, before=page["next"])
        await between()


async def nothing() -> None:
    """Nobody writes."""


@pytest.mark.parametrize("name", ["orders", "reports", "decisions"])
async def test_every_page_size_gives_each_row_once_and_in_order(records: Records, name: str) -> None:
    read = records.lists()[name]
    wanted = [EVERYTHING, ListFilter(center=TOWN)]
    for who in (LEADER, VILLAGER, AUDITOR):
        for filtered in wanted:
            whole = [row["id"] for row in (await read(who, TREE, filtered, 500))[name]]
            assert len(set(whole)) == len(whole)
            for limit in range(1, len(whole) + 2):
                assert await paged(read, name, who, filtered, limit, nothing) == whole, (
                    who.role,
                    filtered,
                    limit,
                )
    assert len((await read(LEADER, TREE, EVERYTHING, 500))[name]) == ROWS
    assert (await read(STRANGER, TREE, EVERYTHING, 500))[name] == []


@pytest.mark.parametrize("name", ["orders", "reports", "decisions"])
async def test_rows_that_come_meanwhile_shift_no_page(records: Records, name: str) -> None:
    read = records.lists()[name]
    for limit in (1, 2, 4):
        whole = [row["id"] for row in (await read(LEADER, TREE, EVERYTHING, 500))[name]]
        assert await paged(read, name, LEADER, EVERYTHING, limit, records.one_more) == whole


async def test_orders_are_found_by_each_filter(records: Records) -> None:
    urgent = await records.order("转移低洼群众", VILLAGE, priority="urgent")
    await records.writer.submit(command("order.sign", order=urgent), VILLAGER)
    own = await records.order("县里的", OTHER_VILLAGE, who=COUNTY_LEADER)

    async def ids(**wanted: Any) -> list[str]:
        page = await records.queries.orders(LEADER, TREE, ListFilter(**wanted))
        return [row["id"] for row in page["orders"]]

    assert await ids(priority="urgent") == await ids(state="signed") == await ids(text="低洼") == [urgent]
    assert own in await ids(center=COUNTY)
    assert own not in await ids(center=VILLAGE)
    assert await ids(priority="urgent", text="县里") == []
    assert await ids(text="%") == []
    assert await ids(id=own) == [own]
    assert await ids(id=own, priority="urgent") == []
    rows = (await records.queries.orders(LEADER, TREE))["orders"]
    at = next(row["issued_at"] for row in rows if row["id"] == urgent)
    after = to_wire(from_wire(at) + timedelta(microseconds=1))
    assert await ids(since=at) == [own, urgent]
    assert await ids(since=after) == [own]
    assert await ids(since=at, until=at) == [urgent]
    assert urgent not in await ids(before=urgent)
    assert len(await ids(before=urgent)) == ROWS


async def test_reports_and_decisions_are_found_by_each_filter(records: Records) -> None:
    alarm = await records.report(VILLAGER, "abnormal", "水位上涨")
    decided = await records.decide("三级响应")

    async def reports(**wanted: Any) -> list[str]:
        page = await records.queries.reports(LEADER, TREE, ListFilter(**wanted))
        return [row["id"] for row in page["reports"]]

    async def decisions(**wanted: Any) -> list[str]:
        page = await records.queries.decisions(LEADER, TREE, ListFilter(**wanted))
        return [row["id"] for row in page["decisions"]]

    assert await reports(situation="abnormal") == await reports(text="水位") == [alarm]
    assert await reports(situation="abnormal", center=OTHER_VILLAGE) == []
    assert len(await reports(situation="normal")) == ROWS
    assert await decisions(text="三级") == [decided]
    assert len(await decisions(center=CITY, meeting=records.meeting)) == ROWS + 1
    assert await decisions(center=COUNTY) == []


async def test_a_page_behind_what_one_may_not_see_is_empty_as_behind_what_is_not_there(
    records: Records,
) -> None:
    hidden = await records.order("别县", OTHER_COUNTY)
    assert (await records.queries.orders(LEADER, TREE, ListFilter(before=hidden)))["orders"] != []
    for before in (hidden, "o_000000000000000000"):
        page = await records.queries.orders(VILLAGER, TREE, ListFilter(before=before))
        assert page == {"orders": [], "next": None}


@pytest.mark.parametrize("kind", [None, "decision.recorded", "meeting.ended"])
async def test_entries_are_paged_through_both_ways(records: Records, kind: str | None) -> None:
    queries, meeting = records.queries, records.meeting
    for who in (LEADER, VILLAGER):
        whole = (await queries.entries(who, TREE, meeting, kind=kind))["entries"]
        assert all(entry["kind"] == kind for entry in whole if kind is not None)
        for limit in range(1, len(whole) + 2):
            on: list[Any] = []
            since: int | None = 0
            while since is not None:
                page = await queries.entries(who, TREE, meeting, since, limit, kind=kind)
                on, since = [*on, *page["entries"]], page["next"]
                assert len(page["entries"]) == limit or since is None
            back: list[Any] = []
            before: int | None = 2**62
            while before is not None:
                page = await queries.entries(who, TREE, meeting, limit=limit, before=before, kind=kind)
                back, before = [*page["entries"], *back], page["next"]
                assert len(page["entries"]) == limit or before is None
            assert on == back == whole, (who.role, limit)


async def test_the_newest_page_of_a_meeting_goes_on_to_older_ones_while_it_grows(records: Records) -> None:
    queries, meeting = records.queries, records.meeting
    newest = await queries.entries(LEADER, TREE, meeting, limit=3, before=2**62)
    await records.decide("新")
    older = await queries.entries(LEADER, TREE, meeting, limit=3, before=newest["next"])
    seqs = [entry["seq"] for entry in (*older["entries"], *newest["entries"])]
    whole = [entry["seq"] for entry in (await queries.entries(LEADER, TREE, meeting))["entries"]]
    assert seqs == whole[-7:-1]
    assert older["seq"] == whole[-1]
