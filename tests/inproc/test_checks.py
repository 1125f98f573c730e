"""Checks before a meeting over the edge: who is asked, who hears what, what can be read; and trying one's own line."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.coordination import line_checks
from hub.coordination.sessions import check_place
from hub.errors import Refusal
from signaling import pace
from tests.inproc.test_edge_media import OFFER, SDP
from tests.support.coordination_stand import STATION, Peer, Stand, standing
from tests.support.edge import Edge, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually

ACCESS = hashlib.sha256(b"here").hexdigest()
FINE: dict[str, Any] = {
    "camera": "ready",
    "microphone": "works",
    "level_db": -30,
    "speaker": "ready",
    "way": "direct",
}


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_stations_are_asked_and_only_who_may_hears_what_they_answer(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    village = await edge.person("station", VILLAGE)
    other = await edge.person("leader", OTHER_COUNTY)
    board, station, stranger = await edge.listen(leader), await edge.listen(village), await edge.listen(other)
    for each in (board, station, stranger):
        await each.until("hello")
    started = await leader.command("check.start", centers=[VILLAGE, COUNTY])
    data = started["entries"][-1]["data"]
    check = data["check"]
    asked = await station.until("check_asked")
    assert asked == {"check": check, "until": data["until"], "spread_ms": data["spread_ms"]}
    late = await edge.person("station", VILLAGE, number=1)
    hello = await (await edge.listen(late)).until("hello")
    assert hello["checks"] == [asked], "who comes while it runs is asked, too"

    await village.command("check.report", check=check, **FINE)
    (told,) = await eventually(
        lambda: [each for each in board.of("changed", what="check") if "answers" in each][-1:]
    )
    assert told["answers"][VILLAGE]["camera"] == "ready"
    assert told["answers"][VILLAGE]["account"] == village.account.id

    found = await leader.get(f"/api/v1/checks/{check}")
    assert {**found["rows"][VILLAGE], "at": "", "account": ""} == {
        **FINE, "at": "", "account": "", "loss_permille": None, "rtt_ms": None, "up_kbps": None, "down_kbps": None,
        "in_meeting": False,
    }  # fmt: skip
    assert (found["called"], found["reported"], found["centers"]) == (2, 1, [VILLAGE, COUNTY])
    await leader.command("check.cancel", check=check)
    listed = (await leader.get("/api/v1/checks?limit=1"))["checks"]
    assert [(each["id"], each["reason"], each["reported"]) for each in listed] == [(check, "cancelled", 1)]
    await eventually(lambda: len(board.of("changed", what="check", id=check)) == 3, 5, "the end is not told")

    for person in (village, other):
        assert (await person.get("/api/v1/checks"))["checks"] == []
        async with person.http.get(f"/api/v1/checks/{check}") as answer:
            assert answer.status == 404
    assert station.of("changed", what="check") == []
    assert stranger.of("check_asked") == stranger.of("changed", what="check") == []


async def test_a_list_of_checks_has_pages(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    made = []
    for center in (VILLAGE, OTHER_VILLAGE, COUNTY):
        entries = (await leader.command("check.start", centers=[center]))["entries"]
        made.append(entries[-1]["data"]["check"])
    first = await leader.get("/api/v1/checks?limit=2")
    assert [each["id"] for each in first["checks"]] == [made[2], made[1]]
    second = await leader.get(f"/api/v1/checks?limit=2&before={first['next']}")
    assert ([each["id"] for each in second["checks"]], second["next"]) == ([made[0]], None)


# -- the own line


async def test_one_tries_the_own_line_by_the_doors_of_media(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = await edge.person("station", VILLAGE)
    before = edge.services.writer.state.last_seq
    for door in ("whip", "whep"):
        async with village.http.post(f"/{door}/check", data=OFFER, headers=SDP) as answer:
            assert answer.status == 201, await answer.text()
            location = answer.headers["Location"]
            assert location.startswith(f"/{door}/check/s_")
    async with village.http.delete(location) as answer:
        assert answer.status == 200
    assert edge.services.writer.state.last_seq == before, "nothing of it is in the journal"
    clerk = await edge.person("system_admin", CITY)
    async with clerk.http.post("/whip/check", data=OFFER, headers=SDP) as answer:
        assert answer.status == 403


async def test_so_many_tries_in_a_row_and_no_more(edge: Edge) -> None:
    village = await edge.person("station", VILLAGE)
    for _ in range(pace.LINE_CHECKS_AT_ONCE):
        async with village.http.post("/whip/check", data=OFFER, headers=SDP) as answer:
            assert answer.status == 201
    async with village.http.post("/whip/check", data=OFFER, headers=SDP) as answer:
        assert answer.status == 429
        assert int(answer.headers["Retry-After"]) > 0


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stand]:
    async with standing(monkeypatch) as stand:
        yield stand


async def ready_node(stand: Stand) -> Peer:
    node = stand.node()
    await stand.ready(node=True)
    return node


async def test_a_line_check_is_one_accounts_own_and_ends_by_itself(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_checks, "LONGEST_S", 0.3)
    node = await ready_node(stand)
    with pytest.raises(Refusal, match="begins with what is sent"):
        await stand.coordination.open_check(STATION, "watch", "v=0")
    for direction in ("publish", "watch"):
        await stand.coordination.open_check(STATION, direction, "v=0", access=ACCESS)
    asked = [(each["meeting"], each["direction"], each["mirror"]) for each in node.of("peer.open")]
    assert asked == [(check_place(STATION.id), "publish", False), (check_place(STATION.id), "watch", True)]
    assert node.of("meeting.set") == []
    await eventually(lambda: node.of("meeting.close") == [{"meeting": check_place(STATION.id)}])
    assert stand.coordination.media_counts().sessions == {}
    reasons = [event["reason"] for account, event in stand.told if account == STATION.id]
    assert reasons == ["ended", "ended"]
    with pytest.raises(Refusal):
        await stand.coordination.open_check(STATION, "watch", "v=0")


async def test_another_try_ends_the_one_before_and_a_withdrawn_sign_in_all(stand: Stand) -> None:
    node = await ready_node(stand)
    for direction in ("publish", "watch", "publish", "watch"):
        await stand.coordination.open_check(STATION, direction, "v=0", access=ACCESS)
    assert len(node.of("meeting.close")) == 1
    assert sum(stand.coordination.media_counts().sessions.values()) == 2
    stand.coordination.withdraw(ACCESS)
    assert stand.coordination.media_counts().sessions == {}
    await eventually(lambda: len(node.of("peer.close")) == 2)


async def test_meetings_go_before_line_checks(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_checks, "MOST_AT_ONCE", 0)
    await ready_node(stand)
    with pytest.raises(Refusal) as refused:
        await stand.coordination.open_check(STATION, "publish", "v=0")
    assert refused.value.code == "too_many"


async def test_what_a_node_tells_of_a_line_check_is_told_to_nobody_else(stand: Stand) -> None:
    node = await ready_node(stand)
    session = await stand.coordination.open_check(STATION, "publish", "v=0")
    about = {"meeting": check_place(STATION.id), "participant": STATION.id, "peer": session.id}
    node.tell(
        "sources",
        {"meeting": about["meeting"], "sources": [{**about, "video": "vp8", "audio": None, "screen": None}]},
    )
    node.tell("quality", {**about, "state": "poor", "loss_permille": 90, "bitrate_bps": 1, "rtt_ms": 1})
    node.tell("pause", {**about, "paused": True})
    await eventually(lambda: any(event["kind"] == "pause" for _, event in stand.told))
    await asyncio.sleep(0)
    assert {account for account, _ in stand.told} == {STATION.id}
