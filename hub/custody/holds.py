"""Holds (冻结): while a meeting is held nothing that it left is destroyed, whoever has agreed to it.

| command | refused with |
|---|---|
| `hold.place` | `not_found`, `forbidden`, `already_done` (it is held) |
| `hold.ask_lift` | `not_found`, `forbidden`, `wrong_state` (not held), `already_done` (asked for already) |
| `hold.lift`, `hold.keep` | `not_found`, `forbidden` (to lift: who asked), `wrong_state` (nobody asked) |

Clerks of the convener's center and above place holds, and the audit administrator. It takes two of them to lift one: who asks
says why, another one agrees or keeps it. A meeting that still runs can be held.
"""

from __future__ import annotations

from typing import Any, Final

from pydantic import Field

from hub.directory.permissions import may
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import signature_of, visible_meeting
from hub.parts import Part, Row
from hub.ruling import Apply, CommandData, CommandRule, Context, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState, Meeting

MAX_REASON: Final = 400


class Held(Row):
    """A hold."""

    hold: str
    meeting: str
    asked_by: str | None = None
    """Account of who asked for it to be lifted."""
    lift_reason: str = ""


class Holds(Part):
    """Every meeting that is held, by its id."""

    by_meeting: dict[str, Held] = Field(default_factory=dict)


class HoldPlace(CommandData):
    """Hold all that this meeting left: nothing of it is destroyed until the hold is lifted."""

    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """Why, in words."""


class HoldAskLift(CommandData):
    """Ask for the hold to be lifted; another person agrees."""

    reason: Text = Field(min_length=1, max_length=MAX_REASON)
    """Why, in words."""


class HoldKeep(CommandData):
    """Do not lift it: refuse what another asked, or take back what one asked oneself."""

    reason: Text = Field(default="", max_length=MAX_REASON)
    """Why, in words."""


class HoldOf(Wire):
    """Base of entries about a hold."""

    hold: str
    by: Author


class HoldPlaced(HoldOf):
    """A meeting is held from now on, with all that it left."""

    reason: str


class HoldLiftAsked(HoldOf):
    """Somebody asked for the hold to be lifted; it goes on until another person agrees."""

    reason: str


class HoldLifted(HoldOf):
    """The hold is over: one asked for it, another agreed."""

    reason: str
    """In the words of who asked."""
    asked_by: str
    """That account."""


class HoldKept(HoldOf):
    """The hold goes on: what was asked was refused, or taken back."""

    reason: str


def is_held(state: HubState, meeting: str) -> bool:
    """Whether a meeting is held now."""
    return meeting in state.parts.read(Holds).by_meeting


def _meeting(state: HubState, command: Command, context: Context) -> Meeting:
    """The meeting. Raises Refusal `not_found`, `forbidden`."""
    meeting = visible_meeting(state, command, context)
    if not may(context.account, "hold.manage", context.tree, meeting.convener.center):
        raise Refusal("forbidden", "holds are for clerks and the audit administrator")
    return meeting


def _held(state: HubState, meeting: Meeting) -> Held:
    held = state.parts.read(Holds).by_meeting.get(meeting.id)
    if held is None:
        raise Refusal("wrong_state", "this meeting is not held")
    return held


def _told(kind: str, meeting: Meeting, context: Context, data: dict[str, Any]) -> list[Draft]:
    told = {**data, "by": signature_of(context.account, context.tree)}
    return [Draft(kind, meeting.id, told, (center_audience(meeting.convener.center),))]


def _place(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, data = _meeting(state, command, context), HoldPlace.model_validate(command.data)
    if is_held(state, meeting.id):
        raise Refusal("already_done", "this meeting is held already")
    return _told("hold.placed", meeting, context, {"hold": context.new_id("hd"), "reason": data.reason})


def _ask_lift(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, data = _meeting(state, command, context), HoldAskLift.model_validate(command.data)
    held = _held(state, meeting)
    if held.asked_by is not None:
        raise Refusal("already_done", "somebody has asked for it already; another person agrees")
    return _told("hold.lift_asked", meeting, context, {"hold": held.hold, "reason": data.reason})


def _asked(state: HubState, meeting: Meeting) -> tuple[Held, str]:
    """The hold, and who asked for its end. Raises Refusal `wrong_state`."""
    held = _held(state, meeting)
    if held.asked_by is None:
        raise Refusal("wrong_state", "nobody has asked for this hold to be lifted")
    return held, held.asked_by


def _lift(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Lift the hold, as another person than the one who asked for it."""
    meeting = _meeting(state, command, context)
    held, asked_by = _asked(state, meeting)
    if asked_by == context.account.id:
        raise Refusal("forbidden", "another person agrees to it; you may take it back")
    data = {"hold": held.hold, "reason": held.lift_reason, "asked_by": asked_by}
    return _told("hold.lifted", meeting, context, data)


def _keep(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, data = _meeting(state, command, context), HoldKeep.model_validate(command.data)
    held, _ = _asked(state, meeting)
    return _told("hold.kept", meeting, context, {"hold": held.hold, "reason": data.reason})


def _placed(state: HubState, entry: Entry) -> None:
    meeting = entry.meeting or ""
    state.parts.edit(Holds).by_meeting[meeting] = Held(hold=entry.data["hold"], meeting=meeting)


def _lift_asked(state: HubState, entry: Entry) -> None:
    held = state.parts.edit(Holds).by_meeting.get(entry.meeting or "")
    if held is not None:
        held.asked_by, held.lift_reason = entry.actor.account, entry.data["reason"]


def _lifted(state: HubState, entry: Entry) -> None:
    state.parts.edit(Holds).by_meeting.pop(entry.meeting or "", None)


def _kept(state: HubState, entry: Entry) -> None:
    held = state.parts.edit(Holds).by_meeting.get(entry.meeting or "")
    if held is not None:
        held.asked_by, held.lift_reason = None, ""


def _is_open(state: HubState, hold: str) -> bool:
    return any(each.hold == hold for each in state.parts.read(Holds).by_meeting.values())


#: What entries about a hold are about.
HOLD: Final = Subject(lambda entry: str(entry.data["hold"]), _is_open)


def _entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="meeting.read", subject=HOLD, control="none")


RULES = RuleFile(
    "holds",
    commands=(
        CommandRule("hold.place", HoldPlace, _place),
        CommandRule("hold.ask_lift", HoldAskLift, _ask_lift),
        CommandRule("hold.lift", NoData, _lift),
        CommandRule("hold.keep", HoldKeep, _keep),
    ),
    entries=(
        _entry("hold.placed", HoldPlaced, _placed),
        _entry("hold.lift_asked", HoldLiftAsked, _lift_asked),
        _entry("hold.lifted", HoldLifted, _lifted),
        _entry("hold.kept", HoldKept, _kept),
    ),
)
