"""Clockwork: what rules want done at a moment is given then, as the hub's own commands.

Every file of rules with a `due` is asked for its next moment, in each open meeting and in the hub as a whole. The command's id
is made of what it is about and of the moment: given before a crash and given again after it, it is done once.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from hub.clock import Clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.rules import FILES
from hub.ruling import Due, RuleFile
from hub.state import HubState

#: The clock is looked at again this often at least: it may have been set.
LOOK_S: Final = 1.0
#: Pause before a command that was refused is given again, at first and at most.
RETRY: Final = timedelta(seconds=1)
LONGEST_RETRY: Final = timedelta(seconds=60)
#: Commands that are given at once; one group of the journal takes as many.
MOST_AT_ONCE: Final = 256

log = logging.getLogger(__name__)

#: Name of the file of rules, and the meeting; None for the hub as a whole.
Key = tuple[str, str | None]


class Journal(Protocol):
    """The writer, as far as this part needs it."""

    @property
    def state(self) -> HubState: ...
    async def submit(self, command: Command, account: Account) -> object: ...
    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]: ...


@dataclass(slots=True, eq=False)
class _Waiting:
    """What a file of rules waits for, and when it is tried (again)."""

    due: Due
    at: datetime
    pause: timedelta = RETRY
    is_done: bool = False
    """It was given and answered. What it is about did not change by it, else another would stand here."""


class Clockwork:
    """One loop for all that comes by time. What it costs depends on what changes, not on what waits."""

    def __init__(
        self, writer: Journal, clock: Clock, files: Iterable[RuleFile] = FILES, look_s: float = LOOK_S
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._look_s = look_s
        self._of_meetings = [file for file in files if file.due is not None]
        self._of_hub = [file for file in files if file.hub_due is not None]
        self._waiting: dict[Key, _Waiting] = {}
        self._heap: list[tuple[datetime, int, Key, _Waiting]] = []
        self._serial = itertools.count()
        self._changed: dict[str | None, None] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Give what is due, until cancelled."""
        unsubscribe = self._writer.subscribe(self._entries)
        try:
            self.ask_all()
            while True:
                self._wake.clear()
                next_at = await self.give_due()
                await self._sleep_until(next_at)
        finally:
            unsubscribe()

    def ask_all(self) -> None:
        """Have every file asked for its next moment, for the hub and every meeting."""
        self._changed[None] = None
        self._changed.update(dict.fromkeys(self._writer.state.meetings))

    async def give_due(self) -> datetime | None:
        """Give every command whose moment has come; the next moment, None where nothing waits."""
        while True:
            self._ask_changed()
            ready = self._ready(self._clock())
            if not ready:
                return self._heap[0][0] if self._heap else None
            await asyncio.gather(*(self._give(key, each) for key, each in ready))

    def _entries(self, entries: Sequence[Entry]) -> None:
        self._changed[None] = None
        self._changed.update((entry.meeting, None) for entry in entries)
        self._wake.set()

    def _ask_changed(self) -> None:
        changed, self._changed = self._changed, {}
        state = self._writer.state
        for meeting_id in changed:
            if meeting_id is None:
                for file in self._of_hub:
                    self._ask(file, None, state, file.hub_due)
                continue
            meeting = state.meetings.get(meeting_id)
            for file in self._of_meetings:
                if meeting is not None and meeting.is_open:
                    self._ask(file, meeting_id, meeting, file.due)
                else:
                    self._waiting.pop((file.name, meeting_id), None)

    def _ask(
        self, file: RuleFile, meeting: str | None, about: object, ask: Callable[..., Due | None] | None
    ) -> None:
        key = file.name, meeting
        try:
            due = ask(about) if ask is not None else None
        except Exception:
            log.exception("asking %s what is due in %s failed", file.name, meeting or "the hub")
            return
        if due is None:
            self._waiting.pop(key, None)
        elif key not in self._waiting or self._waiting[key].due != due:
            self._waiting[key] = waiting = _Waiting(due, due.at)
            self._push(key, waiting)

    def _push(self, key: Key, waiting: _Waiting) -> None:
        heapq.heappush(self._heap, (waiting.at, next(self._serial), key, waiting))
        if len(self._heap) > 2 * len(self._waiting) + MOST_AT_ONCE:
            self._heap = [each for each in self._heap if self._holds(each)]
            heapq.heapify(self._heap)

    def _holds(self, each: tuple[datetime, int, Key, _Waiting]) -> bool:
        """Whether what stands in the heap is still waited for."""
        _, _, key, waiting = each
        return self._waiting.get(key) is waiting and not waiting.is_done

    def _ready(self, now: datetime) -> list[tuple[Key, _Waiting]]:
        """Take what is due from the heap, as much as is given at once."""
        ready: list[tuple[Key, _Waiting]] = []
        while self._heap and len(ready) < MOST_AT_ONCE:
            first = self._heap[0]
            if self._holds(first):
                if first[0] > now:
                    break
                ready.append((first[2], first[3]))
            heapq.heappop(self._heap)
        return ready

    async def _give(self, key: Key, waiting: _Waiting) -> None:
        due = waiting.due
        command = Command(id_of(due), due.kind, due.meeting, dict(due.data))
        try:
            await self._writer.submit(command, SYSTEM_ACCOUNT)
        except Refusal as refusal:
            level = logging.WARNING if waiting.pause == RETRY else logging.DEBUG
            log.log(level, "%s was refused and is given again: %s", command.id, refusal.message)
        except Exception:
            log.exception("giving %s failed", command.id)
        else:
            waiting.is_done = True
            return
        waiting.at = self._clock() + waiting.pause
        waiting.pause = min(2 * waiting.pause, LONGEST_RETRY)
        self._push(key, waiting)

    async def _sleep_until(self, moment: datetime | None) -> None:
        """Until the moment, a change, or the next look at the clock."""
        pause = None
        if moment is not None:
            pause = min(self._look_s, max(0.0, (moment - self._clock()).total_seconds()))
        try:
            # Not wait_for: in Python 3.11 it loses a cancellation that comes together with what it waits for.
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            pass


def id_of(due: Due) -> str:
    """The id of the command that a moment brings: the same after a restart."""
    return ":".join([due.kind, *filter(None, [due.meeting]), due.subject, to_wire(due.at)])
