"""A journal store in memory that fails on request, and rules that count: for tests of the writer alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hub.directory.accounts import Account
from hub.entry import Command, Draft, Entry, Standing
from hub.errors import Refusal
from hub.journal.chain import GENESIS
from hub.journal.ports import (
    AnswerRow,
    Batch,
    Checkpoint,
    CommandKey,
    Mark,
    Replayed,
    StoreBusy,
    StoreLost,
    Tip,
)


@dataclass
class MemoryStore:
    """What is in `entries` and `kept` is committed, and survives the writer."""

    entries_: list[Entry] = field(default_factory=list)
    kept: dict[CommandKey, AnswerRow] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    #: Commits wait for this gate.
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    #: What the next commits do: `fail` before writing, `cut` after writing, `lose` so and then stay away.
    faults: list[str] = field(default_factory=list)
    #: While set, nothing can be reached.
    away: bool = False
    #: While set, nothing can be written, though everything can be read.
    full: bool = False
    taken: bool = False
    #: Commits that were begun.
    begun: int = 0
    probes: int = 0

    def __post_init__(self) -> None:
        self.gate.set()

    def tip(self) -> Tip:
        last = self.entries_[-1] if self.entries_ else None
        return Tip(last.seq, last.hash, last.at) if last else Tip(0, GENESIS, None)

    def _reach(self) -> None:
        if self.away:
            raise StoreLost("away")

    async def open(self) -> Tip:
        self._reach()
        if self.taken:
            raise StoreBusy("taken")
        self.taken = True
        return self.tip()

    async def marks(self) -> list[Mark]:
        return []

    async def close(self) -> None:
        self.taken = False

    async def load_open(self) -> AsyncIterator[Replayed]:
        for entry in self.entries_:
            yield Replayed(entry, open=True)

    async def append(self, batch: Batch) -> None:
        self.begun += 1
        await self.gate.wait()
        self._reach()
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "fail" or self.full:
            raise StoreLost("disk full")
        assert [entry.seq for entry in batch.entries] == [
            len(self.entries_) + place for place in range(1, len(batch.entries) + 1)
        ]
        assert not {answer.key for answer in batch.answers} & self.kept.keys(), "an answer was written twice"
        self.entries_ += batch.entries
        self.kept.update({answer.key: answer for answer in batch.answers})
        self.batches.append(batch)
        if fault in ("cut", "lose"):
            self.away = fault == "lose"
            raise StoreLost("connection lost during COMMIT")
        if fault == "foreign":
            self.entries_[-1:] = []
            raise StoreLost("odd")

    async def probe(self) -> None:
        self.probes += 1
        self._reach()
        if self.full:
            raise StoreLost("disk full")

    async def recover(self) -> Tip:
        self._reach()
        return self.tip()

    async def answers(self, keys: Sequence[CommandKey]) -> list[AnswerRow]:
        self._reach()
        return [self.kept[key] for key in keys if key in self.kept]

    async def entries(self, first_seq: int, last_seq: int) -> list[Entry]:
        return self.entries_[first_seq - 1 : last_seq]

    async def hashes(self, after: int) -> AsyncIterator[list[str]]:
        yield [entry.hash for entry in self.entries_ if entry.seq > after]

    async def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.checkpoints.append(checkpoint)


@dataclass
class Tally:
    """A state: the numbers added so far."""

    last_seq: int = 0
    numbers: list[int] = field(default_factory=list)


def decide(state: Tally, command: Command, context: datetime) -> list[Draft]:
    """`add` n: one entry, refused above 1000; `twice` n: two entries; `look`: nothing; `bug`: a fault in the rules."""
    number = int(command.data.get("n", 0))
    if command.kind == "look":
        return []
    if command.kind == "bug":
        raise RuntimeError("a fault in the rules")
    if command.kind == "once" and number in state.numbers:
        raise Refusal("already_done", "this number is there")
    if number > 1000:
        raise Refusal("invalid", "too much", "n")
    drafts = [Draft("added", None, {"n": number, "spoil": command.kind == "spoil"})]
    return drafts * (2 if command.kind == "twice" else 1)


def apply(state: Tally, entry: Entry) -> None:
    """Add the number. `spoil` breaks off half-way on a state that is not committed."""
    state.numbers.append(entry.data["n"])
    if entry.data["spoil"]:
        raise RuntimeError("a fault in apply")
    state.last_seq = entry.seq


def standing(state: Tally, entry: Entry) -> Standing | None:
    """A restart replays all, from the list of entries."""
    return None


SOMEBODY = Account("a_1", "one", "一", "leader", "430600000000")
SOMEBODY_ELSE = Account("a_2", "two", "二", "leader", "430600000000")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
