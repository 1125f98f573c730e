"""The journal with its rules and the directory in it, put together: for control, and for a command line while no hub runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hub.clock import Clock
from hub.config import Config
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.tree import CenterTree
from hub.entry import Command, Entry
from hub.house.parts import tree_of
from hub.ids import new_id
from hub.journal.checkpoint import Checkpointer
from hub.journal.writer import Writer
from hub.rules import Context, apply, decide, parse_data, recall, standing
from hub.state import HubState
from hub.store.database import Database
from hub.store.journal_store import SqlJournalStore
from hub.store.unadopted import UnadoptedStore


class Keeping:
    """A hub's journal and its directory.

    `tree` is the directory as committed entries have it, another object after each change of it; `tree_changed` is then called.
    """

    def __init__(
        self, config: Config, database: Database, clock: Clock, state: HubState | None = None
    ) -> None:
        self.tree = CenterTree([])
        self.tree_changed: Callable[[CenterTree], None] = lambda tree: None
        self._unadopted = UnadoptedStore(database)
        self._clock = clock
        self._escalate_after = timedelta(seconds=config.alarm_escalate_s)
        self._zone = ZoneInfo(config.time_zone)
        self.signer = Checkpointer(config.data_dir, clock)
        self.writer: Writer[HubState, Context] = Writer(
            SqlJournalStore(database),
            state if state is not None else HubState(),
            decide,
            apply,
            context=self._context,
            standing=standing,
            recall=recall,
            clock=clock,
            checkpointer=self.signer,
        )

    async def start(self) -> None:
        """Begin, and take over what an older version left in the directory. Raises what `Writer.start` raises."""
        await self.writer.start()
        self.tree = tree_of(self.writer.state)
        self.writer.subscribe(self._entries)
        if self.writer.broken is None:
            await self._adopt()

    async def stop(self) -> None:
        """End; see `Writer.stop`."""
        await self.writer.stop()

    async def give(self, kind: str, data: dict[str, Any], id: str | None = None) -> Sequence[Entry]:
        """Give a command as the hub itself or its owner; the entries it made. Raises Refusal."""
        command = Command(id or new_id("s", self._clock()), kind, None, parse_data(kind, data))
        return (await self.writer.submit(command, SYSTEM_ACCOUNT)).entries

    def _context(self, account: Account, now: datetime) -> Context:
        return Context(
            now, account, self.tree, lambda prefix: new_id(prefix, now), self._escalate_after, self._zone
        )

    def _entries(self, entries: Sequence[Entry]) -> None:
        if any(entry.kind.startswith("center.") or entry.kind == "directory.adopted" for entry in entries):
            self.tree = tree_of(self.writer.state)
            self.tree_changed(self.tree)

    async def _adopt(self) -> None:
        found = await self._unadopted.load()
        if found.accounts or found.centers:
            await self.give("directory.adopt", {"accounts": found.accounts, "centers": found.centers})
            await self._unadopted.clear()
