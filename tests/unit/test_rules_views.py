"""Views: kept for a center, shared with those below or above it; a question that names columns and filters and nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.grids.view_ready import READY, answers_of
from hub.grids.view_rows import Opened, Reader, Ways, is_sealed, needs, sought
from hub.grids.view_words import HEADS, WORDS
from hub.grids.views import COLUMNS, ORDERS, SUMS, ViewAsks, views_for
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TREE, VILLAGE, World, account

MAYOR, COUNTY_DESK, VILLAGE_DESK = (
    account("leader", CITY),
    account("dispatcher", COUNTY),
    account("dispatcher", VILLAGE),
)
ASKS = {"columns": ["village", "head", "persons"], "filters": {"kinds": ["single"]}, "sums": "village"}


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def keep(world: World, who: Account, **data: Any) -> list[Entry]:
    return world.do(who, "view.save", **{"name": "独居", "asks": ASKS, **data})


def names(world: World, who: Account) -> list[str]:
    return [each.name for each in views_for(world.state, who, TREE)]


def test_a_view_is_kept_for_the_center_and_shared_with_those_below_or_above_it() -> None:
    world = World()
    [made] = keep(world, COUNTY_DESK)
    view = made.data["view"]
    assert made.audience == (f"center:{COUNTY}",)
    assert names(world, COUNTY_DESK) == ["独居"]
    assert names(world, MAYOR) == names(world, VILLAGE_DESK) == []
    assert keep(world, COUNTY_DESK, view=view) == []
    for share, seen in (("below", (False, True)), ("above", (True, False)), ("both", (True, True))):
        keep(world, COUNTY_DESK, view=view, share=share)
        assert (bool(names(world, MAYOR)), bool(names(world, VILLAGE_DESK))) == seen, share
        assert names(world, account("dispatcher", OTHER_COUNTY)) == []
    # what is shared is used, and changed by nobody else
    with refused("not_found", "view"):
        keep(world, VILLAGE_DESK, view=view)
    with refused("not_found"):
        world.do(MAYOR, "view.remove", view=view)
    for role in ("station", "clerk", "system_admin", "audit_admin", "grid_leader", "grid_member"):
        with refused("forbidden"):
            keep(world, account(role, COUNTY))
        assert names(world, account(role, COUNTY)) == []
    with refused("conflict", "name"):
        keep(world, COUNTY_DESK)
    with refused("not_found", "asks.area"):
        keep(world, COUNTY_DESK, name="外县", asks={**ASKS, "area": OTHER_COUNTY})
    for number in range(99):
        keep(world, COUNTY_DESK, name=f"第{number}表")
    with refused("too_many"):
        keep(world, COUNTY_DESK, name="再一表")
    [gone] = world.do(COUNTY_DESK, "view.remove", view=view)
    assert gone.data == {"view": view, "name": "独居"}
    assert names(world, VILLAGE_DESK) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": []},
        {"columns": ["village", "village"]},
        {"columns": ["name"]},
        {"columns": [f"answer.k{at}" for at in range(25)]},
        {"sums": "outcome"},
        {"order": "newest"},
        {"source": "visits", "columns": ["at"], "order": "newest", "filters": {"not_visited_days": 3}},
        {"filters": {"age_from": 70, "age_to": 60}},
        {"filters": {"first": "2026-11-30", "last": "2026-11-29"}},
        {"filters": {"answers": [{"key": f"k{at}"} for at in range(6)]}},
        {"filters": {"name": "云"}},
        {"filters": {"answers": [{"key": "need", "values": ["云青樵"]}]}},
    ],
)
def test_what_is_no_question_of_its_source_or_names_somebody_is_refused(wrong: dict[str, Any]) -> None:
    with refused("invalid"):
        keep(World(), COUNTY_DESK, asks={**ASKS, **wrong})


def test_all_that_is_ready_can_be_kept_and_every_column_has_words() -> None:
    world = World()
    for key, ready in READY.items():
        [made] = keep(world, COUNTY_DESK, name=ready.zh, asks=ready.asks.model_dump(mode="json"))
        assert ViewAsks.model_validate(made.data["asks"]) == ready.asks, key
    assert set(HEADS) == {name for columns in COLUMNS.values() for name in columns}
    assert {name for sums in SUMS.values() for name in sums} <= set(HEADS)
    assert set(ORDERS) == set(SUMS) == set(COLUMNS)
    assert set(WORDS) <= set(HEADS)


# -- rows

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
LATELY, LONG_AGO = "2026-11-29T08:00:00.000Z", "2026-09-01T08:00:00.000Z"
GRID = f"{VILLAGE}001"


def person(at: int, name: str, birth: str, **more: Any) -> dict[str, Any]:
    return {
        "person": f"pe_{at:018d}",
        "name": name,
        "number": "990101195005120014",
        "phone": "15400000001",
        "birth": birth,
        "sex": "f",
        "relation": "head" if at == 0 else "spouse",
        "residence": "registered",
        "note": "",
        **more,
    }


def opened(**more: Any) -> Opened:
    told: dict[str, Any] = {
        "key": 1,
        "household": f"hh_{0:018d}",
        "grid": GRID,
        "kind": "family",
        "counts": {"persons": 2, "registered": 2, "floating": 0, "abroad": 0},
        "building": "3栋",
        "house": "云家老屋",
        "persons": [person(0, "云青樵", "1950-12-01"), person(1, "李石亭", "1980")],
        "note": "门口有狗",
        "known": {
            f"symptom@pe_{0:018d}": ["fever", LATELY],
            f"symptom@pe_{1:018d}": ["well", LATELY],
            "temperature": ["37.5", LATELY],
            "from_where": ["云青樵的老家", LONG_AGO],
        },
    }
    return Opened(**(told | more))


def reader(**asks: Any) -> Reader:
    ways = Ways(
        {VILLAGE: {"county": COUNTY, "village": VILLAGE}},
        {COUNTY: "临湘市", VILLAGE: "坦渡村", GRID: "一组"},
    )
    return Reader(ViewAsks.model_validate(asks), answers_of(()), ways, NOW)


def test_rows_are_persons_or_households_by_age_and_by_answers_that_are_fresh() -> None:
    household: dict[str, Any] = {"columns": ["household"]}
    people: dict[str, Any] = {"columns": ["name"], "source": "persons"}

    def count(found: Opened | None = None, **asks: Any) -> int:
        return len(list(reader(**asks).rows(found or opened())))

    assert (count(**household), count(**people)) == (1, 2)
    # 75 until her birthday tomorrow
    assert count(**people, filters={"age_from": 75, "age_to": 75}) == 1
    assert count(**people, filters={"age_from": 76}) == count(**household, filters={"age_from": 76}) == 0
    assert count(**household, filters={"age_to": 46}) == 1
    ill = {"answers": [{"key": "symptom", "values": ["fever"]}]}
    assert (count(**household, filters=ill), count(**people, filters=ill)) == (1, 1)
    assert count(**people, filters={"answers": [{"key": "temperature", "least": 373}]}) == 2
    assert count(**people, filters={"answers": [{"key": "temperature", "least": 376}]}) == 0
    away = {"answers": [{"key": "from_where"}], "fresh_days": 30}
    assert count(**household, filters=away) == 0
    # that nothing had changed was said since
    assert count(opened(confirmed_at=LATELY), **household, filters=away) == 1
    assert count(**people, filters={"residence": ["floating"]}) == 0


def test_cells_are_covered_unless_somebody_may_see_them() -> None:
    columns = [
        "county",
        "grid",
        "building",
        "house",
        "head",
        "phone",
        "note",
        "answer.symptom",
        "answer.from_where",
    ]
    read = reader(columns=columns)
    full = read.cells(opened(), None, full=True)
    assert full == [
        "临湘市",
        "一组",
        "3栋",
        "云家老屋",
        "云青樵",
        "15400000001",
        "门口有狗",
        ["fever", "well"],
        ["云青樵的老家"],
    ]
    covered = read.cells(opened(), None, full=False)
    assert covered[:3] == full[:3]
    assert covered[7] == ["fever", "well"]
    assert not {"云青樵", "老屋", "15400000001", "狗", "老家"} & {str(each) for each in covered}
    for secret in ("青樵", "老屋", "154000", "狗", "老家"):
        assert secret not in str(covered), secret
    one = reader(columns=["name", "number", "birth", "age", "answered.symptom"], source="persons")
    [row] = [one.cells(opened(), each, full=False) for each in list(one.rows(opened()))[:1]]
    assert row == ["云••", "••••••14", "1950", 75, LATELY]


def test_what_has_to_be_opened_is_told_by_what_is_asked() -> None:
    def asks(**more: Any) -> ViewAsks:
        return ViewAsks.model_validate({"columns": ["village"], **more})

    assert needs(asks()) == frozenset()
    assert needs(asks(columns=["house", "head"])) == {"place", "persons"}
    assert needs(asks(columns=["answer.need"])) == {"known", "persons"}
    assert sought(asks(columns=["house", "answer.need", "last_at"], filters={"age_from": 60})) == {"persons"}
    assert not is_sealed(asks(filters={"kinds": ["single"], "not_visited_days": 3}, sums="village"))
    assert is_sealed(asks(filters={"age_from": 60}))
    assert is_sealed(asks(sums="answer.need"))
    assert is_sealed(asks(source="persons", filters={"residence": ["abroad"]}))
