"""Errands: asked for by a household, done by who walks its grid or by its village, said of once each, and moved with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, SYSTEM_ACCOUNT, Account
from hub.entry import Draft, center_audience
from hub.errors import Refusal
from hub.grids.catalog import Grid, Grids
from hub.grids.errand_shapes import RATED_WITHIN
from hub.grids.errand_state import Errand, due, errand_of
from hub.rules import FILES, Context, apply
from tests.support.rules import OTHER_VILLAGE, TOWN, TREE, VILLAGE, World, account

G1, G2 = f"{VILLAGE}001", f"{VILLAGE}002"
ELSEWHERE = f"{OTHER_VILLAGE}001"
HOUSEHOLD, NEIGHBOURS = "hh_000000000000000001", "hh_000000000000000002"
ERRAND = "er_000000000000000077"


def walker(role: str, center: str, number: int) -> Account:
    """Somebody who walks grids."""
    return Account(f"a_{number:018d}", f"walker{number}", f"网格{number}", role, center)


LEADER = walker(GRID_LEADER, VILLAGE, 1)
ONE = walker(GRID_MEMBER, VILLAGE, 2)
TWO = walker(GRID_MEMBER, VILLAGE, 3)
FAR = walker(GRID_MEMBER, OTHER_VILLAGE, 4)
OFFICE = account("dispatcher", VILLAGE)
STATION = account("station", VILLAGE)
TOWNSHIP = account("dispatcher", TOWN)


@pytest.fixture
def world() -> World:
    """Two grids of a village, one of another."""
    made = World()
    grids = made.state.parts.edit(Grids)
    grids.put(Grid(G1, "一组", "basic", LEADER.id, (ONE.id, TWO.id), 40))
    grids.put(Grid(G2, "二组", "basic", LEADER.id, (TWO.id,), 40))
    grids.put(Grid(ELSEWHERE, "长岭一组", "basic", None, (FAR.id,), 40))
    made.know(LEADER, ONE, TWO, FAR, OFFICE, STATION, TOWNSHIP)
    return made


def ask(world: World, who: Account = ONE, **more: Any) -> str:
    facts = {"household": HOUSEHOLD, "kind": "medicine", "grid": G1}
    (entry,) = world.do(who, "errand.ask", **{**facts, **more})
    assert entry.audience == (center_audience(entry.data["center"]),)
    return str(entry.data["errand"])


def there(world: World, errand: str) -> Errand:
    found = errand_of(world.state, errand)
    assert found is not None
    return found


def refused(world: World, who: Account, kind: str, /, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return f"{caught.value.code} {caught.value.field}"


def test_whoever_walks_the_grid_or_is_of_its_village_writes_one_down_and_nobody_else(world: World) -> None:
    for who in (LEADER, ONE, TWO, OFFICE, STATION):
        ask(world, who)
    for who in (FAR, TOWNSHIP, account("clerk", VILLAGE)):
        data = {"household": HOUSEHOLD, "kind": "food", "grid": G1}
        assert refused(world, who, "errand.ask", **data) == "not_found household"
    # a household that the hub does not know is in no grid
    assert refused(world, ONE, "errand.ask", household=HOUSEHOLD, kind="food") == "not_found household"


def test_an_id_that_a_phone_made_holds_and_is_used_once(world: World) -> None:
    assert ask(world, errand=ERRAND) == ERRAND
    again = {"household": HOUSEHOLD, "kind": "food", "grid": G1, "errand": ERRAND}
    assert refused(world, TWO, "errand.ask", **again) == "id_reused errand"


def test_it_is_taken_once_and_by_the_same_person_again_changes_nothing(world: World) -> None:
    errand = ask(world)
    world.do(TWO, "errand.take", errand=errand)
    assert (there(world, errand).state, there(world, errand).taker) == ("taken", TWO.id)
    assert world.do(TWO, "errand.take", errand=errand) == []
    assert refused(world, ONE, "errand.take", errand=errand) == "already_done errand"
    assert refused(world, FAR, "errand.take", errand=errand) == "not_found errand"


def test_it_is_handed_to_who_walks_the_grid_or_to_the_village_which_gives_it_on(world: World) -> None:
    errand = ask(world)
    world.do(ONE, "errand.take", errand=errand)
    assert refused(world, ONE, "errand.hand", errand=errand, to=FAR.id) == "not_found to"
    assert refused(world, ONE, "errand.hand", errand=errand, to=None) == "invalid reason"
    (entry,) = world.do(ONE, "errand.hand", errand=errand, to=None, reason="要用车")
    assert (entry.kind, entry.data["handed_by"]) == ("errand.handed", ONE.id)
    assert (there(world, errand).state, there(world, errand).taker) == ("handed", "")
    assert world.do(ONE, "errand.hand", errand=errand, to=None, reason="要用车") == []
    (entry,) = world.do(OFFICE, "errand.hand", errand=errand, to=TWO.id, reason="顺路")
    assert (entry.kind, entry.data["taker"], entry.data["handed_by"]) == ("errand.taken", TWO.id, OFFICE.id)
    # the village may do it itself, too
    other = ask(world)
    world.do(ONE, "errand.hand", errand=other, to=None, reason="要用车")
    world.do(STATION, "errand.take", errand=other)
    world.do(STATION, "errand.finish", errand=other)


def test_who_has_it_finishes_it_and_what_was_late_says_so(world: World) -> None:
    errand = ask(world, due=to_wire(world.now + timedelta(hours=1)))
    world.do(ONE, "errand.take", errand=errand)
    assert refused(world, TWO, "errand.finish", errand=errand) == "forbidden errand"
    world.now += timedelta(hours=2)
    # done in time, and told of when there was a line again
    done = to_wire(world.now - timedelta(minutes=90))
    (entry,) = world.do(ONE, "errand.finish", errand=errand, occurred_at=done, cents=2350)
    assert (entry.data["late"], entry.data["occurred_at"], entry.data["cents"]) == (False, done, 2350)
    late = ask(world, due=to_wire(world.now + timedelta(seconds=30)))
    world.now += timedelta(minutes=1)
    (entry,) = world.do(TWO, "errand.finish", errand=late)
    assert entry.data["late"]
    for kind, more in (("errand.finish", {}), ("errand.drop", {"reason": "不要了"})):
        assert refused(world, ONE, kind, errand=errand, **more) == "wrong_state errand"


@pytest.mark.parametrize("away", [timedelta(days=-7, minutes=-1), timedelta(minutes=6)])
def test_a_moment_that_is_not_to_be_believed_is_refused(world: World, away: timedelta) -> None:
    errand, at = ask(world), to_wire(world.now + away)
    assert refused(world, ONE, "errand.finish", errand=errand, occurred_at=at) == "invalid occurred_at"


def test_it_is_rated_once_it_is_done_and_once(world: World) -> None:
    errand = ask(world)
    assert refused(world, ONE, "errand.rate", errand=errand, stars=5) == "wrong_state errand"
    world.do(ONE, "errand.finish", errand=errand)
    (entry,) = world.do(OFFICE, "errand.rate", errand=errand, stars=4, heard="telephone")
    assert (entry.data["stars"], entry.data["heard"]) == (4, "telephone")
    assert refused(world, ONE, "errand.rate", errand=errand, stars=1) == "not_found errand"
    assert errand_of(world.state, errand) is None


def test_what_nobody_rates_is_closed_by_the_clock(world: World) -> None:
    errand = ask(world)
    assert due(world.state) is None
    world.do(ONE, "errand.finish", errand=errand)
    next_look = due(world.state)
    assert next_look is not None
    assert next_look.at == world.now + timedelta(days=RATED_WITHIN)
    world.now = next_look.at
    (entry,) = world.do(SYSTEM_ACCOUNT, next_look.kind)
    assert (entry.kind, entry.data["errand"]) == ("errand.closed", errand)
    assert due(world.state) is None


def test_it_comes_to_nothing_with_a_reason(world: World) -> None:
    errand = ask(world)
    assert refused(world, ONE, "errand.drop", errand=errand, reason="") == "invalid reason"
    world.do(ONE, "errand.drop", errand=errand, reason="家人已买")
    assert refused(world, ONE, "errand.take", errand=errand) == "not_found errand"


def follow(world: World, kind: str, **data: Any) -> None:
    """What comes of an entry of another rule about grids or households."""
    rule = next(file for file in FILES if file.name == "errands")
    context = Context(world.now, SYSTEM_ACCOUNT, TREE, world.new_id)
    drafts = rule.follows[kind](world.state, Draft(kind, None, data, ()), context)
    for draft in drafts:
        apply(world.state, world._seal(draft, SYSTEM_ACCOUNT))


def test_a_split_and_a_join_take_it_along_with_its_household(world: World) -> None:
    moves, stays = ask(world), ask(world, household=NEIGHBOURS)
    into = [{"grid": G2, "households": [HOUSEHOLD]}]
    follow(world, "grid.split", village=VILLAGE, grid=G1, into=into, rest=G1)
    assert (there(world, moves).grid, there(world, stays).grid) == (G2, G1)
    # from now on who walks there does it
    assert refused(world, ONE, "errand.take", errand=moves) == "not_found errand"
    world.do(TWO, "errand.take", errand=moves)
    follow(world, "grid.joined", village=VILLAGE, grids=[G2], into={"grid": G1})
    assert (there(world, moves).grid, there(world, moves).taker) == (G1, TWO.id)


def test_a_household_that_moves_to_another_village_takes_its_errands_along(world: World) -> None:
    errand, other = ask(world), ask(world, household=NEIGHBOURS)
    before = len(world.entries)
    follow(world, "household.moved", household=HOUSEHOLD, grid=ELSEWHERE)
    (entry,) = world.entries[before:]
    assert entry.audience == (center_audience(OTHER_VILLAGE),)
    assert (there(world, errand).village, there(world, other).grid) == (OTHER_VILLAGE, G1)
    world.do(FAR, "errand.finish", errand=errand)
    # some of its people moved, and it did not
    follow(world, "household.moved", household=NEIGHBOURS, grid=G1)
    assert len(world.entries) == before + 2


def test_older_entries_without_the_new_facts_still_hold() -> None:
    """Entries of before errands were urgent, or told when they were done."""
    world = World()
    told = {
        "errand": ERRAND,
        "household": HOUSEHOLD,
        "center": VILLAGE,
        "grid": G1,
        "kind": "food",
        "due": None,
        "commitment": None,
    }
    apply(world.state, world._seal(Draft("errand.asked", None, told, ()), SYSTEM_ACCOUNT))
    assert there(world, ERRAND).state == "asked"
