"""The clockwork: what is due is given once, in time, whatever the clock and the journal do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from hub.clock import to_wire
from hub.coordination import clockwork
from hub.coordination.clockwork import Clockwork, id_of
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Actor, Command, Entry
from hub.errors import Refusal
from hub.parts import Audience, Part
from hub.ruling import Due, RuleFile
from hub.shapes import ParticipantRef
from hub.state import HubState, Meeting
from tests.support.memory_writer import MemoryWriter
from tests.support.rules import CITY, TREE, VILLAGE, account
from tests.support.waiting import eventually

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
CHAIR = ParticipantRef(
    id="a_1", name="王某", role="leader", center="430600000000", center_name="岳阳市", level="city"
)


class Alarm(Part):
    """When it rings next."""

    audience: ClassVar[Audience] = "desk"
    at: str | None = None


def _due(meeting: Meeting) -> Due | None:
    at = meeting.read(Alarm).at
    return None if at is None else Due(datetime.fromisoformat(at), "alarm.ring", meeting.id, "alarm")


def _hub_due(state: HubState) -> Due | None:
    at = state.parts.read(Alarm).at
    return None if at is None else Due(datetime.fromisoformat(at), "alarm.ring", None, "hub")


FILE = RuleFile("alarm", part=Alarm, due=_due, hub_due=_hub_due)


class Hub:
    """A clock that stands still, a state, and a journal that keeps commands and lets an alarm ring once."""

    def __init__(self, *meetings: str) -> None:
        self.now = NOON
        self.state = HubState()
        for meeting in meetings:
            self.state.meetings[meeting] = Meeting(meeting, "会", "dispatch", (), CHAIR, NOON)
        self.looks = 0
        self.given: list[tuple[str, str | None]] = []
        self.refusing: Refusal | None = None
        self.does_nothing = False
        self._subscribers: list[Callable[[Sequence[Entry]], None]] = []

    def clock(self) -> datetime:
        self.looks += 1
        return self.now

    async def submit(self, command: Command, account: Account) -> object:
        assert account is SYSTEM_ACCOUNT
        assert command.kind == "alarm.ring"
        await asyncio.sleep(0)
        self.given.append((command.id, command.meeting))
        if self.refusing is not None:
            raise self.refusing
        if not self.does_nothing:
            self.set(command.meeting, None)
        return None

    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def set(self, meeting: str | None, after: timedelta | None) -> None:
        """Let an entry set the alarm of a meeting, or of the hub; None turns it off."""
        parts = self.state.parts if meeting is None else self.state.meetings[meeting].parts
        parts.edit(Alarm).at = None if after is None else to_wire(self.now + after)
        self.tell(meeting)

    def tell(self, meeting: str | None) -> None:
        entry = Entry(1, self.now, Actor("a", ""), "x", meeting, (), {}, "sha256", "", "")
        for callback in self._subscribers:
            callback([entry])

    @property
    def rang(self) -> list[str | None]:
        return [meeting for _, meeting in self.given]


def watching(hub: Hub, *files: RuleFile) -> Clockwork:
    """A clockwork that hears of changes, and is looked after by hand."""
    work = Clockwork(hub, hub.clock, files or (FILE,))
    hub.subscribe(work._entries)
    return work


@asynccontextmanager
async def running(hub: Hub, look_s: float = 0.01) -> AsyncIterator[None]:
    task = asyncio.create_task(Clockwork(hub, hub.clock, (FILE,), look_s).run())
    await asyncio.sleep(0)
    yield
    assert not task.done(), task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert hub._subscribers == []


async def test_what_is_due_is_given_at_its_moment_and_once() -> None:
    hub = Hub("m_1", "m_2")
    work = watching(hub)
    hub.set("m_1", 5 * SECOND)
    hub.set("m_2", 3 * SECOND)
    assert await work.give_due() == NOON + 3 * SECOND
    hub.now += 4 * SECOND
    assert await work.give_due() == NOON + 5 * SECOND
    assert hub.rang == ["m_2"]
    hub.now += 10 * SECOND
    assert await work.give_due() is None
    assert await work.give_due() is None
    assert hub.rang == ["m_2", "m_1"]
    assert [id for id, _ in hub.given] == [
        f"alarm.ring:{meeting}:alarm:{to_wire(NOON + after)}"
        for meeting, after in (("m_2", 3 * SECOND), ("m_1", 5 * SECOND))
    ]


async def test_what_is_put_off_or_called_off_is_not_given() -> None:
    hub = Hub("m_1", "m_2", "m_3")
    work = watching(hub)
    for meeting in hub.state.meetings:
        hub.set(meeting, 5 * SECOND)
    assert await work.give_due() == NOON + 5 * SECOND
    hub.set("m_1", None)
    hub.set("m_2", 60 * SECOND)
    hub.now += 6 * SECOND
    assert await work.give_due() == NOON + 60 * SECOND
    assert hub.rang == ["m_3"]
    hub.now += 60 * SECOND
    assert await work.give_due() is None
    assert hub.rang == ["m_3", "m_2"]


async def test_an_ended_meeting_has_nothing_due_any_more() -> None:
    hub = Hub("m_1", "m_2")
    work = watching(hub)
    hub.set("m_1", 5 * SECOND)
    hub.set("m_2", 6 * SECOND)
    assert await work.give_due() == NOON + 5 * SECOND
    hub.state.meetings["m_1"].ended_at = hub.now
    hub.tell("m_1")
    hub.now += 10 * SECOND
    assert await work.give_due() is None
    assert hub.rang == ["m_2"]


async def test_what_fell_due_while_the_hub_was_away_is_given_at_its_start() -> None:
    hub = Hub("m_1", "m_2")
    hub.set("m_1", -60 * SECOND)
    hub.set(None, -60 * SECOND)
    async with running(hub):
        await eventually(lambda: sorted(map(str, hub.rang)) == ["None", "m_1"])


async def test_the_hub_as_a_whole_has_moments_too() -> None:
    hub = Hub("m_1")
    async with running(hub):
        hub.set(None, 5 * SECOND)
        hub.now += 5 * SECOND
        await eventually(lambda: hub.rang == [None])
        assert hub.given[0][0] == f"alarm.ring:hub:{to_wire(NOON + 5 * SECOND)}"


async def test_a_clock_that_is_set_forward_is_followed() -> None:
    hub = Hub("m_1")
    async with running(hub):
        hub.set("m_1", 3600 * SECOND)
        hub.now += 3599 * SECOND
        await eventually(lambda: hub.looks > 3, 2)
        assert hub.rang == []
        hub.now += SECOND
        await eventually(lambda: hub.rang == ["m_1"], 2)


async def test_a_clock_that_is_set_back_makes_it_wait() -> None:
    hub = Hub("m_1")
    work = watching(hub)
    hub.set("m_1", 3600 * SECOND)
    hub.now -= 1800 * SECOND
    assert await work.give_due() == NOON + 3600 * SECOND
    hub.now += 2 * 3600 * SECOND
    assert await work.give_due() is None
    assert hub.rang == ["m_1"]


async def test_a_refused_command_is_given_again_with_growing_pauses_under_the_same_id() -> None:
    hub = Hub("m_1")
    work = watching(hub)
    hub.set("m_1", SECOND)
    hub.now += SECOND
    hub.refusing = Refusal("unavailable", "the journal is away")
    pauses = []
    for _ in range(9):
        next_at = await work.give_due()
        assert next_at is not None
        pauses.append((next_at - hub.now).total_seconds())
        hub.tell("m_1")  # that something else changed does not hurry it
        assert await work.give_due() == next_at
        hub.now = next_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert len(set(hub.given)) == 1
    hub.refusing = None
    assert await work.give_due() is None
    assert len(hub.given) == 10


async def test_a_command_that_changed_nothing_is_not_given_for_ever() -> None:
    hub = Hub("m_1")
    hub.does_nothing = True
    work = watching(hub)
    hub.set("m_1", SECOND)
    hub.now += 2 * SECOND
    for _ in range(3):
        hub.tell("m_1")
        assert await work.give_due() is None
    assert len(hub.given) == 1


async def test_a_rule_that_fails_when_asked_keeps_nobody_else_waiting() -> None:
    def fails(meeting: Meeting) -> Due | None:
        raise RuntimeError("a fault in a rule")

    hub = Hub("m_1")
    work = watching(hub, RuleFile("faulty", due=fails), FILE)
    hub.set("m_1", SECOND)
    hub.now += SECOND
    assert await work.give_due() is None
    assert hub.rang == ["m_1"]


async def test_a_thousand_changes_leave_nothing_behind() -> None:
    hub = Hub("m_1")
    work = watching(hub)
    for number in range(5 * clockwork.MOST_AT_ONCE):
        hub.set("m_1", (number + 1) * SECOND)
        assert await work.give_due() == NOON + (number + 1) * SECOND
    assert len(work._heap) < 2 * clockwork.MOST_AT_ONCE
    hub.set("m_1", None)
    assert await work.give_due() is None
    assert len(work._waiting) == 0


async def test_more_than_fit_at_once_are_all_given() -> None:
    meetings = [f"m_{number}" for number in range(2 * clockwork.MOST_AT_ONCE + 1)]
    hub = Hub(*meetings)
    for meeting in meetings:
        hub.set(meeting, SECOND)
    hub.now += SECOND
    work = watching(hub)
    work.ask_all()
    assert await work.give_due() is None
    assert sorted(map(str, hub.rang)) == sorted(meetings)


async def test_the_floor_is_taken_back_when_its_time_is_up_and_once() -> None:
    hub = Hub()
    writer = MemoryWriter(TREE, hub.clock)
    chair, station = account("leader", CITY), account("station", VILLAGE)
    opened = await writer.give(
        chair, "meeting.open", {"title": "会", "kind": "dispatch", "centers": [VILLAGE]}
    )
    meeting = opened.entries[0].meeting
    await writer.give(station, "meeting.join", {}, meeting)
    await writer.give(chair, "participant.mute", {"participant": station.id}, meeting)
    task = asyncio.create_task(Clockwork(writer, hub.clock, look_s=0.01).run())
    await writer.give(chair, "floor.grant", {"participant": station.id, "seconds": 60}, meeting)
    hub.now += 30 * SECOND
    await writer.give(chair, "floor.grant", {"participant": station.id, "seconds": 60}, meeting)
    hub.now += 59 * SECOND
    await eventually(lambda: hub.looks > 10)
    assert writer.entries[-1].kind == "floor.granted"
    hub.now += SECOND
    await eventually(
        lambda: [each.kind for each in writer.entries[-2:]] == ["floor.revoked", "participant.muted"]
    )
    assert writer.entries[-2].data == {"participant": station.id, "reason": "time"}
    assert writer.entries[-2].actor.account == "system"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    again = Clockwork(writer, hub.clock)
    again.ask_all()
    assert await again.give_due() is None
    assert [each.kind for each in writer.entries].count("floor.revoked") == 1


def test_an_id_tells_meeting_subject_and_moment_apart() -> None:
    dues = [
        Due(NOON + after, kind, meeting, subject)
        for after in (SECOND, 2 * SECOND)
        for kind in ("a.b", "a.c")
        for meeting in (None, "m_1")
        for subject in ("x", "y")
    ]
    assert len({id_of(due) for due in dues}) == len(dues)
