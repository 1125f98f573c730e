"""Policies, approval of rights, single sessions, second factors and the first start, as rules."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import TABLE
from hub.directory.tree import CenterTree
from hub.entry import Command
from hub.errors import Refusal
from hub.house.approval import FAR_REACHING, GRANT_FOR, KEPT_DECIDED, Proposals, reaches_further
from hub.house.parts import Accounts, centers_of
from hub.house.passwords import weaknesses
from hub.house.policies import PasswordPolicy, Policies, Policy, policy_of
from hub.house.terms import good_until
from hub.rules import COMMAND_SCHEMAS, SYSTEM_COMMANDS, Context, apply, decide, parse_data
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
from tools.docs_rules import command_rights

ROOT = Path(__file__).resolve().parents[2]
SECURITY = account("security_admin", CITY)
SYSTEM_ADMIN = account("system_admin", CITY)


def made(world: World, role: str, center: str, name: str | None = None) -> Account:
    """An account of the world's directory."""
    new = {"username": name or f"{role}{len(world.entries)}", "name": "某", "role": role, "center": center}
    (entry,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    return world.state.parts.read(Accounts).by_id[entry.data["accounts"][0]["account"]]


def refused(world: World, who: Account, kind: str, **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code, caught.value.field


def now(world: World, account: Account) -> Account:
    return world.state.parts.read(Accounts).by_id[account.id]


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


# ---------------------------------------------------------------- approval of rights


def guarded() -> tuple[World, Account, Account]:
    """A world with approval, and its two security administrators."""
    world = World()
    first, second = made(world, "security_admin", CITY, "one"), made(world, "security_admin", CITY, "two")
    world.do(first, "policy.change", approval={"rights": True})
    return world, first, second


def test_a_far_reaching_role_waits_for_a_second_person() -> None:
    world, first, second = guarded()
    who = made(world, "station", VILLAGE)
    assert refused(world, first, "account.change", account=who.id, role="leader")[0] == "approval_needed"
    world.do(first, "account.change", account=who.id, role="clerk")
    (proposed,) = world.do(first, "right.propose", account=who.id, role="leader", reason="接任")
    assert world.do(first, "right.propose", account=who.id, role="leader") == []
    assert refused(world, second, "right.propose", account=who.id, role="dispatcher")[0] == "conflict"
    proposal = proposed.data["proposal"]
    assert refused(world, first, "right.approve", proposal=proposal)[0] == "forbidden", (
        "nobody approves his own"
    )
    for role in ("system_admin", "audit_admin", "leader"):
        assert refused(world, account(role, CITY), "right.approve", proposal=proposal)[0] == "not_found"
    assert refused(world, account("security_admin", OTHER_COUNTY), "right.approve", proposal=proposal)[0] == (
        "not_found"
    )
    entries = world.do(second, "right.approve", proposal=proposal, reason="已核实")
    assert [each.kind for each in entries] == ["right.approved", "account.changed"]
    assert now(world, who).role == "leader"
    assert world.state.parts.read(Proposals).open == {}
    assert refused(world, second, "right.approve", proposal=proposal)[0] == "not_found"


def test_a_proposal_is_refused_or_taken_back() -> None:
    world, first, second = guarded()
    who = made(world, "station", VILLAGE)
    for decider in (first, second):
        (proposed,) = world.do(first, "right.propose", account=who.id, role="leader")
        (entry,) = world.do(decider, "right.reject", proposal=proposed.data["proposal"], reason="不需要")
        assert (entry.kind, entry.data["reason"]) == ("right.rejected", "不需要")
    assert now(world, who).role == "station"
    assert world.state.parts.read(Proposals).open == {}


def test_what_was_decided_is_kept_with_who_decided_and_why() -> None:
    world, first, second = guarded()
    who = made(world, "station", VILLAGE)
    for decider, kind, outcome in (
        (first, "right.reject", "taken_back"),
        (second, "right.reject", "rejected"),
        (second, "right.approve", "approved"),
    ):
        (proposed,) = world.do(first, "right.propose", account=who.id, role="leader", reason="接任")
        world.do(decider, kind, proposal=proposed.data["proposal"], reason=outcome)
        last = world.state.parts.read(Proposals).decided[-1]
        assert (last.outcome, last.decided_by, last.decided_reason) == (outcome, decider.id, outcome)
        assert (last.reason, last.by, last.was_role, last.role) == ("接任", first.id, "station", "leader")
    for _ in range(KEPT_DECIDED):
        (proposed,) = world.do(first, "right.propose", account=who.id, role="dispatcher")
        world.do(second, "right.reject", proposal=proposed.data["proposal"])
    decided = world.state.parts.read(Proposals).decided
    assert len(decided) == KEPT_DECIDED
    assert {each.outcome for each in decided} == {"rejected"}


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


def test_the_named_approver_decides_but_not_about_himself() -> None:
    world, first, _ = guarded()
    chief = made(world, "leader", CITY)
    world.do(first, "policy.change", approval={"rights": True, "approver": chief.id})
    who = made(world, "station", VILLAGE)
    (proposed,) = world.do(first, "right.propose", account=who.id, role="dispatcher")
    world.do(chief, "right.approve", proposal=proposed.data["proposal"])
    assert now(world, who).role == "dispatcher"
    (own,) = world.do(first, "right.propose", account=chief.id, role="dispatcher")
    assert refused(world, chief, "right.approve", proposal=own.data["proposal"])[0] == "not_found"


def test_what_needs_no_approval_is_not_proposed_and_what_changed_meanwhile_is_not_approved() -> None:
    world, first, second = guarded()
    who = made(world, "station", VILLAGE)
    assert refused(world, first, "right.propose", account=who.id, role="clerk")[0] == "wrong_state"
    assert refused(world, first, "right.propose", account=who.id)[0] == "invalid"
    (proposed,) = world.do(first, "right.propose", account=who.id, role="leader")
    world.do(first, "account.change", account=who.id, role="clerk")
    assert refused(world, second, "right.approve", proposal=proposed.data["proposal"])[0] == "wrong_state"
    entries = world.do(SYSTEM_ACCOUNT, "account.delete", account=who.id)
    assert [each.kind for each in entries] == ["account.deleted", "right.lapsed"]
    assert world.state.parts.read(Proposals).open == {}


def test_an_account_made_in_a_far_reaching_role_can_do_nothing_until_somebody_agrees() -> None:
    world, first, _ = guarded()
    new = {"username": "chief", "name": "某", "role": "leader", "center": COUNTY}
    usual = {"username": "desk", "name": "某", "role": "station", "center": VILLAGE}
    entries = world.do(SYSTEM_ADMIN, "account.create", accounts=[new, usual])
    assert [each.kind for each in entries] == ["account.created", "account.disabled", "right.proposed"]
    who = world.state.parts.read(Accounts).by_id[entries[0].data["accounts"][0]["account"]]
    assert who.disabled
    assert refused(world, first, "account.enable", account=who.id)[0] == "approval_needed"
    world.do(first, "right.approve", proposal=entries[2].data["proposal"])
    assert not now(world, who).disabled


def test_a_larger_subtree_reaches_further_and_a_smaller_one_does_not() -> None:
    for role, before, after, further in (
        ("clerk", TOWN, COUNTY, True),
        ("clerk", COUNTY, TOWN, False),
        ("leader", VILLAGE, OTHER_VILLAGE, True),
        ("station", VILLAGE, CITY, False),
    ):
        assert reaches_further(account(role, before), account(role, after), TREE) is further, (role, after)
    assert reaches_further(account("clerk", CITY), account("leader", CITY), TREE)
    assert not reaches_further(account("leader", CITY), account("clerk", CITY), TREE)


# ---------------------------------------------------------------- who asks, and who agrees


def test_the_system_administrator_asks_for_roles_and_the_security_administrator_agrees() -> None:
    world = World()
    guard, asker = made(world, "security_admin", CITY), made(world, "system_admin", COUNTY)
    who = made(world, "station", VILLAGE)
    assert refused(world, asker, "account.change", account=who.id, role="clerk")[0] == "forbidden"
    (proposed,) = world.do(asker, "right.propose", account=who.id, role="clerk", center=TOWN, reason="换岗")
    assert (proposed.data["was_role"], proposed.data["password"]) == ("station", False)
    assert refused(world, asker, "right.approve", proposal=proposed.data["proposal"])[0] == "forbidden"
    world.do(guard, "right.approve", proposal=proposed.data["proposal"])
    assert (now(world, who).role, now(world, who).center) == ("clerk", TOWN)
    for role, center in (("security_admin", VILLAGE), ("audit_admin", VILLAGE), ("leader", OTHER_COUNTY)):
        assert refused(world, asker, "right.propose", account=who.id, role=role, center=center)[0] == (
            "forbidden"
        )
    for other in ("audit_admin", "leader", "station"):
        by = account(other, CITY)
        code, _ = refused(world, by, "right.propose", account=who.id, role="leader")
        assert code in ("forbidden", "not_found")
    assert refused(world, asker, "right.propose", account=guard.id, role="clerk")[0] == "not_found"
    assert refused(world, asker, "right.propose", account=asker.id, role="clerk")[0] == "forbidden"


@pytest.mark.parametrize("role", FAR_REACHING)
def test_a_password_of_who_commands_or_looks_after_the_house_is_given_once_somebody_agreed(
    role: str,
) -> None:
    world = World()
    guard, asker = made(world, "security_admin", CITY), made(world, "system_admin", CITY)
    other = made(world, "system_admin", CITY)
    who = made(world, role, COUNTY)
    assert refused(world, asker, "account.reset_password", accounts=[who.id]) == (
        "approval_needed",
        "accounts",
    )
    (proposed,) = world.do(asker, "right.propose_password", accounts=[who.id], reason="忘记")
    assert world.do(asker, "right.propose_password", accounts=[who.id]) == []
    assert refused(world, other, "right.propose_password", accounts=[who.id])[0] == "conflict"
    assert refused(world, asker, "account.reset_password", accounts=[who.id])[0] == "approval_needed"
    proposal = proposed.data["proposal"]
    for decider in (asker, who, account("audit_admin", CITY)):
        assert refused(world, decider, "right.approve", proposal=proposal)[0] in ("forbidden", "not_found")
    (approved,) = world.do(guard, "right.approve", proposal=proposal)
    assert approved.data["password_until"] > to_wire(world.now)
    assert now(world, who) == who
    for stranger in (other, guard):
        code, _ = refused(world, stranger, "account.reset_password", accounts=[who.id])
        assert code == ("approval_needed" if stranger is other else "forbidden")
    (reset,) = world.do(asker, "account.reset_password", accounts=[who.id])
    assert [each["account"] for each in reset.data["accounts"]] == [who.id]
    assert refused(world, asker, "account.reset_password", accounts=[who.id])[0] == "approval_needed", "once"


def test_what_was_agreed_to_counts_for_the_account_as_it_was_and_not_for_ever() -> None:
    for spoil in ("time", "role", "delete"):
        world = World()
        guard, asker = made(world, "security_admin", CITY), made(world, "system_admin", CITY)
        who = made(world, "leader", COUNTY)
        (proposed,) = world.do(asker, "right.propose_password", accounts=[who.id])
        world.do(guard, "right.approve", proposal=proposed.data["proposal"])
        if spoil == "time":
            world.now += GRANT_FOR
        elif spoil == "role":
            world.do(guard, "account.change", account=who.id, role="dispatcher")
        else:
            world.do(asker, "account.delete", account=who.id)
            assert world.state.parts.read(Proposals).grants == {}
        code, _ = refused(world, asker, "account.reset_password", accounts=[who.id])
        assert code == ("not_found" if spoil == "delete" else "approval_needed")


def test_ordinary_passwords_need_no_approval_and_one_that_does_holds_up_the_whole_list() -> None:
    world = World()
    asker = made(world, "system_admin", COUNTY)
    desk, leader, far = (
        made(world, "station", VILLAGE),
        made(world, "leader", TOWN),
        made(world, "clerk", OTHER_COUNTY),
    )
    assert refused(world, asker, "right.propose_password", accounts=[desk.id])[0] == "wrong_state"
    assert refused(world, asker, "account.reset_password", accounts=[desk.id, leader.id])[0] == (
        "approval_needed"
    )
    assert refused(world, asker, "account.reset_password", accounts=[far.id])[0] == "not_found"
    assert refused(world, asker, "account.reset_password", accounts=[asker.id])[0] == "forbidden"
    assert refused(world, asker, "right.propose_password", accounts=[asker.id])[0] == "forbidden"
    world.do(asker, "account.reset_password", accounts=[desk.id])
    (proposed,) = world.do(asker, "right.propose_password", accounts=[leader.id])
    (rejected,) = world.do(asker, "right.reject", proposal=proposed.data["proposal"])
    assert rejected.kind == "right.rejected"
    assert refused(world, asker, "account.reset_password", accounts=[leader.id])[0] == "approval_needed"


def test_who_agrees_to_a_new_account_agrees_to_its_first_password() -> None:
    world, first, _ = guarded()
    asker = made(world, "system_admin", CITY)
    new = {"username": "chief", "name": "某", "role": "leader", "center": COUNTY}
    entries = world.do(asker, "account.create", accounts=[new])
    who = entries[0].data["accounts"][0]["account"]
    assert world.do(asker, "right.propose_password", accounts=[who]) == [], "it waits already"
    world.do(first, "right.approve", proposal=entries[2].data["proposal"])
    world.do(asker, "account.reset_password", accounts=[who])
    assert refused(world, asker, "account.reset_password", accounts=[who])[0] == "approval_needed"


# ---------------------------------------------------------------- three duties


#: Commands of the house, and whose they are; in a small hub no other administrator may give one of them.
DUTY = {
    "account.create": "system_admin",
    "account.delete": "system_admin",
    "account.change": "system_admin",
    "account.disable": "security_admin",
    "account.enable": "security_admin",
    "account.sign_out": "security_admin",
    "account.unlock": "security_admin",
    "second_factor.reset": "security_admin",
    "policy.change": "security_admin",
    "right.propose_password": "system_admin",
    "account.reset_password": "system_admin",
    "right.approve": "security_admin",
    "center.import": "system_admin",
    "backup.make": "system_admin",
    "audit.verify": "audit_admin",
}


#: The same of all commands, with those of `DUTY`: commands that two of them have, each for other accounts, and the rest.
SHARED = {
    "account.change": {"system_admin", "security_admin"},
    "right.propose": {"system_admin", "security_admin"},
    "right.reject": {"security_admin"},
    "session.end": {"security_admin"},
    "center.create": {"system_admin"},
    "center.change": {"system_admin"},
    "center.remove": {"system_admin"},
    "backup.verify": {"system_admin"},
}


def test_each_command_asks_for_a_right_of_its_own_administrator_alone() -> None:
    """Read from the source of all rules: no command can be given by an administrator for whom it is not meant."""
    for kind, rights in command_rights().items():
        having = {role for right in rights for role in TABLE[right]} & set(ADMINISTRATORS)
        wanted = SHARED.get(kind) or ({DUTY[kind]} if kind in DUTY else set())
        assert having == wanted, kind


def test_none_of_the_three_can_do_anothers_work() -> None:
    """Every command of the house × the three: who is not meant gets no entry out of it, where another one does."""
    listed = [
        {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
        for each in TREE.subtree(CITY)
    ]
    for kind, who in itertools.product([*DUTY, "right.reject", "session.end"], ADMINISTRATORS):
        world, first, _ = guarded()
        world.do(SYSTEM_ACCOUNT, "center.import", centers=listed)
        victim = made(world, "station", VILLAGE)
        (waits,) = world.do(first, "right.propose", account=victim.id, role="leader")
        whose = {"account": victim.id} if kind.startswith(("account.", "second_factor.")) else {}
        given: dict[str, dict[str, Any]] = {
            "account.create": {
                "accounts": [{"username": "n", "name": "n", "role": "station", "center": VILLAGE}]
            },
            "account.change": {"account": victim.id, "name": "别名"},
            "policy.change": {"most_sessions": 2},
            "right.propose_password": {"accounts": [made(world, "leader", COUNTY).id]},
            "account.reset_password": {"accounts": [victim.id]},
            "right.approve": {"proposal": waits.data["proposal"]},
            "right.reject": {"proposal": waits.data["proposal"]},
            "center.import": {"centers": [*listed[:-1], {**listed[-1], "name": "新名"}]},
            "session.end": {"account": victim.id, "session": "0" * 16},
        }
        data = given.get(kind, whose)
        if kind == "account.enable":
            world.do(SECURITY, "account.disable", account=victim.id)
        try:
            done = world.do(account(who, CITY), kind, **data) != []
        except Refusal:
            done = False
        assert done is (DUTY.get(kind, "security_admin") == who), f"{who} {kind}"


def test_administrators_can_do_nothing_outside_the_house() -> None:
    """What is no command of the house is refused to each of the three, before its data matter."""
    house = {*DUTY, "right.propose", "right.reject", "session.end"}
    done = set()
    for kind, role in itertools.product(
        sorted(COMMAND_SCHEMAS.keys() - SYSTEM_COMMANDS - house), ADMINISTRATORS
    ):
        world = World()
        chair = account("leader", CITY)
        meeting = world.open(chair, VILLAGE)
        for data in (
            {"title": "x", "centers": [VILLAGE]},
            {"text": "x", "targets": [VILLAGE]},
            {"situation": "normal"},
            {"text": "x"},
            {"participant": chair.id},
            {},
        ):
            for where in (meeting, None):
                try:
                    command = Command("c", kind, where, parse_data(kind, data))
                    context = Context(world.now, account(role, CITY), TREE, world.new_id)
                    drafts = decide(world.state, command, context)
                except Refusal:
                    continue
                if drafts:
                    done.add((role, kind))
    assert done == set()


def test_no_administrators_account_goes_over_to_another_duty() -> None:
    world = World()
    for before, after in itertools.permutations(ADMINISTRATORS, 2):
        who = made(world, before, CITY)
        assert refused(world, SECURITY, "account.change", account=who.id, role=after)[0] == "forbidden"


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
