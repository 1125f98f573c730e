"""Whether those who lead a meeting, or may be next to, are at their desks: told to the rules, which let the chair pass on.

What is so now is held against what the journal has: what was written before a crash is found again and set right after it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from typing import Final, Protocol

from hub.conference.chair_shapes import Chair
from hub.conference.chair_state import may_succeed
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import parse_data
from signaling.services import Services

#: How often it is looked.
LOOK_S: Final = 0.5

log = logging.getLogger(__name__)


class Seen(Protocol):
    """Who is there, as far as is known: after a restart it is known of nobody for a while."""

    def absent(self) -> set[tuple[str, str]]: ...
    def is_there(self, meeting: str, account: str) -> bool: ...


class ChairWatch:
    """Gives `chair.away` and `chair.back`."""

    def __init__(self, services: Services, presence: Seen) -> None:
        self._services = services
        self._presence = presence
        self._ids = (f"chair-{os.urandom(6).hex()}-{number}" for number in itertools.count())

    async def run(self) -> None:
        """Look, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Refusal as refusal:
                log.debug("who is away cannot be written, it is tried again: %s", refusal.message)
            except Exception:
                log.exception("looking for the chairs failed")

    async def look(self) -> None:
        """Tell who went and who came back since the last time. Raises Refusal while the journal cannot be written."""
        meetings = self._services.writer.state.meetings
        absent = self._presence.absent()
        for meeting_id, account in sorted(absent):
            meeting = meetings.get(meeting_id)
            if meeting is None or not meeting.is_open or account in meeting.read(Chair).away:
                continue
            if may_succeed(meeting, account):
                await self._give("chair.away", meeting_id, account)
        back = [
            (meeting.id, account)
            for meeting in meetings.values()
            if meeting.is_open
            for account in meeting.read(Chair).away
            if self._presence.is_there(meeting.id, account)
        ]
        for meeting_id, account in back:
            await self._give("chair.back", meeting_id, account)

    async def _give(self, kind: str, meeting: str, account: str) -> None:
        command = Command(next(self._ids), kind, meeting, parse_data(kind, {"participant": account}))
        await self._services.writer.submit(command, SYSTEM_ACCOUNT)
