"""Marks: who reviews a meeting marks a moment of it, with a few words and one of a few kinds; corrected and taken back later.

| command | refused with |
|---|---|
| `mark.add` | `not_found`, `forbidden`, `invalid` (moment outside the meeting), `too_many` |
| `mark.change` | `not_found`, `forbidden` (another's), `invalid` |
| `mark.withdraw` | `not_found`, `forbidden` (another's, and one may not minute the meeting) |

They are made while the meeting runs and long after it. A mark is never overwritten: that it was changed, or taken back, are
entries of their own, and the journal keeps what it said before. Marks are for those who read the meeting's record by right, at
the center that convened it or the author's: who was only called does not see them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypeAliasType

from hub.clock import from_wire
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import Moment, ObjectId, Text
from hub.gates import may_here, require_here, signature_of, visible_meeting
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState, Meeting

#: How far a client's clock may be ahead of the hub's before its moment counts as the future.
CLOCK_TOLERANCE: Final = timedelta(seconds=5)
#: Marks of one meeting that stand.
MOST: Final = 1000

#: What matters; what somebody said, word for word; what is still to be done; what has to be looked into.
MarkKind = TypeAliasType("MarkKind", Literal["point", "quote", "task", "doubt"])


class Known(BaseModel):
    """A mark that stands, as far as rules need it."""

    model_config = ConfigDict(extra="forbid")
    meeting: str
    author: str


class Marks(Part):
    """The marks that stand, of all meetings."""

    by_id: dict[str, Known] = Field(default_factory=dict)
    """By id."""


class MarkFields(CommandData):
    """What a mark says."""

    at: Moment
    """The moment that is marked."""
    kind: MarkKind = "point"
    """What is marked."""
    text: Text = Field(default="", max_length=2000)
    """What to say of it; a mark may do without."""


class MarkAdd(MarkFields):
    """Mark a moment of a meeting."""


class MarkChange(MarkFields):
    """Say it otherwise, or put it at another moment."""

    mark: ObjectId
    """Which."""


class MarkWithdraw(CommandData):
    """Take a mark back."""

    mark: ObjectId
    """Which."""


class MarkTold(Wire):
    """A mark as it stands from now on."""

    mark: str
    at: str
    """The moment that is marked."""
    kind: MarkKind
    text: str
    by: Author


class MarkAdded(MarkTold):
    """A moment was marked."""


class MarkChanged(MarkTold):
    """A mark says something else from now on."""


class MarkWithdrawn(Wire):
    """A mark was taken back."""

    mark: str
    by: Author


def _standing(state: HubState, meeting: Meeting, mark: str) -> Known:
    """Raises Refusal `not_found` for one that does not stand in this meeting."""
    found = state.parts.read(Marks).by_id.get(mark)
    if found is None or found.meeting != meeting.id:
        raise Refusal("not_found", "there is no such mark", "mark")
    return found


def _within(meeting: Meeting, at: str, context: Context) -> None:
    """Raises Refusal `invalid` for a moment outside the meeting."""
    latest = (meeting.ended_at or context.now) + CLOCK_TOLERANCE
    if not meeting.opened_at - CLOCK_TOLERANCE <= from_wire(at) <= latest:
        raise Refusal("invalid", "the moment lies outside the meeting", "at")


def _draft(kind: str, meeting: Meeting, data: dict[str, object], context: Context) -> list[Draft]:
    centers = dict.fromkeys((meeting.convener.center, context.account.center))
    return [Draft(kind, meeting.id, data, tuple(map(center_audience, centers)))]


def _add(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    require_here(meeting, "note.add", context)
    data = MarkAdd.model_validate(command.data)
    _within(meeting, data.at, context)
    if sum(each.meeting == meeting.id for each in state.parts.read(Marks).by_id.values()) >= MOST:
        raise Refusal("too_many", f"a meeting has at most {MOST} marks")
    added: dict[str, object] = {
        "mark": context.new_id("mk"),
        **data.model_dump(mode="json"),
        "by": signature_of(context.account, context.tree),
    }
    return _draft("mark.added", meeting, added, context)


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    require_here(meeting, "note.add", context)
    data = MarkChange.model_validate(command.data)
    if _standing(state, meeting, data.mark).author != context.account.id:
        raise Refusal("forbidden", "only its author changes a mark", "mark")
    _within(meeting, data.at, context)
    changed: dict[str, object] = {
        **data.model_dump(mode="json"),
        "by": signature_of(context.account, context.tree),
    }
    return _draft("mark.changed", meeting, changed, context)


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    require_here(meeting, "note.add", context)
    data = MarkWithdraw.model_validate(command.data)
    own = _standing(state, meeting, data.mark).author == context.account.id
    if not own and not may_here(meeting, "meeting.minute", context):
        raise Refusal("forbidden", "its author takes a mark back, or who minutes the meeting", "mark")
    withdrawn: dict[str, object] = {"mark": data.mark, "by": signature_of(context.account, context.tree)}
    return _draft("mark.withdrawn", meeting, withdrawn, context)


def _added(state: HubState, entry: Entry) -> None:
    known = Known(meeting=entry.meeting or "", author=entry.data["by"]["account"])
    state.parts.edit(Marks).by_id[entry.data["mark"]] = known


def _withdrawn(state: HubState, entry: Entry) -> None:
    state.parts.edit(Marks).by_id.pop(entry.data["mark"], None)


#: What entries about a mark are about.
MARK: Final = Subject(
    lambda entry: str(entry.data["mark"]), lambda state, mark: mark in state.parts.read(Marks).by_id
)

RULES = RuleFile(
    "marks",
    commands=(
        CommandRule("mark.add", MarkAdd, _add),
        CommandRule("mark.change", MarkChange, _change),
        CommandRule("mark.withdraw", MarkWithdraw, _withdraw),
    ),
    entries=(
        EntryRule("mark.added", MarkAdded, _added, reads="meeting.read", subject=MARK, control="none"),
        EntryRule("mark.changed", MarkChanged, reads="meeting.read", control="none"),
        EntryRule(
            "mark.withdrawn", MarkWithdrawn, _withdrawn, reads="meeting.read", subject=MARK, control="none"
        ),
    ),
)
