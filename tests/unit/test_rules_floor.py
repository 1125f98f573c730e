"""Who may ask for the floor, who gives it, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.clock import to_wire
from hub.conference.floor import RULES, Floor
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.parts import told
from hub.ruling import Due
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, VILLAGE, World, account

MAYOR = account("leader", CITY)
CLERK = account("clerk", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", "430621000000")


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting with the mayor, a county leader and two stations in it."""

    def __init__(self) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (MAYOR, COUNTY_LEADER, STATION, NEIGHBOUR):
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: object) -> list[tuple[str, str]]:
        """Give a command; the kind of each entry, and whom it is about."""
        made = self.world.do(who, kind, self.meeting, **data)
        return [(entry.kind, self.name(entry)) for entry in made]

    def name(self, entry: Entry) -> str:
        names = {STATION.id: "station", NEIGHBOUR.id: "neighbour", COUNTY_LEADER.id: "county"}
        who = entry.data.get("participant", "")
        return names.get(who, "") if isinstance(who, str) else ""

    @property
    def stands(self) -> list[tuple[str, int]]:
        """Who waits and who speaks, each with the place; who speaks has place 0."""
        names = {STATION.id: "station", NEIGHBOUR.id: "neighbour", COUNTY_LEADER.id: "county"}
        rows = self.world.state.meetings[self.meeting].read(Floor).rows
        return sorted(((names[who], claim.place) for who, claim in rows.items()), key=lambda one: one[1])

    @property
    def due(self) -> Due | None:
        assert RULES.due is not None
        return RULES.due(self.world.state.meetings[self.meeting])

    def is_muted(self, who: Account) -> bool:
        return self.world.state.meetings[self.meeting].seats[who.id].muted


def test_who_asks_waits_behind_those_who_asked_before() -> None:
    room = Room()
    assert room.do(STATION, "floor.request") == [("floor.requested", "station")]
    assert room.do(NEIGHBOUR, "floor.request") == [("floor.requested", "neighbour")]
    assert room.do(COUNTY_LEADER, "floor.request") == [("floor.requested", "county")]
    assert room.do(STATION, "floor.request") == []
    assert room.stands == [("station", 1), ("neighbour", 2), ("county", 3)]
    assert room.do(STATION, "floor.withdraw") == [("floor.withdrawn", "station")]
    assert room.do(STATION, "floor.withdraw") == []
    assert room.stands == [("neighbour", 1), ("county", 2)]
    room.do(STATION, "floor.request")
    assert room.stands == [("neighbour", 1), ("county", 2), ("station", 3)]


def test_the_chair_gives_the_floor_in_any_order_also_to_who_did_not_ask() -> None:
    room = Room()
    room.do(STATION, "floor.request")
    room.do(NEIGHBOUR, "floor.request")
    assert room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id) == [("floor.granted", "neighbour")]
    assert room.stands == [("neighbour", 0), ("station", 1)]
    assert room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id) == []
    assert room.do(MAYOR, "floor.grant", participant=COUNTY_LEADER.id) == [
        ("floor.revoked", "neighbour"),
        ("floor.granted", "county"),
    ]
    assert room.world.entries[-2].data["reason"] == "next"
    assert room.stands == [("county", 0), ("station", 1)]
    assert room.do(COUNTY_LEADER, "floor.request") == []


def test_the_floor_is_given_back_or_taken_back_once() -> None:
    room = Room()
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert room.do(NEIGHBOUR, "floor.release") == []
    assert room.do(STATION, "floor.release") == [("floor.released", "station")]
    assert room.do(STATION, "floor.release") == []
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert room.do(MAYOR, "floor.revoke", participant=NEIGHBOUR.id) == []
    assert room.do(MAYOR, "floor.revoke", participant=STATION.id) == [("floor.revoked", "station")]
    assert room.world.entries[-1].data["reason"] == "chair"
    assert room.do(MAYOR, "floor.revoke", participant=STATION.id) == []
    assert room.stands == []


def test_a_request_is_turned_down_once_and_may_be_made_again() -> None:
    room = Room()
    room.do(STATION, "floor.request")
    assert room.do(MAYOR, "floor.deny", participant=STATION.id) == [("floor.denied", "station")]
    assert room.do(MAYOR, "floor.deny", participant=STATION.id) == []
    assert room.stands == []
    assert room.do(STATION, "floor.request") == [("floor.requested", "station")]
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert room.do(MAYOR, "floor.deny", participant=STATION.id) == []


def test_who_was_muted_is_heard_while_he_has_the_floor_and_muted_again_after_it() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    assert room.do(MAYOR, "floor.grant", participant=STATION.id) == [
        ("floor.granted", "station"),
        ("participant.unmuted", "station"),
    ]
    assert not room.is_muted(STATION)
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)  # more time changes nothing of it
    assert room.do(STATION, "floor.release") == [
        ("floor.released", "station"),
        ("participant.muted", "station"),
    ]
    assert room.is_muted(STATION)
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id) == [
        ("floor.revoked", "station"),
        ("participant.muted", "station"),
        ("floor.granted", "neighbour"),
    ]
    assert room.do(NEIGHBOUR, "floor.release") == [("floor.released", "neighbour")]
    assert not room.is_muted(NEIGHBOUR)


def test_whom_the_chair_muted_meanwhile_is_not_muted_twice_and_heard_when_given_the_floor_again() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    assert room.do(MAYOR, "floor.grant", participant=STATION.id) == [
        ("floor.granted", "station"),
        ("participant.unmuted", "station"),
    ]
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    assert room.do(MAYOR, "floor.revoke", participant=STATION.id) == [("floor.revoked", "station")]


def test_who_leaves_waits_no_more_and_has_the_floor_no_more() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    room.do(NEIGHBOUR, "floor.request")
    room.do(COUNTY_LEADER, "floor.request")
    assert room.do(STATION, "meeting.leave") == [
        ("floor.released", "station"),
        ("participant.muted", "station"),
        ("meeting.left", "station"),
    ]
    assert room.do(NEIGHBOUR, "meeting.leave") == [
        ("floor.withdrawn", "neighbour"),
        ("meeting.left", "neighbour"),
    ]
    assert room.stands == [("county", 1)]
    room.do(STATION, "meeting.join")
    assert room.is_muted(STATION)


def test_who_is_removed_waits_no_more_and_has_the_floor_no_more() -> None:
    room = Room()
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    room.do(NEIGHBOUR, "floor.request")
    assert room.do(MAYOR, "participant.remove", participant=STATION.id) == [
        ("floor.revoked", "station"),
        ("participant.removed", "station"),
    ]
    assert room.world.entries[-2].data["reason"] == "removed"
    assert room.do(MAYOR, "participant.remove", participant=NEIGHBOUR.id) == [
        ("floor.denied", "neighbour"),
        ("participant.removed", "neighbour"),
    ]
    assert room.stands == []
    for kind in ("floor.request", "floor.withdraw", "floor.release"):
        with refused("removed"):
            room.do(STATION, kind)


def test_time_that_is_given_runs_out_by_the_hub_alone_and_not_before() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute", participant=STATION.id)
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=120)
    due, given = room.due, room.world.now
    assert due is not None
    assert due.at == given + timedelta(seconds=120)
    assert (due.kind, due.meeting, due.data) == ("floor.expire", room.meeting, {"participant": STATION.id})
    with refused("invalid", "kind"):
        room.do(MAYOR, "floor.expire", participant=STATION.id)
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "floor.expire", participant=STATION.id)
    assert room.do(SYSTEM_ACCOUNT, "floor.expire", participant=NEIGHBOUR.id) == []
    room.world.now = due.at
    assert room.do(SYSTEM_ACCOUNT, "floor.expire", participant=STATION.id) == [
        ("floor.revoked", "station"),
        ("participant.muted", "station"),
    ]
    assert room.world.entries[-2].data["reason"] == "time"
    assert room.world.entries[-2].actor.account == "system"
    assert room.due is None


def test_more_time_puts_the_end_off_and_no_limit_takes_it_away() -> None:
    room = Room()
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)
    began = room.world.now
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=300)
    due = room.due
    assert due is not None
    assert due.at == room.world.now + timedelta(seconds=300)
    claim = room.world.state.meetings[room.meeting].read(Floor).rows[STATION.id]
    assert claim.at == to_wire(began)
    assert room.do(MAYOR, "floor.grant", participant=STATION.id) == [("floor.granted", "station")]
    assert room.due is None


def test_the_floor_ends_with_the_meeting() -> None:
    room = Room()
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)
    assert room.do(MAYOR, "meeting.end") == [("meeting.ended", "")]
    assert room.due is None
    with refused("meeting_ended"):
        room.do(SYSTEM_ACCOUNT, "floor.expire", participant=STATION.id)


def test_rights() -> None:
    room = Room()
    for kind in ("floor.grant", "floor.deny", "floor.revoke"):
        for who in (STATION, COUNTY_LEADER, CLERK):
            with refused("forbidden"):
                room.do(who, kind, participant=STATION.id)
        with refused("not_found", "meeting"):
            room.do(STRANGER, kind, participant=STATION.id)
        with refused("not_found", "participant"):
            room.do(MAYOR, kind, participant=CLERK.id)
    for kind in ("floor.request", "floor.withdraw", "floor.release"):
        with refused("not_joined"):
            room.do(CLERK, kind)
    room.do(STATION, "meeting.leave")
    with refused("wrong_state", "participant"):
        room.do(MAYOR, "floor.grant", participant=STATION.id)
    for seconds in (0, 4, 7201, "60", 60.5):
        with refused("invalid", "seconds"):
            room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id, seconds=seconds)


def test_what_is_told_of_a_claim_holds_nothing_that_is_kept_inside() -> None:
    room = Room()
    room.do(STATION, "floor.request")
    asked = to_wire(room.world.now)
    part = told(room.world.state.meetings[room.meeting].read(Floor))
    assert part == {"rows": {STATION.id: {"state": "waiting", "place": 1, "at": asked, "until": None}}}
