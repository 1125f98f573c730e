"""Policies, passwords, single sessions, second factors and the first start, as rules."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.directory.accounts import ADMINISTRATORS, SYSTEM_ACCOUNT
from hub.directory.tree import CenterTree
from hub.entry import Command
from hub.errors import Refusal
from hub.house.parts import Accounts, centers_of
from hub.house.passwords import weaknesses
from hub.house.policies import PasswordPolicy, Policies, Policy, policy_of
from hub.house.terms import good_until
from hub.rules import Context, apply, decide, parse_data
from tests.support.house_rules import SECURITY, SYSTEM_ADMIN, made, refused
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    TREE,
    VILLAGE,
    World,
    account,
)

ROOT = Path(__file__).resolve().parents[2]


# ---------------------------------------------------------------- policies


def test_policies_are_changed_section_by_section_and_hold_at_once() -> None:
    world = World()
    assert policy_of(world.state) == Policy()
    (entry,) = world.do(SECURITY, "policy.change", password={"shortest": 14, "classes": 3})
    assert entry.data["was"]["password"]["shortest"] == 10
    policy = policy_of(world.state)
    assert (policy.password.shortest, policy.password.classes, policy.password.common) == (14, 3, True)
    assert policy.slowing == Policy().slowing
    assert world.do(SECURITY, "policy.change", password={"shortest": 14, "classes": 3}) == []
    world.do(SECURITY, "policy.change", second_factor=["leader"], most_sessions=3)
    told = world.state.parts.read(Policies)
    assert (told.policy.second_factor, told.policy.most_sessions) == (["leader"], 3)
    assert told.by == SECURITY.id
    assert told.changed_at is not None


def test_policies_are_changed_by_the_security_administrator_of_the_whole_hub_alone() -> None:
    world = World()
    for role, center in itertools.product(
        ("leader", "dispatcher", "station", "clerk", *ADMINISTRATORS), (CITY, COUNTY)
    ):
        if (role, center) != ("security_admin", CITY):
            assert refused(world, account(role, center), "policy.change", most_sessions=1)[0] == "forbidden"
    world.do(SYSTEM_ACCOUNT, "policy.change", most_sessions=1)
    assert policy_of(world.state).most_sessions == 1


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        ({}, ("invalid", None)),
        ({"second_factor": ["leader", "leader"]}, ("invalid", "second_factor")),
        ({"sessions": [{"role": "clerk", "hours": 1}] * 2}, ("invalid", "sessions")),
        ({"password": {"shortest": 7}}, ("invalid", "password.shortest")),
        ({"approval": {"rights": True}}, ("conflict", "approval")),
        ({"approval": {"rights": True, "approver": "a_" + "0" * 18}}, ("not_found", "approval.approver")),
    ],
)
def test_a_policy_that_cannot_be_says_where(data: dict[str, Any], refusal: tuple[str, str | None]) -> None:
    assert refused(World(), SECURITY, "policy.change", **data) == refusal


def test_the_page_knows_the_ranges_of_all_policies() -> None:
    """What `policyFields.ts` says of a number is what the schema takes."""
    text = (ROOT / "clients/web/src/features/security/policyFields.ts").read_text(encoding="utf-8")
    told = {
        path: (int(least), int(most))
        for path, least, most in re.findall(
            r"path: [\'`]([^\'`]+)[\'`].*kind: \'number\', least: (\d+), most: (\d+)", text
        )
    }
    defined = Policy.model_json_schema()["$defs"]
    wanted = {"most_sessions": (0, 100)}
    for group, model in (
        ("password", "PasswordPolicy"),
        ("slowing", "SlowingPolicy"),
        ("sessions.${role}", "SessionPolicy"),
        ("lock", "LockPolicy"),
    ):
        for name, field in defined[model]["properties"].items():
            if field.get("type") == "integer":
                wanted[f"{group}.{name}"] = (field["minimum"], field["maximum"])
    assert told == wanted


# ---------------------------------------------------------------- passwords


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("五谷丰登风调雨顺国泰", []),
        ("long enough it is", []),
        ("tQ7-vm2-Lx9", []),
        ("short", ["short"]),
        ("1234567890", ["common"]),
        ("qwertyuiop[]", ["common"]),
        ("P@ssw0rd2026", ["common"]),
        ("aaaaaaaaaaaaaaa", ["common"]),
        ("admin123456", ["common"]),
        ("woaini5201314", ["common"]),
        ("1qaz2wsx3edc", ["common"]),
        ("Yueyang@20260101", ["common"]),
        (" wangwei ", ["short", "name"]),
        ("iewgnaw-x7-q9-p", ["name"]),
        ("xx-WangWei-71", ["name", "common"]),
    ],
)
def test_what_is_weak_about_a_password(password: str, weak: list[str]) -> None:
    assert weaknesses(password, "wangwei", PasswordPolicy()) == weak


def test_weaknesses_are_those_of_the_policy() -> None:
    assert weaknesses("1234567890", "x", PasswordPolicy(common=False)) == []
    assert weaknesses("abcdefgh9u", "x", PasswordPolicy(common=False, classes=3)) == ["classes"]
    assert weaknesses("Zr-7", "x", PasswordPolicy(classes=4)) == ["short"]
    assert weaknesses("一条河流大波浪宽阔", "x", PasswordPolicy(shortest=12)) == ["short"]


def test_a_sign_in_ends_by_the_earliest_of_what_the_policy_says() -> None:
    begun = World().now
    expires = begun + timedelta(days=30)
    policy = Policy.model_validate(
        {"sessions": [{"role": "leader", "hours": 8, "idle_minutes": 20}, {"role": "clerk", "hours": 0}]}
    )
    hour = timedelta(hours=1)
    assert good_until(policy, "leader", begun, begun, expires) == begun + timedelta(minutes=20)
    assert good_until(policy, "leader", begun, begun + hour, expires) == begun + timedelta(minutes=80)
    assert good_until(policy, "leader", begun, begun + 8 * hour, expires) == begun + 8 * hour
    assert good_until(policy, "leader", begun, begun, begun + timedelta(minutes=1)) == begun + timedelta(
        minutes=1
    )
    for role in ("clerk", "station"):
        assert good_until(policy, role, begun, begun, expires) == expires


# ---------------------------------------------------------------- sessions, second factors


def test_everybody_ends_his_own_sessions_and_the_security_administrator_those_below_him() -> None:
    world = World()
    station, leader = made(world, "station", VILLAGE), made(world, "leader", CITY)
    one = "0123456789abcdef"
    (entry,) = world.do(station, "session.end", session=one)
    assert dict(entry.data) == {"account": station.id, "username": station.username, "session": one}
    world.do(SECURITY, "session.end", account=station.id, session=one)
    assert refused(world, leader, "session.end", account=station.id, session=one)[0] == "not_found"
    assert refused(world, SYSTEM_ADMIN, "session.end", account=station.id, session=one)[0] == "forbidden"
    below = account("security_admin", COUNTY)
    assert refused(world, below, "session.end", account=leader.id, session=one)[0] == "not_found"
    assert refused(world, SECURITY, "session.end", session="x")[0] == "invalid"


def test_a_second_factor_is_reset_by_the_security_administrator_and_by_nobody_for_himself() -> None:
    world = World()
    leader, own = made(world, "leader", COUNTY), made(world, "security_admin", CITY)
    (entry,) = world.do(own, "second_factor.reset", account=leader.id, reason="手机遗失")
    assert dict(entry.data) == {"account": leader.id, "username": leader.username, "reason": "手机遗失"}
    assert refused(world, own, "second_factor.reset", account=own.id)[0] == "forbidden"
    assert refused(world, leader, "second_factor.reset", account=leader.id)[0] == "not_found"
    assert refused(world, SYSTEM_ADMIN, "second_factor.reset", account=leader.id)[0] == "forbidden"
    for what in ("enrolled", "codes_made", "recovery_used"):
        (noted,) = world.do(SYSTEM_ACCOUNT, "second_factor.note", account=leader.id, what=what)
        assert noted.kind == f"second_factor.{what}"


# ---------------------------------------------------------------- the first start

THREE = {duty: {"username": f"{duty}-1", "name": f"{duty}某"} for duty in ("system", "security", "audit")}


def set_up(world: World, tree: CenterTree, **data: Any) -> list[Any]:
    command = Command("c", "hub.set_up", None, parse_data("hub.set_up", data))
    drafts = decide(world.state, command, Context(world.now, SYSTEM_ACCOUNT, tree, world.new_id))
    return [world._seal(draft, SYSTEM_ACCOUNT) for draft in drafts]


def test_a_hub_is_set_up_once_with_three_administrators_and_a_root() -> None:
    world, empty = World(), CenterTree([])
    with pytest.raises(Refusal) as caught:
        set_up(world, empty, **THREE)
    assert (caught.value.code, caught.value.field) == ("invalid", "root")
    entries = set_up(world, empty, root={"code": CITY, "name": "岳阳市"}, **THREE)
    assert [each.kind for each in entries] == ["center.imported", "account.created", "hub.begun"]
    for entry in entries:
        apply(world.state, entry)
    assert [each.name for each in centers_of(world.state)] == ["岳阳市"]
    known = world.state.parts.read(Accounts)
    assert {each.role for each in known.by_id.values()} == set(ADMINISTRATORS)
    with pytest.raises(Refusal) as caught:
        set_up(world, TREE, **THREE)
    assert caught.value.code == "already_done"
    for each in list(known.by_id):
        world.do(SYSTEM_ACCOUNT, "account.delete", account=each)
    with pytest.raises(Refusal) as caught:
        set_up(world, TREE, **THREE)
    assert caught.value.code == "already_done", "also when all of them were deleted"


def test_the_set_up_takes_the_root_that_is_there_and_three_names() -> None:
    world = World()
    entries = set_up(world, TREE, root={"code": OTHER_COUNTY, "name": "别处"}, **THREE)
    assert [each.kind for each in entries] == ["account.created", "hub.begun"]
    assert {each["center"] for each in entries[0].data["accounts"]} == {CITY}
    same = {**THREE, "audit": {"username": "SYSTEM-1", "name": "x"}}
    with pytest.raises(Refusal) as caught:
        set_up(World(), TREE, **same)
    assert (caught.value.code, caught.value.field) == ("invalid", "username")
    with pytest.raises(Refusal) as caught:
        World().do(SECURITY, "hub.set_up", **THREE)
    assert caught.value.code == "invalid", "nobody but the hub gives it"
