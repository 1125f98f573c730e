"""Alarms over real sockets and databases: from a station's key to every desk above, and what a killed hub does not forget."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clients.station.alarms import Alarms
from hub.clock import system_clock
from signaling.schemas import answers, dispatch_values
from tests.support.clockwork import killed_in_time, running_clockwork
from tests.support.edge import Edge, running_edge
from tests.support.journal import command, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, account
from tests.support.waiting import eventually

STATION = account("station", VILLAGE)
AHEAD_S = 400


def later() -> datetime:
    return system_clock() + timedelta(seconds=AHEAD_S)


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_a_stations_key_outside_of_meetings_is_on_every_desk_above_and_nowhere_else(edge: Edge) -> None:
    station = await edge.person("station", VILLAGE)
    above = {center: await edge.person("dispatcher", center) for center in (TOWN, COUNTY, CITY)}
    desks = {center: await edge.listen(person) for center, person in above.items()}
    stranger = await edge.listen(await edge.person("leader", OTHER_COUNTY))
    administrator = await edge.listen(await edge.person("system_admin", CITY))
    own = await edge.listen(station)
    filed = await station.command("report.file", situation="abnormal", text="水位上涨")
    report = filed["entries"][0]["data"]["report"]
    alarm = filed["entries"][1]["data"]["alarm"]

    for desk in desks.values():
        told = await desk.until("changed", what="alarm", id=alarm)
        shown = dispatch_values.Alarm.model_validate(told["value"])
        assert (shown.state, shown.text, shown.report) == ("open", "水位上涨", report)
        assert (shown.delivered, shown.acknowledged) == (None, None)
        assert told["meeting"] is None

    await above[COUNTY].command("alarm.deliver", alarm=alarm)
    await above[CITY].command("alarm.deliver", alarm=alarm)

    def told_of(field: str) -> list[dispatch_values.Alarm]:
        heard = [
            dispatch_values.Alarm.model_validate(each["value"])
            for each in own.of("changed", what="alarm", id=alarm)
        ]
        return [each for each in heard if getattr(each, field) is not None]

    (shown, *_) = await eventually(lambda: told_of("delivered"))
    assert shown.delivered is not None
    assert shown.delivered.by.account == above[COUNTY].account.id
    assert not shown.acknowledged, "it is shown, nobody has read it"
    await above[TOWN].command("alarm.acknowledge", alarm=alarm)
    (seen, *_) = await eventually(lambda: told_of("acknowledged"))
    assert seen.acknowledged is not None
    assert seen.acknowledged.by.name == above[TOWN].account.name
    # what a headless station makes of the same
    headless = Alarms()
    steps = [headless.take(each["value"], VILLAGE) for each in own.of("changed", what="alarm", id=alarm)]
    assert [step for each in steps for step in each] == ["delivered", "acknowledged"]
    await eventually(
        lambda: all(
            desk.of("changed", what="alarm")[-1]["value"]["state"] == "acknowledged"
            for desk in desks.values()
        )
    )
    assert not stranger.of("changed", what="alarm")
    assert not administrator.of("changed", what="alarm")


async def test_the_list_holds_what_one_may_read_by_state_kind_report_and_page(edge: Edge) -> None:
    station, other = await edge.person("station", VILLAGE), await edge.person("station", TOWN)
    desk, stranger = await edge.person("leader", COUNTY), await edge.person("leader", OTHER_COUNTY)
    alarms: list[dict[str, str]] = []
    for who, text in ((station, "水位上涨"), (other, "山体滑坡"), (station, "管涌")):
        filed = await who.command("report.file", situation="abnormal", text=text)
        alarms.insert(0, filed["entries"][1]["data"])
    newest, middle, oldest = (each["alarm"] for each in alarms)
    await desk.command("alarm.acknowledge", alarm=middle)
    about = {"what": "alarm", "id": oldest}
    order = await desk.command("order.issue", text="转移", targets=[VILLAGE], about=about)

    async def ids(person: object = desk, **query: str) -> list[str]:
        found = await person.get("/api/v1/alarms", **query)  # type: ignore[attr-defined]
        return [each.id for each in answers.Alarms.model_validate(found).alarms]

    assert await ids() == [newest, middle, oldest]
    assert await ids(station) == [newest, oldest]
    assert await ids(stranger) == []
    assert await ids(state="open") == [newest]
    assert await ids(state="acknowledged") == [middle, oldest]
    assert await ids(state="cleared") == await ids(kind="disk") == []
    assert await ids(report=alarms[0]["report"]) == [newest]
    assert await ids(center=VILLAGE, q="水位") == [oldest]
    assert await ids(limit="1") == [newest]
    assert await ids(limit="1", before=newest) == [middle]
    (one,) = (await station.get("/api/v1/alarms", id=oldest))["alarms"]
    assert one["ordered"]["order"] == order["entries"][0]["data"]["order"]
    assert (await desk.get("/api/v1/orders"))["orders"][0]["about"] == about
    async with desk.http.get("/api/v1/alarms", params={"state": "unread"}) as answer:
        assert answer.status == 400


async def test_the_answer_to_an_alarm_out_of_sight_is_that_to_none(edge: Edge) -> None:
    station, stranger = await edge.person("station", VILLAGE), await edge.person("leader", OTHER_COUNTY)
    filed = await station.command("report.file", situation="abnormal", text="水位上涨")
    said = []
    for alarm in (filed["entries"][1]["data"]["alarm"], "w_" + "0" * 18):
        body = {"id": f"try-{alarm}", "kind": "alarm.acknowledge", "data": {"alarm": alarm}}
        async with stranger.http.post("/api/v1/commands", json=body) as answer:
            said.append((answer.status, await answer.json()))
    assert said[0] == said[1]
    assert said[0][0] == 404


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_an_alarm_is_escalated_once_though_the_hub_is_killed_while_it_does_it(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        await writer.submit(command("report.file", situation="abnormal", text="水位上涨"), STATION)
        raised = writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "alarm.escalated")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == raised + (moment == "after")
        (alarm,) = writer.state.alarms.values()
        assert not alarm.acknowledged, "it is as it was before the kill"
        async with running_clockwork(writer, later):
            await eventually(lambda: alarm.asked == COUNTY)
            answer = await writer.submit(
                command("alarm.acknowledge", alarm=alarm.id), account("leader", CITY)
            )
        assert answer.seq == raised + 2
        (escalated,) = await writer._store.entries(raised + 1, raised + 1)
        assert (escalated.kind, escalated.data["center"]) == ("alarm.escalated", COUNTY)
