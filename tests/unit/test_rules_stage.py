"""The stage: who is on it, who sees something of his own, layouts, its lock, voices, the second stream."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.conference.layouts import MAX_LAYOUTS, SHELF, KeptLayout
from hub.conference.screens import Screen, Screens
from hub.conference.second import RULES as SECOND
from hub.conference.stage_shapes import CELLS, MAX_VIEWS, Stage
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import apply, to_node
from hub.state import HubState, Meeting
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TREE, VILLAGE, World, account

MAYOR = account("leader", CITY)
DEPUTY = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", OTHER_COUNTY)
GRIDS = sorted(CELLS)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting that calls a county and two villages; the mayor leads it, and all are there."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in here or (MAYOR, DEPUTY, COUNTY_LEADER, STATION, NEIGHBOUR):
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: Any) -> list[str]:
        """Give a command; the kinds of its entries."""
        return [entry.kind for entry in self.world.do(who, kind, self.meeting, **data)]

    def lay_out(self, grid: str, *cells: Account | None, who: Account = MAYOR, **more: Any) -> list[str]:
        ids = [cell.id if cell is not None else None for cell in cells]
        return self.do(who, "stage.layout", layout={"grid": grid, "cells": ids, **more})

    @property
    def whole(self) -> Meeting:
        return self.world.state.meetings[self.meeting]

    @property
    def stage(self) -> Stage:
        return self.whole.read(Stage)

    @property
    def cells(self) -> list[str | None]:
        assert self.stage.layout is not None
        return self.stage.layout.cells

    @property
    def node(self) -> dict[str, Any]:
        return to_node(self.world.state.meetings[self.meeting])


def test_a_viewer_is_shown_a_source_of_his_own_and_the_stage_again() -> None:
    room = Room()
    assert room.do(MAYOR, "stage.view", viewer=STATION.id, source=COUNTY_LEADER.id) == ["stage.view"]
    assert room.do(MAYOR, "stage.view", viewer=STATION.id, source=COUNTY_LEADER.id) == []
    assert room.do(MAYOR, "stage.view", viewer=MAYOR.id, source=STATION.id) == ["stage.view"]
    assert room.stage.views == {STATION.id: COUNTY_LEADER.id, MAYOR.id: STATION.id}
    assert room.node["views"] == room.stage.views
    assert room.do(MAYOR, "stage.view", viewer=STATION.id, source=None) == ["stage.view"]
    assert room.do(MAYOR, "stage.view", viewer=STATION.id, source=None) == []
    assert room.stage.views == {MAYOR.id: STATION.id}


def test_nobody_is_shown_himself_nor_who_is_not_there() -> None:
    room = Room(MAYOR, STATION, COUNTY_LEADER)
    room.do(COUNTY_LEADER, "meeting.leave")
    with refused("invalid", "source"):
        room.do(MAYOR, "stage.view", viewer=STATION.id, source=STATION.id)
    with refused("wrong_state", "source"):
        room.do(MAYOR, "stage.view", viewer=STATION.id, source=COUNTY_LEADER.id)
    with refused("wrong_state", "viewer"):
        room.do(MAYOR, "stage.view", viewer=COUNTY_LEADER.id, source=STATION.id)
    with refused("not_found"):
        room.do(MAYOR, "stage.view", viewer=STATION.id, source=NEIGHBOUR.id)


def test_only_so_many_are_shown_something_of_their_own() -> None:
    room = Room()
    many = [replace(STATION, id=f"a_{number:018d}") for number in range(MAX_VIEWS + 1)]
    for who in many:
        room.do(who, "meeting.join")
    for who in many[:MAX_VIEWS]:
        room.do(MAYOR, "stage.view", viewer=who.id, source=STATION.id)
    with refused("too_many"):
        room.do(MAYOR, "stage.view", viewer=many[-1].id, source=STATION.id)
    room.do(MAYOR, "stage.view", viewer=many[0].id, source=NEIGHBOUR.id)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_layout_has_as_many_cells_as_its_grid(grid: str) -> None:
    room = Room()
    assert room.lay_out(grid, STATION) == ["stage.layout"]
    assert room.cells == [STATION.id, *[None] * (CELLS[grid] - 1)]
    assert room.lay_out(grid, STATION) == []
    assert room.lay_out(grid, STATION, to="wall", plates=False) == ["stage.layout"]
    assert room.stage.layout is not None
    assert (room.stage.layout.to, room.stage.layout.plates) == ("wall", False)
    with refused("invalid"):
        room.lay_out(grid, *[None] * (CELLS[grid] + 1))
    assert [room.do(MAYOR, "stage.layout", layout=None) for _ in range(2)] == [["stage.layout"], []]


def test_nobody_stands_in_two_cells_and_only_who_is_there_in_one() -> None:
    room = Room(MAYOR, STATION)
    with refused("invalid"):
        room.lay_out("4", STATION, STATION)
    with refused("not_found"):
        room.lay_out("4", STATION, NEIGHBOUR)
    room.do(STATION, "meeting.leave")
    with refused("wrong_state", "layout"):
        room.lay_out("4", STATION)


@pytest.mark.parametrize("how", ["leave", "remove"])
def test_who_goes_is_taken_off_the_stage_out_of_views_and_cells_locked_or_not(how: str) -> None:
    room = Room()
    room.do(MAYOR, "stage.broadcast", participant=STATION.id)
    room.do(MAYOR, "stage.view", viewer=STATION.id, source=NEIGHBOUR.id)
    room.do(MAYOR, "stage.view", viewer=NEIGHBOUR.id, source=STATION.id)
    room.do(MAYOR, "stage.view", viewer=MAYOR.id, source=NEIGHBOUR.id)
    room.lay_out("4", None, STATION, NEIGHBOUR)
    room.do(STATION, "stage.share")
    room.do(MAYOR, "stage.lock", locked=True)
    goes = {
        "leave": (STATION, "meeting.leave", {}),
        "remove": (MAYOR, "participant.remove", {"participant": STATION.id}),
    }
    who, kind, data = goes[how]
    made = room.do(who, kind, **data)
    assert sorted(made[1:]) == ["stage.broadcast", "stage.layout", "stage.second", "stage.view", "stage.view"]
    assert (room.stage.broadcast, room.stage.second) == (None, None)
    assert room.stage.views == {MAYOR.id: NEIGHBOUR.id}
    assert room.cells == [None, None, NEIGHBOUR.id, None]
    assert room.do(NEIGHBOUR, "meeting.leave") == ["meeting.left", "stage.view", "stage.layout"]


def test_a_locked_stage_is_changed_by_who_locked_it_and_the_chair_alone() -> None:
    room = Room()
    assert room.do(DEPUTY, "stage.lock", locked=True) == ["stage.locked"]
    assert room.do(DEPUTY, "stage.lock", locked=True) == []
    assert room.stage.locked is not None
    assert room.stage.locked.account == DEPUTY.id
    other = account("dispatcher", CITY, number=1)
    room.do(other, "meeting.join")
    for kind, data in (
        ("stage.broadcast", {"participant": STATION.id}),
        ("stage.view", {"viewer": STATION.id, "source": NEIGHBOUR.id}),
        ("stage.layout", {"layout": None}),
        ("stage.follow_voice", {"on": True}),
        ("stage.lock", {"locked": False}),
        ("stage.share", {}),
    ):
        with refused("stage_locked"):
            room.do(other, kind, **data)
    with refused("stage_locked"):
        room.do(STATION, "stage.share")
    assert room.do(DEPUTY, "stage.broadcast", participant=STATION.id) == ["stage.broadcast"]
    assert room.do(MAYOR, "stage.broadcast", participant=NEIGHBOUR.id) == ["stage.broadcast"]
    assert room.do(MAYOR, "stage.lock", locked=False) == ["stage.unlocked"]
    assert room.do(other, "stage.broadcast", participant=None) == ["stage.broadcast"]


def test_a_roll_call_leaves_a_locked_stage_as_it_is() -> None:
    room = Room()
    room.do(MAYOR, "stage.broadcast", participant=NEIGHBOUR.id)
    room.do(MAYOR, "stage.lock", locked=True)
    assert "stage.broadcast" not in room.do(MAYOR, "roll_call.begin", centers=[VILLAGE], shows=True)
    room.do(MAYOR, "stage.lock", locked=False)
    assert "stage.broadcast" in room.do(MAYOR, "roll_call.call", center=VILLAGE) + room.do(
        MAYOR, "roll_call.pause"
    ) + room.do(MAYOR, "roll_call.resume")


def test_who_speaks_takes_the_stage_while_voices_are_followed_and_nothing_holds_it() -> None:
    room = Room()

    def heard(who: Account) -> list[str]:
        return room.do(SYSTEM_ACCOUNT, "stage.heard", participant=who.id)

    assert heard(STATION) == []
    assert room.do(MAYOR, "stage.follow_voice", on=True) == ["stage.voice_followed"]
    assert room.do(MAYOR, "stage.follow_voice", on=True) == []
    assert heard(STATION) == ["stage.broadcast"]
    assert room.world.entries[-1].data == {"participant": STATION.id, "because": "voice"}
    assert heard(STATION) == [], "an entry at a real switch alone"
    room.do(MAYOR, "stage.lock", locked=True)
    assert heard(NEIGHBOUR) == []
    room.do(MAYOR, "stage.lock", locked=False)
    room.do(MAYOR, "roll_call.begin", centers=[COUNTY], shows=True)
    assert heard(NEIGHBOUR) == [], "the stage is the roll call's"
    room.do(MAYOR, "roll_call.finish")
    assert heard(NEIGHBOUR) == ["stage.broadcast"]
    room.do(STATION, "meeting.leave")
    assert heard(STATION) == []
    with refused("invalid", "kind"):
        room.do(MAYOR, "stage.heard", participant=NEIGHBOUR.id)


def test_the_second_stream_is_his_who_shares_until_he_stops_or_the_chair_takes_it() -> None:
    room = Room()
    assert room.do(COUNTY_LEADER, "stage.share") == ["stage.second"]
    assert room.do(COUNTY_LEADER, "stage.share") == []
    assert room.node["second"] == COUNTY_LEADER.id
    with refused("wrong_state"):
        room.do(STATION, "stage.share")
    with refused("forbidden"):
        room.do(STATION, "stage.unshare")
    assert room.do(MAYOR, "stage.share") == ["stage.second"]
    assert room.stage.second == MAYOR.id
    assert room.do(MAYOR, "stage.unshare") == ["stage.second"]
    assert room.do(STATION, "stage.share") == ["stage.second"]
    room.do(MAYOR, "stage.lock", locked=True)
    assert room.do(STATION, "stage.unshare") == ["stage.second"], "who stops may stop"
    assert room.do(MAYOR, "stage.unshare") == []
    with refused("not_joined"):
        room.do(account("station", VILLAGE, number=7), "stage.share")


def test_a_screen_of_which_nothing_comes_keeps_its_place_for_some_seconds_and_no_longer() -> None:
    room = Room()
    due = SECOND.due
    assert due is not None
    room.do(STATION, "stage.share")
    assert due(room.whole) is None
    assert room.do(SYSTEM_ACCOUNT, "stage.second_away", participant=STATION.id) == ["stage.second_lost"]
    assert room.do(SYSTEM_ACCOUNT, "stage.second_away", participant=STATION.id) == []
    assert room.stage.second == STATION.id
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "stage.second_expire")
    assert room.do(SYSTEM_ACCOUNT, "stage.second_back", participant=STATION.id) == ["stage.second_returned"]
    assert due(room.whole) is None, "it came back in time"
    room.do(MAYOR, "stage.lock", locked=True)
    room.do(SYSTEM_ACCOUNT, "stage.second_away", participant=STATION.id)
    found = due(room.whole)
    assert found is not None
    room.world.now = found.at
    assert room.do(SYSTEM_ACCOUNT, found.kind) == ["stage.second"], "a locked stage keeps no place either"
    assert room.world.entries[-1].data == {"participant": None, "reason": "lost"}
    assert room.stage == Stage(locked=room.stage.locked)
    assert room.do(SYSTEM_ACCOUNT, "stage.second_back", participant=STATION.id) == []
    room.do(MAYOR, "stage.lock", locked=False)
    assert room.do(NEIGHBOUR, "stage.share") == ["stage.second"]
    room.do(SYSTEM_ACCOUNT, "stage.second_away", participant=NEIGHBOUR.id)
    assert room.do(NEIGHBOUR, "meeting.leave") == ["meeting.left", "stage.second"]
    assert room.world.entries[-1].data == {"participant": None, "reason": "left"}
    assert due(room.whole) is None


def test_the_stage_is_the_chairs_and_nobody_elses() -> None:
    room = Room()
    for kind, data in (
        ("stage.broadcast", {"participant": STATION.id}),
        ("stage.view", {"viewer": STATION.id, "source": NEIGHBOUR.id}),
        ("stage.layout", {"layout": None}),
        ("stage.lock", {"locked": True}),
        ("stage.follow_voice", {"on": True}),
    ):
        with refused("forbidden"):
            room.do(STATION, kind, **data)
        with refused("not_found"):
            room.do(STRANGER, kind, **data)
    room.do(MAYOR, "meeting.end")
    with refused("meeting_ended"):
        room.do(MAYOR, "stage.layout", layout=None)


def test_a_broadcast_of_before_there_were_reasons_is_read_as_it_was_written() -> None:
    room = Room()
    room.do(MAYOR, "stage.broadcast", participant=STATION.id)
    assert room.world.entries[-1].data == {"participant": STATION.id}


def test_a_screen_of_the_wall_shows_a_layout_of_its_own_or_its_part() -> None:
    room = Room()

    def screen(number: str, **shows: Any) -> list[str]:
        return room.do(MAYOR, "stage.screen", screen=number, **shows)

    def screens() -> dict[str, Screen]:
        return room.world.state.meetings[room.meeting].read(Screens).by_number

    own = {"grid": "4", "cells": [STATION.id, NEIGHBOUR.id]}
    assert screen("2", layout=own) == ["stage.screen"]
    assert screen("2", layout=own) == []
    assert screen("1", share={"at": 1, "of": 2}) == ["stage.screen"]
    assert list(screens()) == ["1", "2"]
    room.do(MAYOR, "stage.lock", locked=True)
    with refused("stage_locked"):
        room.do(DEPUTY, "stage.screen", screen="1")
    assert room.do(STATION, "meeting.leave") == ["meeting.left", "stage.screen"]
    shown = screens()["2"].layout
    assert shown is not None
    assert shown.cells == [None, NEIGHBOUR.id, None, None]
    assert screen("1") == ["stage.screen"]
    assert list(screens()) == ["2"]
    for wrong in (
        {"screen": "7"},
        {"screen": "1", "share": {"at": 3, "of": 2}},
        {"screen": "1", "share": {"at": 1, "of": 2}, "layout": own},
    ):
        with refused("invalid"):
            room.do(MAYOR, "stage.screen", **wrong)
    with refused("wrong_state", "layout"):
        screen("1", layout=own)
    with refused("forbidden"):
        room.do(NEIGHBOUR, "stage.screen", screen="2")
    with refused("not_found"):
        room.do(STRANGER, "stage.screen", screen="2")
    room.do(MAYOR, "meeting.end")
    with refused("meeting_ended"):
        screen("2")


def test_a_layout_is_kept_under_a_name_by_those_of_its_center() -> None:
    world = World()

    def keep(who: Account, **data: Any) -> list[Entry]:
        return world.do(who, "layout.save", **{"grid": "4", "cells": [VILLAGE], "name": "四方", **data})

    [saved] = keep(MAYOR)
    layout = saved.data["layout"]

    def seen(who: Account) -> list[KeptLayout]:
        return SHELF.of(world.state, who, TREE)

    assert (saved.data["cells"], saved.audience) == ([VILLAGE, None, None, None], (f"center:{CITY}",))
    assert seen(DEPUTY) == seen(MAYOR) != []
    for nobody in (COUNTY_LEADER, STATION, account("clerk", CITY)):
        assert seen(nobody) == []
    assert keep(DEPUTY, layout=layout) == []
    assert [each.kind for each in keep(DEPUTY, layout=layout, name="堤防")] == ["layout.saved"]
    with refused("conflict", "name"):
        keep(MAYOR, name="堤防")
    with refused("not_found", "cells"):
        keep(COUNTY_LEADER, cells=[OTHER_VILLAGE, OTHER_COUNTY])
    with refused("not_found", "layout"):
        keep(COUNTY_LEADER, layout=layout)
    with refused("forbidden"):
        keep(STATION)
    with refused("invalid"):
        keep(MAYOR, cells=[VILLAGE, VILLAGE])
    with refused("invalid"):
        keep(MAYOR, grid="1", cells=[VILLAGE, None])
    for number in range(MAX_LAYOUTS - 1):
        keep(MAYOR, name=f"第{number}套")
    with refused("too_many"):
        keep(MAYOR, name="再一套")
    with refused("not_found"):
        world.do(COUNTY_LEADER, "layout.remove", layout=layout)
    assert [each.kind for each in world.do(MAYOR, "layout.remove", layout=layout)] == ["layout.removed"]
    with refused("not_found"):
        world.do(MAYOR, "layout.remove", layout=layout)
    with refused("forbidden"):
        world.do(STATION, "layout.remove", layout=layout)
    assert keep(MAYOR, name="再一套") != []


IDS = [each.id for each in (MAYOR, COUNTY_LEADER, STATION, NEIGHBOUR)]
ONE = st.sampled_from(IDS)
BY = {each.id: each for each in (MAYOR, DEPUTY, COUNTY_LEADER, STATION, NEIGHBOUR)}
ACTS = st.one_of(
    st.tuples(st.just("stage.broadcast"), st.fixed_dictionaries({"participant": ONE | st.none()})),
    st.tuples(st.just("stage.view"), st.fixed_dictionaries({"viewer": ONE, "source": ONE | st.none()})),
    st.tuples(
        st.just("stage.layout"),
        st.fixed_dictionaries(
            {
                "layout": st.none()
                | st.fixed_dictionaries(
                    {"grid": st.sampled_from(GRIDS), "cells": st.lists(ONE | st.none(), max_size=4)}
                )
            }
        ),
    ),
    st.tuples(st.just("stage.lock"), st.fixed_dictionaries({"locked": st.booleans()})),
    st.tuples(st.just("stage.follow_voice"), st.fixed_dictionaries({"on": st.booleans()})),
    st.tuples(st.just("stage.heard"), st.fixed_dictionaries({"participant": ONE})),
    st.tuples(
        st.sampled_from(["stage.share", "stage.unshare", "meeting.leave", "meeting.join"]), st.just({})
    ),
    st.tuples(st.just("participant.remove"), st.fixed_dictionaries({"participant": ONE})),
    st.tuples(
        st.sampled_from(["stage.second_away", "stage.second_back"]),
        st.fixed_dictionaries({"participant": ONE}),
    ),
    st.tuples(st.just("stage.second_expire"), st.just({})),
)


@settings(max_examples=80)
@given(st.lists(st.tuples(st.sampled_from([MAYOR, MAYOR, DEPUTY, STATION, NEIGHBOUR]), ACTS), max_size=30))
def test_whatever_is_done_nobody_who_is_gone_stands_anywhere_and_a_lock_holds(
    acts: list[tuple[Account, tuple[str, dict[str, Any]]]],
) -> None:
    room = Room()
    made: list[Entry] = []
    for who, (kind, data) in acts:
        actor = SYSTEM_ACCOUNT if kind == "stage.heard" or kind.startswith("stage.second") else who
        before = room.stage.model_copy(deep=True)
        try:
            made = room.world.do(actor, kind, room.meeting, **data)
        except Refusal:
            made = []
        meeting, stage = room.world.state.meetings[room.meeting], room.stage
        here = {seat.id for seat in meeting.joined}
        standing = {stage.broadcast, stage.second, *stage.views, *stage.views.values()}
        assert stage.second_lost_at is None or stage.second is not None, "nobody's screen is not lost"
        if stage.layout is not None:
            standing |= set(stage.layout.cells)
            named = [each for each in stage.layout.cells if each is not None]
            assert len(named) == len(set(named))
            assert len(stage.layout.cells) == CELLS[stage.layout.grid]
        assert standing - {None} <= here
        assert all(viewer != source for viewer, source in stage.views.items())
        assert made or stage == before, "nothing changes without an entry"
        held = before.locked is not None and actor.id not in (before.locked.account, MAYOR.id)
        if held and kind.startswith("stage.") and kind != "stage.unshare":
            assert stage == before
        replayed = HubState()
        for entry in room.world.entries:
            apply(replayed, entry)
        assert replayed == room.world.state
