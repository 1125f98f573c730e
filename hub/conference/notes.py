"""Notes: a remark on the time line of a meeting, at the moment it means.

| command | refused with |
|---|---|
| `note.add` | `not_found`, `forbidden`, `meeting_ended`, `invalid` (moment outside the meeting) |

A clerk may add notes after the meeting too, while reviewing it; others only while it runs.
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from hub.clock import from_wire
from hub.directory.accounts import CLERK
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.fields import Moment, Text
from hub.gates import require_here, running_meeting, signature_of, visible_meeting
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Author, Wire
from hub.state import HubState

#: How far a client's clock may be ahead of the hub's before its moment counts as the future.
CLOCK_TOLERANCE = timedelta(seconds=5)


class NoteAdd(CommandData):
    """Write a note on the meeting's time line."""

    text: Text = Field(min_length=1, max_length=2000)
    """The remark."""
    at: Moment | None = None
    """The moment meant; null for the meeting as a whole, or now."""


class NoteAdded(Wire):
    """A remark was added."""

    note: str
    text: str
    at: str | None
    """The moment meant, where it is another than that of the entry."""
    by: Author


def _add(state: HubState, command: Command, context: Context) -> list[Draft]:
    find = visible_meeting if context.account.role == CLERK else running_meeting
    meeting = find(state, command, context)
    require_here(meeting, "note.add", context)
    data = NoteAdd.model_validate(command.data)
    if data.at is not None:
        latest = context.now + CLOCK_TOLERANCE
        if meeting.ended_at is not None:
            latest = meeting.ended_at + CLOCK_TOLERANCE
        if not meeting.opened_at - CLOCK_TOLERANCE <= from_wire(data.at) <= latest:
            raise Refusal("invalid", "the moment lies outside the meeting", "at")
    added = {
        "note": context.new_id("n"),
        "text": data.text,
        "at": data.at,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("note.added", meeting.id, added)]


RULES = RuleFile(
    "notes",
    commands=(CommandRule("note.add", NoteAdd, _add),),
    entries=(EntryRule("note.added", NoteAdded, document=Document("note", "note"), control="none"),),
)
