"""Control with several nodes: sessions are spread, nodes of one meeting are linked, a lost one leaves nothing behind."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.coordination_stand import LEADER, STATION, Peer, Stand, standing
from tests.support.waiting import eventually

Data = dict[str, Any]


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    async with standing(monkeypatch) as stand:
        yield stand


def _media(number: int) -> Data:
    return {"host": "127.0.0.1", "port": 7000 + number}


async def _two_nodes(stand: Stand, **second: Any) -> tuple[Peer, Peer]:
    first = stand.node(id="n1", media=_media(1))
    other = stand.node(id="n2", pid=2, media=_media(2), **second)
    await eventually(lambda: len(stand.coordination._nodes) == 2)
    return first, other


def _stream(relay: str, meeting: str, ssrc: int, state: str = "open") -> Data:
    return {
        "relay": relay,
        "meeting": meeting,
        "participant": STATION.id,
        "peer": "s_1",
        "kind": "video",
        "ssrc": ssrc,
        "state": state,
    }


async def _linked(stand: Stand) -> tuple[Peer, Peer, str, str]:
    """Two nodes with one participant each in one meeting, and the relay between them."""
    a, b = await _two_nodes(stand)
    meeting = await stand.meeting()
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await stand.coordination.open(LEADER, meeting, "watch", "v=0")
    await eventually(lambda: bool(a.of("relay.open")) and bool(b.of("relay.open")))
    return a, b, meeting, a.of("relay.open")[0]["relay"]


async def test_participants_are_spread_and_an_accounts_sessions_stay_together(stand: Stand) -> None:
    a, b = await _two_nodes(stand)
    meeting = await stand.meeting()
    for account in (STATION, LEADER):
        for direction in ("publish", "watch", "watch"):
            await stand.coordination.open(account, meeting, direction, "v=0")
    placed = {node: {call["participant"] for call in node.of("peer.open")} for node in (a, b)}
    assert placed[a] | placed[b] == {STATION.id, LEADER.id}
    assert not placed[a] & placed[b]
    assert Counter(len(node.of("peer.open")) for node in (a, b)) == {3: 2}


async def test_the_relay_between_two_nodes_has_the_same_keys_crossed(stand: Stand) -> None:
    a, b, meeting, _ = await _linked(stand)
    [at_a], [at_b] = a.of("relay.open"), b.of("relay.open")
    assert at_a["relay"] == at_b["relay"]
    assert (at_a["node"], at_b["node"]) == ("n2", "n1")
    assert (at_a["port"], at_b["port"]) == (7002, 7001)
    assert at_a["send_key"] == at_b["receive_key"] != at_a["receive_key"] == at_b["send_key"]
    assert len(bytes.fromhex(at_a["send_key"])) == 28
    assert {at_a["meeting"], at_b["meeting"]} == {meeting}


async def test_a_stream_of_one_node_is_told_to_the_other_and_to_no_recorder(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    recorder = stand.recorder()
    await stand.ready(node=True, recorder=True)
    a.tell("relay.stream", _stream(relay, meeting, 7))
    a.tell("relay.told", {"relay": relay, "ssrcs": [7]})
    a.tell("relay.stream", _stream(relay, meeting, 7, "closed"))
    await eventually(lambda: len(b.passed) == 3)
    assert [(event, data.get("state")) for event, data in b.passed] == [
        ("stream", "open"),
        ("told", None),
        ("stream", "closed"),
    ]
    assert not a.passed
    assert not recorder.heard


async def test_a_lost_node_leaves_no_relay_and_its_participants_go_to_the_other(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    lost, kept = (a, b) if a.of("peer.open")[0]["participant"] == STATION.id else (b, a)
    session = lost.of("peer.open")[0]["peer"]
    await lost.die()
    await eventually(lambda: stand.closed(session) == ["node_lost"])
    await eventually(lambda: [call["relay"] for call in kept.of("relay.close")] == [relay])
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    assert kept.of("peer.open")[-1]["participant"] == STATION.id
    assert len(kept.of("relay.open")) == 1
    # The node comes back empty: it takes new sessions, and is linked when it does.
    back = stand.node(id=lost.hello["id"], pid=99, media=_media(9))
    await eventually(lambda: len(stand.coordination._nodes) == 2)
    await stand.coordination.open(LEADER, meeting, "watch", "v=0")
    assert kept.of("peer.open")[-1]["participant"] == LEADER.id, "his other session is there"
    assert back.of("peer.open") == []


async def test_a_node_that_lost_only_its_link_keeps_its_relay(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    a.tell("relay.stream", _stream(relay, meeting, 7))
    await eventually(lambda: len(b.passed) == 1)
    peers = [
        {
            "peer": call["peer"],
            "meeting": meeting,
            "participant": call["participant"],
            "direction": call["direction"],
            "etag": "one",
            "connected": True,
        }
        for call in a.of("peer.open")
    ]
    await a.die()
    again = stand.node(
        id="n1",
        media=_media(1),
        peers=peers,
        meetings=[{"meeting": meeting}],
        relays=[{"relay": relay, "meeting": meeting, "node": "n2"}],
    )
    await eventually(lambda: bool(again.of("meeting.set")))
    again.tell("relay.stream", _stream(relay, meeting, 8))
    again.tell("relay.told", {"relay": relay, "ssrcs": [8]})
    await eventually(lambda: ("told", {"relay": relay, "ssrcs": [8]}) in b.passed)
    assert again.of("relay.open") == again.of("relay.close") == b.of("relay.close") == []
    # What the other node had is told to the one that came back.
    b.tell("relay.stream", _stream(relay, meeting, 9))
    await eventually(lambda: [data["ssrc"] for _, data in again.passed] == [9])


async def test_a_relay_that_only_one_node_has_is_closed_and_made_anew(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    await a.die()
    peers = [
        {
            "peer": call["peer"],
            "meeting": meeting,
            "participant": call["participant"],
            "direction": call["direction"],
            "etag": "one",
            "connected": True,
        }
        for call in a.of("peer.open")
    ]
    again = stand.node(id="n1", pid=3, media=_media(1), peers=peers, meetings=[{"meeting": meeting}])
    await eventually(lambda: bool(again.of("relay.open")))
    assert [call["relay"] for call in b.of("relay.close")] == [relay]
    assert again.of("relay.open")[0]["relay"] != relay
    assert again.of("relay.open")[0]["send_key"] == b.of("relay.open")[-1]["receive_key"]


async def test_the_last_session_of_a_node_takes_its_relay_along(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    await stand.writer.give(STATION, "meeting.leave", meeting=meeting)
    await eventually(lambda: bool(a.of("relay.close")) and bool(b.of("relay.close")))
    assert a.of("relay.close")[0]["relay"] == b.of("relay.close")[0]["relay"] == relay


async def test_the_end_of_a_meeting_closes_its_relays_at_both_nodes(stand: Stand) -> None:
    a, b, meeting, relay = await _linked(stand)
    await stand.writer.give(LEADER, "meeting.end", meeting=meeting)
    for node in (a, b):
        await eventually(functools.partial(node.of, "meeting.close"))
        assert [call["relay"] for call in node.of("relay.close")] == [relay]


async def test_broadcast_and_mutes_reach_every_node_of_the_meeting(stand: Stand) -> None:
    a, b, meeting, _ = await _linked(stand)
    await stand.writer.give(LEADER, "participant.mute", {"participant": STATION.id}, meeting)
    await eventually(lambda: [node.of("meeting.set")[-1]["muted"] for node in (a, b)] == [[STATION.id]] * 2)


async def test_each_node_feeds_the_recording_over_its_own_relay(stand: Stand) -> None:
    a, b = await _two_nodes(stand)
    recorder = stand.recorder()
    await stand.ready(node=True, recorder=True)
    meeting = await stand.meeting(record=True)
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await stand.coordination.open(LEADER, meeting, "publish", "v=0")

    def feeds(node: Peer) -> list[str]:
        return [call["relay"] for call in node.of("relay.open") if "node" not in call]

    await eventually(lambda: len(feeds(a)) == len(feeds(b)) == 1)
    assert feeds(a) != feeds(b)
    asked = [call["relay"] for call in recorder.of("recording.open")]
    assert sorted(asked) == sorted([*feeds(a), *feeds(b)]), "each relay has keys of its own"
    for number, node in enumerate((a, b)):
        node.tell("relay.stream", _stream(feeds(node)[0], meeting, number))
    await eventually(lambda: sorted(stream["ssrc"] for stream in recorder.heard) == [0, 1])
    # A recorder that comes back empty is fed by both again.
    await recorder.die()
    await stand.ready(node=True)
    stand.recorder()
    await eventually(lambda: len(feeds(a)) == len(feeds(b)) == 2)


async def test_the_recorder_is_told_that_the_streams_of_a_lost_node_have_ended(stand: Stand) -> None:
    a, b = await _two_nodes(stand)
    recorder = stand.recorder()
    await stand.ready(node=True, recorder=True)
    meeting = await stand.meeting(record=True)
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    feeding = a if a.of("peer.open") else b
    await eventually(lambda: bool(feeding.of("relay.open")))
    relay = feeding.of("relay.open")[0]["relay"]
    feeding.tell("relay.stream", _stream(relay, meeting, 7))
    await eventually(lambda: bool(recorder.heard))
    await feeding.die()
    await eventually(lambda: len(recorder.heard) == 2, why="else it would miss them for ever")
    assert [(stream["ssrc"], stream["state"]) for stream in recorder.heard] == [(7, "open"), (7, "closed")]


async def test_a_full_node_is_passed_over(stand: Stand) -> None:
    a, b = await _two_nodes(stand)
    a.full = True
    meeting = await stand.meeting()
    for account, direction in itertools.product((STATION, LEADER), ("publish", "watch")):
        await stand.coordination.open(account, meeting, direction, "v=0")
    assert len(b.of("peer.open")) == 4


async def test_the_node_of_a_county_serves_its_own_centers(stand: Stand) -> None:
    city, county = await _two_nodes(stand, region="430682")
    meeting = await stand.meeting()
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    await stand.coordination.open(LEADER, meeting, "publish", "v=0")
    assert [call["participant"] for call in county.of("peer.open")] == [STATION.id]
    assert [call["participant"] for call in city.of("peer.open")] == [LEADER.id]


async def test_a_second_node_of_the_same_name_is_refused(stand: Stand) -> None:
    first = stand.node(id="n1", pid=1)
    await stand.ready(node=True)
    second = stand.node(id="n1", pid=2)
    meeting = await stand.meeting()
    await stand.coordination.open(STATION, meeting, "publish", "v=0")
    assert len(first.of("peer.open")) == 1
    assert second.asked == []


async def test_levels_of_all_nodes_are_told_together(stand: Stand) -> None:
    a, b, meeting, _ = await _linked(stand)
    a.tell("levels", {"meeting": meeting, "levels": {STATION.id: 30}, "speaker": STATION.id})
    b.tell("levels", {"meeting": meeting, "levels": {LEADER.id: 20}, "speaker": LEADER.id})

    def last() -> Data:
        told = [event for _, event in stand.told if event["kind"] == "levels"]
        return told[-1] if told else {}

    await eventually(lambda: bool(last()))
    a.tell("levels", {"meeting": meeting, "levels": {STATION.id: 31}, "speaker": STATION.id})

    async def both() -> bool:
        b.tell("levels", {"meeting": meeting, "levels": {LEADER.id: 20}, "speaker": LEADER.id})
        return bool(last()["levels"].keys() == {STATION.id, LEADER.id})

    await eventually(both)
    assert last()["speaker"] == LEADER.id


async def test_sources_of_a_lost_node_are_no_sources_any_more(stand: Stand) -> None:
    a, b, meeting, _ = await _linked(stand)
    a.tell("sources", {"meeting": meeting, "sources": [{"participant": "x", "peer": "s", "video": "vp8"}]})
    b.tell("sources", {"meeting": meeting, "sources": [{"participant": "y", "peer": "t", "video": "vp8"}]})

    def sources() -> set[str]:
        known: set[str] = set()
        for _, event in stand.told:
            if event["kind"] == "sources":
                known = (known | {row["participant"] for row in event["sources"]}) - set(event["gone"])
        return known

    await eventually(lambda: sources() == {"x", "y"})
    await a.die()
    await eventually(lambda: sources() == {"y"})
