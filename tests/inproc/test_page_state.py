"""What a page holds after following equals a fresh snapshot, after any sequence of commands, over both doors."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.support.edge import Edge, Listener, Person, running_edge
from tests.support.page import Page
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TOWN, VILLAGE
from tests.support.waiting import eventually

STEPS = 60
#: How often, in the middle of it, what is held is compared.
LOOKS = 4


class Crowd:
    """People in a meeting who do all that rules allow, each by HTTP or over his socket."""

    def __init__(self, edge: Edge, seed: int) -> None:
        self.edge = edge
        self.chance = random.Random(seed)
        self.people: list[tuple[Person, Listener]] = []
        self.meeting = ""
        self.orders: list[str] = []
        self._serial = 0

    async def gather(self) -> None:
        roles = [("leader", CITY), ("dispatcher", COUNTY), ("clerk", CITY), ("leader", TOWN)]
        roles += [("station", VILLAGE), ("station", OTHER_VILLAGE)]
        for role, center in roles:
            person = await self.edge.person(role, center)
            self.people.append((person, await self.edge.listen(person)))
        opened = await self.people[0][0].command(
            "meeting.open", title="防汛", kind="dispatch", centers=[COUNTY, TOWN, VILLAGE, OTHER_VILLAGE]
        )
        self.meeting = opened["entries"][0]["meeting"]
        for person, _ in self.people:
            await person.command("meeting.join", self.meeting)

    async def step(self) -> None:
        """One command by somebody; a refusal is an answer, too."""
        person, listener = self.chance.choice(self.people)
        kind, meeting, data = self._any_command()
        self._serial += 1
        body = {"id": f"s{self._serial}", "kind": kind, "data": data}
        if meeting is not None:
            body["meeting"] = meeting
        if self.chance.random() < 0.5:
            answer = await listener.call("command", body)
        else:
            async with person.http.post("/api/v1/commands", json=body) as response:
                answer = await response.json()
        if kind == "order.issue" and "entries" in answer:
            self.orders.append(answer["entries"][0]["data"]["order"])

    async def order(self) -> None:
        """An order to a village and a county, by the leader."""
        issued = await self.people[0][0].command(
            "order.issue", self.meeting, text="巡堤", targets=[VILLAGE, COUNTY]
        )
        self.orders.append(issued["entries"][0]["data"]["order"])

    def _any_command(self) -> tuple[str, str | None, dict[str, Any]]:
        chance, whom = self.chance, self.chance.choice(self.people)[0].account.id
        targets = chance.sample([COUNTY, TOWN, VILLAGE, OTHER_VILLAGE], chance.randint(1, 4))
        order = {"order": chance.choice(self.orders or ["o_" + "0" * 18])}
        commands: list[tuple[str, str | None, dict[str, Any]]] = [
            ("meeting.leave", self.meeting, {}),
            ("meeting.join", self.meeting, {}),
            ("meeting.join", self.meeting, {}),
            ("participant.mute", self.meeting, {"participant": whom}),
            ("participant.unmute", self.meeting, {"participant": whom}),
            ("stage.broadcast", self.meeting, {"participant": whom}),
            ("recording.stop", self.meeting, {}),
            ("recording.start", self.meeting, {}),
            ("report.file", self.meeting, {"situation": "abnormal", "text": "水位上涨"}),
            ("order.issue", self.meeting, {"text": "转移", "targets": targets}),
            ("order.sign", None, order),
            ("order.sign", None, order),
            ("order.progress", None, {**order, "text": "一半", "percent": chance.randint(0, 100)}),
            ("order.complete", None, {**order, "text": chance.choice(["", "好了"])}),
            *self._about_an_order(chance.choice(targets), order),
            ("decision.record", self.meeting, {"text": "启动三级响应"}),
            ("note.add", self.meeting, {"text": "记"}),
        ]
        return chance.choice(commands)

    def _about_an_order(
        self, center: str, order: dict[str, Any]
    ) -> list[tuple[str, str | None, dict[str, Any]]]:
        """What becomes of an order besides: of three at a time, so that the rest is not drowned."""
        new = {"text": "改", "priority": "urgent", "due": "2099-01-01T00:00:00Z", "reason": "误"}
        everything: list[tuple[str, dict[str, Any]]] = [
            ("order.deliver", {}),
            ("order.accept", {}),
            ("order.return", {"center": center, "reason": "缺照片"}),
            ("order.urge", {"whom": "open", "text": "请尽快"}),
            ("order.supervise", {"on": True}),
            ("order.correct", new),
            ("order.withdraw", {"reason": "作废"}),
            ("order.issue", {"text": "下转", "targets": [center], "parent": order["order"], "later": True}),
            ("extension.ask", {"due": "2099-02-01T00:00:00Z", "reason": "雨大"}),
            ("extension.grant", {"center": center}),
        ]
        chosen = self.chance.sample(everything, 3)
        return [(kind, None, data if kind == "order.issue" else {**order, **data}) for kind, data in chosen]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_what_a_page_holds_after_following_equals_a_fresh_snapshot(tmp_path: Path, seed: int) -> None:
    async with running_edge(tmp_path) as edge:
        crowd = Crowd(edge, seed)
        await crowd.gather()
        pages = [await Page(listener, crowd.meeting).follow() for _, listener in crowd.people]
        fresh = [await edge.listen(person) for person, _ in crowd.people]

        async def as_fresh() -> bool:
            for page, listener, (person, _) in zip(pages, fresh, crowd.people, strict=True):
                wanted = (await Page(listener, crowd.meeting).follow()).holds()
                assert page.take().holds() == wanted, person.account.username
            return True

        for _ in range(LOOKS):
            await crowd.order()
            for _ in range(STEPS // LOOKS):
                await crowd.step()
            await eventually(as_fresh, 5)
        assert any(page.documents["order"] for page in pages)
        station = pages[4]
        own = crowd.people[4][0].account.id
        assert set(station.parts["seats"]["rows"]) == {own}, "a station is told of its own seat alone"
        assert {
            target["center"] for order in station.documents["order"].values() for target in order["targets"]
        } <= {VILLAGE}


async def test_who_is_removed_is_told_by_his_seat_and_the_end_by_the_life_of_the_meeting(
    tmp_path: Path,
) -> None:
    async with running_edge(tmp_path) as edge:
        crowd = Crowd(edge, 0)
        await crowd.gather()
        (leader, _), (village, listener) = crowd.people[0], crowd.people[4]
        page = await Page(listener, crowd.meeting).follow()
        other = await Page(crowd.people[5][1], crowd.meeting).follow()
        desk = await Page(crowd.people[1][1], crowd.meeting).follow()
        await leader.command("participant.remove", crowd.meeting, participant=village.account.id)
        await eventually(lambda: page.take().parts["seats"]["rows"][village.account.id]["state"] == "removed")
        await leader.command("meeting.end", crowd.meeting)
        await eventually(lambda: other.take().parts["meeting"]["state"] == "ended")
        assert page.take().parts["meeting"]["state"] == "open", "who was removed hears no more of it"
        await eventually(lambda: desk.take().parts["meeting"]["state"] == "ended")
        again = await desk.follow()
        states = {row["state"] for row in again.parts["seats"]["rows"].values()}
        assert states == {"left", "removed"}, "who was there is seen after the end, too"
        assert all(row["left_at"] is not None for row in again.parts["seats"]["rows"].values())
