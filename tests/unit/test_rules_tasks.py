"""Routine tasks: what is asked of whom, who has answered at any moment, and what the clock brings; by an injected clock."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from hub.clock import from_wire, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch.task_state import LATE_FOR, Kept, due_after, tasks_of
from hub.dispatch.tasks import MAX_OPEN, RULES, URGED_APART
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import apply, recall, standing
from hub.state import HubState
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    account,
)
from tests.unit.test_rules_all import rebuilt
from tests.unit.test_rules_dispatch import refused

MAYOR = account("leader", CITY)
COUNTY_DESK = account("dispatcher", COUNTY)
TOWN_DESK = account("dispatcher", TOWN)
OTHER_DESK = account("dispatcher", OTHER_COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
VILLAGES = [{"center": CITY, "to": "village", "only": True}]
START = datetime(2026, 11, 23, 8, tzinfo=UTC)  # a Monday


def give(world: World, who: Account = MAYOR, **more: Any) -> list[Entry]:
    data: dict[str, Any] = {"title": "每日平安", "reaches": VILLAGES}
    if more.get("repeats") != "daily":
        data["due"] = to_wire(world.now + timedelta(hours=2))
    return world.do(who, "task.give", **{**data, **more})


def answer(world: World, who: Account, task: str, round: int = 1, **more: Any) -> list[Entry]:
    return world.do(who, "task.answer", task=task, round=round, **{"situation": "normal", **more})


def kept(world: World, task: str) -> Kept:
    return tasks_of(world.state).by_id[task]


def pass_time(world: World, until: datetime) -> list[Entry]:
    """What the clock brings about until then, each at its moment."""
    made: list[Entry] = []
    assert RULES.hub_due is not None
    while (next := RULES.hub_due(world.state)) is not None and next.at <= until:
        world.now = max(world.now, next.at - timedelta(seconds=1))
        made += world.do(SYSTEM_ACCOUNT, next.kind, next.meeting, **next.data)
    world.now = max(world.now, until)
    return made


def kinds(entries: list[Entry]) -> list[str]:
    return [entry.kind for entry in entries]


def test_a_task_is_asked_at_once_and_says_who_has_to_answer_by_when() -> None:
    world = World()
    given, opened = give(world, text="看一遍堤坝")
    assert given.data["centers"] == [VILLAGE, OTHER_VILLAGE]
    assert (opened.data["round"], opened.data["total"], opened.data["next"]) == (1, 2, None)
    assert opened.audience == (f"center:{CITY}", f"center:{OTHER_VILLAGE}", f"center:{VILLAGE}")
    assert kept(world, given.data["task"]).is_open


def test_an_answer_is_a_report_that_names_its_task_and_costs_two_entries_whoever_else_is_asked() -> None:
    world = World()
    task = give(world)[0].data["task"]
    filed, answered = answer(world, STATION, task)
    assert (filed.kind, filed.data["task"], filed.meeting) == ("report.filed", task, None)
    assert (answered.data["report"], answered.data["late"]) == (filed.data["report"], False)
    assert answered.audience == (f"center:{CITY}", f"center:{VILLAGE}")
    assert kept(world, task).missing == [OTHER_VILLAGE]


def test_an_abnormal_answer_raises_an_alarm_and_keeps_all_that_was_said() -> None:
    world = World()
    task = give(world)[0].data["task"]
    filed, raised, answered = answer(
        world, STATION, task, situation="abnormal", text="管涌", category="water", persons=3
    )
    assert (raised.kind, raised.data["report"]) == ("alarm.raised", filed.data["report"])
    assert (filed.data["category"], filed.data["persons"], answered.data["situation"]) == (
        "water",
        3,
        "abnormal",
    )


def test_a_center_answers_a_round_once() -> None:
    world = World()
    task = give(world)[0].data["task"]
    answer(world, STATION, task)
    with refused("already_done", "round"):
        answer(world, account("station", VILLAGE, number=1), task)
    with refused("wrong_state", "round"):
        answer(world, NEIGHBOUR, task, round=2)


def test_who_is_not_asked_sees_nothing_and_who_sees_only_answers_nothing() -> None:
    world = World()
    task = give(world, TOWN_DESK, reaches=[], centers=[VILLAGE])[0].data["task"]
    for who in (NEIGHBOUR, OTHER_DESK):
        with refused("not_found", "task"):
            answer(world, who, task)
    with refused("forbidden", "task"):
        answer(world, COUNTY_DESK, task)
    with refused("forbidden", "task"):
        answer(world, account("clerk", TOWN), task)


def test_one_asks_below_oneself_alone() -> None:
    world = World()
    with refused("forbidden", "centers"):
        give(world, TOWN_DESK, reaches=[], centers=[COUNTY])
    with refused("not_found", "centers"):
        give(world, COUNTY_DESK, reaches=[], centers=[OTHER_TOWN])
    with refused("forbidden"):
        give(world, STATION)
    with refused("invalid", "centers"):
        give(world, reaches=[{"center": OTHER_TOWN, "to": "village", "only": True}])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due": None}, "due"),
        ({"due": to_wire(START - timedelta(hours=1))}, "due"),
        ({"due": to_wire(START + timedelta(days=500))}, "due"),
        ({"repeats": "daily"}, "time"),
        ({"repeats": "daily", "time": "24:00"}, "time"),
        ({"repeats": "daily", "time": "18:00", "weekdays": []}, "weekdays"),
        ({"repeats": "daily", "time": "18:00", "weekdays": [8]}, "weekdays"),
        ({"repeats": "daily", "time": "18:00", "ahead_minutes": 60, "remind_minutes": 60}, "remind_minutes"),
        ({"title": ""}, "title"),
    ],
)
def test_a_task_says_when_it_is_due(more: dict[str, Any], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        give(World(), **more)
    assert refusal.value.code == "invalid"
    assert (refusal.value.field or "").split(".")[0] == field


def test_by_the_clock_it_reminds_once_falls_due_is_answered_late_and_is_over_a_day_later() -> None:
    world = World()
    given, opened = give(world, remind_minutes=30)
    task, due = given.data["task"], from_wire(opened.data["due"])
    answer(world, STATION, task)
    (reminded,) = pass_time(world, due - timedelta(minutes=29))
    assert (reminded.kind, reminded.data["by"], reminded.data["missing"]) == ("task.urged", None, 1)
    assert reminded.audience == (f"center:{CITY}", f"center:{OTHER_VILLAGE}")
    (fell,) = pass_time(world, due)
    assert (fell.kind, fell.data["answered"], fell.data["missing"]) == ("task.fell_due", 1, 1)
    assert answer(world, NEIGHBOUR, task)[1].data["late"]
    closed, ended = pass_time(world, due + LATE_FOR)
    assert {name: closed.data[name] for name in ("answered", "late", "missing")} == {
        "answered": 2,
        "late": 1,
        "missing": 0,
    }
    assert (ended.kind, ended.data["by"]) == ("task.ended", None)
    with refused("already_done", "task"):
        answer(world, STATION, task)
    with refused("not_found", "task"):
        answer(world, account("station", OTHER_TOWN), task)


def test_an_answer_at_the_very_moment_is_in_time() -> None:
    world = World()
    _, opened = give(world)
    world.now = from_wire(opened.data["due"]) - timedelta(seconds=1)  # a command takes a second here
    assert not answer(world, STATION, opened.data["task"])[1].data["late"]
    assert answer(world, NEIGHBOUR, opened.data["task"])[1].data["late"]


def test_a_daily_task_is_asked_again_on_its_days_and_each_round_begins_with_nobody() -> None:
    world = World()  # Monday 08:00 UTC; rules under test know no other zone
    (given,) = give(world, repeats="daily", time="18:00", weekdays=[1, 2, 5], ahead_minutes=120)
    task = given.data["task"]
    assert given.data["next"] == {
        "opens_at": to_wire(START.replace(hour=16)),
        "due": to_wire(START.replace(hour=18)),
    }
    with refused("wrong_state", "round"):
        answer(world, STATION, task)
    assert kinds(pass_time(world, START.replace(hour=17))) == ["task.opened"]
    answer(world, STATION, task)
    assert kinds(pass_time(world, START.replace(hour=23))) == ["task.fell_due"]
    closed, opened = pass_time(world, START + timedelta(days=1, hours=9))
    assert (closed.kind, closed.data["missing"]) == ("task.closed", 1)
    assert (opened.data["round"], opened.data["due"]) == (2, to_wire(START + timedelta(days=1, hours=10)))
    assert kept(world, task).missing == [OTHER_VILLAGE, VILLAGE]
    assert opened.data["next"]["due"] == to_wire(START + timedelta(days=4, hours=10))


def kept_entries(world: World) -> list[Entry]:
    return [entry for entry in world.entries if entry.kind.startswith("task.")]


def test_what_no_hub_ran_for_is_not_asked_afterwards() -> None:
    world = World()
    give(world, repeats="daily", time="18:00", ahead_minutes=60)
    pass_time(world, START.replace(hour=19))
    world.now = START + timedelta(days=5, hours=4)  # Saturday 12:00: four days were missed
    assert RULES.hub_due is not None
    closed, opened = world.do(SYSTEM_ACCOUNT, "task.advance")
    assert (closed.data["round"], opened.data["round"]) == (1, 2)
    assert opened.data["due"] == to_wire(START + timedelta(days=5, hours=10))


def test_times_of_day_are_those_of_the_zone_also_when_its_clocks_are_changed() -> None:
    every = (1, 2, 3, 4, 5, 6, 7)
    china = due_after("18:00", every, ZoneInfo("Asia/Shanghai"), START)
    assert china == START.replace(hour=10)
    berlin = ZoneInfo("Europe/Berlin")
    before = due_after("18:00", every, berlin, datetime(2026, 3, 28, 12, tzinfo=UTC))
    after = due_after("18:00", every, berlin, before)
    assert after - before == timedelta(hours=23)
    sunday = due_after("00:30", (7,), ZoneInfo("Asia/Shanghai"), START)
    assert sunday == datetime(2026, 11, 28, 16, 30, tzinfo=UTC)


def test_all_that_are_missing_are_urged_counted_and_not_twice_in_a_minute() -> None:
    world = World()
    task = give(world)[0].data["task"]
    answer(world, STATION, task)
    (urged,) = world.do(MAYOR, "task.urge", task=task)
    assert (urged.data["missing"], urged.data["number"]) == (1, 1)
    assert urged.audience == (f"center:{CITY}", f"center:{OTHER_VILLAGE}")
    with refused("wrong_state", "task"):
        world.do(MAYOR, "task.urge", task=task)
    world.now += URGED_APART
    assert world.do(MAYOR, "task.urge", task=task)[0].data["number"] == 2
    world.now += URGED_APART
    answer(world, NEIGHBOUR, task)
    with refused("wrong_state", "task"):
        world.do(MAYOR, "task.urge", task=task)


def test_a_county_urges_its_own_and_a_station_nobody() -> None:
    world = World()
    task = give(world, reaches=[], centers=[VILLAGE, OTHER_TOWN])[0].data["task"]
    assert world.do(COUNTY_DESK, "task.urge", task=task)[0].audience == (
        f"center:{CITY}",
        f"center:{VILLAGE}",
    )
    with refused("forbidden", "task"):
        world.do(STATION, "task.urge", task=task)
    with refused("not_found", "task"):
        world.do(NEIGHBOUR, "task.urge", task=task)


def test_who_gave_it_or_is_beside_him_ends_it_and_those_asked_read_why() -> None:
    world = World()
    task = give(world, COUNTY_DESK, reaches=[{"center": COUNTY, "to": "village", "only": True}])[0].data[
        "task"
    ]
    with refused("forbidden", "task"):
        world.do(TOWN_DESK, "task.end", task=task)
    closed, ended = world.do(MAYOR, "task.end", task=task, withdrawn=True, reason="重复下发")
    assert (closed.kind, ended.data["withdrawn"], ended.data["reason"]) == ("task.closed", True, "重复下发")
    assert f"center:{VILLAGE}" in ended.audience
    with refused("already_done", "task"):
        world.do(MAYOR, "task.end", task=task)
    with refused("already_done", "task"):
        world.do(MAYOR, "task.urge", task=task)


def test_a_center_has_so_many_tasks_and_no_more() -> None:
    world = World()
    for _ in range(MAX_OPEN):
        give(world, reaches=[], centers=[VILLAGE])
    with refused("wrong_state"):
        give(world)


def restarted(world: World) -> HubState:
    """The state as a restart rebuilds it: what is open is replayed, what is over recalled."""
    state, live = HubState(), HubState()
    closed: set[str] = set()
    subjects: list[tuple[Entry, str, bool]] = []
    for entry in world.entries:
        apply(live, entry)
        stands = standing(live, entry)
        if stands is not None:
            subjects.append((entry, stands.subject, stands.stays))
            if not stands.open:
                closed.add(stands.subject)
    for entry, subject, stays in subjects:
        if subject not in closed:
            apply(state, entry)
        elif stays:
            recall(state, entry)
    return state


def test_a_restart_replays_the_open_round_alone_and_knows_the_same() -> None:
    world = World()
    task = give(world, repeats="daily", time="18:00", ahead_minutes=120, remind_minutes=20)[0].data["task"]
    over = give(world)[0].data["task"]
    for day in range(4):
        pass_time(world, START + timedelta(days=day, hours=9))
        answer(world, STATION, task, round=day + 1)
    pass_time(world, START + timedelta(days=3, hours=9, minutes=45))
    assert over in tasks_of(world.state).over
    again = restarted(world)
    assert tasks_of(again) == tasks_of(world.state)
    fed = [entry for entry in world.entries if entry.kind == "task.answered"]
    assert len(fed) == 4
    assert kept(world, task).answered == {VILLAGE}


@contextmanager
def allowed_to_be(*codes: str) -> Iterator[None]:
    """It may be refused, but with one of these codes."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code not in codes:
            raise


class Days(RuleBasedStateMachine):
    """Whatever people and the clock do: the board is what a recount of the journal gives, and nobody answers twice."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.tasks: list[str] = []

    @rule(daily=st.booleans(), remind=st.sampled_from([0, 30]))
    def given(self, daily: bool, remind: int) -> None:
        if len(self.tasks) < 3:
            when: dict[str, Any] = {}
            if daily:
                when = {"repeats": "daily", "time": "12:00", "ahead_minutes": 90}
            self.tasks.append(give(self.world, remind_minutes=remind, **when)[0].data["task"])

    @rule(
        at=st.integers(0, 2),
        who=st.sampled_from([STATION, NEIGHBOUR, TOWN_DESK]),
        round=st.integers(1, 4),
        abnormal=st.booleans(),
    )
    def answered(self, at: int, who: Account, round: int, abnormal: bool) -> None:
        if at < len(self.tasks):
            said = {"situation": "abnormal", "text": "水位上涨"} if abnormal else {}
            with allowed_to_be("forbidden", "wrong_state", "already_done"):
                answer(self.world, who, self.tasks[at], round, **said)

    @rule(at=st.integers(0, 2), command=st.sampled_from(["task.urge", "task.end"]))
    def led(self, at: int, command: str) -> None:
        if at < len(self.tasks):
            with allowed_to_be("wrong_state", "already_done"):
                self.world.do(MAYOR, command, task=self.tasks[at])

    @rule(minutes=st.sampled_from([5, 40, 200, 1500]))
    def later(self, minutes: int) -> None:
        pass_time(self.world, self.world.now + timedelta(minutes=minutes))

    @invariant()
    def the_board_is_a_recount(self) -> None:
        told = [
            (e.data["task"], e.data["round"], e.data["center"], e)
            for e in kept_entries(self.world)
            if e.kind == "task.answered"
        ]
        assert len({each[:3] for each in told}) == len(told)
        for task, one in tasks_of(self.world.state).by_id.items():
            mine = [entry for id, round, _, entry in told if (id, round) == (task, one.round)]
            assert one.answered == {entry.data["center"] for entry in mine}
            assert one.late == sum(entry.data["late"] for entry in mine)
            assert one.abnormal == sum(entry.data["situation"] == "abnormal" for entry in mine)
            assert sorted([*one.missing, *one.answered]) == list(one.targets)
            due = one.due
            assert due is None or all(entry.data["late"] == (entry.at > due) for entry in mine)
        for closed in (entry for entry in kept_entries(self.world) if entry.kind == "task.closed"):
            closed_round = [each for each in told if each[:2] == (closed.data["task"], closed.data["round"])]
            assert (closed.data["answered"], closed.data["missing"]) == (
                len(closed_round),
                closed.data["total"] - len(closed_round),
            )

    @invariant()
    def a_restart_knows_the_same(self) -> None:
        assert tasks_of(restarted(self.world)) == tasks_of(self.world.state)

    @invariant()
    def the_agenda_is_sorted_and_whole(self) -> None:
        tasks = tasks_of(self.world.state)
        wanted = sorted((step[0], one.id) for one in tasks.by_id.values() if (step := one.next_step))
        assert tasks.upcoming == wanted
        assert copy.deepcopy(tasks) == tasks


TestDays = Days.TestCase
TestDays.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


# -- changed while it goes on


def change(world: World, task: str, who: Account = MAYOR, **more: Any) -> list[Entry]:
    return world.do(who, "task.change", task=task, **{"text": "巡查后报告", "reason": "汛期加密", **more})


def test_one_that_is_asked_once_is_put_off_and_falls_due_anew() -> None:
    world = World()
    given, opened = give(world, remind_minutes=30)
    task, due = given.data["task"], from_wire(opened.data["due"])
    pass_time(world, due)
    later = due + timedelta(hours=3)
    (changed,) = change(world, task, due=to_wire(later))
    assert (changed.data["round"], changed.data["due"], changed.data["next"]) == (1, to_wire(later), None)
    assert set(changed.audience) == {f"center:{code}" for code in (CITY, VILLAGE, OTHER_VILLAGE)}
    assert answer(world, STATION, task)[1].data["late"] is False
    kinds = [(each.kind, each.at) for each in pass_time(world, later)]
    assert [kind for kind, _ in kinds] == ["task.urged", "task.fell_due"]
    assert kept(world, task).next_step == (later + LATE_FOR, "close")
    with refused("invalid", "due"):
        change(world, task, due=to_wire(world.now - timedelta(minutes=1)))
    for field in ("time", "until"):
        with refused("invalid", field):
            change(
                world,
                task,
                MAYOR,
                **{field: "17:00" if field == "time" else to_wire(later + timedelta(days=2))},
            )
    pass_time(world, later + LATE_FOR)
    with refused("already_done", "task"):
        change(world, task)


def test_a_daily_one_is_asked_at_another_time_and_for_the_last_time_by_a_date() -> None:
    world = World()
    given = give(world, repeats="daily", time="18:00", ahead_minutes=60)[0]
    task, first = given.data["task"], from_wire(given.data["next"]["due"])
    with refused("invalid", "due"):
        change(world, task, due=to_wire(first))
    with refused("invalid", "until"):
        change(world, task, until=to_wire(first - timedelta(minutes=1)))
    (changed,) = change(world, task, time="17:00")
    assert changed.data["next"]["due"] == to_wire(first - timedelta(hours=1))
    opened = pass_time(world, first - timedelta(hours=2))
    assert [each.kind for each in opened] == ["task.opened"]
    last = first + timedelta(days=1, minutes=1)
    (changed,) = change(world, task, until=to_wire(last))
    assert changed.data["time"] == "17:00"
    assert changed.data["next"]["due"] == to_wire(first + timedelta(hours=23)), (
        "the one of tomorrow is the last"
    )
    made = pass_time(world, last + timedelta(days=3))
    assert [each.kind for each in made].count("task.opened") == 1
    assert made[-1].kind == "task.ended"
    assert made[-1].data["by"] is None


def test_only_who_gave_it_and_who_is_above_changes_it_and_a_restart_knows() -> None:
    world = World()
    given = give(world, COUNTY_DESK, reaches=[], centers=[VILLAGE], repeats="daily", time="18:00")[0]
    task = given.data["task"]
    for who in (STATION, TOWN_DESK):
        with refused("forbidden", "task"):
            change(world, task, who)
    with refused("not_found", "task"):
        change(world, task, OTHER_DESK)
    change(world, task, MAYOR, time="07:30", until=to_wire(START + timedelta(days=2)))
    state = rebuilt(world.entries)
    assert tasks_of(state).by_id == tasks_of(world.state).by_id
    pass_time(world, START + timedelta(days=1, hours=1))
    assert kept(world, task).round == 1
    change(world, task, COUNTY_DESK, until=None)
    assert tasks_of(rebuilt(world.entries)).by_id == tasks_of(world.state).by_id
