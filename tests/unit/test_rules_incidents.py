"""Incidents and appeals: who is responsible, who asked, who checks, what is overdue; duplicates; random people at it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch import incident_state
from hub.dispatch.incident_routing import MOST_CONCERNED
from hub.dispatch.incident_shapes import INCIDENT_STATES
from hub.dispatch.incident_state import Incident, incidents_of
from hub.dispatch.incidents import RULES
from hub.dispatch.routing import passed_on, vouched
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.rules import apply, decide
from hub.ruling import Context
from hub.state import HubState
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

MAYOR, DESK = account("leader", CITY), account("dispatcher", CITY)
COUNTY_DESK, COUNTY_CLERK = account("dispatcher", COUNTY), account("clerk", COUNTY)
TOWN_DESK, STATION = account("dispatcher", TOWN), account("station", VILLAGE)
STRANGER = account("leader", OTHER_COUNTY)


def register(world: World, who: Account = DESK, meeting: str | None = None, /, **more: Any) -> str:
    data = {"kind": "incident", "title": "长安河水位上涨", **more}
    return str(world.do(who, "incident.register", meeting, **data)[0].data["incident"])


def route(world: World, who: Account, incident: str, to: str) -> Entry:
    return world.do(who, "incident.route", incident=incident, to=to, reason="请核实处置")[0]


def one(world: World, incident: str) -> Incident:
    return incidents_of(world.state).by_id[incident]


def refused(
    world: World, who: Account, kind: str, meeting: str | None = None, /, **data: Any
) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, meeting, **data)
    return caught.value.code, caught.value.field


def words(entry: Entry) -> set[str]:
    return {word.removeprefix("center:") for word in entry.audience}


def askers(world: World, incident: str) -> list[str]:
    return [asker["center"] for asker in one(world, incident).askers]


def done(world: World, who: Account, incident: str) -> None:
    world.do(who, "incident.acknowledge", incident=incident)
    world.do(who, "incident.complete", incident=incident, text="已转移3户，堤段已加固")


def come(world: World, after: timedelta) -> list[Entry]:
    """What the clock brings."""
    world.now += after
    made: list[Entry] = []
    assert RULES.hub_due is not None
    while (due := RULES.hub_due(world.state)) is not None and due.at <= world.now:
        made += world.do(SYSTEM_ACCOUNT, due.kind, **due.data)
    return made


def test_from_intake_to_the_last_check_and_back_again() -> None:
    world = World()
    incident = register(world, site=VILLAGE, category="flood", place="坦渡村二组", urgency="urgent")
    assert words(world.entries[-1]) == {CITY, VILLAGE}, "whom it is about hears of it"
    (studied,) = world.do(DESK, "incident.study", incident=incident, text="与水利局会商：派人巡堤")
    assert studied.data["stands"]["state"] == "studied"
    down = route(world, DESK, incident, COUNTY)
    assert (down.data["direction"], down.data["stands"]["checker"]["center"]) == ("down", CITY)
    assert refused(world, COUNTY_DESK, "incident.note", incident=incident, text="x") == (
        "wrong_state",
        "incident",
    ), "first it says that it has it"
    world.do(COUNTY_DESK, "incident.acknowledge", incident=incident)
    route(world, COUNTY_DESK, incident, VILLAGE)
    assert askers(world, incident) == [CITY, COUNTY]
    world.do(STATION, "incident.acknowledge", incident=incident)
    (noted,) = world.do(STATION, "incident.note", incident=incident, text="已到现场")
    assert words(noted) == {CITY, VILLAGE, COUNTY}
    assert refused(world, DESK, "incident.close", incident=incident)[0] == "wrong_state"
    world.do(STATION, "incident.complete", incident=incident, text="险情排除")
    # who asked checks: the county of the village, the city of the county
    assert refused(world, STATION, "incident.close", incident=incident)[0] == "forbidden"
    (returned,) = world.do(COUNTY_DESK, "incident.return", incident=incident, reason="请补照片")
    assert returned.data["stands"]["state"] == "handling"
    world.do(STATION, "incident.complete", incident=incident, text="照片已补")
    (passed,) = world.do(COUNTY_DESK, "incident.close", incident=incident, text="已电话回访")
    assert passed.kind == "incident.passed"
    assert passed.data["stands"]["responsible"]["center"] == COUNTY, "the county vouches for it now"
    assert passed.data["stands"]["checker"]["center"] == CITY
    (closed,) = world.do(MAYOR, "incident.close", incident=incident)
    assert (closed.kind, closed.data["stands"]["state"]) == ("incident.closed", "closed")
    assert refused(world, DESK, "incident.route", incident=incident, to=COUNTY, reason="x") == (
        "already_done",
        "incident",
    )
    assert refused(world, STATION, "incident.reopen", incident=incident, reason="又涨了")[0] == "forbidden"
    (again,) = world.do(DESK, "incident.reopen", incident=incident, reason="又涨了")
    assert again.data["stands"]["state"] == "routed"
    assert askers(world, incident) == [CITY]
    assert one(world, incident).responsible["center"] == COUNTY
    assert rebuilt(world.entries) == world.state


def test_the_top_may_check_for_all_below_and_close_at_once() -> None:
    world = World()
    incident = register(world)
    route(world, DESK, incident, COUNTY)
    route(world, COUNTY_DESK, incident, TOWN)
    route(world, TOWN_DESK, incident, VILLAGE)
    done(world, STATION, incident)
    assert askers(world, incident) == [CITY, COUNTY, TOWN]
    assert world.do(DESK, "incident.close", incident=incident)[0].kind == "incident.closed"


def test_what_a_county_took_in_and_the_city_gave_to_another_comes_back_to_the_county() -> None:
    world = World()
    incident = register(world, COUNTY_DESK, kind="appeal", title="路灯不亮")
    assert route(world, COUNTY_DESK, incident, CITY).data["direction"] == "up"
    assert route(world, DESK, incident, OTHER_COUNTY).data["direction"] == "down"
    assert askers(world, incident) == [COUNTY, CITY]
    done(world, STRANGER, incident)
    assert refused(world, COUNTY_DESK, "incident.close", incident=incident)[0] == "forbidden"
    assert world.do(DESK, "incident.close", incident=incident)[0].kind == "incident.passed"
    assert one(world, incident).checker["center"] == COUNTY, "the citizen asked the county"
    assert world.do(COUNTY_DESK, "incident.close", incident=incident)[0].kind == "incident.closed"


def test_across_goes_what_who_stands_above_both_gives_to_the_other() -> None:
    world = World()
    incident = register(world, COUNTY_DESK)
    assert refused(world, COUNTY_DESK, "incident.route", incident=incident, to=OTHER_COUNTY, reason="x") == (
        "not_found",
        "to",
    ), "a center beside is out of sight"
    across = route(world, DESK, incident, OTHER_COUNTY)
    assert across.data["direction"] == "across"
    assert across.data["before"]["center"] == COUNTY
    assert words(across) == {COUNTY, OTHER_COUNTY}, "those above both read it as such"
    assert askers(world, incident) == [COUNTY, CITY]
    # it no longer leads it, but goes on seeing what it took in
    assert (
        refused(world, COUNTY_DESK, "incident.route", incident=incident, to=TOWN, reason="x")[0]
        == "forbidden"
    )
    assert world.do(COUNTY_DESK, "incident.change", incident=incident, title="长安河漫堤")


def test_a_station_passes_it_back_to_who_asked_and_nowhere_else() -> None:
    world = World()
    incident = register(world)
    route(world, DESK, incident, VILLAGE)
    assert refused(world, STATION, "incident.route", incident=incident, to=TOWN, reason="x")[0] == "forbidden"
    back = route(world, STATION, incident, CITY)
    assert (back.data["direction"], askers(world, incident)) == ("up", [CITY])
    assert refused(world, STATION, "incident.acknowledge", incident=incident)[0] == "forbidden"


def test_out_of_sight_is_as_not_there_and_in_sight_is_said_no() -> None:
    world = World()
    incident = register(world, COUNTY_DESK)
    missing = "i_" + "0" * 18
    for kind, data in {
        "incident.study": {"text": "x"},
        "incident.route": {"to": TOWN, "reason": "x"},
        "incident.acknowledge": {},
        "incident.note": {"text": "x"},
        "incident.complete": {"text": "x"},
        "incident.close": {},
        "incident.return": {"reason": "x"},
        "incident.reopen": {"reason": "x"},
        "incident.join": {"main": incident},
        "incident.separate": {},
        "incident.change": {"title": "x"},
    }.items():
        unseen = refused(world, STRANGER, kind, incident=incident, **data)
        assert unseen == refused(world, STRANGER, kind, incident=missing, **data) == ("not_found", "incident")
        assert refused(world, COUNTY_CLERK, kind, incident=incident, **data)[0] == "forbidden", kind
    for role in ("station", "clerk", "audit_admin", "system_admin"):
        assert (
            refused(world, account(role, COUNTY), "incident.register", kind="appeal", title="x")[0]
            == "forbidden"
        )
    assert refused(world, COUNTY_DESK, "incident.register", kind="appeal", title="x", site=OTHER_TOWN) == (
        "not_found",
        "site",
    )


def test_numbers_run_for_each_center_and_year_of_the_city_across_restarts() -> None:
    world = World()
    numbers = [one(world, register(world)).number for _ in range(3)]
    assert numbers == ["2026-0001", "2026-0002", "2026-0003"]
    assert one(world, register(world, COUNTY_DESK)).number == "2026-0001"
    last = incidents_of(world.state).by_id[list(incidents_of(world.state).by_id)[2]]
    world.do(DESK, "incident.complete", incident=last.id, text="已办")
    world.do(DESK, "incident.close", incident=last.id)
    state = rebuilt(world.entries)
    # five hours before the year ends in London it has ended here
    new_year = world.now.replace(month=12, day=31, hour=19)
    for now, number in ((world.now, "2026-0004"), (new_year, "2027-0001")):
        command = Command("c", "incident.register", None, {"kind": "appeal", "title": "问路"})
        context = Context(now, DESK, TREE, world.new_id, zone=ZoneInfo("Asia/Shanghai"))
        assert decide(state, command, context)[0].data["number"] == number


def test_what_is_due_and_not_done_is_told_once_and_again_by_a_new_date() -> None:
    world = World()
    due = to_wire(world.now + timedelta(hours=2))
    incident = register(world, due=due)
    route(world, DESK, incident, COUNTY)
    assert come(world, timedelta(minutes=100)) == []
    (late,) = come(world, timedelta(minutes=30))
    assert (late.kind, words(late)) == ("incident.overdue", {CITY, COUNTY})
    assert come(world, timedelta(days=9)) == []
    later = to_wire(world.now + timedelta(hours=1))
    world.do(DESK, "incident.change", incident=incident, title="水位上涨", due=later)
    assert not one(world, incident).overdue
    done(world, COUNTY_DESK, incident)
    assert come(world, timedelta(hours=3)) == [], "it was reported done in time"
    world.do(DESK, "incident.return", incident=incident, reason="没有做完")
    assert [entry.kind for entry in come(world, timedelta(0))] == ["incident.overdue"]
    past = to_wire(world.now - timedelta(hours=1))
    for kind, more in (("register", {"kind": "appeal"}), ("change", {"incident": incident})):
        assert refused(world, DESK, f"incident.{kind}", title="x", due=past, **more) == ("invalid", "due")
    world.do(DESK, "incident.change", incident=incident, title="x", due=later)
    assert one(world, incident).overdue, "the old date may stand"


def test_a_duplicate_points_to_the_main_one_is_read_with_it_and_goes_on_where_it_stood() -> None:
    world = World()
    main = register(world)
    route(world, DESK, main, OTHER_COUNTY)
    double = register(world, COUNTY_DESK)
    world.do(COUNTY_DESK, "incident.acknowledge", incident=double)
    assert refused(world, STRANGER, "incident.note", incident=double, text="x")[0] == "not_found"
    assert refused(world, DESK, "incident.join", incident=double, main=double) == ("invalid", "main")
    assert refused(world, COUNTY_DESK, "incident.join", incident=double, main=main) == ("not_found", "main")
    joined, gathered = world.do(DESK, "incident.join", incident=double, main=main)
    assert joined.data["main"] == {"id": main, "number": "2026-0001", "title": "长安河水位上涨"}
    assert (gathered.data["incident"], gathered.data["other"]["id"]) == (main, double)
    assert refused(world, STRANGER, "incident.note", incident=double, text="x")[0] == "forbidden", (
        "it is seen"
    )
    assert refused(world, COUNTY_DESK, "incident.note", incident=double, text="x")[0] == "already_done"
    assert refused(world, DESK, "incident.join", incident=main, main=double) == ("wrong_state", "main")
    assert rebuilt(world.entries) == world.state
    separated, released = world.do(COUNTY_DESK, "incident.separate", incident=double)
    assert separated.data["stands"]["state"] == "handling"
    assert released.data["other"]["id"] == double
    assert refused(world, DESK, "incident.separate", incident=double)[0] == "wrong_state"
    assert rebuilt(world.entries) == world.state


def test_what_is_done_in_a_meeting_stands_in_its_record() -> None:
    world = World()
    meeting = world.open(DESK, COUNTY)
    incident = register(world, DESK, meeting)
    assert world.entries[-1].meeting == meeting
    assert words(world.entries[-1]) == {CITY}, "those called do not read it for that"
    (studied,) = world.do(DESK, "incident.study", meeting, incident=incident, text="x")
    assert studied.meeting == meeting
    assert (
        refused(world, COUNTY_DESK, "incident.register", meeting, kind="appeal", title="x")[0] == "not_joined"
    )
    world.do(DESK, "meeting.end", meeting)
    assert refused(world, DESK, "incident.study", meeting, incident=incident, text="x")[0] == "meeting_ended"


def test_orders_that_follow_from_it_are_told_in_it_and_its_alarm_is_seen() -> None:
    world = World()
    filed, raised = world.do(STATION, "report.file", situation="abnormal", text="水位上涨")
    about = {"what": "report", "id": filed.data["report"]}
    registered, seen = world.do(
        DESK, "incident.register", kind="incident", title="x", site=VILLAGE, about=about
    )
    assert (seen.kind, seen.data["alarm"]) == ("alarm.acknowledged", raised.data["alarm"])
    incident = registered.data["incident"]
    about = {"what": "incident", "id": incident}
    issued, told = world.do(DESK, "order.issue", text="巡" * 200, targets=[VILLAGE], about=about)
    assert (told.kind, told.data["order"]) == ("incident.ordered", issued.data["order"])
    assert len(told.data["text"]) == 121
    (alone,) = world.do(STRANGER, "order.issue", text="巡", targets=[OTHER_TOWN], about=about)
    assert alone.kind == "order.issued", "who does not see it writes nothing into it"


def test_an_incident_is_not_passed_on_for_ever() -> None:
    world = World()
    incident = register(world)
    one(world, incident).concerned = (
        CITY,
        *(f"{430700000000 + number}" for number in range(1, MOST_CONCERNED)),
    )
    code = refused(world, DESK, "incident.route", incident=incident, to=COUNTY, reason="x")
    assert code == ("too_many", "to")


@pytest.mark.parametrize(
    ("before", "responsible", "by", "to", "after"),
    [
        ([CITY], CITY, CITY, COUNTY, [CITY]),
        ([CITY], COUNTY, COUNTY, TOWN, [CITY, COUNTY]),
        ([CITY, COUNTY], TOWN, CITY, OTHER_COUNTY, [CITY]),
        ([CITY, COUNTY], VILLAGE, TOWN, OTHER_VILLAGE, [CITY, COUNTY, TOWN]),
        ([CITY, COUNTY, TOWN], VILLAGE, VILLAGE, TOWN, [CITY, COUNTY]),
        ([CITY, COUNTY, TOWN], VILLAGE, VILLAGE, COUNTY, [CITY]),
        ([CITY, COUNTY], VILLAGE, VILLAGE, TOWN, [CITY, COUNTY]),
        ([VILLAGE, COUNTY], TOWN, TOWN, CITY, [VILLAGE]),
    ],
)
def test_who_asked_after_it_was_passed_on(
    before: Sequence[str], responsible: str, by: str, to: str, after: list[str]
) -> None:
    def named(code: str) -> dict[str, str]:
        return {"center": code, "name": TREE[code].name}

    found = passed_on([named(code) for code in before], named(responsible), named(by), to, TREE)
    assert [asker["center"] for asker in found] == after
    left, voucher = vouched(found, after[-1])
    assert ([asker["center"] for asker in left], voucher["center"]) == (after[:-1], after[-1])


PEOPLE = (MAYOR, DESK, COUNTY_DESK, TOWN_DESK, STATION, STRANGER, account("station", OTHER_VILLAGE))
PLACES = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY, OTHER_TOWN)
STEPS = (
    "study",
    "route",
    "acknowledge",
    "note",
    "complete",
    "close",
    "return",
    "reopen",
    "join",
    "separate",
    "change",
)


class AnySteps(RuleBasedStateMachine):
    """Random people do random things to a few incidents, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.pointed: dict[str, str] = {}
        for who in (DESK, COUNTY_DESK):
            register(self.world, who, due=to_wire(self.world.now + timedelta(hours=1)))
        register(self.world, TOWN_DESK)

    pick = st.integers(0, 2)

    @rule(
        who=st.sampled_from(PEOPLE),
        step=st.sampled_from(STEPS),
        pick=pick,
        other=pick,
        to=st.sampled_from(PLACES),
    )
    def step(self, who: Account, step: str, pick: int, other: int, to: str) -> None:
        ids = list(incidents_of(self.world.state).by_id)
        incident, main = ids[pick], ids[other]
        more: dict[str, Any] = {
            "study": {"text": "x"},
            "route": {"to": to, "reason": "x"},
            "note": {"text": "x"},
            "complete": {"text": "x"},
            "return": {"reason": "x"},
            "reopen": {"reason": "x"},
            "join": {"main": main},
            "change": {"title": "y", "due": to_wire(self.world.now + timedelta(minutes=50))},
        }.get(step, {})
        before = one(self.world, incident)
        was = (before.state, before.responsible, before.checker)
        try:
            made = self.world.do(who, f"incident.{step}", incident=incident, **more)
        except Refusal:
            return
        assert made, "what is not refused leaves a trace"
        assert all(made[0].data["stands"][name] for name in ("responsible", "checker", "askers"))
        if step in ("close", "return"):
            assert was[0] == "completed"
            assert TREE.contains(was[2]["center"], was[2]["center"])
            assert TREE.contains(who.center, was[2]["center"]), "who asked, or who stands above him"
        if step in ("acknowledge", "note", "complete"):
            assert who.center == was[1]["center"]

    @rule(minutes=st.sampled_from((1, 45, 200)))
    def time_passes(self, minutes: int) -> None:
        made = come(self.world, timedelta(minutes=minutes))
        assert len({entry.data["incident"] for entry in made}) == len(made)

    @invariant()
    def one_center_is_responsible_and_those_who_asked_stand_above_it(self) -> None:
        for each in incidents_of(self.world.state).by_id.values():
            assert each.state in INCIDENT_STATES
            assert each.responsible["center"] in each.concerned
            row = [asker["center"] for asker in each.askers]
            assert row[0] == each.taken_by["center"]
            assert len(set(row)) == len(row)
            line = [*row[1:], each.responsible["center"]]
            assert all(TREE.contains(above, below) for above, below in itertools.pairwise(line))

    @invariant()
    def what_is_joined_forms_no_circle_and_nothing_else_points(self) -> None:
        incidents = incidents_of(self.world.state)
        for each in incidents.by_id.values():
            assert (each.main is not None) == (each.state == "joined")
            above, seen = incidents.main_of(each), {each.id}
            while above is not None:
                assert above.id not in seen
                seen.add(above.id)
                above = incidents.main_of(above)

    @invariant()
    def what_is_due_is_waited_for(self) -> None:
        incidents = incidents_of(self.world.state)
        waits = [(each.waits_until, each.id) for each in incidents.by_id.values() if each.waits_until]
        assert incidents.waiting == sorted(waits)

    @invariant()
    def it_replays_exactly_and_comes_back_after_a_restart(self) -> None:
        replayed = HubState()
        for entry in self.world.entries:
            apply(replayed, entry)
        assert replayed == self.world.state == rebuilt(self.world.entries)


AnySteps.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnySteps = AnySteps.TestCase


def test_a_number_is_read_out_digit_by_digit() -> None:
    assert incident_state.number_of(2026, 12) == "2026-0012"
