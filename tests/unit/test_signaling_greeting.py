"""What calls a center, from the committed state: the same as the meetings it may take part in and is wanted for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.directory.accounts import Account
from signaling.greeting import calls, greeting
from signaling.schemas.events import OpenCall
from signaling.services import Services
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, TREE, VILLAGE, World, account

LEADER, VILLAGER, OTHER = (
    account("leader", CITY),
    account("station", VILLAGE),
    account("station", OTHER_VILLAGE),
)
COUNTY_LEADER = account("leader", COUNTY)


class Asked:
    """A database that counts how often it is asked for orders."""

    times = 0

    async def open_orders(self, *_: Any) -> list[Any]:
        self.times += 1
        return [{"id": "o"}]


def services(world: World, queries: Asked | None = None) -> Services:
    media = SimpleNamespace(recording_state=lambda meeting: ("waiting", "not_fed"))
    found = SimpleNamespace(writer=world, tree=TREE, media=media, queries=queries, demo=False)
    return cast(Services, found)


def opened(world: World, who: Account, *centers: str) -> str:
    meeting = world.do(who, "meeting.open", title="防汛", kind="dispatch", centers=list(centers))[0].meeting
    assert meeting is not None
    return meeting


def ids(world: World, who: Account) -> list[str]:
    return [call["id"] for call in calls(services(world), who)]


def test_open_meetings_call_their_centers_and_who_is_inside_newest_first() -> None:
    world, dispatcher = World(), account("dispatcher", CITY)
    first = opened(world, LEADER, COUNTY, VILLAGE)
    assert (ids(world, VILLAGER), ids(world, OTHER)) == ([first], [])
    second = opened(world, COUNTY_LEADER, VILLAGE)
    assert ids(world, VILLAGER) == [second, first]
    assert ids(world, dispatcher) == [first]
    world.do(dispatcher, "meeting.join", second)
    assert ids(world, dispatcher) == [second, first]
    world.do(LEADER, "meeting.end", first)
    assert ids(world, VILLAGER) == ids(world, dispatcher) == [second]


def test_who_was_removed_is_called_no_more() -> None:
    world = World()
    meeting = opened(world, LEADER, VILLAGE)
    world.do(VILLAGER, "meeting.join", meeting)
    world.do(LEADER, "participant.remove", meeting, participant=VILLAGER.id)
    assert ids(world, VILLAGER) == []


def test_a_call_says_how_many_are_called_and_whether_it_is_recorded() -> None:
    world = World()
    opened(world, LEADER, COUNTY, VILLAGE)
    (call,) = calls(services(world), VILLAGER)
    told = OpenCall.model_validate(call)
    assert (told.called, told.recording_state, told.recording_reason) == (3, "waiting", "not_fed")
    assert told.recording is not None
    assert "centers" not in call


@pytest.mark.parametrize(("who", "asked"), [(VILLAGER, 1), (OTHER, 0), (COUNTY_LEADER, 0)])
async def test_the_database_is_asked_for_orders_only_when_one_waits(who: Account, asked: int) -> None:
    world, queries = World(), Asked()
    order = world.do(LEADER, "order.issue", text="巡堤", targets=[VILLAGE])[0].data["order"]
    told = await greeting(services(world, queries), who)
    assert (queries.times, len(told["orders"])) == (asked, asked)
    world.do(VILLAGER, "order.sign", order=order)
    world.do(VILLAGER, "order.complete", order=order)
    assert (await greeting(services(world, queries), who))["orders"] == []
    assert queries.times == asked
