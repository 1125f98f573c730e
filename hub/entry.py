"""The fact as a value: commands come in, drafts are decided, entries are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from hub.clock import to_wire

#: Audience word: everyone who may see the meeting the entry belongs to.
EVERYONE_IN_MEETING: Final = "meeting"
#: Audience word: administrators of the house, each as far as `EntryRule.reads` lets him. No page is told.
HOUSE: Final = "house"
#: Audience word: beside others; of those whom they name only accounts that are cleared read it.
CLEARED: Final = "cleared"
#: The actor of facts that no person made (a recorder's part, a hub's restart).
SYSTEM: Final = "system"


def center_audience(code: str) -> str:
    """Audience word: the center with this code, and every center above it."""
    return f"center:{code}"


def account_audience(account: str) -> str:
    """Audience word: this account alone."""
    return f"account:{account}"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `account` is an account id or SYSTEM; `center` a center code (empty for SYSTEM)."""

    account: str
    center: str

    def to_wire(self) -> dict[str, str]:
        return {"account": self.account, "center": self.center}


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that somebody wants done, as it came over the edge and passed its schema.

    `id` is made by the client (1–64 characters); sending it again gives the first answer.
    `data` is plain JSON, already checked against the schema of `kind`.
    """

    id: str
    kind: str
    meeting: str | None
    data: Mapping[str, Any]
    #: Names in `data` that the hub filled in at its door. They may be other when the command comes again: it is the same one.
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact that a rule decided, not yet in the journal.

    `data` is plain JSON without floats; `audience` holds EVERYONE_IN_MEETING and
    words of `center_audience` and `account_audience`.
    """

    kind: str
    meeting: str | None
    data: Mapping[str, Any]
    audience: tuple[str, ...] = (EVERYONE_IN_MEETING,)


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact in the journal. `seq` has no gaps; `hash` covers everything above it and `prev`."""

    seq: int
    at: datetime
    actor: Actor
    kind: str
    meeting: str | None
    audience: tuple[str, ...]
    data: Mapping[str, Any]
    alg: str
    prev: str
    hash: str

    def to_wire(self) -> dict[str, Any]:
        """The entry as plain JSON, as clients see it."""
        return {
            "seq": self.seq,
            "at": to_wire(self.at),
            "actor": self.actor.to_wire(),
            "kind": self.kind,
            "meeting": self.meeting,
            "audience": list(self.audience),
            "data": dict(self.data),
            "alg": self.alg,
            "prev": self.prev,
            "hash": self.hash,
        }


class Standing(NamedTuple):
    """What a restart must know of an entry: what it is about, and whether that goes on."""

    subject: str
    """The id of what it is about."""
    open: bool
    """Whether that is open after the entry; closed, none of its entries are replayed but those that stay."""
    stays: bool
    """Whether a restart needs the entry also when its subject is closed."""
