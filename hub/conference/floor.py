"""The floor: who asked to speak, and who has been given the word (RFC 8855 names what happens to a request).

| command | refused with |
|---|---|
| `floor.request`, `floor.withdraw`, `floor.release` | `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `floor.grant` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |
| `floor.deny`, `floor.revoke` | `not_found`, `meeting_ended`, `forbidden` |
| `floor.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

One participant has the floor: who gives it to another takes it from him. It may be given to somebody who did not ask. Asking
twice, and giving back or taking back what he has not, change nothing. Who is muted and is given the floor is heard, and muted
again when he has it no more. Who leaves or is removed waits no more and has it no more, by an entry of its own.

Desks see all who wait; a station sees its own place alone, so that a city may ask at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Final, Literal

from pydantic import Field

from hub.clock import from_wire, to_wire
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import ParticipantId
from hub.gates import require_here, require_joined, running_meeting, seat_of
from hub.parts import Audience, Keyed, PartTable, Row
from hub.ruling import CommandData, CommandRule, Context, Control, Due, EntryRule, NoData, RuleFile
from hub.seats import Seats
from hub.shapes import OfParticipant, Wire
from hub.state import HubState, Meeting


class Claim(Row):
    """One who waits for the floor, or has it."""

    state: Literal["waiting", "speaking"]
    place: int
    """Who waits: how many are before him and he himself; 0 for who speaks."""
    at: str
    """When he asked, or was given the floor."""
    until: str | None
    """When his time is up; null while he waits, and for as long as he likes."""
    muted_before: bool = Field(default=False, exclude=True)
    """Whether he is to be muted again afterwards."""


class Floor(Keyed[Claim]):
    """Who waits for the floor and who has it, by participant id."""

    audience: ClassVar[Audience] = "desk"
    own_rows: ClassVar[bool] = True


class FloorGrant(CommandData):
    """Give somebody the floor; whoever has it loses it."""

    participant: ParticipantId
    """Who."""
    seconds: int | None = Field(default=None, ge=5, le=7200)
    """How long from now on; null for as long as he likes."""


class FloorDeny(CommandData):
    """Turn a request for the floor down."""

    participant: ParticipantId
    """Whose."""


class FloorRevoke(CommandData):
    """Take the floor back."""

    participant: ParticipantId
    """Who has it; nothing is taken from anybody else."""


class FloorExpire(CommandData):
    """The time of who has the floor is up."""

    participant: ParticipantId
    """Who."""


class FloorGranted(Wire):
    """Somebody was given the floor, or more time."""

    participant: str
    until: str | None
    """When his time is up; null for as long as he likes."""


class FloorRevoked(Wire):
    """The floor was taken back."""

    participant: str
    reason: Literal["chair", "next", "time", "removed"]
    """`chair`: he was told so; `next`: somebody else was given it; `time`: his time was up; `removed`: he was put out."""


def _speaker(meeting: Meeting) -> str | None:
    claims = meeting.read(Floor).rows
    return next((who for who, claim in claims.items() if claim.state == "speaking"), None)


def _silenced(meeting: Meeting, participant: str) -> list[Draft]:
    """Who was muted before he had the floor is muted again."""
    if not meeting.read(Floor).rows[participant].muted_before or meeting.seats[participant].muted:
        return []
    return [Draft("participant.muted", meeting.id, {"participant": participant})]


def _revoked(meeting: Meeting, participant: str, reason: str) -> Draft:
    return Draft("floor.revoked", meeting.id, {"participant": participant, "reason": reason})


def _taken_back(meeting: Meeting, participant: str, reason: str) -> list[Draft]:
    return [_revoked(meeting, participant, reason), *_silenced(meeting, participant)]


def _given_back(meeting: Meeting, participant: str) -> list[Draft]:
    return [
        Draft("floor.released", meeting.id, {"participant": participant}),
        *_silenced(meeting, participant),
    ]


def _withdrawn(meeting: Meeting, participant: str) -> list[Draft]:
    return [Draft("floor.withdrawn", meeting.id, {"participant": participant})]


def _denied(meeting: Meeting, participant: str) -> list[Draft]:
    return [Draft("floor.denied", meeting.id, {"participant": participant})]


def _own_claim(state: HubState, command: Command, context: Context) -> tuple[Meeting, Claim | None]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    return meeting, meeting.read(Floor).rows.get(context.account.id)


def _request(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Ask for the floor."""
    meeting, claim = _own_claim(state, command, context)
    if claim is not None:
        return []
    return [Draft("floor.requested", meeting.id, {"participant": context.account.id})]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Take back that one asked for the floor."""
    meeting, claim = _own_claim(state, command, context)
    waits = claim is not None and claim.state == "waiting"
    return _withdrawn(meeting, context.account.id) if waits else []


def _release(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Give the floor back."""
    meeting, claim = _own_claim(state, command, context)
    speaks = claim is not None and claim.state == "speaking"
    return _given_back(meeting, context.account.id) if speaks else []


def _grant(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = FloorGrant.model_validate(command.data)
    seat = seat_of(meeting, data.participant)
    if seat.state != "joined":
        raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
    until = None if data.seconds is None else to_wire(context.now + timedelta(seconds=data.seconds))
    speaker = _speaker(meeting)
    drafts: list[Draft] = []
    if speaker == data.participant:
        if until is None and meeting.read(Floor).rows[speaker].until is None and not seat.muted:
            return []
    elif speaker is not None:
        drafts += _taken_back(meeting, speaker, "next")
    drafts.append(Draft("floor.granted", meeting.id, {"participant": data.participant, "until": until}))
    if seat.muted:
        drafts.append(Draft("participant.unmuted", meeting.id, {"participant": data.participant}))
    return drafts


def _deny(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    participant = seat_of(meeting, FloorDeny.model_validate(command.data).participant).id
    claim = meeting.read(Floor).rows.get(participant)
    return _denied(meeting, participant) if claim is not None and claim.state == "waiting" else []


def _revoke(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    participant = seat_of(meeting, FloorRevoke.model_validate(command.data).participant).id
    return _taken_back(meeting, participant, "chair") if _speaker(meeting) == participant else []


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    participant = FloorExpire.model_validate(command.data).participant
    claim = meeting.read(Floor).rows.get(participant)
    if claim is None or claim.until is None:
        return []
    if from_wire(claim.until) > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    return _taken_back(meeting, participant, "time")


def _before_leaving(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who goes takes his request or the floor back before."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    claim = meeting.read(Floor).rows.get(who)
    if claim is None:
        return []
    return _given_back(meeting, who) if claim.state == "speaking" else _withdrawn(meeting, who)


def _before_removal(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who is put out loses the floor before, or hears that he does not get it."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    claim = meeting.read(Floor).rows.get(who)
    if claim is None:
        return []
    return [_revoked(meeting, who, "removed")] if claim.state == "speaking" else _denied(meeting, who)


def _take_out(parts: PartTable, participant: str) -> None:
    """Take a claim out; who waits behind it moves up."""
    claims = parts.read(Floor).rows
    gone = claims.get(participant)
    if gone is None:
        return
    parts.drop_row(Floor, participant)
    if gone.state == "waiting":
        behind = [who for who, claim in claims.items() if claim.place > gone.place]
        for who in behind:
            if (claim := parts.row(Floor, who)) is not None:
                claim.place -= 1


def _parts(state: HubState, entry: Entry) -> PartTable | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting.parts if meeting is not None and meeting.is_open else None


def _asked(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    last = max((claim.place for claim in parts.read(Floor).rows.values()), default=0)
    claim = Claim(state="waiting", place=last + 1, at=to_wire(entry.at), until=None)
    parts.put_row(Floor, entry.data["participant"], claim)


def _given(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is None:
        return
    who = entry.data["participant"]
    before, seat = parts.read(Floor).rows.get(who), parts.read(Seats).rows.get(who)
    goes_on = before is not None and before.state == "speaking"
    claim = Claim(
        state="speaking",
        place=0,
        at=before.at if before is not None and goes_on else to_wire(entry.at),
        until=entry.data["until"],
        muted_before=(seat is not None and seat.muted) or (before is not None and before.muted_before),
    )
    _take_out(parts, who)
    parts.put_row(Floor, who, claim)


def _over(state: HubState, entry: Entry) -> None:
    if (parts := _parts(state, entry)) is not None:
        _take_out(parts, entry.data["participant"])


def _time_is_up(meeting: Meeting) -> Due | None:
    speaker = _speaker(meeting)
    until = None if speaker is None else meeting.read(Floor).rows[speaker].until
    if speaker is None or until is None:
        return None
    return Due(from_wire(until), "floor.expire", meeting.id, speaker, {"participant": speaker})


#: What a reason is called in the history of control.
_REASONS: Final = {
    "chair": ("主席收回", "by the chair"),
    "next": ("给了下一位", "given to the next one"),
    "time": ("时间到", "time was up"),
    "removed": ("已移出", "was removed"),
}

RULES = RuleFile(
    "floor",
    part=Floor,
    commands=(
        CommandRule("floor.request", NoData, _request),
        CommandRule("floor.withdraw", NoData, _withdraw),
        CommandRule("floor.grant", FloorGrant, _grant),
        CommandRule("floor.deny", FloorDeny, _deny),
        CommandRule("floor.release", NoData, _release),
        CommandRule("floor.revoke", FloorRevoke, _revoke),
        CommandRule("floor.expire", FloorExpire, _expire, system=True),
    ),
    entries=(
        EntryRule("floor.requested", OfParticipant, _asked),
        EntryRule("floor.withdrawn", OfParticipant, _over),
        EntryRule("floor.granted", FloorGranted, _given, control=Control("允许发言", "floor granted")),
        EntryRule("floor.denied", OfParticipant, _over, control=Control("不允许发言", "floor denied")),
        EntryRule("floor.released", OfParticipant, _over),
        EntryRule(
            "floor.revoked",
            FloorRevoked,
            _over,
            control=Control("收回发言", "floor revoked", reasons=_REASONS),
        ),
    ),
    precedes={"meeting.left": _before_leaving, "participant.removed": _before_removal},
    due=_time_is_up,
)
