"""Reading: the shapes of docs/protocol.md, and only what the permission table lets an account see."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.clock import from_wire, system_clock
from hub.directory.permissions import ACTIONS, ROLES, asked_of, may, sees_meeting
from hub.directory.secrecy import may_see_level
from hub.filters import ListFilter
from hub.gates import level_of
from hub.store import tables
from hub.store.database import Database
from hub.store.queries import Queries
from hub.store.sight import Sight, centers_for
from tests.support.journal import HubWriter, command, join, open_meeting, running_writer
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    account,
)
from tests.support.story import CLERK, COUNTY_LEADER, ENTRIES, LEADER, OTHER_VILLAGER, VILLAGER, Told, play

AUDITOR = account("audit_admin", COUNTY)
STRANGER = account("leader", OTHER_COUNTY)
EVERYONE = [
    account(role, center.code, cleared=cleared)
    for role in ROLES
    for center in TREE.subtree(CITY)
    for cleared in (False, True)
]


@dataclass
class Archive:
    """A hub in which one story was played to its end."""

    writer: HubWriter
    database: Database
    queries: Queries
    told: Told


@pytest.fixture
async def archive(database_url: str, tmp_path: Path) -> AsyncIterator[Archive]:
    async with running_writer(database_url) as (writer, database):
        yield Archive(writer, database, Queries(database), await play(writer, tmp_path))


async def test_a_snapshot_tells_everything_about_a_meeting(archive: Archive) -> None:
    told = archive.told
    shown = await archive.queries.meeting_snapshot(LEADER, TREE, told.meeting)
    assert shown is not None
    assert {
        key: shown[key] for key in ("id", "title", "kind", "state", "record", "recording", "broadcast", "seq")
    } == {
        "id": told.meeting,
        "title": "防汛调度",
        "kind": "dispatch",
        "state": "ended",
        "record": True,
        "recording": None,
        "broadcast": None,
        "seq": ENTRIES,
    }
    assert shown["chair"]["id"] == LEADER.id
    assert shown["centers"] == [CITY, COUNTY, VILLAGE]
    assert shown["counts"] == {"orders": 1, "completed": 0, "reports": 1, "decisions": 1}
    assert shown["joined"] == 3
    villager = shown["participants"][2]
    assert set(villager) == {
        *("id", "name", "role", "center", "center_name", "level", "state", "muted", "joined_at", "left_at"),
        *("present", "duty"),
    }
    assert (villager["id"], villager["state"], villager["muted"]) == (VILLAGER.id, "left", False)
    assert villager["joined_at"] < villager["left_at"] < shown["ended_at"]
    assert shown["participants"][0]["left_at"] == shown["ended_at"]
    (order,) = shown["orders"]
    assert (order["id"], order["state"], order["priority"], order["due"]) == (
        told.order,
        "issued",
        "urgent",
        None,
    )
    assert order["issuer"] == {
        "account": LEADER.id,
        "name": LEADER.name,
        "center": CITY,
        "center_name": "岳阳市",
    }
    done, waiting = order["targets"]
    assert (done["state"], done["percent"], done["signed_by"]) == ("completed", 100, VILLAGER.name)
    assert [(each["text"], each["percent"], each["by"]) for each in done["progress"]] == [
        ("正在巡查北堤", 40, VILLAGER.name),
        ("北堤完好", 100, VILLAGER.name),
    ]
    assert waiting == {
        "center": OTHER_VILLAGE,
        "name": "长岭社区",
        "state": "issued",
        **dict.fromkeys(("signed_at", "signed_by", "completed_at", "percent")),
        "progress": [],
    }
    (report,) = shown["reports"]
    assert set(report) == {
        "seq",
        "id",
        "meeting",
        "situation",
        "text",
        "center",
        "name",
        "at",
        "account",
        "category",
        "place",
        "persons",
        "urgency",
        "task",
        "drill",
        "attachments",
    }
    assert [each["text"] for each in (*shown["decisions"], *shown["notes"])] == ["转移低洼群众", "会议要点"]
    assert shown["notes"][0]["by"]["account"] == CLERK.id


async def test_entries_come_in_pages_by_seq(archive: Archive) -> None:
    everything = await archive.queries.entries(LEADER, TREE, archive.told.meeting)
    assert [entry["seq"] for entry in everything["entries"]] == list(range(1, ENTRIES + 1))
    assert everything["seq"] == ENTRIES
    page = await archive.queries.entries(LEADER, TREE, archive.told.meeting, 5, 4)
    assert page["entries"] == everything["entries"][5:9]
    # The county's clerk is called and reads the order by its village; a stranger reads nothing.
    nothing = {"entries": [], "seq": 0, "next": None}
    assert (await archive.queries.entries(STRANGER, TREE, archive.told.meeting)) == nothing
    assert (await archive.queries.entries(LEADER, TREE, "m_none", before=9)) == nothing


async def test_pages_skip_what_one_may_not_read_without_ending_early(archive: Archive) -> None:
    writer = archive.writer
    meeting = await open_meeting(writer, LEADER, COUNTY, OTHER_COUNTY)
    for number in range(5):
        await writer.submit(command("order.issue", meeting, text=f"{number}", targets=[COUNTY]), LEADER)
    await writer.submit(command("note.add", meeting, text="最后"), LEADER)
    page = await archive.queries.entries(STRANGER, TREE, meeting, 0, 3)
    assert [entry["kind"] for entry in page["entries"]] == [
        "meeting.opened",
        "recording.started",
        "note.added",
    ]


async def test_recordings_have_parts_with_their_offset_to_the_meeting(archive: Archive) -> None:
    told = archive.told
    (recording,) = await archive.queries.recordings(told.meeting)
    assert (recording["id"], recording["meeting"], recording["state"]) == (
        told.recording,
        told.meeting,
        "stopped",
    )
    (part,) = recording["parts"]
    assert (part["id"], part["state"], part["duration_ms"]) == (told.part, "closed", 12_345)
    assert part["media"] == f"/api/v1/recordings/{told.recording}/parts/{told.part}/media"
    assert part["tracks"] == [{"codec": "vp8", "kind": "video"}, {"codec": "opus", "kind": "audio"}]
    assert 0 <= part["offset_ms"] < 60_000
    found = await archive.queries.part(told.recording, told.part)
    assert found == {**part, "meeting": told.meeting, "file": told.file, "released_at": None}
    assert await archive.queries.part(told.recording, "p_none") is None
    assert await archive.queries.recordings("m_none") == []


async def test_a_part_that_is_never_closed_counts_as_lost_after_a_while(archive: Archive) -> None:
    with archive.database.writing() as connection:
        connection.execute(tables.parts.update().values(sha256=None))
    (recording,) = await archive.queries.recordings(archive.told.meeting)
    assert recording["parts"][0]["state"] == "recording"
    later = Queries(archive.database, lambda: system_clock() + timedelta(hours=1))
    (recording,) = await later.recordings(archive.told.meeting)
    assert (recording["parts"][0]["state"], recording["parts"][0]["media"]) == ("lost", None)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("巡查", ["order.issued", "order.progressed"]),
        ("防汛", ["meeting.opened"]),
        ("100%", ["report.filed"]),
        ("求_增", ["report.filed"]),
        ("要点", ["note.added"]),
        ("低洼", ["decision.recorded"]),
    ],
)
async def test_a_search_finds_titles_and_texts_and_shows_the_hits(
    archive: Archive, text: str, kinds: list[str]
) -> None:
    found = await archive.queries.meetings(LEADER, TREE, text=text)
    (meeting,) = found["meetings"]
    assert [hit["kind"] for hit in meeting["hits"]] == kinds
    assert all(text in hit["text"] for hit in meeting["hits"])


@pytest.mark.parametrize("text", ["9_9", "%", "水位下降", "汛防", "\\", "'", '" OR "', "防汛 AND"])
async def test_a_search_takes_its_words_literally(archive: Archive, text: str) -> None:
    assert await archive.queries.meetings(LEADER, TREE, text=text) == {"meetings": [], "next": None}


async def test_a_search_never_gives_away_what_one_may_not_read(archive: Archive) -> None:
    meeting = await open_meeting(archive.writer, LEADER, COUNTY, OTHER_COUNTY, title="会商")
    await archive.writer.submit(command("order.issue", meeting, text="机密任务", targets=[COUNTY]), LEADER)
    assert (await archive.queries.meetings(STRANGER, TREE, text="机密"))["meetings"] == []
    (seen,) = (await archive.queries.meetings(STRANGER, TREE))["meetings"]
    assert seen["counts"]["orders"] == 0
    (hit,) = (await archive.queries.meetings(COUNTY_LEADER, TREE, text="机密"))["meetings"]
    assert hit["counts"]["orders"] == 1


async def test_meetings_come_newest_first_in_pages(archive: Archive) -> None:
    made = [archive.told.meeting]
    for number in range(6):
        made.append(await open_meeting(archive.writer, LEADER, COUNTY, title=f"第{number}次"))
    for text in (None, "次"):
        wanted = made[:0:-1] if text else made[::-1]
        ids: list[str] = []
        before: str | None = None
        for _ in range(5):
            page = await archive.queries.meetings(LEADER, TREE, text=text, limit=3, before=before)
            ids += [meeting["id"] for meeting in page["meetings"]]
            if (before := page["next"]) is None:
                break
        assert ids == wanted
    assert (await archive.queries.meetings(LEADER, TREE, before="m_none"))["meetings"] == []


async def test_meetings_are_filtered_by_state_time_and_center(archive: Archive) -> None:
    first = archive.told.meeting
    second = await open_meeting(archive.writer, LEADER, OTHER_TOWN)

    async def ids(**wanted: Any) -> list[str]:
        return [each["id"] for each in (await archive.queries.meetings(LEADER, TREE, **wanted))["meetings"]]

    assert await ids(state="open") == [second]
    assert await ids(state="ended") == [first]
    assert await ids(center=TOWN) == [first]
    assert await ids(center=OTHER_COUNTY) == [second]
    assert await ids(center=CITY) == [second, first]
    assert await ids(center="430000000000") == []
    opened = (await archive.queries.meetings(LEADER, TREE, state="open"))["meetings"][0]["opened_at"]
    assert await ids(since=opened) == [second]
    assert second not in await ids(until=(from_wire(opened) - timedelta(microseconds=1)).isoformat())


async def test_orders_are_filtered_and_show_each_reader_its_own_targets(archive: Archive) -> None:
    queries, order = archive.queries, archive.told.order

    async def ids(who: Any, **wanted: Any) -> list[str]:
        return [each["id"] for each in (await queries.orders(who, TREE, ListFilter(**wanted)))["orders"]]

    assert await ids(LEADER, state="issued") == [order]
    assert await ids(LEADER, state="completed") == []
    assert await ids(VILLAGER, state="completed") == [order]
    assert await ids(LEADER, center=TOWN) == await ids(LEADER, meeting=archive.told.meeting) == [order]
    assert await ids(LEADER, center=OTHER_COUNTY) == await ids(STRANGER) == []
    (own,) = (await queries.orders(OTHER_VILLAGER, TREE))["orders"]
    assert [target["center"] for target in own["targets"]] == [OTHER_VILLAGE]
    (county,) = (await queries.orders(COUNTY_LEADER, TREE))["orders"]
    assert [target["center"] for target in county["targets"]] == [VILLAGE, OTHER_VILLAGE]
    (waiting,) = await queries.open_orders(OTHER_VILLAGER, TREE)
    assert (waiting["id"], [each["center"] for each in waiting["targets"]]) == (order, [OTHER_VILLAGE])
    assert await queries.open_orders(VILLAGER, TREE) == []


async def test_reports_outside_a_meeting_are_read_by_the_centers_above(archive: Archive) -> None:
    await archive.writer.submit(command("report.file", situation="normal"), OTHER_VILLAGER)
    for who, count in (
        (LEADER, 2),
        (COUNTY_LEADER, 2),
        (OTHER_VILLAGER, 1),
        (VILLAGER, 1),
        (STRANGER, 0),
        (AUDITOR, 2),
    ):
        assert len((await archive.queries.reports(who, TREE))["reports"]) == count, who.username
    (own,) = (await archive.queries.reports(LEADER, TREE, ListFilter(center=OTHER_VILLAGE)))["reports"]
    assert (own["meeting"], own["name"]) == (None, "长岭社区")


def test_centers_for_says_what_the_permission_table_says() -> None:
    for who, action in itertools.product(EVERYONE, ACTIONS):
        codes = centers_for(who, action, TREE)
        allowed = {center.code for center in TREE.subtree(CITY) if may(who, action, TREE, center.code)}
        assert allowed == ({center.code for center in TREE.subtree(CITY)} if codes is None else set(codes)), (
            action
        )


async def test_conditions_in_sql_see_exactly_what_the_rules_see(archive: Archive) -> None:
    writer = archive.writer
    chairs = [account("leader", code) for code in (CITY, COUNTY, TOWN, OTHER_COUNTY)]
    for chair in chairs:
        below = [center.code for center in TREE.subtree(chair.center)]
        for called, level in (
            (below[-1:], "normal"),
            (below[:2], "secret"),
            (below, "normal"),
            (below, "secret"),
        ):
            chair = replace(chair, cleared=level == "secret")
            meeting = await open_meeting(writer, chair, *called, record=False, level=level)
            await join(writer, meeting, chair)
            await writer.submit(command("order.issue", meeting, text="令", targets=called), chair)
    with archive.database.reading() as connection:
        for who in EVERYONE:
            sight = Sight(who, TREE, connection.dialect.name)
            query = sa.select(tables.meetings.c.id).where(sight.meetings())
            seen = set(connection.execute(query).scalars())
            assert seen == {
                meeting.id
                for meeting in writer.state.meetings.values()
                if sees_meeting(who, TREE, meeting.chair.center, meeting.centers, level=meeting.level)
            }, who
            orders = set(connection.execute(sa.select(tables.orders.c.id).where(sight.orders())).scalars())
            assert orders == {
                order.id
                for order in writer.state.orders.values()
                if (
                    any(may(who, "order.read", TREE, code) for code in (order.issuer_center, *order.targets))
                    if may_see_level(who, level_of(writer.state, order.meeting))
                    else asked_of(who, TREE, "order.read", (order.issuer_center, *order.targets))
                )
            }, who


async def test_what_one_may_not_see_does_not_exist(archive: Archive) -> None:
    for who in (
        STRANGER,
        account("system_admin", CITY),
        account("security_admin", CITY),
        account("station", TOWN),
    ):
        assert await archive.queries.meeting_snapshot(who, TREE, archive.told.meeting) is None
        assert (await archive.queries.meetings(who, TREE))["meetings"] == []
        assert (await archive.queries.decisions(who, TREE))["decisions"] == []
    assert await archive.queries.meeting_snapshot(AUDITOR, TREE, archive.told.meeting) is not None
    decided = await archive.queries.decisions(AUDITOR, TREE, ListFilter(meeting=archive.told.meeting))
    assert len(decided["decisions"]) == 1


async def test_muting_all_is_seen_in_the_tables_of_both_databases(archive: Archive) -> None:
    writer, queries = archive.writer, archive.queries
    meeting = await open_meeting(writer, LEADER, COUNTY, VILLAGE, OTHER_VILLAGE)
    await join(writer, meeting, LEADER, COUNTY_LEADER, VILLAGER, OTHER_VILLAGER)

    async def muted() -> set[str]:
        shown = await queries.meeting_snapshot(LEADER, TREE, meeting)
        assert shown is not None
        return {each["id"] for each in shown["participants"] if each["muted"]}

    await writer.submit(command("participant.mute_all", meeting, but=[VILLAGER.id]), LEADER)
    assert await muted() == {COUNTY_LEADER.id, OTHER_VILLAGER.id} == set(writer.state.meetings[meeting].muted)
    await writer.submit(command("participant.unmute_all", meeting), LEADER)
    assert await muted() == set()
