"""Phones of grid members in a meeting: who calls whom, what ends a call, who hears of what, and whose case may be looked at."""

from __future__ import annotations

from typing import Any

import pytest

from hub.conference.hearing import hearing_of, in_common
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.grids.phone_calls import MOST_PHONES, RING_FOR, RULES
from hub.grids.phone_state import PhoneCalls
from hub.people import Accounts
from hub.ruling import Due
from hub.seats import PhoneSeat, PhonesHere
from tests.support.gridded import grid, person
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, World, account

CHAIR = account("dispatcher", COUNTY)
HOUSEHOLD = "hh_" + "0" * 18


class Called:
    """A running meeting of the county, and a member of a village's grid."""

    def __init__(self, level: str = "normal", *, cleared: bool = False) -> None:
        self.world = World()
        self.chair = account("dispatcher", COUNTY, cleared=level == "secret")
        self.member = person(self.world)
        self.grid = grid(self.world, self.member).grid
        if cleared:
            self.member = self.changed(cleared=True)
        self.meeting = self.world.open(self.chair, TOWN, level=level)
        self.world.do(self.chair, "meeting.join", self.meeting)

    def changed(self, **what: Any) -> Account:
        world, old = self.world, self.member
        world.do(SYSTEM_ACCOUNT, "account.change", account=old.id, **what)
        return world.state.parts.read(Accounts).by_id[old.id]

    def call(self, who: Account | None = None) -> list[str]:
        told = self.world.do(who or self.chair, "phone.call", self.meeting, account=self.member.id)
        return [each.kind for each in told]

    def say(self, kind: str, **data: Any) -> list[str]:
        return [each.kind for each in self.world.do(self.member, kind, self.meeting, **data)]

    def answered(self) -> Called:
        self.call()
        self.say("phone.answer")
        return self

    @property
    def seat(self) -> PhoneSeat:
        return self.world.state.meetings[self.meeting].read(PhonesHere).rows[self.member.id]

    @property
    def is_free(self) -> bool:
        """Whether nothing calls or has the phone, in either place where that stands."""
        return not self.world.state.parts.read(PhoneCalls).of_account and self.seat.state != "joined"


def refused(here: Called, who: Account, kind: str, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        here.world.do(who, kind, here.meeting, **data)
    return caught.value.code


def next_due(here: Called) -> Due | None:
    assert RULES.due is not None
    return RULES.due(here.world.state.meetings[here.meeting])


def test_a_phone_rings_is_answered_and_hung_up() -> None:
    here = Called()
    assert here.call() == ["phone.called"]
    assert (here.seat.state, here.seat.rings, here.seat.by) == ("left", False, CHAIR.name)
    assert here.seat.grid_name.startswith("网格")
    assert here.call() == []
    assert here.say("phone.ring") == ["phone.rang"]
    assert here.say("phone.ring") == []
    assert here.say("phone.answer") == ["phone.joined"]
    assert here.say("phone.answer") == []
    assert (here.seat.state, here.seat.until) == ("joined", None)
    assert refused(here, here.member, "phone.decline") == "wrong_state"
    assert here.say("phone.leave") == ["phone.ended"]
    assert (here.seat.why, here.is_free) == ("left", True)
    assert refused(here, here.member, "phone.leave") == "not_found"
    assert here.call() == ["phone.called"]


@pytest.mark.parametrize(("busy", "why"), [(False, "declined"), (True, "busy")])
def test_a_member_says_no_or_not_now(busy: bool, why: str) -> None:
    here = Called()
    here.call()
    here.say("phone.decline", busy=busy)
    assert (here.seat.why, here.is_free) == (why, True)
    assert refused(here, here.member, "phone.answer") == "not_found"


def test_a_call_that_nobody_takes_ends_at_its_time_and_not_before() -> None:
    here = Called()
    here.call()
    due = next_due(here)
    assert due is not None
    assert (due.kind, due.data) == ("phone.miss", {"participant": here.member.id})
    assert refused(here, SYSTEM_ACCOUNT, "phone.miss", participant=here.member.id) == "wrong_state"
    here.world.now += RING_FOR
    assert refused(here, here.member, "phone.answer") == "wrong_state"
    here.world.do(SYSTEM_ACCOUNT, "phone.miss", here.meeting, participant=here.member.id)
    assert (here.seat.why, here.is_free) == ("unanswered", True)
    assert next_due(here) is None


def test_only_who_leads_calls_and_only_members_below_his_center() -> None:
    here = Called()
    assert refused(here, account("station", TOWN), "phone.call", account=here.member.id) == "forbidden"
    assert (
        refused(here, account("dispatcher", OTHER_COUNTY), "phone.call", account=here.member.id)
        == "not_found"
    )
    other = person(here.world, center=OTHER_COUNTY)
    assert refused(here, here.chair, "phone.call", account=other.id) == "not_found"
    station = person(here.world, "station")
    assert refused(here, here.chair, "phone.call", account=station.id) == "not_found"
    assert refused(here, here.member, "phone.call", account=here.member.id) == "not_found"
    assert here.call(account("leader", CITY)) == ["phone.called"]
    here.world.do(SYSTEM_ACCOUNT, "account.disable", account=here.member.id)
    assert refused(here, here.chair, "phone.call", account=here.member.id) == "wrong_state"


def test_a_phone_is_in_one_meeting_at_a_time_and_a_meeting_has_so_many() -> None:
    here = Called()
    here.call()
    other = here.world.open(account("dispatcher", TOWN), VILLAGE)
    with pytest.raises(Refusal) as caught:
        here.world.do(account("dispatcher", TOWN), "phone.call", other, account=here.member.id)
    assert caught.value.code == "conflict"
    for _ in range(MOST_PHONES - 1):
        here.world.do(here.chair, "phone.call", here.meeting, account=person(here.world).id)
    one_more = person(here.world)
    assert refused(here, here.chair, "phone.call", account=one_more.id) == "too_many"


def test_nobody_has_come_and_nobody_is_counted() -> None:
    here = Called().answered()
    meeting = here.world.state.meetings[here.meeting]
    assert [seat.id for seat in meeting.joined] == [here.chair.id]
    assert here.member.id not in meeting.seats
    # of the meeting a member sees nothing, and does nothing in it
    assert refused(here, here.member, "meeting.join") == "not_found"
    assert refused(here, here.member, "floor.request") == "not_found"


def test_a_phone_is_muted_shown_and_let_go() -> None:
    here = Called().answered()
    meeting = here.world.state.meetings[here.meeting]
    who = here.member.id
    assert in_common(hearing_of(meeting), who)
    here.world.do(here.chair, "participant.mute", here.meeting, participant=who)
    assert not in_common(hearing_of(meeting), who)
    here.world.do(here.chair, "participant.unmute_all", here.meeting)
    assert in_common(hearing_of(meeting), who)
    here.world.do(here.chair, "participant.mute_all", here.meeting)
    assert hearing_of(meeting).muted == [who]
    here.world.do(here.chair, "participant.unmute", here.meeting, participant=who)
    here.world.do(here.chair, "stage.broadcast", here.meeting, participant=who)
    here.world.do(here.chair, "phone.release", here.meeting, participant=who)
    assert (here.seat.why, here.is_free) == ("let_go", True)
    here.call()
    here.world.do(here.chair, "phone.release", here.meeting, participant=who)
    assert here.seat.why == "called_off"
    assert here.world.do(here.chair, "phone.release", here.meeting, participant=who) == []
    nobody = "a_" + "9" * 18
    assert refused(here, here.chair, "phone.release", participant=nobody) == "not_found"


def test_a_phone_that_is_withdrawn_is_out_at_once_and_so_is_its_account() -> None:
    here = Called()
    desk = account("dispatcher", VILLAGE)
    device = str(here.world.do(desk, "device.issue", account=here.member.id)[-1].data["device"])
    here.world.do(SYSTEM_ACCOUNT, "device.note_bound", device=device, agent="")
    here.answered()
    spare = str(here.world.do(desk, "device.issue", account=here.member.id)[-1].data["device"])
    here.world.do(desk, "device.withdraw", device=spare)
    assert here.seat.state == "joined"
    told = here.world.do(desk, "device.withdraw", device=device)
    assert [each.kind for each in told] == ["phone.ended", "device.withdrawn"]
    assert (here.seat.why, here.is_free) == ("withdrawn", True)
    here.answered()
    here.world.do(SYSTEM_ACCOUNT, "account.disable", account=here.member.id)
    assert (here.seat.why, here.is_free) == ("withdrawn", True)


def test_of_secret_meetings_only_the_cleared_are_told() -> None:
    here = Called("secret")
    assert refused(here, here.chair, "phone.call", account=here.member.id) == "forbidden"
    here = Called("secret", cleared=True).answered()
    here.changed(cleared=False)
    assert (here.seat.why, here.is_free) == ("level", True)


def test_a_meeting_that_becomes_secret_lets_those_go_who_are_not_cleared() -> None:
    here = Called()
    chair = here.chair = account("leader", COUNTY, cleared=True)
    here.world.know(chair, account("dispatcher", COUNTY, cleared=True))
    here.answered()
    here.world.do(chair, "secrecy.raise", here.meeting, reason="")
    assert (here.seat.why, here.is_free) == ("level", True)


def test_with_the_meeting_ends_what_rings_and_who_is_in() -> None:
    here = Called().answered()
    told = here.world.do(here.chair, "meeting.end", here.meeting)
    kinds = [each.kind for each in told]
    assert kinds.index("phone.ended") < kinds.index("meeting.ended")
    assert [each.data["why"] for each in told if each.kind == "phone.ended"] == ["meeting_ended"]
    assert not here.world.state.parts.read(PhoneCalls).of_account


def test_a_case_is_shown_looked_at_once_and_hidden() -> None:
    here = Called()
    found = {"grid": here.grid}
    here.call()
    assert refused(here, here.member, "case.show", household=HOUSEHOLD, found=found) == "not_joined"
    here.say("phone.answer")
    assert refused(here, here.chair, "case.look", participant=here.member.id) == "not_found"
    assert refused(here, here.member, "case.show", household=HOUSEHOLD, found=None) == "not_found"
    foreign = {"grid": f"{VILLAGE}999"}
    assert refused(here, here.member, "case.show", household=HOUSEHOLD, found=foreign) == "not_found"
    assert here.say("case.show", household=HOUSEHOLD, found=found) == ["case.shown"]
    assert here.say("case.show", household=HOUSEHOLD, found=found) == []
    look = {"participant": here.member.id}
    assert refused(here, account("dispatcher", CITY), "case.look", **look) == "not_joined"
    (told,) = here.world.do(here.chair, "case.look", here.meeting, **look)
    assert told.data == {"participant": here.member.id, "household": HOUSEHOLD, "grid": here.grid}
    assert here.world.do(here.chair, "case.look", here.meeting, **look) == []
    station = account("station", TOWN)
    here.world.do(station, "meeting.join", here.meeting)
    assert refused(here, station, "case.look", **look) == "forbidden"
    other = "hh_" + "1" * 18
    assert here.say("case.show", household=other, found=found) == ["case.hidden", "case.shown"]
    assert here.seat.looked == []
    assert here.say("case.hide") == ["case.hidden"]
    assert here.say("case.hide") == []
    here.say("case.show", household=HOUSEHOLD, found=found)
    here.say("phone.leave")
    assert (here.seat.household, here.seat.grid) == (None, None)


def test_while_one_talks_by_a_key_a_phone_is_heard_as_a_camera_is() -> None:
    here = Called().answered()
    here.world.do(here.chair, "sound.set", here.meeting, mode="talk")
    meeting = here.world.state.meetings[here.meeting]
    assert in_common(hearing_of(meeting), here.member.id)
    here.world.do(here.chair, "participant.mute", here.meeting, participant=here.member.id)
    assert not in_common(hearing_of(meeting), here.member.id)
