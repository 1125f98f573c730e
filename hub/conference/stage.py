"""The stage: one participant's picture, shown to everybody.

| command | refused with |
|---|---|
| `stage.broadcast` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |

Broadcasting who is on the stage already changes nothing. Whoever leaves or is removed is taken off the stage
by an entry of its own, so that no reader has to know that rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ParticipantId
from hub.gates import attendance_of, require_here, running_meeting
from hub.ruling import CommandData, CommandRule, Context, RuleFile
from hub.state import HubState, Meeting


@dataclass(slots=True)
class Stage:
    """The stage of one meeting: `meeting.read(Stage).broadcast`."""

    #: Id of the participant that is broadcast; None for nobody.
    broadcast: str | None = None


class StageBroadcast(CommandData):
    """Put a participant on the stage, or clear it."""

    participant: ParticipantId | None
    """Who; null clears the stage."""


def cleared_drafts(meeting: Meeting, participant: str) -> list[Draft]:
    """What follows for the stage when this participant goes: an entry that clears it, or nothing."""
    if meeting.read(Stage).broadcast != participant:
        return []
    return [Draft("stage.broadcast", meeting.id, {"participant": None})]


def _broadcast(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    participant = StageBroadcast.model_validate(command.data).participant
    if participant is not None and attendance_of(meeting, participant).state != "joined":
        raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
    if meeting.read(Stage).broadcast == participant:
        return []
    return [Draft("stage.broadcast", meeting.id, {"participant": participant})]


def _put(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        meeting.edit(Stage).broadcast = entry.data["participant"]


RULES = RuleFile(
    commands=(CommandRule("stage.broadcast", StageBroadcast, _broadcast),),
    applies={"stage.broadcast": _put},
)
