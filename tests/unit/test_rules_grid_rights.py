"""The walk through all commands about grids and what is done in them: command × role × place × own grid, another one, none.

Each command stands here with a thing of one grid that it is about, and with the action of the table of rights it takes. Who
answers for a grid, or walks it, is tried with that grid, with another one of the village, and in the next village; all others
from above, at and beside the village. A command without a row fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import pytest

from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, GRID_ROLES, ROLES, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.catalog import Grid, Grids, may_in_grid
from hub.grids.errand_shapes import ErrandAsk
from hub.grids.errand_state import Errand, Errands
from hub.people import Accounts
from hub.rules import FILES, Context, decide, parse_data
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
from tests.unit.test_rules_clearings import DESK, LIST
from tests.unit.test_rules_clearings import load as load_list
from tests.unit.test_rules_sweeps import SWEEP, walker

#: The grid that everything is about, another one of the village, and one of the next village.
OWN, OTHER, BEYOND = f"{VILLAGE}001", f"{VILLAGE}002", f"{OTHER_VILLAGE}001"
PLACES: Final = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)
HOUSEHOLD: Final = "hh_" + "0" * 18
ERRAND: Final = "er_" + "0" * 18
#: What is said to who may not.
NO: Final = {"forbidden", "not_found"}
#: Who walks the grid and tries nothing: he said what is put right, or settled.
FIRST: Final = walker(GRID_MEMBER, VILLAGE, 90)
SECOND: Final = walker(GRID_MEMBER, VILLAGE, 91)
#: Role and grid of those who have one.
WALKERS: Final = {
    (role, grid): walker(role, grid[:12], number)
    for number, (role, grid) in enumerate(
        [(role, grid) for role in (GRID_LEADER, GRID_MEMBER) for grid in (OWN, OTHER, BEYOND)], 1
    )
}

Data = dict[str, Any]


class Row(NamedTuple):
    """What a command is given, made in a world, and the action that it takes about the grid."""

    make: Callable[[World], Data]
    #: One of them is enough.
    actions: tuple[str, ...]


def world_of() -> World:
    """A world with three grids and their people, a sweep of a household in each, and a list with a row in each."""
    world = World()
    for who in (*WALKERS.values(), FIRST, SECOND):
        world.state.parts.edit(Accounts).by_id[who.id] = who
    for grid in (OWN, OTHER, BEYOND):
        walking = WALKERS[GRID_MEMBER, grid].id
        members = (walking, FIRST.id, SECOND.id) if grid == OWN else (walking,)
        leader = WALKERS[GRID_LEADER, grid].id
        world.state.parts.edit(Grids).put(Grid(grid, grid[-3:], "basic", leader, members, 40))
    world.do(
        SYSTEM_ACCOUNT,
        "sweep.load",
        sweep=SWEEP,
        title="发热排查",
        sort="blanket",
        account=DESK.id,
        name=DESK.name,
        center=VILLAGE,
        rows={VILLAGE: {OWN: [1, 2], OTHER: [1, 2]}},
        form=[],
    )
    load_list(world, center=VILLAGE, counts={VILLAGE: 3})
    world.do(account("dispatcher", VILLAGE), "clearing.issue", clearing=LIST)
    given = {"clearing": LIST, "center": VILLAGE, "grids": {OWN: [1], OTHER: [2]}, "ways": {}}
    world.do(SYSTEM_ACCOUNT, "clearing.allot", **given, account=DESK.id, name="某", by=CITY)
    return world


def of_grid(**more: Any) -> Callable[[World], Data]:
    return lambda world: {"grid": OWN, **more}


def visited(world: World) -> int:
    """The grid's row was visited; the entry."""
    made = world.do(FIRST, "visit.record", sweep=SWEEP, row=1, outcome="met", seen=1, base=0)
    return next(each.seq for each in made if each.kind == "visit.recorded")


def contended(world: World) -> Data:
    """Another one did not know of it."""
    holds = visited(world)
    world.do(SECOND, "visit.record", sweep=SWEEP, row=1, outcome="absent", seen=0, base=0)
    return {"sweep": SWEEP, "row": 1, "holds": holds}


def asked(world: World) -> Data:
    named = {"errand": ERRAND} if "errand" in ErrandAsk.model_fields else {}
    return {"household": HOUSEHOLD, "kind": "food", "grid": OWN, **named}


def errand(state: str = "asked", **more: Any) -> Callable[[World], Data]:
    def make(world: World) -> Data:
        found = Errand(ERRAND, HOUSEHOLD, OWN, None, state=state)  # type: ignore[arg-type]
        world.state.parts.edit(Errands).by_id[ERRAND] = found
        return {"errand": ERRAND, **more}

    return make


KEEP: Final = ("grid.keep", "grid.manage")
ROWS: dict[str, Row] = {
    "grid.make": Row(lambda world: {"village": VILLAGE, "grids": [{"name": "新"}]}, KEEP),
    "grid.change": Row(of_grid(name="改"), KEEP),
    "grid.assign": Row(of_grid(members=[FIRST.id]), KEEP),
    "grid.hand": Row(
        lambda world: {"account": FIRST.id, "to": WALKERS[GRID_MEMBER, OTHER].id, "grids": [OWN]}, KEEP
    ),
    "grid.split": Row(of_grid(into=[{"name": "甲", "grid": OWN}, {"name": "乙"}]), KEEP),
    "grid.join": Row(lambda world: {"grids": [OWN, OTHER], "into": {"name": "合"}}, KEEP),
    "grid.remove": Row(lambda world: {"village": VILLAGE, "grids": [OWN]}, KEEP),
    "sweep.close": Row(lambda world: {"sweep": SWEEP, "reason": "结束"}, ("sweep.open",)),
    "visit.record": Row(
        lambda world: {"sweep": SWEEP, "row": 1, "outcome": "met", "seen": 1}, ("visit.record",)
    ),
    "visit.correct": Row(
        lambda world: {
            "sweep": SWEEP,
            "row": 1,
            "base": visited(world),
            "outcome": "phone",
            "reason": "打错了",
        },
        ("visit.settle",),
    ),
    "visit.settle": Row(contended, ("visit.settle",)),
    "errand.ask": Row(asked, ("errand.take",)),
    "errand.take": Row(errand(), ("errand.take",)),
    "errand.hand": Row(errand(to=SECOND.id), ("errand.take",)),
    "errand.finish": Row(errand(), ("errand.take",)),
    "errand.drop": Row(errand(reason="不用了"), ("errand.take",)),
    "errand.rate": Row(errand("done", stars=5), ("errand.take",)),
    "clearing.report": Row(
        lambda world: {"clearing": LIST, "results": [{"row": 1, "outcome": "normal"}]},
        ("clearing.carry_out",),
    ),
    "clearing.assign": Row(lambda world: {"clearing": LIST, "rows": [1], "grid": OTHER}, ("clearing.share",)),
}
#: About the village's own turn, which comes when a household was handed to it: not before.
AT_THE_GRID: Final = {"visit.record"}


def commands() -> set[str]:
    """Every command of a person in the rules of grids, sweeps, visits, errands and rows of lists."""
    files = (
        "hub.grids.grids",
        "hub.grids.sweeps",
        "hub.grids.visits",
        "hub.grids.errands",
        "hub.grids.list_rows",
    )
    rules = [rule for file in FILES for rule in file.commands if not rule.system]
    return {rule.kind for rule in rules if rule.decide.__module__ in files}


def people() -> Iterator[tuple[str, Account]]:
    """Who tries, by role and from where."""
    for (role, grid), who in WALKERS.items():
        yield f"{role} of {grid}", who
    for role in ROLES:
        for center in PLACES:
            yield f"{role} at {center}", account(role, center)


def test_every_command_about_grids_has_its_row() -> None:
    assert commands() == set(ROWS)


@pytest.mark.parametrize("kind", sorted(ROWS))
def test_a_command_is_taken_in_the_own_grid_and_where_the_table_says_and_nowhere_else(kind: str) -> None:
    row, world = ROWS[kind], world_of()
    data = row.make(world)
    told, wanted = set(), set()
    for name, who in people():
        command = Command("c", kind, None, parse_data(kind, data))
        try:
            decide(world.state, command, Context(world.now, who, TREE, world.new_id, zone=world.zone))
        except Refusal as refusal:
            if refusal.code not in NO:
                told.add(name)
        else:
            told.add(name)
        if any(may_in_grid(world.state, who, action, TREE, OWN) for action in row.actions):
            wanted.add(name)
    if kind in AT_THE_GRID:
        wanted = {name for name in wanted if name.split()[0] in GRID_ROLES}
    assert told == wanted
    assert told


def test_who_walks_another_grid_or_none_has_no_right_that_an_own_one_gives() -> None:
    """Of all actions that the table allows in the own grid."""
    state = world_of().state
    for action in {action for row in ROWS.values() for action in row.actions} | {
        "registry.see",
        "registry.read",
    }:
        for (role, grid), who in WALKERS.items():
            allowed = may_in_grid(state, who, action, TREE, OWN)
            assert not (allowed and grid != OWN), f"{role} of {grid}: {action}"
            assert allowed == (grid == OWN and may_in_grid(state, who, action, TREE, grid))
            assert not may(who, action, TREE, VILLAGE), "it is the grid's, and not the center's"
