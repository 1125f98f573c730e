"""Households met outside of sweeps: who did not know of each other are both kept, what was said is put right, months end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.grids.answer_months import Months, about_month, kept_until
from hub.journal.answers import digest_of
from tests.support.rules import World
from tests.unit.test_rules_sweeps import DESK, G1, LEADER, NEIGHBOUR, ONE, STATION, TWO, refused, world_of

HOUSE = "hh_000000000000000001"


def last_of(entry: Entry, world: World, *others: Entry, **more: Any) -> dict[str, Any]:
    """What the store has of the household after this entry, as the edge brings it."""
    told = [
        {"seq": e.seq, "outcome": e.data["outcome"], "seen": e.data["seen"], "account": e.actor.account}
        for e in (entry, *others)
    ]
    return {**told[0], "holds": entry.seq, "at": to_wire(entry.at), "others": told[1:], **more}


def said(world: World, who: Account, outcome: str = "met", **more: Any) -> Entry:
    made = world.do(who, "visit.record", household=HOUSE, grid=G1, outcome=outcome, **more)
    return next(each for each in made if each.kind == "visit.recorded")


def test_two_who_did_not_know_of_each_other_are_both_kept_and_the_leader_says_which_holds() -> None:
    world = world_of()
    first = said(world, ONE, "absent")
    last = last_of(first, world)
    assert said(world, TWO, last=last, base=first.seq).data["conflict"] is False, "he knew of it"
    assert said(world, ONE, last=last).data["conflict"] is False, "it was his own"
    second = said(world, TWO, last=last, seen=3)
    assert (second.data["conflict"], second.data["was"]) == (True, "absent")
    both = last_of(first, world, second)
    settles = {"household": HOUSE, "grid": G1, "last": both}
    assert refused(world, ONE, "visit.settle", **settles, holds=second.seq) == ("forbidden", None)
    assert refused(world, NEIGHBOUR, "visit.settle", **settles, holds=second.seq)[0] == "not_found"
    assert refused(world, LEADER, "visit.settle", **settles, holds=99) == ("not_found", "holds")
    (settled,) = world.do(LEADER, "visit.settle", **settles, holds=second.seq)
    assert (settled.data["outcome"], settled.data["seen"], settled.data["account"]) == ("met", 3, TWO.id)
    assert settled.data["settles"] == 1
    nothing = {**settles, "last": last_of(first, world)}
    assert refused(world, LEADER, "visit.settle", **nothing, holds=first.seq) == ("not_found", "household")


def test_what_is_older_than_any_phone_that_was_away_is_no_conflict() -> None:
    world = world_of()
    first = said(world, ONE)
    world.now += timedelta(days=7, minutes=1)
    assert said(world, TWO, last=last_of(first, world)).data["conflict"] is False


def test_what_was_said_of_a_household_is_put_right_by_who_said_it_or_answers_for_the_grid() -> None:
    world = world_of()
    first = said(world, ONE, "met", seen=2)
    last = last_of(first, world)
    right = {"household": HOUSE, "grid": G1, "last": last, "base": first.seq, "reason": "点错了"}
    assert refused(world, TWO, "visit.correct", **right, outcome="absent") == ("forbidden", None)
    assert refused(world, DESK, "visit.correct", **right, outcome="absent")[0] == "not_found"
    assert refused(world, ONE, "visit.correct", **{**right, "last": None}, outcome="absent")[0] == "not_found"
    newer = {**right, "base": first.seq + 5}
    assert refused(world, ONE, "visit.correct", **newer, outcome="absent") == ("conflict", "base")
    assert world.do(ONE, "visit.correct", **right, outcome="met", seen=2) == []
    (fixed,) = world.do(ONE, "visit.correct", **right, outcome="absent", offline=True)
    data = fixed.data
    assert (data["corrects"], data["was"], data["outcome"]) == (first.seq, "met", "absent")
    assert (data["household"], data["sweep"], data["offline"], data["reason"]) == (
        HOUSE,
        None,
        True,
        "点错了",
    )
    (again,) = world.do(LEADER, "visit.correct", **right, outcome="gone")
    assert again.data["by"]["account"] == LEADER.id


def test_a_row_and_a_household_are_never_named_at_once_and_the_village_says_it_too() -> None:
    world = world_of()
    first = said(world, STATION)
    for wrong in ({}, {"sweep": "sw_000000000000000001"}, {"row": 1}):
        with pytest.raises(Refusal, match="sweep"):
            world.do(ONE, "visit.settle", **{"holds": first.seq, **wrong})


def test_what_the_hub_fills_in_makes_no_other_command_of_it() -> None:
    one = Command("v1", "visit.record", None, {"household": HOUSE, "grid": G1}, frozenset({"grid"}))
    moved = Command("v1", "visit.record", None, {"household": HOUSE, "grid": None}, frozenset({"grid"}))
    other = Command("v1", "visit.record", None, {"household": "hh_2", "grid": G1}, frozenset({"grid"}))
    assert digest_of(one) == digest_of(moved) != digest_of(other)
    assert digest_of(one) != digest_of(Command("v1", "visit.record", None, one.data))


def test_a_month_of_words_is_begun_once_and_ended_by_the_clock() -> None:
    world = world_of()
    about = about_month("visits", to_wire(world.now)[:7], world.now)
    (begun,) = world.do(SYSTEM_ACCOUNT, "answers.begin", about=about)
    assert world.do(SYSTEM_ACCOUNT, "answers.begin", about=about) == []
    assert begun.data["until"] == to_wire(kept_until(about))
    assert world.do(SYSTEM_ACCOUNT, "answers.tick") == []
    world.now = kept_until(about)
    (gone,) = world.do(SYSTEM_ACCOUNT, "answers.tick")
    assert gone.data == {"about": about}
    assert world.state.parts.read(Months).until == {}
    assert world.do(SYSTEM_ACCOUNT, "answers.tick") == []


def test_only_a_month_of_which_a_phone_can_tell_now_has_a_key() -> None:
    world = World()
    month = to_wire(world.now)[:7]
    assert about_month("errands", month, world.now) == f"errands {month}"
    for wrong in ("2031-07", "2020-01", "x", ""):
        with pytest.raises(Refusal, match="seven days"):
            about_month("errands", wrong, world.now)
    assert kept_until("visits 2026-12").date().isoformat() == "2027-04-01"
