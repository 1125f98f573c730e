"""Rows of lists in grids: given where they were found or by hand, reported by who walks there, moved when grids change."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from typing import Any

import pytest

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.dispatch.clearings import Clearing, clearing_of
from hub.entry import Entry
from hub.errors import Refusal
from hub.grids.catalog import grids_in
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
from tests.unit.test_rules_clearings import DESK, LIST, NEIGHBOUR, VILLAGER, load


def issued() -> World:
    """A list of which rows 4 to 7 are the village's, those before them its neighbour's."""
    world = World()
    load(world, counts={VILLAGE: 4, OTHER_VILLAGE: 3})
    world.do(DESK, "clearing.issue", clearing=LIST)
    return world


def now(world: World) -> Clearing:
    found = clearing_of(world.state, LIST)
    assert found is not None
    return found


def allot(world: World, **grids: list[int]) -> list[Entry]:
    """As the hub does after a search; grids by their last three digits."""
    facts = {"clearing": LIST, "account": DESK.id, "name": "某", "by": CITY, "ways": {"number": 1}}
    given = {f"{VILLAGE}{name.removeprefix('g')}": rows for name, rows in grids.items()}
    return world.do(SYSTEM_ACCOUNT, "clearing.allot", **facts, center=VILLAGE, grids=given)


def told(world: World, who: Account, row: int, outcome: str = "normal", **more: Any) -> str:
    try:
        world.do(who, "clearing.report", clearing=LIST, results=[{"row": row, "outcome": outcome, **more}])
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_who_walks_a_grid_reports_of_its_rows_and_of_no_others() -> None:
    world = issued()
    member, other = person(world), person(world)
    grid(world, member)
    grid(world, other)
    assert told(world, member, 4) == "not_found", "nothing was given to his grid"
    (entry,) = allot(world, g001=[4, 5], g002=[6])
    assert (entry.data["why"], entry.data["ways"], entry.data["by"]["center"]) == (
        "matched",
        {"number": 1},
        CITY,
    )
    assert [told(world, member, row) for row in (4, 6, 7, 1)] == [
        "done",
        "not_found",
        "not_found",
        "not_found",
    ]
    assert told(world, other, 6, "abnormal", trouble="unreached") == "done"
    assert told(world, VILLAGER, 5) == "done", "its center may do it besides"
    assert told(world, NEIGHBOUR, 6) == "not_found"
    assert (now(world).outcome(4), now(world).outcome(6), now(world).outcome(7)) == (
        "normal",
        "abnormal",
        None,
    )
    world.do(SYSTEM_ACCOUNT, "account.change", account=member.id, role="station")
    assert told(world, member, 4) == "not_found", "he has no grid any more"


def test_a_row_that_moves_to_another_center_is_in_no_grid() -> None:
    world = issued()
    member = person(world)
    grid(world, member)
    allot(world, g001=[4])
    assert told(world, member, 4, "moved", to=OTHER_VILLAGE) == "done"
    assert (now(world).holder(4), now(world).grid(4), now(world).outcome(4)) == (OTHER_VILLAGE, None, None)
    assert told(world, member, 4) == "not_found"


def test_what_was_found_goes_only_where_it_still_fits() -> None:
    world = issued()
    member = person(world)
    grid(world, member)
    told(world, VILLAGER, 4)
    world.do(account("dispatcher", VILLAGE), "clearing.assign", clearing=LIST, rows=[5], grid=f"{VILLAGE}001")
    (entry,) = allot(world, g001=[4, 5, 6, 1], g009=[7])
    assert entry.data["grids"] == {f"{VILLAGE}001": [6]}, (
        "cleared, given, another center's; a grid that is none"
    )
    assert allot(world, g001=[6]) == [], "again is nothing"


def test_who_gives_rows_to_grids_by_hand_and_takes_them_back() -> None:
    for role, center in itertools.product(ROLES, (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)):
        world, who = issued(), account(role, center)
        there = grid(world).grid
        reads = may(who, "clearing.read", TREE, VILLAGE) or may(who, "clearing.read", TREE, CITY)
        wanted = (
            "done" if may(who, "clearing.share", TREE, VILLAGE) else "forbidden" if reads else "not_found"
        )
        for code in (there, None):
            try:
                world.do(who, "clearing.assign", clearing=LIST, rows=[4, 5], grid=code)
                answer = "done"
            except Refusal as refusal:
                answer = refusal.code
            assert answer == wanted, f"{role} at {center}"
            assert now(world).grid(4) == (code if wanted == "done" else None)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"rows": [3, 4]}, "invalid"),
        ({"rows": [99]}, "not_found"),
        ({"grid": f"{VILLAGE}009"}, "not_found"),
        ({"grid": f"{OTHER_VILLAGE}001"}, "not_found"),
    ],
)
def test_what_cannot_be_given_is_refused(asked: dict[str, Any], code: str) -> None:
    world = issued()
    grid(world)
    grid(world, person(world, center=OTHER_VILLAGE))
    with pytest.raises(Refusal) as refused:
        world.do(DESK, "clearing.assign", **{"clearing": LIST, "rows": [4], "grid": f"{VILLAGE}001", **asked})
    assert refused.value.code == code


def test_a_list_that_is_not_given_out_is_in_no_grid() -> None:
    world = World()
    load(world)
    there = grid(world).grid
    with pytest.raises(Refusal) as refused:
        world.do(DESK, "clearing.assign", clearing=LIST, rows=[1], grid=there)
    assert refused.value.code == "wrong_state"


@pytest.mark.parametrize("seed", range(8))
def test_however_grids_are_split_joined_and_ended_each_row_is_in_one_grid_or_in_none(seed: int) -> None:
    """Random changes of a village's grids; households with a row each, and what the hub knows of them beside the journal."""
    chance, world = random.Random(seed), World()
    load(world, counts={VILLAGE: 40})
    world.do(DESK, "clearing.issue", clearing=LIST)
    first = [grid(world).grid for _ in range(3)]
    homes = {row: chance.choice(first) for row in range(1, 31)}
    allot(world, **{f"g{code[-3:]}": [row for row in homes if homes[row] == code] for code in first})
    for _ in range(25):
        grids = sorted(grids_in(world.state).by_code)
        step = chance.choice(["split", "join", "remove"]) if len(grids) > 1 else "split"
        one = chance.choice(grids)
        if step == "split":
            into = [{"name": f"甲{world.state.last_seq}"}, {"name": f"乙{world.state.last_seq}"}]
            if chance.random() < 0.5:
                into[0]["grid"] = one
            named = [row for row in homes if homes[row] == one and chance.random() < 0.5]
            rest = chance.randrange(2)
            rows = [named if at != rest else [] for at in range(2)]
            (entry,) = [
                each
                for each in world.do(KEEPER, "grid.split", grid=one, into=into, rest=rest, rows={LIST: rows})
                if each.kind == "grid.split"
            ]
            codes = [part["grid"] for part in entry.data["into"]]
            homes |= {
                row: codes[1 - rest] if row in named else codes[rest] for row in homes if homes[row] == one
            }
        elif step == "join":
            other = chance.choice([each for each in grids if each != one])
            made = world.do(
                KEEPER, "grid.join", grids=[one, other], into={"name": f"合{world.state.last_seq}"}
            )
            into_one = next(each for each in made if each.kind == "grid.joined").data["into"]["grid"]
            homes |= {row: into_one for row in homes if homes[row] in (one, other)}
        else:
            world.do(KEEPER, "grid.remove", village=VILLAGE, grids=[one])
            homes = {row: code for row, code in homes.items() if code != one}
        list_now = now(world)
        assert {row: list_now.grid(row) for row in range(1, 41)} == {
            row: homes.get(row) for row in range(1, 41)
        }
        counted = Counter(code for row in range(1, 41) if (code := list_now.grid(row)) is not None)
        assert counted == Counter({code: len(list_now.rows_in(VILLAGE, code)) for code in counted})
        assert list_now.in_grids(VILLAGE) == len(homes)
