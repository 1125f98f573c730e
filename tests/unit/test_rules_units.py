"""Units: a meeting that joins one of a level above, what passes down to it, and who hears and sees whom then."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hub.conference.banner_shapes import BannerSent
from hub.conference.guests import guests_of, stage_of, told_to_node
from hub.conference.pause import Pause
from hub.conference.stage_shapes import Stage
from hub.conference.unit_shapes import Units, Upper
from hub.conference.unit_state import together
from hub.conference.units import COUNT_EVERY, MAX_UNITS, RULES, UPPER
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.state import Meeting
from signaling.media_told import with_people
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    World,
    account,
)


def refused(world: World, who: Account, kind: str, meeting: str, /, **data: Any) -> str:
    """The code that a command is refused with."""
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, meeting, **data)
    return caught.value.code


MAYOR = account("leader", CITY)
CITY_DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
COUNTY_DESK = account("dispatcher", COUNTY)
OTHER_LEADER = account("leader", OTHER_COUNTY)
TOWN_LEADER = account("leader", TOWN)
TOWN_STATION = account("station", TOWN)
STATION = account("station", VILLAGE)


class Rooms:
    """A meeting of the city, and one of a county that is joined to it if wanted."""

    def __init__(self, *, joined: bool = True) -> None:
        self.world = World()
        self.city = self.opened(MAYOR, COUNTY, OTHER_COUNTY, here=(CITY_DESK,))
        self.county = self.opened(COUNTY_LEADER, TOWN, VILLAGE, here=(COUNTY_DESK, STATION))
        if joined:
            self.join(self.city, MAYOR, self.county, COUNTY_LEADER)

    def opened(self, chair: Account, *centers: str, here: tuple[Account, ...] = ()) -> str:
        meeting = self.world.open(chair, *centers, record=False)
        for who in (chair, *here):
            self.world.do(who, "meeting.join", meeting)
        return meeting

    def join(self, upper: str, chair: Account, lower: str, below: Account) -> list[Entry]:
        self.world.do(chair, "unit.invite", upper, other=lower)
        return self.world.do(below, "unit.accept", lower, other=upper)

    def do(self, who: Account, kind: str, meeting: str, /, **data: Any) -> list[tuple[str, str]]:
        """What was written: (kind, `city` or `county`)."""
        names = {self.city: "city", self.county: "county"}
        made = self.world.do(who, kind, meeting, **data)
        return [(entry.kind, names.get(entry.meeting or "", "")) for entry in made]

    def at(self, meeting: str) -> Meeting:
        return self.world.state.meetings[meeting]

    @property
    def upper(self) -> Upper:
        return self.at(self.county).read(Upper)

    def joined(self, meeting: str) -> set[str]:
        return {seat.id for seat in self.at(meeting).joined}

    def guests(self, meeting: str) -> dict[str, dict[str, Any]]:
        return guests_of(self.world.state, self.at(meeting))


def test_a_county_is_invited_accepts_and_is_one_seat_in_the_meeting_of_the_city() -> None:
    rooms = Rooms(joined=False)
    assert rooms.do(MAYOR, "unit.invite", rooms.city, other=rooms.county) == [
        ("unit.proposed", "city"),
        ("unit.proposed", "county"),
    ]
    assert rooms.do(MAYOR, "unit.invite", rooms.city, other=rooms.county) == []
    assert rooms.upper.state == "invited"
    assert COUNTY_LEADER.id not in rooms.joined(rooms.city)
    made = rooms.do(COUNTY_LEADER, "unit.accept", rooms.county, other=rooms.city)
    assert made[:3] == [("unit.joined", "city"), ("unit.joined", "county"), ("meeting.joined", "city")]
    assert rooms.do(COUNTY_LEADER, "unit.accept", rooms.county, other=rooms.city) == []
    assert rooms.joined(rooms.city) == {MAYOR.id, CITY_DESK.id, COUNTY_LEADER.id}, "one seat for all of it"
    row = rooms.at(rooms.city).read(Units).rows[rooms.county]
    assert (row.state, row.participant, row.present, row.called) == ("joined", COUNTY_LEADER.id, 3, 3)
    assert rooms.upper.of is not None
    assert (rooms.upper.state, rooms.upper.of.meeting) == ("joined", rooms.city)


def test_a_county_asks_and_the_city_lets_it_in() -> None:
    rooms = Rooms(joined=False)
    rooms.do(COUNTY_LEADER, "unit.ask", rooms.county, other=rooms.city)
    assert refused(rooms.world, COUNTY_LEADER, "unit.accept", rooms.county, other=rooms.city) == "wrong_state"
    assert ("unit.joined", "city") in rooms.do(MAYOR, "unit.accept", rooms.city, other=rooms.county)
    assert rooms.upper.state == "joined"


def test_who_proposes_what_the_other_has_proposed_accepts_it() -> None:
    rooms = Rooms(joined=False)
    rooms.do(COUNTY_LEADER, "unit.ask", rooms.county, other=rooms.city)
    assert ("unit.joined", "county") in rooms.do(MAYOR, "unit.invite", rooms.city, other=rooms.county)


@pytest.mark.parametrize(
    ("who", "kind", "reason"),
    [
        ("city", "unit.invite", "withdrawn"),
        ("county", "unit.invite", "refused"),
        ("city", "unit.ask", "refused"),
    ],
)
def test_nothing_comes_of_a_proposal_that_is_taken_back_or_refused(who: str, kind: str, reason: str) -> None:
    rooms = Rooms(joined=False)
    invites = kind == "unit.invite"
    rooms.world.do(
        MAYOR if invites else COUNTY_LEADER,
        kind,
        rooms.city if invites else rooms.county,
        other=rooms.county if invites else rooms.city,
    )
    asker, own, other = (
        (MAYOR, rooms.city, rooms.county) if who == "city" else (COUNTY_LEADER, rooms.county, rooms.city)
    )
    made = rooms.world.do(asker, "unit.end", own, other=other, reason="改日")
    assert [entry.kind for entry in made] == ["unit.declined"] * 2
    assert (made[0].data["reason"], made[0].data["why"]) == (reason, "改日")
    assert rooms.upper == Upper()
    assert rooms.at(rooms.city).read(Units).rows == {}
    assert rooms.do(asker, "unit.end", own, other=other) == []


@pytest.mark.parametrize("by", ["upper", "lower"])
def test_either_side_ends_it_and_both_go_on(by: str) -> None:
    rooms = Rooms()
    who, own, other = (
        (MAYOR, rooms.city, rooms.county) if by == "upper" else (COUNTY_LEADER, rooms.county, rooms.city)
    )
    made = rooms.world.do(who, "unit.end", own, other=other)
    assert [entry.kind for entry in made] == ["unit.left", "unit.left", "meeting.left"]
    assert made[0].data["reason"] == by
    assert made[0].data["by"]["account"] == who.id
    assert rooms.joined(rooms.city) == {MAYOR.id, CITY_DESK.id}
    assert rooms.joined(rooms.county) == {COUNTY_LEADER.id, COUNTY_DESK.id, STATION.id}
    for meeting in (rooms.city, rooms.county):
        assert rooms.at(meeting).is_open
        assert told_to_node(rooms.world.state, rooms.at(meeting)) == {}


def test_the_end_of_the_upper_meeting_only_parts_and_that_of_the_lower_one_takes_its_seat() -> None:
    rooms = Rooms()
    rooms.world.do(MAYOR, "meeting.pause", rooms.city)
    made = rooms.do(MAYOR, "meeting.end", rooms.city)
    assert ("unit.left", "county") in made
    assert ("meeting.resumed", "county") in made
    assert rooms.at(rooms.county).is_open
    assert not rooms.at(rooms.county).read(Pause).paused
    rooms = Rooms()
    made = rooms.do(COUNTY_LEADER, "meeting.end", rooms.county)
    assert ("unit.left", "city") in made
    assert ("meeting.left", "city") in made
    assert rooms.joined(rooms.city) == {MAYOR.id, CITY_DESK.id}


def test_what_was_only_proposed_is_over_with_either_meeting() -> None:
    rooms = Rooms(joined=False)
    rooms.do(MAYOR, "unit.invite", rooms.city, other=rooms.county)
    made = rooms.world.do(MAYOR, "meeting.end", rooms.city)
    assert [entry.data["reason"] for entry in made if entry.kind == "unit.declined"] == ["ended"] * 2
    assert rooms.upper == Upper()


def test_levels_rights_and_what_one_does_not_see() -> None:
    rooms = Rooms(joined=False)
    hidden = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    town = rooms.opened(TOWN_LEADER, VILLAGE)
    do = rooms.world
    assert refused(do, COUNTY_LEADER, "unit.invite", rooms.county, other=hidden) == "not_found"
    assert refused(do, COUNTY_LEADER, "unit.invite", rooms.county, other="m_" + "0" * 18) == "not_found"
    assert refused(do, STATION, "unit.ask", rooms.county, other=rooms.city) == "forbidden"
    assert refused(do, COUNTY_LEADER, "unit.invite", rooms.county, other=rooms.city) == "invalid"
    assert refused(do, MAYOR, "unit.ask", rooms.city, other=rooms.county) == "invalid"
    second = rooms.opened(CITY_DESK, COUNTY)
    assert refused(do, MAYOR, "unit.invite", rooms.city, other=second) == "invalid", "of the same center"
    assert refused(do, MAYOR, "unit.accept", rooms.city, other=rooms.county) == "wrong_state"
    assert rooms.do(MAYOR, "unit.end", rooms.city, other=town) == []
    rooms.world.do(TOWN_LEADER, "meeting.end", town)
    assert refused(do, MAYOR, "unit.invite", rooms.city, other=town) == "meeting_ended"


def test_an_invitation_makes_the_meeting_above_known_to_the_chair_below() -> None:
    rooms = Rooms(joined=False)
    apart = rooms.opened(MAYOR, OTHER_COUNTY)
    assert refused(rooms.world, COUNTY_LEADER, "unit.ask", rooms.county, other=apart) == "not_found"
    rooms.join(apart, MAYOR, rooms.county, COUNTY_LEADER)
    assert rooms.upper.state == "joined"


def test_a_meeting_has_one_above_at_most() -> None:
    rooms = Rooms()
    second = rooms.opened(MAYOR, COUNTY)
    assert refused(rooms.world, MAYOR, "unit.invite", second, other=rooms.county) == "wrong_state"
    assert refused(rooms.world, COUNTY_LEADER, "unit.ask", rooms.county, other=second) == "wrong_state"


def test_a_drill_joins_drills_alone() -> None:
    rooms = Rooms(joined=False)
    drill = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    rooms.at(drill).drill = True
    assert refused(rooms.world, MAYOR, "unit.invite", rooms.city, other=drill) == "wrong_state"
    rooms.at(rooms.city).drill = True
    rooms.join(rooms.city, MAYOR, drill, OTHER_LEADER)
    assert rooms.at(drill).read(Upper).state == "joined"


def test_the_chair_below_has_to_be_free_to_sit_above() -> None:
    rooms = Rooms(joined=False)
    rooms.world.do(COUNTY_LEADER, "meeting.join", rooms.city)
    rooms.world.do(MAYOR, "unit.invite", rooms.city, other=rooms.county)
    accept = (rooms.world, COUNTY_LEADER, "unit.accept", rooms.county)
    assert refused(*accept, other=rooms.city) == "wrong_state", "he is there himself"
    rooms.world.do(COUNTY_LEADER, "meeting.leave", rooms.city)
    rooms.world.do(MAYOR, "meeting.lock", rooms.city)
    rooms.world.do(COUNTY_LEADER, "meeting.join", rooms.city)
    assert refused(*accept, other=rooms.city) == "wrong_state", "he waits at its door"
    rooms.world.do(COUNTY_LEADER, "meeting.leave", rooms.city)
    assert ("unit.joined", "city") in rooms.do(
        COUNTY_LEADER, "unit.accept", rooms.county, other=rooms.city
    ), "whom the chair invited comes into a locked meeting"


def test_a_chair_who_is_not_in_his_meeting_speaks_for_nobody() -> None:
    rooms = Rooms(joined=False)
    empty = rooms.world.open(OTHER_LEADER, OTHER_TOWN)
    rooms.world.do(MAYOR, "unit.invite", rooms.city, other=empty)
    assert refused(rooms.world, OTHER_LEADER, "unit.accept", empty, other=rooms.city) == "wrong_state"


def test_so_many_units_and_no_more() -> None:
    rooms = Rooms(joined=False)
    town = rooms.opened(TOWN_LEADER, VILLAGE)
    units = rooms.at(rooms.city).parts
    rooms.do(MAYOR, "unit.invite", rooms.city, other=rooms.county)
    row = rooms.at(rooms.city).read(Units).rows[rooms.county]
    for number in range(MAX_UNITS - 1):
        units.put_row(Units, f"m_9{number:017d}", copy.copy(row))
    assert refused(rooms.world, MAYOR, "unit.invite", rooms.city, other=town) == "too_many"


# --- who sees and hears whom ----------------------------------------------------------------------------


def test_the_chair_is_seen_and_heard_above_and_all_who_are_heard_above_below() -> None:
    rooms = Rooms()
    assert rooms.guests(rooms.city) == {
        rooms.county: {"pictures": [COUNTY_LEADER.id], "sounds": [COUNTY_LEADER.id], "recorded": True}
    }
    assert rooms.guests(rooms.county) == {rooms.city: {"pictures": [MAYOR.id], "sounds": None}}
    assert stage_of(rooms.world.state, rooms.at(rooms.county)) == MAYOR.id
    assert stage_of(rooms.world.state, rooms.at(rooms.city)) is None


@pytest.mark.parametrize("how", ["one", "all"])
def test_a_muted_unit_is_heard_by_nobody_above_nor_beside_it(how: str) -> None:
    rooms = Rooms()
    beside = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    rooms.join(rooms.city, MAYOR, beside, OTHER_LEADER)
    assert rooms.guests(beside)[rooms.county]["sounds"] == [COUNTY_LEADER.id]
    if how == "one":
        made = rooms.do(MAYOR, "participant.mute", rooms.city, participant=COUNTY_LEADER.id)
    else:
        made = rooms.do(MAYOR, "participant.mute_all", rooms.city)
    assert ("unit.muted", "county") in made, "it stands in the record below, too"
    assert rooms.upper.muted
    assert rooms.guests(rooms.city)[rooms.county]["sounds"] == []
    assert rooms.guests(beside)[rooms.county]["sounds"] == []
    assert rooms.guests(rooms.county)[rooms.city] == {"pictures": [MAYOR.id], "sounds": None}, (
        "it still hears"
    )
    if how == "one":
        rooms.do(MAYOR, "participant.unmute", rooms.city, participant=COUNTY_LEADER.id)
    else:
        rooms.do(MAYOR, "participant.unmute_all", rooms.city)
    assert rooms.at(rooms.county).read(Upper).muted is False
    assert rooms.guests(beside)[rooms.county]["sounds"] == [COUNTY_LEADER.id]


def test_a_unit_is_broadcast_and_sees_the_chair_itself() -> None:
    rooms = Rooms()
    beside = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    rooms.join(rooms.city, MAYOR, beside, OTHER_LEADER)
    rooms.world.do(MAYOR, "stage.broadcast", rooms.city, participant=COUNTY_LEADER.id)
    assert stage_of(rooms.world.state, rooms.at(beside)) == COUNTY_LEADER.id
    assert rooms.guests(beside)[rooms.county]["pictures"] == [COUNTY_LEADER.id]
    assert stage_of(rooms.world.state, rooms.at(rooms.county)) == MAYOR.id, "nobody is shown himself"


def test_what_is_shown_of_three_levels_comes_down_to_the_third() -> None:
    rooms = Rooms()
    town = rooms.opened(TOWN_LEADER, VILLAGE)
    rooms.join(rooms.county, COUNTY_LEADER, town, TOWN_LEADER)
    assert stage_of(rooms.world.state, rooms.at(town)) == MAYOR.id
    assert rooms.guests(town)[rooms.city] == {"pictures": [MAYOR.id], "sounds": None}
    assert rooms.guests(town)[rooms.county]["sounds"] is None
    assert TOWN_LEADER.id not in rooms.guests(rooms.city).get(town, {"sounds": []})["sounds"], (
        "the chair of the county speaks for all below"
    )
    assert together(rooms.world.state, town) == [rooms.city, rooms.county, town]
    made = rooms.world.do(MAYOR, "meeting.pause", rooms.city, reason="休息")
    assert [entry.meeting for entry in made] == [rooms.city, rooms.county, town]
    made = rooms.world.do(MAYOR, "meeting.resume", rooms.city)
    assert [entry.meeting for entry in made] == [rooms.city, rooms.county, town]


def test_with_its_loudspeaker_off_a_unit_hears_nothing_from_above() -> None:
    rooms = Rooms()
    beside = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    rooms.join(rooms.city, MAYOR, beside, OTHER_LEADER)
    rooms.world.do(MAYOR, "speaker.close", rooms.city, centers=[COUNTY])
    assert [what["sounds"] for what in rooms.guests(rooms.county).values()] == [[], []]
    assert rooms.guests(beside)[rooms.county]["sounds"] == [COUNTY_LEADER.id], "it is heard as before"


def test_in_a_roll_call_above_a_unit_is_heard_when_it_is_called() -> None:
    rooms = Rooms()
    beside = rooms.opened(OTHER_LEADER, OTHER_TOWN)
    rooms.join(rooms.city, MAYOR, beside, OTHER_LEADER)
    made = rooms.do(MAYOR, "roll_call.begin", rooms.city, centers=[COUNTY, OTHER_COUNTY])
    assert ("unit.called", "county") in made
    assert rooms.upper.called, "it is told below that it is called"
    assert rooms.guests(rooms.city)[rooms.county]["sounds"] == [COUNTY_LEADER.id]
    assert rooms.guests(rooms.city)[beside]["sounds"] == []
    assert ("roll_call.answered", "city") in rooms.do(
        COUNTY_LEADER, "roll_call.answer", rooms.city, situation="normal"
    ), "its chair answers for it"
    rooms.world.do(MAYOR, "roll_call.next", rooms.city)
    assert (rooms.upper.called, rooms.at(beside).read(Upper).called) == (False, True)
    assert rooms.guests(rooms.city)[rooms.county]["sounds"] == []
    assert rooms.guests(rooms.city)[beside]["sounds"] == [OTHER_LEADER.id]
    rooms.do(OTHER_LEADER, "unit.end", beside, other=rooms.city)
    rooms.join(rooms.city, MAYOR, beside, OTHER_LEADER)
    assert rooms.at(beside).read(Upper).called, "whoever joins while his center is called is told"
    rooms.world.do(MAYOR, "roll_call.finish", rooms.city)
    assert not rooms.at(beside).read(Upper).called


def test_a_unit_is_heard_in_the_common_sound_alone() -> None:
    rooms = Rooms()
    assert refused(rooms.world, MAYOR, "apart.begin", rooms.city, center=COUNTY) == "wrong_state"
    assert (
        refused(rooms.world, MAYOR, "listen.begin", rooms.city, participant=COUNTY_LEADER.id) == "wrong_state"
    )


# --- what passes down -----------------------------------------------------------------------------------


def test_a_pause_above_is_one_below_until_it_goes_on_or_the_chair_below_says_so() -> None:
    rooms = Rooms()
    assert rooms.do(MAYOR, "meeting.pause", rooms.city, reason="休息") == [
        ("meeting.paused", "city"),
        ("meeting.paused", "county"),
    ]
    pause = rooms.at(rooms.county).read(Pause)
    assert (pause.paused, pause.above, pause.reason) == (True, True, "休息")
    assert rooms.do(COUNTY_LEADER, "meeting.resume", rooms.county) == [("meeting.resumed", "county")]
    assert rooms.do(COUNTY_LEADER, "meeting.pause", rooms.county) == [("meeting.paused", "county")]
    assert rooms.do(MAYOR, "meeting.resume", rooms.city) == [("meeting.resumed", "city")], (
        "what its own chair paused rests on"
    )


def test_a_line_for_all_stands_below_too_and_goes_with_the_one_above() -> None:
    rooms = Rooms()
    rooms.do(COUNTY_LEADER, "banner.show", rooms.county, text="县里的")
    made = rooms.do(MAYOR, "banner.show", rooms.city, text="全市的")
    assert made == [("banner.shown", "city"), ("banner.removed", "county"), ("banner.shown", "county")]
    made = rooms.do(MAYOR, "banner.show", rooms.city, text="第二条")
    assert made == [
        ("banner.removed", "city"),
        ("banner.removed", "county"),
        ("banner.shown", "city"),
        ("banner.shown", "county"),
    ]
    sent = rooms.at(rooms.county).read(BannerSent).banner
    assert sent is not None
    assert sent.text == "第二条"
    assert rooms.do(MAYOR, "banner.remove", rooms.city, banner=sent.id) == [
        ("banner.removed", "city"),
        ("banner.removed", "county"),
    ]
    assert rooms.do(MAYOR, "banner.show", rooms.city, text="一县", centers=[OTHER_COUNTY]) == [
        ("banner.shown", "city")
    ]


def test_what_stands_above_comes_with_joining_and_goes_with_parting() -> None:
    rooms = Rooms(joined=False)
    rooms.do(MAYOR, "banner.show", rooms.city, text="全市的")
    rooms.do(MAYOR, "meeting.pause", rooms.city)
    rooms.join(rooms.city, MAYOR, rooms.county, COUNTY_LEADER)
    lower = rooms.at(rooms.county)
    assert lower.read(Pause).paused
    assert lower.read(BannerSent).banner is not None
    rooms.do(COUNTY_LEADER, "unit.end", rooms.county, other=rooms.city)
    assert not lower.read(Pause).paused
    assert lower.read(BannerSent).banner is None
    assert rooms.at(rooms.city).read(BannerSent).banner is not None


def test_the_chair_below_is_told_that_he_is_recorded_above() -> None:
    rooms = Rooms(joined=False)
    rooms.do(MAYOR, "recording.start", rooms.city)
    rooms.join(rooms.city, MAYOR, rooms.county, COUNTY_LEADER)
    assert rooms.upper.recorded
    assert rooms.do(MAYOR, "recording.stop", rooms.city) == [
        ("recording.stopped", "city"),
        ("unit.recorded", "county"),
    ]
    assert rooms.upper.model_dump()["recorded"] is False
    rooms.do(MAYOR, "recording.start", rooms.city)
    assert rooms.upper.model_dump()["recorded"] is True
    rooms.do(MAYOR, "meeting.end", rooms.city)
    assert rooms.upper == Upper()


# --- its chair ------------------------------------------------------------------------------------------


def test_who_leads_next_sits_above_muted_and_shown_as_the_one_before() -> None:
    rooms = Rooms()
    rooms.do(MAYOR, "stage.broadcast", rooms.city, participant=COUNTY_LEADER.id)
    rooms.do(MAYOR, "participant.mute", rooms.city, participant=COUNTY_LEADER.id)
    rooms.do(COUNTY_LEADER, "chair.hand_over", rooms.county, participant=COUNTY_DESK.id)
    city = rooms.at(rooms.city)
    assert rooms.joined(rooms.city) == {MAYOR.id, CITY_DESK.id, COUNTY_DESK.id}
    assert city.seats[COUNTY_DESK.id].muted
    assert city.read(Stage).broadcast == COUNTY_DESK.id
    assert city.read(Units).rows[rooms.county].participant == COUNTY_DESK.id
    assert rooms.guests(rooms.city)[rooms.county] == {
        "pictures": [COUNTY_DESK.id],
        "sounds": [],
        "recorded": True,
    }
    assert rooms.upper.muted


def test_a_chair_who_cannot_sit_above_ends_it() -> None:
    rooms = Rooms()
    rooms.world.do(COUNTY_DESK, "meeting.join", rooms.city)
    made = rooms.world.do(COUNTY_LEADER, "chair.hand_over", rooms.county, participant=COUNTY_DESK.id)
    left = [entry for entry in made if entry.kind == "unit.left"]
    assert [entry.data["reason"] for entry in left] == ["chair"] * 2
    assert COUNTY_LEADER.id not in rooms.joined(rooms.city)


@pytest.mark.parametrize("how", ["left", "removed"])
def test_a_chair_who_goes_from_above_takes_his_meeting_along(how: str) -> None:
    rooms = Rooms()
    if how == "left":
        made = rooms.world.do(COUNTY_LEADER, "meeting.leave", rooms.city)
    else:
        made = rooms.world.do(MAYOR, "participant.remove", rooms.city, participant=COUNTY_LEADER.id)
    assert [entry.data["reason"] for entry in made if entry.kind == "unit.left"] == [how] * 2
    assert rooms.upper == Upper()
    assert COUNTY_LEADER.id in rooms.joined(rooms.county)


def test_another_chair_above_is_seen_below() -> None:
    rooms = Rooms()
    rooms.do(MAYOR, "chair.hand_over", rooms.city, participant=CITY_DESK.id)
    assert stage_of(rooms.world.state, rooms.at(rooms.county)) == CITY_DESK.id


def test_how_many_are_there_is_told_above_now_and_then() -> None:
    rooms = Rooms()
    assert RULES.due is not None
    assert RULES.due(rooms.at(rooms.county)) is None
    rooms.do(TOWN_STATION, "meeting.join", rooms.county)
    due = RULES.due(rooms.at(rooms.county))
    row = rooms.at(rooms.city).read(Units).rows[rooms.county]
    assert due is not None
    assert row.counted_at is not None
    assert row.present == 3
    assert (due.kind, due.meeting) == ("unit.count", rooms.county)
    rooms.world.now += COUNT_EVERY
    made = rooms.world.do(SYSTEM_ACCOUNT, "unit.count", rooms.county)
    assert [entry.meeting for entry in made] == [rooms.city]
    assert row.present == 4
    assert RULES.due(rooms.at(rooms.county)) is None
    assert rooms.world.do(SYSTEM_ACCOUNT, "unit.count", rooms.county) == []


def test_the_meeting_below_keeps_its_own_part() -> None:
    assert UPPER.part is Upper


def test_who_of_the_meeting_above_is_seen_below_is_told_by_name() -> None:
    rooms = Rooms()
    event = {"kind": "slots", "video": [MAYOR.id], "audio": [f"{CITY_DESK.id}", None]}
    told = with_people(event, rooms.at(rooms.county), rooms.world.state)
    assert [one["id"] for one in told["people"]] == [MAYOR.id, CITY_DESK.id]
    rooms.do(MAYOR, "unit.end", rooms.city, other=rooms.county)
    assert with_people(event, rooms.at(rooms.county), rooms.world.state)["people"] == []
