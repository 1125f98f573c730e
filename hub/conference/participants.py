"""Control over single participants: mute, unmute, remove.

| command | refused with |
|---|---|
| `participant.mute`, `unmute` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |
| `participant.remove` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (it is the chair) |

Muting what is muted and removing who is removed changes nothing. A mute survives leaving and joining again.
Who was removed may not come back (`meeting.join` answers `removed`), and is taken off the stage.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from hub.conference import stage
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ParticipantId, Text
from hub.gates import attendance_of, require_here, running_meeting
from hub.ruling import Apply, CommandData, CommandRule, Context, Decide, RuleFile
from hub.state import Attendance, HubState


class ParticipantMute(CommandData):
    """Silence a participant, or let it be heard again."""

    participant: ParticipantId
    """Who."""


class ParticipantRemove(CommandData):
    """Put a participant out of the meeting for good."""

    participant: ParticipantId
    """Who."""
    reason: Text = Field(default="", max_length=200)
    """Why; stands in the journal."""


def _set_mute(muted: bool) -> Decide:
    kind = "participant.muted" if muted else "participant.unmuted"

    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        meeting = running_meeting(state, command, context)
        require_here(meeting, "meeting.control", context)
        participant = ParticipantMute.model_validate(command.data).participant
        attendance = attendance_of(meeting, participant)
        if attendance.state != "joined":
            raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
        if attendance.muted == muted:
            return []
        return [Draft(kind, meeting.id, {"participant": participant})]

    return decide


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = ParticipantRemove.model_validate(command.data)
    if data.participant == meeting.chair.id:
        raise Refusal("wrong_state", "the chair cannot be removed", "participant")
    if attendance_of(meeting, data.participant).state == "removed":
        return []
    removed: dict[str, Any] = {"participant": data.participant, "reason": data.reason}
    return [
        Draft("participant.removed", meeting.id, removed),
        *stage.cleared_drafts(meeting, data.participant),
    ]


def _attendance(state: HubState, entry: Entry) -> Attendance | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.attendances.get(entry.data["participant"]) if meeting is not None else None


def _put_mute(muted: bool) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        attendance = _attendance(state, entry)
        if attendance is not None:
            attendance.muted = muted

    return apply


def _removed(state: HubState, entry: Entry) -> None:
    attendance = _attendance(state, entry)
    if attendance is not None:
        attendance.state = "removed"


RULES = RuleFile(
    commands=(
        CommandRule("participant.mute", ParticipantMute, _set_mute(True)),
        CommandRule("participant.unmute", ParticipantMute, _set_mute(False)),
        CommandRule("participant.remove", ParticipantRemove, _remove),
    ),
    applies={
        "participant.muted": _put_mute(True),
        "participant.unmuted": _put_mute(False),
        "participant.removed": _removed,
    },
)
