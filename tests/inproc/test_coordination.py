"""Control against a node and a recorder that dial, die and come back: what ought to be is brought about again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from hub.clock import from_wire, system_clock
from hub.errors import Refusal
from tests.support.coordination_stand import LEADER, STATION, VILLAGE, Stand, standing
from tests.support.waiting import eventually


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    async with standing(monkeypatch) as stand:
        yield stand


async def test_without_a_node_a_session_is_refused_as_unavailable(stand: Stand) -> None:
    meeting = await stand.meeting()
    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(LEADER, meeting, "publish", "v=0")
    assert refused.value.code == "unavailable"


async def test_who_has_not_joined_gets_no_session(stand: Stand) -> None:
    stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    await stand.writer.give(STATION, "meeting.leave", meeting=meeting)
    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(STATION, meeting, "publish", "v=0")
    assert refused.value.code == "not_joined"


async def test_a_node_knows_broadcast_and_muted_before_the_first_peer(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    await stand.writer.give(LEADER, "stage.broadcast", {"participant": STATION.id}, meeting)
    await stand.writer.give(LEADER, "participant.mute", {"participant": STATION.id}, meeting)
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    methods = [name for name, _ in node.asked]
    assert methods.index("meeting.set") < methods.index("peer.open")
    truth: dict[str, Any] = {
        "meeting": meeting,
        "broadcast": STATION.id,
        "muted": [STATION.id],
        "heard": None,
    }
    aside = {"apart": [], "deaf": [], "listeners": {}, "paused": False, "views": {}, "second": None}
    assert node.of("meeting.set")[-1] == {**truth, **aside}


async def test_a_second_publisher_session_replaces_the_first(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    first = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    assert stand.closed(first.id) == ["replaced"]
    await eventually(lambda: node.of("peer.close") == [{"peer": first.id, "reason": "replaced"}])


async def test_sessions_of_others_look_like_none(stand: Stand) -> None:
    stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    session = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    with pytest.raises(Refusal) as refused:
        stand.coordination.session_etag(LEADER, session.id)
    assert refused.value.code == "not_found"
    with pytest.raises(Refusal) as refused:
        await stand.coordination.close(LEADER, session.id)
    assert refused.value.code == "not_found"


async def test_a_node_that_comes_back_empty_has_its_sessions_told_lost(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    session = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await node.die()
    again = stand.node()
    await eventually(lambda: stand.closed(session.id) == ["node_lost"])
    opened = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    assert opened.id != session.id
    assert again.of("meeting.set")[-1]["meeting"] == meeting


async def test_a_node_that_does_not_come_back_has_its_sessions_told_lost(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    session = await stand.coordination.open(STATION, await stand.meeting(), "publish", "v=0")
    await node.die()
    await eventually(lambda: stand.closed(session.id) == ["node_lost"])


async def test_a_restarted_control_takes_the_sessions_of_a_node_as_they_are(stand: Stand) -> None:
    meeting = await stand.meeting()
    stranger = "s_01m82v7m00dg4wd229"
    mine = "s_01m82v7m00dg4wd227"
    peers = [
        {
            "peer": mine,
            "meeting": meeting,
            "participant": STATION.id,
            "direction": "publish",
            "etag": "e",
            "connected": True,
        },
        {
            "peer": stranger,
            "meeting": "m_gone",
            "participant": "a_x",
            "direction": "watch",
            "etag": "e",
            "connected": True,
        },
    ]
    node = stand.node(peers=peers, meetings=[{"meeting": meeting}, {"meeting": "m_gone"}])
    await eventually(lambda: bool(node.of("meeting.set")))
    assert stand.coordination.session_etag(STATION, mine) == "e"
    assert stand.coordination.publishing(meeting) == {STATION.id}
    assert node.of("peer.close") == [{"peer": stranger, "reason": "ended"}]
    assert node.of("meeting.close") == [{"meeting": "m_gone"}]


async def test_a_removed_participant_loses_his_sessions(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    session = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await stand.writer.give(LEADER, "participant.remove", {"participant": STATION.id}, meeting)
    await eventually(lambda: stand.closed(session.id) == ["removed"])
    await eventually(lambda: node.of("peer.close") == [{"peer": session.id, "reason": "removed"}])


async def test_the_end_of_a_meeting_closes_everything_and_stops_the_recording(stand: Stand) -> None:
    node, recorder = stand.node(), stand.recorder()
    await stand.ready(node=True, recorder=True)
    meeting = await stand.meeting(record=True)
    session = await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await eventually(lambda: bool(node.of("relay.open")))
    await stand.writer.give(LEADER, "meeting.end", meeting=meeting)
    await eventually(lambda: stand.closed(session.id) == ["ended"])
    await eventually(lambda: bool(recorder.of("recording.close")) and bool(node.of("meeting.close")))
    assert node.of("relay.close")[0]["relay"] == node.of("relay.open")[0]["relay"]


async def test_a_stream_of_a_relay_reaches_the_recorder_with_the_name_of_its_center(stand: Stand) -> None:
    node, recorder = stand.node(), stand.recorder()
    await stand.ready(node=True, recorder=True)
    meeting = await stand.meeting(record=True)
    await eventually(lambda: bool(node.of("relay.open")))
    stream = {
        "relay": node.of("relay.open")[0]["relay"],
        "meeting": meeting,
        "participant": STATION.id,
        "peer": "s_1",
        "kind": "video",
        "codec": "vp8",
        "ssrc": 7,
        "state": "open",
    }
    node.tell("relay.stream", stream)
    await eventually(lambda: bool(recorder.heard))
    assert recorder.heard[0]["name"] == "坦渡村"
    assert recorder.heard[0]["center"] == VILLAGE


async def test_a_recorder_that_comes_back_empty_is_wired_anew_with_fresh_keys(stand: Stand) -> None:
    node, recorder = stand.node(), stand.recorder()
    await stand.ready(node=True, recorder=True)
    await stand.meeting(record=True)
    await eventually(lambda: len(node.of("relay.open")) == 1)
    await recorder.die()
    await stand.ready(node=True)
    stand.recorder()
    await eventually(lambda: len(node.of("relay.open")) == 2)
    first, second = node.of("relay.open")
    assert node.of("relay.close") == [{"relay": first["relay"]}]
    assert second["relay"] != first["relay"]


async def test_a_relay_that_fails_at_the_node_is_wired_anew_within_seconds(stand: Stand) -> None:
    node, recorder = stand.node(), stand.recorder()
    await stand.ready(node=True, recorder=True)
    meeting = await stand.meeting(record=True)
    await eventually(lambda: len(node.of("relay.open")) == 1)
    first = node.of("relay.open")[0]
    stream = {"relay": first["relay"], "meeting": meeting, "participant": STATION.id, "peer": "s_1"}
    node.tell("relay.stream", {**stream, "kind": "video", "codec": "vp8", "ssrc": 7, "state": "open"})
    await eventually(lambda: bool(recorder.heard))
    node.tell("relay.failed", {"relay": first["relay"], "meeting": meeting})
    await eventually(lambda: len(node.of("relay.open")) == 2, timeout_s=5)
    assert node.of("relay.open")[1]["relay"] != first["relay"]
    assert [told["state"] for told in recorder.heard] == ["open", "closed"]
    assert len(recorder.of("recording.open")) == 2, "keys are fresh"


async def test_a_restarted_control_leaves_a_running_recording_alone_and_tells_its_streams(
    stand: Stand,
) -> None:
    meeting = await stand.meeting(record=True)
    recording = next(e.data["recording"] for e in stand.writer.entries if e.kind == "recording.started")
    stream = {
        "relay": f"{recording}.aa",
        "meeting": meeting,
        "participant": STATION.id,
        "peer": "s_1",
        "kind": "audio",
        "codec": "opus",
        "ssrc": 9,
        "state": "open",
    }
    node = stand.node(relays=[{"relay": f"{recording}.aa", "meeting": meeting}])
    recorder = stand.recorder({"recording": recording, "meeting": meeting})
    await stand.ready(node=True, recorder=True)
    node.tell("relay.stream", stream)
    await eventually(lambda: bool(recorder.heard))
    assert json.loads(json.dumps(recorder.heard[0]))["ssrc"] == 9
    assert node.of("relay.open") == []
    assert recorder.of("recording.open") == []


async def test_a_recording_that_ought_not_to_run_is_closed(stand: Stand) -> None:
    recorder = stand.recorder({"recording": "r_stray", "meeting": "m_gone"})
    await eventually(lambda: recorder.of("recording.close") == [{"recording": "r_stray"}])


async def test_a_part_told_twice_is_the_same_command(stand: Stand) -> None:
    recorder = stand.recorder()
    await stand.ready(recorder=True)
    meeting = await stand.meeting(record=True)
    recording = next(e.data["recording"] for e in stand.writer.entries if e.kind == "recording.started")
    assert recorder.dialer.link is not None
    part = {
        "recording": recording,
        "meeting": meeting,
        "part": "p_01m82v7m00dg4wd228",
        "participant": STATION.id,
        "center": VILLAGE,
        "name": "坦渡村",
        "file": "m/r/p.webm",
        "tracks": [{"kind": "video", "codec": "vp8"}],
        "started_at": "2026-11-23T08:00:00.000000Z",
    }
    await recorder.dialer.link.call("part.opened", part)
    assert [e.kind for e in stand.writer.entries][-1] == "recording.part_opened"
    assert stand.writer.entries[-1].meeting == meeting


async def test_a_recording_without_recorder_is_told_as_waiting_and_as_recording_when_it_is_back(
    stand: Stand,
) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting(record=True)

    def told() -> list[tuple[str, str | None]]:
        return [(e["state"], e["reason"]) for account, e in stand.told if e["kind"] == "recording"]

    await eventually(
        lambda: told() == [("waiting", "no_recorder")], 5, "nobody hears that nothing is recorded"
    )
    assert stand.coordination.recording_state(meeting) == ("waiting", "no_recorder")
    assert not stand.coordination.parts_ready()["recording"]
    held = stand.coordination.media_events(meeting, LEADER)
    assert {"meeting": meeting, "kind": "recording", "state": "waiting", "reason": "no_recorder"} in held
    recorder = stand.recorder()
    await eventually(lambda: told()[1:] == [("recording", None)], 5, "the recording is not told to go on")
    await stand.ready(node=True, recorder=True)
    recording = recorder.of("recording.open")[0]["recording"]
    recorder.tell("writing", {"recording": recording, "writing": False, "reason": "disk_full"})
    await eventually(lambda: told()[2:] == [("waiting", "disk_full")], 5, "the full disk is not told")
    recorder.tell("writing", {"recording": recording, "writing": True, "reason": None})
    recorder.tell("fed", {"recording": recording, "fed": False, "reason": None})
    await eventually(lambda: told()[3:] == [("waiting", "not_fed")], 5, "nobody hears that nothing comes")
    assert node.of("relay.open")
    await stand.writer.give(LEADER, "recording.stop", meeting=meeting)
    assert stand.coordination.recording_state(meeting) is None
    await stand.ready(node=True, recorder=True)


async def test_the_recorder_is_told_what_time_it_is_when_it_links_and_again_and_again(stand: Stand) -> None:
    recorder = stand.recorder()
    await eventually(lambda: len(recorder.times) >= 2, 5, "the recorder goes by a clock of its own")
    assert abs((from_wire(recorder.times[-1]["at"]) - system_clock()).total_seconds()) < 2
    await recorder.die()
    again = stand.recorder()
    await eventually(lambda: bool(again.times), 5)


async def test_many_mutes_make_few_calls_and_the_last_one_tells_the_newest_truth(stand: Stand) -> None:
    node = stand.node()
    await stand.ready(node=True)
    meeting = await stand.meeting()
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    before = len(node.of("meeting.set"))
    for number in range(100):
        kind = "participant.mute" if number % 2 == 0 else "participant.unmute"
        await stand.writer.give(LEADER, kind, {"participant": STATION.id}, meeting)
    await stand.writer.give(LEADER, "participant.mute", {"participant": STATION.id}, meeting)
    await eventually(lambda: node.of("meeting.set")[-1]["muted"] == [STATION.id])
    assert len(node.of("meeting.set")) - before < 60
