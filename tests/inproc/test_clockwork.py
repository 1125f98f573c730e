"""The clockwork over the real journal: killed at the worst moment and started again, what is due is done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.clock import system_clock, to_wire
from hub.conference.booking_state import bookings_of
from hub.conference.floor_shapes import Floor
from hub.conference.stage import Stage
from hub.conference.tour_shapes import ALL, Tour, Tours
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from tests.support.clockwork import killed_in_time, running_clockwork
from tests.support.journal import command, join, open_meeting, running_writer
from tests.support.rules import CITY, COUNTY, OTHER_VILLAGE, VILLAGE, account
from tests.support.waiting import eventually

CHAIR, STATION = account("leader", CITY), account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
BACKUP = account("leader", COUNTY)
GIVEN_S, AHEAD_S = 60, 100


def later() -> datetime:
    return system_clock() + timedelta(seconds=AHEAD_S)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_what_is_due_is_done_once_though_the_hub_is_killed_while_it_does_it(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        meeting = await open_meeting(writer, CHAIR, VILLAGE, record=False)
        await join(writer, meeting, STATION)
        await writer.submit(command("floor.grant", meeting, participant=STATION.id, seconds=GIVEN_S), CHAIR)
        granted = writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "floor.revoked")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == granted + (moment == "after")
        async with running_clockwork(writer, later):
            await eventually(lambda: not writer.state.meetings[meeting].read(Floor).rows)
            answer = await writer.submit(command("floor.request", meeting), STATION)
        assert answer.seq == granted + 2
        (revoked,) = await writer._store.entries(granted + 1, granted + 1)
        assert (revoked.kind, revoked.data["reason"]) == ("floor.revoked", "time")


@pytest.mark.parametrize("kind", ["floor.overran", "talk.ended"])
async def test_a_time_that_is_over_is_told_once_though_the_hub_is_killed_before(
    tmp_path: Path, kind: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        meeting = await open_meeting(writer, CHAIR, VILLAGE, record=False)
        await join(writer, meeting, STATION)
        if kind == "talk.ended":
            await writer.submit(command("sound.set", meeting, mode="talk"), CHAIR)
            await writer.submit(command("talk.press", meeting), STATION)
        else:
            stays = command("floor.set", meeting, order="asked", seconds=None, at_end="stays", shows=False)
            await writer.submit(stays, CHAIR)
            given = command("floor.grant", meeting, participant=STATION.id, seconds=GIVEN_S)
            await writer.submit(given, CHAIR)
        begun = writer.tip.seq
    await killed_in_time(url, "before", AHEAD_S, kind)
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == begun
        async with running_clockwork(writer, later):
            await eventually(lambda: writer.tip.seq == begun + 1)
            answer = await writer.submit(command("floor.withdraw", meeting), STATION)
        assert not answer.entries
        (told,) = await writer._store.entries(begun + 1, begun + 1)
        assert told.kind == kind


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_the_backup_takes_over_once_though_the_hub_is_killed_while_the_chair_is_away(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        meeting = await open_meeting(writer, CHAIR, COUNTY, record=False)
        await join(writer, meeting, CHAIR)
        await join(writer, meeting, BACKUP)
        await writer.submit(command("chair.name_backup", meeting, participant=BACKUP.id), CHAIR)
        await writer.submit(command("chair.away", meeting, participant=CHAIR.id), SYSTEM_ACCOUNT)
        lost = writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "chair.changed")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == lost + (moment == "after")
        async with running_clockwork(writer, later):
            await eventually(lambda: writer.state.meetings[meeting].chair.id == BACKUP.id)
            answer = await writer.submit(command("meeting.lock", meeting), BACKUP)
        assert answer.seq == lost + 2, "it passed once, and who has it now leads on"
        (changed,) = await writer._store.entries(lost + 1, lost + 1)
        assert (changed.kind, changed.data["reason"], changed.data["before"]) == (
            "chair.changed",
            "away",
            CHAIR.id,
        )


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_booked_meeting_opens_once_though_the_hub_is_killed_while_it_opens_it(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        new = {"username": "lead", "name": "王某", "role": "leader", "center": CITY}
        made = await writer.submit(command("account.create", accounts=[new]), SYSTEM_ACCOUNT)
        chair = Account(made.entries[0].data["accounts"][0]["account"], "lead", "王某", "leader", CITY)
        starts_at = to_wire(system_clock() + timedelta(seconds=GIVEN_S))
        fields: dict[str, Any] = {
            "title": "防汛调度",
            "kind": "dispatch",
            "centers": [VILLAGE],
            "starts_at": starts_at,
        }
        booked = await writer.submit(command("booking.make", record=False, notice_minutes=0, **fields), chair)
        booking, before = booked.entries[0].data["booking"], writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "booking.opened")
    async with running_writer(url, clock=later) as (writer, _):
        assert writer.tip.seq == before + (2 if moment == "after" else 0)
        async with running_clockwork(writer, later):
            await eventually(lambda: bookings_of(writer.state).by_id[booking].state == "opened")
            answer = await writer.submit(command("report.file", situation="normal"), STATION)
        assert answer.seq == before + 3, "opened once"
        opened, became = await writer._store.entries(before + 1, before + 2)
        assert (opened.kind, opened.data["booking"], became.data["opened"]) == (
            "meeting.opened",
            booking,
            opened.meeting,
        )


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_tour_goes_on_where_it_stood_though_the_hub_is_killed_while_it_steps(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    async with running_writer(url) as (writer, _):
        meeting = await open_meeting(writer, CHAIR, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (CHAIR, STATION, NEIGHBOUR):
            await join(writer, meeting, who)
        await writer.submit(command("tour.start", meeting, kind="broadcast", seconds=60), CHAIR)
        begun = writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "tour.stepped")
    async with running_writer(url, clock=later) as (writer, _):
        stepped = begun + (2 if moment == "after" else 0)
        assert writer.tip.seq == stepped, "the step and the stage, or neither"
        async with running_clockwork(writer, later):

            def second() -> Tour:
                tour = writer.state.meetings[meeting].read(Tours).rows[ALL]
                assert tour.steps == 2, f"{tour.steps} steps"
                return tour

            tour = await eventually(second)
            assert writer.state.meetings[meeting].read(Stage).broadcast == tour.shown[0]
            assert tour.until is not None
            answer = await writer.submit(command("tour.next", meeting, tour=tour.tour), CHAIR)
        assert answer.seq == begun + 4, "one step by the clock, one by hand"
        assert writer.state.meetings[meeting].read(Tours).rows[ALL].place == 1


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_started_plan_goes_on_though_the_hub_is_killed_in_a_step_and_does_none_twice(
    tmp_path: Path, moment: str
) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    texts = ["巡堤", "转移"]
    async with running_writer(url) as (writer, _):
        named = ("username", "name", "role", "center", "disabled")
        who: dict[str, Any] = {name: getattr(CHAIR, name) for name in named}
        found = {"account": CHAIR.id, **who}
        await writer.submit(command("directory.adopt", accounts=[found]), SYSTEM_ACCOUNT)
        fields: dict[str, Any] = {
            "name": "山洪",
            "meeting": {"title": "山洪", "record": False},
            "centers": [VILLAGE],
        }
        saved = await writer.submit(
            command("plan.save", **fields, orders=[{"text": text} for text in texts]), CHAIR
        )
        plan = saved.entries[0].data["plan"]
        opened = await writer.submit(command("plan.start", plan=plan, seq=saved.seq, drill=True), CHAIR)
        meeting, begun = str(opened.entries[0].meeting), writer.tip.seq
    await killed_in_time(url, moment, AHEAD_S, "plan.stepped")
    async with running_writer(url, clock=later) as (writer, _):
        async with running_clockwork(writer, later):
            await eventually(lambda: writer.tip.seq == begun + 4)
        told = await writer._store.entries(begun + 1, begun + 4)
    assert [each.kind for each in told] == ["order.issued", "plan.stepped"] * 2
    assert [each.data["text"] for each in told] == [text for text in texts for _ in range(2)]
    assert {each.data["state"] for each in told if each.kind == "plan.stepped"} == {"done"}
    assert {each.meeting for each in told} == {meeting}
