"""A journal without a database: decides and applies at once. For tests of what stands around the journal."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.clock import Clock, system_clock
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Actor, Command, Entry
from hub.ids import new_id
from hub.rules import Context, apply, decide, parse_data
from hub.state import HubState


@dataclass(frozen=True)
class MemoryAnswer:
    seq: int
    entries: tuple[Entry, ...]


class MemoryWriter:
    """Has the shape of `hub.journal.writer.Writer` as its readers see it."""

    def __init__(self, tree: CenterTree, clock: Clock = system_clock) -> None:
        self._clock = clock
        self._answers: dict[tuple[str, str], MemoryAnswer] = {}
        self.state = HubState()
        self.entries: list[Entry] = []
        self._tree = tree
        self._subscribers: list[Callable[[Sequence[Entry]], None]] = []
        self._ids = itertools.count()

    async def submit(self, command: Command, account: Account) -> MemoryAnswer:
        key = account.id, command.id
        if key in self._answers:
            return self._answers[key]
        now = self._clock()
        context = Context(now, account, self._tree, lambda prefix: new_id(prefix, now))
        drafts = decide(self.state, command, context)
        made = []
        for draft in drafts:
            entry = Entry(
                self.state.last_seq + 1,
                now,
                Actor(account.id, account.center),
                draft.kind,
                draft.meeting,
                draft.audience,
                draft.data,
                "sha256",
                "",
                "",
            )
            apply(self.state, entry)
            self.state.last_seq = entry.seq
            made.append(entry)
        self.entries += made
        for callback in list(self._subscribers):
            callback(made)
        self._answers[key] = answer = MemoryAnswer(self.state.last_seq, tuple(made))
        return answer

    def subscribe(self, callback: Callable[[Sequence[Entry]], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    async def give(
        self, account: Account, kind: str, data: dict[str, Any] | None = None, meeting: str | None = None
    ) -> MemoryAnswer:
        """Submit a command with a fresh id."""
        command = Command(f"c{next(self._ids)}", kind, meeting, parse_data(kind, data or {}))
        return await self.submit(command, account)
