"""A meeting's life and the control over its participants."""

from __future__ import annotations

import pytest

from hub.conference.opening import MAX_OPEN
from hub.conference.recording import RunningRecording
from hub.conference.stage import Stage
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    World,
    account,
)

MAYOR = account("leader", CITY)
CITY_DESK = account("dispatcher", CITY)
CITY_CLERK = account("clerk", CITY)
COUNTY_LEADER = account("leader", COUNTY)
COUNTY_CLERK = account("clerk", COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
AUDITOR = account("audit_admin", CITY)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    """Expects a refusal with this code, and this field if one is given."""
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


def test_opening_calls_the_chosen_centers_and_starts_recording() -> None:
    world = World()
    opened, started = world.do(
        MAYOR, "meeting.open", title=" 防汛 ", kind="dispatch", centers=[VILLAGE, COUNTY, VILLAGE]
    )
    assert opened.kind == "meeting.opened"
    assert opened.data["title"] == "防汛"
    assert opened.data["centers"] == [CITY, VILLAGE, COUNTY]
    assert opened.data["record"] is True
    assert opened.data["chair"] == {
        "id": MAYOR.id,
        "name": MAYOR.name,
        "role": "leader",
        "center": CITY,
        "center_name": "岳阳市",
        "level": "city",
    }
    assert opened.audience == ("meeting",)
    assert started.kind == "recording.started"
    assert started.meeting == opened.meeting
    meeting = world.state.meetings[opened.meeting or ""]
    assert meeting.read(RunningRecording).running == started.data["recording"]
    assert meeting.joined == []


def test_a_subtree_is_called_whole_parents_first() -> None:
    world = World()
    opened = world.do(
        COUNTY_LEADER, "meeting.open", title="会商", kind="consultation", subtree=TOWN, record=False
    )
    assert [entry.kind for entry in opened] == ["meeting.opened"]
    assert opened[0].data["centers"] == [COUNTY, TOWN, VILLAGE, OTHER_VILLAGE]


@pytest.mark.parametrize(
    ("who", "data", "code", "field"),
    [
        (STATION, {"centers": [VILLAGE]}, "forbidden", None),
        (CITY_CLERK, {"centers": [VILLAGE]}, "forbidden", None),
        (AUDITOR, {"centers": [VILLAGE]}, "forbidden", None),
        (COUNTY_LEADER, {"centers": [CITY]}, "forbidden", "centers"),
        (COUNTY_LEADER, {"centers": [OTHER_COUNTY]}, "not_found", "centers"),
        (COUNTY_LEADER, {"centers": ["999999999999"]}, "not_found", "centers"),
        (COUNTY_LEADER, {"subtree": CITY}, "forbidden", "subtree"),
        (COUNTY_LEADER, {"subtree": OTHER_COUNTY}, "not_found", "subtree"),
        (MAYOR, {}, "invalid", "centers"),
        (MAYOR, {"centers": ["43"]}, "invalid", "centers.0"),
        (MAYOR, {"centers": [VILLAGE], "title": " "}, "invalid", "title"),
        (MAYOR, {"centers": [VILLAGE], "title": "长" * 101}, "invalid", "title"),
        (MAYOR, {"centers": [VILLAGE], "kind": "party"}, "invalid", "kind"),
        (MAYOR, {"centers": [VILLAGE], "record": "yes"}, "invalid", "record"),
        (MAYOR, {"centers": [VILLAGE], "colour": "red"}, "invalid", "colour"),
    ],
)
def test_opening_is_refused(who: Account, data: dict[str, object], code: str, field: str | None) -> None:
    with refused(code, field):
        World().do(who, "meeting.open", **{"title": "会", "kind": "dispatch", **data})


def test_the_called_join_and_leave_and_twice_changes_nothing() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    joined = world.do(STATION, "meeting.join", meeting)
    assert joined[0].data["participant"]["center_name"] == "坦渡村"
    assert joined[0].data["participant"]["id"] == STATION.id
    assert world.do(STATION, "meeting.join", meeting) == []
    assert world.do(STATION, "meeting.leave", meeting)[0].data == {"participant": STATION.id}
    assert world.do(STATION, "meeting.leave", meeting) == []
    assert [entry.kind for entry in world.do(STATION, "meeting.join", meeting)] == ["meeting.joined"]
    with refused("not_joined"):
        world.do(MAYOR, "meeting.leave", meeting)


def test_who_is_not_called_finds_no_meeting_whether_it_exists_or_not() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    answers = []
    for wanted in (meeting, "m_" + "0" * 18):
        with refused("not_found") as caught:
            world.do(NEIGHBOUR, "meeting.join", wanted)
        answers.append(caught.value.body())
    assert answers[0] == answers[1]
    with refused("not_found"):
        world.do(account("leader", COUNTY), "meeting.end", meeting)


def test_who_sees_the_meeting_uncalled_joins_only_with_control_over_it() -> None:
    world = World()
    meeting = world.open(COUNTY_LEADER, VILLAGE)
    assert world.do(MAYOR, "meeting.join", meeting)
    for watcher in (CITY_CLERK, AUDITOR):
        with refused("forbidden"):
            world.do(watcher, "meeting.join", meeting)


def test_the_meeting_outlives_its_chairs_leaving() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    world.do(MAYOR, "meeting.join", meeting)
    world.do(MAYOR, "meeting.leave", meeting)
    assert world.state.meetings[meeting].is_open
    assert world.do(STATION, "meeting.join", meeting)


def test_ending_stops_the_recording_and_closes_every_command_but_orders_and_the_clerks_note() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    world.do(STATION, "meeting.join", meeting)
    (issued,) = world.do(MAYOR, "order.issue", meeting, text="巡堤", targets=[VILLAGE])
    ended = world.do(CITY_DESK, "meeting.end", meeting)
    assert [entry.kind for entry in ended] == ["recording.stopped", "meeting.ended"]
    participant: dict[str, object] = {"participant": STATION.id}
    refusals: list[tuple[Account, str, dict[str, object]]] = [
        (MAYOR, "meeting.join", {}),
        (STATION, "meeting.leave", {}),
        (MAYOR, "meeting.end", {}),
        (MAYOR, "participant.mute", participant),
        (MAYOR, "participant.unmute", participant),
        (MAYOR, "participant.remove", participant),
        (MAYOR, "stage.broadcast", participant),
        (STATION, "report.file", {"situation": "normal"}),
        (MAYOR, "order.issue", {"text": "x", "targets": [VILLAGE]}),
        (MAYOR, "decision.record", {"text": "x"}),
        (MAYOR, "note.add", {"text": "x"}),
        (MAYOR, "recording.start", {}),
        (MAYOR, "recording.stop", {}),
    ]
    for who, kind, data in refusals:
        with refused("meeting_ended"):
            world.do(who, kind, meeting, **data)
    assert world.do(CITY_CLERK, "note.add", meeting, text="见此处")
    order = issued.data["order"]
    assert world.do(STATION, "order.sign", order=order)[0].meeting == meeting
    assert world.do(STATION, "order.progress", meeting, order=order, text="一半", percent=50)
    assert world.do(STATION, "order.complete", meeting, order=order)


def test_control_belongs_to_the_chair_its_center_and_those_above() -> None:
    world = World()
    meeting = world.open(COUNTY_LEADER, VILLAGE, TOWN)
    for who in (STATION, COUNTY_LEADER, account("leader", TOWN)):
        world.do(who, "meeting.join", meeting)
    for who in (COUNTY_LEADER, account("dispatcher", COUNTY), MAYOR, CITY_DESK):
        assert world.do(who, "participant.mute", meeting, participant=STATION.id)
        assert world.do(who, "participant.unmute", meeting, participant=STATION.id)
    for who in (STATION, account("leader", TOWN), COUNTY_CLERK, AUDITOR):
        for kind in ("participant.mute", "participant.remove", "stage.broadcast"):
            with refused("forbidden"):
                world.do(who, kind, meeting, participant=STATION.id)
        with refused("forbidden"):
            world.do(who, "meeting.end", meeting)


def test_muting_twice_changes_nothing_and_survives_rejoining() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    world.do(STATION, "meeting.join", meeting)
    world.do(MAYOR, "participant.mute", meeting, participant=STATION.id)
    assert world.do(MAYOR, "participant.mute", meeting, participant=STATION.id) == []
    world.do(STATION, "meeting.leave", meeting)
    assert world.state.meetings[meeting].muted == []
    with refused("wrong_state", "participant"):
        world.do(MAYOR, "participant.unmute", meeting, participant=STATION.id)
    world.do(STATION, "meeting.join", meeting)
    assert world.state.meetings[meeting].muted == [STATION.id]


def test_control_over_somebody_who_never_came_is_not_found() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    for kind in ("participant.mute", "participant.unmute", "participant.remove", "stage.broadcast"):
        with refused("not_found", "participant"):
            world.do(MAYOR, kind, meeting, participant=STATION.id)


def test_the_removed_do_not_come_back_and_can_do_nothing_in_the_meeting() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    world.do(STATION, "meeting.join", meeting)
    removed = world.do(MAYOR, "participant.remove", meeting, participant=STATION.id, reason="误入")
    assert removed[0].data == {"participant": STATION.id, "reason": "误入"}
    assert world.do(MAYOR, "participant.remove", meeting, participant=STATION.id) == []
    for kind, data in [("meeting.join", {}), ("meeting.leave", {}), ("report.file", {"situation": "normal"})]:
        with refused("removed"):
            world.do(STATION, kind, meeting, **data)
    with refused("wrong_state", "participant"):
        world.do(MAYOR, "participant.mute", meeting, participant=STATION.id)
    with refused("wrong_state", "participant"):
        world.do(MAYOR, "participant.remove", meeting, participant=MAYOR.id)
    world.do(CITY_DESK, "meeting.join", meeting)
    world.do(MAYOR, "participant.remove", meeting, participant=CITY_DESK.id)
    with refused("forbidden"):
        world.do(CITY_DESK, "meeting.end", meeting)


@pytest.mark.parametrize("going", ["leave", "remove"])
def test_who_goes_is_taken_off_the_stage(going: str) -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    world.do(STATION, "meeting.join", meeting)
    assert world.do(MAYOR, "stage.broadcast", meeting, participant=STATION.id)
    assert world.do(MAYOR, "stage.broadcast", meeting, participant=STATION.id) == []
    assert world.state.meetings[meeting].read(Stage).broadcast == STATION.id
    if going == "leave":
        entries = world.do(STATION, "meeting.leave", meeting)
    else:
        entries = world.do(MAYOR, "participant.remove", meeting, participant=STATION.id)
    assert [entry.kind for entry in entries][1:] == ["stage.broadcast"]
    assert entries[1].data == {"participant": None, "because": "left"}
    assert world.state.meetings[meeting].read(Stage).broadcast is None
    with refused("wrong_state", "participant"):
        world.do(MAYOR, "stage.broadcast", meeting, participant=STATION.id)


def test_the_stage_is_cleared_by_null_and_needs_the_field() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    assert world.do(MAYOR, "stage.broadcast", meeting, participant=None) == []
    with refused("invalid", "participant"):
        world.do(MAYOR, "stage.broadcast", meeting)


def test_recording_starts_and_stops_once() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    with refused("already_done"):
        world.do(MAYOR, "recording.start", meeting)
    assert [entry.kind for entry in world.do(CITY_CLERK, "recording.stop", meeting)] == ["recording.stopped"]
    with refused("already_done"):
        world.do(MAYOR, "recording.stop", meeting)
    (started,) = world.do(CITY_DESK, "recording.start", meeting)
    meeting_state = world.state.meetings[meeting]
    assert meeting_state.read(RunningRecording).running == started.data["recording"]
    assert len(meeting_state.read(RunningRecording).all) == 2
    with refused("forbidden"):
        world.do(STATION, "recording.stop", meeting)


def part_data(recording: str) -> dict[str, object]:
    return {
        "recording": recording,
        "part": "p_" + "1" * 18,
        "participant": STATION.id,
        "center": VILLAGE,
        "name": "坦渡村",
        "file": "a/b.webm",
        "tracks": [{"kind": "video", "codec": "vp8"}],
        "started_at": "2026-11-23T08:00:00Z",
    }


CLOSED = {"part": "p_" + "1" * 18, "duration_ms": 1000, "bytes": 5, "sha256": "0" * 64}


def test_parts_are_written_by_the_hub_alone_also_after_the_end() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    recording = world.state.meetings[meeting].read(RunningRecording).running or ""
    with refused("invalid", "kind"):
        world.do(MAYOR, "recording.part_open", meeting, **part_data(recording))
    opened = world.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **part_data(recording))
    assert opened[0].data["started_at"] == "2026-11-23T08:00:00.000000Z"
    assert world.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **part_data(recording)) == []
    with refused("not_found", "recording"):
        world.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **part_data("r_" + "9" * 18))
    world.do(MAYOR, "meeting.end", meeting)
    closed = world.do(SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED)
    assert closed[0].kind == "recording.part_closed"
    assert closed[0].data == {"recording": recording, **CLOSED, "holes": []}


def test_a_part_is_closed_once_while_the_meeting_runs() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    recording = world.state.meetings[meeting].read(RunningRecording).running or ""
    with refused("not_found", "part"):
        world.do(SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED)
    world.do(SYSTEM_ACCOUNT, "recording.part_open", meeting, **part_data(recording))
    assert world.do(SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED)
    assert world.do(SYSTEM_ACCOUNT, "recording.part_close", meeting, recording=recording, **CLOSED) == []


def test_the_hub_itself_gives_no_other_command() -> None:
    with refused("forbidden"):
        World().do(SYSTEM_ACCOUNT, "meeting.open", title="x", kind="dispatch", centers=[VILLAGE])


def test_a_disabled_account_can_do_nothing() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE)
    with refused("forbidden"):
        world.do(account("station", VILLAGE, disabled=True), "meeting.join", meeting)


def test_notes_carry_who_and_the_moment_meant() -> None:
    world = World()
    meeting = world.open(MAYOR, VILLAGE, COUNTY)
    (note,) = world.do(CITY_CLERK, "note.add", meeting, text="关键\r\n处", at="2026-11-23T16:00:01+08:00")
    assert note.data["text"] == "关键\n处"
    assert note.data["at"] == "2026-11-23T08:00:01.000000Z"
    assert note.data["by"] == {
        "account": CITY_CLERK.id,
        "name": CITY_CLERK.name,
        "center": CITY,
        "center_name": "岳阳市",
    }
    assert world.do(COUNTY_CLERK, "note.add", meeting, text="县里的备注")
    with refused("forbidden"):
        world.do(STATION, "note.add", meeting, text="x")
    for moment in ("2026-11-23T07:00:00Z", "2026-11-23T09:00:00Z"):
        with refused("invalid", "at"):
            world.do(CITY_CLERK, "note.add", meeting, text="x", at=moment)


def test_values_are_written_as_plain_json() -> None:
    world = World()
    meeting = world.state.meetings[world.open(MAYOR, VILLAGE)]
    assert world.entries[0].data["chair"] == meeting.chair.model_dump(mode="json")
    assert TREE[meeting.chair.center].name == meeting.chair.center_name


def test_one_account_keeps_only_so_many_meetings_open() -> None:
    world = World()
    meetings = [world.open(MAYOR, VILLAGE, record=False) for _ in range(MAX_OPEN)]
    with refused("too_many"):
        world.open(MAYOR, VILLAGE)
    world.open(CITY_DESK, VILLAGE)
    world.do(MAYOR, "meeting.end", meetings[0])
    world.open(MAYOR, VILLAGE)


def test_all_are_muted_at_once_but_the_chair_and_whom_he_names_and_who_joins_later_is_heard() -> None:
    world = World()
    meeting = world.open(MAYOR, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE)
    county, town = account("leader", COUNTY), account("station", TOWN)
    for who in (MAYOR, county, town, STATION):
        world.do(who, "meeting.join", meeting)
    world.do(STATION, "meeting.leave", meeting)
    [muted] = world.do(MAYOR, "participant.mute_all", meeting, but=[town.id, town.id])
    assert muted.data == {"but": sorted([town.id, MAYOR.id])}
    assert world.state.meetings[meeting].muted == [county.id]
    assert world.do(MAYOR, "participant.mute_all", meeting, but=[town.id]) == []
    world.do(STATION, "meeting.join", meeting)
    assert world.state.meetings[meeting].muted == [county.id], "who joins later is heard"
    world.do(MAYOR, "participant.mute_all", meeting)
    assert set(world.state.meetings[meeting].muted) == {county.id, town.id, STATION.id}
    world.do(STATION, "meeting.leave", meeting)
    with refused("forbidden"):
        world.do(town, "participant.unmute_all", meeting)
    assert world.do(MAYOR, "participant.unmute_all", meeting)
    world.do(STATION, "meeting.join", meeting)
    assert world.state.meetings[meeting].muted == [], "also who was away then"
    assert world.do(MAYOR, "participant.unmute_all", meeting) == []
