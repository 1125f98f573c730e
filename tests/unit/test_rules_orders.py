"""The cycle of an order: delivered, accepted or returned, urged, given more time, passed down, numbered; late by the clock."""

from __future__ import annotations

import copy
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.tree import Center
from hub.dispatch.alarms import RULES as ALARMS
from hub.dispatch.order_numbers import default_pattern
from hub.dispatch.order_state import ESCALATES_AFTER, due_of, late
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import apply
from hub.state import DONE, HubState, Order
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    World,
    account,
)
from tests.unit.test_rules_all import rebuilt
from tests.unit.test_rules_dispatch import refused

MAYOR = account("leader", CITY)
CITY_DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
TOWN_DESK = account("dispatcher", TOWN)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
DUE = "2026-11-23T12:00:00.000000Z"
LATER = "2026-11-23T18:00:00.000000Z"


def issue(world: World, who: Account, *targets: str, **more: Any) -> str:
    issued = world.do(who, "order.issue", **{"text": "转移群众", "targets": list(targets), **more})[0]
    return str(issued.data["order"])


def signed(world: World, order: str, *who: Account) -> None:
    for each in who:
        world.do(each, "order.sign", order=order)


def completed(world: World, order: str, *who: Account) -> None:
    for each in who:
        if world.state.orders[order].targets[each.center] in ("issued", "delivered"):
            signed(world, order, each)
        world.do(each, "order.complete", order=order, text="已办结")


def clock(world: World, until: str) -> list[Entry]:
    """What the clock brings about until then, as the clockwork gives it."""
    made: list[Entry] = []
    assert ALARMS.hub_due is not None
    end = datetime.fromisoformat(until)
    while (due := ALARMS.hub_due(world.state)) is not None and due.at <= end:
        world.now = max(world.now, due.at - timedelta(seconds=1))  # a command takes a second
        made += world.do(SYSTEM_ACCOUNT, due.kind, None, **due.data)
    world.now = end
    return made


# -- delivered, accepted, returned


def test_an_order_is_delivered_when_the_first_page_shows_it_and_never_by_itself() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE)
    assert world.state.orders[order].state == "issued"
    (delivered,) = world.do(STATION, "order.deliver", order=order)
    assert delivered.data == {
        "order": order,
        "center": VILLAGE,
        "name": "坦渡村",
        "account_name": STATION.name,
    }
    assert world.state.orders[order].state == "delivered"
    assert world.do(account("station", VILLAGE, number=1), "order.deliver", order=order) == []
    signed(world, order, STATION)
    assert world.do(STATION, "order.deliver", order=order) == [], "what is signed was shown"
    for who in (MAYOR, TOWN_DESK):
        with refused("forbidden", "order"):
            world.do(who, "order.deliver", order=order)


def test_what_is_completed_is_accepted_and_with_the_last_one_the_order_is_over() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, OTHER_VILLAGE)
    completed(world, order, STATION)
    with refused("wrong_state", "centers"):
        world.do(MAYOR, "order.accept", order=order, centers=[OTHER_VILLAGE])
    with refused("not_found", "centers"):
        world.do(MAYOR, "order.accept", order=order, centers=[COUNTY])
    (accepted,) = world.do(CITY_DESK, "order.accept", order=order)
    assert (accepted.data["centers"], accepted.data["by"]["account"]) == ([VILLAGE], CITY_DESK.id)
    assert accepted.audience == (f"center:{CITY}", f"center:{VILLAGE}")
    with refused("wrong_state", "order"):
        world.do(MAYOR, "order.accept", order=order)
    with refused("already_done", "centers"):
        world.do(MAYOR, "order.accept", order=order, centers=[VILLAGE])
    completed(world, order, NEIGHBOUR)
    assert world.state.orders[order].closed is None, "what is completed is not looked at yet"
    world.do(MAYOR, "order.accept", order=order, centers=[OTHER_VILLAGE])
    assert (world.state.orders[order].state, world.state.orders[order].targets) == ("accepted", {})
    with refused("already_done", "order"):
        world.do(MAYOR, "order.accept", order=order)
    with refused("already_done", "order"):
        world.do(STATION, "order.complete", order=order)


def test_what_is_returned_is_worked_on_again_as_often_as_it_takes() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE)
    with refused("wrong_state", "center"):
        world.do(MAYOR, "order.return", order=order, center=VILLAGE, reason="缺照片")
    for _ in range(2):
        completed(world, order, STATION)
        (back,) = world.do(MAYOR, "order.return", order=order, center=VILLAGE, reason="缺照片")
        assert (back.data["reason"], back.data["by"]["account"]) == ("缺照片", MAYOR.id)
        assert world.state.orders[order].state == "returned"
        world.do(STATION, "order.progress", order=order, text="补拍", percent=90)
        assert world.state.orders[order].state == "in_progress"
    completed(world, order, STATION)
    world.do(MAYOR, "order.accept", order=order)
    with refused("already_done", "order"):
        world.do(MAYOR, "order.return", order=order, center=VILLAGE, reason="还缺")


def test_an_order_of_before_is_over_when_all_have_completed_it() -> None:
    world = World()
    (issued,) = world.do(MAYOR, "order.issue", text="巡", targets=[VILLAGE])
    old = {key: issued.data[key] for key in ("order", "text", "priority", "due", "targets", "issuer")}
    object.__setattr__(issued, "data", old)
    world.state = HubState()
    apply(world.state, issued)
    completed(world, old["order"], STATION)
    assert world.state.orders[old["order"]].state == "completed"
    with refused("already_done", "order"):
        world.do(MAYOR, "order.accept", order=old["order"])


# -- urged, supervised


def test_those_who_are_meant_are_reminded_and_nobody_else() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, OTHER_VILLAGE, COUNTY, due=DUE)
    signed(world, order, STATION)
    completed(world, order, COUNTY_LEADER)

    def urged(whom: str, **more: Any) -> list[str]:
        (entry,) = world.do(MAYOR, "order.urge", order=order, whom=whom, text="请尽快", **more)
        assert entry.audience == (f"center:{CITY}", *(f"center:{code}" for code in entry.data["centers"]))
        return list(entry.data["centers"])

    assert urged("unsigned") == [OTHER_VILLAGE]
    assert urged("open") == [VILLAGE, OTHER_VILLAGE]
    assert urged("named", centers=[VILLAGE, VILLAGE]) == [VILLAGE]
    with refused("wrong_state", "whom"):
        urged("late")
    with refused("wrong_state", "centers"):
        urged("named", centers=[COUNTY])
    with refused("not_found", "centers"):
        urged("named", centers=[TOWN])
    world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")
    world.do(MAYOR, "extension.grant", order=order, center=VILLAGE)
    clock(world, DUE)
    assert urged("late") == [OTHER_VILLAGE], "who was given more time is not late"


def test_an_order_is_supervised_until_the_mark_is_taken_off() -> None:
    world = World()
    order = issue(world, COUNTY_LEADER, VILLAGE)
    (on,) = world.do(MAYOR, "order.supervise", order=order, on=True)
    assert on.audience == (f"center:{COUNTY}", f"center:{VILLAGE}")
    assert world.do(MAYOR, "order.supervise", order=order, on=True) == []
    world.do(COUNTY_LEADER, "order.supervise", order=order, on=False)
    assert not world.state.orders[order].supervised


# -- more time


def test_more_time_is_asked_for_with_a_reason_and_answered() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, OTHER_VILLAGE, due=DUE)
    with refused("wrong_state", "order"):
        world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")
    signed(world, order, STATION, NEIGHBOUR)
    with refused("invalid", "due"):
        world.do(STATION, "extension.ask", order=order, due=DUE, reason="雨大")
    (asked,) = world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")
    assert (asked.data["due"], asked.data["reason"]) == (LATER, "雨大")
    with refused("wrong_state", "center"):
        world.do(MAYOR, "extension.grant", order=order, center=OTHER_VILLAGE)
    (given,) = world.do(MAYOR, "extension.grant", order=order, center=VILLAGE)
    assert given.data["due"] == LATER
    assert due_of(world.state.orders[order], VILLAGE) == LATER
    assert due_of(world.state.orders[order], OTHER_VILLAGE) == DUE
    world.do(NEIGHBOUR, "extension.ask", order=order, due=LATER, reason="人手不足")
    world.do(MAYOR, "extension.refuse", order=order, center=OTHER_VILLAGE, reason="抓紧")
    with refused("wrong_state", "center"):
        world.do(MAYOR, "extension.refuse", order=order, center=OTHER_VILLAGE)
    completed(world, order, STATION)
    with refused("already_done", "order"):
        world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")


def test_where_there_is_no_date_no_more_time_is_asked_for() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE)
    signed(world, order, STATION)
    with refused("wrong_state", "order"):
        world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")


# -- withdrawn, corrected


def test_a_withdrawn_order_is_over_and_says_so_to_everybody() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, OTHER_VILLAGE, due=DUE)
    signed(world, order, STATION)
    with refused("forbidden", "order"):
        world.do(COUNTY_LEADER, "order.withdraw", order=order, reason="有误")
    (gone,) = world.do(MAYOR, "order.withdraw", order=order, reason="有误")
    assert gone.audience == (f"center:{CITY}", f"center:{VILLAGE}", f"center:{OTHER_VILLAGE}")
    assert world.state.orders[order].state == "withdrawn"
    assert clock(world, LATER) == [], "nothing of it is late"
    for who, kind, data in (
        (STATION, "order.complete", {}),
        (STATION, "order.deliver", {}),
        (MAYOR, "order.accept", {}),
        (MAYOR, "order.withdraw", {"reason": "有误"}),
    ):
        with refused("wrong_state", "order"):
            world.do(who, kind, order=order, **data)
    assert rebuilt(world.entries) == world.state


def test_only_the_issuers_center_changes_what_an_order_says() -> None:
    world = World()
    order = issue(world, COUNTY_LEADER, VILLAGE, due=DUE)
    new = {"text": "改为转移 3 户", "priority": "urgent", "due": LATER, "reason": "笔误"}
    with refused("forbidden", "order"):
        world.do(MAYOR, "order.correct", order=order, **new)
    with refused("invalid", "due"):
        world.do(COUNTY_LEADER, "order.correct", order=order, **{**new, "due": "2026-11-23T08:00:00Z"})
    (corrected,) = world.do(account("dispatcher", COUNTY), "order.correct", order=order, **new)
    assert {**corrected.data, "by": None} == {**new, "order": order, "by": None}
    assert (world.state.orders[order].due, world.state.orders[order].priority) == (LATER, "urgent")
    assert clock(world, "2026-11-23T17:59:59Z") == []


# -- numbers


def test_numbers_run_without_gaps_by_center_and_year_of_the_citys_time() -> None:
    world = World()

    def number(who: Account) -> str:
        return str(world.state.orders[issue(world, who, VILLAGE)].number)

    assert [number(MAYOR), number(COUNTY_LEADER), number(CITY_DESK)] == [
        "岳指〔2026〕1号",
        "临湘指〔2026〕1号",
        "岳指〔2026〕2号",
    ]
    with pytest.raises(Refusal):
        issue(world, MAYOR, "430000000000")
    with refused("forbidden"):
        world.do(STATION, "numbering.change", pattern="{year}-{number}")
    for wrong in ("岳指{number}号", "{year}{number}{number}", "{year}{number}{x}"):
        with refused("invalid", "pattern"):
            world.do(MAYOR, "numbering.change", pattern=wrong)
    world.do(MAYOR, "numbering.change", pattern="岳防指令〔{year}〕{number}")
    assert world.do(CITY_DESK, "numbering.change", pattern="岳防指令〔{year}〕{number}") == []
    assert number(MAYOR) == "岳防指令〔2026〕3"
    world.zone = timezone(timedelta(hours=8))
    world.now = datetime(2026, 12, 31, 15, 59, 50, tzinfo=UTC)
    assert number(MAYOR) == "岳防指令〔2026〕4"
    world.now = datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert number(MAYOR) == "岳防指令〔2027〕1", "in the city the year has begun"
    world.do(MAYOR, "numbering.change")
    assert number(MAYOR) == "岳指〔2027〕2号"
    assert rebuilt(world.entries) == world.state


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("岳阳市", "city", "岳"),
        ("岳阳县", "county", "岳阳县"),
        ("临湘市", "county", "临湘"),
        ("坦渡镇", "township", "坦渡"),
        ("长岭街道办事处", "township", "长岭"),
        ("坦渡村", "village", "坦渡"),
        ("村", "village", "村"),
        ("{镇", "township", "镇"),
    ],
)
def test_a_pattern_is_made_from_the_name_where_there_is_none(name: str, level: str, short: str) -> None:
    assert default_pattern(Center(TOWN, name, level, None, "")) == f"{short}指〔{{year}}〕{{number}}号"


# -- passed down


def test_an_order_is_passed_down_over_three_levels_each_due_no_later_than_the_one_above() -> None:
    world = World()
    city = issue(world, MAYOR, COUNTY, OTHER_COUNTY, due=LATER)
    with refused("wrong_state", "parent"):
        issue(world, COUNTY_LEADER, TOWN, parent=city, due=DUE)
    signed(world, city, COUNTY_LEADER)
    for due in (None, "2026-11-23T18:00:01Z"):
        with refused("invalid", "due"):
            issue(world, COUNTY_LEADER, TOWN, parent=city, due=due)
    with refused("forbidden", "order"):
        issue(world, account("leader", CITY), COUNTY, parent=city, due=DUE)
    with refused("not_found", "order"):
        issue(world, account("leader", OTHER_TOWN), OTHER_TOWN, parent=city, due=DUE)
    with refused("forbidden", "targets"):
        issue(world, COUNTY_LEADER, CITY, parent=city, due=DUE)
    county = issue(world, COUNTY_LEADER, TOWN, parent=city, due=LATER)
    assert world.entries[-1].data["parent"] == {
        "order": city,
        "number": "岳指〔2026〕1号",
        "center_name": "岳阳市",
    }
    assert world.state.orders[city].targets[COUNTY] == "in_progress", "passing down is work on it"
    signed(world, county, TOWN_DESK)
    town = issue(
        world, TOWN_DESK, VILLAGE, OTHER_VILLAGE, parent=county, due="2026-11-24T00:00:00Z", later=True
    )
    assert world.state.orders[town].parent == county
    completed(world, town, STATION, NEIGHBOUR)
    assert world.state.orders[county].targets[TOWN] == "in_progress", "who passes down answers for it himself"
    completed(world, county, TOWN_DESK)
    with refused("already_done", "parent"):
        issue(world, TOWN_DESK, VILLAGE, parent=county, due=DUE)
    assert rebuilt(world.entries) == world.state


# -- late, by the clock


def test_a_late_order_is_escalated_level_by_level_and_the_warning_nobody_saw_goes_up_with_it() -> None:
    world = World()
    order = issue(world, TOWN_DESK, VILLAGE, OTHER_VILLAGE, due=DUE, priority="urgent")
    (raised,) = clock(world, DUE)
    assert (raised.data["kind"], raised.data["center"], raised.data["words"]["left"]) == ("overdue", TOWN, 2)
    wait = ESCALATES_AFTER["urgent"]
    assert clock(world, to_wire(world.now + wait - timedelta(seconds=2))) == []
    asked, warned = clock(world, to_wire(world.now + timedelta(seconds=4)))
    assert (asked.kind, asked.data["center"], asked.data["level"], asked.data["late"]) == (
        "order.escalated",
        COUNTY,
        1,
        2,
    )
    assert asked.audience == (f"center:{TOWN}",), "read by all above it"
    assert (warned.kind, warned.data["center"]) == ("alarm.escalated", COUNTY)
    world.do(TOWN_DESK, "alarm.acknowledge", alarm=raised.data["alarm"])
    (asked,) = clock(world, to_wire(world.now + wait + timedelta(seconds=4)))
    assert (asked.data["center"], asked.data["level"]) == (CITY, 2), "seen is not done"
    assert clock(world, to_wire(world.now + timedelta(days=30))) == [], "above the city there is nobody"
    completed(world, order, STATION)
    *_, cleared = world.do(NEIGHBOUR, "order.sign", order=order) + world.do(
        NEIGHBOUR, "order.complete", order=order
    )
    assert (cleared.kind, cleared.data["why"]) == ("alarm.cleared", "completed")


def test_more_time_for_the_last_that_is_late_ends_the_warning_and_its_own_date_raises_another() -> None:
    world = World()
    order = issue(world, COUNTY_LEADER, VILLAGE, OTHER_VILLAGE, due=DUE)
    signed(world, order, STATION, NEIGHBOUR)
    clock(world, DUE)
    world.do(STATION, "extension.ask", order=order, due=LATER, reason="雨大")
    world.do(NEIGHBOUR, "extension.ask", order=order, due="2026-11-24T00:00:00Z", reason="雨大")
    assert len(world.do(COUNTY_LEADER, "extension.grant", order=order, center=VILLAGE)) == 1
    _, cleared = world.do(COUNTY_LEADER, "extension.grant", order=order, center=OTHER_VILLAGE)
    assert (cleared.kind, cleared.data["why"]) == ("alarm.cleared", "passed")
    (raised,) = clock(world, LATER)
    assert raised.data["words"] == {"due": LATER, "left": 1, "of": 2}
    _, cleared = world.do(STATION, "order.complete", order=order)
    assert (cleared.kind, cleared.data["why"]) == ("alarm.cleared", "passed"), "the other one has time yet"
    assert rebuilt(world.entries) == world.state


def test_what_is_returned_after_its_date_is_late_at_once() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, due=DUE)
    completed(world, order, STATION)
    assert clock(world, LATER) == []
    world.do(MAYOR, "order.return", order=order, center=VILLAGE, reason="缺照片")
    (raised,) = clock(world, to_wire(world.now + timedelta(seconds=5)))
    assert raised.data["kind"] == "overdue"


def test_another_date_for_all_ends_the_warning() -> None:
    world = World()
    order = issue(world, MAYOR, VILLAGE, due=DUE)
    clock(world, DUE)
    new = {"text": "巡", "priority": "normal", "reason": "延一天"}
    assert len(world.do(MAYOR, "order.correct", order=order, due=DUE, **new)) == 1
    _, cleared = world.do(MAYOR, "order.correct", order=order, due=LATER, **new)
    assert cleared.kind == "alarm.cleared"
    assert [each.data["kind"] for each in clock(world, LATER)] == ["overdue"]


# -- anything


def recount(order: Order, now: datetime) -> tuple[int, int, int]:
    """How many have something to do, are not accepted, are late: by a look at each."""
    undone = [code for code, reached in order.targets.items() if reached not in DONE]
    dues = [due_of(order, code) for code in undone]
    return (
        len(undone),
        sum(reached != "accepted" for reached in order.targets.values()),
        sum(due is not None and due <= to_wire(now) for due in dues),
    )


PEOPLE = {
    each.center: each
    for each in (
        *(account("leader", code) for code in (CITY, COUNTY, OTHER_COUNTY, TOWN)),
        STATION,
        NEIGHBOUR,
    )
}
CODES = tuple(PEOPLE)


OF_TARGETS = ("order.deliver", "order.sign", "order.progress", "order.complete", "extension.ask")


def any_step(world: World, chance: random.Random) -> list[Entry]:
    """Somebody does something about an order, or time passes; mostly somebody who may."""
    hour = to_wire(world.now + timedelta(hours=chance.choice((1, 3, 30))))
    going = [each for each in world.state.orders.values() if each.closed is None]
    if len(going) < 3:
        who = chance.choice([each for each in PEOPLE.values() if each.role == "leader"])
        below = [code for code in CODES if TREE.contains(who.center, code)] + [who.center]
        parent = next((each.id for each in going if each.targets.get(who.center) == "signed"), None)
        targets = chance.sample(below, min(len(below), chance.randint(1, 3)))
        more = {"due": chance.choice([None, hour]), "later": True, "parent": parent}
        return world.do(who, "order.issue", text="令", targets=targets, **more)
    if chance.random() < 0.08:
        return clock(world, hour)
    order = chance.choice(going)
    code = chance.choice(list(order.targets))
    steps: list[tuple[str, dict[str, Any]]] = [
        ("order.deliver", {}),
        *[("order.sign", {})] * 3,
        ("order.progress", {"text": "一半"}),
        *[("order.complete", {})] * 3,
        ("order.accept", {"centers": chance.choice([[], [code]])}),
        *[("order.return", {"center": code, "reason": "不全"})] * 2,
        ("order.urge", {"whom": chance.choice(["unsigned", "late", "open"])}),
        ("order.correct", {"text": "改", "priority": "urgent", "due": hour, "reason": "误"}),
        *[("extension.ask", {"due": hour, "reason": "难"})] * 3,
        *[("extension.grant", {"center": each}) for each in [code, *order.asked]],
        ("extension.refuse", {"center": code}),
    ]
    kind, data = chance.choice(steps)
    if chance.random() < 0.01:
        kind, data = "order.withdraw", {"reason": "作废"}
    who = PEOPLE[code if kind in OF_TARGETS else order.issuer_center]
    return world.do(chance.choice([who, who, who, *PEOPLE.values()][:4]), kind, order=order.id, **data)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_steps_what_is_counted_is_what_a_recount_finds_and_the_journal_gives_it_again(
    seed: int,
) -> None:
    world, chance, kinds = World(), random.Random(seed), set()
    for number in range(1500):
        try:
            kinds |= {entry.kind for entry in any_step(world, chance)}
        except Refusal:
            continue
        for order in world.state.orders.values():
            assert (order.undone, order.unaccepted, late(order, world.now)) == recount(order, world.now)
            alarms = [each for each in world.state.alarms.values() if each.order == order.id]
            assert len(alarms) == int(order.overdue) <= 1, "one warning at a time"
        if number % 50 == 0:
            assert rebuilt(world.entries) == world.state
    assert len(kinds & {"order.accepted", "order.returned", "extension.granted", "order.escalated"}) == 4
    replayed = HubState()
    for entry in copy.deepcopy(world.entries):
        apply(replayed, entry)
    assert replayed == world.state
    numbers: dict[tuple[str, int], list[int]] = {}
    for entry in world.entries:
        if entry.kind == "order.issued":
            data = entry.data
            numbers.setdefault((data["issuer"]["center"], data["year"]), []).append(data["serial"])
    assert all(each == list(range(1, len(each) + 1)) for each in numbers.values()), "no gaps"
