"""Whether those who lead a meeting, or may be next to, are at their desks: told to the rules, which let the chair pass on.

What is so now is held against what the journal has: what was written before a crash is found again and set right after it.
"""

from __future__ import annotations

from typing import Protocol

from hub.conference.chair_shapes import Chair
from hub.conference.chair_state import may_succeed
from signaling.services import Services
from signaling.watching import Watch


class Seen(Protocol):
    """Who is there, as far as is known: after a restart it is known of nobody for a while."""

    def absent(self) -> set[tuple[str, str]]: ...
    def is_there(self, meeting: str, account: str) -> bool: ...


class ChairWatch(Watch):
    """Gives `chair.away` and `chair.back`."""

    def __init__(self, services: Services, presence: Seen) -> None:
        super().__init__(services, "chair")
        self._presence = presence

    async def look(self) -> None:
        """Tell who went and who came back since the last time. Raises Refusal while the journal cannot be written."""
        meetings = self._services.writer.state.meetings
        absent = self._presence.absent()
        for meeting_id, account in sorted(absent):
            meeting = meetings.get(meeting_id)
            if meeting is None or not meeting.is_open or account in meeting.read(Chair).away:
                continue
            if may_succeed(meeting, account):
                await self._give("chair.away", meeting_id, {"participant": account})
        back = [
            (meeting.id, account)
            for meeting in meetings.values()
            if meeting.is_open
            for account in meeting.read(Chair).away
            if self._presence.is_there(meeting.id, account)
        ]
        for meeting_id, account in back:
            await self._give("chair.back", meeting_id, {"participant": account})
