"""Attendance: who came and when, who declined, who was absent, and sums that fit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import to_wire
from hub.conference.attendance import Attendance, attendance
from hub.directory.accounts import Account
from hub.errors import Refusal
from hub.rules import replay
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, World, account

LEADER = account("leader", CITY)
COUNTY_LEADER = account("leader", COUNTY)
TOWN_STATION, VILLAGE_STATION = account("station", TOWN), account("station", VILLAGE)
SECOND = account("station", VILLAGE, number=1)
OTHER = account("station", OTHER_VILLAGE)
PEOPLE = (TOWN_STATION, VILLAGE_STATION, SECOND, OTHER)


def read(world: World, meeting: str) -> Attendance:
    found = replay(world.entries, meeting)
    assert found is not None
    return attendance(found, lambda code: TREE[code].name)


def test_each_called_center_came_declined_or_was_absent_and_the_chair_is_apart() -> None:
    world = World()
    meeting = world.open(LEADER, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE)
    opened = to_wire(world.now)
    world.do(LEADER, "meeting.join", meeting)
    world.do(VILLAGE_STATION, "meeting.join", meeting)
    came = to_wire(world.now)
    world.do(VILLAGE_STATION, "meeting.sign_in", meeting, name="李某", duty="值守")
    world.do(SECOND, "meeting.join", meeting)
    world.do(OTHER, "meeting.decline", meeting, reason="handling")
    said = to_wire(world.now)
    world.do(TOWN_STATION, "meeting.join", meeting)
    world.do(LEADER, "participant.remove", meeting, participant=TOWN_STATION.id)
    world.do(LEADER, "meeting.end", meeting)

    told = read(world, meeting)
    assert told.count.model_dump() == {"called": 4, "came": 1, "people": 2}
    assert (told.declined, told.absent, told.full_at) == (1, 3, None)
    by_code = {each.center: each for each in told.centers}
    assert list(by_code) == sorted([COUNTY, TOWN, VILLAGE, OTHER_VILLAGE]), (
        "a county stands before its townships"
    )
    assert {code: each.state for code, each in by_code.items()} == {
        COUNTY: "absent",
        TOWN: "removed",
        VILLAGE: "came",
        OTHER_VILLAGE: "declined",
    }
    village = by_code[VILLAGE]
    assert (village.came_at, village.called_at, village.times) == (came, opened, 1)
    assert [(one.present, one.duty) for one in village.people] == [("李某", "值守"), ("", "")]
    declined = by_code[OTHER_VILLAGE].declined
    assert declined is not None
    assert (declined.at, declined.name, declined.reason) == (said, OTHER.name, "handling")
    assert by_code[COUNTY].name == "临湘市"


STEPS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["join", "leave", "decline", "remove", "call"]))
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_whatever_happens_the_sums_fit_and_the_end_changes_none_of_them(
    steps: list[tuple[Account, str]],
) -> None:
    world = World()
    meeting = world.open(LEADER, TOWN, VILLAGE, OTHER_VILLAGE)
    world.do(LEADER, "meeting.join", meeting)
    for who, step in steps:
        try:
            if step == "remove":
                world.do(LEADER, "participant.remove", meeting, participant=who.id)
            elif step == "call":
                world.do(LEADER, "meeting.call", meeting, centers=[who.center])
            elif step == "decline":
                world.do(who, "meeting.decline", meeting, reason="later")
            else:
                world.do(who, f"meeting.{step}", meeting)
        except Refusal:
            pass
    before = read(world, meeting)
    states = [each.state for each in before.centers]
    assert before.count.called == len(states) == before.count.came + before.absent
    assert before.count.came == states.count("came")
    assert before.declined == states.count("declined") <= before.absent
    assert before.count.people >= before.count.came
    for each in before.centers:
        assert (each.came_at is not None) == (each.state == "came")
        assert each.state != "declined" or each.declined is not None
    world.do(LEADER, "meeting.end", meeting)
    after = read(world, meeting)
    assert after.count == before.count
    assert [each.state for each in after.centers] == states


def test_the_count_stays_when_another_leads() -> None:
    world = World()
    meeting = world.open(LEADER, COUNTY, VILLAGE)
    for who in (LEADER, COUNTY_LEADER):
        world.do(who, "meeting.join", meeting)
    before = read(world, meeting)
    assert before.count.model_dump() == {"called": 2, "came": 1, "people": 1}
    world.do(LEADER, "chair.hand_over", meeting, participant=COUNTY_LEADER.id)
    assert read(world, meeting) == before
