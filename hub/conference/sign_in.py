"""Signing in (签到): the name of who is present for a participant, an official on duty; nobody has to.

| command | refused with |
|---|---|
| `meeting.sign_in` | `not_found`, `meeting_ended`, `not_joined`, `removed` |

The name stands with the participant's seat until another one is given. The same twice changes nothing.
"""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, StringConstraints

from hub.entry import Command, Draft, Entry
from hub.fields import Text
from hub.gates import require_joined, running_meeting
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.seats import Seats
from hub.shapes import Wire
from hub.state import HubState

#: Longest name and longest duty, in characters.
MAX_NAME: Final = 20

#: One short line.
Line = Annotated[Text, StringConstraints(max_length=MAX_NAME, pattern=r"^[^\n\t]*$")]


class MeetingSignIn(CommandData):
    """Say who is present here."""

    name: Line = Field(min_length=1)
    """The name of the official who is there."""
    duty: Line = ""
    """In which duty: 值守, 支部书记."""


class MeetingSignedIn(Wire):
    """It was said who is present for a participant."""

    participant: str
    center: str
    name: str
    duty: str


def _sign_in(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    data, account = MeetingSignIn.model_validate(command.data), context.account
    seat = meeting.seats[account.id]
    if (seat.present, seat.duty) == (data.name, data.duty):
        return []
    said = {"participant": account.id, "center": account.center, "name": data.name, "duty": data.duty}
    return [Draft("meeting.signed_in", meeting.id, said)]


def _signed_in(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    seat = meeting.parts.row(Seats, entry.data["participant"]) if meeting is not None else None
    if seat is not None:
        seat.present, seat.duty = entry.data["name"], entry.data["duty"]


RULES = RuleFile(
    "sign_in",
    commands=(CommandRule("meeting.sign_in", MeetingSignIn, _sign_in),),
    entries=(EntryRule("meeting.signed_in", MeetingSignedIn, _signed_in, control="none"),),
)
