"""What rules keep in memory and what the tables of the store hold say the same, after any commands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from hub.clock import to_wire
from hub.conference.recording import RunningRecording
from hub.conference.stage import Stage
from hub.dispatch.decisions import Decided, Standing
from hub.dispatch.incident_state import incidents_of
from hub.entry import Entry
from hub.rules import apply, standing
from hub.state import TARGET_STATES, HubState, Meeting
from hub.store import tables
from hub.store.bulk import run_changes
from hub.store.order_rows import ACCEPTED, COMPLETED
from hub.store.projections import project
from tests.support.any_commands import CommandMachine
from tests.support.rules import CITY, VILLAGE, World, account

#: What of a seat both keep.
SEAT = ("id", "name", "role", "center", "center_name", "level", "state", "muted", "joined_at", "left_at")


@pytest.fixture(name="connection")
def _connection() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        # What a rebuild fills: a row for any other table would have nowhere to go.
        tables.metadata.create_all(connection, tables=list(tables.PROJECTIONS))
        connection.commit()
        yield connection
    engine.dispose()


def compare(connection: sa.Connection, entries: list[Entry]) -> None:
    """Put the entries into the state and into the tables, each in its way, and compare. The tables are left as they were.

    A meeting's parts are gone when it has ended: what they were just before is compared with what the tables say then.
    """
    state = HubState()
    try:
        for entry in entries:
            if entry.kind == "meeting.ended":
                compare_meeting(connection, state.meetings[entry.meeting or ""])
            apply(state, entry)
            run_changes(connection, project(entry, standing(state, entry)))
        for meeting in state.meetings.values():
            if meeting.is_open:
                compare_meeting(connection, meeting)
            else:
                compare_end(connection, meeting)
        compare_orders(connection, state)
        compare_decisions(connection, state)
        compare_incidents(connection, state)
    finally:
        connection.rollback()


def rows(
    connection: sa.Connection, table: sa.Table, column: str, value: str, order: str = "seq"
) -> list[Any]:
    query = sa.select(table).where(table.c[column] == value).order_by(table.c[order])
    return list(connection.execute(query).mappings())


def compare_decisions(connection: sa.Connection, state: HubState) -> None:
    """What stands is what is confirmed, and which later one took its place is said on both sides."""
    query = sa.select(tables.decisions).where(tables.decisions.c.state == "confirmed")
    written = {row.id: row.amended_by for row in connection.execute(query)}
    kept = {id: each.amended_by for id, each in state.parts.read(Standing).by_id.items()}
    assert written == kept


def compare_meeting(connection: sa.Connection, meeting: Meeting) -> None:
    (row,) = rows(connection, tables.meetings, "id", meeting.id)
    assert (row["state"], row["ended_at"], row["ended_seq"]) == ("open", None, None)
    assert row["broadcast"] == meeting.read(Stage).broadcast
    kept = [
        {**each, "id": each["account"]}
        for each in rows(connection, tables.participants, "meeting", meeting.id)
    ]
    seats = [seat.model_dump() for seat in meeting.seats.values()]
    assert [[each[name] for name in SEAT] for each in kept] == [
        [each[name] for name in SEAT] for each in seats
    ]
    decided = meeting.read(Decided).by_id
    written = {each["id"]: each for each in rows(connection, tables.decisions, "meeting", meeting.id)}
    assert written.keys() == decided.keys()
    for id, known in decided.items():
        row = written[id]
        assert (row["state"], row["text"], row["amends"]) == (known.state, known.text, known.amends)
    recordings = rows(connection, tables.recordings, "meeting", meeting.id)
    recording = meeting.read(RunningRecording)
    assert [each["id"] for each in recordings] == recording.all
    running = [each["id"] for each in recordings if each["stopped_at"] is None]
    assert running == ([] if recording.running is None else [recording.running])
    parts = [part for each in recordings for part in rows(connection, tables.parts, "recording", each["id"])]
    assert {
        part["id"]: "recording" if part["bytes"] is None else "closed" for part in parts
    } == recording.parts


def compare_end(connection: sa.Connection, meeting: Meeting) -> None:
    assert meeting.ended_at is not None
    (row,) = rows(connection, tables.meetings, "id", meeting.id)
    assert (row["state"], row["ended_at"], row["broadcast"]) == ("ended", to_wire(meeting.ended_at), None)
    for each in rows(connection, tables.participants, "meeting", meeting.id):
        assert each["state"] in ("left", "removed")
        assert each["left_at"] is not None
    for each in rows(connection, tables.recordings, "meeting", meeting.id):
        assert each["stopped_at"] is not None


def compare_orders(connection: sa.Connection, state: HubState) -> None:
    ids = [each.id for each in connection.execute(sa.select(tables.orders.c.id))]
    assert sorted(ids) == sorted(state.orders)
    for order in state.orders.values():
        (row,) = rows(connection, tables.orders, "id", order.id)
        assert (row["meeting"], row["issuer_center"]) == (order.meeting, order.issuer_center)
        assert (row["parent_id"], row["withdrawn"] is not None) == (order.parent, order.withdrawn)
        assert (row["ended_at"] is None) is (order.closed is None)
        targets = rows(connection, tables.order_targets, "order_id", order.id, "place")
        if order.closed is not None:
            assert {each["center"] for each in targets} == set(order.closed)
            assert order.withdrawn or all(each["step"] >= COMPLETED for each in targets)
            continue
        assert (row["due"], row["priority"], row["supervised_at"] is not None) == (
            order.due,
            order.priority,
            order.supervised,
        )
        reached = [(each["center"], TARGET_STATES[each["step"]]) for each in targets]
        assert reached == list(order.targets.items())
        assert order.undone == sum(each["step"] < COMPLETED for each in targets)
        assert order.unaccepted == sum(each["step"] < ACCEPTED for each in targets)
        assert order.dues == {each["center"]: each["due"] for each in targets if each["due"]}
        assert order.asked == {each["center"]: each["asked_due"] for each in targets if each["asked_due"]}
        words = rows(connection, tables.order_words, "order_id", order.id)
        for kind, count in (("urged", "urges"), ("returned", "returns")):
            said = Counter(each["center"] for each in words if each["kind"] == kind)
            assert said == {each["center"]: each[count] for each in targets if each[count]}


def compare_incidents(connection: sa.Connection, state: HubState) -> None:
    kept = incidents_of(state).by_id
    assert {each.id for each in connection.execute(sa.select(tables.incidents.c.id))} == kept.keys()
    for incident in kept.values():
        (row,) = rows(connection, tables.incidents, "id", incident.id)
        told = (row["state"], row["responsible"], row["checker"], row["center"], row["due"], row["main_id"])
        assert told == (
            incident.state,
            incident.responsible["center"],
            incident.checker["center"],
            incident.taken_by["center"],
            incident.due,
            incident.main,
        )
        assert (row["overdue_at"] is not None) == incident.overdue
        concerned = rows(connection, tables.incident_centers, "incident", incident.id, "center")
        assert {each["center"] for each in concerned} == set(incident.concerned)


def test_tables_and_state_agree_after_any_commands(connection: sa.Connection) -> None:
    class Compared(CommandMachine):
        def teardown(self) -> None:
            compare(connection, self.world.entries)

    run_state_machine_as_test(
        Compared,
        settings=settings(
            max_examples=40,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_tables_and_state_agree_about_who_left_and_came_again(connection: sa.Connection) -> None:
    world = World()
    chair, station, leader = account("leader", CITY), account("station", VILLAGE), account("dispatcher", CITY)
    meeting = world.open(chair, VILLAGE)
    for who in (station, chair, leader):
        world.do(who, "meeting.join", meeting)
    world.do(chair, "participant.mute", meeting, participant=station.id)
    world.do(station, "meeting.leave", meeting)
    world.do(station, "meeting.join", meeting)
    world.do(chair, "stage.broadcast", meeting, participant=station.id)
    world.do(chair, "participant.remove", meeting, participant=leader.id)
    world.do(chair, "recording.stop", meeting)
    compare(connection, world.entries)
    world.do(chair, "meeting.end", meeting)
    compare(connection, world.entries)
