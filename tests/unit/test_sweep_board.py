"""Where rows of a sweep are looked for, and what tells phones that something changed."""

from __future__ import annotations

import random
from typing import Any

from hub.clock import system_clock
from hub.entry import SYSTEM, Actor, Entry
from hub.grids.touched import Touched
from signaling.sweep_board import COUNTS, where_rows_are

NOW = system_clock()


def village(first: int, rows: int, **counts: int) -> dict[str, Any]:
    return {**dict.fromkeys(COUNTS, 0), "center": f"{first:012d}", "first": first, "rows": rows, **counts}


def test_rows_are_looked_for_where_the_sums_say_that_there_are_some() -> None:
    villages = [village(1, 10, met=10), village(11, 10, met=9), village(21, 10), village(31, 10, met=10)]
    assert where_rows_are(villages, "left", 0, 100) == ([(11, 30)], None)
    assert where_rows_are(villages, "left", 0, 1) == ([(11, 20)], 20), "the first village has enough"
    assert where_rows_are(villages, "left", 14, 1) == ([(15, 30)], None), "of a begun one nobody knows"
    assert where_rows_are(villages, "met", 0, 100) == ([(1, 20), (31, 40)], None)
    assert where_rows_are(villages, None, 35, 100) == ([(36, 40)], None)
    assert where_rows_are(villages, "gone", 0, 100) == ([], None)
    assert where_rows_are(villages, "left", 0, None) == ([(1, 40)], None), "some grids of them: anywhere"
    assert where_rows_are([village(1, 9, conflicts=3), village(10, 9)], "conflict", 0, 50) == ([(1, 9)], None)


def test_pages_of_any_size_find_every_row_once() -> None:
    chance = random.Random(8)
    for _ in range(60):
        came = {number: chance.random() < 0.2 for number in range(1, 201)}
        villages = [
            village(first, 20, met=sum(came[number] for number in range(first, first + 20)))
            for first in range(1, 201, 20)
        ]
        limit, after = chance.randrange(1, 30), 0
        found: list[int] = []
        while True:
            ranges, last = where_rows_are(villages, "met", after, limit + 1)
            there = [number for first, end in ranges for number in range(first, end + 1) if came[number]]
            found += there[:limit]
            following = there[limit - 1] if len(there) > limit else last
            if following is None:
                break
            assert following > after
            after = following
        assert found == [number for number, met in came.items() if met]


def entry(kind: str, *centers: str, **data: Any) -> Entry:
    audience = tuple(f"center:{each}" for each in centers)
    return Entry(1, NOW, Actor(SYSTEM, ""), kind, None, audience, data, "", "", "")


def test_a_mark_changes_with_what_is_told_of_a_place_and_with_nothing_else() -> None:
    touched = Touched()
    own = ("430600000001001", "430600000001")
    before = touched.mark(own)
    for silent in (
        entry("visit.recorded", "430600000001", grid="430600000001002"),
        entry("order.issued", "430600000002", "430600000000"),
        entry("floor.granted"),
        entry("sweep.folded", "430600000001"),
        entry("registry.imported", grids=["430600000001002"]),
    ):
        touched.heard(silent)
        assert touched.mark(own) == before, silent.kind
    for told in (
        entry("visit.recorded", "430600000001", grid="430600000001001"),
        entry("order.issued", "430600000001", "430600000000"),
        entry("registry.imported", grids=["430600000001001"]),
        entry("secrecy.raised"),
        entry("center.changed", "430600000009"),
        entry("account.changed", "430600000009"),
    ):
        touched.heard(told)
        before, was = touched.mark(own), before
        assert before != was, told.kind
    assert Touched().mark(own) != Touched().mark(own), "after a restart everything counts as changed"
