"""The floor: who asked to speak, and who has been given the word (RFC 8855 names what happens to a request).

| command | refused with |
|---|---|
| `floor.request`, `floor.withdraw`, `floor.release` | `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `floor.grant` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (not joined now) |
| `floor.deny`, `floor.revoke` | `not_found`, `meeting_ended`, `forbidden` |
| `floor.move` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (he does not wait) |
| `floor.set` | `not_found`, `meeting_ended`, `forbidden` |
| `floor.expire` (the hub only) | `not_found`, `meeting_ended`, `wrong_state` (time is not up) |

One participant has the floor: who gives it to another takes it from him. It may be given to somebody who did not ask. Asking
twice, unless to say what about, and giving back or taking back what he has not, change nothing. Who is muted and is given the
floor is heard, and muted again when he has it no more. Who leaves or is removed waits no more and has it no more, by an entry
of its own. People wait in the order in which they asked, or by the level of their centers; the chair moves them by hand. When
the time is up the floor is taken back, as the meeting has it with muting him, or he keeps it and is said to be over his time.
A meeting may have it so that who is given the floor stands on the stage for as long as he has it. While the meeting is paused
nobody's time passes.

Desks see all who wait; a station sees its own place alone, so that a city may ask at once.
"""

from __future__ import annotations

from datetime import timedelta

from hub.clock import from_wire, to_wire
from hub.conference.floor_shapes import (
    Claim,
    Floor,
    FloorDeny,
    FloorExpire,
    FloorGrant,
    FloorMove,
    FloorRequest,
    FloorRevoke,
    FloorSet,
    FloorSettings,
)
from hub.conference.floor_state import ENTRIES, rank_of, waiting
from hub.conference.stage import Stage, broadcasting, is_free
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, require_joined, running_meeting, seat_of
from hub.ruling import CommandRule, Context, Due, NoData, RuleFile
from hub.state import HubState, Meeting


def _speaker(meeting: Meeting) -> str | None:
    claims = meeting.read(Floor).rows
    return next((who for who, claim in claims.items() if claim.state == "speaking"), None)


def _waits(claim: Claim | None) -> bool:
    return claim is not None and claim.state == "waiting"


def _silenced(meeting: Meeting, participant: str, *, always: bool = False) -> list[Draft]:
    """Who was muted before he had the floor is muted again."""
    muted_before = meeting.read(Floor).rows[participant].muted_before
    if not (always or muted_before) or meeting.seats[participant].muted:
        return []
    return [Draft("participant.muted", meeting.id, {"participant": participant})]


def _off_stage(meeting: Meeting, participant: str) -> list[Draft]:
    """Who was put on the stage with the floor leaves it."""
    on_stage = meeting.read(Stage).broadcast == participant
    if not (on_stage and meeting.read(Floor).rows[participant].shown):
        return []
    return broadcasting(meeting, None) if is_free(meeting) else []


def _revoked(meeting: Meeting, participant: str, reason: str) -> Draft:
    return Draft("floor.revoked", meeting.id, {"participant": participant, "reason": reason})


def _taken_back(meeting: Meeting, participant: str, reason: str, *, mutes: bool = False) -> list[Draft]:
    return [_revoked(meeting, participant, reason), *_silenced(meeting, participant, always=mutes)]


def _given_back(meeting: Meeting, participant: str) -> list[Draft]:
    return [
        Draft("floor.released", meeting.id, {"participant": participant}),
        *_silenced(meeting, participant),
    ]


def _withdrawn(meeting: Meeting, participant: str) -> list[Draft]:
    return [Draft("floor.withdrawn", meeting.id, {"participant": participant})]


def _denied(meeting: Meeting, participant: str, reason: str = "") -> list[Draft]:
    return [Draft("floor.denied", meeting.id, {"participant": participant, "reason": reason})]


def _own_claim(state: HubState, command: Command, context: Context) -> tuple[Meeting, Claim | None]:
    meeting = running_meeting(state, command, context)
    require_joined(meeting, context)
    return meeting, meeting.read(Floor).rows.get(context.account.id)


def _place_of(meeting: Meeting, participant: str) -> int | None:
    """Where somebody who asks now comes to wait; None for the last place."""
    if meeting.read(FloorSettings).order == "asked":
        return None
    rank = rank_of(meeting.parts, participant)
    lower = [at for at, who in enumerate(waiting(meeting.parts), 1) if rank_of(meeting.parts, who) > rank]
    return lower[0] if lower else None


def _request(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, claim = _own_claim(state, command, context)
    reason, me = FloorRequest.model_validate(command.data).reason, context.account.id
    if claim is not None and claim.state != "denied":
        if claim.state == "speaking" or reason in ("", claim.reason):
            return []
        place: int | None = claim.place  # who says what about keeps his place
    else:
        place = _place_of(meeting, me)
    asked = {"participant": me, "reason": reason, "place": place}
    return [Draft("floor.requested", meeting.id, asked)]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Take back that one asked for the floor."""
    meeting, claim = _own_claim(state, command, context)
    return _withdrawn(meeting, context.account.id) if _waits(claim) else []


def _release(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Give the floor back."""
    meeting, claim = _own_claim(state, command, context)
    me = context.account.id
    speaks = claim is not None and claim.state == "speaking"
    return [*_given_back(meeting, me), *_off_stage(meeting, me)] if speaks else []


def _grant(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = FloorGrant.model_validate(command.data)
    shows = meeting.read(FloorSettings).shows and is_free(meeting, context.account.id)
    seat = seat_of(meeting, data.participant)
    if seat.state != "joined":
        raise Refusal("wrong_state", "this participant is not in the meeting now", "participant")
    until = None if data.seconds is None else to_wire(context.now + timedelta(seconds=data.seconds))
    speaker = _speaker(meeting)
    drafts: list[Draft] = []
    if speaker == data.participant:
        claim = meeting.read(Floor).rows[speaker]
        if until is None and claim.until is None and claim.left_ms is None and not seat.muted:
            return []
    elif speaker is not None:
        drafts += _taken_back(meeting, speaker, "next")
        drafts += [] if shows else _off_stage(meeting, speaker)
    shows = shows and speaker != data.participant
    granted = {"participant": data.participant, "until": until, "shows": shows}
    drafts.append(Draft("floor.granted", meeting.id, granted))
    if seat.muted:
        drafts.append(Draft("participant.unmuted", meeting.id, {"participant": data.participant}))
    return [*drafts, *broadcasting(meeting, data.participant)] if shows else drafts


def _deny(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = FloorDeny.model_validate(command.data)
    participant = seat_of(meeting, data.participant).id
    waits = _waits(meeting.read(Floor).rows.get(participant))
    return _denied(meeting, participant, data.reason) if waits else []


def _move(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = FloorMove.model_validate(command.data)
    claim = meeting.read(Floor).rows.get(seat_of(meeting, data.participant).id)
    if claim is None or claim.state != "waiting":
        raise Refusal("wrong_state", "this participant does not wait for the floor", "participant")
    place = min(data.place, len(waiting(meeting.parts)))
    if claim.place == place:
        return []
    return [Draft("floor.moved", meeting.id, {"participant": data.participant, "place": place})]


def _set(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    wanted = FloorSet.model_validate(command.data).model_dump()
    if meeting.read(FloorSettings).model_dump() == wanted:
        return []
    return [Draft("floor.changed", meeting.id, wanted)]


def _revoke(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    participant = seat_of(meeting, FloorRevoke.model_validate(command.data).participant).id
    if _speaker(meeting) != participant:
        return []
    return [*_taken_back(meeting, participant, "chair"), *_off_stage(meeting, participant)]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    participant = FloorExpire.model_validate(command.data).participant
    claim, at_end = meeting.read(Floor).rows.get(participant), meeting.read(FloorSettings).at_end
    if claim is None or claim.until is None or claim.over:
        return []
    if from_wire(claim.until) > context.now:
        raise Refusal("wrong_state", "the time is not up yet")
    if at_end == "stays":
        return [Draft("floor.overran", meeting.id, {"participant": participant})]
    ended = _taken_back(meeting, participant, "time", mutes=at_end == "mutes")
    return [*ended, *_off_stage(meeting, participant)]


def _before_leaving(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who goes takes his request or the floor back before."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    claim = meeting.read(Floor).rows.get(who)
    if claim is None or claim.state == "denied":
        return []
    return _given_back(meeting, who) if claim.state == "speaking" else _withdrawn(meeting, who)


def _before_removal(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who is put out loses the floor before, or hears that he does not get it."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    claim = meeting.read(Floor).rows.get(who)
    if claim is None or claim.state == "denied":
        return []
    return [_revoked(meeting, who, "removed")] if claim.state == "speaking" else _denied(meeting, who)


def _with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The meeting is paused: nobody is heard, so nobody's time passes."""
    meeting = state.meetings[draft.meeting or ""]
    speaker = _speaker(meeting)
    claim = None if speaker is None else meeting.read(Floor).rows[speaker]
    if claim is None or claim.until is None or claim.over:
        return []
    return [Draft("floor.held", meeting.id, {"participant": speaker})]


def _on_with_the_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The meeting goes on: who has the floor has what was left of his time, who was given it meanwhile all of it."""
    meeting = state.meetings[draft.meeting or ""]
    speaker = _speaker(meeting)
    claim = None if speaker is None else meeting.read(Floor).rows[speaker]
    if claim is None or claim.left_ms is None:
        return []
    until = to_wire(context.now + timedelta(milliseconds=claim.left_ms))
    return [Draft("floor.went_on", meeting.id, {"participant": speaker, "until": until})]


def _time_is_up(meeting: Meeting) -> Due | None:
    speaker = _speaker(meeting)
    claim = None if speaker is None else meeting.read(Floor).rows[speaker]
    if speaker is None or claim is None or claim.until is None or claim.over:
        return None
    return Due(from_wire(claim.until), "floor.expire", meeting.id, speaker, {"participant": speaker})


RULES = RuleFile(
    "floor",
    part=Floor,
    commands=(
        CommandRule("floor.request", FloorRequest, _request),
        CommandRule("floor.withdraw", NoData, _withdraw),
        CommandRule("floor.grant", FloorGrant, _grant),
        CommandRule("floor.deny", FloorDeny, _deny),
        CommandRule("floor.release", NoData, _release),
        CommandRule("floor.revoke", FloorRevoke, _revoke),
        CommandRule("floor.move", FloorMove, _move),
        CommandRule("floor.set", FloorSet, _set),
        CommandRule("floor.expire", FloorExpire, _expire, system=True),
    ),
    entries=ENTRIES,
    precedes={"meeting.left": _before_leaving, "participant.removed": _before_removal},
    follows={"meeting.paused": _with_the_meeting, "meeting.resumed": _on_with_the_meeting},
    due=_time_is_up,
)
#: How it is given is a part of its own: rows go to those they are about, this to all.
SETTINGS = RuleFile("floor_settings", part=FloorSettings)
