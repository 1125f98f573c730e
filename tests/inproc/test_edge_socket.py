"""Socket.IO: signing in, order, following, presence, limits, and what ends a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

from hub.store.queries import Queries
from signaling import pace
from signaling import presence as presence_module
from signaling import socket as socket_module
from signaling.inbox import MAX_WAITING
from signaling.schemas import events
from tests.support.directory_rows import Elsewhere
from tests.support.edge import Edge, Listener, Person, running_edge
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def convene(leader: Person, *centers: str) -> str:
    opened = await leader.command("meeting.open", title="防汛", kind="dispatch", centers=list(centers))
    meeting: str = opened["entries"][0]["meeting"]
    return meeting


@pytest.mark.parametrize("auth", [None, {}, {"token": "wrong"}, {"token": 3}, {"token": "x" * 60_000}])
async def test_without_a_good_token_there_is_no_socket(edge: Edge, auth: object) -> None:
    client = socketio.AsyncClient(reconnection=False)
    refusals: list[object] = []

    async def refused(data: object) -> None:
        refusals.append(data)

    client.on("connect_error", refused)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(edge.url, auth=auth, transports=["websocket"])
    await client.disconnect()
    assert refusals == [
        {
            "message": "unauthenticated",
            "data": {"error": {"code": "unauthenticated", "message": "sign in first"}},
        }
    ]


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
async def test_every_transport_carries_commands_and_events(edge: Edge, transports: list[str]) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    station = await edge.listen(village, transports=transports)
    events.Hello.model_validate(station.of("hello")[0])
    await convene(leader, VILLAGE)
    call = await station.until("changed", what="meeting")
    answer = await station.call(
        "command", {"id": "1", "kind": "meeting.join", "meeting": call["meeting"], "data": {}}
    )
    assert answer["entries"][0]["kind"] == "meeting.joined"


async def test_the_cookie_opens_a_socket_for_the_own_page_only(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    headers = {"Cookie": f"lianxian_session={leader.token}", "Origin": edge.url}
    listener = Listener()
    await listener.client.connect(edge.url, headers=headers, transports=["websocket"])
    await listener.until("hello")
    await listener.client.disconnect()
    headers["Origin"] = "https://evil.example"
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{edge.url}/socket.io/?EIO=4&transport=polling", headers=headers) as answer,
    ):
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "forbidden")


async def test_answers_come_in_the_order_of_the_questions(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await convene(leader, VILLAGE)
    socket = await edge.listen(leader)
    order: list[str] = []

    async def ask(name: str, event: str, body: object) -> None:
        await socket.call(event, body)
        order.append(name)

    await asyncio.gather(
        ask("join", "command", {"id": "1", "kind": "meeting.join", "meeting": meeting, "data": {}}),
        ask("follow", "follow", {"meeting": meeting, "since": 0}),
        ask("bad", "unfollow", {}),
        ask("note", "command", {"id": "2", "kind": "note.add", "meeting": meeting, "data": {"text": "x"}}),
        ask("unfollow", "unfollow", {"meeting": meeting}),
    )
    assert order == ["join", "follow", "bad", "note", "unfollow"]


async def test_a_full_inbox_refuses_and_recovers(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    leader = await edge.person("leader", CITY)
    socket = await edge.listen(leader)
    gate = asyncio.Event()

    async def slow(*arguments: object) -> None:
        await gate.wait()

    monkeypatch.setattr(edge.media, "select", slow)
    body = {"session": "s_000000000000000000", "video": []}
    calls = [asyncio.create_task(socket.call("select", body)) for _ in range(MAX_WAITING + 20)]
    refused = await eventually(
        lambda: [call for call in calls if call.done()] if sum(c.done() for c in calls) >= 19 else None,
        why="nothing is refused",
    )
    assert {call.result()["error"]["code"] for call in refused} == {"too_many"}
    gate.set()
    answers = await asyncio.gather(*calls)
    assert sum(answer == {} for answer in answers) >= MAX_WAITING
    assert await socket.call("unfollow", {"meeting": "m_000000000000000000"}) == {}


async def test_an_account_is_paced_over_all_its_sockets_and_comes_again(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "COMMANDS_AT_ONCE", 8)
    monkeypatch.setattr(pace, "COMMANDS_PER_S", 10.0)
    async with running_edge(edge.folder / "paced") as paced:
        hostile, leader = await paced.person("leader", CITY), await paced.person("leader", CITY, number=1)
        sockets = [await paced.listen(hostile) for _ in range(2)]
        beside = await paced.listen(leader)
        body = {"meeting": "m_000000000000000000"}
        answers = [await sockets[number % 2].call("unfollow", body) for number in range(24)]
        assert answers[:8] == [{}] * 8
        assert {answer["error"]["code"] for answer in answers if answer} == {"too_many"}
        assert await beside.call("unfollow", body) == {}

        async def comes_again() -> bool:
            return bool(await sockets[0].call("unfollow", body) == {})

        await eventually(comes_again, 3, "the account is shut out")


async def test_following_is_for_those_who_see_the_meeting_and_ends_when_asked(edge: Edge) -> None:
    leader, outside = await edge.person("leader", CITY), await edge.person("leader", OTHER_COUNTY)
    meeting = await convene(leader, VILLAGE)
    console, beside = await edge.listen(leader), await edge.listen(outside)
    hidden = await beside.call("follow", {"meeting": meeting, "since": None})
    missing = await beside.call("follow", {"meeting": "m_000000000000000000", "since": None})
    assert hidden == missing
    assert hidden["error"]["code"] == "not_found"
    followed = await console.call("follow", {"meeting": meeting, "since": 0})
    events.Followed.model_validate(followed)
    assert [entry["kind"] for entry in followed["entries"]] == ["meeting.opened", "recording.started"]
    later = await console.call("follow", {"meeting": meeting, "since": followed["entries"][0]["seq"]})
    assert [entry["kind"] for entry in later["entries"]] == ["recording.started"]
    await leader.command("decision.record", meeting, text="甲")
    await console.until("entry", kind="decision.recorded")
    assert await console.call("unfollow", {"meeting": meeting}) == {}
    await leader.command("decision.record", meeting, text="乙")
    await leader.command("meeting.end", meeting)
    assert (await console.until("changed", what="meeting"))["value"]["state"] == "ended"
    assert [entry["data"]["text"] for entry in console.of("entry", kind="decision.recorded")] == ["甲"]


async def test_what_happens_while_the_meeting_is_read_is_in_the_answer_or_comes_as_an_event(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    meeting = await convene(leader, VILLAGE)
    await village.command("meeting.join", meeting)
    console = await edge.listen(leader)
    read = Queries.meeting_documents

    async def report_last(queries: Queries, *arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(Queries, "meeting_documents", read)
        documents = await read(queries, *arguments, **options)
        await village.command("report.file", meeting, situation="normal")
        await village.command("meeting.leave", meeting)
        return documents

    monkeypatch.setattr(Queries, "meeting_documents", report_last)
    followed = await console.call("follow", {"meeting": meeting, "since": 0})
    assert followed["documents"]["reports"] == []
    told = await console.until("changed", what="report")
    assert told["seq"] > followed["documents"]["seq"]
    assert followed["parts"]["seats"]["rows"][village.account.id]["state"] == "left", "parts are read last"
    assert [entry["kind"] for entry in followed["entries"]][-2:] == ["report.filed", "meeting.left"]


async def test_one_socket_follows_only_so_many(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_module, "MAX_FOLLOWED", 2)
    leader = await edge.person("leader", CITY)
    meetings = [await convene(leader, VILLAGE) for _ in range(3)]
    console = await edge.listen(leader)
    answers = [await console.call("follow", {"meeting": meeting, "since": None}) for meeting in meetings]
    assert ["error" in answer for answer in answers] == [False, False, True]
    assert answers[2]["error"]["code"] == "too_many"
    assert "parts" in await console.call("follow", {"meeting": meetings[0], "since": None})


@pytest.mark.parametrize(
    ("event", "body", "field"),
    [
        ("follow", {"meeting": 3}, "meeting"),
        ("follow", {"meeting": "m_000000000000000000", "since": -1}, "since"),
        ("follow", {"meeting": "m_000000000000000000", "more": 1}, "more"),
        ("follow", "m_000000000000000000", None),
        ("select", {"session": "s_000000000000000000", "video": ["x"] * 27}, "video"),
        ("select", {"session": "x", "video": []}, "session"),
        ("device", {"meeting": "m_000000000000000000", "camera": "hacked", "microphone": "on"}, "camera"),
        ("nonsense", {}, None),
        ("command", None, None),
    ],
)
async def test_a_malformed_event_is_answered_in_type(
    edge: Edge, event: str, body: object, field: str | None
) -> None:
    leader = await edge.person("leader", CITY)
    socket = await edge.listen(leader)
    error = (await socket.call(event, body))["error"]
    assert (error["code"], error.get("field")) == ("invalid", field)


async def test_presence_follows_sockets_joinings_and_media(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence_module, "GRACE_S", 0.6)
    leader, village = await edge.person("leader", CITY), await edge.person("station", VILLAGE)
    outside = await edge.person("station", OTHER_COUNTY)
    console, beside = await edge.listen(leader), await edge.listen(outside)
    assert (await console.until("presence", full=True))["centers"] == [{"code": CITY, "state": "online"}]

    def center(listener: Listener, code: str) -> str | None:
        states = [
            one["state"]
            for event in listener.of("presence")
            for one in event.get("centers", [])
            if one["code"] == code
        ]
        return states[-1] if states else None

    station = await edge.listen(village)
    await eventually(lambda: center(console, VILLAGE) == "online", why="not told that the village is there")
    meeting = await convene(leader, VILLAGE)
    await console.call("follow", {"meeting": meeting, "since": None})
    await village.command("meeting.join", meeting)
    await eventually(lambda: center(console, VILLAGE) == "in_meeting", why="not told that it is in a meeting")
    device = {"meeting": meeting, "camera": "on", "microphone": "denied"}
    assert await station.call("device", device) == {}
    told = (await console.until("presence", meeting=meeting))["participants"]
    sources = [{"participant": village.account.id, "video": "vp8", "audio": None}]
    edge.media.on_event(
        meeting, None, {"meeting": meeting, "kind": "sources", "sources": sources, "gone": [], "full": False}
    )

    def participant(**wanted: object) -> bool:
        return any(
            one["id"] == village.account.id and wanted.items() <= one.items()
            for event in console.of("presence", meeting=meeting)
            for one in event["participants"]
        )

    assert told[0]["id"] == village.account.id
    await eventually(
        lambda: participant(state="online", camera="on", microphone="denied", publishing=True),
        why="not publishing",
    )
    edge.media.on_event(
        meeting,
        None,
        {
            "meeting": meeting,
            "kind": "sources",
            "sources": [],
            "gone": [sources[0]["participant"]],
            "full": False,
        },
    )
    await station.client.disconnect()
    await eventually(lambda: participant(state="reconnecting"), why="not reconnecting")
    assert center(console, VILLAGE) == "in_meeting", "a short loss does not take a center off the map"
    await eventually(lambda: participant(state="offline", publishing=False), why="not offline")
    await eventually(lambda: center(console, VILLAGE) == "offline", why="the center is not offline")
    assert center(beside, VILLAGE) is None, "out of sight"
    for listener in (console, beside):
        for event in listener.of("presence"):
            model = events.CentersPresenceEvent if "centers" in event else events.MeetingPresenceEvent
            model.model_validate(event)


async def test_presence_sees_up_and_down_the_line_but_not_beside(edge: Edge) -> None:
    people = {code: await edge.person("station", code) for code in (CITY, COUNTY, TOWN, OTHER_COUNTY)}
    village = await edge.listen(await edge.person("station", VILLAGE))
    auditor = await edge.listen(await edge.person("audit_admin", OTHER_COUNTY))
    for person in people.values():
        await edge.listen(person)

    def seen(listener: Listener) -> set[str]:
        return {one["code"] for event in listener.of("presence") for one in event.get("centers", [])}

    await eventually(lambda: seen(village) == {VILLAGE, TOWN, COUNTY, CITY}, why="the line is not seen")
    await eventually(
        lambda: seen(auditor) >= {VILLAGE, TOWN, COUNTY, CITY, OTHER_COUNTY}, why="not all is seen"
    )
    assert OTHER_COUNTY not in seen(village)


async def test_an_account_that_was_disabled_loses_its_socket(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "SWEEP_S", 0.05)
    leader = await edge.person("leader", CITY)
    async with running_edge(edge.folder / "other") as other:
        person = await other.person("leader", CITY)
        socket = await other.listen(person)
        await Elsewhere(other.database).set_disabled(person.account.id, True)
        await asyncio.wait_for(socket.client.wait(), 5)
    assert leader.account.disabled is False


async def test_how_the_hub_itself_is_is_told_to_everybody_on_connection_and_within_a_second_of_a_change(
    edge: Edge,
) -> None:
    console = await edge.listen(await edge.person("dispatcher", CITY))
    station = await edge.listen(await edge.person("station", VILLAGE))
    well = {
        "journal": True,
        "node": True,
        "recorder": True,
        "recording": True,
        "low_on_space": [],
        "recording_room": "enough",
        "spread_ms": 0,
    }
    for listener in (console, station):
        events.HubEvent.model_validate(await listener.until("hub", **well))
    edge.ready["journal"] = False
    for listener in (console, station):
        assert await listener.until("hub", journal=False) == {**well, "journal": False}
    edge.ready["journal"] = True
    await eventually(lambda: console.of("hub")[-1] == well, 2, "nobody hears that the journal is back")


async def test_a_recording_that_does_not_record_is_told_wherever_a_meeting_is_read(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    meeting = await convene(leader, VILLAGE)
    edge.media.recording[meeting] = ("waiting", "disk_full")
    told = {"recording_state": "waiting", "recording_reason": "disk_full"}
    snapshot = await leader.get(f"/api/v1/meetings/{meeting}")
    assert told.items() <= snapshot.items()
    assert told.items() <= (await leader.get("/api/v1/meetings"))["meetings"][0].items()
    recordings = (await leader.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"]
    assert [(each["state"], each["reason"]) for each in recordings] == [("waiting", "disk_full")]
    station = await edge.listen(await edge.person("station", VILLAGE))
    assert told.items() <= station.of("hello")[0]["calls"][0].items()
    await leader.command("recording.stop", meeting)
    recordings = (await leader.get(f"/api/v1/meetings/{meeting}/recordings"))["recordings"]
    assert [(each["state"], each["reason"]) for each in recordings] == [("stopped", None)]
