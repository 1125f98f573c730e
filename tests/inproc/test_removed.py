"""Who was removed from a meeting takes no part in it any more, and reads it only by a right of his own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.edge import Edge, Listener, Person, running_edge
from tests.support.recorded_part import RecordedPart
from tests.support.rules import CITY, COUNTY, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


class Call:
    """A county's meeting with its village; the city is above both. Everybody is in it."""

    def __init__(self, chair: Person, meeting: str) -> None:
        self.chair = chair
        self.meeting = meeting

    @classmethod
    async def open(cls, edge: Edge, *people: Person) -> Call:
        chair = await edge.person("leader", COUNTY)
        centers = [VILLAGE]
        opened = await chair.command("meeting.open", title="防汛", kind="dispatch", centers=centers)
        call = cls(chair, opened["entries"][0]["meeting"])
        for person in (chair, *people):
            await person.command("meeting.join", call.meeting)
        return call

    async def remove(self, person: Person) -> None:
        await self.chair.command("participant.remove", self.meeting, participant=person.account.id)

    async def reads(self, person: Person) -> dict[str, tuple[int, str]]:
        """How each way to read the meeting is answered: status, and the code of a refusal."""
        found = {}
        path = f"/api/v1/meetings/{self.meeting}"
        for name, each in (
            ("meeting", path),
            ("entries", f"{path}/entries"),
            ("recordings", f"{path}/recordings"),
        ):
            async with person.http.get(each) as answer:
                body = await answer.json()
                found[name] = (answer.status, body.get("error", {}).get("code", ""))
        return found


REMOVED = dict.fromkeys(("meeting", "entries", "recordings"), (409, "removed"))
READ = dict.fromkeys(REMOVED, (200, ""))


def seat(listener: Listener, meeting: str, person: Person) -> str | None:
    """How somebody's own seat was told last."""
    told = [
        part["rows"].get(person.account.id) for part in listener.of("part", name="seats", meeting=meeting)
    ]
    return next((row["state"] for row in reversed(told) if row is not None), None)


async def test_who_was_removed_hears_nothing_more_and_reads_nothing_neither_then_nor_later(
    edge: Edge,
) -> None:
    village, second = await edge.person("station", VILLAGE), await edge.person("station", VILLAGE, number=1)
    call = await Call.open(edge, village)
    meeting = call.meeting
    socket, colleague = await edge.listen(village), await edge.listen(second)
    await call.chair.command("order.issue", meeting, text="加强巡查", targets=[VILLAGE])
    for listener in (socket, colleague):
        assert "parts" in await listener.call("follow", {"meeting": meeting, "since": 0})
        await listener.until("changed", what="order")
    assert await call.reads(village) == READ
    await call.remove(village)
    await eventually(lambda: seat(socket, meeting, village) == "removed", 5)
    heard = len(socket.heard)
    await call.chair.command("decision.record", meeting, text="甲")
    await second.command("meeting.join", meeting)
    await call.chair.command("stage.broadcast", meeting, participant=second.account.id)
    # A station hears of its own sources alone: of each there is news.
    rows = [
        {"participant": who.account.id, "video": "vp8", "audio": None, "screen": None}
        for who in (village, second)
    ]
    edge.media.on_event(
        meeting, None, {"meeting": meeting, "kind": "sources", "sources": rows, "gone": [], "full": True}
    )
    await colleague.until("part", name="stage")
    await colleague.until("media", kind="sources")
    assert await socket.call("unfollow", {"meeting": meeting}) == {}, "what was sent before has arrived"
    after = [each for each in socket.heard[heard:] if each[1].get("meeting") == meeting]
    assert after == [], "entries, media and presence of the meeting go on"

    async def shut_out() -> None:
        assert await call.reads(village) == REMOVED
        for path in ("/api/v1/meetings", "/api/v1/meetings?q=防汛", "/api/v1/meetings?q=甲"):
            async with village.http.get(path) as answer:
                assert (await answer.json())["meetings"] == [], path
        assert (await village.get("/api/v1/decisions"))["decisions"] == []
        assert await call.reads(second) == READ, "the other account of the center"

    await shut_out()
    refused = await socket.call("follow", {"meeting": meeting, "since": 0})
    assert refused["error"]["code"] == "removed"
    told = {"meeting": meeting, "camera": "on", "microphone": "on"}
    assert (await socket.call("device", told))["error"]["code"] == "removed"
    orders = (await village.get("/api/v1/orders"))["orders"]
    assert [order["text"] for order in orders] == ["加强巡查"], "one's own orders stay"
    again = await edge.listen(village)
    assert again.of("hello")[0]["calls"] == [], "it does not ring again"
    assert [order["text"] for order in again.of("hello")[0]["orders"]] == ["加强巡查"]
    await call.chair.command("meeting.end", meeting)
    await shut_out()
    assert "error" in await socket.call("follow", {"meeting": meeting, "since": 0})


async def test_a_right_of_reading_is_left_to_the_removed_but_not_to_take_part(edge: Edge) -> None:
    city = await edge.person("leader", CITY)
    call = await Call.open(edge, city)
    socket = await edge.listen(city)
    assert "parts" in await socket.call("follow", {"meeting": call.meeting, "since": None})
    await call.remove(city)
    await eventually(lambda: seat(socket, call.meeting, city) == "removed", 5)
    assert await call.reads(city) == READ
    follow: dict[str, Any] = {"meeting": call.meeting, "since": None}
    assert (await socket.call("follow", follow))["error"]["code"] == "removed"
    headers = {"Content-Type": "application/sdp"}
    async with city.http.post(f"/whep/{call.meeting}", data="v=0\r\n", headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == "removed"
    assert (await edge.listen(city)).of("hello")[0]["calls"] == []
    await call.chair.command("meeting.end", call.meeting)
    assert await call.reads(city) == READ
    assert "parts" in await socket.call("follow", follow), "an ended meeting is read"


async def test_a_running_download_ends_with_the_removal(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    village, clerk = await edge.person("station", VILLAGE), await edge.person("clerk", COUNTY)
    call = await Call.open(edge, village, clerk)
    part = RecordedPart(edge, call.meeting, monkeypatch)
    part.write(64 * 1024 * 1024)
    cut_off, goes_on = await village.http.get(part.url), await clerk.http.get(part.url)
    try:
        for person in (village, clerk):
            await call.remove(person)

        async def cut() -> bool:
            with pytest.raises(aiohttp.ClientError):
                await cut_off.read()
            return True

        await eventually(cut, 2)
        assert len(await goes_on.read()) == 64 * 1024 * 1024, "a clerk of the county reads what it chaired"
        async with village.http.get(part.url) as answer:
            assert (await answer.json())["error"]["code"] == "removed"
    finally:
        cut_off.close()
        goes_on.close()


async def test_who_is_removed_while_he_begins_to_follow_does_not_follow(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    village = await edge.person("station", VILLAGE)
    call = await Call.open(edge, village)
    socket = await edge.listen(village)
    read = type(edge.services.queries).meeting_documents

    async def remove_first(*arguments: Any, **options: Any) -> Any:
        found = await read(*arguments, **options)
        await call.remove(village)
        return found

    monkeypatch.setattr(type(edge.services.queries), "meeting_documents", remove_first)
    answer = await socket.call("follow", {"meeting": call.meeting, "since": None})
    assert answer["error"]["code"] == "removed"
