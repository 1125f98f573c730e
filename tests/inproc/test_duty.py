"""Duty over real sockets and databases: who is told who has it, a shift that nobody took, the notes, and a center's log."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.clock import system_clock, to_wire
from hub.coordination.clockwork import Clockwork
from hub.dispatch.duty_state import duties_of
from hub.store.queries import Queries
from signaling.schemas import duty_values
from tests.support.edge import running_edge
from tests.support.journal import command, join, open_meeting, running_writer
from tests.support.rules import CITY, OTHER_COUNTY, TOWN, TREE, VILLAGE, account
from tests.support.waiting import eventually

VILLAGER, TOWN_DESK, LEADER = (
    account("station", VILLAGE),
    account("dispatcher", TOWN),
    account("leader", CITY),
)


def a_day(begins: datetime, *names: str) -> dict[str, Any]:
    """A roster of eight-hour shifts from a moment on."""
    starts = [begins + place * timedelta(hours=8) for place in range(len(names) + 1)]
    shifts = [
        {"starts_at": to_wire(start), "ends_at": to_wire(end), "name": name}
        for name, start, end in zip(names, starts, starts[1:], strict=False)
    ]
    return {"starts_at": to_wire(begins), "ends_at": to_wire(begins + timedelta(days=1)), "shifts": shifts}


async def test_who_has_the_duty_is_told_to_the_center_and_those_above_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        station, town = await edge.person("station", VILLAGE), await edge.person("dispatcher", TOWN)
        above = [await edge.listen(town), await edge.listen(await edge.person("leader", CITY))]
        own = await edge.listen(station)
        stranger = await edge.person("leader", OTHER_COUNTY)
        apart = await edge.listen(stranger)
        hour = system_clock().replace(minute=0, second=0, microsecond=0)
        await town.command("duty.plan", center=VILLAGE, **a_day(hour, "张三", "李四"))
        for each in (*above, own):
            told = await each.until("changed", what="duty", id=VILLAGE)
            shown = duty_values.Duty.model_validate(told["value"])
            assert (shown.turn, [shift.name for shift in shown.shifts]) == (None, ["张三", "李四"])
        taken = await station.command("duty.take", name="王五", post="民兵连长")
        turn = taken["entries"][0]["data"]["turn"]
        note = {"situation": "水位平稳", "to_do": "20 时复测", "resources": "冲锋舟 2 艘"}
        await station.command("duty.hand_over", turn=turn, **note)
        await station.command("duty.take", name="李四", relieves=turn)

        def on_duty() -> list[str | None]:
            values = [
                duty_values.Duty.model_validate(each.of("changed", what="duty")[-1]["value"])
                for each in above
            ]
            return [value.turn.name if value.turn is not None else None for value in values]

        await eventually(lambda: on_duty() == ["李四", "李四"])
        assert not apart.of("changed", what="duty")
        listed = duty_values.Duties.model_validate(await town.get("/api/v1/duty"))
        assert [each.id for each in listed.duties] == [VILLAGE]
        assert (await stranger.get("/api/v1/duty"))["duties"] == []
        past = duty_values.DutyTurns.model_validate(await town.get("/api/v1/duty/turns", center=VILLAGE))
        assert [(each.name, each.relieved_by) for each in past.turns] == [("李四", None), ("王五", "李四")]
        kept = past.turns[1].note
        assert kept is not None
        assert (kept.situation, kept.done) == ("水位平稳", "")
        page = await station.get("/api/v1/duty/turns", limit="1")
        assert [each["name"] for each in page["turns"]] == ["李四"]
        page = await station.get("/api/v1/duty/turns", limit="1", before=page["next"])
        assert ([each["name"] for each in page["turns"]], page["next"]) == (["王五"], None)
        roster = await town.get("/api/v1/duty/roster", center=VILLAGE)
        assert [
            each["name"] for each in duty_values.Roster.model_validate(roster).model_dump()["shifts"]
        ] == [
            "张三",
            "李四",
        ]
        for path in ("", "/roster", "/turns", "/log"):
            async with stranger.http.get(f"/api/v1/duty{path}", params={"center": VILLAGE}) as answer:
                assert answer.status == 404, path
        async with town.http.get(
            "/api/v1/duty/log", params={"from": "2026-01-01T00:00:00Z", "to": "2026-03-01T00:00:00Z"}
        ) as answer:
            assert answer.status == 400


async def test_a_log_holds_what_concerns_the_center_in_that_time_as_far_as_one_may_read_it(
    database_url: str,
) -> None:
    moment = [datetime.fromisoformat("2026-11-23T00:00:00+00:00")]

    def clock() -> datetime:
        moment[0] += timedelta(minutes=1)
        return moment[0]

    async with running_writer(database_url, clock=clock) as (writer, database):

        async def do(who: Any, kind: str, **data: Any) -> None:
            await writer.submit(command(kind, **data), who)

        await do(VILLAGER, "report.file", situation="normal", text="前一天")
        moment[0] = datetime.fromisoformat("2026-11-24T00:00:00+00:00")
        await do(VILLAGER, "duty.take", name="张三")
        await do(VILLAGER, "report.file", situation="abnormal", text="水位上涨")
        await do(LEADER, "order.issue", text="上堤", targets=[VILLAGE])
        await do(LEADER, "order.issue", text="与村里无关", targets=[OTHER_COUNTY])
        called = await open_meeting(writer, LEADER, VILLAGE, record=False)
        apart = await open_meeting(writer, LEADER, OTHER_COUNTY, record=False)
        await join(writer, called, VILLAGER)
        for meeting in (called, apart):
            await writer.submit(command("meeting.end", meeting), LEADER)
        moment[0] = datetime.fromisoformat("2026-11-25T00:00:00+00:00")
        await do(VILLAGER, "report.file", situation="normal", text="后一天")

        queries = Queries(database)

        async def kinds(who: Any, limit: int) -> list[str]:
            found: list[str] = []
            before = 2**62
            while True:
                page = await queries.duty_log(
                    who,
                    TREE,
                    VILLAGE,
                    "2026-11-24T00:00:00.000000Z",
                    "2026-11-25T00:00:00.000000Z",
                    before=before,
                    limit=limit,
                )
                found += [each["kind"] for each in page["entries"]]
                if page["next"] is None:
                    return found
                before = page["next"]

        concerns = [
            *("meeting.ended", "meeting.joined", "meeting.opened"),
            *("order.issued", "alarm.raised", "report.filed", "duty.taken"),
        ]
        assert await kinds(VILLAGER, 100) == concerns
        assert await kinds(LEADER, 1) == await kinds(LEADER, 2) == concerns
        # A desk of the township is called to neither meeting, and convened neither.
        assert await kinds(TOWN_DESK, 3) == [each for each in concerns if not each.startswith("meeting.")]


async def test_a_shift_that_nobody_took_is_told_once_though_the_hub_was_restarted(database_url: str) -> None:
    hour = system_clock().replace(minute=0, second=0, microsecond=0)
    begins = hour + timedelta(hours=1)

    def later() -> datetime:
        return system_clock() + timedelta(hours=3)

    async with running_writer(database_url) as (writer, _):
        await writer.submit(command("duty.plan", center=VILLAGE, **a_day(begins, "张三")), TOWN_DESK)
        planned = writer.state
    async with running_writer(database_url, clock=later) as (writer, _):
        assert duties_of(writer.state) == duties_of(planned)
        task = asyncio.create_task(Clockwork(writer, later).run())
        await eventually(lambda: duties_of(writer.state).by_center[VILLAGE].missed)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        told = writer.tip.seq
    async with running_writer(database_url, clock=later) as (writer, _):
        clockwork = Clockwork(writer, later)
        clockwork.ask_all()
        await clockwork.give_due()
        assert writer.tip.seq == told
