"""What the journal is told of sign-ins: at once where it can be written, later where it cannot. No sign-in fails by it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from collections.abc import Mapping
from typing import Any, Final, Protocol

from hub.clock import Clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command
from hub.errors import Refusal
from hub.house.sign_ins import MOST_ROWS
from hub.rules import parse_data

#: How long one waits at most for what he did to be written.
WRITE_WAIT_S: Final = 1.0
#: Pause before what could not be written is tried again.
RETRY_S: Final = 1.0
#: Facts that may wait to be written; beyond it they are lost, and the log says so.
MOST_WAITING: Final = 4096
#: Failures are told together after so long, and soon once delays begin.
TOGETHER_S: Final = 60.0
SLOWED_S: Final = 2.0

log = logging.getLogger(__name__)


class Journal(Protocol):
    """The journal's writer, as far as this needs it."""

    async def submit(self, command: Command, account: Account) -> Any: ...


class Trace:
    """Tells the journal of sign-ins and what failed of them. Without a journal it tells nobody (tests of single parts)."""

    def __init__(self, journal: Journal | None, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._ids = (f"trace-{os.urandom(6).hex()}-{number}" for number in itertools.count())
        self._writing: set[asyncio.Task[None]] = set()
        self._failed: dict[tuple[str | None, str], tuple[int, bool]] = {}
        self._others = self._refused = 0
        self._since = ""
        self._timer: asyncio.TimerHandle | None = None
        self._soon = False
        self._told_at = float("-inf")

    async def tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Have the journal told; returns when it is written, or after WRITE_WAIT_S when it cannot be yet."""
        task = self.note(kind, data)
        if task is not None:
            await asyncio.wait({task}, timeout=WRITE_WAIT_S)

    def note(self, kind: str, data: Mapping[str, Any], id: str | None = None) -> asyncio.Task[None] | None:
        """Have the journal told, and wait for nothing. What has an `id` is told once, whoever tells it again."""
        if self._journal is None:
            return None
        if len(self._writing) >= MOST_WAITING:
            log.error("%s is lost: too much waits to be written", kind)
            return None
        command = Command(id or next(self._ids), kind, None, parse_data(kind, data))
        task = asyncio.create_task(self._write(self._journal, command))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    def now(self) -> str:
        """The moment, as facts have it."""
        return to_wire(self._clock())

    def failed(self, account: str | None, network: str, slowed: bool) -> None:
        """A sign-in failed; `slowed`: the next one has to wait."""
        key = account, network
        if key in self._failed or len(self._failed) < MOST_ROWS:
            times, before = self._failed.get(key, (0, False))
            self._failed[key] = times + 1, before or slowed
            self._count(soon=slowed and not before)
        else:
            self._others += 1
            self._count()

    def refused(self) -> None:
        """A sign-in was not tried, because it has to wait."""
        self._refused += 1
        self._count()

    async def close(self) -> None:
        """Tell what waits, as far as that can be done now."""
        self._tell_failures()
        if self._writing:
            await asyncio.wait(self._writing, timeout=WRITE_WAIT_S)
        for task in list(self._writing):
            task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _count(self, soon: bool = False) -> None:
        """Something is to be told: together with what comes, once a minute; where delays begin soon, if nothing was lately."""
        if self._journal is None:
            self._failed.clear()
            return
        self._since = self._since or self.now()
        loop = asyncio.get_running_loop()
        soon = soon and loop.time() - self._told_at >= TOGETHER_S
        if self._timer is None or (soon and not self._soon):
            if self._timer is not None:
                self._timer.cancel()
            self._soon = soon
            self._timer = loop.call_later(SLOWED_S if soon else TOGETHER_S, self._tell_failures)

    def _tell_failures(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._soon = None, False
        self._told_at = asyncio.get_running_loop().time()
        if not (self._failed or self._others or self._refused):
            return
        rows = [
            {"account": account, "network": network, "times": times, "slowed": slowed}
            for (account, network), (times, slowed) in self._failed.items()
        ]
        counted = {"failures": rows, "others": self._others, "refused": self._refused}
        self.note("session.note_failures", {"since": self._since, "until": self.now(), **counted})
        self._failed, self._others, self._refused, self._since = {}, 0, 0, ""

    async def _write(self, journal: Journal, command: Command) -> None:
        while True:
            try:
                await journal.submit(command, SYSTEM_ACCOUNT)
                return
            except Refusal as refusal:
                if refusal.code not in ("unavailable", "too_many"):
                    log.debug("%s was refused: %s", command.kind, refusal)
                    return
            await asyncio.sleep(RETRY_S)
