"""Deciding ahead of the database: the working state, and entries sealed onto the end of the chain."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from hub.clock import ForwardClock
from hub.directory.accounts import Account
from hub.entry import Actor, Command, Draft, Entry, Standing
from hub.errors import Refusal
from hub.journal.chain import NotCanonical, seal
from hub.journal.ports import Tip

log = logging.getLogger(__name__)


class State(Protocol):
    """What the journal needs of a state: the number of the newest entry applied, and that it can be deep-copied."""

    last_seq: int


S = TypeVar("S", bound=State)
C = TypeVar("C")


class Deciding(Generic[S, C]):
    """A copy of the committed state that runs ahead of it by what is decided and not yet committed.

    `decide` and `apply` are the rules; `context` makes what they decide in, from the account and the moment.
    """

    def __init__(
        self,
        decide: Callable[[S, Command, C], Sequence[Draft]],
        apply: Callable[[S, Entry], None],
        context: Callable[[Account, datetime], C],
        clock: ForwardClock,
        standing: Callable[[S, Entry], Standing | None],
        state: S,
        tip: Tip,
    ) -> None:
        self._decide = decide
        self._apply = apply
        self._context = context
        self._clock = clock
        self._standing = standing
        self._working = copy.deepcopy(state)
        self.tip = tip

    def now(self) -> datetime:
        """The moment, never before the newest entry: a clock set back neither turns the journal round nor stops it."""
        if self.tip.at is not None:
            self._clock.not_before(self.tip.at)
        return self._clock()

    def standing(self, entry: Entry) -> Standing | None:
        """What a restart must know of an entry of the newest command."""
        return self._standing(self._working, entry)

    def reset(self, state: S, tip: Tip, pending: Iterable[Entry] = ()) -> None:
        """Begin again from a committed state, with entries that are still on their way on top of it."""
        self._working = copy.deepcopy(state)
        self.tip = tip
        for entry in pending:
            self._apply(self._working, entry)
            self.tip = Tip(entry.seq, entry.hash, entry.at)

    def decide(self, command: Command, account: Account) -> list[Entry]:
        """What the command brings about, sealed and applied to the working state.

        Raises Refusal; a fault in the rules is logged and refused as `unavailable`. The working state is then as before,
        unless WorkingStateSpoilt is raised: the caller must `reset`.
        """
        now = self.now()
        try:
            drafts = self._decide(self._working, command, self._context(account, now))
            entries, seq, prev = [], self.tip.seq, self.tip.hash
            actor = Actor(account.id, account.center)
            for draft in drafts:
                entry = seal(seq + 1, now, actor, draft, prev)
                seq, prev = entry.seq, entry.hash
                entries.append(entry)
        except Refusal:
            raise
        except NotCanonical as error:
            raise Refusal("invalid", str(error), "data") from None
        except Exception:
            log.exception("deciding %s failed", command.kind)
            raise Refusal("unavailable", "this could not be decided; it is logged") from None
        try:
            for entry in entries:
                self._apply(self._working, entry)
        except Exception as error:
            log.exception("applying the entries of %s failed", command.kind)
            raise WorkingStateSpoilt from error
        if entries:
            self.tip = Tip(seq, prev, now)
        return entries


class WorkingStateSpoilt(Exception):
    """A rule's `apply` failed half-way: a fault in the program."""
