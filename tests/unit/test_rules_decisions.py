"""Decisions: drafted, written anew, confirmed by the chair, amended by a later one, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from hub.directory.accounts import Account
from hub.dispatch.decisions import MOST, Decided, Standing
from hub.entry import EVERYONE_IN_MEETING
from hub.errors import Refusal
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE, World, account
from tests.unit.test_rules_all import rebuilt

CHAIR, DESK, CLERK = account("leader", COUNTY), account("dispatcher", COUNTY), account("clerk", COUNTY)
MAYOR, STATION = account("leader", CITY), account("station", VILLAGE)


class Room(World):
    """A meeting of the county that the chair leads."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = self.open(CHAIR, VILLAGE)

    def give(self, who: Account, kind: str, /, **data: Any) -> dict[str, Any]:
        (made,) = self.do(who, f"decision.{kind}", self.meeting, **data)
        assert made.audience == (EVERYONE_IN_MEETING,)
        return dict(made.data)

    def draft(self, who: Account = CLERK, **more: Any) -> str:
        return str(self.give(who, "record", text="启动三级响应", **more)["decision"])

    def refused(self, who: Account, kind: str, /, **data: Any) -> tuple[str, str | None]:
        with pytest.raises(Refusal) as caught:
            self.do(who, f"decision.{kind}", self.meeting, **data)
        return caught.value.code, caught.value.field

    def known(self, decision: str) -> tuple[str, bool]:
        found = self.state.meetings[self.meeting].read(Decided).by_id[decision]
        stands = self.state.parts.read(Standing).by_id.get(decision)
        return found.state, stands is not None and stands.amended_by is not None


def test_what_the_chair_records_is_decided_and_what_others_record_waits_for_him() -> None:
    room = Room()
    about = [{"what": "report", "id": "e_" + "0" * 18}]
    decided = room.give(CHAIR, "record", text="转移低洼户", basis=about, responsible=[VILLAGE, VILLAGE])
    assert decided["state"] == "confirmed"
    assert decided["basis"] == about
    assert decided["responsible"] == [{"center": VILLAGE, "name": "坦渡村"}]
    assert room.give(MAYOR, "record", text="x")["state"] == "confirmed", "who may take the chair decides, too"
    assert room.give(CHAIR, "record", text="x", draft=True)["state"] == "draft"
    for who in (DESK, CLERK):
        assert room.give(who, "record", text="x")["state"] == "draft"
    assert room.refused(STATION, "record", text="x")[0] == "forbidden"
    assert room.refused(CHAIR, "record", text="x", responsible=[OTHER_COUNTY]) == ("not_found", "responsible")


def test_a_draft_is_written_anew_by_its_author_alone_and_confirmed_by_the_chair_alone() -> None:
    room = Room()
    draft = room.draft()
    assert room.give(CLERK, "edit", decision=draft, text="启动二级响应")["text"] == "启动二级响应"
    assert room.refused(CHAIR, "edit", decision=draft, text="x") == ("forbidden", "decision")
    assert room.refused(CLERK, "confirm", decision=draft)[0] == "forbidden"
    assert room.refused(DESK, "confirm", decision=draft)[0] == "forbidden"
    confirmed = room.give(CHAIR, "confirm", decision=draft)
    assert (confirmed["text"], confirmed["by"]["account"]) == ("启动二级响应", CHAIR.id)
    for kind, more in (("edit", {"text": "x"}), ("withdraw", {})):
        assert room.refused(CLERK, kind, decision=draft, **more) == ("wrong_state", "decision")
    assert room.refused(CHAIR, "confirm", decision=draft) == ("wrong_state", "decision")
    assert room.refused(CHAIR, "confirm", decision="d_" + "0" * 18) == ("not_found", "decision")


def test_a_draft_is_taken_back_by_its_author_or_the_chair() -> None:
    room = Room()
    mine, other = room.draft(), room.draft()
    assert room.refused(DESK, "withdraw", decision=mine) == ("forbidden", "decision")
    room.give(CLERK, "withdraw", decision=mine)
    room.give(CHAIR, "withdraw", decision=other)
    assert room.known(mine) == room.known(other) == ("withdrawn", False)
    assert room.refused(CHAIR, "confirm", decision=mine) == ("wrong_state", "decision")


def test_what_is_decided_is_amended_by_a_later_one_once_that_is_confirmed() -> None:
    room = Room()
    old = str(room.give(CHAIR, "record", text="三级响应")["decision"])
    one, two = room.draft(amends=old), room.draft(amends=old)
    assert room.known(old) == ("confirmed", False), "a draft changes nothing"
    assert room.give(CHAIR, "confirm", decision=one)["amends"] == old
    assert room.known(old) == ("confirmed", True)
    assert room.refused(CHAIR, "confirm", decision=two) == ("wrong_state", "amends"), "it is amended already"
    assert room.refused(CHAIR, "record", text="x", amends=old) == ("wrong_state", "amends")
    assert room.refused(CHAIR, "record", text="x", amends=two) == ("wrong_state", "amends"), "a draft"
    assert room.refused(CHAIR, "record", text="x", amends="d_" + "0" * 18) == ("not_found", "amends")
    assert room.give(CHAIR, "record", text="一级响应", amends=one)["state"] == "confirmed"
    assert room.known(one) == ("confirmed", True)


def test_after_the_meeting_nothing_is_decided_and_a_meeting_decides_so_much() -> None:
    room = Room()
    draft = room.draft()
    many = room.state.meetings[room.meeting].parts.edit(Decided).by_id
    for number in range(MOST):
        many[f"d_{number:018d}"] = many[draft]
    assert room.refused(CHAIR, "record", text="x")[0] == "too_many"
    room.do(CHAIR, "meeting.end", room.meeting)
    assert room.refused(CHAIR, "confirm", decision=draft)[0] == "meeting_ended"
    assert room.refused(CHAIR, "record", text="x")[0] == "meeting_ended"


def test_what_was_decided_is_amended_after_the_meeting_by_who_convened_it_or_commands_him() -> None:
    room = Room()
    old = str(room.give(CHAIR, "record", text="三级响应")["decision"])
    draft = room.draft()
    room.do(CHAIR, "meeting.end", room.meeting)
    for who in (DESK, CLERK):
        assert room.refused(who, "record", text="x", amends=old)[0] == "forbidden"
    assert room.refused(STATION, "record", text="x", amends=old)[0] == "forbidden"
    assert room.refused(account("leader", OTHER_COUNTY), "record", text="x", amends=old)[0] == "not_found"
    assert room.refused(CHAIR, "record", text="x", amends=draft) == ("not_found", "amends"), (
        "it was not decided"
    )
    assert room.refused(CHAIR, "record", text="x", amends=old, draft=True)[0] == "meeting_ended"
    amended = room.give(CHAIR, "record", text="二级响应", amends=old)
    assert (amended["state"], amended["amends"]) == ("confirmed", old)
    assert room.refused(MAYOR, "record", text="x", amends=old) == ("wrong_state", "amends")
    again = room.give(MAYOR, "record", text="一级响应", amends=amended["decision"])
    # and a restart knows what stands
    stands = rebuilt(room.entries).parts.read(Standing)
    assert stands == room.state.parts.read(Standing)
    assert {id: each.amended_by for id, each in stands.by_id.items()} == {
        old: amended["decision"],
        amended["decision"]: again["decision"],
        again["decision"]: None,
    }
