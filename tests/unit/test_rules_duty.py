"""Duty: rosters without overlaps, who has it at any moment, hand-over by a note that was read, and shifts that nobody took."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch.duty import RULES
from hub.dispatch.duty_state import AHEAD, EARLY, KEPT, PATIENCE, CenterDuty, duties_of, told_duty
from hub.entry import Entry
from hub.errors import Refusal
from hub.ruling import Due
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    account,
)
from tests.unit.test_rules_all import rebuilt
from tests.unit.test_rules_dispatch import refused

COUNTY_DESK = account("dispatcher", COUNTY)
TOWN_DESK = account("dispatcher", TOWN)
STATION = account("station", VILLAGE)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def shift(
    world: World, begins: float, hours: float, name: str, role: str = "watch", post: str = ""
) -> dict[str, str]:
    """A shift that begins so many hours after the world's morning."""
    start = morning(world) + begins * HOUR
    end = start + hours * HOUR
    return {
        "role": role,
        "starts_at": to_wire(start),
        "ends_at": to_wire(end),
        "name": name,
        "post": post,
    }


def morning(world: World) -> datetime:
    return world.now.replace(hour=8, minute=0, second=0, microsecond=0)


def plan(
    world: World, who: Account, *shifts: dict[str, str], center: str | None = None, days: int = 7
) -> list[Entry]:
    start = morning(world)
    return world.do(
        who,
        "duty.plan",
        center=center or who.center,
        starts_at=to_wire(start),
        ends_at=to_wire(start + days * DAY),
        shifts=list(shifts),
    )


def take(world: World, who: Account, name: str, relieves: str | None = None) -> Entry:
    return world.do(who, "duty.take", name=name, post="值班员", relieves=relieves)[-1]


def due(world: World) -> Due | None:
    assert RULES.hub_due is not None
    return RULES.hub_due(world.state)


def advance(world: World, after: timedelta) -> list[Entry]:
    """What the clock brings about after so long."""
    world.now += after
    made: list[Entry] = []
    while (next := due(world)) is not None and next.at <= world.now:
        made += world.do(SYSTEM_ACCOUNT, next.kind, next.meeting, **next.data)
    return made


def duty(world: World, center: str) -> CenterDuty:
    return duties_of(world.state).by_center[center]


def standing(world: World, center: str) -> tuple[str, str | None]:
    return duty(world, center).standing(world.now)[:2]


def test_a_roster_takes_the_place_of_what_begins_in_its_span_and_of_nothing_else() -> None:
    world = World()
    night = shift(world, 12, 12, "李四")
    plan(world, COUNTY_DESK, shift(world, 0, 12, "张三"), night, shift(world, 24, 12, "王五"))
    start = morning(world)
    world.do(
        COUNTY_DESK,
        "duty.plan",
        center=COUNTY,
        starts_at=to_wire(start + DAY),
        ends_at=to_wire(start + 2 * DAY),
        shifts=[shift(world, 24, 24, "赵六")],
    )
    assert [each.name for each in duty(world, COUNTY).shifts] == ["张三", "李四", "赵六"]


def test_the_same_roster_twice_changes_nothing_and_one_without_shifts_clears_the_span() -> None:
    world = World()
    day = shift(world, 0, 12, "张三")
    (planned,) = plan(world, TOWN_DESK, day, center=VILLAGE)
    assert planned.audience == (f"center:{VILLAGE}",)
    assert (planned.data["center_name"], planned.data["by"]["center"]) == ("坦渡村", TOWN)
    assert plan(world, TOWN_DESK, day, center=VILLAGE) == []
    plan(world, STATION)
    assert duty(world, VILLAGE).shifts == []
    assert told_duty(world.state, VILLAGE, world.now)["shifts"] == []


@pytest.mark.parametrize(
    ("begins", "hours", "role", "fits"),
    [(6, 12, "watch", False), (11.5, 1, "watch", False), (12, 12, "watch", True), (6, 12, "lead", True)],
)
def test_two_shifts_of_one_role_at_one_time_are_refused_by_the_later(
    begins: float, hours: float, role: str, fits: bool
) -> None:
    world = World()
    shifts = [shift(world, begins, hours, "李四", role), shift(world, 0, 12, "张三")]
    if fits:
        assert len(plan(world, COUNTY_DESK, *shifts)) == 1
        return
    with refused("conflict", "shifts.0"):
        plan(world, COUNTY_DESK, *shifts)


def test_a_shift_that_lasts_into_the_next_roster_counts_there_too() -> None:
    world = World()
    plan(world, COUNTY_DESK, shift(world, 12, 24, "李四"), days=1)
    start = morning(world)
    span = {"starts_at": to_wire(start + DAY), "ends_at": to_wire(start + 2 * DAY)}
    with refused("conflict", "shifts.0"):
        world.do(COUNTY_DESK, "duty.plan", center=COUNTY, **span, shifts=[shift(world, 30, 8, "王五")])
    world.do(COUNTY_DESK, "duty.plan", center=COUNTY, **span, shifts=[shift(world, 36, 8, "王五")])


@pytest.mark.parametrize(
    ("begins", "hours", "field"),
    [(-1, 4, "starts_at"), (24 * 7, 4, "starts_at"), (0, 0.2, "ends_at"), (0, 49, "ends_at")],
)
def test_a_shift_stands_in_its_roster_and_lasts_as_long_as_a_shift_does(
    begins: float, hours: float, field: str
) -> None:
    world = World()
    with refused("invalid", f"shifts.0.{field}"):
        plan(world, COUNTY_DESK, shift(world, begins, hours, "张三"))


@pytest.mark.parametrize(("days", "after"), [(0, 0), (-1, 0), (9, 0), (7, -8), (7, 54)])
def test_a_roster_is_for_some_days_that_are_not_past_and_not_far(days: int, after: int) -> None:
    world = World()
    start = morning(world) + after * DAY
    with refused("invalid", "ends_at"):
        world.do(
            COUNTY_DESK,
            "duty.plan",
            center=COUNTY,
            starts_at=to_wire(start),
            ends_at=to_wire(start + days * DAY),
            shifts=[],
        )


@pytest.mark.parametrize(
    "name", ["张三 13800001234", "0730-8229999", "李四 138-0000-1234", "一三８００００１２３４"]
)
def test_a_telephone_number_is_no_name_and_a_short_number_is_no_telephone(name: str) -> None:
    world = World()
    with refused("invalid", "shifts.0.name"):
        plan(world, COUNTY_DESK, shift(world, 0, 12, name))
    with refused("invalid", "name"):
        take(world, COUNTY_DESK, name)
    take(world, COUNTY_DESK, "一组 3 号")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (account("clerk", TOWN), "forbidden"),
        (account("station", TOWN), "forbidden"),
        (account("station", OTHER_VILLAGE), "not_found"),
        (account("leader", OTHER_COUNTY), "not_found"),
        (account("audit_admin", CITY), "forbidden"),
    ],
)
def test_who_may_not_keep_a_roster_is_refused(who: Account, code: str) -> None:
    world = World()
    with refused(code, "center"):
        plan(world, who, center=VILLAGE)


@pytest.mark.parametrize("role", ["clerk", "system_admin", "security_admin", "audit_admin"])
def test_who_keeps_no_duty_takes_none_over(role: str) -> None:
    world = World()
    with refused("forbidden"):
        take(world, account(role, CITY), "张三")
    with refused("forbidden"):
        world.do(account(role, CITY), "duty.hand_over", turn="h_" + "0" * 18, situation="平稳")


def test_on_duty_is_who_took_over_else_whose_shift_it_is_else_nobody_and_since_when_is_known() -> None:
    world = World()
    plan(world, STATION, shift(world, 0, 12, "张三"), shift(world, 12, 12, "李四"))
    assert standing(world, VILLAGE) == ("roster", "张三")
    turn = take(world, STATION, "王五")
    assert duty(world, VILLAGE).standing(world.now) == ("taken", "王五", turn.at)
    world.do(STATION, "duty.hand_over", turn=turn.data["turn"], situation="水位平稳")
    assert standing(world, VILLAGE) == ("roster", "张三")
    world.now += 12 * HOUR
    assert standing(world, VILLAGE) == ("roster", "李四")
    world.now += 12 * HOUR
    ended = morning(world)
    assert duty(world, VILLAGE).standing(world.now) == ("nobody", None, ended)
    assert told_duty(world.state, VILLAGE, world.now)["ended_at"] == to_wire(ended)
    nothing = told_duty(world.state, OTHER_VILLAGE, world.now)
    assert (nothing["turn"], nothing["shifts"], nothing["ended_at"]) == (None, [], None)


def test_the_next_one_confirms_the_note_of_the_one_before_and_only_one_of_two_takes_over() -> None:
    world = World()
    first = take(world, STATION, "张三").data["turn"]
    with refused("conflict", "relieves"):
        take(world, STATION, "李四")
    note = {"situation": "水位平稳", "to_do": "20 时复测", "resources": "冲锋舟 2 艘"}
    (handed,) = world.do(STATION, "duty.hand_over", turn=first, **note)
    assert (handed.data["name"], handed.data["to_do"], handed.data["done"]) == ("张三", "20 时复测", "")
    with refused("already_done", "turn"):
        world.do(STATION, "duty.hand_over", turn=first, **note)
    relieved, second = world.do(STATION, "duty.take", name="李四", relieves=first)
    assert (relieved.kind, relieved.data["turn"], relieved.data["read"]) == ("duty.relieved", first, True)
    with refused("conflict", "relieves"):
        take(world, STATION, "王五", first)
    with refused("conflict", "turn"):
        world.do(STATION, "duty.hand_over", turn=first, **note)
    # Who forgot to hand over is relieved all the same; there was no note to be read.
    again, _ = world.do(STATION, "duty.take", name="王五", relieves=second.data["turn"])
    assert again.data["read"] is False


def test_a_note_tells_the_situation_and_ends_a_turn_that_there_is() -> None:
    world = World()
    with refused("wrong_state", "turn"):
        world.do(STATION, "duty.hand_over", turn="h_" + "0" * 18, situation="平稳")
    turn = take(world, STATION, "张三").data["turn"]
    with refused("invalid", "situation"):
        world.do(STATION, "duty.hand_over", turn=turn, remarks="无")


def test_a_shift_that_nobody_took_over_is_told_once_after_a_while_to_the_center_and_those_above() -> None:
    world = World()
    plan(world, TOWN_DESK, shift(world, 1, 8, "张三", post="民兵连长"), center=VILLAGE)
    assert advance(world, HOUR + PATIENCE - timedelta(seconds=5)) == []
    (missed,) = advance(world, timedelta(seconds=5))
    assert (missed.kind, missed.audience) == ("duty.missed", (f"center:{VILLAGE}",))
    assert (missed.data["name"], missed.data["post"], missed.data["holder"]) == ("张三", "民兵连长", None)
    assert advance(world, DAY) == []
    world.now -= DAY
    assert told_duty(world.state, VILLAGE, world.now)["missed"]["name"] == "张三"
    take(world, STATION, "张三")
    assert told_duty(world.state, VILLAGE, world.now)["missed"] is None


def test_who_takes_over_early_or_stays_for_his_own_next_shift_is_not_missed() -> None:
    world = World()
    plan(
        world,
        STATION,
        shift(world, 2, 8, "张三"),
        shift(world, 10, 8, "张三"),
        shift(world, 18, 8, "李四"),
        shift(world, 2, 24, "王镇长", "lead"),
    )
    world.now = morning(world) + 2 * HOUR - EARLY
    take(world, STATION, "张三")
    (missed,) = advance(world, DAY)
    assert (missed.data["name"], missed.data["holder"]) == ("李四", "张三")


def test_a_roster_put_afterwards_asks_nobody_for_what_began_long_ago() -> None:
    world = World()
    world.now = morning(world) + HOUR
    plan(world, STATION, shift(world, 0, 12, "张三"), shift(world, 12, 12, "李四"))
    assert [each.data["name"] for each in advance(world, DAY)] == ["李四"]


def test_a_roster_is_kept_at_hand_for_the_week_after_and_forgotten_then() -> None:
    world = World()
    plan(world, STATION, shift(world, 0, 12, "张三"), days=1)
    advance(world, DAY + KEPT - timedelta(minutes=1))
    assert [each.name for each in duty(world, VILLAGE).shifts] == ["张三"]
    assert [each.kind for each in advance(world, timedelta(minutes=1))] == ["duty.plan_over"]
    assert duties_of(world.state).by_center == {}
    assert due(world) is None


def test_a_page_is_told_who_has_it_and_the_shifts_of_the_next_time() -> None:
    world = World()
    plan(world, STATION, *(shift(world, 12 * each, 12, f"第{each}班") for each in range(12)))
    turn = take(world, STATION, "张三")
    told = told_duty(world.state, VILLAGE, world.now)
    assert told["turn"] == {
        "id": turn.data["turn"],
        "name": "张三",
        "post": "值班员",
        "since": to_wire(turn.at),
        "handed_at": None,
    }
    assert [each["name"] for each in told["shifts"]] == ["第0班", "第1班", "第2班", "第3班"]
    assert told["until"] == to_wire(world.now + AHEAD)


DESKS = (STATION, TOWN_DESK, COUNTY_DESK)


class AnyDuty(RuleBasedStateMachine):
    """Rosters, taking over and handing over in any order, while time passes."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.missed: set[tuple[str, str]] = set()

    @rule(
        who=st.sampled_from(DESKS),
        center=st.sampled_from((VILLAGE, TOWN)),
        shifts=st.lists(
            st.tuples(
                st.integers(-1, 20),
                st.integers(1, 3),
                st.sampled_from(("张三", "李四")),
                st.sampled_from(("lead", "watch")),
            ),
            max_size=5,
        ),
        days=st.integers(1, 8),
    )
    def plan_it(self, who: Account, center: str, shifts: list[Any], days: int) -> None:
        made = [
            shift(self.world, 8 * begins, 8 * length, name, role) for begins, length, name, role in shifts
        ]
        # What is wrong with it, or whose it is, other tests say: here it must only leave all as it was.
        with suppress(Refusal):
            plan(self.world, who, *made, center=center, days=days)

    @rule(who=st.sampled_from(DESKS), name=st.sampled_from(("张三", "李四")))
    def take_it(self, who: Account, name: str) -> None:
        known = duties_of(self.world.state).by_center.get(who.center)
        turn = known.turn if known is not None else None
        take(self.world, who, name, None if turn is None else turn.id)
        assert standing(self.world, who.center) == ("taken", name)

    @rule(who=st.sampled_from(DESKS))
    def hand_it_over(self, who: Account) -> None:
        known = duties_of(self.world.state).by_center.get(who.center)
        if known is not None and known.turn is not None and known.turn.handed_at is None:
            self.world.do(who, "duty.hand_over", turn=known.turn.id, situation="平稳")
            assert standing(self.world, who.center)[0] in ("roster", "nobody")

    @rule(hours=st.sampled_from((0.25, 3, 8, 30, 24 * 9)))
    def time_passes(self, hours: float) -> None:
        for entry in advance(self.world, hours * HOUR):
            if entry.kind == "duty.missed":
                key = (entry.data["center"], entry.data["starts_at"])
                assert key not in self.missed, "told twice"
                assert entry.at >= from_wire(entry.data["starts_at"]) + PATIENCE
                self.missed.add(key)
        now_due = due(self.world)
        assert now_due is None or now_due.at > self.world.now

    @invariant()
    def nobody_has_two_shifts_of_a_role_at_one_time(self) -> None:
        for each in duties_of(self.world.state).by_center.values():
            for role in ("lead", "watch"):
                mine = [one for one in each.shifts if one.role == role]
                assert all(one.ends_at <= next.starts_at for one, next in pairwise(mine))

    @invariant()
    def the_agenda_holds_what_waits_and_nothing_else(self) -> None:
        duties = duties_of(self.world.state)
        waits = [
            (each.next_at, center) for center, each in duties.by_center.items() if each.next_at is not None
        ]
        plans = [(at, plan) for each in duties.by_center.values() for plan, at in each.plans.items()]
        assert duties.agenda == sorted([*waits, *plans])
        for each in duties.by_center.values():
            shift = each.waits()
            assert each.next_at == (None if shift is None else shift.starts_at + PATIENCE)

    @invariant()
    def a_restart_keeps_it(self) -> None:
        assert rebuilt(self.world.entries) == self.world.state


AnyDuty.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyDuty = AnyDuty.TestCase
