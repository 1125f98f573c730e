"""Control over participants: mute and unmute one or all, remove.

| command | refused with |
|---|---|
| `participant.mute`, `unmute` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |
| `participant.mute_all`, `unmute_all` | `not_found`, `meeting_ended`, `forbidden` |
| `participant.remove` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (it is the chair) |

Muting all leaves out the chair and whom the command names; who joins later is heard. A phone is muted as a participant is, and
let go by `phone.release`.
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
from hub.ruling import Apply, CommandData, CommandRule, Context, Control, Decide, EntryRule, NoData, RuleFile
from hub.seats import PhonesHere, Seat, Seats
from hub.shapes import Nothing, OfParticipant, Wire
from hub.state import HubState, Meeting


class ParticipantMute(CommandData):
    """Silence a participant, or let it be heard again."""

    participant: ParticipantId
    """Who."""


class ParticipantMuteAll(CommandData):
    """Silence all who are in the meeting now, but the chair and those named."""

    but: list[ParticipantId] = Field(default_factory=list, max_length=64)
    """Who goes on being heard as he is."""


class ParticipantRemove(CommandData):
    """Put a participant out of the meeting for good."""

    participant: ParticipantId
    """Who."""
    reason: Text = Field(default="", max_length=200)
    """Why; stands in the journal."""


class AllMuted(Wire):
    """All who were in the meeting were muted at once, but these."""

    but: list[str]


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
        seat = meeting.read(PhonesHere).rows.get(participant) or seat_of(meeting, participant)
        if seat.state != "joined":
            raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
        if seat.muted == muted:
            return []
        return [Draft(kind, meeting.id, {"participant": participant})]

    return decide


def _mute_all(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    but = sorted({*ParticipantMuteAll.model_validate(command.data).but, meeting.chair.id})
    if all(seat.muted or seat.id in but for seat in _speaking(meeting)):
        return []
    return [Draft("participant.all_muted", meeting.id, {"but": but})]


def _speaking(meeting: Meeting) -> list[Seat]:
    """Who is in the meeting and may be heard: participants and phones."""
    phones = meeting.read(PhonesHere).rows.values()
    return [*meeting.joined, *(each for each in phones if each.state == "joined")]


def _unmute_all(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let everybody be heard again whom the chair muted, also who has left meanwhile."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    phones = meeting.read(PhonesHere).rows.values()
    if not any(seat.muted for seat in (*meeting.seats.values(), *phones)):
        return []
    return [Draft("participant.all_unmuted", meeting.id, {})]


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
    return _row(meeting, entry.data["participant"]) if meeting is not None else None


def _row(meeting: Meeting, who: str) -> Seat | None:
    """The place of a participant, or of his phone, to change."""
    if who in meeting.read(PhonesHere).rows:
        return meeting.parts.row(PhonesHere, who)
    return meeting.parts.row(Seats, who)


def _put_mute(muted: bool) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        seat = _seat(state, entry)
        if seat is not None:
            seat.muted = muted

    return apply


def _all_muted(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None:
        for who in [
            seat.id for seat in _speaking(meeting) if not seat.muted and seat.id not in entry.data["but"]
        ]:
            if (seat := _row(meeting, who)) is not None:
                seat.muted = True


def _all_unmuted(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None:
        there = (*meeting.seats.values(), *meeting.read(PhonesHere).rows.values())
        for who in [seat.id for seat in there if seat.muted]:
            if (seat := _row(meeting, who)) is not None:
                seat.muted = False


def _removed(state: HubState, entry: Entry) -> None:
    seat = _seat(state, entry)
    if seat is not None:
        seat.state, seat.left_at = "removed", to_wire(entry.at)


RULES = RuleFile(
    "seats",
    part=Seats,
    commands=(
        CommandRule("participant.mute", ParticipantMute, _set_mute(True)),
        CommandRule("participant.unmute", ParticipantMute, _set_mute(False)),
        CommandRule("participant.mute_all", ParticipantMuteAll, _mute_all),
        CommandRule("participant.unmute_all", NoData, _unmute_all),
        CommandRule("participant.remove", ParticipantRemove, _remove),
    ),
    entries=(
        EntryRule(
            "participant.muted", OfParticipant, _put_mute(True), nodes=True, control=Control("静音", "muted")
        ),
        EntryRule(
            "participant.unmuted",
            OfParticipant,
            _put_mute(False),
            nodes=True,
            control=Control("取消静音", "unmuted"),
        ),
        EntryRule(
            "participant.all_muted",
            AllMuted,
            _all_muted,
            nodes=True,
            control=Control("全体静音", "all muted"),
        ),
        EntryRule(
            "participant.all_unmuted",
            Nothing,
            _all_unmuted,
            nodes=True,
            control=Control("解除全体静音", "all unmuted"),
        ),
        EntryRule("participant.removed", ParticipantRemoved, _removed, control=Control("移出", "removed")),
    ),
)
