"""A locked meeting, one that rests, and one whose planned end comes near."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import from_wire, to_wire
from hub.conference.lock_shapes import Lock, Waiting
from hub.conference.pause import Pause
from hub.conference.term import BEFORE, RULES, Term
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.rules import replay, to_node
from hub.state import Meeting
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE, World, account
from tests.unit.test_rules_chair import refused

MAYOR = account("leader", CITY)
CITY_DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", OTHER_COUNTY)


class Room:
    """A meeting of the city with a county and two villages; those named are there."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (MAYOR, *here):
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: Any) -> list[str]:
        return [entry.kind for entry in self.world.do(who, kind, self.meeting, **data)]

    @property
    def now(self) -> Meeting:
        return self.world.state.meetings[self.meeting]

    @property
    def waiting(self) -> dict[str, str]:
        return {who: row.state for who, row in self.now.read(Waiting).rows.items()}

    @property
    def joined(self) -> set[str]:
        return {seat.id for seat in self.now.joined}


def test_who_comes_to_a_locked_meeting_waits_and_is_let_in_by_one_key() -> None:
    room = Room(COUNTY_LEADER)
    assert room.do(MAYOR, "meeting.lock") == ["meeting.locked"]
    assert room.do(MAYOR, "meeting.lock") == []
    assert (room.now.read(Lock).locked, room.now.read(Lock).by is not None) == (True, True)
    assert room.do(STATION, "meeting.join") == ["waiting.came"]
    assert room.do(STATION, "meeting.join") == [], "who asks again waits on"
    assert STATION.id not in room.joined
    with refused("not_joined"):
        room.do(STATION, "floor.request")
    assert room.do(NEIGHBOUR, "meeting.join") == ["waiting.came"]
    assert room.do(MAYOR, "waiting.admit", participant=STATION.id) == ["waiting.admitted", "meeting.joined"]
    assert STATION.id in room.joined
    assert room.waiting == {NEIGHBOUR.id: "waiting"}
    with refused("not_found", "participant"):
        room.do(MAYOR, "waiting.admit", participant=STATION.id)


def test_all_are_let_in_at_once_and_complete_the_meeting_together() -> None:
    room = Room(COUNTY_LEADER)
    room.do(MAYOR, "meeting.lock")
    room.do(STATION, "meeting.join")
    room.do(NEIGHBOUR, "meeting.join")
    made = room.do(MAYOR, "waiting.admit", participant=None)
    assert sorted(made) == ["meeting.assembled", "meeting.joined", "meeting.joined", "waiting.admitted"]
    assert room.do(MAYOR, "waiting.admit", participant=None) == []
    assert room.joined == {MAYOR.id, COUNTY_LEADER.id, STATION.id, NEIGHBOUR.id}


def test_who_is_refused_is_told_so_until_the_meeting_is_open_again() -> None:
    room = Room()
    room.do(MAYOR, "meeting.lock")
    room.do(STATION, "meeting.join")
    room.do(NEIGHBOUR, "meeting.join")
    assert room.do(MAYOR, "waiting.refuse", participant=STATION.id) == ["waiting.refused"]
    assert room.do(MAYOR, "waiting.refuse", participant=STATION.id) == []
    with refused("not_admitted"):
        room.do(STATION, "meeting.join")
    with refused("not_joined"):
        room.do(STATION, "meeting.leave")
    assert room.do(MAYOR, "waiting.admit", participant=None) == ["waiting.admitted", "meeting.joined"]
    assert room.waiting == {STATION.id: "refused"}
    assert room.do(MAYOR, "meeting.unlock") == ["meeting.unlocked"]
    assert room.do(MAYOR, "meeting.unlock") == []
    assert room.waiting == {}
    assert room.do(STATION, "meeting.join") == ["meeting.joined"]


def test_unlocking_lets_in_who_waits_and_who_gave_up_waits_no_more() -> None:
    room = Room()
    room.do(MAYOR, "meeting.lock")
    room.do(STATION, "meeting.join")
    room.do(NEIGHBOUR, "meeting.join")
    assert room.do(STATION, "meeting.leave") == ["waiting.gave_up"]
    assert room.do(MAYOR, "meeting.unlock") == ["meeting.unlocked", "waiting.admitted", "meeting.joined"]
    assert room.joined == {MAYOR.id, NEIGHBOUR.id}


def test_who_is_in_stays_in_and_who_controls_comes_in() -> None:
    room = Room(COUNTY_LEADER, STATION)
    room.do(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id)
    room.do(MAYOR, "meeting.lock")
    assert room.do(STATION, "meeting.join") == [], "he never left: a lost line is no leaving"
    room.do(STATION, "meeting.leave")
    assert room.do(STATION, "meeting.join") == ["waiting.came"]
    room.do(COUNTY_LEADER, "meeting.leave")
    assert room.do(COUNTY_LEADER, "meeting.join") == ["meeting.joined"]
    assert room.do(CITY_DESK, "meeting.join") == ["meeting.joined"]
    assert room.do(MAYOR, "participant.remove", participant=STATION.id) == [
        "participant.removed",
        "waiting.gave_up",
    ]
    with refused("removed"):
        room.do(STATION, "meeting.join")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("meeting.lock", {}),
        ("meeting.unlock", {}),
        ("waiting.admit", {"participant": None}),
        ("waiting.refuse", {"participant": STATION.id}),
        ("meeting.pause", {}),
        ("meeting.resume", {}),
        ("meeting.extend", {"minutes": 15}),
    ],
)
def test_who_may_and_when(kind: str, data: dict[str, Any]) -> None:
    room = Room(COUNTY_LEADER)
    with refused("forbidden"):
        room.do(COUNTY_LEADER, kind, **data)
    with refused("not_found", "meeting"):
        room.do(STRANGER, kind, **data)
    room.do(MAYOR, "meeting.end")
    with refused("meeting_ended"):
        room.do(MAYOR, kind, **data)


def test_a_meeting_that_rests_goes_on_as_it_was() -> None:
    room = Room(STATION)
    assert to_node(room.now)["paused"] is False
    assert room.do(MAYOR, "meeting.pause", reason="休息十分钟") == ["meeting.paused"]
    assert room.do(MAYOR, "meeting.pause") == []
    pause = room.now.read(Pause)
    assert (pause.paused, pause.reason, to_node(room.now)["paused"]) == (True, "休息十分钟", True)
    room.do(STATION, "floor.request")
    room.do(MAYOR, "stage.broadcast", participant=STATION.id)
    assert room.do(MAYOR, "meeting.resume") == ["meeting.resumed"]
    assert room.do(MAYOR, "meeting.resume") == []
    assert to_node(room.now) == {**to_node(room.now), "paused": False, "broadcast": STATION.id}


def test_the_planned_end_is_told_of_before_and_put_off() -> None:
    room = Room()
    with refused("wrong_state"):
        room.do(MAYOR, "meeting.extend", minutes=15)
    assert RULES.due is not None
    assert RULES.due(room.now) is None
    ends_at = room.world.now + timedelta(hours=1)
    room.now.parts.edit(Term).ends_at = to_wire(ends_at)  # as a booking's opening has it
    due = RULES.due(room.now)
    assert due is not None
    assert due.at == ends_at - BEFORE
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "term.remind")
    room.world.now = due.at
    assert room.do(SYSTEM_ACCOUNT, "term.remind") == ["meeting.end_near"]
    assert room.do(SYSTEM_ACCOUNT, "term.remind") == []
    assert (room.now.read(Term).near, RULES.due(room.now)) == (True, None)
    assert room.do(MAYOR, "meeting.extend", minutes=30) == ["meeting.extended"]
    assert from_wire(room.now.read(Term).ends_at or "") == ends_at + timedelta(minutes=30)
    assert not room.now.read(Term).near
    room.world.now = ends_at + timedelta(hours=2)
    room.do(MAYOR, "meeting.extend", minutes=15)
    assert from_wire(room.now.read(Term).ends_at or "") == room.world.now + timedelta(minutes=15)
    with refused("invalid"):
        room.do(MAYOR, "meeting.extend", minutes=0)


PEOPLE = st.sampled_from((MAYOR, CITY_DESK, COUNTY_LEADER, STATION, NEIGHBOUR))
ACTS: st.SearchStrategy[tuple[Account, str, dict[str, Any]]] = st.one_of(
    st.tuples(PEOPLE, st.sampled_from(["meeting.join", "meeting.leave"]), st.just({})),
    st.tuples(
        st.sampled_from((MAYOR, CITY_DESK)),
        st.sampled_from(["meeting.lock", "meeting.unlock", "meeting.pause", "meeting.resume"]),
        st.just({}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(["waiting.admit", "waiting.refuse", "participant.remove"]),
        PEOPLE.map(lambda who: {"participant": who.id}),
    ),
    st.tuples(st.just(MAYOR), st.just("waiting.admit"), st.just({"participant": None})),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ACTS, max_size=40))
def test_whatever_is_done_nobody_waits_and_is_in_and_nobody_slips_in(
    acts: list[tuple[Account, str, dict[str, Any]]],
) -> None:
    room = Room()
    for who, kind, data in acts:
        locked, before = room.now.read(Lock).locked, room.joined
        try:
            made = room.do(who, kind, **data)
        except Refusal:
            continue
        came = room.joined - before
        if locked and who not in (MAYOR, CITY_DESK):
            assert not came
        if came and kind == "meeting.join":
            assert came == {who.id}
        assert not room.joined & room.waiting.keys()
        assert room.now.read(Lock).locked or not room.waiting
        assert made.count("meeting.joined") == len(came)
    replayed = replay(room.world.entries, room.meeting)
    assert replayed is not None
    assert replayed.parts == room.now.parts
