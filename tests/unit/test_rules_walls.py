"""Walls of cameras: kept under a name for oneself or one's center; what a wall may be; pictures are noted by the hub alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from hub.cameras.walls import RULES, SHELF, Wall
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from tests.support.rules import CITY, COUNTY, TREE, VILLAGE, World, account

MAYOR = account("leader", CITY)
DEPUTY = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
CAMERAS = [f"ca_{number:018d}" for number in range(8)]


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def test_a_wall_is_kept_for_oneself_or_for_the_center() -> None:
    world = World()

    def keep(who: Account, **data: Any) -> list[Entry]:
        wanted = {"name": "堤防", "grid": "4", "cameras": [CAMERAS[0], None, CAMERAS[1]], **data}
        return world.do(who, "wall.save", **wanted)

    def seen(who: Account) -> list[Wall]:
        return SHELF.of(world.state, who, TREE)

    [own] = keep(MAYOR)
    assert own.audience == (f"account:{MAYOR.id}",)
    assert [each.to_wire()["scope"] for each in seen(MAYOR)] == ["own"]
    assert seen(DEPUTY) == []
    with refused("not_found", "wall"):
        keep(DEPUTY, wall=own.data["wall"])
    # the same name is free for another holder
    [shared] = keep(DEPUTY, scope="center")
    assert shared.audience == (f"center:{CITY}",)
    assert [each.id for each in seen(MAYOR)] == [own.data["wall"], shared.data["wall"]]
    assert [each.id for each in seen(DEPUTY)] == [shared.data["wall"]]
    assert seen(COUNTY_LEADER) == seen(STATION) == seen(account("clerk", CITY)) == []
    # it keeps its scope, whatever is said of it later
    [changed] = keep(MAYOR, wall=shared.data["wall"], grid="9", scope="own")
    assert (changed.audience, changed.data["grid"]) == ((f"center:{CITY}",), "9")
    assert keep(MAYOR, wall=shared.data["wall"], grid="9") == []
    with refused("conflict", "name"):
        keep(MAYOR)
    with refused("forbidden"):
        keep(STATION)
    for number in range(63):
        keep(MAYOR, name=f"第{number}面")
    with refused("too_many"):
        keep(MAYOR, name="再一面")
    [gone] = world.do(MAYOR, "wall.remove", wall=own.data["wall"])
    assert gone.audience == (f"account:{MAYOR.id}",)
    with refused("not_found"):
        world.do(COUNTY_LEADER, "wall.remove", wall=shared.data["wall"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"cameras": []},
        {"cameras": [None, None]},
        {"cameras": [CAMERAS[0], CAMERAS[0]]},
        {"cameras": CAMERAS[:5]},
        {"cameras": ["m_000000000000000001"]},
        {"dwell_s": 4},
        {"grid": "2"},
    ],
)
def test_a_wall_has_each_camera_once_and_more_than_cells_only_when_it_tours(wrong: dict[str, Any]) -> None:
    world = World()
    wall = {"name": "堤防", "grid": "4", "cameras": CAMERAS[:2]}
    with refused("invalid"):
        world.do(MAYOR, "wall.save", **{**wall, **wrong})
    [touring] = world.do(MAYOR, "wall.save", **{**wall, "cameras": CAMERAS, "dwell_s": 10})
    assert touring.data["cameras"] == CAMERAS


def test_that_a_picture_was_made_is_noted_by_the_hub_alone() -> None:
    world = World()
    picture = {"object": "a" * 64, "name": "村口.jpg", "type": "image/jpeg", "bytes": 4321}
    by = {"account": MAYOR.id, "name": MAYOR.name, "center": CITY, "center_name": "岳阳市"}
    data = {
        "camera": CAMERAS[0],
        "name": "村口",
        "center": VILLAGE,
        "center_name": "坦渡村",
        "picture": picture,
        "taken_at": "2026-11-23T08:00:00Z",
        "by": by,
    }
    [made] = world.do(SYSTEM_ACCOUNT, "camera.note_pictured", **data)
    assert made.data["picture"] == picture
    assert made.audience == (f"center:{VILLAGE}", f"account:{MAYOR.id}")
    with pytest.raises(Refusal):
        world.do(MAYOR, "camera.note_pictured", **data)


def test_a_cell_of_a_wall_may_tour_by_itself() -> None:
    world = World()
    tour = {"cameras": [CAMERAS[1], CAMERAS[2], CAMERAS[3]], "dwell_s": 10}

    def keep(*cells: dict[str, Any], **more: Any) -> list[Entry]:
        wanted = {"name": "堤防", "grid": "4", "cameras": [CAMERAS[0], CAMERAS[1]], "cells": list(cells)}
        return world.do(MAYOR, "wall.save", **{**wanted, **more})

    [saved] = keep(tour)
    assert saved.data["cells"] == [tour]
    [kept] = SHELF.of(world.state, MAYOR, TREE)
    assert kept.to_wire()["cells"] == [tour]
    assert keep(tour, wall=kept.id) == [], "the same twice changes nothing"
    [changed] = keep({**tour, "dwell_s": 15}, wall=kept.id)
    assert changed.data["cells"][0]["dwell_s"] == 15
    for cells, more in (
        ([{"cameras": [CAMERAS[4], CAMERAS[5]], "dwell_s": 10}], {}),  # stands in no cell
        ([{"cameras": [CAMERAS[1], CAMERAS[0]], "dwell_s": 10}], {}),  # a camera stands on a wall once
        ([{"cameras": [CAMERAS[1]], "dwell_s": 10}], {}),
        ([{**tour, "dwell_s": 4}], {}),
        ([tour], {"dwell_s": 10}),  # the whole wall tours
    ):
        with refused("invalid"):
            keep(*cells, name="另一面", **more)


def test_a_wall_that_was_kept_before_cells_toured_has_none() -> None:
    world = World()
    [saved] = world.do(MAYOR, "wall.save", name="堤防", grid="1", cameras=[CAMERAS[0]])
    old = {name: value for name, value in saved.data.items() if name != "cells"}
    apply = next(rule.apply for rule in RULES.entries if rule.kind == "wall.saved")
    assert apply is not None
    apply(world.state, dataclasses.replace(saved, data=old))
    [kept] = SHELF.of(world.state, MAYOR, TREE)
    assert kept.cells == ()
