"""What stays in memory of what is over: little, however many centers it was about, and the same after a restart."""

from __future__ import annotations

import copy
import gc
import json
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hub.codes import PackedCodes
from hub.directory.centers_csv import yueyang_centers
from hub.entry import Entry
from hub.rules import apply, recall
from hub.state import HubState
from tests.support.rules import CITY, World, account

#: Bytes of one state; there are two, that of readers and the one that runs ahead of the database.
MOST_OF_A_MEETING = 6_000
MOST_OF_AN_ORDER = 3_500
#: Interned, as those of the directory are.
CODES = [sys.intern(center.code) for center in yueyang_centers()]
CHAIR = account("leader", CITY)


def read_back(entry: Entry, **data: Any) -> Entry:
    """The entry as it comes from a database: nothing in it is shared with another."""
    return replace(entry, data={**json.loads(json.dumps(dict(entry.data))), **data})


def kept_of_each(state: HubState, make: Callable[[int], None], count: int = 20) -> int:
    """Bytes that stay of each thing that `make` does from beginning to end."""
    make(-1)  # what all share: interned codes, models
    tracemalloc.start()
    try:
        make(-2)
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(count):
            make(number)
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) // count
    finally:
        tracemalloc.stop()


def test_of_an_ended_meeting_of_a_whole_city_little_stays() -> None:
    world = World()
    meeting = world.open(CHAIR, CITY)
    for number in range(200):
        world.do(account("station", CITY, number=number), "meeting.join", meeting)
    world.do(CHAIR, "meeting.end", meeting)
    state = HubState()

    def one(number: int) -> None:
        for entry in world.entries:
            more = {"centers": json.loads(json.dumps(CODES))} if entry.kind == "meeting.opened" else {}
            copied = read_back(entry, **more)
            object.__setattr__(copied, "meeting", f"m_{number:018d}")
            apply(state, copied)

    assert kept_of_each(state, one) < MOST_OF_A_MEETING
    assert set(state.meetings[f"m_{0:018d}"].centers) == set(CODES)


@pytest.mark.parametrize("restarted", [False, True])
def test_of_a_finished_order_to_a_whole_city_little_stays(restarted: bool) -> None:
    world = World()
    (issued,) = world.do(CHAIR, "order.issue", text="巡", targets=[CITY])
    state = HubState()
    targets = [{"center": code, "name": "坦渡村"} for code in CODES]

    def one(number: int) -> None:
        order = f"o_{number:018d}"
        entry = read_back(issued, order=order, targets=json.loads(json.dumps(targets)))
        (recall if restarted else apply)(state, entry)
        for code in () if restarted else CODES:
            for kind in ("order.signed", "order.completed", "order.accepted"):
                step = {"order": order, "center": code, "name": "", "account_name": "", "centers": [code]}
                done = read_back(issued)
                object.__setattr__(done, "kind", kind)
                object.__setattr__(done, "data", step)
                apply(state, done)

    assert kept_of_each(state, one, 20 if restarted else 2) < MOST_OF_AN_ORDER
    assert set(state.orders["o_" + "0" * 18].closed or ()) == set(CODES)


def test_packed_codes_are_a_set_of_codes() -> None:
    packed = PackedCodes([*CODES, CODES[0]])
    assert len(packed) == len(CODES)
    assert list(packed) == sorted(CODES)
    assert packed == PackedCodes(reversed(CODES))
    assert packed != PackedCodes(CODES[1:])
    assert copy.deepcopy(packed) is packed
    assert CODES[7] in packed
    for other in ("430600000001", "x", "", 430600000000, "４３０６００００００００", CODES[0] + "0"):
        assert other not in packed
    assert list(PackedCodes([])) == []
    assert list(PackedCodes(["000000000000"])) == ["000000000000"]
