"""Pausing (暂停): the meeting rests. Nobody is heard or seen, and nothing of anybody is recorded, until it goes on.

| command | refused with |
|---|---|
| `meeting.pause`, `meeting.resume` | `not_found`, `meeting_ended`, `forbidden` |

All else stays as it was: who is there, who is muted, who is on the stage, what runs. Tours and roll calls stand still
meanwhile, and go on where they stood. Twice changes nothing.
"""

from __future__ import annotations

from pydantic import Field

from hub.clock import to_wire
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import require_here, running_meeting, signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Control, EntryRule, NoData, RuleFile
from hub.shapes import Author, Nothing, Wire
from hub.state import HubState, Meeting


class Pause(Part):
    """Whether the meeting rests: nobody is heard or seen then."""

    paused: bool = False
    by: Author | None = None
    """Who paused it."""
    at: str | None = None
    """Since when."""
    reason: str = ""
    """What was said of it: until when, why."""
    above: bool = False
    """Whether it rests because the meeting above, which it has joined, does."""


class MeetingPause(CommandData):
    """Let the meeting rest: nobody is heard or seen until it goes on."""

    reason: Text = Field(default="", max_length=200)
    """Why, or until when; everybody reads it."""


class MeetingPaused(Wire):
    """The meeting rests."""

    by: Author
    reason: str
    above: bool = False
    """Whether it came from the meeting above, which this one has joined."""


def require_not_paused(meeting: Meeting) -> None:
    """Raises Refusal `wrong_state` while the meeting rests: what shows or calls somebody would show and call nobody."""
    if meeting.read(Pause).paused:
        raise Refusal("wrong_state", "the meeting is paused")


def _pause(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    if meeting.read(Pause).paused:
        return []
    reason = MeetingPause.model_validate(command.data).reason
    by = signature_of(context.account, context.tree)
    return [Draft("meeting.paused", meeting.id, {"by": by, "reason": reason})]


def _resume(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go on with the meeting: everybody is heard and seen as before."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    return [Draft("meeting.resumed", meeting.id, {})] if meeting.read(Pause).paused else []


def _paused(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        pause, by = meeting.parts.edit(Pause), entry.data["by"]
        pause.paused, pause.at, pause.reason = True, to_wire(entry.at), entry.data["reason"]
        pause.above = entry.data.get("above", False)
        pause.by = Author.model_validate({name: by[name] for name in Author.model_fields})


def _resumed(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None and meeting.is_open:
        meeting.parts.forget(Pause)


RULES = RuleFile(
    "pause",
    part=Pause,
    commands=(
        CommandRule("meeting.pause", MeetingPause, _pause),
        CommandRule("meeting.resume", NoData, _resume),
    ),
    entries=(
        EntryRule(
            "meeting.paused",
            MeetingPaused,
            _paused,
            nodes=True,
            control=Control("暂停会议", "meeting paused"),
        ),
        EntryRule(
            "meeting.resumed", Nothing, _resumed, nodes=True, control=Control("继续会议", "meeting went on")
        ),
    ),
)
