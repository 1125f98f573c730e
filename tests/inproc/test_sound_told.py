"""What is told of sound at the edge: all hear who talks and who is apart, each alone what holds for him."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.edge import Edge, Listener, running_edge
from tests.support.rules import COUNTY, OTHER_VILLAGE, VILLAGE
from tests.support.waiting import eventually


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


def rows(listener: Listener) -> dict[str, Any]:
    """All rows of single participants that it was ever told, the newest of each."""
    found: dict[str, Any] = {}
    for part in listener.of("part", name="own_sound"):
        found |= part["rows"] if part.get("rows") is not None else part["value"]["rows"]
    return found


async def test_who_is_listened_to_is_told_and_nobody_else_but_desks(edge: Edge) -> None:
    chair = await edge.person("leader", COUNTY)
    village, neighbour = await edge.person("station", VILLAGE), await edge.person("station", OTHER_VILLAGE)
    centers = [VILLAGE, OTHER_VILLAGE]
    opened = await chair.command("meeting.open", title="防汛", kind="dispatch", centers=centers)
    meeting = opened["entries"][0]["meeting"]
    for person in (chair, village, neighbour):
        await person.command("meeting.join", meeting)
    listeners = {person.account.id: await edge.listen(person) for person in (chair, village, neighbour)}
    for listener in listeners.values():
        assert "parts" in await listener.call("follow", {"meeting": meeting, "since": 0})
    mine = listeners[village.account.id]

    await chair.command("listen.begin", meeting, participant=village.account.id)
    await eventually(lambda: bool(rows(mine)) and bool(rows(listeners[chair.account.id])))
    assert [one["name"] for one in rows(mine)[village.account.id]["listeners"]] == [chair.account.name]
    assert set(rows(mine)) == {village.account.id}, "he is told his own row alone"
    assert set(rows(listeners[chair.account.id])) == {village.account.id, chair.account.id}
    await chair.command("meeting.leave", meeting)
    await eventually(lambda: rows(mine)[village.account.id] is None)
    await chair.command("meeting.join", meeting)

    await chair.command("sound.set", meeting, mode="talk")
    await village.command("talk.press", meeting)
    body = {"id": "talk-1", "kind": "talk.press", "meeting": meeting, "data": {}}
    async with neighbour.http.post("/api/v1/commands", json=body) as answer:
        assert (answer.status, (await answer.json())["error"]["code"]) == (409, "conflict")
    theirs = listeners[neighbour.account.id]

    def talking() -> list[str]:
        value = theirs.of("part", name="sound")[-1]["value"]
        return [one["participant"] for one in value["talking"]]

    await eventually(lambda: bool(theirs.of("part", name="sound")) and talking() == [village.account.id])
    await village.command("talk.release", meeting)
    await chair.command("apart.begin", meeting, center=VILLAGE)
    await eventually(lambda: talking() == [])
    await eventually(lambda: bool(theirs.of("part", name="sound")[-1]["value"]["apart"]))
    told = theirs.of("part", name="sound")[-1]["value"]
    assert [one["participant"] for one in told["apart"][0]["members"]] == [
        chair.account.id,
        village.account.id,
    ]
    assert "closed" not in told, "whose loudspeakers are off is told to them and to desks"
    assert rows(theirs) == {}, "nothing of others"
