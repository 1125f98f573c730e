"""What a file of rules is made of: its commands and how they are decided, its entries and what they do and reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft, Entry
from hub.parts import Part
from hub.shapes import Wire
from hub.state import HubState, Meeting


class CommandData(BaseModel):
    """Base of the `data` of every command: plain values, no conversion, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)


class NoData(CommandData):
    """`data` of a command that needs none: `{}`."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision may depend on besides the state: who asks, when, and the directory."""

    now: datetime
    account: Account
    tree: CenterTree
    #: Makes a fresh id; the argument is a prefix of `hub.ids.PREFIXES`.
    new_id: Callable[[str], str]
    #: How long an alarm waits at each level before the one above has to answer it.
    escalate_after: timedelta = timedelta(seconds=300)
    #: The clock that times of day are meant by, and in which days and years begin.
    zone: tzinfo = UTC


Decide = Callable[[HubState, Command, Context], list[Draft]]
Apply = Callable[[HubState, Entry], None]
#: Whether a command names a meeting.
MeetingUse = Literal["never", "optional", "always"]


@dataclass(frozen=True, slots=True)
class CommandRule:
    """One command: what its data looks like and how it is decided."""

    kind: str
    schema: type[CommandData]
    decide: Decide
    meeting: MeetingUse = "always"
    #: Only the hub itself gives this command (account id SYSTEM); for everybody else it does not exist.
    system: bool = False
    #: The hub's owner, at the command line of its machine, gives it too (as the account SYSTEM), and may do all by it.
    owner: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """That an entry changes a document which readers keep: an order, a report, a recording …"""

    what: str
    """`order`, `report`, `decision`, `note`, `recording`, `meeting`, `alarm`, `booking`, `template`, `layout`, `task`,
    `clearing`, `incident`, `duty`, `job`, `minutes`, `wording`, `patrol`, `grid`, `gridtask`."""
    id: str
    """The field of the entry's data with the document's id."""
    row: str | None = None
    """The field with the key of the row that changed, or of all that did; None where the document changed as a whole."""
    gone: bool = False
    """Whether those whom the entry is addressed to see nothing more of it: they are told to read again, and find nothing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What entries are about: a restart replays those whose subject is open.

    Once closed, it stays closed; or what closes it is recalled and says all of it: what opens it again goes on from there.
    """

    of: Callable[[Entry], str | None]
    """The id of the one that an entry is about; None for an entry that no restart needs."""
    is_open: Callable[[HubState, str], bool]
    """Whether the one with this id is open in this state."""


def _is_open_meeting(state: HubState, meeting: str) -> bool:
    return meeting in state.meetings and state.meetings[meeting].is_open


#: The subject of most entries: their meeting.
MEETING: Final = Subject(lambda entry: entry.meeting, _is_open_meeting)


@dataclass(frozen=True, slots=True)
class Control:
    """What an entry is called in the history of control (会控记录): who leads a meeting did something to it, or in it."""

    zh: str
    en: str
    reasons: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Where its `reason` is one of a few words: word -> (Chinese, English)."""


@dataclass(frozen=True, slots=True)
class EntryRule:
    """One kind of entry: what its data looks like, what it does to the state, and whom it concerns."""

    kind: str
    schema: type[Wire]
    apply: Apply | None = None
    """What it does to the state; None for an entry that only readers need."""
    reads: str = "order.read"
    """The action (permission table) that lets a center above read what is addressed to a center."""
    document: Document | None = None
    """The document it changes."""
    calls: bool = False
    """Whether every center that the meeting calls is told, follower or not."""
    calls_named: tuple[str, ...] = ()
    """Where it `calls`: the fields of its data with the codes of the centers that are told; none: all that are called."""
    everywhere: bool = False
    """Whether those addressed by center are told of it outside the meeting, too."""
    nodes: bool = False
    """Whether media nodes must know: they are told the meeting's truth anew."""
    house: bool = False
    """Whether it is for administrators of the house: its audience is HOUSE, and no page is told."""
    subject: Subject = MEETING
    """What the entry is about. An entry without `apply` is never replayed."""
    recall: Apply | None = None
    """What a restart does with it, in place of `apply`, when its subject is closed. None: it is then not replayed."""
    origin: Callable[[HubState, Mapping[str, Any]], str | None] | None = None
    """Of an entry with this data outside meetings: the meeting from which what it is about comes. While that is a secret one,
    only who is cleared reads the entry."""
    control: Control | Literal["none"] | None = None
    """What it is called in the history of control; `none` for what is none: who comes and goes, what people bring and answer,
    what the hub notices by itself. Each entry of a meeting says the one or the other."""


#: What follows from a draft of another file: more drafts. It sees the state before the command.
Consequence = Callable[[HubState, Draft, Context], list[Draft]]


@dataclass(frozen=True, slots=True)
class Due:
    """What the clock brings: from `at` on, this system command is given, once for each subject and moment.

    It must change what it is about, so that this is not due any more; while it is refused, it is given again.
    """

    at: datetime
    kind: str
    meeting: str | None
    subject: str
    """Which of several: makes, with the moment, the command's id."""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """All that one file of rules brings."""

    name: str
    """What its part is called on the wire."""
    commands: tuple[CommandRule, ...] = ()
    entries: tuple[EntryRule, ...] = ()
    part: type[Part] | None = None
    """What it keeps of each meeting, and shows."""
    precedes: Mapping[str, Consequence] = field(default_factory=dict)
    """Kind of another file's draft -> drafts that are written before it."""
    follows: Mapping[str, Consequence] = field(default_factory=dict)
    """Kind of another file's draft -> drafts that are written after it."""
    due: Callable[[Meeting], Due | None] | None = None
    """The next thing that the clock brings about in an open meeting. Asked again after each group of entries of that meeting:
    it must be quick."""
    hub_due: Callable[[HubState], Due | None] | None = None
    """The same outside of meetings, asked again after each group of entries. Its command does all that has come by then."""
    to_node: Callable[[Meeting], Mapping[str, Any]] | None = None
    """What media nodes must know of it: fields of their call `meeting.set`."""
