"""Who may ask for the floor, who gives it, and how it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import to_wire
from hub.conference.floor import RULES
from hub.conference.floor_shapes import Claim, Floor, FloorSettings
from hub.conference.pause import Pause
from hub.conference.stage import Stage
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.parts import told
from hub.rules import apply
from hub.ruling import Due
from hub.state import HubState
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
        """Who waits and who speaks, each with the place; who speaks has place 0. Who was turned down is not among them."""
        names = {STATION.id: "station", NEIGHBOUR.id: "neighbour", COUNTY_LEADER.id: "county"}
        rows = self.world.state.meetings[self.meeting].read(Floor).rows
        stand = [(names[who], claim.place) for who, claim in rows.items() if claim.state != "denied"]
        return sorted(stand, key=lambda one: one[1])

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
    row = {
        "state": "waiting",
        "place": 1,
        "at": asked,
        "until": None,
        "left_ms": None,
        "reason": "",
        "answer": "",
        "over": False,
    }
    assert part == {"rows": {STATION.id: row}}


# ---------------------------------------------------------------- reasons, places, the end of the time


def claim_of(room: Room, who: Account) -> Claim:
    return room.world.state.meetings[room.meeting].read(Floor).rows[who.id]


def settle(room: Room, **changes: object) -> list[tuple[str, str]]:
    """Change how the floor is given."""
    now = room.world.state.meetings[room.meeting].read(FloorSettings).model_dump()
    return room.do(MAYOR, "floor.set", **{**now, **changes})


def test_who_asks_may_say_what_about_and_who_is_turned_down_is_told_why() -> None:
    room = Room()
    room.do(STATION, "floor.request", reason="  堤坝有渗水 ")
    assert claim_of(room, STATION).reason == "堤坝有渗水"
    room.do(NEIGHBOUR, "floor.request")
    asked = claim_of(room, STATION).at
    assert room.do(STATION, "floor.request") == []
    assert room.do(STATION, "floor.request", reason="堤坝有渗水，要沙袋") == [("floor.requested", "station")]
    assert (claim_of(room, STATION).place, claim_of(room, STATION).at) == (1, asked), "he keeps his place"
    room.do(MAYOR, "floor.deny", participant=STATION.id, reason="请先报书面情况")
    denied = claim_of(room, STATION)
    assert (denied.state, denied.place, denied.answer) == ("denied", 0, "请先报书面情况")
    assert room.stands == [("neighbour", 1)]
    assert room.do(STATION, "floor.withdraw") == []
    assert room.do(STATION, "floor.request") == [("floor.requested", "station")]
    assert (claim_of(room, STATION).answer, room.stands) == ("", [("neighbour", 1), ("station", 2)])
    room.do(MAYOR, "floor.deny", participant=STATION.id)
    assert room.do(MAYOR, "floor.grant", participant=STATION.id) == [("floor.granted", "station")]
    with refused("invalid", "reason"):
        room.do(NEIGHBOUR, "floor.request", reason="水" * 201)


def test_people_are_moved_by_hand() -> None:
    room = Room()
    for who in (STATION, NEIGHBOUR, COUNTY_LEADER):
        room.do(who, "floor.request")
    assert room.do(MAYOR, "floor.move", participant=COUNTY_LEADER.id, place=1) == [("floor.moved", "county")]
    assert room.stands == [("county", 1), ("station", 2), ("neighbour", 3)]
    assert room.do(MAYOR, "floor.move", participant=COUNTY_LEADER.id, place=1) == []
    room.do(MAYOR, "floor.move", participant=COUNTY_LEADER.id, place=99)
    assert room.stands == [("station", 1), ("neighbour", 2), ("county", 3)]
    assert room.do(MAYOR, "floor.move", participant=COUNTY_LEADER.id, place=50) == []
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    for who in (STATION, MAYOR):
        with refused("wrong_state", "participant"):
            room.do(MAYOR, "floor.move", participant=who.id, place=1)
    with refused("forbidden"):
        room.do(STATION, "floor.move", participant=NEIGHBOUR.id, place=1)


def test_higher_levels_wait_before_lower_ones_where_the_meeting_has_it_so() -> None:
    room = Room()
    for who in (STATION, COUNTY_LEADER):
        room.do(who, "floor.request")
    assert settle(room, order="level") == [("floor.changed", "")]
    assert settle(room) == []
    assert room.stands == [("county", 1), ("station", 2)]
    room.do(NEIGHBOUR, "floor.request")
    room.do(COUNTY_LEADER, "floor.withdraw")
    room.do(COUNTY_LEADER, "floor.request")
    assert room.stands == [("county", 1), ("station", 2), ("neighbour", 3)]
    settle(room, order="asked")
    assert room.stands == [("station", 1), ("neighbour", 2), ("county", 3)]
    with refused("forbidden"):
        room.do(STATION, "floor.set", order="level", at_end="ends", shows=False)


@pytest.mark.parametrize("at_end", ["ends", "mutes", "stays"])
def test_when_the_time_is_up_the_meeting_says_what_happens(at_end: str) -> None:
    room = Room()
    settle(room, at_end=at_end)
    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)
    due = room.due
    assert due is not None
    room.world.now = due.at
    made = room.do(SYSTEM_ACCOUNT, due.kind, **due.data)
    if at_end == "stays":
        assert made == [("floor.overran", "station")]
        assert (room.stands, claim_of(room, STATION).over, room.due) == ([("station", 0)], True, None)
        assert room.do(SYSTEM_ACCOUNT, due.kind, **due.data) == []
        room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)
        assert not claim_of(room, STATION).over
        assert room.due is not None
    else:
        assert room.stands == []
        assert room.is_muted(STATION) == (at_end == "mutes")


def test_who_is_given_the_floor_stands_on_the_stage_for_as_long_as_he_has_it() -> None:
    room = Room()
    settle(room, shows=True)

    def stage() -> str | None:
        return room.world.state.meetings[room.meeting].read(Stage).broadcast

    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert stage() == STATION.id
    assert [kind for kind, _ in room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id)] == [
        "floor.revoked",
        "floor.granted",
        "stage.broadcast",
    ]
    room.do(NEIGHBOUR, "floor.release")
    assert stage() is None
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    room.do(MAYOR, "stage.broadcast", participant=COUNTY_LEADER.id)
    room.do(MAYOR, "floor.revoke", participant=STATION.id)
    assert stage() == COUNTY_LEADER.id, "whom the chair has put there since stays"
    room.do(MAYOR, "floor.grant", participant=STATION.id)
    assert [kind for kind, _ in room.do(STATION, "meeting.leave")] == [
        "floor.released",
        "meeting.left",
        "stage.broadcast",
    ]


PEOPLE = (STATION, NEIGHBOUR, COUNTY_LEADER)


def test_while_the_meeting_is_paused_a_speakers_time_stands_still() -> None:
    room = Room()
    assert RULES.due is not None

    def claim(who: Account) -> Claim:
        return room.world.state.meetings[room.meeting].read(Floor).rows[who.id]

    room.do(MAYOR, "floor.grant", participant=STATION.id, seconds=60)
    room.world.now += timedelta(seconds=19)  # each command takes one more
    assert room.do(MAYOR, "meeting.pause") == [("meeting.paused", ""), ("floor.held", "station")]
    assert (claim(STATION).until, claim(STATION).left_ms) == (None, 40_000)
    room.world.now += timedelta(minutes=5)
    assert RULES.due(room.world.state.meetings[room.meeting]) is None
    assert room.do(MAYOR, "meeting.resume") == [("meeting.resumed", ""), ("floor.went_on", "station")]
    assert claim(STATION).until == to_wire(room.world.now + timedelta(seconds=40))
    assert claim(STATION).left_ms is None
    # who is given the floor meanwhile has all of his time, and without a limit nothing is held
    room.do(MAYOR, "meeting.pause")
    room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id, seconds=30)
    room.world.now += timedelta(minutes=1)
    room.do(MAYOR, "meeting.resume")
    assert claim(NEIGHBOUR).until == to_wire(room.world.now + timedelta(seconds=30))
    room.do(MAYOR, "floor.grant", participant=NEIGHBOUR.id, seconds=None)
    assert room.do(MAYOR, "meeting.pause") == [("meeting.paused", "")]
    assert room.do(MAYOR, "meeting.resume") == [("meeting.resumed", "")]


ACTS: st.SearchStrategy[tuple[Account, str, dict[str, object]]] = st.one_of(
    st.tuples(st.just(MAYOR), st.sampled_from(["meeting.pause", "meeting.resume"]), st.just({})),
    st.tuples(
        st.sampled_from(PEOPLE),
        st.sampled_from(
            [
                "floor.request",
                "floor.request",
                "floor.withdraw",
                "floor.release",
                "meeting.leave",
                "meeting.join",
            ]
        ),
        st.just({}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(["floor.grant", "floor.deny", "floor.revoke", "participant.mute"]),
        st.sampled_from(PEOPLE).map(lambda who: {"participant": who.id}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.just("floor.move"),
        st.builds(
            lambda who, place: {"participant": who.id, "place": place},
            st.sampled_from(PEOPLE),
            st.integers(1, 4),
        ),
    ),
    st.tuples(
        st.just(MAYOR),
        st.just("floor.set"),
        st.builds(
            lambda order, at_end, shows: {"order": order, "at_end": at_end, "shows": shows},
            st.sampled_from(["asked", "level"]),
            st.sampled_from(["ends", "mutes", "stays"]),
            st.booleans(),
        ),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_whatever_is_done_places_are_without_a_hole_and_one_speaks_at_most(
    acts: list[tuple[Account, str, dict[str, object]]],
) -> None:
    room = Room()
    for who, kind, data in acts:
        try:
            room.do(who, kind, **data)
        except Refusal:
            continue
        meeting = room.world.state.meetings[room.meeting]
        claims = meeting.read(Floor).rows
        waiting = sorted(claim.place for claim in claims.values() if claim.state == "waiting")
        assert waiting == list(range(1, len(waiting) + 1))
        assert sum(claim.state == "speaking" for claim in claims.values()) <= 1
        paused = meeting.read(Pause).paused
        assert all(claim.left_ms is None or paused for claim in claims.values())
        assert not paused or all(claim.until is None or claim.over for claim in claims.values())
        for one, claim in claims.items():
            assert claim.state == "denied" or meeting.seats[one].state == "joined"
    replayed = HubState()
    for entry in room.world.entries:
        apply(replayed, entry)
    assert replayed == room.world.state
