"""Calling into a running meeting, declining, arriving, signing in, groups, answering by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import to_wire
from hub.conference.answering import DEFAULT_S, Answering
from hub.conference.arrival import Arrival
from hub.conference.calls import Call, Calls
from hub.conference.groups import MAX_GROUPS, groups_of
from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import apply, replay
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    World,
    account,
)

MAYOR, DISPATCHER, CLERK = account("leader", CITY), account("dispatcher", CITY), account("clerk", CITY)
AUDITOR = account("audit_admin", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION, COLLEAGUE = account("station", VILLAGE), account("station", VILLAGE, number=1)
NEIGHBOUR, TOWN_STATION = account("station", OTHER_VILLAGE), account("station", TOWN)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def called(entries: list[Entry]) -> tuple[list[str], list[str]]:
    """The new centers and those called again, of one `meeting.called`."""
    (entry,) = entries
    assert entry.kind == "meeting.called"
    return entry.data["centers"], entry.data["again"]


class Room:
    """The mayor's meeting of two villages; nobody but himself has joined."""

    def __init__(self) -> None:
        self.world = World()
        self.id = self.world.open(MAYOR, VILLAGE, OTHER_VILLAGE, record=False)
        self.do(MAYOR, "meeting.join")

    def do(self, who: Account, kind: str, **data: object) -> list[Entry]:
        return self.world.do(who, kind, self.id, **data)

    def later(self, seconds: int = 60) -> None:
        self.world.now += timedelta(seconds=seconds)

    def row(self, center: str) -> Call | None:
        return self.world.state.meetings[self.id].read(Calls).rows.get(center)

    @property
    def arrival(self) -> Arrival:
        return self.world.state.meetings[self.id].read(Arrival)


def test_further_centers_are_called_by_name_by_subtree_and_by_level() -> None:
    room = Room()
    assert called(room.do(MAYOR, "meeting.call", centers=[TOWN, TOWN])) == ([TOWN], [])
    assert called(room.do(MAYOR, "meeting.call", subtree=OTHER_COUNTY)) == ([OTHER_COUNTY, OTHER_TOWN], [])
    assert called(room.do(MAYOR, "meeting.call", level="county")) == ([COUNTY], [])
    meeting = room.world.state.meetings[room.id]
    assert list(meeting.centers) == [
        CITY,
        VILLAGE,
        OTHER_VILLAGE,
        TOWN,
        OTHER_COUNTY,
        OTHER_TOWN,
        COUNTY,
    ]
    row = room.row(TOWN)
    assert row is not None
    assert (row.times, row.declined) == (1, None)
    room.do(TOWN_STATION, "meeting.join")  # it is called now
    assert room.row(VILLAGE) is None, "who was called with all others needs no row"


def test_only_who_is_not_there_is_called_again_and_not_while_it_rings() -> None:
    room = Room()
    assert room.do(MAYOR, "meeting.call", centers=[VILLAGE]) == [], "its first call began just now"
    room.later()
    room.do(NEIGHBOUR, "meeting.join")
    assert called(room.do(MAYOR, "meeting.call", absent=True)) == ([], [VILLAGE])
    assert room.do(MAYOR, "meeting.call", centers=[VILLAGE], subtree=OTHER_VILLAGE) == []
    room.later()
    assert called(room.do(MAYOR, "meeting.call", centers=[VILLAGE, TOWN])) == ([TOWN], [VILLAGE])
    row = room.row(VILLAGE)
    assert row is not None
    assert (row.times, row.called_at) == (3, to_wire(room.world.now))
    by_name = called(room.do(MAYOR, "meeting.call", centers=[OTHER_VILLAGE]))
    assert by_name == ([], [OTHER_VILLAGE]), "its page may be lost"
    room.later()
    room.do(NEIGHBOUR, "meeting.leave")
    assert called(room.do(MAYOR, "meeting.call", centers=[OTHER_VILLAGE])) == ([], [OTHER_VILLAGE])


def test_a_center_declines_with_a_reason_and_joining_takes_it_back() -> None:
    room = Room()
    (entry,) = room.do(STATION, "meeting.decline", reason="handling")
    assert (entry.kind, entry.data["center"], entry.data["reason"]) == (
        "meeting.declined",
        VILLAGE,
        "handling",
    )
    row = room.row(VILLAGE)
    assert row is not None
    assert row.declined is not None
    assert (row.declined.name, row.times) == (STATION.name, 1)
    assert room.do(STATION, "meeting.decline", reason="handling") == []
    assert len(room.do(STATION, "meeting.decline", reason="later")) == 1
    # who declined may be called again at once; that is a new question
    assert called(room.do(MAYOR, "meeting.call", centers=[VILLAGE])) == ([], [VILLAGE])
    row = room.row(VILLAGE)
    assert row is not None
    assert (row.declined, row.times) == (None, 2)
    room.do(STATION, "meeting.join")
    with refused("wrong_state"):
        room.do(STATION, "meeting.decline", reason="later")
    assert room.do(COLLEAGUE, "meeting.decline", reason="later") == [], "the center has come"
    with refused("not_found", "meeting"):
        room.do(TOWN_STATION, "meeting.decline", reason="later")
    with refused("forbidden"):
        room.do(AUDITOR, "meeting.decline", reason="later")


def test_who_may_call() -> None:
    room = Room()
    for stranger in (STATION, CLERK):
        with refused("forbidden"):
            room.do(stranger, "meeting.call", centers=[TOWN])
    with refused("not_found"):
        room.do(account("leader", OTHER_COUNTY), "meeting.call", centers=[OTHER_TOWN])
    with refused("invalid", "centers"):
        room.do(MAYOR, "meeting.call")
    with refused("not_found", "centers"):
        room.do(MAYOR, "meeting.call", centers=["430699000000"])
    assert called(room.do(DISPATCHER, "meeting.call", centers=[TOWN])) == ([TOWN], [])
    county = room.world.open(COUNTY_LEADER, VILLAGE)
    with refused("forbidden", "centers"):
        room.world.do(COUNTY_LEADER, "meeting.call", county, centers=[CITY])
    with refused("not_found", "subtree"):
        room.world.do(COUNTY_LEADER, "meeting.call", county, subtree=OTHER_COUNTY)
    room.do(MAYOR, "meeting.end")
    with refused("meeting_ended"):
        room.do(MAYOR, "meeting.call", centers=[TOWN])
    assert TOWN in room.world.state.meetings[room.id].centers, (
        "of one that is over it is known whom it called"
    )


def test_a_removed_participant_comes_back_when_its_center_is_called_by_name() -> None:
    room = Room()
    room.do(STATION, "meeting.join")
    room.do(MAYOR, "participant.remove", participant=STATION.id)
    room.later()
    with refused("removed"):
        room.do(STATION, "meeting.join")
    with refused("removed"):
        room.do(STATION, "meeting.decline", reason="later")
    assert called(room.do(MAYOR, "meeting.call", absent=True)) == ([], [OTHER_VILLAGE])
    (entry,) = room.do(MAYOR, "meeting.call", centers=[VILLAGE])
    assert entry.data["back"] == [STATION.id]
    assert [each.kind for each in room.do(STATION, "meeting.join")] == ["meeting.joined"]


def test_the_last_to_come_completes_the_meeting_and_further_centers_begin_anew() -> None:
    room = Room()
    room.do(STATION, "meeting.join")
    room.do(STATION, "meeting.leave")
    assert room.arrival == Arrival()
    joined, full = room.do(NEIGHBOUR, "meeting.join")
    assert (joined.kind, full.kind, full.data["centers"]) == ("meeting.joined", "meeting.assembled", 2)
    meeting = room.world.state.meetings[room.id]
    assert full.data["seconds"] == (room.world.now - meeting.opened_at).total_seconds()
    assert room.arrival.full_at == to_wire(room.world.now)
    assert [each.kind for each in room.do(COLLEAGUE, "meeting.join")] == ["meeting.joined"]
    room.later(600)
    room.do(MAYOR, "meeting.call", centers=[TOWN])
    assert room.arrival == Arrival(since=to_wire(room.world.now))
    *_, full = room.do(TOWN_STATION, "meeting.join")
    assert (full.data["centers"], full.data["seconds"]) == (3, 1)
    room.do(MAYOR, "meeting.end")
    kept = replay(room.world.entries, room.id)
    assert kept is not None
    assert kept.read(Arrival).full_at == to_wire(full.at), "it lasts, and is seen in the archive"
    assert kept.read(Calls).rows[TOWN].times == 1


def test_signing_in_stands_with_the_seat_and_survives_leaving() -> None:
    room = Room()
    with refused("not_joined"):
        room.do(STATION, "meeting.sign_in", name="李某")
    room.do(STATION, "meeting.join")
    (entry,) = room.do(STATION, "meeting.sign_in", name=" 李某 ", duty="值守")
    assert entry.data == {"participant": STATION.id, "center": VILLAGE, "name": "李某", "duty": "值守"}
    assert room.do(STATION, "meeting.sign_in", name="李某", duty="值守") == []
    room.do(STATION, "meeting.leave")
    room.do(STATION, "meeting.join")
    seat = room.world.state.meetings[room.id].seats[STATION.id]
    assert (seat.present, seat.duty) == ("李某", "值守")
    room.do(STATION, "meeting.sign_in", name="王某")
    assert (seat.present, seat.duty) == ("王某", "")
    for wrong in ("", "李" * 21, "李\n某"):
        with refused("invalid", "name"):
            room.do(STATION, "meeting.sign_in", name=wrong)
    room.do(MAYOR, "meeting.sign_in", name="王某", duty="指挥长")


PEOPLE = (MAYOR, DISPATCHER, COUNTY_LEADER, STATION, COLLEAGUE, NEIGHBOUR, TOWN_STATION)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(PEOPLE), st.sampled_from(("meeting.join", "meeting.leave")), st.just(None)),
        st.tuples(st.sampled_from(PEOPLE), st.just("meeting.decline"), st.just({"reason": "later"})),
        st.tuples(
            st.just(MAYOR),
            st.just("meeting.call"),
            st.sampled_from(({"absent": True}, {"centers": [VILLAGE, TOWN]}, {"subtree": COUNTY})),
        ),
        st.tuples(
            st.just(MAYOR),
            st.just("participant.remove"),
            st.sampled_from(PEOPLE).map(lambda w: {"participant": w.id}),
        ),
    ),
    max_size=25,
)


@given(STEPS, st.integers(0, 30))
@settings(deadline=None, max_examples=120)
def test_whatever_happens_the_parts_agree_with_each_other_and_with_a_replay(
    steps: list[tuple[Account, str, dict[str, object] | None]], pause: int
) -> None:
    room = Room()
    ever = {CITY}
    for who, kind, data in steps:
        room.later(pause)
        try:
            made = room.do(who, kind, **(data or {}))
        except Refusal:
            continue
        ever |= {entry.data["participant"]["center"] for entry in made if entry.kind == "meeting.joined"}
        meeting = room.world.state.meetings[room.id]
        codes = list(meeting.centers)
        assert len(codes) == len(set(codes))
        rows = meeting.read(Calls).rows
        assert rows.keys() <= set(codes)
        assert (room.arrival.full_at is not None) == (ever >= set(codes)), "full means that each has come"
        for code, row in rows.items():
            declines = [
                entry.at
                for entry in room.world.entries
                if entry.kind == "meeting.declined" and entry.data["center"] == code
            ]
            assert (row.declined is None) or row.declined.at == to_wire(declines[-1])
            times = sum(
                code in entry.data["centers"] + entry.data.get("again", [])
                for entry in room.world.entries
                if entry.kind in ("meeting.opened", "meeting.called")
            )
            assert row.times == times
    assert replay(room.world.entries, room.id) == room.world.state.meetings[room.id]


COUNTIES = {"center": CITY, "to": "county", "only": True}
BELOW = {"center": OTHER_COUNTY, "to": "village", "only": False}


def test_a_group_that_was_saved_before_there_were_reaches_is_replayed() -> None:
    world = World()
    (saved,) = world.do(MAYOR, "group.save", name="甲", centers=[VILLAGE], reaches=[COUNTIES, BELOW])
    (now,) = groups_of(world.state, MAYOR, TREE)
    assert now.to_wire()["reaches"] == [COUNTIES, BELOW]
    old = {name: value for name, value in saved.data.items() if name != "reaches"}
    old |= {"subtrees": [OTHER_COUNTY], "levels": ["county"]}
    apply(world.state, replace(saved, data=old))
    (then,) = groups_of(world.state, MAYOR, TREE)
    assert then.to_wire()["reaches"] == [BELOW, COUNTIES]


def test_a_group_is_seen_and_changed_by_those_whose_it_is() -> None:
    world = World()
    (own,) = world.do(MAYOR, "group.save", name="防汛专班", centers=[VILLAGE, COUNTY], reaches=[COUNTIES])
    (shared,) = world.do(DISPATCHER, "group.save", scope="center", name="各县区", reaches=[BELOW])
    assert (own.audience, shared.audience) == ((f"account:{MAYOR.id}",), (f"center:{CITY}",))

    def seen(who: Account) -> list[str]:
        return [group.name for group in groups_of(world.state, who, TREE)]

    assert (seen(MAYOR), seen(DISPATCHER)) == (["防汛专班", "各县区"], ["各县区"])
    assert [seen(who) for who in (CLERK, COUNTY_LEADER, STATION)] == [[], [], []]
    with refused("not_found", "group"):
        world.do(DISPATCHER, "group.remove", group=own.data["group"])
    with refused("not_found", "group"):
        world.do(COUNTY_LEADER, "group.save", group=shared.data["group"], name="县", centers=[VILLAGE])
    for nobody in (STATION, CLERK):
        with refused("forbidden"):
            world.do(nobody, "group.save", name="甲", centers=[VILLAGE])
    (again,) = world.do(
        MAYOR, "group.save", group=shared.data["group"], scope="own", name="县", reaches=[COUNTIES]
    )
    assert (again.data["scope"], again.data["holder"]) == ("center", CITY), "a group keeps its scope"
    assert world.do(MAYOR, "group.save", group=again.data["group"], name="县", reaches=[COUNTIES]) == []
    world.do(DISPATCHER, "group.remove", group=again.data["group"])
    assert seen(MAYOR) == ["防汛专班"]


def test_a_group_names_centers_that_are_ones_own_to_call_and_has_a_name_of_its_own() -> None:
    world = World()
    with refused("invalid", "centers"):
        world.do(MAYOR, "group.save", name="空")
    with refused("forbidden", "centers"):
        world.do(COUNTY_LEADER, "group.save", name="上", centers=[CITY])
    with refused("not_found", "reaches"):
        world.do(COUNTY_LEADER, "group.save", name="旁", reaches=[BELOW])
    world.do(MAYOR, "group.save", name="甲", centers=[VILLAGE])
    with refused("conflict", "name"):
        world.do(MAYOR, "group.save", name="甲", centers=[COUNTY])
    world.do(MAYOR, "group.save", scope="center", name="甲", centers=[COUNTY])
    for number in range(MAX_GROUPS - 1):
        world.do(MAYOR, "group.save", name=f"乙{number}", centers=[VILLAGE])
    with refused("too_many"):
        world.do(MAYOR, "group.save", name="丙", centers=[VILLAGE])


def test_a_center_says_whether_it_answers_by_itself() -> None:
    world = World()
    assert world.state.parts.read(Answering).of(VILLAGE) == DEFAULT_S
    assert world.do(STATION, "answering.change", center=VILLAGE, seconds=DEFAULT_S) == []
    (entry,) = world.do(STATION, "answering.change", center=VILLAGE, seconds=0)
    assert entry.audience == (f"center:{VILLAGE}",)
    world.do(MAYOR, "answering.change", center=VILLAGE, seconds=30)
    assert world.state.parts.read(Answering).of(VILLAGE) == 30
    with refused("not_found", "center"):
        world.do(STATION, "answering.change", center=OTHER_VILLAGE, seconds=5)
    with refused("forbidden", "center"):
        world.do(STATION, "answering.change", center=TOWN, seconds=5)
    with refused("invalid", "seconds"):
        world.do(STATION, "answering.change", center=VILLAGE, seconds=121)
    # all below at once: those alone of whom it was not so
    changed = world.do(MAYOR, "answering.change", center=TOWN, seconds=30, below=True)
    assert [each.data["center"] for each in changed] == [TOWN, OTHER_VILLAGE]
    assert {code: world.state.parts.read(Answering).of(code) for code in (TOWN, VILLAGE, OTHER_VILLAGE)} == {
        TOWN: 30,
        VILLAGE: 30,
        OTHER_VILLAGE: 30,
    }
    with refused("forbidden", "center"):
        world.do(STATION, "answering.change", center=TOWN, seconds=5, below=True)
