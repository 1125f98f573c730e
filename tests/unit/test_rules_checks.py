"""Who may have stations checked before a meeting, who answers, and how a check ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.clock import from_wire
from hub.conference.checks import ANSWER_S, MAX_OPEN, RULES, Checks
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.tree import Center, CenterTree
from hub.entry import Command
from hub.errors import Refusal
from hub.journal.chain import canonical_json
from hub.rules import Context, decide, parse_data
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

MAYOR = account("leader", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
SECOND = account("station", VILLAGE, number=1)
NEIGHBOUR = account("station", OTHER_VILLAGE)
FINE: dict[str, Any] = {
    "camera": "ready",
    "microphone": "works",
    "level_db": -30,
    "speaker": "ready",
    "way": "direct",
}


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def started(world: World, who: Account, *centers: str) -> str:
    return str(world.do(who, "check.start", centers=list(centers))[-1].data["check"])


def running(world: World) -> dict[str, set[str]]:
    """Who has not answered, by check."""
    return {check: one.waiting for check, one in world.state.parts.read(Checks).running.items()}


def test_a_check_asks_whom_one_may_call_and_each_once() -> None:
    world = World()
    check = started(world, MAYOR, COUNTY, VILLAGE, VILLAGE)
    assert running(world) == {check: {COUNTY, VILLAGE}}
    with refused("not_found", "centers"):
        started(world, COUNTY_LEADER, OTHER_COUNTY)
    with refused("forbidden", "centers"):
        started(world, COUNTY_LEADER, CITY)
    for role in ("station", "clerk", "system_admin", "security_admin", "audit_admin"):
        with refused("forbidden"):
            started(world, account(role, COUNTY), COUNTY)
    for field, centers in (("centers", []), ("centers.0", ["x"]), ("centers", [VILLAGE] * 2049)):
        with refused("invalid", field):
            world.do(MAYOR, "check.start", centers=centers)


def test_a_center_answers_once_and_only_where_it_is_asked() -> None:
    world = World()
    check = started(world, MAYOR, COUNTY, VILLAGE)
    with refused("not_found", "check"):
        world.do(NEIGHBOUR, "check.report", check=check, **FINE)
    with refused("forbidden"):
        world.do(account("clerk", VILLAGE), "check.report", check=check, **FINE)
    (told,) = world.do(STATION, "check.report", check=check, **FINE)
    assert told.kind == "check.reported"
    assert {**told.data, "account": ""} == {
        "check": check, "center": VILLAGE, "account": "", **FINE, "in_meeting": False,
        "loss_permille": None, "rtt_ms": None, "up_kbps": None, "down_kbps": None,
    }  # fmt: skip
    assert told.audience == (f"center:{CITY}",), "no other station hears of it"
    with refused("not_found", "check"):
        world.do(SECOND, "check.report", check=check, **FINE)
    assert running(world) == {check: {COUNTY}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"camera": "fine"},
        {"way": "udp"},
        {"level_db": 1},
        {"loss_permille": 1001},
        {"rtt_ms": -1},
        {"up_kbps": 2_000_000},
        {"note": "x"},
        {"check": "m_" + "0" * 18},
    ],
)  # fmt: skip
def test_an_answer_is_small_words_and_numbers(wrong: dict[str, Any]) -> None:
    world = World()
    check = started(world, MAYOR, VILLAGE)
    with refused("invalid", next(iter(wrong))):
        world.do(STATION, "check.report", **{"check": check, **FINE, **wrong})


def test_with_the_last_answer_it_is_over_and_forgotten() -> None:
    world = World()
    check = started(world, MAYOR, VILLAGE, OTHER_VILLAGE)
    world.do(STATION, "check.report", check=check, **FINE)
    made = world.do(NEIGHBOUR, "check.report", check=check, **FINE)
    assert [(entry.kind, entry.data.get("reason")) for entry in made] == [
        ("check.reported", None),
        ("check.ended", "complete"),
    ]
    assert list(world.state.parts) == []
    with refused("not_found", "check"):
        world.do(STATION, "check.report", check=check, **FINE)


def test_time_ends_it() -> None:
    world = World()
    assert RULES.hub_due is not None
    assert RULES.hub_due(world.state) is None
    check = started(world, MAYOR, VILLAGE)
    due = RULES.hub_due(world.state)
    assert due is not None
    assert (due.kind, due.subject) == ("check.expire", check)
    with refused("wrong_state"):
        world.do(SYSTEM_ACCOUNT, "check.expire")
    world.now = due.at
    (ended,) = world.do(SYSTEM_ACCOUNT, "check.expire")
    assert (ended.kind, ended.data["reason"]) == ("check.ended", "time")
    assert RULES.hub_due(world.state) is None


def test_many_begin_one_after_the_other_and_have_their_time() -> None:
    world = World()
    (entry,) = world.do(MAYOR, "check.start", centers=[COUNTY, TOWN, VILLAGE])
    assert entry.data["spread_ms"] == 2000
    assert from_wire(entry.data["until"]) - entry.at == timedelta(seconds=2 + ANSWER_S)


@pytest.mark.parametrize(("present", "spread_s"), [(None, 128), (2048, 128), (160, 10), (0, 128), (3, 2)])
def test_a_city_is_spread_by_how_many_are_there(present: int | None, spread_s: int) -> None:
    world = World()
    codes = [f"4306{number:08}" for number in range(1, 2049)]
    tree = CenterTree(
        [
            Center(CITY, "岳阳市", "city", None, ""),
            *(Center(code, code, "county", CITY, "") for code in codes),
        ]
    )
    data = parse_data("check.start", {"centers": codes, "present": present})
    context = Context(world.now, MAYOR, tree, world.new_id)
    (draft,) = decide(world.state, Command("c", "check.start", None, data), context)
    assert draft.data["spread_ms"] == spread_s * 1000
    assert len(canonical_json(draft.data)) < 64 * 1024, "an entry stays below what crosses the edge"


def test_another_check_of_the_same_person_takes_its_place() -> None:
    world = World()
    first = started(world, MAYOR, VILLAGE)
    made = world.do(MAYOR, "check.start", centers=[COUNTY])
    assert [entry.kind for entry in made] == ["check.ended", "check.started"]
    assert made[0].data == {"check": first, "reason": "replaced"}
    assert list(running(world).values()) == [{COUNTY}]


def test_so_many_run_at_the_same_time_and_no_more() -> None:
    world = World()
    for number in range(MAX_OPEN):
        started(world, account("dispatcher", CITY, number=number), VILLAGE)
    with refused("too_many"):
        started(world, MAYOR, VILLAGE)
    again = started(world, account("dispatcher", CITY, number=0), VILLAGE)
    assert again in running(world)
    assert len(running(world)) == MAX_OPEN


def test_it_is_called_off_by_those_who_might_have_started_it() -> None:
    world = World()
    check = started(world, COUNTY_LEADER, VILLAGE)
    for who in (account("leader", OTHER_COUNTY), STATION, account("dispatcher", OTHER_TOWN)):
        with refused("not_found", "check"):
            world.do(who, "check.cancel", check=check)
    with refused("forbidden"):
        world.do(account("audit_admin", CITY), "check.cancel", check=check)
    (ended,) = world.do(account("dispatcher", CITY), "check.cancel", check=check)
    assert ended.data == {"check": check, "reason": "cancelled"}
    assert running(world) == {}
