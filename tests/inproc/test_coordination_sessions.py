"""Media sessions of one account: what a refused offer leaves, whose sign-in ends which, and how many there may be."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator

import pytest

from hub.coordination import closing, service
from hub.coordination.allowance import AWAITED_PER_ACCOUNT, SESSIONS_PER_ACCOUNT
from hub.coordination.sessions import MediaSession, to_link
from hub.errors import Refusal
from tests.support.coordination_stand import LEADER, STATION, Peer, Stand, standing
from tests.support.waiting import eventually

HERE, THERE = (hashlib.sha256(word).hexdigest() for word in (b"here", b"there"))


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    async with standing(monkeypatch) as stand:
        yield stand


async def ready_node(stand: Stand) -> Peer:
    node = stand.node()
    await stand.ready(node=True)
    return node


def connect(node: Peer, *sessions: MediaSession) -> None:
    for session in sessions:
        node.tell("peer", {"peer": session.id, "state": "connected", "reason": ""})


async def connected(stand: Stand, count: int) -> None:
    """Until so many watching sessions are known to be connected."""
    sessions = stand.coordination.media_counts
    await eventually(lambda: sessions().sessions.get(("watch", "camera", True)) == count)


# -- joining by an offer


@pytest.mark.parametrize("code", ["malformed", "unprocessable", "too_many", "unavailable"])
async def test_a_refused_offer_does_not_join(stand: Stand, code: str) -> None:
    node = await ready_node(stand)
    meeting = await stand.meeting()
    await stand.writer.give(STATION, "meeting.leave", meeting=meeting)
    node.refusing["peer.open"] = Refusal(code, "no")
    joined: list[str] = []

    async def join() -> None:
        joined.append(meeting)

    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(STATION, meeting, "watch", "v=0", join=join)
    assert refused.value.code == code
    assert joined == []


async def test_one_joins_once_the_offer_holds_and_before_anybody_has_the_answer(stand: Stand) -> None:
    node = await ready_node(stand)
    meeting = await stand.meeting()
    await stand.writer.give(STATION, "meeting.leave", meeting=meeting)
    opened_before_joining: list[int] = []

    async def join() -> None:
        opened_before_joining.append(len(node.of("peer.open")))
        await stand.writer.give(STATION, "meeting.join", meeting=meeting)

    await stand.coordination.open(STATION, meeting, "watch", "v=0", join=join)
    assert opened_before_joining == [1]


async def test_who_may_not_join_keeps_no_session(stand: Stand) -> None:
    node = await ready_node(stand)
    meeting = await stand.meeting()
    await stand.writer.give(LEADER, "participant.remove", {"participant": STATION.id}, meeting)

    async def join() -> None:
        await stand.writer.give(STATION, "meeting.join", meeting=meeting)

    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(STATION, meeting, "watch", "v=0", join=join)
    assert refused.value.code == "removed"
    opened = node.of("peer.open")[0]["peer"]
    await eventually(lambda: [each["peer"] for each in node.of("peer.close")] == [opened])
    with pytest.raises(Refusal):
        stand.coordination.session_etag(STATION, opened)


# -- whose sign-in ends which


async def test_a_sign_in_takes_its_own_sessions_with_it_and_no_others(stand: Stand) -> None:
    node = await ready_node(stand)
    meeting = await stand.meeting()
    mine = [
        await stand.coordination.open(STATION, meeting, direction, "v=0", access=HERE)
        for direction in ("publish", "watch")
    ]
    other = await stand.coordination.open(STATION, meeting, "watch", "v=0", access=THERE)
    chairs = await stand.coordination.open(LEADER, meeting, "watch", "v=0", access=to_hex("chair"))
    assert stand.coordination.accesses() == {HERE: STATION.id, THERE: STATION.id, to_hex("chair"): LEADER.id}
    stand.coordination.withdraw(HERE)
    assert [stand.closed(session.id) for session in (*mine, other, chairs)] == [
        ["withdrawn"],
        ["withdrawn"],
        [],
        [],
    ]
    wanted = [{"peer": session.id, "reason": "withdrawn"} for session in mine]
    await eventually(lambda: node.of("peer.close") == wanted)
    assert stand.coordination.accesses() == {THERE: STATION.id, to_hex("chair"): LEADER.id}


def to_hex(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


async def test_the_node_keeps_under_which_sign_in_a_session_was_opened(stand: Stand) -> None:
    meeting = await stand.meeting()
    peer = {
        "peer": "s_01m82v7m00dg4wd227",
        "meeting": meeting,
        "participant": STATION.id,
        "direction": "publish",
        "etag": "e",
        "connected": True,
    }
    unknown = {**peer, "peer": "s_01m82v7m00dg4wd228", "direction": "watch"}
    node = stand.node(peers=[{**peer, "access": to_link(HERE)}, unknown])
    await eventually(lambda: stand.coordination.accesses() == {HERE: STATION.id})
    await stand.coordination.open(STATION, meeting, "watch", "v=0", access=THERE)
    assert node.of("peer.open")[0]["access"] == to_link(THERE)
    stand.coordination.withdraw(HERE)
    assert stand.closed(str(peer["peer"])) == ["withdrawn"]
    assert stand.closed(str(unknown["peer"])) == ["withdrawn"], "of which it is not known goes with any"


async def test_what_a_node_did_not_close_is_closed_again_also_over_its_next_link(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "RETRY_S", 0.05)
    node = await ready_node(stand)
    meeting = await stand.meeting()
    session = await stand.coordination.open(STATION, meeting, "publish", "v=0", access=HERE)
    node.refusing["peer.close"] = Refusal("unavailable", "it hangs")
    stand.coordination.withdraw(HERE)
    await eventually(lambda: len(node.of("peer.close")) >= 3, why="it is not asked again")
    await node.die()
    peer = {
        "peer": session.id,
        "meeting": meeting,
        "participant": STATION.id,
        "direction": "publish",
        "etag": "e",
        "connected": True,
        "access": to_link(HERE),
    }
    again = stand.node(peers=[peer])
    await eventually(lambda: again.of("peer.close") == [{"peer": session.id, "reason": "ended"}])
    assert stand.coordination.accesses() == {}


# -- how many there may be


async def test_sessions_that_never_connect_are_few_and_short_lived(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "NOT_CONNECTED_S", 0.3)
    node = await ready_node(stand)
    meetings = [await stand.meeting() for _ in range(4)]
    opened = [
        await stand.coordination.open(STATION, meetings[number % 4], "watch", "v=0")
        for number in range(AWAITED_PER_ACCOUNT)
    ]
    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(STATION, meetings[0], "watch", "v=0")
    assert refused.value.code == "too_many"
    await stand.coordination.open(LEADER, meetings[0], "watch", "v=0")
    connect(node, opened[0])
    await connected(stand, 1)
    await stand.coordination.open(STATION, meetings[0], "watch", "v=0")
    await eventually(
        lambda: [stand.closed(one.id) for one in opened[1:]] == [["not_connected"]] * (len(opened) - 1)
    )
    assert stand.closed(opened[0].id) == []
    await stand.coordination.open(STATION, meetings[0], "watch", "v=0")


async def test_an_account_has_so_many_sessions_over_all_meetings_and_others_have_theirs(stand: Stand) -> None:
    node = await ready_node(stand)
    meetings = [await stand.meeting() for _ in range(SESSIONS_PER_ACCOUNT // 8)]
    for number in range(SESSIONS_PER_ACCOUNT):
        connect(node, await stand.coordination.open(STATION, meetings[number // 8], "watch", "v=0"))
        await connected(stand, number + 1)
    with pytest.raises(Refusal) as refused:
        await stand.coordination.open(STATION, meetings[0], "publish", "v=0")
    assert refused.value.code == "too_many"
    # One that takes the place of an older one is no more than there were.
    await stand.coordination.open(STATION, meetings[0], "watch", "v=0")
    await stand.coordination.open(LEADER, meetings[0], "publish", "v=0")


async def test_offers_at_the_same_moment_are_counted_too(stand: Stand) -> None:
    await ready_node(stand)
    meetings = [await stand.meeting() for _ in range(8)]
    opening = [
        stand.coordination.open(STATION, meetings[number % 8], "watch", "v=0")
        for number in range(2 * AWAITED_PER_ACCOUNT)
    ]
    answers = await asyncio.gather(*opening, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, Refusal)]
    assert [each.code for each in refused] == ["too_many"] * AWAITED_PER_ACCOUNT
