"""The stage: one participant's picture, shown to everybody.

| command | refused with |
|---|---|
| `stage.broadcast` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |

Broadcasting who is on the stage already changes nothing. Whoever leaves or is removed is taken off the stage
by an entry of its own, so that no reader has to know that rule.
"""

from __future__ import annotations

from typing import Any

from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ParticipantId
from hub.gates import require_here, running_meeting, seat_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState, Meeting


class Stage(Part):
    """The stage of one meeting."""

    broadcast: str | None = None
    """Id of the participant that is shown to everybody; null for nobody."""


class Broadcast(Wire):
    """Who is on the stage from now on."""

    participant: str | None


class StageBroadcast(CommandData):
    """Put a participant on the stage, or clear it."""

    participant: ParticipantId | None
    """Who; null clears the stage."""


def _clear(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A participant goes: he is taken off the stage, if he is on it."""
    meeting = state.meetings.get(draft.meeting or "")
    if meeting is None or meeting.read(Stage).broadcast != draft.data["participant"]:
        return []
    return [Draft("stage.broadcast", meeting.id, {"participant": None})]


def _broadcast(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    participant = StageBroadcast.model_validate(command.data).participant
    if participant is not None and seat_of(meeting, participant).state != "joined":
        raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
    if meeting.read(Stage).broadcast == participant:
        return []
    return [Draft("stage.broadcast", meeting.id, {"participant": participant})]


def _put(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        meeting.parts.edit(Stage).broadcast = entry.data["participant"]


def _to_node(meeting: Meeting) -> dict[str, Any]:
    return {"broadcast": meeting.read(Stage).broadcast}


RULES = RuleFile(
    "stage",
    part=Stage,
    commands=(CommandRule("stage.broadcast", StageBroadcast, _broadcast),),
    entries=(EntryRule("stage.broadcast", Broadcast, _put, nodes=True),),
    follows={"meeting.left": _clear, "participant.removed": _clear},
    to_node=_to_node,
)
