"""Plans: who keeps them, whom they may call, order and lead by; drills; what a restart keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.people import Accounts
from hub.plans.keeping import MAX_PLANS, meant, plans_of
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
    (kept,) = plans_of(made.state, DISPATCHER, TREE)
    assert kept.id == saved.data["plan"]
    assert kept.seq == saved.seq
    assert (kept.name, list(kept.centers)) == ("山洪", sorted([COUNTY, VILLAGE]))
    assert kept.content["orders"][0]["due_minutes"] == 60
    for nobody in (COUNTY_LEADER, STATION, CLERK, account("audit_admin", CITY)):
        assert plans_of(made.state, nobody, TREE) == []
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
    assert len(plans_of(made.state, MAYOR, TREE)) == 1
    assert made.do(MAYOR, "plan.save", plan=id, seq=third.seq, **_as_kept(made, id)) == []


def _as_kept(made: World, id: str) -> dict[str, Any]:
    (kept,) = [each for each in plans_of(made.state, MAYOR, TREE) if each.id == id]
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
    (kept,) = plans_of(made.state, MAYOR, TREE)

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
    assert plans_of(again, MAYOR, TREE) == plans_of(made.state, MAYOR, TREE)
    assert len(plans_of(again, MAYOR, TREE)) == len(ids) - len(gone & set(range(len(ids))))


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
