"""Statistics count what stands in the journal: each figure once, to the center it belongs to, drills never."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.statistics.figures import added
from hub.statistics.period import period_of
from hub.store import tables
from hub.store.database import Database
from hub.store.migrations import m0023_stays
from hub.store.queries import Queries
from hub.store.voice_store import VoiceStore
from tests.support.journal import HubWriter, command, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, TREE, VILLAGE, account

LEADER, COUNTY_LEADER = account("leader", CITY), account("leader", COUNTY)
VILLAGER, TOWNSMAN = account("station", VILLAGE), account("station", TOWN)
ZONE = ZoneInfo("Asia/Shanghai")


class Days:
    """A hub whose clock goes on when told to."""

    def __init__(self, writer: HubWriter, database: Database, now: datetime) -> None:
        self.writer, self.database, self.now = writer, database, now

    async def do(self, who: Account, kind: str, meeting: str | None = None, /, **data: Any) -> Any:
        self.now += timedelta(milliseconds=1)
        return (await self.writer.submit(command(kind, meeting, **data), who)).entries[0]

    async def meet(self, kind: str, *called: str, drill: bool = False) -> str:
        """A meeting of the city in which the village is for 90 seconds, goes, and is again for 31 until the end."""
        data = {"title": "防汛", "kind": kind, "centers": list(called), "record": False, "drill": drill}
        meeting = str((await self.do(LEADER, "meeting.open", **data)).meeting)
        await self.do(VILLAGER, "meeting.join", meeting)
        self.now += timedelta(seconds=90)
        await self.do(VILLAGER, "meeting.leave", meeting)
        self.now += timedelta(minutes=5)
        await self.do(VILLAGER, "meeting.join", meeting)
        self.now += timedelta(seconds=31)
        if drill:
            await self.do(VILLAGER, "report.file", meeting, situation="abnormal", text="演练")
            await self.do(LEADER, "order.issue", meeting, text="演练", targets=[VILLAGE])
        await self.do(LEADER, "meeting.end", meeting)
        return meeting

    async def order(self, *, hours: int, done_after: int | None) -> str:
        due = to_wire(self.now + timedelta(hours=hours))
        issued = await self.do(LEADER, "order.issue", text="巡堤", targets=[VILLAGE], due=due)
        if done_after is not None:
            self.now += timedelta(hours=done_after)
            await self.do(VILLAGER, "order.sign", order=issued.data["order"])
            await self.do(VILLAGER, "order.complete", order=issued.data["order"])
        return str(issued.data["order"])

    async def figures(self, top: str, first: str, last: str) -> dict[str, dict[str, int]]:
        """Of each center that has any, without those that are none; under `all` in sum."""
        queries = Queries(self.database, lambda: self.now)
        period = period_of(first, last, self.now, ZONE)
        counts, hours = await queries.statistics(LEADER, TREE, top, period)
        found = {center: added([each]).model_dump() for center, each in counts.items()}
        found["all"] = added(counts.values()).model_dump()
        assert sum(found["all"][name] for name in hours) == sum(sum(each.values()) for each in hours.values())
        return {center: {name: n for name, n in each.items() if n} for center, each in found.items()}


async def days(writer: HubWriter, database: Database, clock: Callable[[], Days]) -> None:
    hub = clock()
    await hub.meet("dispatch", COUNTY, VILLAGE)
    await hub.meet("consultation", VILLAGE)
    await hub.meet("dispatch", COUNTY, VILLAGE, drill=True)
    await hub.do(VILLAGER, "report.file", situation="normal")
    await hub.do(VILLAGER, "report.file", situation="abnormal", text="水位上涨")
    appeal = await hub.do(COUNTY_LEADER, "incident.register", kind="appeal", title="低洼户要求转移")
    await hub.do(COUNTY_LEADER, "incident.register", kind="incident", title="管涌")
    await hub.do(COUNTY_LEADER, "incident.complete", incident=appeal.data["incident"], text="已转移")
    await hub.do(COUNTY_LEADER, "incident.close", incident=appeal.data["incident"], text="属实")
    # one in time, one late, one that is late and not done, one under way, one withdrawn
    await hub.order(hours=2, done_after=1)
    await hub.order(hours=2, done_after=3)
    await hub.order(hours=1, done_after=None)
    hub.now += timedelta(hours=2)
    await hub.order(hours=200, done_after=None)
    gone = await hub.order(hours=1, done_after=None)
    await hub.do(LEADER, "order.withdraw", order=gone, reason="有误")
    lists: dict[str, Any] = {
        "clearing": "li_" + "0" * 18,
        "title": "比对",
        "account": LEADER.id,
        "name": "某",
        "center": CITY,
    }
    lists |= {"counts": {VILLAGE: 3, TOWN: 2}, "left_out": 0, "repeated": 0, "commitment": "0" * 64}
    await hub.do(SYSTEM_ACCOUNT, "clearing.load", **lists, delete_at=to_wire(hub.now + timedelta(days=9)))
    await hub.do(LEADER, "clearing.issue", clearing=lists["clearing"])
    results = [{"row": n, "outcome": outcome} for n, outcome in ((3, "normal"), (4, "absent"))]
    for title in ("每日平安", "演练：每日平安"):
        due = to_wire(hub.now + timedelta(hours=1))
        task = await hub.do(LEADER, "task.give", title=title, due=due, centers=[VILLAGE, TOWN])
        answered = {"task": task.data["task"], "round": 1, "situation": "normal"}
        await hub.do(VILLAGER, "task.answer", **answered)
    rows = await hub.database.read(
        lambda connection: connection.execute(sa.select(tables.clearing_centers)).all()
    )
    mine = next(row for row in rows if row.center == VILLAGE)
    assert mine.total == 3
    await hub.do(VILLAGER, "clearing.report", clearing=lists["clearing"], results=results)


async def test_each_figure_is_counted_once_and_drills_never(database_url: str) -> None:
    started = datetime(2026, 11, 23, 1, tzinfo=UTC)
    holder: list[Days] = []
    async with running_writer(database_url, clock=lambda: holder[0].now if holder else started) as (
        writer,
        database,
    ):
        holder.append(Days(writer, database, started))
        hub = holder[0]
        await days(writer, database, lambda: hub)
        found = await hub.figures(CITY, "2026-11-23", "2026-11-23")
        assert found[CITY] == {"meetings": 1, "consultations": 1}
        incidents = {"incidents": 1, "appeals": 1, "appeals_closed": 1}
        assert found[COUNTY] == {"called": 1, **incidents}
        assert found[TOWN] == {"rows": 2, "asked": 1}
        assert found[VILLAGE] == {
            "called": 2,
            "attended": 2,
            "minutes": 4,
            "reports": 4,
            "abnormal": 1,
            "rows": 3,
            "cleared": 2,
            "orders": 4,
            "on_time": 1,
            "late": 2,
            "asked": 1,
            "answered": 1,
        }
        assert set(found) == {CITY, COUNTY, TOWN, VILLAGE, "all"}
        assert found["all"]["rows"] == 5
        # a county has what stands below it, a day before has nothing, a whole month has all
        assert set(await hub.figures(COUNTY, "2026-11-23", "2026-11-23")) == {COUNTY, TOWN, VILLAGE, "all"}
        assert await hub.figures(OTHER_COUNTY, "2026-11-01", "2026-11-30") == {"all": {}}
        assert await hub.figures(CITY, "2026-11-22", "2026-11-22") == {"all": {}}
        assert (await hub.figures(CITY, "2026-11-01", "2026-11-30"))["all"] == found["all"]


async def test_speaking_time_is_what_was_heard_else_how_long_one_had_the_word(database_url: str) -> None:
    started = datetime(2026, 11, 23, 1, tzinfo=UTC)
    holder: list[Days] = []
    async with running_writer(database_url, clock=lambda: holder[0].now if holder else started) as (
        writer,
        database,
    ):
        holder.append(Days(writer, database, started))
        hub = holder[0]

        async def floor_of(seconds: int, *, record: bool) -> str:
            data: dict[str, Any] = {
                "title": "防汛",
                "kind": "dispatch",
                "centers": [VILLAGE],
                "record": record,
            }
            opened = await writer.submit(command("meeting.open", None, **data), LEADER)
            meeting = str(opened.entries[0].meeting)
            await hub.do(VILLAGER, "meeting.join", meeting)
            await hub.do(VILLAGER, "floor.request", meeting)
            await hub.do(LEADER, "floor.grant", meeting, participant=VILLAGER.id)
            await hub.do(LEADER, "stage.broadcast", meeting, participant=VILLAGER.id)
            hub.now += timedelta(seconds=seconds)
            await hub.do(VILLAGER, "floor.release", meeting)
            if record:
                recording = next(e.data["recording"] for e in opened.entries if e.kind == "recording.started")
                part = {"recording": recording, "part": "p_" + "0" * 18}
                told = {"participant": VILLAGER.id, "center": VILLAGE, "name": "坦渡村", "file": "a.webm"}
                tracks = [{"kind": "audio", "codec": "opus"}]
                begun = {**part, **told, "tracks": tracks, "started_at": to_wire(hub.now)}
                await hub.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **begun)
                heard = {**part, "duration_ms": 300_000, "spans": [[0, 100_000], [200_000, 220_000]]}
                await VoiceStore(database).keep([{**heard, "lines": []}], hub.now)
            await hub.do(LEADER, "meeting.end", meeting)
            return meeting

        await floor_of(180, record=False)
        day = ("2026-11-23", "2026-11-23")
        assert (await hub.figures(CITY, *day))[VILLAGE]["spoken"] == 3
        await floor_of(600, record=True)
        assert (await hub.figures(CITY, *day))[VILLAGE]["spoken"] == 3 + 2


async def test_stays_of_before_are_made_from_the_entries(database_url: str) -> None:
    """What the migration finds in an older database is what was written meanwhile."""
    holder: list[Days] = []
    started = datetime(2026, 11, 23, 1, tzinfo=UTC)
    async with running_writer(database_url, clock=lambda: holder[0].now if holder else started) as (
        writer,
        database,
    ):
        holder.append(Days(writer, database, started))
        meeting = await holder[0].meet("dispatch", COUNTY, VILLAGE)
        data = {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE, TOWN], "record": False}
        open_one = str((await holder[0].do(LEADER, "meeting.open", **data)).meeting)
        for who in (VILLAGER, TOWNSMAN):
            await holder[0].do(who, "meeting.join", open_one)
        await holder[0].do(LEADER, "participant.remove", open_one, participant=TOWNSMAN.id)

        def all_stays(connection: sa.Connection) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(sa.select(tables.stays).order_by("seq"))]

        written = await database.read(all_stays)
        assert [(row[0], row[1], row[5] is None) for row in written] == [
            (meeting, VILLAGER.id, False),
            (meeting, VILLAGER.id, False),
            (open_one, VILLAGER.id, True),
            (open_one, TOWNSMAN.id, False),
        ]

        types = {"sqlite": ("TEXT", "INTEGER"), "postgresql": ('TEXT COLLATE "C"', "BIGINT")}

        def again(connection: sa.Connection) -> None:
            code, number = types[connection.dialect.name]
            connection.exec_driver_sql("DROP TABLE stays")
            for statement in m0023_stays.STATEMENTS:
                connection.exec_driver_sql(statement.format_map({"code": code, "number": number}))

        with database.writing() as connection:
            again(connection)
        assert await database.read(all_stays) == written
