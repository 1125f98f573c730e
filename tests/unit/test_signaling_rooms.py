"""Rooms: an entry reaches exactly those who may read it and are to hear of it, for every role and relation."""

from __future__ import annotations

import itertools

import pytest

from hub.directory.accounts import ROLES, Account
from hub.directory.permissions import reads_entry
from hub.entry import Entry
from hub.gates import sees
from hub.rules import ENTRIES
from signaling.rooms import (
    addressed_centers,
    called_rooms,
    document_rooms,
    entry_rooms,
    following_rooms,
    is_desk,
    reads_of,
    standing_rooms,
)
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    World,
    account,
)

PEOPLE = [
    account(role, center)
    for role, center in itertools.product(
        ROLES, [CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY, OTHER_TOWN]
    )
]


def played() -> tuple[World, str]:
    """A meeting with everything in it that reaches single centers, and things outside of any meeting."""
    world = World()
    leader, county = account("leader", CITY), account("leader", COUNTY)
    village, town = account("station", VILLAGE), account("station", TOWN)
    meeting = world.do(leader, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE, TOWN])[
        0
    ].meeting
    assert meeting is not None
    world.do(leader, "meeting.join", meeting)
    world.do(village, "meeting.join", meeting)
    world.do(village, "report.file", meeting, situation="abnormal", text="水位上涨")
    order = world.do(leader, "order.issue", meeting, text="转移", targets=[VILLAGE, OTHER_TOWN])[0].data[
        "order"
    ]
    world.do(village, "order.sign", order=order)
    world.do(village, "order.progress", order=order, text="一半", percent=50)
    world.do(leader, "decision.record", meeting, text="启动三级响应")
    world.do(town, "report.file", situation="normal", text="")
    other = world.do(county, "order.issue", text="巡堤", targets=[TOWN])[0].data["order"]
    world.do(town, "order.sign", order=other)
    world.do(town, "order.complete", order=other)
    world.do(leader, "meeting.end", meeting)
    return world, meeting


def hears(person: Account, rooms: list[str], world: World, followed: list[str]) -> bool:
    own = set(standing_rooms(person, TREE))
    for meeting in followed:
        own.update(following_rooms(person, meeting))
    return not own.isdisjoint(rooms)


def may_read(person: Account, world: World, entry: Entry) -> bool:
    meeting = world.state.meetings.get(entry.meeting or "")
    inside = meeting is not None and (sees(person, TREE, meeting))
    return reads_entry(person, TREE, entry.audience, inside, reads_of(entry.kind))


def test_desks_that_follow_hear_exactly_the_entries_that_they_may_read_and_others_none() -> None:
    world, meeting = played()
    state = world.state.meetings[meeting]
    followers = [p for p in PEOPLE if sees(p, TREE, state)]
    assert len(followers) > 5
    assert any(not is_desk(person) for person in followers)
    for entry in world.entries:
        rooms = entry_rooms(entry, TREE, world.state)
        for person in followers:
            wanted = is_desk(person) and may_read(person, world, entry)
            if entry.meeting is None or wanted or not is_desk(person):
                assert hears(person, rooms, world, [meeting]) == wanted, (person, entry)


def test_a_document_is_told_to_all_who_may_read_it_but_what_one_station_writes_to_no_other() -> None:
    world, meeting = played()
    state = world.state.meetings[meeting]
    followers = [p for p in PEOPLE if sees(p, TREE, state)]
    told = 0
    for entry in world.entries:
        if ENTRIES[entry.kind].document is None:
            continue
        rooms = document_rooms(entry, TREE, world.state)
        for person in followers:
            hearing = hears(person, rooms, world, [meeting])
            if is_desk(person):
                assert hearing == may_read(person, world, entry), (person, entry)
            else:
                addressed = person.center in addressed_centers(entry) and may_read(person, world, entry)
                assert hearing == addressed, (person, entry)
            told += hearing
    assert told > 20


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: each.username)
def test_nobody_hears_what_he_may_not_read(person: Account) -> None:
    world, _ = played()
    for entry in world.entries:
        rooms = entry_rooms(entry, TREE, world.state)
        if ENTRIES[entry.kind].document is not None:
            rooms += document_rooms(entry, TREE, world.state)
        if hears(person, rooms, world, []):
            assert may_read(person, world, entry), entry


def test_without_following_the_called_hear_of_the_meeting_and_the_targets_of_their_orders() -> None:
    world, meeting = played()
    village, town, other = (
        account("station", VILLAGE),
        account("station", TOWN),
        account("leader", OTHER_TOWN),
    )
    documents = [entry for entry in world.entries if ENTRIES[entry.kind].document is not None]
    heard = {
        person.id: [
            entry.kind
            for entry in documents
            if hears(person, document_rooms(entry, TREE, world.state), world, [])
        ]
        for person in (village, town, other)
    }
    steps = ["order.issued", "order.signed", "order.progressed"]
    assert heard[village.id] == ["report.filed", "alarm.raised", *steps]
    assert heard[town.id] == ["report.filed", "order.issued", "order.signed", "order.completed"]
    assert heard[other.id] == ["order.issued"]
    called = called_rooms(world.state.meetings[meeting], world.state)
    assert [hears(person, called, world, []) for person in (village, town, other)] == [True, True, False]
