"""A hub's edge with the built pages, its own jobs, and one recorded meeting that is over: where a clerk reviews."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hub.clock import system_clock
from hub.jobs.runner import JobRunner
from hub.store.job_rows import JobStore
from tests.support.edge import Edge, Person, running_edge
from tests.support.recorded_meeting import PastClock, RecordedMeeting, recorded_meeting
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, VILLAGE

DIST = Path(__file__).parents[2] / "clients" / "web" / "dist"


@dataclass
class Archived:
    """`stations` were in the meeting; the first was broadcast and reported."""

    edge: Edge
    clerk: Person
    meeting: RecordedMeeting
    stations: list[Person]

    @property
    def url(self) -> str:
        """Address of the meeting's page."""
        return f"{self.edge.url}/archive/{self.meeting.id}"


Recorded = Callable[[Archived, Path], Awaitable[None]]


@asynccontextmanager
async def archived(folder: Path, seconds: int, recorded: Recorded) -> AsyncIterator[Archived]:
    """`recorded` leaves its parts (its files go to the folder); the meeting lasted `seconds`."""
    clock = PastClock(seconds + 120)
    async with running_edge(folder / "data", clock=clock, HUB_WEB_DIR=str(DIST)) as edge:
        environment = {**os.environ, "HUB_DATA_DIR": str(folder / "data")}
        parts = (edge.services.config, JobStore(edge.database), edge.writer, system_clock)
        edge.services.jobs = runner = JobRunner(*parts, environment=environment)
        await runner.start()
        try:
            leader, clerk = await edge.person("leader", CITY), await edge.person("clerk", CITY)
            centers = [VILLAGE, COUNTY, OTHER_VILLAGE, OTHER_COUNTY]
            stations = [await edge.person("station", center) for center in centers]
            meeting = await recorded_meeting(edge, leader, centers)
            there = Archived(edge, clerk, meeting, stations)
            for station in stations:
                await station.command("meeting.join", meeting.id)
            clock.pass_s(5)
            await leader.command("stage.broadcast", meeting.id, participant=stations[0].account.id)
            clock.pass_s(3)
            await stations[0].command("report.file", meeting.id, situation="abnormal", text="村口检查站已封")
            clock.pass_s(seconds - 8)
            await recorded(there, folder)
            await leader.command("meeting.end", meeting.id)
            clock.catch_up()
            yield there
        finally:
            await runner.stop()
