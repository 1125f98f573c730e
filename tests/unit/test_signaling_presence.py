"""Presence: what is within sight at connection, and that nothing is kept of what is over."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.directory.accounts import ROLES, Account
from hub.directory.permissions import may
from signaling.hub_watch import BACK_EACH_S, spread_ms
from signaling.presence import GRACE_S, Presence
from signaling.socket_bodies import Device
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, World, account

LEADER, VILLAGER = account("leader", CITY), account("station", VILLAGE)
CENTERS = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)


@pytest.mark.parametrize(
    ("sockets", "expected"),
    [(0, 0), (127, 0), (128, 1000), (256, 1000), (257, 2000), (2047, 8000), (2049, 16000)],
)
def test_so_many_sockets_come_back_within(sockets: int, expected: int) -> None:
    assert spread_ms(sockets) == expected
    assert sockets <= 128 or sockets / (spread_ms(sockets) / 1000) <= BACK_EACH_S


def presence_of(world: World, now: Callable[[], float] = lambda: 0.0) -> Presence:
    services = SimpleNamespace(tree=TREE, writer=world, clock=lambda: world.now)
    return Presence(cast(Any, services), cast(Any, SimpleNamespace(put=lambda *_, **__: None)), now)


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
    presence.sources(meeting, {**sending, "sources": [{"participant": VILLAGER.id, "screen": "VP8"}]})
    assert presence.sends_screen(meeting, VILLAGER.id)
    presence.sources(meeting, sending)
    assert not presence.sends_screen(meeting, VILLAGER.id), "his camera alone"
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


def test_after_a_restart_who_was_in_a_meeting_is_coming_back_and_offline_only_when_he_does_not() -> None:
    world, clock = World(), [100.0]
    meeting = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])[0].meeting
    assert meeting is not None
    for who in (LEADER, VILLAGER):
        world.do(who, "meeting.join", meeting)
    presence = presence_of(world, lambda: clock[0])
    presence.take_state()

    def states() -> dict[str, str]:
        return {one["id"]: one["state"] for one in presence.participants(meeting, LEADER)}

    assert states() == {LEADER.id: "reconnecting", VILLAGER.id: "reconnecting"}
    presence.connected(LEADER, "sid")
    clock[0] += GRACE_S - 1
    presence.give_up_lost()
    assert states() == {LEADER.id: "online", VILLAGER.id: "reconnecting"}
    clock[0] += 2
    presence.give_up_lost()
    assert states() == {LEADER.id: "online", VILLAGER.id: "offline"}


def test_what_a_page_said_of_its_line_goes_with_its_socket() -> None:
    world = World()
    presence = presence_of(world)
    presence.connected(VILLAGER, "first")
    meeting = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])[0].meeting
    assert meeting is not None
    presence.entries(world.do(VILLAGER, "meeting.join", meeting))
    presence.device(
        VILLAGER,
        Device(meeting=meeting, camera="on", microphone="on", way="relay", pictures="none", weak=True),
    )

    def line() -> tuple[str, object, object, object]:
        (told,) = presence.participants(meeting, VILLAGER)
        return told["state"], told["way"], told["pictures"], told["weak"]

    assert (line(), presence.relayed()) == (("online", "relay", "none", True), 1)
    presence.disconnected(VILLAGER, "first")
    assert (line(), presence.relayed()) == (("reconnecting", None, "all", False), 0)
    presence.connected(VILLAGER, "second")
    assert line() == ("online", None, "all", False), "the new page has said nothing yet"


def test_a_second_socket_of_an_account_is_no_second_participant_and_its_end_no_loss() -> None:
    world, clock = World(), [0.0]
    meeting = world.do(LEADER, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])[0].meeting
    assert meeting is not None
    presence = presence_of(world, lambda: clock[0])
    presence.entries(world.do(VILLAGER, "meeting.join", meeting))
    # the line was cut: the new socket is there before the hub has given the old one up
    presence.connected(VILLAGER, "old")
    presence.connected(VILLAGER, "new")
    presence.disconnected(VILLAGER, "old")
    assert world.do(VILLAGER, "meeting.join", meeting) == []
    assert [(one["id"], one["state"]) for one in presence.participants(meeting, LEADER)] == [
        (VILLAGER.id, "online")
    ]
    presence.disconnected(VILLAGER, "new")
    assert [one["state"] for one in presence.participants(meeting, LEADER)] == ["reconnecting"]
    clock[0] += GRACE_S
    presence.give_up_lost()
    assert [one["state"] for one in presence.participants(meeting, LEADER)] == ["offline"]
    presence.connected(VILLAGER, "back")
    assert [one["state"] for one in presence.participants(meeting, LEADER)] == ["online"]
