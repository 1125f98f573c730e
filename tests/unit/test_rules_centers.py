"""The rules of single centers, and of a list that stands for a part of the directory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.house.centers import facts_of
from hub.house.parts import Accounts, Centers, centers_of, mark_of, tree_of
from hub.rules import ENTRIES
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

ADMIN = account("system_admin", COUNTY)
ABOVE = account("system_admin", CITY)
LIST = [
    {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
    for each in TREE.subtree(CITY)
]
NEW = {"code": "430682115999", "name": "新村", "level": "village", "parent": TOWN}


@pytest.fixture
def world() -> World:
    made = World()
    made.do(SYSTEM_ACCOUNT, "center.import", centers=LIST)
    return made


def refused(world: World, who: Account, kind: str, **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code, caught.value.field


def below(world: World, code: str) -> list[str]:
    return [each.code for each in tree_of(world.state).children(code)]


def test_a_center_is_made_below_another_one(world: World) -> None:
    (entry,) = world.do(ADMIN, "center.create", **NEW, functional=True)
    made = tree_of(world.state)[NEW["code"]]
    assert (made.name, made.level, made.parent, made.functional) == ("新村", "village", TOWN, True)
    assert below(world, TOWN)[-1] == NEW["code"]
    assert ENTRIES[entry.kind].schema.model_validate(dict(entry.data))
    again = {**NEW, "name": "又一村"}
    assert refused(world, ADMIN, "center.create", **again) == ("conflict", "code")
    high = {**NEW, "code": "1" * 12, "level": "township"}
    assert refused(world, ADMIN, "center.create", **high) == ("invalid", "level")
    for parent, code in ((OTHER_TOWN, "not_found"), (CITY, "forbidden"), ("9" * 12, "not_found")):
        there = {**NEW, "code": "1" * 12, "parent": parent}
        assert refused(world, ADMIN, "center.create", **there) == (code, "parent")


def test_a_center_gets_another_name_place_and_center_above(world: World) -> None:
    world.do(ADMIN, "center.create", **NEW)
    (entry,) = world.do(ADMIN, "center.change", center=VILLAGE, name="坦渡新村")
    assert entry.data["was"]["name"] == "坦渡村"
    assert tree_of(world.state)[VILLAGE].name == "坦渡新村"
    assert world.do(ADMIN, "center.change", center=VILLAGE, name="坦渡新村") == []
    assert below(world, TOWN) == [VILLAGE, OTHER_VILLAGE, NEW["code"]]
    world.do(ADMIN, "center.change", center=VILLAGE, after=NEW["code"])
    assert below(world, TOWN) == [OTHER_VILLAGE, NEW["code"], VILLAGE]
    world.do(ADMIN, "center.change", center=VILLAGE, after="first")
    assert below(world, TOWN) == [VILLAGE, OTHER_VILLAGE, NEW["code"]]
    assert world.do(ADMIN, "center.change", center=VILLAGE, after="first") == []
    world.do(ABOVE, "center.change", center=VILLAGE, parent=OTHER_TOWN)
    assert below(world, OTHER_TOWN) == [VILLAGE]
    world.do(ABOVE, "center.change", center=CITY, name="岳阳")
    assert tree_of(world.state)[CITY].name == "岳阳"


def test_what_a_change_of_a_center_is_refused_with(world: World) -> None:
    for who, data, told in (
        (ADMIN, {"center": VILLAGE}, ("invalid", "center")),
        (ADMIN, {"center": COUNTY, "name": "x"}, ("forbidden", "center")),
        (ADMIN, {"center": OTHER_COUNTY, "name": "x"}, ("not_found", "center")),
        (ADMIN, {"center": VILLAGE, "parent": OTHER_TOWN}, ("not_found", "parent")),
        (ADMIN, {"center": VILLAGE, "after": TOWN}, ("not_found", "after")),
        (ADMIN, {"center": VILLAGE, "level": "township"}, ("invalid", "level")),
        (ADMIN, {"center": TOWN, "level": "village"}, ("invalid", "level")),
        (ABOVE, {"center": COUNTY, "parent": OTHER_TOWN}, ("invalid", "level")),
        (ABOVE, {"center": COUNTY, "parent": TOWN}, ("invalid", "parent")),
        (ABOVE, {"center": CITY, "parent": COUNTY}, ("forbidden", "parent")),
        (account("security_admin", CITY), {"center": VILLAGE, "name": "x"}, ("forbidden", "center")),
    ):
        assert refused(world, who, "center.change", **data) == told, data
    assert [each.name for each in centers_of(world.state)] == [each.name for each in TREE.subtree(CITY)]


def test_a_center_is_taken_away_once_nobody_belongs_there(world: World) -> None:
    new = {"username": "wang", "name": "王某", "role": "station", "center": VILLAGE}
    world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    assert refused(world, ADMIN, "center.remove", center=VILLAGE) == ("conflict", "accounts")
    assert refused(world, ADMIN, "center.remove", center=TOWN) == ("wrong_state", "below")
    assert refused(world, ADMIN, "center.remove", center=TOWN, below=True) == ("conflict", "accounts")
    (only,) = world.state.parts.read(Accounts).by_id
    world.do(SYSTEM_ACCOUNT, "account.delete", account=only)
    world.do(ADMIN, "center.remove", center=OTHER_VILLAGE)
    (entry,) = world.do(ADMIN, "center.remove", center=TOWN, below=True)
    assert {each["center"]: each["name"] for each in entry.data["gone"]} == {
        TOWN: "坦渡镇",
        VILLAGE: "坦渡村",
    }
    assert below(world, COUNTY) == []
    assert refused(world, ADMIN, "center.remove", center=COUNTY) == ("forbidden", "center")
    assert refused(world, ABOVE, "center.remove", center=CITY, below=True) == ("forbidden", "center")


def test_a_list_of_a_part_leaves_the_rest_as_it_is(world: World) -> None:
    part = [each for each in LIST if each["code"] in (COUNTY, TOWN, VILLAGE)]
    renamed = [*part[:-1], {**part[-1], "name": "坦渡新村"}, NEW]
    mark = mark_of(world.state)
    (kept,) = world.do(ADMIN, "center.import", centers=renamed, within=COUNTY, keep=True, expects=mark)
    assert [each["code"] for each in kept.data["put"]] == [VILLAGE, NEW["code"]]
    assert refused(world, ADMIN, "center.import", centers=part, within=COUNTY, expects=mark) == (
        "wrong_state",
        "expects",
    )
    entries = world.do(ADMIN, "center.import", centers=renamed, within=COUNTY)
    assert [code for entry in entries for code in entry.data["gone"]] == [OTHER_VILLAGE]
    assert below(world, CITY) == [COUNTY, OTHER_COUNTY]
    assert world.do(ADMIN, "center.import", centers=renamed, within=COUNTY) == []
    foreign = [*renamed, {**LIST[-1], "name": "x"}]
    assert refused(world, ADMIN, "center.import", centers=foreign, within=COUNTY)[0] == "forbidden"
    assert refused(world, ADMIN, "center.import", centers=renamed, within="9" * 12)[0] == "not_found"
    twice = [*renamed, NEW]
    assert refused(world, ADMIN, "center.import", centers=twice, within=COUNTY)[0] == "invalid"


def test_a_list_takes_no_center_away_to_which_accounts_belong(world: World) -> None:
    new = {"username": "wang", "name": "王某", "role": "station", "center": VILLAGE}
    world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    part = [each for each in LIST if each["code"] in (COUNTY, TOWN)]
    assert refused(world, ADMIN, "center.import", centers=part, within=COUNTY) == ("conflict", "accounts")
    world.do(SYSTEM_ACCOUNT, "center.import", centers=part, within=COUNTY)  # the hub's owner may


def test_entries_of_before_have_no_functional_areas(world: World) -> None:
    old = {"code": VILLAGE, "name": "坦渡村", "level": "village", "parent": TOWN, "place": 3}
    assert facts_of(old) == (VILLAGE, "坦渡村", "village", TOWN, 3, False)
    for entry in world.entries:
        text = json.dumps(dict(entry.data), ensure_ascii=False)
        assert ENTRIES[entry.kind].schema.model_validate(json.loads(text))
    assert all(each[5] is False for each in world.state.parts.read(Centers).facts.values())


def test_a_password_is_taken_away_by_who_manages_the_account() -> None:
    world = World()
    made = []
    for role, center in (("station", VILLAGE), ("audit_admin", COUNTY), ("leader", CITY)):
        new = {"username": role, "name": "某", "role": role, "center": center}
        (entry,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
        made.append(entry.data["accounts"][0]["account"])
    station, auditor, leader = made
    (entry,) = world.do(ADMIN, "account.reset_password", accounts=[station, station])
    assert entry.data == {"accounts": [{"account": station, "username": "station"}]}
    guard = account("security_admin", COUNTY)
    for who, one, code in (
        (ADMIN, auditor, "approval_needed"),
        (guard, auditor, "forbidden"),
        (guard, station, "forbidden"),
        (ADMIN, leader, "not_found"),
        (account("leader", CITY), station, "not_found"),
    ):
        assert refused(world, who, "account.reset_password", accounts=[one])[0] == code
    own = world.state.parts.read(Accounts).by_id[auditor]
    assert refused(world, own, "account.reset_password", accounts=[auditor])[0] == "forbidden"
