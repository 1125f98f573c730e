"""What the journal needs from a store: the values it hands over and the calls it makes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from hub.entry import Entry, Standing


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest entry of a journal: number, hash, moment. An empty journal has (0, GENESIS, None)."""

    seq: int
    hash: str
    at: datetime | None


class CommandKey(NamedTuple):
    """Who sent which command: account id and the id the client made."""

    account: str
    id: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The first answer to a command, as kept: SHA-256 of the command's body, and the entries it made.

    The entries are `first_seq` up to `seq`; with no entries `first_seq` is None and `seq` the newest at the time.
    """

    key: CommandKey
    digest: bytes
    seq: int
    first_seq: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes: entries in order (maybe none) and the answers of the commands that made them."""

    entries: Sequence[Entry]
    answers: Sequence[AnswerRow]
    standings: Sequence[Standing | None]
    """What a restart must know of each entry, in their order."""


class Replayed(NamedTuple):
    """An entry that a restart needs, and whether what it is about is open."""

    entry: Entry
    open: bool


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed statement that entry `seq` had this `hash` `at` this moment. `signature` is Ed25519, hex.

    `root` stands for all entries up to this one (hub/journal/tree.py), of which there are `size`; checkpoints of before
    version 2.2 have none.
    """

    seq: int
    hash: str
    at: datetime
    key: str
    signature: str
    size: int | None = None
    root: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Something beside the entries that says how far the journal had come: to entry `seq` with this `hash` (empty: unknown)."""

    seq: int
    hash: str
    where: str
    """What says it, for people."""


class StoreLost(Exception):
    """The store could not be reached or refused to work; whether something was written is not known."""


class StoreBusy(Exception):
    """Another hub holds this journal."""


class StoreBroken(Exception):
    """What is in the database cannot be gone on with; the message says what to do."""


class JournalStore(Protocol):
    """The journal's side of a database. Every call may raise StoreLost."""

    async def open(self) -> Tip:
        """Take the journal for this process alone and return its newest entry.

        Raises StoreBusy when another hub has it, StoreBroken when the projections have not followed the journal.
        """

    async def marks(self) -> list[Mark]:
        """How far the journal had come by what the store keeps beside the entries."""

    async def close(self) -> None:
        """Give the journal back. Closing twice is no error."""

    def load_open(self) -> AsyncIterator[Replayed]:
        """The entries that a restart needs, by seq, a few at a time: of every open subject, and what stays of closed ones."""

    async def append(self, batch: Batch) -> None:
        """Write entries, projections and answers in one transaction. After StoreLost, ask `recover`."""

    async def probe(self) -> None:
        """Write and commit next to nothing, by the way that `append` takes. After StoreLost, ask `recover`."""

    async def recover(self) -> Tip:
        """Reconnect, take the journal again (StoreBusy when it is gone to another hub) and return the newest entry."""

    async def answers(self, keys: Sequence[CommandKey]) -> list[AnswerRow]:
        """The answers kept for these commands; commands never answered are left out."""

    async def entries(self, first_seq: int, last_seq: int) -> list[Entry]:
        """The entries with these numbers, both ends included, by seq."""

    def hashes(self, after: int) -> AsyncIterator[list[str]]:
        """The hashes of all entries after this number, by seq, a few thousand at a time."""

    async def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Keep a checkpoint beside the journal."""


class OfflineJournal(Protocol):
    """A journal at rest, as verification reads it."""

    def count(self) -> int:
        """The number of entries, for showing progress."""

    def all_entries(self, bad_row: Callable[[int, str], None]) -> Iterable[Entry]:
        """Every entry by seq, read in pieces. `bad_row` is told of rows that are no entry at all, which are left out."""

    def checkpoints(self) -> list[Checkpoint]:
        """The checkpoints kept in the database."""

    def signed_up_to(self) -> int:
        """The newest entry of which the database once kept a checkpoint; 0 when none is known."""

    def projection_differences(self, entries: Iterable[Entry]) -> Iterable[str]:
        """What differs, in words, for each way the projections are not what `entries` make them."""


#: Plain JSON, as it stands in the journal.
Json = dict[str, Any]
