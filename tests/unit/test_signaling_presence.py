"""Presence: what is within sight at connection, and that nothing is kept of what is over."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.directory.accounts import ROLES, Account
from hub.directory.permissions import may
from signaling.presence import Presence
from signaling.socket_bodies import Device
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, World, account

LEADER, VILLAGER = account("leader", CITY), account("station", VILLAGE)
CENTERS = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)


def presence_of(world: World) -> Presence:
    services = SimpleNamespace(tree=TREE, writer=world, clock=lambda: world.now)
    return Presence(cast(Any, services), cast(Any, SimpleNamespace(put=lambda *_, **__: None)), lambda: 0.0)


@pytest.mark.parametrize("who", [account(role, center) for role in ROLES for center in CENTERS])
def test_at_connection_one_is_told_of_every_center_that_is_there_and_may_be_seen(who: Account) -> None:
    presence = presence_of(World())
    for number, center in enumerate(CENTERS):
        presence.connected(account("station", center), f"sid {number}")
    told = presence.centers_in_sight(who)
    assert {one["code"] for one in told["centers"]} == {
        center for center in CENTERS if may(who, "center.read", TREE, center)
    }
    assert (len(told["centers"]), told["full"]) == (len({one["code"] for one in told["centers"]}), True)


def kept(presence: Presence, meeting: str) -> list[str]:
    """The names of what still speaks of a meeting."""
    held = {name: value for name, value in vars(presence).items() if isinstance(value, dict)}
    return [name for name, value in held.items() if meeting in repr(value)]


def test_of_a_meeting_that_is_over_nothing_is_kept() -> None:
    world = World()
    presence = presence_of(world)
    presence.connected(VILLAGER, "sid")
    meeting = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])[0].meeting
    assert meeting is not None
    presence.entries(world.do(VILLAGER, "meeting.join", meeting))
    presence.device(VILLAGER, Device(meeting=meeting, camera="on", microphone="on"))
    sending: dict[str, Any] = {"sources": [{"participant": VILLAGER.id}], "gone": [], "full": False}
    presence.sources(meeting, sending)
    presence.tell_changes()
    assert kept(presence, meeting) != []
    presence.entries(world.do(LEADER, "meeting.end", meeting))
    presence.sources(meeting, {**sending, "sources": [], "gone": [VILLAGER.id]})
    presence.tell_changes()
    assert kept(presence, meeting) == []


def test_who_begins_to_follow_is_told_of_all_who_are_there_at_a_desk_and_of_himself_elsewhere() -> None:
    world = World()
    presence = presence_of(world)
    meeting = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE, TOWN])[
        0
    ].meeting
    assert meeting is not None
    for who in (LEADER, VILLAGER, account("station", TOWN)):
        world.do(who, "meeting.join", meeting)
    assert len(presence.participants(meeting, LEADER)) == 3
    assert [one["id"] for one in presence.participants(meeting, VILLAGER)] == [VILLAGER.id]
    world.do(VILLAGER, "meeting.leave", meeting)
    assert presence.participants(meeting, VILLAGER) == []
    assert presence.participants("m_none", LEADER) == []
