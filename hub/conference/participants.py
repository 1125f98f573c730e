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

from hub.clock import to_wire
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ParticipantId, Text
from hub.gates import require_here, running_meeting, seat_of
from hub.ruling import Apply, CommandData, CommandRule, Context, Decide, EntryRule, RuleFile
from hub.seats import Seat, Seats
from hub.shapes import OfParticipant, Wire
from hub.state import HubState, Meeting


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


class ParticipantRemoved(Wire):
    """Somebody was removed."""

    participant: str
    reason: str


def _set_mute(muted: bool) -> Decide:
    kind = "participant.muted" if muted else "participant.unmuted"

    def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
        meeting = running_meeting(state, command, context)
        require_here(meeting, "meeting.control", context)
        participant = ParticipantMute.model_validate(command.data).participant
        seat = seat_of(meeting, participant)
        if seat.state != "joined":
            raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
        if seat.muted == muted:
            return []
        return [Draft(kind, meeting.id, {"participant": participant})]

    return decide


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = ParticipantRemove.model_validate(command.data)
    if data.participant == meeting.chair.id:
        raise Refusal("wrong_state", "the chair cannot be removed", "participant")
    if seat_of(meeting, data.participant).state == "removed":
        return []
    removed: dict[str, Any] = {"participant": data.participant, "reason": data.reason}
    return [Draft("participant.removed", meeting.id, removed)]


def _seat(state: HubState, entry: Entry) -> Seat | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts.row(Seats, entry.data["participant"]) if meeting is not None else None


def _put_mute(muted: bool) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        seat = _seat(state, entry)
        if seat is not None:
            seat.muted = muted

    return apply


def _removed(state: HubState, entry: Entry) -> None:
    seat = _seat(state, entry)
    if seat is not None:
        seat.state, seat.left_at = "removed", to_wire(entry.at)


def _to_node(meeting: Meeting) -> dict[str, Any]:
    return {"muted": meeting.muted}


RULES = RuleFile(
    "seats",
    part=Seats,
    commands=(
        CommandRule("participant.mute", ParticipantMute, _set_mute(True)),
        CommandRule("participant.unmute", ParticipantMute, _set_mute(False)),
        CommandRule("participant.remove", ParticipantRemove, _remove),
    ),
    entries=(
        EntryRule("participant.muted", OfParticipant, _put_mute(True), nodes=True),
        EntryRule("participant.unmuted", OfParticipant, _put_mute(False), nodes=True),
        EntryRule("participant.removed", ParticipantRemoved, _removed),
    ),
    to_node=_to_node,
)
