"""Plans: who keeps them, whom they may call, order and lead by; drills; what a restart keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import from_wire
from hub.conference.banner_shapes import Banner
from hub.conference.chair_shapes import Chair
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.people import Accounts
from hub.plans.keeping import MAX_PLANS, SHELF, meant
from hub.plans.run_shapes import PlanRuns
from hub.plans.running import RULES as RUN
from hub.plans.shapes import MAX_LINE
from hub.rules import apply
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

MAYOR, DISPATCHER = account("leader", CITY), account("dispatcher", CITY)
COUNTY_LEADER, OTHER_LEADER = account("leader", COUNTY), account("leader", OTHER_COUNTY)
STATION, CLERK = account("station", VILLAGE), account("clerk", CITY)
MEETING: dict[str, Any] = {"title": "山洪防御调度"}


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def world() -> World:
    made = World()
    for who in (MAYOR, DISPATCHER, COUNTY_LEADER, OTHER_LEADER, STATION, CLERK):
        made.state.parts.edit(Accounts).put(who)
    return made


def save(made: World, who: Account = MAYOR, **more: Any) -> Entry:
    fields: dict[str, Any] = {"name": "山洪", "meeting": MEETING, "centers": [COUNTY, VILLAGE], **more}
    (saved,) = made.do(who, "plan.save", **fields)
    return saved


def test_a_plan_is_kept_for_the_center_and_seen_by_those_who_lead_there() -> None:
    made = world()
    saved = save(made, event="山洪", orders=[{"text": "转移", "priority": "critical", "due_minutes": 60}])
    (kept,) = SHELF.of(made.state, DISPATCHER, TREE)
    assert kept.id == saved.data["plan"]
    assert kept.seq == saved.seq
    assert (kept.name, list(kept.centers)) == ("山洪", sorted([COUNTY, VILLAGE]))
    assert kept.content["orders"][0]["due_minutes"] == 60
    for nobody in (COUNTY_LEADER, STATION, CLERK, account("audit_admin", CITY)):
        assert SHELF.of(made.state, nobody, TREE) == []
    with refused("not_found", "plan"):
        made.do(COUNTY_LEADER, "plan.remove", plan=kept.id)
    for nobody in (STATION, CLERK):
        with refused("forbidden"):
            save(made, nobody)
        with refused("forbidden"):
            made.do(nobody, "plan.remove", plan=kept.id)


def test_what_somebody_saved_since_is_not_overwritten_unseen() -> None:
    made = world()
    first = save(made)
    id = first.data["plan"]
    second = save(made, DISPATCHER, plan=id, seq=first.seq, event="暴雨")
    with refused("conflict", "seq"):
        save(made, plan=id, seq=first.seq, event="山洪")
    with refused("conflict", "seq"):
        save(made, plan=id, event="山洪")
    third = save(made, plan=id, seq=second.seq, event="山洪")
    assert third.data["plan"] == id
    assert len(SHELF.of(made.state, MAYOR, TREE)) == 1
    assert made.do(MAYOR, "plan.save", plan=id, seq=third.seq, **_as_kept(made, id)) == []


def _as_kept(made: World, id: str) -> dict[str, Any]:
    (kept,) = [each for each in SHELF.of(made.state, MAYOR, TREE) if each.id == id]
    told = kept.to_wire()
    return {
        **{
            name: told[name]
            for name in ("name", "event", "meeting", "centers", "reaches", "groups", "banner")
        },
        "orders": told["orders"],
        "tasks": told["tasks"],
    }


def test_names_are_given_once_and_there_is_an_end_to_them() -> None:
    made = world()
    save(made)
    with refused("conflict", "name"):
        save(made)
    save(made, COUNTY_LEADER, centers=[VILLAGE])
    for number in range(MAX_PLANS - 1):
        save(made, name=f"预案{number}")
    with refused("too_many"):
        save(made, name="又一个")


def test_a_plan_calls_only_whom_its_center_may_call() -> None:
    made = world()
    with refused("invalid", "centers"):
        save(made, centers=[])
    with refused("forbidden", "centers"):
        save(made, COUNTY_LEADER, centers=[CITY])
    with refused("not_found", "centers"):
        save(made, COUNTY_LEADER, centers=[OTHER_COUNTY])
    with refused("not_found", "reaches"):
        save(made, COUNTY_LEADER, centers=[], reaches=[{"center": OTHER_COUNTY, "to": "village"}])


def test_groups_of_the_center_are_called_as_they_are_then() -> None:
    made = world()
    (group,) = made.do(DISPATCHER, "group.save", scope="center", name="堤防", centers=[OTHER_TOWN])
    (own,) = made.do(MAYOR, "group.save", scope="own", name="我的", centers=[OTHER_TOWN])
    with refused("not_found", "groups"):
        save(made, groups=[own.data["group"]])
    with refused("not_found", "groups"):
        save(made, COUNTY_LEADER, centers=[], groups=[group.data["group"]])
    save(made, centers=[], groups=[group.data["group"]])
    (kept,) = SHELF.of(made.state, MAYOR, TREE)

    def called() -> list[str]:
        return meant(made.state, CITY, list(kept.centers), kept.reaches, kept.content["groups"], TREE)

    assert called() == [OTHER_TOWN]
    made.do(DISPATCHER, "group.save", group=group.data["group"], name="堤防", centers=[TOWN, VILLAGE])
    assert called() == sorted([TOWN, VILLAGE])
    made.do(DISPATCHER, "group.remove", group=group.data["group"])
    assert called() == []


def test_orders_and_tasks_go_to_those_who_are_called() -> None:
    made = world()
    with refused("invalid", "orders.1.centers"):
        save(made, orders=[{"text": "巡堤"}, {"text": "转移", "centers": [OTHER_TOWN]}])
    with refused("invalid", "tasks.0.reaches"):
        save(made, tasks=[{"title": "报水位", "reaches": [{"center": OTHER_COUNTY, "to": "village"}]}])
    with refused("not_found", "orders.0.centers"):
        save(made, COUNTY_LEADER, centers=[VILLAGE], orders=[{"text": "巡堤", "centers": [OTHER_TOWN]}])
    save(made, orders=[{"text": "转移", "centers": [VILLAGE]}], tasks=[{"title": "报水位"}])


def test_who_leads_is_called_and_may_lead() -> None:
    made = world()
    with refused("invalid", "backup"):
        save(made, backup=OTHER_LEADER.id)
    with refused("forbidden", "co_chairs"):
        save(made, co_chairs=[STATION.id])
    with refused("not_found", "backup"):
        save(made, backup="a_000000000000000000")
    with refused("not_found", "backup"):
        save(made, COUNTY_LEADER, centers=[VILLAGE], backup=OTHER_LEADER.id)
    saved = save(made, backup=DISPATCHER.id, co_chairs=[COUNTY_LEADER.id])
    assert saved.data["backup"]["name"] == DISPATCHER.name
    assert [each["account"] for each in saved.data["co_chairs"]] == [COUNTY_LEADER.id]


@given(
    names=st.lists(st.sampled_from(["山洪", "火灾", "疫情"]), unique=True),
    gone=st.sets(st.integers(0, 2)),
)
@settings(max_examples=40, deadline=None)
def test_a_restart_keeps_what_is_kept(names: list[str], gone: set[int]) -> None:
    made = world()
    ids = [save(made, name=name).data["plan"] for name in names]
    for place in gone:
        if place < len(ids):
            made.do(MAYOR, "plan.remove", plan=ids[place])
    again = HubState()
    again.parts.edit(Accounts).by_id.update(made.state.parts.read(Accounts).by_id)
    for entry in made.entries:
        apply(again, entry)
    assert SHELF.of(again, MAYOR, TREE) == SHELF.of(made.state, MAYOR, TREE)
    assert len(SHELF.of(again, MAYOR, TREE)) == len(ids) - len(gone & set(range(len(ids))))


# -- started


def run_of(made: World, meeting: str) -> list[tuple[str, str, str | None]]:
    """What each step does, how far it is, and why it was refused."""
    (run,) = made.state.meetings[meeting].read(PlanRuns).rows.values()
    return [(step.what, step.state, step.reason) for step in run.steps]


def begin(made: World, who: Account = MAYOR, *, drill: bool = True, **more: Any) -> str:
    """The plan that was saved last is started; the meeting."""
    kept = SHELF.of(made.state, who, TREE)[-1]
    opened = made.do(who, "plan.start", plan=kept.id, seq=kept.seq, drill=drill, **more)
    assert opened[0].kind == "meeting.opened"
    return opened[0].meeting or ""


def clock(made: World, meeting: str, times: int = 99) -> list[Entry]:
    """What the clock brings, so many times."""
    brought: list[Entry] = []
    for _ in range(times):
        due = RUN.due(made.state.meetings[meeting]) if RUN.due is not None else None
        if due is None:
            break
        assert due.at <= made.now
        brought += made.do(SYSTEM_ACCOUNT, due.kind, due.meeting, **due.data)
    return brought


FULL: dict[str, Any] = {
    "backup": DISPATCHER.id,
    "co_chairs": [COUNTY_LEADER.id],
    "banner": {"text": "山洪红色预警"},
    "orders": [
        {"text": "转移低洼地带住户", "priority": "critical", "due_minutes": 60},
        {"text": "关闭漫水桥", "centers": [VILLAGE]},
    ],
    "tasks": [{"title": "报水位", "due_minutes": 30}],
}


def test_a_plan_opens_its_meeting_at_once_and_does_the_rest_step_by_step() -> None:
    made = world()
    save(made, **FULL)
    meeting = begin(made, drill=False)
    found = made.state.meetings[meeting]
    assert (found.title, found.drill, list(found.centers)) == ("山洪防御调度", False, [CITY, COUNTY, VILLAGE])
    backup = found.read(Chair).backup
    assert backup is not None
    assert (backup.id, [one.id for one in found.co_chairs]) == (DISPATCHER.id, [COUNTY_LEADER.id])
    assert [state for _, state, _ in run_of(made, meeting)] == [
        "done",
        "done",
        "waiting",
        "waiting",
        "waiting",
        "waiting",
    ]

    kinds = [entry.kind for entry in clock(made, meeting, 1)]
    assert kinds == ["banner.shown", "plan.stepped"]
    brought = clock(made, meeting)
    issued = [entry for entry in brought if entry.kind == "order.issued"]
    assert [[each["center"] for each in one.data["targets"]] for one in issued] == [
        [COUNTY, VILLAGE],
        [VILLAGE],
    ]
    assert all(one.data["issuer"]["account"] == MAYOR.id and one.meeting == meeting for one in issued)
    assert from_wire(issued[0].data["due"]) == issued[0].at + timedelta(minutes=60)
    (run,) = made.state.meetings[meeting].read(PlanRuns).rows.values()
    assert [step.made for step in run.steps[3:5]] == [one.data["order"] for one in issued]
    (task,) = [entry.data for entry in brought if entry.kind == "task.given"]
    assert (task["title"], task["centers"], run.steps[5].made) == ("报水位", [COUNTY, VILLAGE], task["task"])
    assert clock(made, meeting) == []
    assert made.do(SYSTEM_ACCOUNT, "plan.step", meeting, step=3) == [], "once is enough"


def test_what_a_drill_shows_and_asks_says_that_it_is_one() -> None:
    made = world()
    save(made, **FULL)
    meeting = begin(made)
    clock(made, meeting)
    found = made.state.meetings[meeting]
    banner = found.read(Banner).banner
    assert found.drill
    assert banner is not None
    assert banner.text == "演练：山洪红色预警"
    (task,) = [entry.data for entry in made.entries if entry.kind == "task.given"]
    assert task["title"] == "演练：报水位"


def test_the_longest_words_still_fit_with_the_word_for_a_drill() -> None:
    made = world()
    with refused("invalid", "banner.text"):
        save(made, banner={"text": "警" * (MAX_LINE + 1)})
    tasks = [{"title": "报" * 50, "text": "详" * 1000}]
    save(made, banner={"text": "警" * MAX_LINE}, orders=[{"text": "转" * 2000}], tasks=tasks)
    meeting = begin(made)
    clock(made, meeting)
    assert {state for _, state, _ in run_of(made, meeting)} == {"done"}


def test_only_what_was_chosen_is_done() -> None:
    made = world()
    save(made, **FULL)
    meeting = begin(made, roles=False, banner=False, orders=[1], tasks=[])
    clock(made, meeting)
    assert run_of(made, meeting) == [("order", "done", None)]
    kept = SHELF.of(made.state, MAYOR, TREE)[0]
    for field in ("orders", "tasks"):
        with refused("invalid", field):
            made.do(MAYOR, "plan.start", plan=kept.id, seq=kept.seq, drill=True, **{field: [7]})


def test_a_plan_is_started_as_it_was_looked_at_and_by_who_keeps_it() -> None:
    made = world()
    first = save(made)
    save(made, DISPATCHER, plan=first.data["plan"], seq=first.seq, event="暴雨")
    with refused("conflict", "seq"):
        made.do(MAYOR, "plan.start", plan=first.data["plan"], seq=first.seq, drill=True)
    with refused("not_found", "plan"):
        made.do(COUNTY_LEADER, "plan.start", plan=first.data["plan"], seq=first.seq, drill=True)
    with refused("forbidden"):
        made.do(CLERK, "plan.start", plan=first.data["plan"], seq=first.seq, drill=True)
    (group,) = made.do(MAYOR, "group.save", scope="center", name="组", centers=[TOWN])
    save(made, name="空", centers=[], groups=[group.data["group"]])
    made.do(MAYOR, "group.remove", group=group.data["group"])
    with refused("invalid", "plan"):
        begin(made)


def test_a_step_that_is_refused_says_why_and_the_others_go_on() -> None:
    made = world()
    save(made, backup=COUNTY_LEADER.id, banner={"text": "预警"}, orders=[{"text": "巡堤"}, {"text": "转移"}])
    made.state.parts.edit(Accounts).put(replace(COUNTY_LEADER, disabled=True))
    meeting = begin(made)
    assert run_of(made, meeting)[0] == ("backup", "refused", "nobody")
    clock(made, meeting, 2)
    made.state.parts.edit(Accounts).put(replace(MAYOR, disabled=True))
    clock(made, meeting)
    assert run_of(made, meeting)[1:] == [
        ("banner", "done", None),
        ("order", "done", None),
        ("order", "refused", "forbidden"),
    ]


def test_the_end_of_the_meeting_is_the_end_of_its_plan() -> None:
    made = world()
    save(made, **FULL)
    meeting = begin(made)
    clock(made, meeting, 1)
    ended = made.do(MAYOR, "meeting.end", meeting)
    told = [entry.data for entry in ended if entry.kind == "plan.stepped"]
    assert [(each["step"], each["state"], each["reason"]) for each in told] == [
        (3, "refused", "meeting_ended"),
        (4, "refused", "meeting_ended"),
        (5, "refused", "meeting_ended"),
    ]
    assert [each.kind for each in ended][-1] == "meeting.ended"


@given(killed=st.integers(0, 6), orders=st.integers(0, 4))
@settings(max_examples=25, deadline=None)
def test_a_hub_that_was_killed_between_steps_does_each_of_them_once(killed: int, orders: int) -> None:
    made = world()
    save(made, banner={"text": "预警"}, orders=[{"text": f"指令{number}"} for number in range(orders)])
    meeting = begin(made)
    clock(made, meeting, killed)
    again = world()
    again.now, again.entries, again._serial = made.now, list(made.entries), made._serial
    for entry in made.entries:
        apply(again.state, entry)
    clock(again, meeting)
    texts = [entry.data["text"] for entry in again.entries if entry.kind == "order.issued"]
    assert texts == [f"指令{number}" for number in range(orders)]
    assert {state for _, state, _ in run_of(again, meeting)} == {"done"}


# -- drills


def test_a_meeting_says_whether_it_is_a_drill_and_older_entries_were_none() -> None:
    made = World()
    (opened, *_) = made.do(
        MAYOR, "meeting.open", title="演练", kind="dispatch", centers=[VILLAGE], drill=True
    )
    (real, *_) = made.do(MAYOR, "meeting.open", title="调度", kind="dispatch", centers=[OTHER_VILLAGE])
    assert made.state.meetings[opened.meeting or ""].drill
    assert not made.state.meetings[real.meeting or ""].drill
    older = HubState()
    apply(older, _without_drill(real))
    assert not older.meetings[real.meeting or ""].drill


def _without_drill(entry: Entry) -> Entry:
    return replace(entry, data={name: value for name, value in entry.data.items() if name != "drill"})
