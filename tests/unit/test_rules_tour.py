"""Tours: who is shown when, whom they pass over, what pauses and ends them; and that a restart goes on where they stood."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import from_wire, to_wire
from hub.conference.pause import Pause
from hub.conference.stage import Stage
from hub.conference.tour import RULES
from hub.conference.tour_shapes import ALL, Tour, TourFaces, TourLists, Tours
from hub.conference.tour_steps import pick
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import replay, to_node
from hub.state import Meeting
from signaling.parts_told import parts_of
from tests.support.gridded import person
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
DISPATCHER = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
TOWN_STATION = account("station", TOWN)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", OTHER_TOWN)
PEOPLE = (COUNTY_LEADER, TOWN_STATION, STATION, NEIGHBOUR)
#: In the order of the tree.
ORDER = [COUNTY, TOWN, VILLAGE, OTHER_VILLAGE]


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting of the city that calls a county, a township and two villages; those named are there, the mayor leads."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.id = self.world.open(MAYOR, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (MAYOR, *(here or PEOPLE)):
            self.give(who, "meeting.join")

    def give(self, who: Account, kind: str, /, **data: Any) -> list[Entry]:
        return self.world.do(who, kind, self.id, **data)

    def do(self, kind: str, /, who: Account = MAYOR, **data: Any) -> list[str]:
        """A command about the tour of this person's own, or that of all; the kinds of its entries."""
        rows = self.meeting.read(Tours).rows
        row = rows.get(who.id) or rows.get(ALL)
        if kind != "start" and "tour" not in data:
            data["tour"] = row.tour if row is not None else "j_" + "0" * 18
        return [entry.kind for entry in self.give(who, f"tour.{kind}", **data)]

    @property
    def meeting(self) -> Meeting:
        return self.world.state.meetings[self.id]

    @property
    def stage(self) -> Stage:
        return self.meeting.read(Stage)

    def broadcast(self) -> str | None:
        return self.stage.broadcast

    def tour(self, key: str = ALL) -> Tour:
        return self.meeting.read(Tours).rows[key]

    def turn(self) -> list[str]:
        """What the clock brings, when it does."""
        assert RULES.due is not None
        due = RULES.due(self.meeting)
        assert due is not None
        self.world.now = due.at
        return [entry.kind for entry in self.give(SYSTEM_ACCOUNT, due.kind, **due.data)]

    def waits(self) -> bool:
        assert RULES.due is not None
        return RULES.due(self.meeting) is None

    def round(self, steps: int, key: str = ALL) -> list[str]:
        """Who is shown at so many steps, the present one first."""
        found = []
        for _ in range(steps):
            found += self.tour(key).centers
            self.turn()
        return found


def test_a_tour_for_all_shows_one_after_the_other_in_the_order_of_the_tree_and_around() -> None:
    room = Room()
    assert room.do("start", kind="broadcast", seconds=10) == [
        "tour.started",
        "tour.stepped",
        "stage.broadcast",
    ]
    tour = room.tour()
    assert (tour.place, tour.centers, tour.state) == (1, [COUNTY], "running")
    assert room.broadcast() == COUNTY_LEADER.id
    assert tour.until == to_wire(room.world.now + timedelta(seconds=10))
    assert room.world.entries[-1].data["because"] == "tour"
    assert room.round(9) == [*ORDER, *ORDER, COUNTY]
    assert room.tour().steps == 10


def test_an_own_tour_changes_its_viewers_picture_alone_and_costs_one_entry_a_step() -> None:
    room = Room()
    room.do("start", kind="own", seconds=5)
    assert room.stage.views == {MAYOR.id: COUNTY_LEADER.id}
    assert room.turn() == ["tour.stepped"]
    assert room.stage.views == {MAYOR.id: TOWN_STATION.id}
    assert to_node(room.meeting)["views"] == {MAYOR.id: TOWN_STATION.id}
    assert room.broadcast() is None
    # another person has his own beside it
    room.give(DISPATCHER, "meeting.join")
    room.do("start", DISPATCHER, kind="own", centers=[VILLAGE, OTHER_VILLAGE], order="listed")
    assert room.stage.views == {MAYOR.id: TOWN_STATION.id, DISPATCHER.id: STATION.id}
    with refused("forbidden"):
        room.do("stop", MAYOR, tour=room.tour(DISPATCHER.id).tour)
    assert room.do("stop") == ["tour.stopped", "stage.view"]
    assert room.stage.views == {DISPATCHER.id: STATION.id}


def test_nobody_is_shown_himself() -> None:
    room = Room()
    room.give(COUNTY_LEADER, "meeting.leave")
    room.give(DISPATCHER, "meeting.join")
    room.do("start", kind="own", centers=[CITY, VILLAGE], order="listed")
    assert room.tour(MAYOR.id).shown == [DISPATCHER.id], "somebody else of the own center is"
    room.give(DISPATCHER, "meeting.leave")
    assert room.tour(MAYOR.id).shown == [STATION.id]
    assert room.waits()


def test_a_mosaic_shows_several_beside_each_other() -> None:
    room = Room()
    for number in range(3):
        room.give(account("station", VILLAGE, number=number + 1), "meeting.join")
    room.do("start", kind="mosaic", grid="4", seconds=20)
    layout = room.stage.layout
    assert layout is not None
    assert (layout.grid, layout.cells) == ("4", [one.id for one in PEOPLE])
    assert room.waits(), "there is nobody else to go on to"
    with refused("invalid", "grid"):
        room.do("start", kind="broadcast", grid="4")
    with refused("invalid", "grid"):
        room.do("start", kind="mosaic")


def test_pages_of_a_mosaic_go_around_the_end_of_the_list() -> None:
    here = dict.fromkeys("abdefg")
    assert pick("abcdefg", 0, 4, here).places == (0, 1, 3, 4)
    second = pick("abcdefg", 5, 4, here)
    assert (second.places, second.passed) == ((5, 6, 0, 1), ())
    back = pick("abcdefg", 1, 4, here, -1)
    assert (back.places, back.passed) == ((5, 6, 0, 1), ())
    assert pick("abcdefg", 0, 9, here) == pick("abcdefg", 0, 7, here)
    assert pick("abc", 1, 1, {}).places == ()
    assert set(pick("abc", 1, 1, {}).passed) == set("abc")


def test_who_is_not_there_is_passed_over_and_named_once() -> None:
    room = Room(COUNTY_LEADER, NEIGHBOUR)
    room.do("start", kind="broadcast")
    assert room.meeting.read(TourLists).rows[ALL].passed == []
    room.turn()
    assert room.tour().centers == [OTHER_VILLAGE]
    assert room.world.entries[-2].data["passed"] == [TOWN, VILLAGE]
    assert room.meeting.read(TourLists).rows[ALL].passed == [TOWN, VILLAGE]
    room.turn()
    room.turn()
    assert room.world.entries[-2].data["passed"] == [], "the same are not named again"
    room.give(STATION, "meeting.join")
    room.turn()
    room.turn()
    assert room.tour().centers == [VILLAGE]
    assert room.meeting.read(TourLists).rows[ALL].passed == [TOWN]


def test_cameras_of_the_meeting_are_steps_for_themselves() -> None:
    room = Room()
    gate, dyke = (f"ca_{number:018d}" for number in (1, 2))

    def bring(camera: str) -> None:
        found = {"name": "村口", "center": VILLAGE}
        room.give(MAYOR, "camera.bring", camera=camera, found=found)

    with refused("not_joined", "centers"):
        room.do("start", kind="broadcast", cameras=[gate])
    bring(gate)
    assert room.do("start", kind="broadcast", cameras=[gate, dyke, gate])[0] == "tour.started"
    assert (room.broadcast(), room.tour().centers, room.waits()) == (gate, [gate], True)
    # one more is brought: the tour goes on to it, its village is no step for it
    bring(dyke)
    assert (room.broadcast(), room.waits()) == (dyke, False)
    assert room.round(3) == [dyke, gate, dyke]
    room.do("go", center=gate)
    assert room.broadcast() == gate
    room.give(MAYOR, "camera.part", camera=gate)
    assert room.broadcast() == dyke
    room.do("stop")
    # behind centers; who is shown for its village is no camera
    bring(gate)
    room.do("start", kind="broadcast", centers=[VILLAGE], cameras=[dyke])
    assert room.round(3) == [VILLAGE, dyke, VILLAGE]


def test_phones_of_the_meeting_are_steps_for_themselves() -> None:
    room = Room()
    first, second = (person(room.world) for _ in range(2))

    def answer(who: Account) -> None:
        room.give(MAYOR, "phone.call", account=who.id)
        room.give(who, "phone.answer")

    with refused("not_joined", "centers"):
        room.do("start", kind="broadcast", phones=[first.id])
    answer(first)
    room.do("start", kind="broadcast", phones=[first.id, second.id])
    assert (room.broadcast(), room.tour().centers, room.waits()) == (first.id, [first.id], True)
    # one more answers: the tour goes on to it; its village is no step for it
    room.give(MAYOR, "phone.call", account=second.id)
    assert room.broadcast() == first.id, "who only rings is not shown"
    room.give(second, "phone.answer")
    assert (room.broadcast(), room.waits()) == (second.id, False)
    assert room.round(3) == [second.id, first.id, second.id]
    # who hangs up is gone from the stage, and nobody is left to go on to
    assert room.tour().centers == [first.id]
    room.give(first, "phone.leave")
    assert (room.broadcast(), room.waits()) == (second.id, True)
    room.do("stop")
    # behind centers and cameras; who is shown for their village is no phone
    answer(first)
    room.do("start", kind="mosaic", grid="4", centers=[VILLAGE], phones=[second.id, first.id])
    assert room.tour().shown == [STATION.id, second.id, first.id]
    own = account("dispatcher", CITY)
    room.give(own, "meeting.join")
    room.do("start", own, kind="own", phones=[first.id])
    assert room.stage.views == {own.id: first.id}


def test_where_nobody_else_is_there_it_waits_for_who_comes() -> None:
    room = Room(STATION)
    room.do("start", kind="broadcast", seconds=5)
    assert room.tour().shown == [STATION.id]
    assert room.waits()
    assert [entry.kind for entry in room.give(NEIGHBOUR, "meeting.join")] == [
        "meeting.joined",
        "tour.stepped",
        "stage.broadcast",
    ]
    assert room.tour().shown == [NEIGHBOUR.id]
    assert not room.waits()
    room.give(NEIGHBOUR, "meeting.leave")
    assert room.tour().shown == [STATION.id]
    assert room.broadcast() == STATION.id
    room.give(STATION, "meeting.leave")
    assert not room.tour().shown
    assert room.broadcast() is None
    assert room.waits()
    room.give(STATION, "meeting.join")
    assert room.broadcast() == STATION.id


def test_who_is_shown_and_goes_makes_room_for_the_next_at_once() -> None:
    room = Room()
    room.do("start", kind="own")
    kinds = [entry.kind for entry in room.give(COUNTY_LEADER, "meeting.leave")]
    assert kinds == ["meeting.left", "stage.view", "tour.stepped"]
    assert room.stage.views == {MAYOR.id: TOWN_STATION.id}
    assert room.tour(MAYOR.id).state == "running"
    room.give(MAYOR, "participant.remove", participant=TOWN_STATION.id)
    assert room.stage.views == {MAYOR.id: STATION.id}


def test_it_is_paused_stepped_and_goes_on() -> None:
    room = Room()
    room.do("start", kind="broadcast", seconds=10)
    assert room.do("next") == ["tour.stepped", "stage.broadcast"]
    assert room.tour().centers == [TOWN]
    assert room.tour().until == to_wire(room.world.now + timedelta(seconds=10)), "for his whole time"
    assert room.do("pause") == ["tour.paused"]
    assert room.do("pause") == []
    assert (room.tour().rests, room.waits()) == ("chair", True)
    assert room.broadcast() == TOWN_STATION.id
    with refused("wrong_state"):
        room.do("stay")
    room.do("back")
    room.do("back")
    assert room.tour().centers == [OTHER_VILLAGE], "around the beginning"
    assert room.waits(), "it rests there"
    room.do("go", center=VILLAGE)
    assert room.broadcast() == STATION.id
    assert room.do("resume") == ["tour.resumed", "tour.stepped"]
    assert room.do("resume") == []
    assert room.tour().centers == [VILLAGE]
    assert room.do("stay", seconds=60) == ["tour.stayed"]
    assert room.tour().until == to_wire(room.world.now + timedelta(seconds=60))
    assert room.do("stay", seconds=5) == [], "never for less"
    room.give(NEIGHBOUR, "meeting.leave")
    with refused("not_joined", "center"):
        room.do("go", center=OTHER_VILLAGE)
    with refused("not_found", "center"):
        room.do("go", center=OTHER_COUNTY)
    assert room.do("stop") == ["tour.stopped", "stage.broadcast"]
    assert room.broadcast() is None
    with refused("not_found", "tour"):
        room.do("next")


def test_what_somebody_puts_there_by_hand_stays_and_the_tour_says_why_it_rests() -> None:
    room = Room()
    room.do("start", kind="broadcast")
    kinds = [entry.kind for entry in room.give(MAYOR, "stage.broadcast", participant=STATION.id)]
    assert kinds == ["stage.broadcast", "tour.paused"]
    assert (room.tour().state, room.tour().rests) == ("paused", "taken_over")
    assert room.meeting.read(TourFaces).rows == {}, "it is not the tour that shows him"
    assert room.do("stop") == ["tour.stopped"]
    assert room.broadcast() == STATION.id
    # an own one
    room.do("start", kind="own")
    kinds = [entry.kind for entry in room.give(MAYOR, "stage.view", viewer=MAYOR.id, source=NEIGHBOUR.id)]
    assert kinds == ["stage.view", "tour.paused"]
    assert room.do("resume") == ["tour.resumed", "tour.stepped"]
    assert room.stage.views == {MAYOR.id: COUNTY_LEADER.id}
    room.do("stop")
    # a mosaic
    room.do("start", kind="mosaic", grid="4")
    room.give(MAYOR, "stage.layout", layout=None)
    assert room.tour().rests == "taken_over"
    assert room.do("stop") == ["tour.stopped"]


def test_what_stood_before_stands_again() -> None:
    room = Room()
    room.give(MAYOR, "stage.broadcast", participant=MAYOR.id)
    room.do("start", kind="broadcast")
    room.do("stop")
    assert room.broadcast() == MAYOR.id
    room.give(MAYOR, "stage.layout", layout={"grid": "4", "cells": [STATION.id, NEIGHBOUR.id]})
    room.do("start", kind="mosaic", grid="9")
    room.give(STATION, "meeting.leave")
    room.do("stop")
    layout = room.stage.layout
    assert layout is not None
    assert (layout.grid, layout.cells) == ("4", [None, NEIGHBOUR.id, None, None])


def test_it_rests_on_a_locked_stage_and_leaves_it_to_a_roll_call() -> None:
    room = Room()
    room.do("start", kind="broadcast", seconds=5)
    room.give(MAYOR, "stage.lock", locked=True)
    assert room.tour().rests == "locked"
    room.give(COUNTY_LEADER, "meeting.leave")
    assert room.tour().shown == [], "nobody new is put on a locked stage"
    room.give(MAYOR, "stage.lock", locked=False)
    room.do("resume")
    assert room.tour().centers == [TOWN]
    room.give(MAYOR, "roll_call.begin", centers=[TOWN], seconds=None)
    assert room.turn() == ["tour.paused"], "who is called stands there already"
    assert room.tour().rests == "taken_over"
    with refused("wrong_state"):
        room.do("resume")
    room.do("stop")
    with refused("wrong_state"):
        room.do("start", kind="broadcast")
    assert "tour.started" in room.do("start", kind="own")


def test_a_tour_for_all_and_voices_do_not_fight_for_the_stage() -> None:
    room = Room()
    room.give(MAYOR, "stage.follow_voice", on=True)
    assert room.do("start", kind="broadcast")[:2] == ["stage.voice_followed", "tour.started"]
    assert not room.stage.voice
    room.give(MAYOR, "stage.follow_voice", on=True)
    room.give(SYSTEM_ACCOUNT, "stage.heard", participant=STATION.id)
    assert room.tour().rests == "voice"
    assert room.broadcast() == STATION.id


def test_who_is_shown_knows_and_who_is_not_does_not() -> None:
    room = Room()
    room.do("start", kind="broadcast", centers=[VILLAGE, OTHER_VILLAGE])
    told = parts_of(room.meeting, STATION, desk=False)["tour_faces"]
    assert told == {"rows": {STATION.id: {"by": {ALL: {"kind": "broadcast", "name": MAYOR.name}}}}}
    assert parts_of(room.meeting, NEIGHBOUR, desk=False)["tour_faces"] == {"rows": {}}
    assert parts_of(room.meeting, NEIGHBOUR, desk=False)["tours"] == {"rows": {}}
    room.turn()
    assert parts_of(room.meeting, STATION, desk=False)["tour_faces"] == {"rows": {}}
    room.do("start", kind="own", centers=[OTHER_VILLAGE])
    by = parts_of(room.meeting, NEIGHBOUR, desk=False)["tour_faces"]["rows"][NEIGHBOUR.id]["by"]
    assert set(by) == {ALL, MAYOR.id}


def test_it_ends_with_the_meeting_and_an_own_one_with_its_viewer() -> None:
    room = Room()
    room.do("start", kind="own")
    room.do("start", DISPATCHER, kind="broadcast")
    room.turn()
    room.turn()
    kinds = [entry.kind for entry in room.give(MAYOR, "meeting.leave")]
    assert kinds == ["meeting.left", "stage.view", "tour.stopped"]
    assert set(room.meeting.read(Tours).rows) == {ALL}
    ended = room.give(DISPATCHER, "meeting.end")
    assert ended[0].kind == "tour.stopped"
    assert (ended[0].data["reason"], ended[0].data["steps"], ended[0].data["seen"]) == ("ended", 2, 2)


def test_who_controls_the_meeting_no_more_has_no_tour_of_his_own() -> None:
    room = Room()
    room.give(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id)
    room.do("start", COUNTY_LEADER, kind="own")
    room.do("start", MAYOR, kind="own")
    kinds = [entry.kind for entry in room.give(MAYOR, "chair.take")]
    assert kinds == ["chair.changed", "tour.stopped", "stage.view"]
    assert room.world.entries[-2].data["reason"] == "handed_over"
    assert set(room.stage.views) == {MAYOR.id}, "who may lead by right keeps his"
    room.give(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id)
    room.do("start", COUNTY_LEADER, kind="own")
    room.give(MAYOR, "chair.dismiss_co", participant=COUNTY_LEADER.id)
    assert set(room.meeting.read(Tours).rows) == {MAYOR.id}
    room.give(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id)
    room.do("start", COUNTY_LEADER, kind="own")
    kinds = [entry.kind for entry in room.give(COUNTY_LEADER, "meeting.leave")]
    assert kinds.count("tour.stopped") == 1


def test_who_may_and_what_is_refused() -> None:
    room = Room()
    with refused("forbidden"):
        room.do("start", STATION, kind="own")
    with refused("not_found", "meeting"):
        room.do("start", STRANGER, kind="own")
    with refused("not_joined"):
        room.do("start", DISPATCHER, kind="own")
    with refused("not_found", "centers"):
        room.do("start", kind="own", centers=[OTHER_COUNTY])
    with refused("invalid", "reaches"):
        room.do("start", kind="own", reaches=[{"center": OTHER_COUNTY, "to": "village"}])
    for seconds in (4, 121):
        with refused("invalid", "seconds"):
            room.do("start", kind="own", seconds=seconds)
    room.give(STATION, "meeting.leave")
    with refused("not_joined", "centers"):
        room.do("start", kind="own", centers=[VILLAGE])
    with refused("invalid", "centers"):
        room.do("start", kind="own", centers=[VILLAGE], present=True)
    room.do("start", kind="broadcast", present=True)
    assert room.meeting.read(TourLists).rows[ALL].centers == [COUNTY, TOWN, OTHER_VILLAGE]
    with refused("wrong_state"):
        room.do("start", kind="mosaic", grid="4")
    with refused("forbidden"):
        room.do("next", NEIGHBOUR)
    with refused("wrong_state"):
        room.give(SYSTEM_ACCOUNT, "tour.turn", tour=room.tour().tour)
    room.give(MAYOR, "stage.lock", locked=True)
    with refused("stage_locked"):
        room.do("resume", DISPATCHER)
    with refused("stage_locked"):
        room.do("resume")
    assert "tour.stepped" in room.do("next"), "who locked it may step by hand"


def test_while_the_meeting_is_paused_a_tour_stands_still_and_goes_on_for_what_was_left() -> None:
    room = Room()
    room.do("start", kind="broadcast", seconds=20)
    room.world.now += timedelta(seconds=11)  # each command takes one more
    assert [one.kind for one in room.give(MAYOR, "meeting.pause")] == ["meeting.paused", "tour.paused"]
    assert (room.tour().rests, room.tour().left_ms, room.waits()) == ("meeting", 8000, True)
    for kind in ("resume", "start"):
        with refused("wrong_state"):
            room.do(
                kind, DISPATCHER if kind == "start" else MAYOR, **({"kind": "own"} if kind == "start" else {})
            )
    room.world.now += timedelta(minutes=10)
    assert [one.kind for one in room.give(MAYOR, "meeting.resume")] == ["meeting.resumed", "tour.resumed"]
    tour = room.tour()
    assert (tour.centers, tour.state, tour.rests, tour.left_ms) == ([COUNTY], "running", None, None)
    assert tour.until == to_wire(room.world.now + timedelta(seconds=8))
    assert tour.since == to_wire(room.world.now - timedelta(seconds=12)), "he has had so much of it"
    assert room.turn() == ["tour.stepped", "stage.broadcast"]
    assert room.tour().centers == [TOWN]


def test_what_happens_to_a_tour_while_the_meeting_is_paused_holds_when_it_goes_on() -> None:
    room = Room()
    room.do("start", kind="broadcast", seconds=20)
    # who is shown leaves: the next one has his whole time
    room.give(MAYOR, "meeting.pause")
    room.give(COUNTY_LEADER, "meeting.leave")
    room.give(MAYOR, "meeting.resume")
    assert (room.tour().centers, room.tour().until) == (
        [TOWN],
        to_wire(room.world.now + timedelta(seconds=20)),
    )
    # stepped by hand: he, too
    room.give(MAYOR, "meeting.pause")
    room.do("next")
    assert room.waits()
    room.give(MAYOR, "meeting.resume")
    assert (room.tour().centers, room.tour().until) == (
        [VILLAGE],
        to_wire(room.world.now + timedelta(seconds=20)),
    )
    # what takes the stage from it, and its own key, hold on
    for taking, because in (
        (lambda: room.give(MAYOR, "stage.broadcast", participant=NEIGHBOUR.id), "taken_over"),
        (lambda: room.do("pause"), "chair"),
    ):
        room.give(MAYOR, "meeting.pause")
        assert "tour.paused" in [getattr(one, "kind", one) for one in taking()]
        assert [one.kind for one in room.give(MAYOR, "meeting.resume")] == ["meeting.resumed"]
        assert (room.tour().state, room.tour().rests) == ("paused", because)
        room.do("resume")
    room.give(MAYOR, "meeting.pause")
    room.give(MAYOR, "stage.lock", locked=True)
    room.give(MAYOR, "meeting.resume")
    assert room.tour().rests == "locked"


@given(st.lists(st.tuples(st.integers(0, 3999), st.integers(0, 90_000)), max_size=4))
def test_however_often_the_meeting_is_paused_each_is_shown_for_his_time_and_no_longer(
    pauses: list[tuple[int, int]],
) -> None:
    room = Room()
    room.do("start", kind="own", seconds=20)
    had = timedelta()
    for shown, rested in pauses:
        room.world.now += timedelta(milliseconds=shown)
        room.give(MAYOR, "meeting.pause")
        had += timedelta(milliseconds=shown + 1000)  # each command takes a second
        assert room.waits()
        room.world.now += timedelta(milliseconds=rested)
        room.give(MAYOR, "meeting.resume")
        assert room.tour(MAYOR.id).until == to_wire(room.world.now + timedelta(seconds=20) - had)
        _holds(room, MAYOR.id)
    assert room.tour(MAYOR.id).centers == [COUNTY]
    assert room.turn() == ["tour.stepped"]


def test_a_tour_that_went_on_before_it_was_kept_until_when_is_read_as_it_was_written() -> None:
    room = Room()
    room.do("start", kind="broadcast")
    room.do("pause")
    room.do("resume")
    old = [
        replace(one, data={"tour": one.data["tour"]}) if one.kind == "tour.resumed" else one
        for one in room.world.entries
    ]
    kept = replay(old, room.id)
    assert kept is not None
    assert kept.read(Tours) == room.meeting.read(Tours)


def test_how_long_each_is_shown_is_changed_while_it_goes_on() -> None:
    room = Room()
    room.do("start", kind="broadcast", seconds=60)
    room.world.now += timedelta(seconds=10)
    begun = room.world.now - timedelta(seconds=10)
    assert room.do("pace", seconds=30) == ["tour.paced"]
    assert (room.tour().seconds, room.tour().until) == (30, to_wire(begun + timedelta(seconds=30)))
    assert room.do("pace", seconds=30) == []
    assert room.do("pace", seconds=5) == ["tour.paced"]
    assert room.tour().until == to_wire(room.world.now), "he has had more than that"
    room.turn()
    assert room.tour().until == to_wire(room.world.now + timedelta(seconds=5))
    room.do("pause")
    room.do("pace", seconds=120)
    assert room.waits()
    room.do("resume")
    assert room.tour().until == to_wire(room.world.now + timedelta(seconds=120))
    for seconds in (4, 121):
        with refused("invalid", "seconds"):
            room.do("pace", seconds=seconds)
    with refused("forbidden"):
        room.do("pace", NEIGHBOUR, seconds=10)


KEYS = ("next", "back", "pause", "resume", "stay", "stop", "start")
ACTS: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.sampled_from(KEYS), st.none()),
    st.tuples(st.just("turn"), st.none()),
    st.tuples(st.just("go"), st.sampled_from(ORDER)),
    st.tuples(st.sampled_from(["join", "leave"]), st.sampled_from(PEOPLE)),
    st.tuples(st.sampled_from(["broadcast", "view"]), st.sampled_from([*PEOPLE, None])),
    st.tuples(st.just("lock"), st.booleans()),
    st.tuples(st.just("wait"), st.integers(1, 12)),
    st.tuples(st.sampled_from(["meeting.pause", "meeting.resume"]), st.none()),
    st.tuples(st.just("pace"), st.sampled_from([5, 8, 120])),
)


@settings(max_examples=80)
@given(st.sampled_from(["own", "broadcast", "mosaic"]), st.lists(ACTS, max_size=25))
def test_whatever_is_done_a_tour_shows_only_who_is_there_in_its_order_and_replay_gives_the_same(
    kind: str, acts: list[tuple[str, Any]]
) -> None:
    room = Room()
    grid: dict[str, Any] = {"grid": "4"} if kind == "mosaic" else {}
    key = MAYOR.id if kind == "own" else ALL
    room.do("start", kind=kind, seconds=5, **grid)
    for act, what in acts:
        before = room.meeting.read(Tours).rows.get(key)
        place = before.place if before is not None else None
        try:
            if act == "start":
                room.do("start", kind=kind, seconds=5, **grid)
            elif act in KEYS:
                room.do(act)
            elif act == "go":
                room.do("go", center=what)
            elif act == "pace":
                room.do("pace", seconds=what)
            elif act == "wait":
                room.world.now += timedelta(seconds=what)
            elif act.startswith("meeting."):
                room.give(MAYOR, act)
            elif act == "turn":
                if room.waits():
                    continue
                room.turn()
            elif act in ("join", "leave"):
                room.give(what, f"meeting.{act}")
            elif act == "lock":
                room.give(MAYOR, "stage.lock", locked=what)
            elif act == "broadcast":
                room.give(MAYOR, "stage.broadcast", participant=None if what is None else what.id)
            else:
                source = None if what is None else what.id
                room.give(MAYOR, "stage.view", viewer=MAYOR.id, source=source)
        except Refusal:
            continue
        finally:
            _holds(room, key)
        tour = room.meeting.read(Tours).rows.get(key)
        if act == "turn" and tour is not None and place is not None and tour.state == "running":
            here = {seat.center for seat in room.meeting.joined}
            step = [code for code in ORDER[place:] + ORDER[:place] if code in here]
            assert kind == "mosaic" or tour.centers == step[:1]


def _holds(room: Room, key: str) -> None:
    """What is true at any moment."""
    meeting = room.meeting
    here = {seat.id: seat.center for seat in meeting.joined}
    tour = meeting.read(Tours).rows.get(key)
    faces = meeting.read(TourFaces).rows
    if tour is None:
        assert faces == {}
    else:
        assert [here.get(who) for who in tour.shown] == tour.centers, "never who is absent"
        assert len(set(tour.shown)) == len(tour.shown)
        assert (tour.rests == "meeting") <= meeting.read(Pause).paused
        if tour.state == "running":
            assert not meeting.read(Pause).paused, "it stands still with the meeting"
            assert set(faces) == set(tour.shown)
            if tour.kind == "broadcast" and tour.shown:
                assert room.broadcast() == tour.shown[0]
            if tour.kind == "own":
                assert room.stage.views == ({MAYOR.id: tour.shown[0]} if tour.shown else {})
            others = [code for code in ORDER if code in here.values() and code not in tour.centers]
            assert (tour.until is not None) == bool(others), "it waits where there is nobody else"
        else:
            assert tour.until is None
        if tour.until is not None and tour.since is not None:
            assert from_wire(tour.until) > from_wire(tour.since)
    kept = replay(room.world.entries, room.id)
    assert kept is not None
    for part in (Tours, TourLists, TourFaces, Stage):
        assert kept.read(part) == meeting.read(part)
