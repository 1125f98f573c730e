"""Minutes: submitted, returned, taken back, approved by the chair; versions, numbers, and what a restart knows of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hub.directory.accounts import Account
from hub.entry import EVERYONE_IN_MEETING, account_audience, center_audience
from hub.errors import Refusal
from hub.minutes.keeping import minutes_of
from hub.minutes.text import MAX_TEXT_BYTES
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE, World, account
from tests.unit.test_rules_all import rebuilt

CHAIR, DESK, CLERK = (
    account("dispatcher", COUNTY),
    account("dispatcher", COUNTY, number=1),
    account("clerk", COUNTY),
)
LEADER, MAYOR = account("leader", COUNTY), account("leader", CITY)
STATION, STRANGER = account("station", VILLAGE), account("leader", OTHER_COUNTY)
TEXT = {"object": "ab" * 32, "name": "minutes.json", "type": "application/json", "bytes": 900}


class Desk(World):
    """A meeting of the county, over or not, and its minutes."""

    def __init__(self, *, over: bool = True) -> None:
        super().__init__()
        self.meeting = self.open(CHAIR, VILLAGE)
        if over:
            self.do(CHAIR, "meeting.end", self.meeting)

    def give(self, who: Account, kind: str, /, **data: Any) -> dict[str, Any]:
        (made,) = self.do(who, f"minutes.{kind}", self.meeting, **data)
        return {**made.data, "audience": made.audience}

    def submit(self, who: Account = CLERK, **more: Any) -> dict[str, Any]:
        return self.give(who, "submit", text=TEXT, **more)

    def refused(self, who: Account, kind: str, /, **data: Any) -> tuple[str, str | None]:
        with pytest.raises(Refusal) as caught:
            self.do(who, f"minutes.{kind}", self.meeting, **data)
        return caught.value.code, caught.value.field

    def stands(self) -> tuple[str, int, int]:
        known = minutes_of(self.state, self.meeting)
        assert known is not None
        return known.state, known.submission, known.version


def test_the_clerk_submits_and_the_chair_approves_a_version_with_a_number() -> None:
    desk = Desk()
    told = desk.submit()
    assert (told["submission"], told["version"], told["chair"]["account"]) == (1, 1, CHAIR.id)
    words = (center_audience(COUNTY), account_audience(CHAIR.id), account_audience(CLERK.id))
    assert told["audience"] == words, "what is not approved is no business of all who were called"
    approved = desk.give(CHAIR, "approve", submission=1)
    assert approved["number"] == "临湘会纪〔2026〕1号"
    assert (approved["written_by"]["account"], approved["by"]["account"]) == (CLERK.id, CHAIR.id)
    assert approved["text"] == TEXT
    assert EVERYONE_IN_MEETING in approved["audience"]
    assert desk.stands() == ("approved", 1, 1)
    assert desk.refused(CHAIR, "approve", submission=1)[0] == "wrong_state"


def test_minutes_are_submitted_when_the_meeting_is_over_by_who_may_write_them() -> None:
    desk = Desk(over=False)
    assert desk.refused(CLERK, "submit", text=TEXT)[0] == "wrong_state"
    desk.do(CHAIR, "meeting.end", desk.meeting)
    assert desk.refused(STATION, "submit", text=TEXT)[0] == "forbidden"
    assert desk.refused(STRANGER, "submit", text=TEXT)[0] == "not_found"
    assert desk.refused(CLERK, "submit", text={**TEXT, "type": "image/png"}) == ("invalid", "text")
    assert desk.refused(CLERK, "submit", text={**TEXT, "bytes": MAX_TEXT_BYTES + 1}) == ("invalid", "text")
    desk.submit()
    assert desk.refused(DESK, "submit", text=TEXT)[0] == "wrong_state", "one waits already"


def test_what_is_returned_says_why_and_is_submitted_anew() -> None:
    desk = Desk()
    desk.submit()
    assert desk.refused(CHAIR, "return", submission=1, reason=" ")[0] == "invalid"
    assert desk.give(CHAIR, "return", submission=1, reason="补责任单位")["reason"] == "补责任单位"
    assert desk.stands() == ("returned", 1, 0)
    assert desk.refused(CHAIR, "approve", submission=1)[0] == "wrong_state"
    assert desk.submit()["submission"] == 2
    assert desk.refused(CHAIR, "approve", submission=1) == ("wrong_state", "submission"), (
        "another text than he read"
    )
    assert desk.give(CHAIR, "approve", submission=2)["version"] == 1


def test_who_submitted_takes_back_and_nobody_else() -> None:
    desk = Desk()
    desk.submit()
    assert desk.refused(DESK, "withdraw", submission=1)[0] == "forbidden"
    desk.give(CLERK, "withdraw", submission=1)
    assert desk.stands() == ("withdrawn", 1, 0)
    assert desk.refused(CLERK, "withdraw", submission=1)[0] == "wrong_state"


def test_the_chair_or_a_leader_of_the_center_approves_but_no_leader_his_own() -> None:
    desk = Desk()
    desk.submit(LEADER)
    for who in (CLERK, DESK, LEADER):
        assert desk.refused(who, "approve", submission=1)[0] == "forbidden", who.username
    desk.give(MAYOR, "approve", submission=1)
    own = Desk()
    own.submit(CHAIR)
    assert own.give(CHAIR, "approve", submission=1)["version"] == 1, "he answers for the meeting"


def test_a_later_version_says_why_keeps_the_number_and_another_meeting_gets_the_next() -> None:
    desk = Desk()
    desk.submit()
    desk.give(CHAIR, "approve", submission=1)
    assert desk.refused(CLERK, "submit", text=TEXT) == ("invalid", "why")
    assert desk.submit(why="补充责任单位")["version"] == 2
    second = desk.give(CHAIR, "approve", submission=2)
    assert (second["number"], second["why"]) == ("临湘会纪〔2026〕1号", "补充责任单位")
    desk.meeting = desk.open(CHAIR, VILLAGE)
    desk.do(CHAIR, "meeting.end", desk.meeting)
    desk.submit()
    assert desk.give(CHAIR, "approve", submission=1)["number"] == "临湘会纪〔2026〕2号"
    desk.now += timedelta(days=365)
    desk.meeting = desk.open(CHAIR, VILLAGE)
    desk.do(CHAIR, "meeting.end", desk.meeting)
    desk.submit()
    assert desk.give(CHAIR, "approve", submission=1)["number"] == "临湘会纪〔2027〕1号"


def test_who_led_the_meeting_last_approves_after_a_restart_too() -> None:
    desk = Desk(over=False)
    heir = account("station", VILLAGE)
    desk.do(heir, "meeting.join", desk.meeting)
    second = account("dispatcher", COUNTY, number=1)
    desk.do(second, "meeting.join", desk.meeting)
    desk.do(CHAIR, "chair.hand_over", desk.meeting, participant=second.id)
    desk.do(second, "meeting.end", desk.meeting)
    desk.submit()
    before = desk.state
    desk.state = rebuilt(desk.entries)
    assert desk.state == before
    assert desk.refused(CHAIR, "approve", submission=1)[0] == "forbidden", "he handed the chair over"
    desk.give(second, "approve", submission=1)
    desk.state = rebuilt(desk.entries)
    assert desk.stands() == ("approved", 1, 1)
    assert desk.submit(why="更正")["version"] == 2
