"""Rights that reach further wait for a second person, as rules."""

from __future__ import annotations

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.house.approval import FAR_REACHING, GRANT_FOR, KEPT_DECIDED, Proposals, reaches_further
from hub.house.parts import Accounts
from tests.support.house_rules import SYSTEM_ADMIN, guarded, made, now, refused
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
