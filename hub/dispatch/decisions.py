"""Decisions of a meeting, in writing: drafted, confirmed by the chair, amended by later ones.

| command | refused with |
|---|---|
| `decision.record` | `not_found` (meeting, amended one, center), `meeting_ended`, `forbidden`, `wrong_state`, `too_many` |
| … after the meeting | the same; it amends one, else `meeting_ended` |
| `decision.edit` | `not_found` (also a center), `meeting_ended`, `forbidden` (another's), `wrong_state` (no draft any more) |
| `decision.confirm` | `not_found`, `meeting_ended`, `forbidden` (not the chair), `wrong_state` (no draft, amended already) |
| `decision.withdraw` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (no draft any more) |

Who may minute the meeting writes decisions: the chair, leaders and dispatchers of its center and above, the chair's clerk. What
the chair records, or who may take the chair from him, is decided; what others record waits as a draft until he
confirms it. Its author writes a draft anew and takes it back; so does the chair. What is confirmed is never changed: a later
one names it and takes its place, also after the meeting: by who convened it, or may take the chair from him. A draft that
nobody confirmed when the meeting ends was not decided.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from hub.directory.permissions import may
from hub.dispatch.decision_shapes import (
    DecisionConfirm,
    DecisionConfirmed,
    DecisionEdit,
    DecisionEdited,
    DecisionFields,
    DecisionRecord,
    DecisionRecorded,
    DecisionWithdraw,
    DecisionWithdrawn,
)
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import (
    may_take_chair,
    require_here,
    require_lead,
    running_meeting,
    signature_of,
    visible_meeting,
)
from hub.parts import Part
from hub.ruling import CommandRule, Context, Control, Document, EntryRule, RuleFile
from hub.state import HubState, Meeting

#: Decisions and drafts of one meeting.
MOST: Final = 1000


class Known(BaseModel):
    """A decision, as far as rules need it."""

    model_config = ConfigDict(extra="forbid")
    author: str
    text: str
    state: str
    amends: str | None


class Decided(Part):
    """The decisions of a meeting; pages have them as documents."""

    by_id: dict[str, Known] = Field(default_factory=dict, exclude=True)
    """By id."""


class Stands(BaseModel):
    """What is decided, for good."""

    model_config = ConfigDict(extra="forbid")
    meeting: str
    amended_by: str | None = None


class Standing(Part):
    """What is decided, in all meetings, running or over."""

    by_id: dict[str, Stands] = Field(default_factory=dict)
    """By id."""


def _leads(meeting: Meeting, context: Context) -> bool:
    return meeting.chair.id == context.account.id or may_take_chair(meeting, context.account, context.tree)


def _fields(data: DecisionFields, context: Context) -> dict[str, Any]:
    """Raises Refusal `not_found` for a center out of sight."""
    account, tree = context.account, context.tree
    for code in data.responsible:
        if code not in tree or not may(account, "center.read", tree, code):
            raise Refusal("not_found", f"there is no center {code}", "responsible")
    return {
        "text": data.text,
        "basis": [each.model_dump() for each in data.basis],
        "responsible": [
            {"center": code, "name": tree[code].name} for code in dict.fromkeys(data.responsible)
        ],
    }


def _require_standing(state: HubState, meeting: Meeting, id: str) -> None:
    """Raises Refusal unless this meeting's decision stands: `not_found`, `wrong_state`."""
    stands = state.parts.read(Standing).by_id.get(id)
    if (stands is None or stands.meeting != meeting.id) and id not in meeting.read(Decided).by_id:
        raise Refusal("not_found", "this meeting has not decided that", "amends")
    if stands is None or stands.amended_by is not None:
        raise Refusal("wrong_state", "it is not decided, or another one has taken its place", "amends")


def _require_writing(meeting: Meeting, data: DecisionRecord, context: Context) -> None:
    """Raises Refusal `meeting_ended`, `forbidden` unless the asker may record this in this meeting now."""
    if meeting.is_open:
        require_here(meeting, "meeting.minute", context)
        return
    if data.amends is None or data.draft:
        raise Refusal(
            "meeting_ended", "after the meeting what it decided is amended, and nothing else", "meeting"
        )
    account, tree, convened = context.account, context.tree, meeting.convener
    if account.id != convened.id and not all(
        may(account, action, tree, convened.center) for action in ("meeting.control", "chair.take")
    ):
        raise Refusal("forbidden", "who convened the meeting amends it, or who commands him")


def _draft(meeting: Meeting, id: str) -> Known:
    known = meeting.read(Decided).by_id.get(id)
    if known is None:
        raise Refusal("not_found", "there is no such decision", "decision")
    if known.state != "draft":
        raise Refusal("wrong_state", "it is no draft any more", "decision")
    return known


def _record(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    data = DecisionRecord.model_validate(command.data)
    _require_writing(meeting, data, context)
    if len(meeting.read(Decided).by_id) >= MOST:
        raise Refusal("too_many", f"a meeting records at most {MOST} decisions")
    if data.amends is not None:
        _require_standing(state, meeting, data.amends)
    decides = not meeting.is_open or (_leads(meeting, context) and not data.draft)
    recorded = {
        "decision": context.new_id("d"),
        **_fields(data, context),
        "by": signature_of(context.account, context.tree),
        "state": "confirmed" if decides else "draft",
        "amends": data.amends,
    }
    return [Draft("decision.recorded", meeting.id, recorded)]


def _edit(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    data = DecisionEdit.model_validate(command.data)
    if _draft(meeting, data.decision).author != context.account.id:
        raise Refusal("forbidden", "only its author writes a draft anew", "decision")
    return [Draft("decision.edited", meeting.id, {"decision": data.decision, **_fields(data, context)})]


def _confirm(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_lead(meeting, context)
    id = DecisionConfirm.model_validate(command.data).decision
    known = _draft(meeting, id)
    if known.amends is not None:
        _require_standing(state, meeting, known.amends)
    confirmed = {
        "decision": id,
        "text": known.text,
        "amends": known.amends,
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("decision.confirmed", meeting.id, confirmed)]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.minute", context)
    id = DecisionWithdraw.model_validate(command.data).decision
    if _draft(meeting, id).author != context.account.id and not _leads(meeting, context):
        raise Refusal("forbidden", "its author or the chair takes a draft back", "decision")
    withdrawn = {"decision": id, "by": signature_of(context.account, context.tree)}
    return [Draft("decision.withdrawn", meeting.id, withdrawn)]


# -- the state


def _rows(state: HubState, entry: Entry) -> dict[str, Known]:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts.edit(Decided).by_id if meeting is not None and meeting.is_open else {}


def _recorded(state: HubState, entry: Entry) -> None:
    data = entry.data
    _rows(state, entry)[data["decision"]] = Known(
        author=data["by"]["account"],
        text=data["text"],
        state=data.get("state", "confirmed"),
        amends=data.get("amends"),
    )
    _stands(state, entry)


def _stands(state: HubState, entry: Entry) -> None:
    """What is decided stays known when the meeting is over."""
    data = entry.data
    if entry.meeting is None or data.get("state", "confirmed") != "confirmed":
        return
    standing = state.parts.edit(Standing).by_id
    standing[data["decision"]] = Stands(meeting=entry.meeting)
    amends = data.get("amends")
    if amends in standing:
        standing[amends].amended_by = data["decision"]


def _edited(state: HubState, entry: Entry) -> None:
    known = _rows(state, entry).get(entry.data["decision"])
    if known is not None:
        known.text = entry.data["text"]


def _is_confirmed(state: HubState, entry: Entry) -> None:
    known = _rows(state, entry).get(entry.data["decision"])
    if known is not None:
        known.state = "confirmed"
    _stands(state, entry)


def _withdrawn(state: HubState, entry: Entry) -> None:
    known = _rows(state, entry).get(entry.data["decision"])
    if known is not None:
        known.state = "withdrawn"


_DOCUMENT: Final = Document("decision", "decision")

RULES = RuleFile(
    "decisions",
    part=Decided,
    commands=(
        CommandRule("decision.record", DecisionRecord, _record),
        CommandRule("decision.edit", DecisionEdit, _edit),
        CommandRule("decision.confirm", DecisionConfirm, _confirm),
        CommandRule("decision.withdraw", DecisionWithdraw, _withdraw),
    ),
    entries=(
        EntryRule(
            "decision.recorded",
            DecisionRecorded,
            _recorded,
            document=_DOCUMENT,
            recall=_stands,
            control="none",
        ),
        EntryRule("decision.edited", DecisionEdited, _edited, document=_DOCUMENT, control="none"),
        EntryRule(
            "decision.confirmed",
            DecisionConfirmed,
            _is_confirmed,
            document=_DOCUMENT,
            recall=_stands,
            control=Control("确认决策", "decision confirmed"),
        ),
        EntryRule("decision.withdrawn", DecisionWithdrawn, _withdrawn, document=_DOCUMENT, control="none"),
    ),
)
