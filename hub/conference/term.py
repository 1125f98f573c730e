"""The planned end of a meeting: it is told of some minutes before, and put off (延长). It ends nothing by itself.

| command | refused with |
|---|---|
| `meeting.extend` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (no end is planned) |
| `term.remind` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (it is not near yet) |

A booking brings the end along. What is put off is counted from the planned end, or from now where that has passed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final

from pydantic import Field

from hub.clock import from_wire, to_wire
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import require_here, running_meeting
from hub.parts import Audience, Part
from hub.ruling import CommandData, CommandRule, Context, Control, Due, EntryRule, NoData, RuleFile
from hub.shapes import Wire
from hub.state import HubState, Meeting

#: So long before its planned end a meeting is reminded of it.
BEFORE: Final = timedelta(minutes=5)
#: The longest that is put off at once.
MAX_MINUTES: Final = 240


class Term(Part):
    """When the meeting is planned to end."""

    audience: ClassVar[Audience] = "desk"

    ends_at: str | None = None
    """Null where no end is planned."""
    near: bool = False
    """Whether the meeting was reminded of it: it is near, or has passed."""


class MeetingExtend(CommandData):
    """Put the planned end of the meeting off."""

    minutes: int = Field(ge=1, le=MAX_MINUTES)
    """By so many minutes."""


class MeetingExtended(Wire):
    """The planned end of the meeting was put off."""

    minutes: int
    ends_at: str


class MeetingEndNear(Wire):
    """The planned end of the meeting is near."""

    ends_at: str


def _extend(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    planned = meeting.read(Term).ends_at
    if planned is None:
        raise Refusal("wrong_state", "no end is planned for this meeting")
    minutes = MeetingExtend.model_validate(command.data).minutes
    ends_at = max(from_wire(planned), context.now) + timedelta(minutes=minutes)
    return [Draft("meeting.extended", meeting.id, {"minutes": minutes, "ends_at": to_wire(ends_at)})]


def _remind(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The planned end comes near."""
    meeting = running_meeting(state, command, context)
    due, ends_at = _near(meeting), meeting.read(Term).ends_at
    if due is None:
        return []
    if due.at > context.now:
        raise Refusal("wrong_state", "the end is not near yet")
    return [Draft("meeting.end_near", meeting.id, {"ends_at": ends_at})]


def _extended(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        term = meeting.parts.edit(Term)
        term.ends_at, term.near = entry.data["ends_at"], False


def _is_near(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        meeting.parts.edit(Term).near = True


def _near(meeting: Meeting) -> Due | None:
    """When the meeting is reminded of its end."""
    term = meeting.read(Term)
    if term.ends_at is None or term.near:
        return None
    return Due(from_wire(term.ends_at) - BEFORE, "term.remind", meeting.id, "end")


RULES = RuleFile(
    "term",
    part=Term,
    commands=(
        CommandRule("meeting.extend", MeetingExtend, _extend),
        CommandRule("term.remind", NoData, _remind, system=True),
    ),
    entries=(
        EntryRule(
            "meeting.extended", MeetingExtended, _extended, control=Control("延长会议", "meeting extended")
        ),
        EntryRule("meeting.end_near", MeetingEndNear, _is_near, control="none"),
    ),
    due=_near,
)
