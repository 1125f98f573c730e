"""Telling how far jobs are: to those who may read their meetings, once a second at most."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from hub.conference.jobs import RULES
from hub.directory.secrecy import NORMAL
from hub.errors import Refusal
from signaling.fan_out import FanOut
from signaling.rooms import above, cleared, desk_room, own, reads_of
from signaling.services import Json, Services

#: The action by which jobs are read.
_READS: Final = reads_of(RULES.entries[0].kind)

log = logging.getLogger(__name__)


def with_progress(services: Services, job: Json) -> Json:
    """A job, with how far it is while it runs."""
    if services.jobs is None or job["state"] != "running":
        return job
    return {**job, "progress": services.jobs.progress(job["id"])}


class JobsTold:
    """Reads jobs that went on and tells them. How they were asked for and how they ended, entries tell as of any document."""

    def __init__(self, services: Services, fan_out: FanOut) -> None:
        self._services = services
        self._fan_out = fan_out
        self._changed: dict[str, None] = {}
        self._due = asyncio.Event()

    def changed(self, jobs: Sequence[str]) -> None:
        """These went on."""
        self._changed.update(dict.fromkeys(jobs))
        self._due.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        if self._services.jobs is None:
            return
        forget = self._services.jobs.listen(self.changed)
        try:
            while True:
                await self._due.wait()
                self._due.clear()
                jobs, self._changed = list(self._changed), {}
                for job in jobs:
                    try:
                        await self._tell(job)
                    except Refusal as refusal:
                        log.warning("a job cannot be read: %s", refusal.message)
        finally:
            forget()

    async def _tell(self, job: str) -> None:
        seq = self._services.writer.state.last_seq
        found = await self._services.queries.job(job)
        meeting = self._services.writer.state.meetings.get(found["meeting"]) if found is not None else None
        if found is None or meeting is None:
            return  # one of the hub's own: no page shows it
        codes = [meeting.convener.center]
        readers = [*own(_READS, codes), *above(_READS, codes, self._services.tree)]
        if meeting.level != NORMAL:
            readers = [cleared(room) for room in readers]
        rooms = [*readers, desk_room(meeting.id)]
        news = {"what": "job", "id": job, "meeting": meeting.id, "seq": seq}
        self._fan_out.put("changed", {**news, "value": with_progress(self._services, found)}, rooms)
