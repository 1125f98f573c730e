"""Patrols at the edge: what the hub saw is told by it alone, rounds are read by right, and a killed hub goes on with them."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa

from hub.cameras.patrol_shapes import OUTCOMES
from hub.cameras.patrol_state import patrols_of
from hub.clock import system_clock
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.errors import Refusal
from hub.store import tables
from signaling.patrol_watch import PatrolWatch
from signaling.schemas import patrol_values
from tests.support.clockwork import killed_in_time, running_clockwork
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command, running_writer
from tests.support.patrolled import begun_round, cameras, keep_route, know
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, account
from tests.support.waiting import eventually

AHEAD_S = 7200
SERIAL = itertools.count()


def later() -> datetime:
    return system_clock() + timedelta(seconds=AHEAD_S)


class Ahead:
    """A clock that goes as it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> datetime:
        return system_clock() + timedelta(seconds=self.seconds)


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    """On either database: for what SQL reads."""
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


@pytest.fixture
async def edge(tmp_path: Path, clock: Ahead) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path, clock=clock) as made:
        made.services.clock = clock
        yield made


def watch(edge: Edge) -> PatrolWatch:
    return cast(PatrolWatch, edge.services.patrol)


async def post(who: Person, kind: str, **data: Any) -> tuple[int, dict[str, Any]]:
    async with who.http.post(
        "/api/v1/commands", json={"id": f"x{next(SERIAL)}", "kind": kind, "data": data}
    ) as answer:
        return answer.status, await answer.json()


async def whole(who: Person, round: str) -> patrol_values.PatrolRoundWhole:
    return patrol_values.PatrolRoundWhole.model_validate(await who.get(f"/api/v1/patrol/rounds/{round}"))


async def test_a_round_from_route_to_record_with_all_that_can_come_of_a_stop(either: Edge) -> None:
    edge = either
    known = cameras(TOWN, VILLAGE, OTHER_VILLAGE, VILLAGE)
    know(edge, *known)
    desk = await edge.person("dispatcher", TOWN)
    lies = [{"camera": known[0].camera, "name": "别名", "center": CITY}]
    route = await keep_route(desk, known, TOWN, times=[{"time": "08:00"}], cameras=lies)
    told = patrol_values.PatrolRouteWhole.model_validate(await desk.get(f"/api/v1/patrol/routes/{route}"))
    assert [each.name for each in told.stops] == [each.name for each in known], "the hub names cameras itself"
    assert told.next_at is not None
    round = await begun_round(desk, route)
    finding = {"becomes": "order", "text": "清理河道", "targets": [VILLAGE]}
    made = await desk.command("patrol.check", round=round, stop=1, outcome="finding", finding=finding)
    order = made["entries"][0]["data"]["order"]
    await desk.command("patrol.check", round=round, stop=2, outcome="not_seen", reason="黑屏")
    await desk.command("patrol.interrupt", round=round, reason="交班")
    await desk.command("patrol.take", round=round)
    await desk.command("patrol.check", round=round, stop=3, outcome="skipped", reason="检修")
    await desk.command("patrol.check", round=round, stop=4, outcome="skipped", reason="检修")
    record = await whole(desk, round)
    assert (record.round.state, record.round.finding, record.round.not_seen, record.round.skipped) == (
        "done",
        1,
        1,
        2,
    )
    first = record.stops[0].check
    assert first is not None
    assert first.made is not None
    assert (first.made.what, first.made.id, first.by.name) == ("order", order, desk.account.name)
    assert [each.kind for each in record.walks] == ["taken", "interrupted", "taken"]
    (ordered,) = (await desk.get("/api/v1/orders"))["orders"]
    assert ordered["about"] == {"what": "patrol", "id": round}
    page = patrol_values.PatrolRounds.model_validate(await desk.get("/api/v1/patrol/rounds", found="1"))
    assert [each.id for each in page.rounds] == [round]
    findings = patrol_values.PatrolFindings.model_validate(
        await desk.get("/api/v1/patrol/findings", q="河道")
    )
    (only,) = findings.findings
    for words in (only.camera_name, only.camera_center_name):
        named = await desk.get("/api/v1/patrol/findings", q=words)
        assert [each["seq"] for each in named["findings"]] == [only.seq], f"not found by {words}"
    assert (only.round, only.stop, only.camera_name) == (round, 1, known[0].name)
    assert only.made is not None
    assert (only.made.id, findings.next) == (order, None)
    for none in ({"made": "report"}, {"q": "漂浮物"}, {"center": OTHER_VILLAGE}, {"before": str(only.seq)}):
        assert not (await desk.get("/api/v1/patrol/findings", **none))["findings"], none
    for ledger, words in (("findings", "清理河道"), ("rounds", "已完成")):
        async with desk.http.get(f"/api/v1/patrol/{ledger}/file") as answer:
            text = (await answer.read()).decode("utf-8-sig")
        assert len(text.splitlines()) == 2
        assert words in text
    whole_hub = await desk.get("/api/v1/statistics")
    figures, rates = (whole_hub["total"][each] for each in ("figures", "rates"))
    counted = [
        figures[each]
        for each in ("patrols", "patrolled", "patrols_missed", "stops", "stops_seen", "findings")
    ]
    assert counted == [1, 1, 0, 4, 1, 1]
    assert (rates["patrolled"], rates["seen"]) == (100.0, 25.0)
    found = await desk.get("/api/v1/search", q="清理河道", sort="patrol")
    assert found["groups"][0]["hits"][0]["subject"] == round
    numbers = patrol_values.PatrolStatistics.model_validate(await desk.get("/api/v1/patrol/statistics"))
    assert (numbers.total.rounds, numbers.total.done_rate, numbers.total.seen_rate) == (1, 100.0, 25.0)
    assert numbers.rows[0].own
    assert numbers.rows[0].finding == 1
    assert sum(each.rounds for each in numbers.days) == 1
    async with desk.http.get("/api/v1/patrol/statistics/file?format=xlsx") as answer:
        assert answer.status == 200
        assert (await answer.read())[:2] == b"PK"


async def test_rounds_are_read_by_right_page_by_page(either: Edge) -> None:
    edge = either
    know(edge, *(known := cameras(VILLAGE)))
    desk = await edge.person("dispatcher", TOWN)
    route = await keep_route(desk, known)
    station = await edge.person("station", VILLAGE)
    rounds: list[str] = []
    for _ in range(3):
        round = await begun_round(station, route)
        await station.command("patrol.check", round=round, stop=1, outcome="skipped", reason="停电")
        rounds.insert(0, round)
    first = await station.get("/api/v1/patrol/rounds", limit="2")
    rest = await station.get("/api/v1/patrol/rounds", limit="2", before=first["next"])
    assert [each["id"] for each in (*first["rounds"], *rest["rounds"])] == rounds
    assert rest["next"] is None
    for role, center, sees in (
        ("leader", CITY, True),
        ("clerk", COUNTY, True),
        ("station", OTHER_VILLAGE, False),
        ("dispatcher", OTHER_COUNTY, False),
    ):
        who = await edge.person(role, center)
        assert bool((await who.get("/api/v1/patrol/rounds"))["rounds"]) is sees
        async with who.http.get(f"/api/v1/patrol/rounds/{rounds[0]}") as answer:
            assert answer.status == (200 if sees else 404)
        assert bool((await who.get("/api/v1/search", q="停电"))["groups"]) is False, "only findings are found"


async def test_what_flows_to_who_stands_at_a_stop_is_told_to_his_page_and_lets_him_say_normal(
    edge: Edge, clock: Ahead
) -> None:
    know(edge, *(known := cameras(VILLAGE, VILLAGE)))
    station = await edge.person("station", VILLAGE)
    desk = await edge.person("dispatcher", TOWN)
    round = await begun_round(station, await keep_route(desk, known))
    page = await edge.listen(station)
    me, camera = station.account.id, known[0].camera
    status, refused = await post(station, "patrol.check", round=round, stop=1, outcome="normal")
    assert (status, refused["error"]["field"]) == (409, "outcome")
    # it flowed for a minute on his wall; at this stop he stands for a moment
    watch(edge).flowed(me, camera, 60, "good")
    status, _ = await post(station, "patrol.check", round=round, stop=1, outcome="normal")
    assert status == 409
    # another camera, another account, a client
    clock.seconds += 10
    watch(edge).flowed(me, known[1].camera, 60, "good")
    watch(edge).flowed(desk.account.id, camera, 60, "good")
    told = {"round": round, "stop": 1, "camera": camera, "account": me, "seconds": 9, "quality": "good"}
    assert (await post(station, "patrol.seen", **told))[0] == 400
    assert (await post(station, "patrol.check", round=round, stop=1, outcome="normal"))[0] == 409
    # now it flows there, first for a moment, then long enough; what is written last is what is checked
    watch(edge).flowed(me, camera, 2, "fair")
    watch(edge).flowed(me, camera, 3, "fair")
    going = patrols_of(edge.writer.state).rounds[round]
    await eventually(lambda: going.seconds == 3, 5, "the hub does not tell what it saw")
    watch(edge).flowed(me, camera, 7.9, "good")
    heard = await page.until("patrol", seconds=7)
    patrol_values.PatrolEvent.model_validate(heard)
    assert [each["enough"] for each in page.of("patrol")] == [False, False, True, True]
    checked = await station.command("patrol.check", round=round, stop=1, outcome="normal")
    told = checked["entries"][0]["data"]
    assert (told["seconds"], told["quality"]) == (7, "good")
    await page.until("changed", what="patrol", id=round)
    # what flowed at the first stop counts for nothing at the second
    assert (await post(station, "patrol.check", round=round, stop=2, outcome="normal"))[0] == 409


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_clients_send_what_was_skipped_or_not_seen_is_never_normal(
    edge: Edge, clock: Ahead, seed: int
) -> None:
    chance = random.Random(seed)
    know(edge, *(known := cameras(*[VILLAGE] * 6)))
    people = [await edge.person(role, VILLAGE) for role in ("dispatcher", "station")]
    route = await keep_route(people[0], known)
    round = str((await people[0].command("patrol.open", route=route))["entries"][0]["data"]["round"])
    for _ in range(120):
        who, stop = chance.choice(people), chance.randint(1, 6)
        one = patrols_of(edge.writer.state).rounds.get(round)
        if one is None:
            break
        stop = one.stop if chance.random() < 0.6 else stop
        walker = one.walker["account"] if one.walker is not None else None
        match chance.randint(0, 5):
            case 0:
                relieves = walker if chance.random() < 0.7 else None
                await post(who, "patrol.take", round=round, relieves=relieves)
            case 1:
                clock.seconds += chance.choice([0, 1, 4, 20])
                flows = chance.choice(people).account.id if chance.random() < 0.4 else walker
                if flows is not None:
                    watch(edge).flowed(flows, known[stop - 1].camera, chance.choice([0, 2, 3, 30]), "good")
            case 2:
                told = {"round": round, "stop": stop, "camera": known[stop - 1].camera}
                forged = {"account": who.account.id, "seconds": 30, "quality": "good"}
                assert (await post(who, "patrol.seen", **told, **forged))[0] == 400
            case _:
                outcome = chance.choice(OUTCOMES)
                more: dict[str, Any] = {"reason": "起雾"} if outcome in ("not_seen", "skipped") else {}
                if outcome == "finding":
                    more = {"finding": {"becomes": "report", "text": "有情况"}}
                await post(who, "patrol.check", round=round, stop=stop, outcome=outcome, **more)
    record = await whole(people[0], round)
    said = {each.stop: each.check for each in record.stops if each.check is not None}
    assert said, "nothing was said of any stop"
    stands = await edge_entries(edge, "patrol.seen", "patrol.checked", "patrol.taken")
    flowed: dict[int, tuple[str, int]] = {}
    outcomes: dict[int, str] = {}
    for kind, data in stands:
        if kind == "patrol.seen":
            flowed[data["stop"]] = (data["account"], data["seconds"])
        elif kind == "patrol.taken":
            flowed.pop(data["stop"], None)
        else:
            assert data["stop"] not in outcomes
            outcomes[data["stop"]] = data["outcome"]
            if data["outcome"] == "normal":
                assert flowed[data["stop"]][0] == data["by"]["account"]
                assert flowed[data["stop"]][1] == data["seconds"] >= 3
    assert outcomes == {stop: each.outcome for stop, each in said.items()}


async def edge_entries(edge: Edge, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """What the journal has of these kinds, in order."""
    found: list[tuple[str, dict[str, Any]]] = []
    with edge.database.engine.connect() as connection:
        rows = connection.execute(
            sa.select(tables.entries.c.kind, tables.entries.c.data)
            .where(tables.entries.c.kind.in_(kinds))
            .order_by(tables.entries.c.seq)
        )
        found = [(row.kind, json.loads(row.data)) for row in rows]
    return found


async def test_a_hub_that_is_killed_in_mid_round_goes_on_with_it_and_tells_what_fell_due_once(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/hub.db"
    desk, me = account("dispatcher", TOWN), account("station", VILLAGE)
    known = cameras(VILLAGE, VILLAGE)
    async with running_writer(url) as (writer, _):
        fields: dict[str, Any] = {
            "center": VILLAGE,
            "title": "夜间巡查",
            "within_minutes": 60,
            "stops": [{"camera": each.camera} for each in known],
            "cameras": [{"camera": each.camera, "name": each.name, "center": each.center} for each in known],
        }
        kept = await writer.submit(command("patrol.keep", **fields), desk)
        route = kept.entries[0].data["route"]
        opened = await writer.submit(command("patrol.open", route=route), desk)
        round = opened.entries[0].data["round"]
        await writer.submit(command("patrol.take", round=round), me)
        await writer.submit(
            command("patrol.check", round=round, stop=1, outcome="not_seen", reason="黑屏"), me
        )
        before = writer.tip.seq
    await killed_in_time(url, "after", AHEAD_S, "patrol.fell_due")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == before + 2, "it fell due, with its alarm"
        async with running_clockwork(writer, later):
            one = await eventually(lambda: patrols_of(writer.state).rounds[round])
            assert (one.fallen, one.stop, one.walker and one.walker["account"]) == (True, 2, me.id)
            assert (one.seconds, one.outcomes) == (0, ["not_seen", None])
        with pytest.raises(Refusal, match="has not flowed"):
            await writer.submit(command("patrol.check", round=round, stop=2, outcome="normal"), me)
        told: dict[str, Any] = {
            "stop": 2,
            "camera": known[1].camera,
            "account": me.id,
            "seconds": 5,
            "quality": "good",
        }
        await writer.submit(command("patrol.seen", round=round, **told), SYSTEM_ACCOUNT)
        ended = await writer.submit(command("patrol.check", round=round, stop=2, outcome="normal"), me)
        assert [each.kind for each in ended.entries] == ["patrol.checked", "patrol.ended", "alarm.cleared"]
        assert ended.seq == before + 6
    async with running_writer(url, clock=later) as (writer, _):
        assert patrols_of(writer.state).rounds == {}
        assert patrols_of(writer.state).routes[route].round is None
