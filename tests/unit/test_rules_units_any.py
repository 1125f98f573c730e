"""Units whatever is done: at most one above, no circle, the same for everybody who replays it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.conference.guests import guests_of
from hub.conference.unit_shapes import Units, Upper
from hub.conference.unit_state import together, units_of, upper_of
from hub.conference.units import RULES
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.rules import apply
from hub.state import HubState, Meeting
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
from tests.unit.test_rules_all import rebuilt

MAYOR = account("leader", CITY)
CITY_DESK = account("dispatcher", CITY)
COUNTY_LEADER = account("leader", COUNTY)
COUNTY_DESK = account("dispatcher", COUNTY)
OTHER_LEADER = account("leader", OTHER_COUNTY)
TOWN_LEADER = account("leader", TOWN)
TOWN_STATION = account("station", TOWN)
STATION = account("station", VILLAGE)
_PEOPLE = (MAYOR, CITY_DESK, COUNTY_LEADER, COUNTY_DESK, OTHER_LEADER, TOWN_LEADER, TOWN_STATION, STATION)
_IDS = tuple(who.id for who in _PEOPLE)


class AnyUnits(RuleBasedStateMachine):
    """Meetings of three levels that are joined, parted, left and ended at random, by anybody."""

    @initialize()
    def four_meetings(self) -> None:
        self.world = World()
        self.meetings = [
            self.world.open(MAYOR, COUNTY, OTHER_COUNTY, record=False),
            self.world.open(COUNTY_LEADER, TOWN, VILLAGE, record=False),
            self.world.open(OTHER_LEADER, OTHER_TOWN, record=False),
            self.world.open(TOWN_LEADER, VILLAGE, OTHER_VILLAGE, record=False),
        ]
        for chair, meeting in zip(
            (MAYOR, COUNTY_LEADER, OTHER_LEADER, TOWN_LEADER), self.meetings, strict=True
        ):
            self.world.do(chair, "meeting.join", meeting)
        self.world.do(COUNTY_DESK, "meeting.join", self.meetings[1])

    def give(self, who: Account, kind: str, meeting: int, /, **data: Any) -> None:
        try:
            self.world.do(who, kind, self.meetings[meeting], **data)
        except Refusal:
            return

    @rule(
        who=st.sampled_from(_PEOPLE),
        kind=st.sampled_from(("unit.invite", "unit.ask", "unit.accept", "unit.end")),
        own=st.integers(0, 3),
        other=st.integers(0, 3),
    )
    def anything_of_units(self, who: Account, kind: str, own: int, other: int) -> None:
        self.give(who, kind, own, other=self.meetings[other])

    @rule(upper=st.integers(0, 1), lower=st.integers(1, 3), asks=st.booleans())
    def they_join(self, upper: int, lower: int, asks: bool) -> None:
        chairs = [self.world.state.meetings[each].chair.id for each in self.meetings]
        above, below = (next(who for who in _PEOPLE if who.id == chairs[each]) for each in (upper, lower))
        if asks:
            self.give(below, "unit.ask", lower, other=self.meetings[upper])
            self.give(above, "unit.accept", upper, other=self.meetings[lower])
        else:
            self.give(above, "unit.invite", upper, other=self.meetings[lower])
            self.give(below, "unit.accept", lower, other=self.meetings[upper])

    @rule(
        who=st.sampled_from(_PEOPLE),
        kind=st.sampled_from(
            (
                "meeting.join",
                "meeting.leave",
                "meeting.pause",
                "meeting.resume",
                "meeting.lock",
                "chair.take",
                "roll_call.begin",
                "roll_call.next",
                "roll_call.finish",
            )
        ),
        meeting=st.integers(0, 3),
    )
    def people_do_things(self, who: Account, kind: str, meeting: int) -> None:
        self.give(who, kind, meeting)

    @rule(
        who=st.sampled_from(_PEOPLE),
        kind=st.sampled_from(
            (
                "participant.mute",
                "participant.unmute",
                "participant.remove",
                "stage.broadcast",
                "chair.hand_over",
            )
        ),
        meeting=st.integers(0, 3),
        whom=st.sampled_from(_IDS),
    )
    def somebody_is_done_to(self, who: Account, kind: str, meeting: int, whom: str) -> None:
        self.give(who, kind, meeting, participant=whom)

    @rule(meeting=st.integers(0, 3), muted=st.booleans())
    def who_comes_is_muted(self, meeting: int, muted: bool) -> None:
        self.give(MAYOR, "sound.set", meeting, joins_muted=muted)

    @rule(meeting=st.integers(0, 3), ticker=st.booleans())
    def a_line_is_shown(self, meeting: int, ticker: bool) -> None:
        kind = "ticker" if ticker else "banner"
        self.give(MAYOR, "banner.show", meeting, text=f"第{len(self.world.entries)}条", kind=kind)

    @rule(meeting=st.integers(0, 3))
    def a_meeting_ends(self, meeting: int) -> None:
        if len(self.world.entries) > 40:
            self.give(MAYOR, "meeting.end", meeting)

    @rule()
    def time_passes(self) -> None:
        self.world.now += timedelta(seconds=10)
        assert RULES.due is not None
        for meeting in list(self.world.state.meetings.values()):
            due = RULES.due(meeting) if meeting.is_open else None
            if due is not None:
                self.world.do(SYSTEM_ACCOUNT, due.kind, due.meeting)
                assert RULES.due(meeting) is None

    @invariant()
    def both_sides_say_the_same_and_nothing_goes_in_a_circle(self) -> None:
        state = self.world.state
        for meeting in state.meetings.values():
            if not meeting.is_open:
                assert meeting.read(Upper) == Upper()
                assert not meeting.read(Units).rows
                continue
            upper = meeting.read(Upper)
            above = [
                (row.state, other)
                for other in state.meetings.values()
                for key, row in other.read(Units).rows.items()
                if key == meeting.id
            ]
            assert [each for each, _ in above] == ([] if upper.state is None else [upper.state])
            for _, other in above:
                assert upper.of is not None
                assert upper.of.meeting == other.id
                assert other.convener.level != meeting.convener.level
            all_of_it = together(state, meeting.id)
            assert len(all_of_it) == len(set(all_of_it))

    @invariant()
    def a_unit_is_its_chair_with_one_seat(self) -> None:
        state = self.world.state
        for meeting in state.meetings.values():
            for row, lower in units_of(state, meeting):
                assert row.participant == lower.chair.id
                assert meeting.seats[lower.chair.id].state == "joined"
                assert lower.read(Upper).muted == meeting.seats[lower.chair.id].muted

    @invariant()
    def guests_come_from_those_together_and_from_nobody_else(self) -> None:
        state = self.world.state
        for meeting in state.meetings.values():
            guests = guests_of(state, meeting) if meeting.is_open else {}
            assert guests.keys() <= set(together(state, meeting.id)) - {meeting.id}
            assert bool(guests) == (meeting.is_open and len(together(state, meeting.id)) > 1)
            for home, what in guests.items():
                seats = state.meetings[home].seats
                for who in (*what["pictures"], *(what["sounds"] or ())):
                    assert who in seats
                upper = upper_of(state, state.meetings[home])
                if upper is not None and what["sounds"] and home not in _above(state, meeting):
                    assert not upper.seats[what["sounds"][0]].muted, "a muted unit is heard by nobody outside"

    @invariant()
    def replaying_gives_the_same(self) -> None:
        replayed = HubState()
        for entry in self.world.entries:
            apply(replayed, entry)
        assert replayed == self.world.state
        assert rebuilt(self.world.entries) == self.world.state


def _above(state: HubState, meeting: Meeting) -> set[str]:
    found: set[str] = set()
    upper = upper_of(state, meeting)
    while upper is not None:
        found.add(upper.id)
        upper = upper_of(state, upper)
    return found


AnyUnits.TestCase.settings = settings(max_examples=30, stateful_step_count=35, deadline=None)
TestAnyUnits = AnyUnits.TestCase
