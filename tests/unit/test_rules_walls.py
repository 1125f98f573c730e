"""Walls of cameras: kept under a name for oneself or one's center; what a wall may be; pictures are noted by the hub alone."""

from __future__ import annotations

from typing import Any

import pytest

from hub.cameras.walls import SHELF, Wall
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
