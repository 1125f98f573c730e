"""Grids as rules: who makes, assigns, hands over, splits and joins them, and whose they are at every moment."""

from __future__ import annotations

import copy
import itertools
import random
import tracemalloc
from typing import Any

import pytest

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.grids.catalog import Grid, Grids, grid_of, grids_in, grids_of, may_in_grid
from hub.grids.moves import moves
from hub.rules import apply
from hub.state import HubState
from tests.support.gridded import KEEPER, grid, person
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


def code(world: World, who: Account, kind: str, **data: Any) -> str:
    """What is answered: `done`, or why not."""
    try:
        return "done" if world.do(who, kind, **data) else "nothing"
    except Refusal as refusal:
        return refusal.code


def consistent(grids: Grids) -> None:
    """The three ways to look at grids say the same."""
    assert grids.of_village == {
        village: sorted(each.grid for each in found)
        for village, found in itertools.groupby(
            sorted(grids.by_code.values(), key=lambda each: each.grid), key=lambda each: each.village
        )
    } or sorted(itertools.chain(*grids.of_village.values())) == sorted(grids.by_code)
    said = {(each.grid, account) for each in grids.by_code.values() for account in each.people}
    assert said == {(code, account) for account, codes in grids.of_account.items() for code in codes}
    assert all(grids.of_account.values())
    assert all(grids.of_village.values())
    assert not grids.ended & set(grids.by_code)


def test_grids_get_the_next_numbers_and_keep_them() -> None:
    world = World()
    given = [
        {"name": "一"},
        {"name": "农贸市场", "grid": f"{VILLAGE}002", "kind": "dedicated"},
        {"name": "二"},
    ]
    (made,) = world.do(KEEPER, "grid.make", village=VILLAGE, grids=given)
    assert [each["grid"][-3:] for each in made.data["grids"]] == ["001", "002", "003"]
    world.do(KEEPER, "grid.remove", village=VILLAGE, grids=[f"{VILLAGE}003"])
    assert grid(world).grid == f"{VILLAGE}004", "a code is never given again"
    again = [{"name": "三", "grid": f"{VILLAGE}003"}]
    assert code(world, KEEPER, "grid.make", village=VILLAGE, grids=again) == "conflict"


@pytest.mark.parametrize(
    ("village", "grids", "answer"),
    [
        (TOWN, [{"name": "一"}], "invalid"),
        ("430682999999", [{"name": "一"}], "not_found"),
        (VILLAGE, [{"name": "一"}, {"name": "一"}], "conflict"),
        (VILLAGE, [{"name": "一", "grid": f"{OTHER_VILLAGE}001"}], "invalid"),
        (
            VILLAGE,
            [{"name": "一", "grid": f"{VILLAGE}005"}, {"name": "二", "grid": f"{VILLAGE}005"}],
            "invalid",
        ),
        (VILLAGE, [{"name": "一", "members": ["a_000000000000000000"]}], "not_found"),
    ],
)
def test_what_is_no_grid_is_refused(village: str, grids: list[dict[str, Any]], answer: str) -> None:
    assert code(World(), KEEPER, "grid.make", village=village, grids=grids) == answer


def test_who_may_keep_grids_is_in_the_table() -> None:
    """Every role from above, at and beside the village; who sees them and may not is told so, others find nothing."""
    for role, center in itertools.product(ROLES, (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)):
        world = World()
        there, who = grid(world), account(role, center)
        sees = may(who, "grid.read", TREE, VILLAGE)
        keeps = may(who, "grid.keep", TREE, VILLAGE) or may(who, "grid.manage", TREE, VILLAGE)
        wanted = "done" if keeps else "forbidden" if sees else "not_found"
        for kind, data in (
            ("grid.make", {"village": VILLAGE, "grids": [{"name": "新"}]}),
            ("grid.change", {"grid": there.grid, "name": "改"}),
            ("grid.assign", {"grid": there.grid, "members": [person(world).id]}),
            (
                "grid.split",
                {"grid": there.grid, "into": [{"name": "甲", "grid": there.grid}, {"name": "乙"}]},
            ),
            ("grid.remove", {"village": VILLAGE, "grids": [there.grid]}),
        ):
            assert code(world, who, kind, **data) == wanted, f"{role} at {center}: {kind}"


def test_who_answers_for_a_grid_and_who_walks_it_have_the_role_and_are_of_the_village() -> None:
    world = World()
    leader, member, there = person(world, "grid_leader"), person(world), grid(world)
    assert code(world, KEEPER, "grid.assign", grid=there.grid, leader=member.id) == "conflict"
    stranger = person(world, center=OTHER_VILLAGE)
    assert code(world, KEEPER, "grid.assign", grid=there.grid, members=[stranger.id]) == "not_found"
    station = person(world, "station")
    assert code(world, KEEPER, "grid.assign", grid=there.grid, members=[station.id]) == "conflict"
    assert code(world, KEEPER, "grid.assign", grid=there.grid, members=[member.id, member.id]) == "invalid"
    done = {"grid": there.grid, "leader": leader.id, "members": [leader.id, member.id]}
    assert code(world, KEEPER, "grid.assign", **done) == "done"
    assert code(world, KEEPER, "grid.assign", **done) == "nothing"
    assert grids_of(world.state, leader.id) == grids_of(world.state, member.id) == {there.grid}


def test_a_grid_is_ones_own_from_the_entry_that_says_so_to_the_one_that_takes_it() -> None:
    world = World()
    first, second = person(world), person(world)
    a, b = grid(world, first), grid(world, first, second)

    def sees(who: Account, code: str) -> bool:
        return may_in_grid(world.state, who, "grid.read", TREE, code)

    assert sees(first, a.grid)
    assert sees(first, b.grid)
    assert sees(second, b.grid)
    assert not sees(second, a.grid)
    (handed,) = world.do(
        KEEPER, "grid.handed".removesuffix("ed"), account=first.id, to=second.id, grids=[a.grid, b.grid]
    )
    assert [each["members"] for each in handed.data["grids"]] == [[second.id], [second.id]]
    assert {f"account:{first.id}", f"account:{second.id}", f"center:{VILLAGE}"} == set(handed.audience)
    assert grids_of(world.state, first.id) == frozenset()
    assert sees(second, a.grid)
    assert not sees(first, a.grid)
    assert code(world, KEEPER, "grid.hand", account=first.id, to=second.id, grids=[a.grid]) == "invalid"


@pytest.mark.parametrize("how", ["role", "center", "deleted"])
def test_whoever_is_no_grid_member_any_more_has_no_grid(how: str) -> None:
    world = World()
    who, other = person(world), person(world)
    there = grid(world, who, other)
    if how == "deleted":
        made = world.do(SYSTEM_ACCOUNT, "account.delete", account=who.id)
    else:
        change = {"role": "station"} if how == "role" else {"center": OTHER_VILLAGE}
        made = world.do(SYSTEM_ACCOUNT, "account.change", account=who.id, **change)
    assert [each.kind for each in made][1:] == ["grid.assigned"]
    assert made[1].data["by"] is None
    assert grids_of(world.state, who.id) == frozenset()
    found = grid_of(world.state, there.grid)
    assert found is not None
    assert found.members == (other.id,)


def test_a_grid_leader_who_becomes_a_member_answers_for_nothing() -> None:
    world = World()
    leader = person(world, "grid_leader")
    led, walked = grid(world, leader=leader), grid(world, leader)
    world.do(SYSTEM_ACCOUNT, "account.change", account=leader.id, role="grid_member")
    assert grids_of(world.state, leader.id) == {walked.grid}
    assert grid_of(world.state, led.grid) is not None
    world.do(SYSTEM_ACCOUNT, "account.change", account=leader.id, name="改名")
    assert grids_of(world.state, leader.id) == {walked.grid}


@pytest.mark.parametrize("by_list", [False, True])
def test_the_grids_of_a_village_that_is_taken_out_of_the_directory_end_with_it(by_list: bool) -> None:
    world = World()
    listed = [
        {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
        for each in TREE.subtree(CITY)
    ]
    world.do(SYSTEM_ACCOUNT, "center.import", centers=listed)
    there, other, keeper = grid(world), grid(world), account("system_admin", CITY)
    if by_list:
        rest = [each for each in listed if each["code"] != VILLAGE]
        made = world.do(keeper, "center.import", centers=rest)
    else:
        made = world.do(keeper, "center.remove", center=VILLAGE)
    ended, gone, *_ = made
    assert (ended.kind, ended.data["grids"]) == ("grid.removed", [there.grid, other.grid])
    assert (ended.data["village"], ended.data["by"]["account"]) == (VILLAGE, keeper.id)
    assert gone.kind == ("center.imported" if by_list else "center.removed")
    assert VILLAGE not in grids_in(world.state).of_village
    world.do(SYSTEM_ACCOUNT, "center.import", centers=listed)
    again = grid(world)
    assert again.grid not in (there.grid, other.grid), "a code is never given again"


def test_with_a_village_that_the_owner_takes_away_people_lose_grids_and_phones() -> None:
    world = World()
    member, neighbour = person(world), person(world, center=OTHER_VILLAGE)
    grid(world, member)
    phones = [
        world.do(KEEPER, "device.issue", account=each.id)[0].data["device"] for each in (member, neighbour)
    ]
    world.do(SYSTEM_ACCOUNT, "device.note_bound", device=phones[0], agent="Chrome")
    listed = [
        {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
        for each in TREE.subtree(CITY)
    ]
    world.do(SYSTEM_ACCOUNT, "center.import", centers=listed)
    rest = [each for each in listed if each["code"] != VILLAGE]
    made = world.do(SYSTEM_ACCOUNT, "center.import", centers=rest)
    assert {each.kind for each in made} == {"grid.removed", "device.withdrawn", "center.imported"}
    (lost,) = [each for each in made if each.kind == "device.withdrawn"]
    assert (lost.data["device"], lost.data["why"]) == (phones[0], "account")
    assert grids_of(world.state, member.id) == frozenset()


@pytest.mark.parametrize("seed", range(12))
def test_however_grids_are_split_and_joined_each_household_is_in_one_grid(seed: int) -> None:
    """Random splits and joins of a village, with households that are registered meanwhile; `moves` is what the store does."""
    dice, world = random.Random(seed), World()
    homes: dict[str, str] = {}
    for _ in range(4):
        there = grid(world)
        for _ in range(dice.randrange(30)):
            homes[f"hh_{len(homes):018d}"] = there.grid
    for _ in range(30):
        grids = grids_in(world.state)
        codes = grids.of_village[VILLAGE]
        before = set(homes)
        if len(codes) > 2 and dice.random() < 0.4:
            some = dice.sample(codes, 2)
            into = {"name": f"并{len(world.entries)}", "grid": dice.choice([*some, None])}
            (entry,) = world.do(KEEPER, "grid.join", grids=some, into=into)
        else:
            split = dice.choice(codes)
            own = [home for home, where in homes.items() if where == split]
            dice.shuffle(own)
            parts: list[dict[str, Any]] = [
                {"name": f"分{len(world.entries)}之{part}", "households": own[part::4]} for part in range(3)
            ]
            if dice.random() < 0.5:
                parts[dice.randrange(3)]["grid"] = split
            # Somebody registers a household in the grid between the page's look and the decision.
            homes[f"hh_{len(homes):018d}"] = split
            before = set(homes)
            (entry,) = world.do(KEEPER, "grid.split", grid=split, into=parts, rest=dice.randrange(3))
            wanted = {home: part["grid"] for part in entry.data["into"] for home in part["households"]}
        for move in moves(entry):
            for home, where in homes.items():
                if where == move.origin and (move.households is None or home in move.households):
                    homes[home] = move.to
        assert set(homes) == before
        assert set(homes.values()) <= set(grids_in(world.state).by_code), (
            "none is left in a grid that is no more"
        )
        if entry.kind == "grid.split":
            assert wanted.items() <= homes.items()
        consistent(grids_in(world.state))
    replayed = HubState()
    for entry in world.entries:
        apply(replayed, entry)
    assert replayed == world.state


def test_a_part_takes_each_household_once() -> None:
    world = World()
    there = grid(world)
    parts = [
        {"name": "甲", "households": ["hh_000000000000000001"]},
        {"name": "乙", "households": ["hh_000000000000000001"]},
    ]
    assert code(world, KEEPER, "grid.split", grid=there.grid, into=parts) == "invalid"
    assert (
        code(world, KEEPER, "grid.split", grid=there.grid, into=[{"name": "甲"}, {"name": "乙"}], rest=2)
        == "invalid"
    )


def test_grids_of_a_whole_city_take_little_memory() -> None:
    """37,980 grids and 38,000 members; the second state of the hub shares its values with the first."""
    tracemalloc.start()
    try:
        grids = Grids()
        for village, number in itertools.product(range(1899), range(20)):
            code = f"{430600000000 + village:012d}{number + 1:03d}"
            leader, member = f"a_{village:017d}x", f"a_{village:010d}{number:08d}"
            grids.put(Grid(code, f"第{number + 1}网格", "basic", leader, (member,), 42))
        size = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(grids.by_code) == 37_980
    assert size < 40_000_000, f"{size / 1e6:.0f} MB"
    one = next(iter(grids.by_code.values()))
    assert copy.deepcopy(one) is one
