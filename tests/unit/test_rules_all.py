"""What must hold for every rule: only refusals, no mutation in deciding, replay gives the same state."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import invariant

from hub.directory.accounts import ROLES
from hub.directory.permissions import ACTIONS
from hub.entry import Actor, Command, Entry
from hub.errors import Refusal
from hub.parts import told
from hub.people import Accounts
from hub.rules import (
    COMMAND_SCHEMAS,
    ENTRIES,
    FILES,
    MEETING_USE,
    PARTS,
    SYSTEM_COMMANDS,
    Context,
    apply,
    decide,
    parse_data,
    recall,
    standing,
)
from hub.state import HubState
from signaling.described import texts_of
from signaling.typescript import definitions
from tests.support.any_commands import PEOPLE, CommandMachine
from tests.support.rules import CITY, TREE, VILLAGE, World, account


def rebuilt(entries: list[Entry]) -> HubState:
    """The state as a restart makes it: what is open replayed, of what is closed what stays recalled."""
    whole, standings = HubState(), []
    for entry in entries:
        apply(whole, entry)
        standings.append((entry, standing(whole, entry)))
    # what came after the last closing of its subject: of one that was taken up again that is not all
    closed = {each.subject: entry.seq for entry, each in standings if each is not None and not each.open}
    state = HubState()
    for entry, each in standings:
        if each is not None and entry.seq > closed.get(each.subject, 0):
            apply(state, entry)
        elif each is not None and each.stays:
            recall(state, entry)
    state.last_seq = whole.last_seq
    return state


def test_names_are_given_once() -> None:
    for names in (
        [command.kind for file in FILES for command in file.commands],
        [entry.kind for file in FILES for entry in file.entries],
        [file.name for file in FILES],
    ):
        assert sorted(names) == sorted(set(names))


def test_every_command_and_every_field_says_what_it_means() -> None:
    for kind, schema in COMMAND_SCHEMAS.items():
        assert schema.__doc__, kind
        texts = texts_of(schema)
        for name in schema.model_fields:
            assert texts.get(name), f"{kind}.{name}"


def test_every_entry_and_every_part_says_what_it_means() -> None:
    for kind, rule in ENTRIES.items():
        assert rule.schema.__doc__, kind
    for name, part in PARTS.items():
        assert part.__doc__, name


def test_what_a_file_of_rules_names_is_there() -> None:
    for kind, rule in ENTRIES.items():
        assert rule.reads in ACTIONS, kind
        if rule.document is not None:
            assert {
                rule.document.id,
                rule.document.row or rule.document.id,
            } <= rule.schema.model_fields.keys()
    for file in FILES:
        own = {rule.kind for rule in file.entries}
        assert (file.precedes.keys() | file.follows.keys()) <= ENTRIES.keys() - own, file.name


def test_whether_a_meeting_is_named_is_checked_before_the_rule() -> None:
    context = Context(datetime.now(UTC), account("leader", CITY), TREE, lambda prefix: prefix)
    for kind, use in MEETING_USE.items():
        if kind in SYSTEM_COMMANDS or use == "optional":
            continue
        wrong = None if use == "always" else "m_" + "0" * 18
        with pytest.raises(Refusal) as caught:
            decide(HubState(), Command("c", kind, wrong, {}), context)
        assert (caught.value.code, caught.value.field) == ("invalid", "meeting"), kind


@pytest.mark.parametrize("data", [[], "x", 7, {"unknown": 1}, {1: 2}])
def test_data_of_the_wrong_shape_is_refused(data: object) -> None:
    for kind in COMMAND_SCHEMAS:
        with pytest.raises(Refusal) as caught:
            parse_data(kind, data)
        assert caught.value.code == "invalid"


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        parse_data("meeting.levitate", {})
    assert caught.value.field == "kind"


def test_an_entry_of_a_later_version_is_passed_over() -> None:
    world = World()
    world.open(account("leader", CITY), VILLAGE)
    before = copy.deepcopy(world.state)
    apply(world.state, replace(world.entries[-1], seq=99, kind="mosaic.composed"))
    assert world.state.last_seq == 99
    world.state.last_seq = before.last_seq
    assert world.state == before


def test_entries_of_an_unknown_meeting_or_order_are_passed_over() -> None:
    world = World()
    chair, station = account("leader", CITY), account("station", VILLAGE)
    meeting = world.open(chair, VILLAGE)
    world.do(station, "meeting.join", meeting)
    world.do(chair, "participant.mute", meeting, participant=station.id)
    world.do(chair, "stage.broadcast", meeting, participant=station.id)
    world.do(station, "meeting.leave", meeting)
    (issued,) = world.do(chair, "order.issue", meeting, text="巡", targets=[VILLAGE])
    world.do(station, "order.sign", order=issued.data["order"])
    world.do(chair, "meeting.end", meeting)
    state = HubState()
    for entry in world.entries:
        if entry.kind not in ("meeting.opened", "order.issued"):
            apply(state, entry)
    assert state == HubState(last_seq=len(world.entries))


class AnyCommands(CommandMachine):
    """Random people give random commands, sensible ones and senseless ones."""

    def made(self, entries: list[Entry]) -> None:
        for entry in entries:
            json.dumps(entry.to_wire(), allow_nan=False)
            assert entry.audience
            ENTRIES[entry.kind].schema.model_validate(entry.data)

    def teardown(self) -> None:
        """What is told of parts is what the pages' types say."""
        for meeting in self.world.state.meetings.values():
            for kind in PARTS.values():
                TOLD[kind].validate(told(meeting.read(kind)))

    @invariant()
    def replay_equals_live(self) -> None:
        replayed = HubState()
        for entry in self.world.entries:
            apply(replayed, entry)
        assert replayed == self.world.state

    @invariant()
    def who_is_in_a_secret_meeting_is_cleared(self) -> None:
        people = self.world.state.parts.read(Accounts).by_id
        for meeting in self.world.state.meetings.values():
            if meeting.is_open and meeting.level == "secret":
                assert all(people[seat.id].cleared for seat in meeting.joined)

    @invariant()
    def a_restart_keeps_what_is_open(self) -> None:
        assert rebuilt(self.world.entries) == self.world.state


DEFINITIONS = definitions()
#: What is told of each part.
TOLD = {
    kind: jsonschema.Draft202012Validator({"$ref": f"#/$defs/{kind.__name__}", "$defs": DEFINITIONS})
    for kind in PARTS.values()
}
AnyCommands.TestCase.settings = settings(
    max_examples=60, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyCommands = AnyCommands.TestCase


def test_the_audience_is_never_empty_and_the_actor_is_who_asked() -> None:
    world = World()
    chair = account("leader", CITY)
    world.open(chair, VILLAGE)
    assert {entry.actor for entry in world.entries} == {Actor(chair.id, CITY)}
    assert all(role in ROLES for role in (person.role for person in PEOPLE))
