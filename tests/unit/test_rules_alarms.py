"""Alarms: who hears of what, who answers, what happens when nobody does, and when one is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch.alarm_state import AGED
from hub.dispatch.alarms import MOST_AT_ONCE, RULES
from hub.entry import Entry
from hub.ruling import Context, Due
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    World,
    account,
)
from tests.unit.test_rules_dispatch import refused

MAYOR = account("leader", CITY)
COUNTY_DESK = account("dispatcher", COUNTY)
TOWN_DESK = account("dispatcher", TOWN)
STATION = account("station", VILLAGE)
WAIT = Context(datetime.now(), MAYOR, TREE, str).escalate_after


def report(world: World, who: Account = STATION, **more: Any) -> Entry:
    """有情况; the alarm that it raised."""
    _, raised = world.do(who, "report.file", situation="abnormal", text="水位上涨", **more)
    return raised


def due(world: World) -> Due | None:
    assert RULES.hub_due is not None
    return RULES.hub_due(world.state)


def advance(world: World, after: timedelta) -> list[Entry]:
    """What the clock brings about after so long, as the clockwork gives it."""
    world.now += after
    made: list[Entry] = []
    while (next := due(world)) is not None and next.at <= world.now:
        made += world.do(SYSTEM_ACCOUNT, next.kind, next.meeting, **next.data)
    return made


def system(world: World, kind: str, meeting: str | None = None, /, **data: Any) -> list[Entry]:
    return world.do(SYSTEM_ACCOUNT, kind, meeting, **data)


def test_an_abnormal_report_raises_an_alarm_in_and_out_of_meetings_that_keeps_what_was_said() -> None:
    world = World()
    filed, raised = world.do(STATION, "report.file", situation="abnormal", text="水位上涨")
    assert (raised.kind, raised.meeting, raised.audience) == ("alarm.raised", None, (f"center:{VILLAGE}",))
    assert raised.data["report"] == filed.data["report"]
    assert (raised.data["kind"], raised.data["severity"], raised.data["text"]) == (
        "situation",
        "critical",
        "水位上涨",
    )
    assert raised.data["owner"] == {"center": TOWN, "name": "坦渡镇"}
    assert raised.data["escalates_at"] == to_wire(world.now + WAIT)
    meeting = world.open(MAYOR, VILLAGE)
    world.do(STATION, "meeting.join", meeting)
    _, inside = world.do(STATION, "report.file", meeting, situation="abnormal", text="管涌")
    assert inside.meeting == meeting
    assert len(world.do(STATION, "report.file", situation="normal")) == 1


def test_at_the_top_there_is_nobody_above_to_answer() -> None:
    raised = report(World(), MAYOR)
    assert raised.data["owner"]["center"] == CITY
    assert raised.data["escalates_at"] is None


@pytest.mark.parametrize("who", [TOWN_DESK, COUNTY_DESK, MAYOR, account("leader", TOWN)])
def test_one_of_those_above_is_enough_and_signs_for_it(who: Account) -> None:
    world = World()
    alarm = report(world).data["alarm"]
    (seen,) = world.do(who, "alarm.acknowledge", alarm=alarm)
    assert seen.data["by"]["account"] == who.id
    for again in (who, MAYOR):
        with refused("already_done", "alarm"):
            world.do(again, "alarm.acknowledge", alarm=alarm)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (STATION, "forbidden"),
        (account("leader", VILLAGE), "forbidden"),
        (account("clerk", COUNTY), "forbidden"),
        (account("audit_admin", CITY), "forbidden"),
        (account("leader", OTHER_COUNTY), "not_found"),
        (account("station", OTHER_VILLAGE), "not_found"),
        (account("station", TOWN), "not_found"),
        (account("system_admin", CITY), "not_found"),
    ],
)
@pytest.mark.parametrize("kind", ["alarm.acknowledge", "alarm.deliver"])
def test_nobody_else_answers_and_who_does_not_see_it_finds_nothing(
    who: Account, code: str, kind: str
) -> None:
    world = World()
    alarm = report(world).data["alarm"]
    with refused(code, "alarm"):
        world.do(who, kind, alarm=alarm)


def test_only_the_first_desk_that_shows_it_counts_and_showing_is_not_seeing() -> None:
    world = World()
    alarm = report(world).data["alarm"]
    (shown,) = world.do(COUNTY_DESK, "alarm.deliver", alarm=alarm)
    assert shown.data["by"]["account"] == COUNTY_DESK.id
    assert world.do(MAYOR, "alarm.deliver", alarm=alarm) == []
    assert [each.data["center"] for each in advance(world, WAIT)] == [COUNTY]


def test_what_nobody_acknowledges_goes_up_level_by_level_to_the_top_and_no_further() -> None:
    world = World()
    alarm = report(world).data["alarm"]
    assert advance(world, WAIT - timedelta(seconds=5)) == []
    (first,) = advance(world, timedelta(seconds=5))
    assert (first.kind, first.data["center"], first.data["name"]) == ("alarm.escalated", COUNTY, "临湘市")
    (second,) = advance(world, WAIT + timedelta(seconds=1))
    assert (second.data["center"], second.data["escalates_at"]) == (CITY, None)
    assert due(world) is None
    world.do(TOWN_DESK, "alarm.acknowledge", alarm=alarm)
    assert advance(world, timedelta(hours=1)) == []


def test_what_somebody_acknowledged_is_not_escalated() -> None:
    world = World()
    world.do(TOWN_DESK, "alarm.acknowledge", alarm=report(world).data["alarm"])
    assert advance(world, 10 * WAIT) == []


def test_a_situation_is_over_when_its_center_says_so_after_it_was_acknowledged() -> None:
    world = World()
    alarm = report(world).data["alarm"]
    other = report(world, account("station", OTHER_VILLAGE)).data["alarm"]
    assert len(world.do(STATION, "report.file", situation="normal")) == 1, "nobody has seen it yet"
    world.do(TOWN_DESK, "alarm.acknowledge", alarm=alarm)
    world.do(TOWN_DESK, "alarm.acknowledge", alarm=other)
    _, cleared = world.do(STATION, "report.file", situation="normal")
    assert (cleared.kind, cleared.data) == ("alarm.cleared", {"alarm": alarm, "why": "normal"})
    assert list(world.state.alarms) == [other]
    with refused("not_found", "alarm"):
        world.do(TOWN_DESK, "alarm.acknowledge", alarm=alarm)
    (aged,) = advance(world, AGED)
    assert aged.data == {"alarm": other, "why": "aged"}
    assert not world.state.alarms
    assert not world.state.agenda


def test_who_orders_because_of_it_has_seen_it_and_it_is_said_once() -> None:
    world = World()
    alarm = report(world)
    about = {"what": "report", "id": alarm.data["report"]}
    issued, seen, ordered = world.do(MAYOR, "order.issue", text="转移", targets=[VILLAGE], about=about)
    assert issued.data["about"] == about
    assert (seen.kind, ordered.kind) == ("alarm.acknowledged", "alarm.ordered")
    assert ordered.data["order"] == issued.data["order"]
    by_id = {"what": "alarm", "id": alarm.data["alarm"]}
    assert len(world.do(MAYOR, "order.issue", text="再转移", targets=[VILLAGE], about=by_id)) == 1


def test_an_order_about_what_one_does_not_answer_changes_no_alarm() -> None:
    world = World()
    about = {"what": "report", "id": report(world).data["report"]}
    stranger = account("leader", OTHER_COUNTY)
    assert len(world.do(stranger, "order.issue", text="x", targets=[OTHER_COUNTY], about=about)) == 1
    assert len(world.do(MAYOR, "order.issue", text="x", targets=[VILLAGE])) == 1


def test_an_order_past_its_due_raises_one_alarm_for_its_issuer_until_it_is_completed() -> None:
    world = World()
    (issued,) = world.do(
        COUNTY_DESK, "order.issue", text="巡", targets=[VILLAGE, OTHER_VILLAGE], due="2026-11-23T09:00:00Z"
    )
    order = issued.data["order"]
    assert advance(world, timedelta(minutes=59)) == []
    world.do(STATION, "order.sign", order=order)
    world.do(STATION, "order.complete", order=order)
    (raised,) = advance(world, timedelta(minutes=1))
    assert (raised.data["kind"], raised.data["severity"]) == ("overdue", "warning")
    assert (raised.data["center"], raised.data["order"], raised.data["escalates_at"]) == (COUNTY, order, None)
    assert raised.data["words"] == {"due": "2026-11-23T09:00:00.000000Z", "left": 1, "of": 2}
    asked, escalated = advance(world, timedelta(days=30))
    assert (asked.kind, asked.data["center"], asked.data["late"]) == ("order.escalated", CITY, 1)
    assert (escalated.data["center"], escalated.data["escalates_at"]) == (CITY, None)
    assert advance(world, timedelta(days=30)) == [], "one alarm, and above the city there is nobody"
    world.do(COUNTY_DESK, "alarm.acknowledge", alarm=raised.data["alarm"])
    last = account("station", OTHER_VILLAGE)
    world.do(last, "order.sign", order=order)
    assert world.do(last, "order.complete", order=order)[-1].data["why"] == "completed"
    assert not world.state.alarms


def test_an_order_that_is_completed_in_time_is_never_overdue() -> None:
    world = World()
    (issued,) = world.do(MAYOR, "order.issue", text="巡", targets=[VILLAGE], due="2026-11-23T09:00:00Z")
    world.do(STATION, "order.sign", order=issued.data["order"])
    world.do(STATION, "order.complete", order=issued.data["order"])
    assert due(world) is None


def test_many_that_are_due_at_one_moment_are_all_raised() -> None:
    world = World()
    for number in range(MOST_AT_ONCE + 5):
        world.do(MAYOR, "order.issue", text=f"巡 {number}", targets=[VILLAGE], due="2026-11-24T09:00:00Z")
    made = advance(world, timedelta(days=2))
    assert len({each.data["order"] for each in made}) == len(made) == MOST_AT_ONCE + 5


def test_what_the_hub_sees_of_itself_is_the_tops_and_raised_once_until_it_is_over() -> None:
    world = World()
    told = {"kind": "disk", "subject": "disk:data", "words": {"folder": "data"}}
    (raised,) = system(world, "alarm.raise", **told)
    assert (raised.data["center"], raised.data["severity"]) == (CITY, "warning")
    assert system(world, "alarm.raise", **told) == []
    (cleared,) = system(world, "alarm.clear", subject="disk:data")
    assert cleared.data == {"alarm": raised.data["alarm"], "why": "passed"}
    assert system(world, "alarm.clear", subject="disk:data") == []
    assert system(world, "alarm.raise", **told)


def test_what_is_the_matter_in_a_meeting_is_its_conveners_and_over_with_it_but_reports_are_not() -> None:
    world = World()
    meeting = world.open(account("leader", COUNTY), VILLAGE)
    world.do(STATION, "meeting.join", meeting)
    world.do(STATION, "report.file", meeting, situation="abnormal", text="管涌")
    told = {"kind": "lost", "subject": f"lost:{meeting}", "words": {"lost": 6, "of": 12}}
    (raised,) = system(world, "alarm.raise", meeting, **told)
    assert (raised.meeting, raised.data["center"], raised.data["severity"]) == (meeting, COUNTY, "critical")
    ended = world.do(account("leader", COUNTY), "meeting.end", meeting)
    cleared = [each for each in ended if each.kind == "alarm.cleared"]
    assert [each.data["alarm"] for each in cleared] == [raised.data["alarm"]]
    assert [alarm.kind for alarm in world.state.alarms.values()] == ["situation"]
    assert system(world, "alarm.raise", meeting, **told) == [], "a meeting that is over loses nobody"


def test_people_raise_clear_and_advance_nothing() -> None:
    world = World()
    for kind, data in (
        ("alarm.raise", {"kind": "disk", "subject": "x"}),
        ("alarm.clear", {"subject": "x"}),
        ("alarm.advance", {}),
    ):
        with refused("invalid", "kind"):
            world.do(MAYOR, kind, **data)
