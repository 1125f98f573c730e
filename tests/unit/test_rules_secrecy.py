"""Levels of secrecy: roles × cleared × relation, who raises and lowers, who has to go, and that no answer gives it away."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT, Account
from hub.directory.permissions import asked_of, reads_entry, sees_meeting
from hub.entry import Entry
from hub.errors import Refusal
from hub.gates import rights_here, sees
from hub.people import Accounts
from hub.rules import COMMAND_SCHEMAS, ENTRIES, MEETING_USE, SYSTEM_COMMANDS
from signaling.rooms import (
    document_rooms,
    entry_rooms,
    following_rooms,
    is_desk,
    is_uncleared,
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

PLACES = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY, OTHER_TOWN)
#: Every role in every place, cleared and not.
PEOPLE = [
    account(role, center, cleared=cleared, number=int(cleared))
    for role, center, cleared in itertools.product(ROLES, PLACES, (False, True))
]
LEADER = account("leader", CITY, cleared=True)
COUNTY_LEADER = account("leader", COUNTY, cleared=True)
UNCLEARED = account("leader", COUNTY, number=2)
VILLAGER = account("station", VILLAGE, cleared=True)
OTHER_VILLAGER = account("station", OTHER_VILLAGE)
CLERK = account("clerk", CITY, cleared=True)
GUARD = account("security_admin", CITY)


def world_of_all() -> World:
    world = World()
    world.know(LEADER, COUNTY_LEADER, UNCLEARED, VILLAGER, OTHER_VILLAGER, CLERK, GUARD)
    return world


def code(world: World, who: Account, kind: str, meeting: str | None = None, /, **data: Any) -> str:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, meeting, **data)
    return caught.value.code


def kinds(entries: list[Entry]) -> list[str]:
    return [entry.kind for entry in entries]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: f"{each.username}-{each.cleared}")
def test_a_secret_meeting_is_there_for_the_cleared_of_those_whom_the_table_lets(person: Account) -> None:
    for chair, called in itertools.product((CITY, COUNTY, TOWN), ((VILLAGE,), (COUNTY, OTHER_TOWN), PLACES)):
        asked = (person, TREE, chair, called)
        assert sees_meeting(*asked, level="secret") == (
            person.cleared and sees_meeting(*asked, level="normal")
        )
        twin = replace(person, cleared=not person.cleared)
        assert sees_meeting(*asked, level="normal") == sees_meeting(twin, *asked[1:], level="normal")
    for audience in (("meeting",), (f"center:{VILLAGE}",), (f"account:{person.id}",)):
        assert person.cleared or not reads_entry(person, TREE, audience, True, level="secret")
        assert person.cleared or not reads_entry(person, TREE, (*audience, "cleared"), True)


def test_what_a_secret_meeting_asks_of_a_center_only_that_center_reads_and_not_who_asks() -> None:
    reading = {
        (person.role, person.center)
        for person in PEOPLE
        if asked_of(person, TREE, "order.read", (CITY, VILLAGE, TOWN, CITY))
    }
    roles = ("leader", "dispatcher", "station", "clerk", "audit_admin")
    assert reading == set(itertools.product(roles, (VILLAGE, TOWN)))


def secret_world() -> tuple[World, str]:
    """A secret meeting in which everything was done that reaches others."""
    world = world_of_all()
    meeting = world.open(LEADER, COUNTY, VILLAGE, OTHER_VILLAGE, level="secret")
    for who in (LEADER, COUNTY_LEADER, VILLAGER):
        world.do(who, "meeting.join", meeting)
    world.do(VILLAGER, "report.file", meeting, situation="abnormal", text="涉密")
    order = world.do(LEADER, "order.issue", meeting, text="令", targets=[OTHER_VILLAGE, CITY])[0].data[
        "order"
    ]
    world.do(OTHER_VILLAGER, "order.sign", order=order)
    taken_in = world.do(
        LEADER, "incident.register", meeting, kind="incident", title="涉密", site=OTHER_COUNTY
    )
    incident = taken_in[0].data["incident"]
    world.do(LEADER, "incident.route", meeting, incident=incident, to=COUNTY, reason="交办")
    world.do(UNCLEARED, "incident.acknowledge", incident=incident)
    world.do(UNCLEARED, "incident.note", incident=incident, text="在办")
    world.do(LEADER, "decision.record", meeting, text="涉密")
    world.do(LEADER, "note.add", meeting, text="涉密")
    return world, meeting


def test_to_who_is_not_cleared_no_command_says_that_the_meeting_is_there() -> None:
    world, meeting = secret_world()
    outside = "m_" + "9" * 18
    data: dict[str, Any] = {"reason": "x", "participant": VILLAGER.id, "text": "x", "other": meeting}
    tried = 0
    for kind, use in MEETING_USE.items():
        if use == "never" or kind in SYSTEM_COMMANDS:
            continue
        fields = COMMAND_SCHEMAS[kind].model_fields
        given = {name: value for name, value in data.items() if name in fields}
        for who in (UNCLEARED, replace(LEADER, cleared=False), replace(VILLAGER, cleared=False)):
            answers = []
            for asked in (meeting, outside):
                try:
                    world.do(who, kind, asked, **given)
                    answers.append("done")
                except Refusal as refusal:
                    answers.append(f"{refusal.code} {refusal.field} {refusal.message}")
            assert answers[0] == answers[1], f"{kind} by {who.username}"
            assert answers[0] != "done", kind
            tried += answers[0].startswith("not_found")
    assert tried > 150
    for person in PEOPLE:
        if not person.cleared:
            assert not sees(person, TREE, world.state.meetings[meeting])
            assert rights_here(world.state.meetings[meeting], person, TREE) == []


def test_news_of_a_secret_meeting_go_to_the_cleared_and_what_it_asks_to_who_is_asked() -> None:
    world, meeting = secret_world()
    told: set[str] = set()
    for entry in world.entries:
        if ENTRIES[entry.kind].house:
            continue
        rooms = entry_rooms(entry, TREE, world.state)
        documents = (
            document_rooms(entry, TREE, world.state) if ENTRIES[entry.kind].document is not None else []
        )
        assert not any(is_uncleared(room) for room in rooms), entry.kind
        for person in PEOPLE:
            standing = set(standing_rooms(person, TREE))
            if not person.cleared:
                assert standing.isdisjoint(rooms), (person, entry)
                heard = standing & set(documents)
                assert all(is_uncleared(room) for room in heard), (person, entry)
                told |= {f"{entry.kind} {person.center}" for _ in heard}
            elif sees(person, TREE, world.state.meetings[meeting]):
                inside = standing | set(following_rooms(person, meeting))
                assert (
                    entry.meeting is None
                    or is_desk(person) <= (not inside.isdisjoint(rooms))
                    or ("meeting" not in entry.audience)
                ), (person, entry)
    assert told == {
        *(f"order.{step} {OTHER_VILLAGE}" for step in ("issued", "signed")),
        *(f"incident.{step} {COUNTY}" for step in ("routed", "acknowledged", "noted")),
        # It is about the site, and nothing is asked of it: told to the responsible center, whatever was done before.
        f"incident.registered {COUNTY}",
    }


def test_the_chair_raises_it_and_who_is_not_cleared_is_out_at_once() -> None:
    world = world_of_all()
    meeting = world.open(LEADER, COUNTY, VILLAGE, OTHER_VILLAGE)
    for who in (LEADER, UNCLEARED, VILLAGER, OTHER_VILLAGER):
        world.do(who, "meeting.join", meeting)
    assert code(world, UNCLEARED, "secrecy.raise", meeting) == "forbidden"
    assert code(world, VILLAGER, "secrecy.raise", meeting) == "forbidden"
    raised = world.do(LEADER, "secrecy.raise", meeting, reason="涉及部署")
    assert kinds(raised) == ["secrecy.raised", "meeting.left", "meeting.left"]
    assert {entry.data["participant"] for entry in raised[1:]} == {UNCLEARED.id, OTHER_VILLAGER.id}
    assert world.do(LEADER, "secrecy.raise", meeting) == []
    assert code(world, OTHER_VILLAGER, "meeting.join", meeting) == "not_found"
    world.do(LEADER, "meeting.end", meeting)
    assert world.state.meetings[meeting].level == "secret"


def test_it_is_not_raised_while_who_leads_it_is_not_cleared() -> None:
    world = world_of_all()
    meeting = world.open(replace(UNCLEARED, center=COUNTY), VILLAGE)
    assert code(world, LEADER, "secrecy.raise", meeting) == "wrong_state"
    world.do(LEADER, "meeting.join", meeting)
    world.do(LEADER, "chair.take", meeting)
    world.do(LEADER, "secrecy.raise", meeting)
    assert code(world, UNCLEARED, "meeting.end", meeting) == "not_found"


def test_only_a_cleared_leader_of_the_convener_or_above_lowers_it_and_says_why() -> None:
    world = world_of_all()
    meeting = world.open(COUNTY_LEADER, VILLAGE, level="secret")
    world.do(COUNTY_LEADER, "meeting.end", meeting)
    clerk = account("clerk", COUNTY, cleared=True)
    assert code(world, clerk, "secrecy.lower", meeting, reason="x") == "forbidden"
    assert code(world, account("leader", CITY, number=3), "secrecy.lower", meeting, reason="x") == "not_found"
    assert code(world, LEADER, "secrecy.lower", meeting) == "invalid"
    (lowered,) = world.do(LEADER, "secrecy.lower", meeting, reason="已公开")
    assert (lowered.data["reason"], world.state.meetings[meeting].level) == ("已公开", "normal")
    (raised,) = world.do(clerk, "secrecy.raise", meeting)
    assert (raised.kind, world.state.meetings[meeting].level) == ("secrecy.raised", "secret")


def test_nobody_opens_a_secret_meeting_or_books_one_who_is_not_cleared() -> None:
    world = world_of_all()
    wanted: dict[str, Any] = {"title": "会", "kind": "dispatch", "centers": [VILLAGE], "level": "secret"}
    assert code(world, UNCLEARED, "meeting.open", **wanted) == "forbidden"
    starts: dict[str, Any] = {"starts_at": "2026-11-24T08:00:00Z"}
    assert code(world, UNCLEARED, "booking.make", **wanted, **starts) == "forbidden"
    assert code(world, COUNTY_LEADER, "booking.make", **wanted, **starts, chair=UNCLEARED.id) == "forbidden"
    booking = world.do(COUNTY_LEADER, "booking.make", **wanted, **starts)[0]
    assert booking.audience[-1] == "cleared"
    id = booking.data["booking"]
    assert code(world, UNCLEARED, "booking.cancel", booking=id, reason="x") == "not_found"
    opened = world.do(COUNTY_LEADER, "booking.open", booking=id)
    assert world.state.meetings[str(opened[0].meeting)].level == "secret"
    world.do(COUNTY_LEADER, "meeting.end", opened[0].meeting)
    assert code(world, UNCLEARED, "booking.cancel", booking=id, reason="x") == "not_found"
    assert code(world, COUNTY_LEADER, "booking.cancel", booking=id, reason="x") == "already_done"


def test_a_booking_made_secret_is_gone_for_who_had_heard_of_it() -> None:
    world = world_of_all()
    wanted: dict[str, Any] = {"title": "会", "kind": "dispatch", "centers": [VILLAGE]}
    wanted |= {"starts_at": "2026-11-24T08:00:00Z"}
    id = world.do(COUNTY_LEADER, "booking.make", **wanted)[0].data["booking"]
    changed = world.do(COUNTY_LEADER, "booking.change", booking=id, **wanted, level="secret")
    assert kinds(changed) == ["booking.changed", "booking.hidden"]
    assert "cleared" not in changed[1].audience
    assert code(world, UNCLEARED, "booking.cancel", booking=id, reason="x") == "not_found"
    dispatcher = account("dispatcher", COUNTY, cleared=True)
    assert code(world, dispatcher, "booking.change", booking=id, **wanted) == "forbidden"
    assert kinds(world.do(COUNTY_LEADER, "booking.change", booking=id, **wanted)) == ["booking.changed"]


def test_the_security_administrator_gives_clearance_and_withdraws_it_and_the_meeting_is_left_at_once() -> (
    None
):
    world, meeting = secret_world()
    assert code(world, LEADER, "account.change", account=UNCLEARED.id, cleared=True) == "not_found"
    system = account("system_admin", CITY)
    assert code(world, system, "account.change", account=UNCLEARED.id, cleared=True) == "forbidden"
    assert code(world, GUARD, "account.change", account=GUARD.id, cleared=True) == "forbidden"
    world.do(GUARD, "account.change", account=UNCLEARED.id, cleared=True)
    cleared = world.state.parts.read(Accounts).by_id[UNCLEARED.id]
    world.do(cleared, "meeting.join", meeting)
    gone = world.do(GUARD, "account.change", account=UNCLEARED.id, cleared=False)
    assert kinds(gone) == ["account.changed", "meeting.left"]
    assert gone[1].data["participant"] == UNCLEARED.id
    # The chair who loses his clearance has the chair no more: it is with who stands by.
    world.do(LEADER, "chair.name_backup", meeting, participant=COUNTY_LEADER.id)
    world.do(SYSTEM_ACCOUNT, "account.change", account=LEADER.id, cleared=False)
    assert world.state.meetings[meeting].chair.id == COUNTY_LEADER.id


def test_where_two_persons_have_to_agree_clearance_waits_for_the_second_and_its_end_for_nobody() -> None:
    world = world_of_all()
    second = account("security_admin", CITY, number=5)
    world.know(second)
    world.do(SYSTEM_ACCOUNT, "policy.change", approval={"rights": True, "approver": None})
    one: dict[str, Any] = {"account": UNCLEARED.id}
    assert code(world, GUARD, "account.change", **one, cleared=True) == "approval_needed"
    proposal = world.do(GUARD, "right.propose", **one, cleared=True)[0].data["proposal"]
    assert code(world, GUARD, "right.approve", proposal=proposal) == "forbidden"
    assert kinds(world.do(second, "right.approve", proposal=proposal)) == [
        "right.approved",
        "account.changed",
    ]
    assert world.state.parts.read(Accounts).by_id[UNCLEARED.id].cleared
    assert kinds(world.do(GUARD, "account.change", **one, cleared=False)) == ["account.changed"]


def test_who_is_cleared_gets_a_one_time_password_only_once_a_second_person_agreed() -> None:
    world = world_of_all()
    system = account("system_admin", CITY)
    world.know(system)
    assert code(world, system, "account.reset_password", accounts=[VILLAGER.id]) == "approval_needed"
    assert kinds(world.do(system, "account.reset_password", accounts=[OTHER_VILLAGER.id])) == [
        "account.passwords_reset"
    ]


def test_a_unit_of_another_level_parts_and_its_record_does_not_say_why() -> None:
    world = world_of_all()
    upper, lower = world.open(LEADER, COUNTY), world.open(COUNTY_LEADER, VILLAGE)
    for who, meeting in ((LEADER, upper), (COUNTY_LEADER, lower)):
        world.do(who, "meeting.join", meeting)
    world.do(LEADER, "unit.invite", upper, other=lower)
    world.do(COUNTY_LEADER, "unit.accept", lower, other=upper)
    raised = world.do(COUNTY_LEADER, "secrecy.raise", lower)
    left = [entry for entry in raised if entry.kind == "unit.left"]
    assert {entry.data["reason"] for entry in left} == {"lower"}
    assert len(left) == 2
    assert COUNTY_LEADER.id not in [seat.id for seat in world.state.meetings[upper].joined]
    assert code(world, LEADER, "unit.invite", upper, other=lower) == "wrong_state"
