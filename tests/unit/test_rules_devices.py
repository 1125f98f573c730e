"""Phones of grid members, as rules: who gives codes out, how often, and what ends a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.grids.devices import GOOD_FOR, MOST, Devices
from tests.support.house_rules import SECURITY, made, now, refused
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, World, account

DISPATCHER = account("dispatcher", VILLAGE)


def grid_with(world: World, leader: Account, *members: Account) -> None:
    """A grid of the village with these people."""
    people = {"leader": leader.id, "members": [each.id for each in members]}
    world.do(DISPATCHER, "grid.make", village=VILLAGE, grids=[{"name": leader.username, **people}])


def issued(world: World, owner: Account, who: Account = DISPATCHER) -> str:
    return str(world.do(who, "device.issue", account=owner.id)[-1].data["device"])


def bound(world: World, owner: Account) -> str:
    device = issued(world, owner)
    world.do(SYSTEM_ACCOUNT, "device.note_bound", device=device, agent="Chrome 148 · Android")
    return device


def test_a_code_binds_one_phone_once_and_not_too_late() -> None:
    world = World()
    member = made(world, "grid_member", VILLAGE)
    device = issued(world, member)
    assert device.startswith("dv_")
    (entry,) = world.do(SYSTEM_ACCOUNT, "device.note_bound", device=device, agent="Chrome 148 · Android")
    assert entry.data == {
        "device": device,
        "account": member.id,
        "username": member.username,
        "agent": "Chrome 148 · Android",
    }
    assert refused(world, SYSTEM_ACCOUNT, "device.note_bound", device=device)[0] == "wrong_state"
    late = issued(world, member)
    world.now += GOOD_FOR + timedelta(seconds=1)
    assert refused(world, SYSTEM_ACCOUNT, "device.note_bound", device=late)[0] == "conflict"
    assert refused(world, SYSTEM_ACCOUNT, "device.note_bound", device="dv_" + "0" * 18)[0] == "not_found"


def test_another_code_takes_the_place_of_the_one_before_and_three_phones_are_enough() -> None:
    world = World()
    member = made(world, "grid_member", VILLAGE)
    first = issued(world, member)
    told = world.do(DISPATCHER, "device.issue", account=member.id)
    assert [(each.kind, each.data["device"] == first) for each in told] == [
        ("device.withdrawn", True),
        ("device.issued", False),
    ]
    assert told[0].data["why"] == "replaced"
    for _ in range(MOST):
        one = bound(world, member)
    assert refused(world, DISPATCHER, "device.issue", account=member.id)[0] == "conflict"
    world.do(member, "device.withdraw", device=one)
    issued(world, member)
    world.do(SECURITY, "account.disable", account=member.id)
    assert refused(world, DISPATCHER, "device.issue", account=member.id)[0] == "wrong_state"


@pytest.mark.parametrize("role", ROLES)
def test_who_gives_codes_out_for_whom(role: str) -> None:
    """Dispatchers for their subtree's grids, a grid leader for the members of his grid and himself; for others nobody."""
    for center in (VILLAGE, TOWN, COUNTY, CITY, OTHER_COUNTY):
        world = World()
        asker = made(world, role, center)
        member = made(world, "grid_member", VILLAGE, "walker")
        if role == "grid_leader" and center == VILLAGE:
            grid_with(world, asker, member)
        for owner in (*(made(world, each, VILLAGE) for each in ROLES if each != "grid_member"), member):
            grid = owner.role in ("grid_leader", "grid_member")
            below = role == "dispatcher" and center != OTHER_COUNTY
            beside = role == "grid_leader" and center == VILLAGE and owner.role == "grid_member"
            if grid and (below or beside):
                assert world.do(asker, "device.issue", account=owner.id), (center, owner.role)
            else:
                assert refused(world, asker, "device.issue", account=owner.id)[0] == "not_found", owner.role
    world = World()
    leader = made(world, "grid_leader", VILLAGE)
    assert issued(world, leader, leader)


def test_a_grid_leader_gives_no_phone_out_that_shows_another_ones_grid() -> None:
    """Who has a phone sees what its owner's grids hold: of both grids nobody but the village gives a code out."""
    world = World()
    leader, other = (made(world, "grid_leader", VILLAGE, name) for name in ("一", "二"))
    own, both, beside, free = (made(world, "grid_member", VILLAGE, name) for name in "甲乙丙丁")
    grid_with(world, leader, own, both)
    grid_with(world, other, both, beside)
    assert issued(world, own, leader)
    for member in (both, beside, free, other):
        assert refused(world, leader, "device.issue", account=member.id)[0] == "not_found"
        assert issued(world, member)
    lost = bound(world, both)
    for device, who in ((bound(world, beside), leader), (bound(world, free), leader), (lost, own)):
        assert refused(world, who, "device.withdraw", device=device)[0] == "not_found"
    assert world.do(leader, "device.withdraw", device=lost), "what is lost each of them ends"


def test_a_phone_is_withdrawn_by_its_owner_or_its_village() -> None:
    world = World()
    member, other = made(world, "grid_member", VILLAGE, "one"), made(world, "grid_member", VILLAGE, "two")
    leader = made(world, "grid_leader", VILLAGE)
    grid_with(world, leader, member)
    for who in (member, leader, DISPATCHER, account("dispatcher", CITY)):
        device = bound(world, member)
        for stranger in (other, account("dispatcher", OTHER_COUNTY), account("station", VILLAGE)):
            assert refused(world, stranger, "device.withdraw", device=device)[0] == "not_found"
        (entry,) = world.do(who, "device.withdraw", device=device, reason="遗失")
        assert (entry.data["why"], entry.data["reason"]) == ("person", "遗失")
        assert refused(world, who, "device.withdraw", device=device)[0] == "not_found"


def test_phones_end_with_the_account_and_when_it_moves() -> None:
    world = World()
    for kind, data in (
        ("account.disable", {}),
        ("account.delete", {}),
        ("account.change", {"center": TOWN}),
        ("account.change", {"role": "station"}),
    ):
        member = made(world, "grid_member", VILLAGE)
        devices = {bound(world, member), issued(world, member)}
        world.do(SYSTEM_ACCOUNT, "account.change", account=member.id, name="别名")
        assert {each for each, _ in world.state.parts.read(Devices).of(member.id)} == devices
        assert now(world, member).name == "别名"
        told = world.do(SYSTEM_ACCOUNT, kind, account=member.id, **data)
        gone = {each.data["device"] for each in told if each.kind == "device.withdrawn"}
        assert gone == devices, kind
        assert world.state.parts.read(Devices).of(member.id) == []
    assert world.state.parts.read(Devices) == Devices()
