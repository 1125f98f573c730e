"""Wordings: what orders of a center begin from, kept by its leaders and dispatchers."""

from __future__ import annotations

from typing import Any

import pytest

from hub.directory.accounts import Account
from hub.plans.wordings import MAX_WORDINGS, SHELF, Wordings
from tests.support.rules import CITY, COUNTY, TOWN, TREE, VILLAGE, World, account
from tests.unit.test_rules_all import rebuilt
from tests.unit.test_rules_dispatch import refused

MAYOR = account("leader", CITY)
DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
WORDS = {"name": "报水位", "text": "每小时报【站名】水位", "priority": "urgent", "due_minutes": 60}


def save(world: World, who: Account = MAYOR, **more: Any) -> str:
    saved = world.do(who, "wording.save", **{**WORDS, **more})
    return str(saved[0].data["wording"])


def names(world: World, who: Account) -> list[str]:
    return [each.content["name"] for each in SHELF.of(world.state, who, TREE)]


def test_what_a_center_keeps_its_leaders_and_dispatchers_use_and_nobody_else() -> None:
    world = World()
    kept = save(world)
    save(world, DESK, name="转移")
    assert names(world, MAYOR) == names(world, DESK) == ["报水位", "转移"]
    assert names(world, COUNTY_LEADER) == names(world, account("clerk", CITY)) == []
    (wire, _) = [each.to_wire() for each in SHELF.of(world.state, DESK, TREE)]
    assert {name: wire[name] for name in WORDS} == WORDS
    assert (wire["group"], wire["by"]["account"], wire["seq"]) == (None, MAYOR.id, 1)
    for who in (account("station", VILLAGE), account("clerk", CITY), account("system_admin", CITY)):
        with refused("forbidden"):
            save(world, who, name="别的")
        with refused("forbidden"):
            world.do(who, "wording.remove", wording=kept)
    with refused("not_found", "wording"):
        save(world, COUNTY_LEADER, wording=kept)
    with refused("not_found", "wording"):
        world.do(COUNTY_LEADER, "wording.remove", wording=kept)


def test_the_same_twice_changes_nothing_and_what_somebody_saved_since_is_not_overwritten_unseen() -> None:
    world = World()
    kept = save(world)
    assert world.do(DESK, "wording.save", wording=kept, seq=1, **WORDS) == []
    (changed,) = world.do(DESK, "wording.save", wording=kept, seq=1, **{**WORDS, "due_minutes": None})
    assert (changed.data["wording"], changed.data["due_minutes"]) == (kept, None)
    with refused("conflict", "seq"):
        world.do(MAYOR, "wording.save", wording=kept, seq=1, **WORDS)
    with refused("conflict", "name"):
        save(world)
    world.do(MAYOR, "wording.remove", wording=kept)
    assert names(world, MAYOR) == []
    with refused("not_found", "wording"):
        world.do(MAYOR, "wording.remove", wording=kept)


def test_a_group_is_one_of_the_center_and_may_be_gone_later() -> None:
    world = World()
    ours = world.do(MAYOR, "group.save", scope="center", name="堤防", centers=[TOWN])[0].data["group"]
    mine = world.do(MAYOR, "group.save", scope="own", name="我的", centers=[TOWN])[0].data["group"]
    theirs = world.do(COUNTY_LEADER, "group.save", scope="center", name="县", centers=[TOWN])[0].data["group"]
    for wrong in (mine, theirs, "g_" + "0" * 18):
        with refused("not_found", "group"):
            save(world, group=wrong)
    kept = save(world, group=ours)
    world.do(MAYOR, "group.remove", group=ours)
    world.do(MAYOR, "wording.save", wording=kept, **{**WORDS, "text": "改过"}, group=ours)
    assert world.state.parts.read(Wordings).by_id[kept].content["group"] == ours


def test_so_many_are_kept_and_a_restart_has_those_that_are_there() -> None:
    world = World()
    kept = [save(world, name=f"第{number}条") for number in range(MAX_WORDINGS)]
    with refused("too_many"):
        save(world)
    for wording in kept[1:]:
        world.do(DESK, "wording.remove", wording=wording)
    assert rebuilt(world.entries).parts.read(Wordings) == world.state.parts.read(Wordings)
    assert names(world, MAYOR) == ["第0条"]


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "两\n行"}, {"text": " "}, {"due_minutes": 4}, {"priority": "later"}]
)
def test_what_is_no_order_is_refused(wrong: dict[str, Any]) -> None:
    with refused("invalid", next(iter(wrong))):
        save(World(), **wrong)
