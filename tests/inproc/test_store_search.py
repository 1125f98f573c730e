"""Finding by words, on both databases: what is there is found, and only by whom the table of rights lets read it."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import system_clock, to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import ROLES, asked_of, may, sees_meeting
from hub.directory.secrecy import may_see_level
from hub.dispatch.incident_state import incidents_of
from hub.entry import CLEARED as CLEARED_WORD
from hub.entry import Entry
from hub.filters import FindFilter, SpokenFilter
from hub.gates import level_of
from hub.state import HubState
from hub.store import tables
from hub.store.database import Database
from hub.store.found_anew import find_anew
from hub.store.offline import offline_journal, rebuild
from hub.store.queries import Queries
from hub.store.rows import entry_of
from hub.store.sight import Sight
from signaling.rooms import addressed_centers
from tests.support.journal import HubWriter, adopt, command, join, open_meeting, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, TREE, VILLAGE, account
from tests.support.story import COUNTY_LEADER, LEADER, VILLAGER, play

EVERYONE = [
    account(role, center.code, cleared=cleared)
    for role in ROLES
    for center in TREE.subtree(CITY)
    for cleared in (False, True)
]
CLEARED = replace(LEADER, cleared=True)
STRANGER = account("leader", OTHER_COUNTY)
COUNTY_STATION = account("station", COUNTY)
EVER = "2000-01-01T00:00:00Z"


def place(before: str | None) -> tuple[int, int] | None:
    """The place in the list that a page's `next` means."""
    if before is None:
        return None
    written, said = before.split(".")
    return int(written), int(said)


@dataclass
class Written:
    """A hub in which a story was played, another meeting is open, and something happened outside of meetings."""

    writer: HubWriter
    database: Database
    queries: Queries
    meeting: str

    async def find(self, who: Any = LEADER, **wanted: Any) -> dict[str, Any]:
        return await self.queries.find(who, TREE, FindFilter(**wanted))

    async def kinds(self, who: Any = LEADER, **wanted: Any) -> list[str]:
        return [hit["kind"] for group in (await self.find(who, **wanted))["groups"] for hit in group["hits"]]


async def outside(writer: HubWriter) -> None:
    """A task, a meeting booked, a duty handed over: what is written down outside of meetings."""
    soon = to_wire(system_clock() + timedelta(hours=5))
    task: dict[str, Any] = {
        "title": "汛情日报",
        "text": "查看涵闸",
        "centers": [COUNTY, VILLAGE],
        "due": soon,
    }
    await writer.submit(command("task.give", **task), LEADER)
    booking: dict[str, Any] = {
        "title": "防汛例会",
        "kind": "dispatch",
        "starts_at": soon,
        "centers": [COUNTY, VILLAGE],
    }
    await writer.submit(command("booking.make", **booking, note="带报表"), LEADER)
    taken = await writer.submit(command("duty.take", name="赵某"), COUNTY_STATION)
    turn = taken.entries[0].data["turn"]
    note: dict[str, Any] = {"situation": "涵闸漏水", "to_do": "夜间复看"}
    await writer.submit(command("duty.hand_over", turn=turn, **note), COUNTY_STATION)


@pytest.fixture
async def written(database_url: str, tmp_path: Path) -> AsyncIterator[Written]:
    async with running_writer(database_url) as (writer, database):
        await play(writer, tmp_path)
        meeting = await open_meeting(writer, LEADER, COUNTY, VILLAGE, OTHER_COUNTY, title="汛期会商")
        await join(writer, meeting, VILLAGER)
        await writer.submit(command("floor.request", meeting), VILLAGER)
        await writer.submit(command("floor.grant", meeting, participant=VILLAGER.id), LEADER)
        await writer.submit(command("order.issue", meeting, text="机密任务一", targets=[COUNTY]), LEADER)
        await writer.submit(command("report.file", situation="normal", text="检查站平静"), VILLAGER)
        incident = {"kind": "incident", "title": "检查站护坡裂缝", "site": VILLAGE}
        await writer.submit(command("incident.register", **incident), LEADER)
        await outside(writer)
        await writer.submit(command("banner.show", meeting, kind="banner", text="请各中心静音"), LEADER)
        yield Written(writer, database, Queries(database), meeting)


async def in_secret(writer: HubWriter) -> None:
    """A secret meeting in which all that has words is said, and what is done about that outside of it."""
    villager = replace(VILLAGER, cleared=True)
    await adopt(writer, CLEARED, villager, replace(COUNTY_LEADER, cleared=True))
    meeting = await open_meeting(
        writer, CLEARED, COUNTY, VILLAGE, OTHER_COUNTY, title="涉密会商", record=False, level="secret"
    )
    await join(writer, meeting, CLEARED, villager)

    async def do(who: Account, kind: str, /, meeting: str | None = meeting, **data: Any) -> dict[str, Any]:
        return dict((await writer.submit(command(kind, meeting, **data), who)).entries[0].data)

    issued = await do(CLEARED, "order.issue", text="涉密令", targets=[COUNTY, VILLAGE, CITY])
    order = {"order": issued["order"]}
    await do(VILLAGER, "order.sign", None, **order)
    await do(VILLAGER, "order.progress", None, **order, text="涉密令办了一半", percent=50)
    await do(
        CLEARED, "order.correct", None, **order, text="涉密令之二", priority="normal", due=None, reason="更正"
    )
    await do(villager, "report.file", situation="abnormal", text="涉密情况")
    taken_in = await do(CLEARED, "incident.register", kind="incident", title="涉密事件", site=OTHER_COUNTY)
    incident = {"incident": taken_in["incident"]}
    await do(CLEARED, "incident.route", **incident, to=COUNTY, reason="涉密交办")
    await do(COUNTY_LEADER, "incident.acknowledge", None, **incident)
    await do(COUNTY_LEADER, "incident.note", None, **incident, text="涉密事件在办")
    await do(CLEARED, "decision.record", text="涉密决策")
    await do(CLEARED, "note.add", text="涉密笔记")
    await do(CLEARED, "mark.add", text="涉密标记", at=to_wire(system_clock()))
    await do(CLEARED, "banner.show", kind="banner", text="涉密横幅")
    booking: dict[str, Any] = {"title": "涉密例会", "kind": "dispatch", "centers": [COUNTY, VILLAGE]}
    booking |= {"starts_at": to_wire(system_clock() + timedelta(hours=9)), "level": "secret"}
    await do(CLEARED, "booking.make", None, **booking)


def reads(who: Account, sight: Sight, entry: Entry, inside: bool, state: HubState) -> bool:
    """Whether the account may read the entry, by the rules for one entry: table, level, and what is asked of its center."""
    secret = level_of(state, entry.meeting) == "secret"
    if "incident" in entry.data:
        # Whom it came to later reads what was done about it before.
        incident = incidents_of(state).by_id[entry.data["incident"]]
        if may_see_level(who, level_of(state, incident.meeting)):
            return any(may(who, "incident.read", TREE, code) for code in incident.concerned)
        return asked_of(who, TREE, "incident.read", incident.asked)
    if sight.reads(entry.kind, entry.audience, inside, secret=secret):
        return True
    if who.cleared or not (secret or CLEARED_WORD in entry.audience):
        return False
    return "order" in entry.data and asked_of(who, TREE, "order.read", addressed_centers(entry))


async def test_each_account_finds_exactly_what_it_may_read(written: Written) -> None:
    await in_secret(written.writer)
    with written.database.reading() as connection:
        rows = connection.execute(
            sa.select(tables.entries).join(tables.texts, tables.texts.c.seq == tables.entries.c.seq)
        ).all()
        meetings = {row.id: row for row in connection.execute(sa.select(tables.meetings))}
        called: dict[str, set[str]] = {}
        for row in connection.execute(sa.select(tables.meeting_centers)):
            called.setdefault(row.meeting, set()).add(row.center)
    entries = [entry_of(row) for row in rows]
    assert {entry.kind.split(".")[0] for entry in entries} >= {
        "banner",
        "task",
        "booking",
        "duty",
        "meeting",
        "order",
        "report",
        "decision",
        "incident",
    }
    for who in EVERYONE:
        sight = Sight(who, TREE, written.database.engine.dialect.name)
        may_read = {
            entry.seq
            for entry in entries
            if reads(
                who,
                sight,
                entry,
                entry.meeting is not None
                and sees_meeting(
                    *(who, TREE, meetings[entry.meeting].chair_center, called[entry.meeting]),
                    level=meetings[entry.meeting].level,
                ),
                written.writer.state,
            )
        }
        page = await written.queries.find(who, TREE, FindFilter(since=EVER), 200)
        found = [hit["seq"] for group in page["groups"] for hit in group["hits"]]
        assert (set(found), len(found)) == (may_read, page["total"]), who
        if not who.cleared:
            told = json.dumps(page, ensure_ascii=False)
            asked = ("涉密令", "涉密事件", "涉密交办")
            for each in re.findall("涉密..", told):
                assert each.startswith(tuple(word[:4] for word in asked)), who


async def test_numbers_and_meetings_give_nothing_away(written: Written) -> None:
    hidden = await written.find(STRANGER, text="机密")
    assert hidden == {"groups": [], "next": None, "total": 0, "more": False}
    (group,) = (await written.find(text="机密"))["groups"]
    (hit,) = group["hits"]
    assert (group["meeting"]["title"], hit["text"], hit["marks"]) == ("汛期会商", "机密任务一", [[0, 2]])
    # Who was removed from the meeting sees the order to his center, and not from which meeting it came.
    leader = account("leader", COUNTY)
    await join(written.writer, written.meeting, leader)
    await written.writer.submit(
        command("participant.remove", written.meeting, participant=leader.id, reason="误入"), LEADER
    )
    (group,) = (await written.find(leader, text="机密"))["groups"]
    assert (group["meeting"], group["hits"][0]["meeting"]) == (None, None)
    assert (await written.find(leader, text="机密", meeting=written.meeting))["groups"] == []


async def test_words_names_pinyin_and_filters_narrow_what_is_found(written: Written) -> None:
    find = written.kinds
    assert await find(text="检查") == ["incident.registered", "report.filed"]
    assert await find(text="坦渡 平静") == ["report.filed"]
    assert await find(text="平静 裂缝") == []
    assert set(await find(text="tanducun")) == set(await find(text="tdc")) == {"meeting.joined"}
    assert await find(text="检查", sorts=frozenset({"incident"})) == ["incident.registered"]
    assert await find(text="检查", state="open", sorts=frozenset({"incident"})) == ["incident.registered"]
    assert await find(text="检查", state="over", sorts=frozenset({"incident"})) == []
    assert await find(text="检查", center=OTHER_COUNTY) == []
    assert len(await find(text="检查", center=COUNTY)) == 2
    assert await find(text="机密", center=COUNTY) == ["order.issued"]
    assert await find(text="汛期", meeting=written.meeting) == ["meeting.opened"]
    assert await find(text="汛期", until="2001-01-01T00:00:00Z") == []


async def test_what_stands_outside_of_meetings_is_found_by_those_it_concerns(written: Written) -> None:
    find, village, stranger = written.kinds, account("leader", VILLAGE), STRANGER
    assert await find(text="涵闸") == ["duty.handed", "task.given"]
    assert await find(village, text="涵闸") == ["task.given"]
    assert await find(village, text="报表") == ["booking.made"]
    assert await find(stranger, text="涵闸") == await find(stranger, text="例会") == []
    assert await find(text="例会", state="open") == ["booking.made"]
    assert await find(text="日报", state="open") == ["task.given"]
    assert await find(text="静音", sorts=frozenset({"banner"})) == ["banner.shown"]


async def test_words_of_a_booking_that_waits_reach_those_called_only_as_they_are_approved(
    written: Written,
) -> None:
    writer, find, dispatcher = written.writer, written.kinds, account("dispatcher", COUNTY)
    village, soon = account("leader", VILLAGE), to_wire(system_clock() + timedelta(hours=9))
    required: dict[str, Any] = {"center": COUNTY, "required": True}
    await writer.submit(command("booking.require_approval", **required), LEADER)
    booking: dict[str, Any] = {"kind": "dispatch", "starts_at": soon, "centers": [VILLAGE]}
    made = await writer.submit(command("booking.make", **booking, title="内部商议人事"), dispatcher)
    id = made.entries[0].data["booking"]
    assert await find(dispatcher, text="人事") == ["booking.made"]
    assert await find(village, text="人事") == []
    await writer.submit(command("booking.change", **booking, booking=id, title="商议堤防"), dispatcher)
    await writer.submit(command("booking.approve", booking=id), account("leader", COUNTY))
    assert await find(village, text="堤防") == await find(dispatcher, text="堤防") == ["booking.changed"]
    assert await find(village, text="人事") == await find(dispatcher, text="人事") == []


async def test_a_mark_is_found_by_what_it_says_now_and_no_more_once_it_is_taken_back(
    written: Written,
) -> None:
    writer, find, now = written.writer, written.kinds, to_wire(system_clock())
    added = await writer.submit(command("mark.add", written.meeting, at=now, text="存疑之处"), LEADER)
    mark = added.entries[0].data["mark"]
    assert await find(text="存疑") == ["mark.added"]
    changed = command("mark.change", written.meeting, mark=mark, at=now, text="已核实之处")
    await writer.submit(changed, LEADER)
    assert (await find(text="存疑"), await find(text="核实")) == ([], ["mark.changed"])
    await writer.submit(command("mark.withdraw", written.meeting, mark=mark), LEADER)
    assert await find(text="核实") == []


async def test_pages_follow_each_other_without_a_gap(written: Written) -> None:
    whole = await written.find(since=EVER)
    seqs = [hit["seq"] for group in whole["groups"] for hit in group["hits"]]
    paged: list[int] = []
    before: str | None = None
    while True:
        page = await written.queries.find(LEADER, TREE, FindFilter(since=EVER, before=place(before)), 3)
        paged += [hit["seq"] for group in page["groups"] for hit in group["hits"]]
        assert (page["total"] is None) is (before is not None)
        if (before := page["next"]) is None:
            break
    assert paged == sorted(seqs, reverse=True)


async def test_when_a_center_had_the_word_is_told_from_entries(written: Written) -> None:
    async def spans(who: Any = LEADER) -> list[tuple[str, str, bool]]:
        page = await written.queries.spoken(who, TREE, SpokenFilter(VILLAGE, meeting=written.meeting))
        return [
            (span["why"], span["center_name"], span["to_at"] is None)
            for group in page["groups"]
            for span in group["spans"]
        ]

    assert await spans() == [("floor", "坦渡村", True)]
    await written.writer.submit(command("floor.release", written.meeting), VILLAGER)
    await written.writer.submit(command("stage.broadcast", written.meeting, participant=VILLAGER.id), LEADER)
    await written.writer.submit(command("meeting.end", written.meeting), LEADER)
    assert await spans() == [("floor", "坦渡村", False), ("broadcast", "坦渡村", False)]
    assert await spans(account("leader", OTHER_TOWN)) == []


async def test_an_index_made_anew_finds_the_same_and_one_that_lacks_rows_is_named(written: Written) -> None:
    before = await written.find(text="检查")
    with written.database.writing() as connection:
        find_anew(connection)
    assert await written.find(text="检查") == before
    await written.writer.stop()
    rebuild(written.database)
    assert await written.find(text="检查") == before
    with offline_journal(written.database) as journal:
        assert list(journal.projection_differences(journal.all_entries(lambda seq, text: None))) == []
    with written.database.writing() as connection:
        if written.database.is_sqlite:
            tables.texts_index.clear(connection)
        else:
            connection.exec_driver_sql("UPDATE texts SET grams = NULL")
    with offline_journal(written.database) as journal:
        (told,) = journal.projection_differences(journal.all_entries(lambda seq, text: None))
    assert told.startswith("texts: the index of words is")
