"""What must hold for every rule: only refusals, no mutation in deciding, replay gives the same state."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from hub.directory.accounts import ROLES, SYSTEM_ACCOUNT
from hub.entry import Actor, Command, Entry
from hub.errors import Refusal
from hub.rules import (
    COMMAND_SCHEMAS,
    FILES,
    MEETING_USE,
    SYSTEM_COMMANDS,
    Context,
    apply,
    decide,
    parse_data,
    recall,
    standing,
)
from hub.state import HubState
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE, World, account

CENTERS = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)
PEOPLE = (
    *(account(role, center) for role in ("leader", "dispatcher", "station", "clerk") for center in CENTERS),
    account("audit_admin", CITY),
    account("system_admin", CITY),
)
#: Those who usually act; drawn more often, so that most commands mean something.
USUAL = (
    account("leader", CITY),
    account("clerk", CITY),
    account("leader", COUNTY),
    account("station", VILLAGE),
    account("station", OTHER_VILLAGE),
)


def rebuilt(entries: list[Entry]) -> HubState:
    """The state as a restart makes it: what is open replayed, of what is closed what stays recalled."""
    whole, standings = HubState(), []
    for entry in entries:
        apply(whole, entry)
        standings.append((entry, standing(whole, entry)))
    closed = {each.subject for _, each in standings if each is not None and not each.open}
    state = HubState()
    for entry, each in standings:
        if each is not None and each.subject not in closed:
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
        for name, field in schema.model_fields.items():
            assert field.description, f"{kind}.{name}"


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


class AnyCommands(RuleBasedStateMachine):
    """Random people give random commands, sensible ones and senseless ones."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def give(self, who: Any, kind: str, meeting: str | None, data: dict[str, Any]) -> None:
        try:
            entries = self.world.do(who, kind, meeting, **data)
        except Refusal:
            return
        for entry in entries:
            json.dumps(entry.to_wire(), allow_nan=False)
            assert entry.audience

    def one_meeting(self, pick: int) -> str:
        meetings = sorted(self.world.state.meetings)
        return meetings[pick % len(meetings)] if meetings else "m_" + "0" * 18

    def one_order(self, pick: int) -> str:
        orders = sorted(self.world.state.orders)
        return orders[pick % len(orders)] if orders else "o_" + "0" * 18

    people = st.one_of(st.sampled_from(USUAL), st.sampled_from(USUAL), st.sampled_from(PEOPLE))
    pick = st.integers(0, 2)

    @initialize(record=st.booleans())
    def a_usual_meeting(self, record: bool) -> None:
        chair = USUAL[0]
        meeting = self.world.open(chair, COUNTY, VILLAGE, OTHER_VILLAGE, record=record)
        for who in USUAL[:4]:
            self.world.do(who, "meeting.join", meeting)
        self.world.do(chair, "order.issue", meeting, text="巡", targets=[VILLAGE, COUNTY])

    @rule(who=people, centers=st.lists(st.sampled_from(CENTERS), max_size=4), record=st.booleans())
    def open_meeting(self, who: Any, centers: list[str], record: bool) -> None:
        data = {"title": "会", "kind": "dispatch", "centers": centers, "record": record}
        self.give(who, "meeting.open", None, data)

    @rule(who=people, pick=pick, kind=st.sampled_from(("join", "join", "leave", "end")))
    def come_and_go(self, who: Any, pick: int, kind: str) -> None:
        self.give(who, f"meeting.{kind}", self.one_meeting(pick), {})

    @rule(
        who=people,
        whom=people,
        pick=pick,
        kind=st.sampled_from(
            (
                "participant.mute",
                "participant.unmute",
                "participant.remove",
                "stage.broadcast",
                "stage.broadcast",
            )
        ),
    )
    def control(self, who: Any, whom: Any, pick: int, kind: str) -> None:
        self.give(who, kind, self.one_meeting(pick), {"participant": whom.id})

    @rule(who=people, pick=pick, kind=st.sampled_from(("start", "stop")))
    def record(self, who: Any, pick: int, kind: str) -> None:
        self.give(who, f"recording.{kind}", self.one_meeting(pick), {})

    @rule(pick=pick, part=st.integers(0, 2), kind=st.sampled_from(("part_open", "part_close")))
    def parts(self, pick: int, part: int, kind: str) -> None:
        data: dict[str, Any] = {"recording": "r_" + "0" * 18, "part": f"p_{part:018d}"}
        for entry in self.world.entries:
            if entry.kind == "recording.started":
                data["recording"] = entry.data["recording"]
        if kind == "part_open":
            data |= {"participant": "a_" + "0" * 18, "center": VILLAGE, "name": "坦渡村", "file": "x.webm"}
            data |= {"tracks": [], "started_at": "2026-11-23T08:00:00Z"}
        else:
            data |= {"duration_ms": 1, "bytes": 2, "sha256": "0" * 64}
        self.give(SYSTEM_ACCOUNT, f"recording.{kind}", self.one_meeting(pick), data)

    @rule(
        who=people,
        centers=st.lists(st.sampled_from(CENTERS), min_size=1, max_size=3),
        pick=st.integers(-2, 3),
    )
    def issue(self, who: Any, centers: list[str], pick: int) -> None:
        meeting = self.one_meeting(pick) if pick >= 0 else None
        self.give(who, "order.issue", meeting, {"text": "巡", "targets": centers})

    @rule(who=people, pick=pick, kind=st.sampled_from(("sign", "progress", "complete")))
    def carry_out(self, who: Any, pick: int, kind: str) -> None:
        data = {"order": self.one_order(pick)} | ({"text": "x"} if kind == "progress" else {})
        self.give(who, f"order.{kind}", None, data)

    @rule(who=people, pick=pick, kind=st.sampled_from(("report.file", "decision.record", "note.add")))
    def write(self, who: Any, pick: int, kind: str) -> None:
        data = {"situation": "normal"} if kind == "report.file" else {"text": "x"}
        self.give(who, kind, self.one_meeting(pick), data)

    @rule(
        who=people,
        kind=st.sampled_from(sorted(COMMAND_SCHEMAS)),
        data=st.dictionaries(
            st.sampled_from(
                ("text", "order", "participant", "centers", "targets", "due", "at", "title", "kind")
            ),
            st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
            max_size=4,
        ),
    )
    def nonsense(self, who: Any, kind: str, data: dict[str, Any]) -> None:
        self.give(who, kind, self.one_meeting(0), data)

    @invariant()
    def replay_equals_live(self) -> None:
        replayed = HubState()
        for entry in self.world.entries:
            apply(replayed, entry)
        assert replayed == self.world.state

    @invariant()
    def a_restart_keeps_what_is_open(self) -> None:
        assert rebuilt(self.world.entries) == self.world.state


AnyCommands.TestCase.settings = settings(
    max_examples=80, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnyCommands = AnyCommands.TestCase


def test_the_audience_is_never_empty_and_the_actor_is_who_asked() -> None:
    world = World()
    chair = account("leader", CITY)
    world.open(chair, VILLAGE)
    assert {entry.actor for entry in world.entries} == {Actor(chair.id, CITY)}
    assert all(role in ROLES for role in (person.role for person in PEOPLE))
