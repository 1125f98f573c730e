"""Whether the screen that stands beside the speaker really comes: told to the rules, which let others have the place.

A page that crashed, or was loaded anew, still has the place and sends nothing to it. Who has just begun, or whose line is
coming back, is given a moment before anything is written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Protocol

from hub.conference.stage_shapes import Stage
from signaling.services import Services
from signaling.watching import Watch

#: How long nothing may come before it is told.
MISSING_S: Final = 5.0


class Sends(Protocol):
    """Whose screen comes, as far as is known."""

    def sends_screen(self, meeting: str, account: str) -> bool: ...


class ScreenWatch(Watch):
    """Gives `stage.second_away` and `stage.second_back`."""

    def __init__(self, services: Services, sends: Sends, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(services, "screen")
        self._sends = sends
        self._now = now
        self._missing: dict[tuple[str, str], float] = {}  # (meeting, account) -> since when nothing comes

    async def look(self) -> None:
        """Tell whose screen is lost or has come back. Raises Refusal while the journal cannot be written."""
        now = self._now()
        standing = [
            (meeting.id, second, stage.second_lost_at is not None)
            for meeting in self._services.writer.state.meetings.values()
            if meeting.is_open and (second := (stage := meeting.read(Stage)).second) is not None
        ]
        missing = self._missing
        self._missing = {}
        for meeting, account, lost in standing:
            if self._sends.sends_screen(meeting, account):
                if lost:
                    await self._give("stage.second_back", meeting, {"participant": account})
                continue
            since = self._missing[meeting, account] = missing.get((meeting, account), now)
            if not lost and now - since >= MISSING_S:
                await self._give("stage.second_away", meeting, {"participant": account})
