"""Decisions of a meeting, in writing.

| command | refused with |
|---|---|
| `decision.record` | `not_found`, `meeting_ended`, `forbidden` |

The chair, leaders and dispatchers of its center and above record decisions, and the clerk of the chair's
center does so as its minute-taker. A decision is never changed; a later one says so.
"""

from __future__ import annotations

from pydantic import Field

from hub.entry import Command, Draft
from hub.fields import Text
from hub.gates import require_here, running_meeting, signature_of
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Author, Wire
from hub.state import HubState


class DecisionRecord(CommandData):
    """Record what the meeting decided."""

    text: Text = Field(min_length=1, max_length=4000)
    """The decision in full."""


class DecisionRecorded(Wire):
    """A decision was recorded."""

    decision: str
    text: str
    by: Author


def _record(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    recorded = {
        "decision": context.new_id("d"),
        "text": DecisionRecord.model_validate(command.data).text,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("decision.recorded", meeting.id, recorded)]


RULES = RuleFile(
    "decisions",
    commands=(CommandRule("decision.record", DecisionRecord, _record),),
    entries=(
        EntryRule(
            "decision.recorded", DecisionRecorded, document=Document("decision", "decision"), control="none"
        ),
    ),
)
