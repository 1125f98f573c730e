"""The chair: who has it, who may have it of whom, and how it passes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.conference.chair import MAX_CO_CHAIRS, RULES
from hub.conference.chair_shapes import Chair
from hub.conference.chair_state import AWAY, NEVER_CAME, is_there, passes_at, successor
from hub.conference.roll_call_shapes import RollCall
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.gates import rights_here
from hub.rules import replay, to_node
from hub.state import Life, Meeting
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TREE,
    VILLAGE,
    World,
    account,
)

MAYOR = account("leader", CITY)
DEPUTY = account("leader", CITY, number=1)
CITY_DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
COUNTY_DESK = account("dispatcher", COUNTY)
OTHER_LEADER = account("leader", OTHER_COUNTY)
STATION = account("station", VILLAGE)
CLERK = account("clerk", CITY)
STRANGER = account("leader", OTHER_VILLAGE)
EVERYBODY = (MAYOR, DEPUTY, CITY_DESK, COUNTY_LEADER, COUNTY_DESK, OTHER_LEADER, STATION)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting of the city that calls two counties and a village; those named are there."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, OTHER_COUNTY, VILLAGE, record=False)
        for who in here or EVERYBODY:
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: Any) -> list[str]:
        """Give a command; the kinds of its entries."""
        return [entry.kind for entry in self.world.do(who, kind, self.meeting, **data)]

    @property
    def now(self) -> Meeting:
        return self.world.state.meetings[self.meeting]

    @property
    def chair(self) -> str:
        return self.now.chair.id

    def expire(self) -> list[str]:
        """What the clock brings, when it does."""
        assert RULES.due is not None
        due = RULES.due(self.now)
        assert due is not None
        self.world.now = due.at
        return self.do(SYSTEM_ACCOUNT, due.kind, **due.data)

    def can(self, who: Account) -> list[str]:
        return rights_here(self.now, who, TREE)


def test_who_asks_is_given_the_chair_or_is_told_no() -> None:
    room = Room()
    assert room.chair == MAYOR.id
    assert room.do(COUNTY_LEADER, "chair.request", reason="主持本县部署") == ["chair.requested"]
    assert room.do(COUNTY_LEADER, "chair.request") == []
    assert room.do(OTHER_LEADER, "chair.request") == ["chair.requested"]
    assert [each.participant.id for each in room.now.read(Chair).requests] == [
        COUNTY_LEADER.id,
        OTHER_LEADER.id,
    ]
    assert room.do(MAYOR, "chair.refuse", participant=OTHER_LEADER.id) == ["chair.refused"]
    assert room.do(MAYOR, "chair.refuse", participant=OTHER_LEADER.id) == []
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "chair.grant", participant=OTHER_LEADER.id)
    assert room.do(MAYOR, "chair.grant", participant=COUNTY_LEADER.id) == ["chair.changed"]
    assert room.chair == COUNTY_LEADER.id
    assert room.world.entries[-1].data["reason"] == "granted"
    assert room.now.read(Chair).requests == []
    room.do(OTHER_LEADER, "chair.request")
    assert room.do(OTHER_LEADER, "chair.withdraw") == ["chair.request_withdrawn"]
    assert room.do(OTHER_LEADER, "chair.withdraw") == []
    room.do(OTHER_LEADER, "chair.request")
    assert room.do(OTHER_LEADER, "meeting.leave") == ["meeting.left", "chair.request_withdrawn"]


def test_the_chair_is_handed_over_given_back_and_taken_by_who_commands() -> None:
    room = Room()
    assert room.do(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id) == ["chair.changed"]
    assert room.do(COUNTY_LEADER, "chair.hand_over", participant=COUNTY_LEADER.id) == []
    assert "meeting.end" in room.can(COUNTY_LEADER), "the chair may do all of it"
    assert room.do(COUNTY_LEADER, "chair.give_back") == ["chair.changed"]
    assert (room.chair, room.world.entries[-1].data["reason"]) == (MAYOR.id, "given_back")
    room.do(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id)
    assert room.do(CITY_DESK, "chair.take") == ["chair.changed"], "the city's desk commands the county"
    assert room.world.entries[-1].data == {
        **room.world.entries[-1].data,
        "before": COUNTY_LEADER.id,
        "reason": "taken",
    }
    assert room.do(MAYOR, "chair.take") == ["chair.changed"]
    assert room.do(MAYOR, "chair.take") == []


def test_who_may_take_it_from_whom() -> None:
    may: dict[tuple[Account, Account], bool] = {}
    for holder in (MAYOR, CITY_DESK, COUNTY_LEADER):
        for taker in (MAYOR, DEPUTY, CITY_DESK, COUNTY_LEADER, COUNTY_DESK, OTHER_LEADER):
            room = Room()
            if holder is not MAYOR:
                room.do(MAYOR, "chair.hand_over", participant=holder.id)
            if taker is holder:
                continue
            offered = "chair.take" in room.can(taker)
            if offered:  # the page has the key exactly where it works
                room.do(taker, "chair.take")
            else:
                with refused("forbidden"):
                    room.do(taker, "chair.take")
            may[taker, holder] = room.chair == taker.id
    allowed = {pair for pair, yes in may.items() if yes}
    assert allowed == {
        (DEPUTY, MAYOR),  # of one rank, in one center
        (MAYOR, CITY_DESK),
        (DEPUTY, CITY_DESK),
        (MAYOR, COUNTY_LEADER),
        (DEPUTY, COUNTY_LEADER),
        (CITY_DESK, COUNTY_LEADER),
    }


def test_a_leader_above_who_came_uncalled_takes_it_and_is_taken_it_from_by_nobody_below() -> None:
    world = World()
    meeting = world.open(COUNTY_LEADER, VILLAGE, record=False)
    for who in (COUNTY_LEADER, COUNTY_DESK, MAYOR):
        world.do(who, "meeting.join", meeting)
    world.do(MAYOR, "chair.take", meeting)
    assert world.state.meetings[meeting].chair.id == MAYOR.id
    for who in (COUNTY_LEADER, COUNTY_DESK):
        with refused("forbidden"):
            world.do(who, "chair.take", meeting)


def test_who_cannot_have_it_is_told_why() -> None:
    room = Room()
    with refused("forbidden"):
        room.do(STATION, "chair.request")
    with refused("forbidden", "participant"):
        room.do(MAYOR, "chair.hand_over", participant=STATION.id)
    with refused("not_found", "participant"):
        room.do(MAYOR, "chair.hand_over", participant=STRANGER.id)
    room.do(COUNTY_LEADER, "meeting.leave")
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id)
    with refused("not_joined"):
        room.do(COUNTY_LEADER, "chair.request")
    for kind, data in (
        ("hand_over", {"participant": MAYOR.id}),
        ("grant", {"participant": MAYOR.id}),
        ("refuse", {"participant": MAYOR.id}),
        ("name_backup", {"participant": OTHER_LEADER.id}),
        ("name_co", {"participant": OTHER_LEADER.id}),
        ("dismiss_co", {"participant": OTHER_LEADER.id}),
        ("give_back", {}),
        ("take", {}),
    ):
        with refused("forbidden"):
            room.do(OTHER_LEADER, f"chair.{kind}", **data)
        with refused("not_found", "meeting"):
            room.do(STRANGER, f"chair.{kind}", **data)
    for who in (DEPUTY, CITY_DESK):
        room.do(who, "meeting.leave")
    with refused("wrong_state"):
        room.do(MAYOR, "chair.give_back")
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "chair.name_backup", participant=MAYOR.id)


def test_a_co_chair_controls_and_neither_ends_nor_takes_the_chair() -> None:
    room = Room()
    with refused("forbidden"):
        room.do(COUNTY_LEADER, "participant.mute", participant=STATION.id)
    assert room.do(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id) == ["chair.co_named"]
    assert room.do(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id) == []
    assert room.do(COUNTY_LEADER, "participant.mute", participant=STATION.id) == ["participant.muted"]
    assert room.do(COUNTY_LEADER, "meeting.lock") == ["meeting.locked"]
    assert room.can(COUNTY_LEADER) == [
        "meeting.control",
        "meeting.minute",
        "meeting.read",
        "note.add",
        "control.export",
        "recording.make",
    ]
    for kind, data in (
        ("meeting.end", {}),
        ("chair.take", {}),
        ("chair.name_co", {"participant": DEPUTY.id}),
    ):
        with refused("forbidden"):
            room.do(COUNTY_LEADER, kind, **data)
    assert room.do(MAYOR, "chair.dismiss_co", participant=COUNTY_LEADER.id) == ["chair.co_dismissed"]
    assert room.do(MAYOR, "chair.dismiss_co", participant=COUNTY_LEADER.id) == []
    with refused("forbidden"):
        room.do(COUNTY_LEADER, "participant.unmute", participant=STATION.id)
    room.do(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id)
    assert "chair.co_dismissed" in room.do(MAYOR, "participant.remove", participant=COUNTY_LEADER.id)
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "chair.name_co", participant=COUNTY_LEADER.id)


def test_a_meeting_has_so_many_co_chairs_and_no_more() -> None:
    room = Room(MAYOR)
    desks = [account("dispatcher", COUNTY, number=number) for number in range(MAX_CO_CHAIRS + 1)]
    for desk in desks:
        room.do(desk, "meeting.join")
    for desk in desks[:-1]:
        room.do(MAYOR, "chair.name_co", participant=desk.id)
    with refused("too_many", "participant"):
        room.do(MAYOR, "chair.name_co", participant=desks[-1].id)


def test_the_backup_takes_over_when_the_chair_stays_away_and_keeps_it() -> None:
    room = Room(MAYOR, COUNTY_LEADER, STATION)
    assert room.do(MAYOR, "chair.name_backup", participant=COUNTY_LEADER.id) == ["chair.backup_named"]
    assert room.do(MAYOR, "chair.name_backup", participant=COUNTY_LEADER.id) == []
    assert RULES.due is not None
    assert RULES.due(room.now) is None
    assert room.do(SYSTEM_ACCOUNT, "chair.away", participant=STATION.id) == [], "he is not next"
    assert room.do(SYSTEM_ACCOUNT, "chair.away", participant=MAYOR.id) == ["chair.lost"]
    assert room.do(SYSTEM_ACCOUNT, "chair.away", participant=MAYOR.id) == []
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "chair.expire")
    assert room.do(SYSTEM_ACCOUNT, "chair.back", participant=MAYOR.id) == ["chair.returned"]
    assert room.do(SYSTEM_ACCOUNT, "chair.expire") == []
    room.do(SYSTEM_ACCOUNT, "chair.away", participant=MAYOR.id)
    lost_at = room.world.now
    assert room.expire() == ["chair.changed"]
    assert room.world.entries[-1].at == lost_at + AWAY + timedelta(seconds=1)
    assert (room.chair, room.world.entries[-1].data["reason"]) == (COUNTY_LEADER.id, "away")
    assert room.now.read(Chair).backup is None
    room.do(SYSTEM_ACCOUNT, "chair.back", participant=MAYOR.id)
    assert room.chair == COUNTY_LEADER.id, "who is back takes it back by a key, not by itself"
    assert room.do(MAYOR, "chair.take") == ["chair.changed"]


def test_who_is_next_is_backup_co_chair_convener_who_commands_and_nobody_whose_desk_is_away() -> None:
    room = Room()
    room.do(MAYOR, "chair.name_backup", participant=OTHER_LEADER.id)
    room.do(MAYOR, "chair.name_co", participant=COUNTY_DESK.id)
    order = []
    while (next_one := successor(room.now)) is not None:
        order.append(next_one.id)
        room.do(SYSTEM_ACCOUNT, "chair.away", participant=next_one.id)
    assert order == [OTHER_LEADER.id, COUNTY_DESK.id, DEPUTY.id, CITY_DESK.id]
    room.do(SYSTEM_ACCOUNT, "chair.away", participant=MAYOR.id)
    assert passes_at(room.now) is None, "nobody is there who may have it"
    room.do(SYSTEM_ACCOUNT, "chair.back", participant=CITY_DESK.id)
    assert room.expire() == ["chair.changed"]
    assert room.chair == CITY_DESK.id


def test_a_chair_who_leaves_has_it_no_more_where_somebody_else_can_have_it() -> None:
    room = Room(MAYOR, STATION)
    assert room.do(MAYOR, "meeting.leave") == ["meeting.left"]
    assert room.chair == MAYOR.id
    room.do(CITY_DESK, "meeting.join")
    assert room.chair == MAYOR.id
    assert room.expire() == ["chair.changed"]
    assert room.chair == CITY_DESK.id
    room.do(MAYOR, "meeting.join")
    assert room.do(CITY_DESK, "meeting.leave") == ["meeting.left", "chair.changed"]
    assert (room.chair, room.world.entries[-1].data["reason"]) == (MAYOR.id, "left")


def test_a_convener_who_never_comes_is_waited_for_longer() -> None:
    room = Room(STATION, CITY_DESK)
    assert RULES.due is not None
    due = RULES.due(room.now)
    assert due is not None
    assert due.at - room.world.now > NEVER_CAME - timedelta(seconds=10)
    assert room.expire() == ["chair.changed"]
    assert room.chair == CITY_DESK.id


def test_the_chair_is_who_is_heard_in_a_roll_call_and_is_never_muted() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute_all")
    room.do(MAYOR, "roll_call.begin", shows=False, centers=[VILLAGE])
    assert room.now.read(RollCall).heard == [MAYOR.id, STATION.id]
    assert room.do(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id) == [
        "chair.changed",
        "participant.unmuted",
    ]
    assert to_node(room.now)["heard"] == [COUNTY_LEADER.id, STATION.id]
    assert COUNTY_LEADER.id not in room.now.muted


def test_after_the_end_nothing_is_left_of_it() -> None:
    room = Room()
    room.do(MAYOR, "chair.name_backup", participant=DEPUTY.id)
    room.do(MAYOR, "chair.name_co", participant=CITY_DESK.id)
    room.do(MAYOR, "chair.hand_over", participant=COUNTY_LEADER.id)
    room.do(COUNTY_LEADER, "meeting.end")
    assert room.now.read(Chair) == Chair()
    assert room.now.read(Life).state == "ended"
    with refused("meeting_ended"):
        room.do(MAYOR, "chair.take")


PEOPLE = st.sampled_from(EVERYBODY)
ACTS: st.SearchStrategy[tuple[Account, str, dict[str, Any]]] = st.one_of(
    st.tuples(PEOPLE, st.sampled_from(["meeting.join", "meeting.leave"]), st.just({})),
    st.tuples(
        PEOPLE,
        st.sampled_from(["chair.request", "chair.withdraw", "chair.give_back", "chair.take"]),
        st.just({}),
    ),
    st.tuples(
        PEOPLE,
        st.sampled_from(
            [
                *(f"chair.{act}" for act in ("grant", "refuse", "hand_over", "name_backup", "name_co")),
                *("chair.dismiss_co", "participant.remove", "participant.mute"),
            ]
        ),
        PEOPLE.map(lambda who: {"participant": who.id}),
    ),
    st.tuples(
        st.just(SYSTEM_ACCOUNT),
        st.sampled_from(["chair.away", "chair.back"]),
        PEOPLE.map(lambda who: {"participant": who.id}),
    ),
    st.tuples(st.just(SYSTEM_ACCOUNT), st.just("time"), st.just({})),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(ACTS, max_size=40))
def test_whatever_is_done_there_is_one_chair_who_is_there_or_is_soon_one_who_is(
    acts: list[tuple[Account, str, dict[str, Any]]],
) -> None:
    room = Room()
    assert RULES.due is not None
    for who, kind, data in acts:
        before = room.chair
        if kind == "time":
            due = RULES.due(room.now)
            if due is not None:
                assert "chair.changed" in room.expire(), "what the clock brings is never refused"
                assert RULES.due(room.now) is None, "one pass is enough"
        else:
            try:
                made = room.world.do(who, kind, room.meeting, **data)
            except Refusal:
                continue
            changed = [entry.data["participant"]["id"] for entry in made if entry.kind == "chair.changed"]
            assert len(changed) <= 1
            assert room.chair == (changed[0] if changed else before)
        meeting, kept = room.now, room.now.read(Chair)
        # whoever may have it and is there: then the chair is, or his time runs
        waits = is_there(meeting, room.chair) or successor(meeting) is None
        assert (RULES.due(meeting) is None) == waits
        seat = meeting.seats.get(room.chair)
        assert seat is None or seat.state != "removed"
        assert kept.backup is None or kept.backup.id != room.chair
        assert room.chair not in {one.id for one in meeting.co_chairs}
        assert len({one.id for one in meeting.co_chairs}) == len(meeting.co_chairs)
        assert all(meeting.seats[each.participant.id].state == "joined" for each in kept.requests)
    replayed = replay(room.world.entries, room.meeting)
    assert replayed is not None
    assert replayed.parts == room.now.parts
