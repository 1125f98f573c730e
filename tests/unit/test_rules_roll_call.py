"""Roll call: who is called when, who answers, who is heard, and how it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import from_wire, to_wire
from hub.conference.pause import Pause
from hub.conference.roll_call import RULES
from hub.conference.roll_call_shapes import RollCall, RollCallList
from hub.conference.stage import Stage
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import replay, to_node
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

MAYOR = account("leader", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
SECOND = account("station", VILLAGE, number=1)
NEIGHBOUR = account("station", OTHER_VILLAGE)
CLERK = account("clerk", COUNTY)
STRANGER = account("leader", OTHER_COUNTY)
LISTED = [COUNTY, OTHER_VILLAGE, VILLAGE]


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting that calls a county and two villages; the mayor leads it, and those named are there."""

    def __init__(self, *here: Account) -> None:
        self.world = World()
        self.meeting = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (MAYOR, *(here or (COUNTY_LEADER, STATION, NEIGHBOUR))):
            self.do(who, "meeting.join")

    def do(self, who: Account, kind: str, **data: Any) -> list[str]:
        """Give a command; the kinds of its entries."""
        return [entry.kind for entry in self.world.do(who, kind, self.meeting, **data)]

    def begin(self, **data: Any) -> list[str]:
        return self.do(MAYOR, "roll_call.begin", **{"shows": False, **data})

    @property
    def roll(self) -> RollCall:
        return self.world.state.meetings[self.meeting].read(RollCall)

    @property
    def states(self) -> dict[str, str]:
        rows = self.world.state.meetings[self.meeting].read(RollCallList).rows
        return {code: row.state for code, row in rows.items()}

    @property
    def heard(self) -> Any:
        return to_node(self.world.state.meetings[self.meeting])["heard"]

    def expire(self) -> list[str]:
        """What the clock brings, when it does."""
        assert RULES.due is not None
        due = RULES.due(self.world.state.meetings[self.meeting])
        assert due is not None
        self.world.now = due.at
        return self.do(SYSTEM_ACCOUNT, due.kind, **due.data)


def test_one_center_after_the_other_is_called_and_only_it_and_the_chair_are_heard() -> None:
    room = Room()
    assert not room.heard
    assert room.begin() == ["roll_call.begun", "roll_call.called"]
    assert (room.roll.center, room.roll.next, room.roll.total, room.roll.waiting) == (COUNTY, VILLAGE, 3, 2)
    assert room.heard == [MAYOR.id, COUNTY_LEADER.id]
    assert room.do(COUNTY_LEADER, "roll_call.answer", situation="normal") == [
        "report.filed",
        "roll_call.answered",
    ]
    assert room.roll.center == COUNTY, "the chair speaks with it for as long as he likes"
    assert room.do(MAYOR, "roll_call.next") == ["roll_call.called"]
    assert (room.roll.center, room.roll.next) == (VILLAGE, OTHER_VILLAGE)
    assert room.heard == [MAYOR.id, STATION.id]
    assert room.do(MAYOR, "roll_call.next") == ["roll_call.unanswered", "roll_call.called"]
    assert room.heard == [MAYOR.id, NEIGHBOUR.id]
    assert room.roll.next is None
    assert room.do(MAYOR, "roll_call.next") == ["roll_call.unanswered", "roll_call.finished"]
    assert room.heard is None
    assert room.world.entries[-1].data == {
        "roll": room.roll.roll,
        "total": 3,
        "answered": 1,
        "abnormal": 0,
        "unanswered": 2,
        "skipped": 0,
        "uncalled": 0,
    }
    assert (room.roll.answered, room.roll.unanswered, room.roll.waiting) == (1, 2, 0)


def test_who_is_absent_comes_last_and_is_heard_when_he_comes_in_his_turn() -> None:
    room = Room(NEIGHBOUR)
    room.begin(order="listed", centers=[VILLAGE, COUNTY, OTHER_VILLAGE, VILLAGE], seconds=30)
    assert list(room.states) == [OTHER_VILLAGE, VILLAGE, COUNTY]
    room.do(MAYOR, "roll_call.next")
    assert room.heard == [MAYOR.id]
    until = room.roll.until
    assert room.do(STATION, "meeting.join") == ["meeting.joined", "roll_call.called"]
    assert room.heard == [MAYOR.id, STATION.id]
    assert room.roll.until != until
    assert room.do(SECOND, "meeting.join") == ["meeting.joined", "roll_call.called"]
    room.do(SECOND, "meeting.leave")
    assert room.do(SECOND, "meeting.join") == ["meeting.joined"], "whoever comes and goes does not hold it up"
    assert room.do(COUNTY_LEADER, "meeting.join") == ["meeting.joined", "meeting.assembled"]
    assert set(room.heard) == {MAYOR.id, STATION.id, SECOND.id}


def test_who_answers_out_of_his_turn_is_late_or_has_to_wait() -> None:
    room = Room()
    with refused("wrong_state"):
        room.do(STATION, "roll_call.answer", situation="normal")
    room.begin()
    with refused("wrong_state"):
        room.do(STATION, "roll_call.answer", situation="normal")
    room.do(MAYOR, "roll_call.next")
    room.do(COUNTY_LEADER, "roll_call.answer", situation="abnormal", text="水位超警戒")
    row = room.world.state.meetings[room.meeting].read(RollCallList).rows[COUNTY]
    assert (row.state, row.late, row.situation, row.by) == ("answered", True, "abnormal", COUNTY_LEADER.name)
    assert (room.roll.answered, room.roll.abnormal, room.roll.unanswered) == (1, 1, 0)
    # who said 有情况 may say more; who said 一切正常 twice says nothing new
    assert room.do(COUNTY_LEADER, "roll_call.answer", situation="abnormal", text="已转移") != []
    room.do(STATION, "roll_call.answer", situation="normal")
    assert room.do(STATION, "roll_call.answer", situation="normal") == []
    assert room.do(STATION, "roll_call.answer", situation="abnormal", text="刚发现渗水") != []
    assert (room.roll.answered, room.roll.abnormal) == (2, 2)
    with refused("wrong_state"):
        room.do(NEIGHBOUR, "roll_call.answer", situation="normal")
    with refused("invalid"):
        room.do(NEIGHBOUR, "roll_call.answer", situation="abnormal", text=" ")


def test_an_answer_is_a_report_that_reaches_those_above() -> None:
    room = Room()
    room.begin(centers=[VILLAGE])
    room.do(STATION, "roll_call.answer", situation="abnormal", text="有人员被困")
    report, alarm, answered = room.world.entries[-3:]
    assert alarm.kind == "alarm.raised"
    assert report.kind == "report.filed"
    assert (report.data["text"], report.data["report"]) == ("有人员被困", answered.data["report"])
    assert report.audience == ("meeting", f"center:{VILLAGE}")


def test_by_itself_it_goes_on_after_an_answer_and_after_the_time_and_rests_on_what_is_the_matter() -> None:
    room = Room()
    room.begin(seconds=20, automatic=True)
    assert room.do(COUNTY_LEADER, "roll_call.answer", situation="normal") == [
        "report.filed",
        "roll_call.answered",
        "roll_call.called",
    ]
    assert room.roll.center == VILLAGE
    assert room.roll.until == to_wire(room.world.now + timedelta(seconds=20))
    assert room.do(STATION, "roll_call.answer", situation="abnormal", text="渗水") == [
        "report.filed",
        "alarm.raised",
        "roll_call.answered",
        "roll_call.paused",
    ]
    assert (room.roll.state, room.heard) == ("paused", None)
    assert RULES.due is not None
    assert RULES.due(room.world.state.meetings[room.meeting]) is None
    assert room.do(MAYOR, "roll_call.resume") == ["roll_call.resumed", "roll_call.called"]
    assert room.roll.center == OTHER_VILLAGE
    assert room.expire() == ["roll_call.unanswered", "roll_call.finished"]
    assert (room.roll.answered, room.roll.abnormal, room.roll.unanswered) == (2, 1, 1)


def test_the_clock_takes_nobody_before_his_time_and_nobody_who_answered() -> None:
    room = Room()
    room.begin(seconds=20, automatic=True)
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "roll_call.expire", center=COUNTY)
    assert room.do(SYSTEM_ACCOUNT, "roll_call.expire", center=VILLAGE) == []
    room.do(MAYOR, "roll_call.pause")
    assert room.do(SYSTEM_ACCOUNT, "roll_call.expire", center=COUNTY) == []
    room.do(MAYOR, "roll_call.resume")
    assert room.roll.until is not None
    assert from_wire(room.roll.until) == room.world.now + timedelta(seconds=20), "its time begins anew"


def test_the_chair_marks_skips_calls_again_and_ends() -> None:
    room = Room()
    room.begin()
    assert room.do(MAYOR, "roll_call.mark", center=COUNTY, answered=True) == ["roll_call.answered"]
    assert room.do(MAYOR, "roll_call.mark", center=COUNTY, answered=True) == []
    assert room.do(MAYOR, "roll_call.skip", center=COUNTY) == []
    assert room.do(MAYOR, "roll_call.skip", center=VILLAGE) == ["roll_call.skipped"]
    assert room.roll.next == OTHER_VILLAGE
    assert room.do(MAYOR, "roll_call.call", center=VILLAGE) == ["roll_call.called"]
    assert (room.roll.center, room.roll.next, room.roll.skipped) == (VILLAGE, OTHER_VILLAGE, 0)
    assert room.do(MAYOR, "roll_call.call", center=VILLAGE) == []
    assert room.do(MAYOR, "roll_call.mark", center=VILLAGE, answered=False) == [
        "roll_call.unanswered",
        "roll_call.called",
    ]
    assert room.world.entries[-2].data["by_chair"] is True
    assert room.do(MAYOR, "roll_call.mark", center=VILLAGE, answered=False) == []
    assert room.do(MAYOR, "roll_call.mark", center=COUNTY, answered=False) == ["roll_call.unanswered"]
    assert room.do(MAYOR, "roll_call.skip", center=OTHER_VILLAGE) == [
        "roll_call.skipped",
        "roll_call.finished",
    ]
    assert room.states == {COUNTY: "unanswered", VILLAGE: "unanswered", OTHER_VILLAGE: "skipped"}
    with refused("not_found", "center"):
        room.begin(centers=[COUNTY])
        room.do(MAYOR, "roll_call.call", center=VILLAGE)


def test_it_rests_with_the_mutes_as_they_were() -> None:
    room = Room()
    room.do(MAYOR, "participant.mute_all")
    room.begin()
    assert room.heard == [MAYOR.id, COUNTY_LEADER.id], "whom the chair calls is heard, muted or not"
    assert room.do(MAYOR, "roll_call.pause") == ["roll_call.paused"]
    assert room.do(MAYOR, "roll_call.pause") == []
    assert room.heard is None
    assert to_node(room.world.state.meetings[room.meeting])["muted"] == [
        COUNTY_LEADER.id,
        STATION.id,
        NEIGHBOUR.id,
    ]
    assert room.do(MAYOR, "roll_call.next") == [
        "roll_call.unanswered",
        "roll_call.resumed",
        "roll_call.called",
    ]
    assert room.roll.state == "running"


def test_what_is_shown_is_the_called_centers_station() -> None:
    room = Room(account("leader", VILLAGE), STATION, COUNTY_LEADER)
    assert "stage.broadcast" in room.begin(shows=True)
    room.do(MAYOR, "roll_call.next")
    assert room.world.state.meetings[room.meeting].read(Stage).broadcast == STATION.id
    room.do(MAYOR, "roll_call.next")
    assert room.world.state.meetings[room.meeting].read(Stage).broadcast == STATION.id, (
        "nobody is there to show"
    )


def test_a_meeting_that_ends_has_the_result_before() -> None:
    room = Room()
    room.begin()
    assert room.do(MAYOR, "meeting.end")[:2] == ["roll_call.unanswered", "roll_call.finished"]
    finished = next(entry for entry in room.world.entries if entry.kind == "roll_call.finished")
    assert (finished.data["unanswered"], finished.data["uncalled"]) == (1, 2)
    kept = replay(room.world.entries, room.meeting)
    assert kept is not None
    assert kept.read(RollCall).state == "finished"
    assert kept.read(RollCallList).rows[VILLAGE].state == "uncalled"


def test_who_may_and_when() -> None:
    room = Room()
    for kind, data in (("begin", {}), ("next", {}), ("call", {"center": COUNTY}), ("finish", {})):
        with refused("forbidden"):
            room.do(STATION, f"roll_call.{kind}", **data)
        with refused("not_found"):
            room.do(STRANGER, f"roll_call.{kind}", **data)
    for kind, data in (("next", {}), ("pause", {}), ("skip", {"center": COUNTY})):
        with refused("wrong_state"):
            room.do(MAYOR, f"roll_call.{kind}", **data)
    with refused("not_found", "centers"):
        room.begin(centers=[TOWN])
    with refused("invalid", "automatic"):
        room.begin(automatic=True)
    room.begin()
    with refused("wrong_state"):
        room.begin()
    room.do(CLERK, "meeting.join")
    with refused("forbidden"):
        room.do(CLERK, "roll_call.answer", situation="normal")
    room.do(COUNTY_LEADER, "meeting.leave")
    with refused("not_joined"):
        room.do(COUNTY_LEADER, "roll_call.answer", situation="normal")


def test_while_the_meeting_is_paused_nobodys_time_to_answer_passes() -> None:
    room = Room()
    room.begin(seconds=30, automatic=True)
    room.world.now += timedelta(seconds=19)  # each command takes one more
    assert room.do(MAYOR, "meeting.pause") == ["meeting.paused", "roll_call.paused"]
    assert (room.roll.rests, room.roll.left_ms, room.heard) == ("meeting", 10_000, None)
    for kind, data in (
        ("next", {}),
        ("call", {"center": VILLAGE}),
        ("resume", {}),
        ("skip", {"center": COUNTY}),
        ("mark", {"center": COUNTY, "answered": False}),
    ):
        with refused("wrong_state"):
            room.do(MAYOR, f"roll_call.{kind}", **data)
    room.world.now += timedelta(minutes=5)
    assert room.do(MAYOR, "meeting.resume") == ["meeting.resumed", "roll_call.resumed"]
    assert (room.roll.center, room.roll.until) == (COUNTY, to_wire(room.world.now + timedelta(seconds=10)))
    assert room.heard == [MAYOR.id, COUNTY_LEADER.id]
    assert room.expire() == ["roll_call.unanswered", "roll_call.called"]
    # by key it rests on when the meeting goes on
    room.do(MAYOR, "meeting.pause")
    assert room.do(MAYOR, "roll_call.pause") == ["roll_call.paused"]
    assert room.do(MAYOR, "meeting.resume") == ["meeting.resumed"]
    assert (room.roll.state, room.roll.rests) == ("paused", "chair")
    with refused("wrong_state"):
        room.do(MAYOR, "meeting.pause")
        room.do(MAYOR, "roll_call.resume")


def test_who_answers_or_comes_while_the_meeting_is_paused_has_done_so_when_it_goes_on() -> None:
    room = Room(COUNTY_LEADER, STATION)
    room.begin(seconds=30, automatic=True)
    room.do(MAYOR, "meeting.pause")
    room.do(COUNTY_LEADER, "roll_call.answer", situation="normal")
    assert room.roll.center == COUNTY, "nobody is called meanwhile"
    assert room.do(MAYOR, "meeting.resume") == ["meeting.resumed", "roll_call.resumed", "roll_call.called"]
    assert (room.roll.center, room.states[COUNTY]) == (VILLAGE, "answered")
    # what is the matter has to be looked into first
    room.do(MAYOR, "meeting.pause")
    room.do(STATION, "roll_call.answer", situation="abnormal", text="水位上涨")
    assert room.do(MAYOR, "meeting.resume") == ["meeting.resumed"]
    assert (room.roll.state, room.roll.rests) == ("paused", "abnormal")
    room.do(MAYOR, "roll_call.next")
    assert room.roll.center == OTHER_VILLAGE
    room.do(MAYOR, "meeting.pause")
    room.world.now += timedelta(seconds=25)
    room.do(NEIGHBOUR, "meeting.join")
    room.do(MAYOR, "meeting.resume")
    assert room.roll.until == to_wire(room.world.now + timedelta(seconds=30)), "who came is called anew"
    assert NEIGHBOUR.id in room.heard


ACTS: st.SearchStrategy[tuple[Account, str, dict[str, Any]]] = st.one_of(
    st.tuples(st.just(MAYOR), st.sampled_from(["next", "pause", "resume", "finish", "begin"]), st.just({})),
    st.tuples(
        st.just(MAYOR),
        st.sampled_from(["call", "skip"]),
        st.sampled_from(LISTED).map(lambda center: {"center": center}),
    ),
    st.tuples(
        st.just(MAYOR),
        st.just("mark"),
        st.builds(
            lambda center, answered: {"center": center, "answered": answered},
            st.sampled_from(LISTED),
            st.booleans(),
        ),
    ),
    st.tuples(st.just(MAYOR), st.sampled_from(["meeting.pause", "meeting.resume"]), st.just({})),
    st.tuples(
        st.sampled_from([COUNTY_LEADER, STATION, NEIGHBOUR, SECOND]),
        st.sampled_from(["answer", "join", "leave"]),
        st.just({"situation": "normal"}),
    ),
)


@settings(max_examples=60)
@given(st.booleans(), st.lists(ACTS, max_size=25))
def test_whatever_is_done_at_most_one_center_is_heard_beside_the_chair_and_nobody_is_counted_twice(
    automatic: bool, acts: list[tuple[Account, str, dict[str, Any]]]
) -> None:
    room = Room()
    room.begin(seconds=10, automatic=automatic)
    made: list[Entry] = []
    for who, act, data in acts:
        kind = f"meeting.{act}" if act in ("join", "leave") else act if "." in act else f"roll_call.{act}"
        try:
            made += room.world.do(who, kind, room.meeting, **({} if kind.startswith("meeting.") else data))
        except Refusal:
            continue
        meeting, roll = room.world.state.meetings[room.meeting], room.roll
        centers = {meeting.seats[one].center for one in roll.heard or () if one != MAYOR.id}
        assert centers <= {roll.center}
        assert (roll.heard is not None) == (roll.state == "running")
        assert not (roll.state == "running" and meeting.read(Pause).paused), (
            "it stands still with the meeting"
        )
        assert (roll.rests == "meeting") <= meeting.read(Pause).paused
        rows = meeting.read(RollCallList).rows.values()
        assert len(rows) == roll.total == 3
        for name in ("answered", "unanswered", "skipped", "waiting"):
            assert getattr(roll, name) == sum(row.state == name for row in rows), name
        assert sum(row.state == "called" for row in rows) <= 1
        kept = replay(room.world.entries, room.meeting)
        assert kept is not None
        assert (kept.read(RollCall), kept.read(RollCallList)) == (roll, meeting.read(RollCallList))
