"""Lists of people: given to their centers, cleared row by row, passed on, unmasked by an entry, gone after their time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.dispatch.clearings import clearing_of
from hub.entry import Entry, center_audience
from hub.errors import Refusal
from hub.rules import FILES, apply
from hub.state import HubState
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    account,
)

LIST = "li_000000000000000001"
COUNTS = {VILLAGE: 4, OTHER_VILLAGE: 3, OTHER_TOWN: 2}
DESK = account("dispatcher", CITY)
VILLAGER = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)


def load(world: World, center: str = CITY, days: int = 7, **more: Any) -> list[Entry]:
    facts = {
        "clearing": LIST,
        "title": "外出务工比对",
        "account": DESK.id,
        "name": DESK.name,
        "center": center,
        "counts": COUNTS,
        "left_out": 1,
        "repeated": 2,
        "commitment": "0" * 64,
        "delete_at": to_wire(world.now + timedelta(days=days)),
    }
    return world.do(SYSTEM_ACCOUNT, "clearing.load", **{**facts, **more})


def issued() -> World:
    world = World()
    load(world)
    world.do(DESK, "clearing.issue", clearing=LIST, note="今日清零")
    return world


def report(world: World, who: Account, row: int, outcome: str = "normal", **more: Any) -> list[Entry]:
    return world.do(who, "clearing.report", clearing=LIST, results=[{"row": row, "outcome": outcome, **more}])


def refused(world: World, who: Account, kind: str, **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code, caught.value.field


def rows_of(world: World, center: str) -> list[int]:
    found = clearing_of(world.state, LIST)
    assert found is not None
    return list(found.rows_of(center))


def test_rows_are_numbered_in_the_order_of_codes_and_each_has_one_center() -> None:
    world = issued()
    first = {code: rows_of(world, code) for code in COUNTS}
    assert first == {OTHER_TOWN: [1, 2], OTHER_VILLAGE: [3, 4, 5], VILLAGE: [6, 7, 8, 9]}
    found = clearing_of(world.state, LIST)
    assert found is not None
    assert [found.holder(row) for row in (0, 1, 3, 9, 10)] == [None, OTHER_TOWN, OTHER_VILLAGE, VILLAGE, None]


def test_a_list_is_its_centers_alone_until_it_is_given_out() -> None:
    world = World()
    (loaded,) = load(world)
    assert loaded.audience == (center_audience(CITY),)
    assert refused(world, VILLAGER, "clearing.take", clearing=LIST) == ("not_found", "clearing")
    (entry,) = world.do(DESK, "clearing.issue", clearing=LIST, note="今日清零")
    assert set(entry.audience) == {center_audience(code) for code in (CITY, *COUNTS)}
    assert refused(world, DESK, "clearing.issue", clearing=LIST) == ("already_done", "clearing")
    assert world.do(VILLAGER, "clearing.take", clearing=LIST)
    assert world.do(VILLAGER, "clearing.take", clearing=LIST) == []
    assert load(world) == []


def test_only_who_commands_all_its_centers_gives_a_list_out_and_takes_it_back() -> None:
    for center, who in ((COUNTY, account("dispatcher", OTHER_COUNTY)), (COUNTY, VILLAGER)):
        world = World()
        load(world, center, counts={VILLAGE: 1})
        assert refused(world, who, "clearing.issue", clearing=LIST)[0] == "not_found"
    world = World()
    load(world, COUNTY, counts={VILLAGE: 1, OTHER_TOWN: 1})
    desk = account("dispatcher", COUNTY)
    assert refused(world, desk, "clearing.issue", clearing=LIST)[0] == "not_found"
    world = issued()
    for who in (VILLAGER, account("clerk", CITY), account("leader", COUNTY)):
        assert refused(world, who, "clearing.delete", clearing=LIST)[0] == "forbidden"
    assert refused(world, account("leader", CITY), "clearing.issue", clearing=LIST)[0] == "already_done"


def test_a_due_time_lies_before_the_rows_are_gone() -> None:
    world = World()
    load(world)
    for days in (-1, 8):
        due = to_wire(world.now + timedelta(days=days))
        assert refused(world, DESK, "clearing.issue", clearing=LIST, due=due) == ("invalid", "due")
    (entry,) = world.do(DESK, "clearing.issue", clearing=LIST, due=to_wire(world.now + timedelta(hours=9)))
    assert entry.data["due"]


def test_a_result_takes_the_place_of_an_earlier_one_and_the_same_again_is_nothing() -> None:
    world = issued()
    (first,) = report(world, VILLAGER, 6)
    assert first.data["results"] == [
        {"row": 6, "outcome": "normal", "trouble": None, "to": None, "was": None}
    ]
    assert first.audience == (center_audience(VILLAGE),)
    assert report(world, VILLAGER, 6) == []
    (again,) = report(world, VILLAGER, 6, "abnormal", trouble="unreached")
    assert again.data["results"][0]["was"] == "normal"
    found = clearing_of(world.state, LIST)
    assert found is not None
    assert found.outcome(6) == "abnormal"


def test_what_is_reported_must_be_ones_own_and_make_sense() -> None:
    world = issued()
    results: list[tuple[dict[str, Any], str]] = [
        ({"row": 5, "outcome": "normal"}, "not_found"),
        ({"row": 10, "outcome": "normal"}, "not_found"),
        ({"row": 6, "outcome": "abnormal"}, "invalid"),
        ({"row": 6, "outcome": "normal", "trouble": "ill"}, "invalid"),
        ({"row": 6, "outcome": "normal", "to": OTHER_VILLAGE}, "invalid"),
        ({"row": 6, "outcome": "moved", "to": VILLAGE}, "not_found"),
        ({"row": 6, "outcome": "moved", "to": "430600000001"}, "not_found"),
    ]
    for result, code in results:
        assert refused(world, VILLAGER, "clearing.report", clearing=LIST, results=[result])[0] == code
    twice = [{"row": 6, "outcome": "normal"}, {"row": 6, "outcome": "absent"}]
    assert refused(world, VILLAGER, "clearing.report", clearing=LIST, results=twice)[0] == "invalid"
    one = [{"row": 6, "outcome": "normal"}]
    for who, code in (
        (account("clerk", VILLAGE), "forbidden"),
        (account("station", TOWN), "not_found"),
        (account("leader", COUNTY), "not_found"),
        (account("system_admin", CITY), "not_found"),
    ):
        assert refused(world, who, "clearing.report", clearing=LIST, results=one)[0] == code


def test_who_moved_is_the_other_centers_from_then_on_and_may_come_back() -> None:
    world = issued()
    report(world, VILLAGER, 7, "absent")
    (entry,) = report(world, VILLAGER, 7, "moved", to=OTHER_VILLAGE)
    assert set(entry.audience) == {center_audience(VILLAGE), center_audience(OTHER_VILLAGE)}
    assert (rows_of(world, VILLAGE), rows_of(world, OTHER_VILLAGE)) == ([6, 8, 9], [3, 4, 5, 7])
    assert refused(
        world, VILLAGER, "clearing.report", clearing=LIST, results=[{"row": 7, "outcome": "normal"}]
    )
    report(world, NEIGHBOUR, 7, "moved", to=VILLAGE)
    assert rows_of(world, VILLAGE) == [6, 7, 8, 9]
    # Somewhere that had no rows, and outside of the list's centers.
    report(world, VILLAGER, 7, "moved", to=TOWN)
    report(world, account("station", TOWN), 7, "moved")
    found = clearing_of(world.state, LIST)
    assert found is not None
    assert (found.holder(7), found.outcome(7)) == (TOWN, "moved")


def test_reading_who_it_is_from_above_is_an_entry_with_the_rows_number_and_nothing_else() -> None:
    world = issued()
    report(world, VILLAGER, 7, "moved", to=OTHER_VILLAGE)
    (entry,) = world.do(account("leader", COUNTY), "clearing.unmask", clearing=LIST, row=7)
    assert entry.data.keys() == {"clearing", "row", "center", "by"}
    assert (entry.data["row"], entry.data["center"]) == (7, OTHER_VILLAGE)
    for who, row, code in (
        (account("clerk", CITY), 7, "forbidden"),
        (account("audit_admin", CITY), 7, "forbidden"),
        (account("leader", OTHER_COUNTY), 7, "not_found"),
        (VILLAGER, 7, "not_found"),
        (NEIGHBOUR, 7, "forbidden"),
        (DESK, 10, "not_found"),
    ):
        assert refused(world, who, "clearing.unmask", clearing=LIST, row=row)[0] == code


def test_rows_are_gone_by_the_clock_and_what_is_said_of_them_later_is_not_found() -> None:
    world = World()
    load(world, days=1)
    world.do(DESK, "clearing.issue", clearing=LIST)
    due = next(file.hub_due for file in FILES if file.name == "clearings")
    assert due is not None
    coming = due(world.state)
    assert coming is not None
    assert (coming.at, coming.kind) == (
        world.now - timedelta(seconds=2) + timedelta(days=1),
        "clearing.expire",
    )
    assert world.do(SYSTEM_ACCOUNT, "clearing.expire") == []
    world.now += timedelta(days=1)
    (gone,) = world.do(SYSTEM_ACCOUNT, "clearing.expire")
    left = sum(COUNTS.values())
    assert gone.data == {"clearing": LIST, "why": "time", "reason": "", "by": None, "left": left}
    assert set(gone.audience) == {center_audience(code) for code in (CITY, *COUNTS)}
    assert due(world.state) is None
    assert world.state.parts == HubState().parts
    assert refused(world, VILLAGER, "clearing.take", clearing=LIST)[0] == "not_found"
    assert refused(world, DESK, "clearing.delete", clearing=LIST)[0] == "not_found"


def test_a_list_taken_back_is_gone_at_once() -> None:
    world = issued()
    report(world, VILLAGER, 6)
    leader = account("leader", CITY)
    assert refused(world, leader, "clearing.delete", clearing=LIST) == ("invalid", "reason")
    (gone,) = world.do(leader, "clearing.delete", clearing=LIST, reason="名单有误，另行下发")
    assert (gone.data["why"], gone.data["reason"]) == ("by_hand", "名单有误，另行下发")
    assert (gone.data["by"]["account"], gone.data["left"]) == (leader.id, sum(COUNTS.values()) - 1)
    assert set(gone.audience) == {center_audience(code) for code in (CITY, *COUNTS)}
    assert clearing_of(world.state, LIST) is None


def test_entries_of_a_list_that_is_not_there_are_passed_over() -> None:
    world = issued()
    report(world, VILLAGER, 6)
    world.do(DESK, "clearing.delete", clearing=LIST, reason="清零")
    state = HubState()
    for entry in world.entries:
        if entry.kind != "clearing.loaded":
            apply(state, entry)
    assert state == HubState(last_seq=len(world.entries))


def test_a_days_results_add_up_whatever_came_in_whatever_order() -> None:
    world = issued()
    report(world, VILLAGER, 6)
    report(world, VILLAGER, 7, "absent")
    report(world, VILLAGER, 7, "moved", to=OTHER_VILLAGE)
    report(world, NEIGHBOUR, 7, "abnormal", trouble="refuses")
    report(world, NEIGHBOUR, 3, "moved")
    found = clearing_of(world.state, LIST)
    assert found is not None
    told = Counter((found.holder(row), found.outcome(row)) for row in range(1, found.rows + 1))
    assert told == {
        (OTHER_TOWN, None): 2,
        (OTHER_VILLAGE, None): 2,
        (OTHER_VILLAGE, "moved"): 1,
        (OTHER_VILLAGE, "abnormal"): 1,
        (VILLAGE, "normal"): 1,
        (VILLAGE, None): 2,
    }
