"""What the entries about the chair do, and who is next to have it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.conference.chair_shapes import (
    Chair,
    ChairBackupNamed,
    ChairChanged,
    ChairCoNamed,
    ChairRequest,
    ChairRequested,
)
from hub.conference.roll_call_state import listen
from hub.directory.permissions import TABLE
from hub.directory.tree import LEVELS
from hub.entry import Entry
from hub.ruling import Control, EntryRule
from hub.seats import Seat
from hub.shapes import OfParticipant, ParticipantRef
from hub.state import HubState, Life, Meeting

#: How long a chair whose desk is away has to come back before another one takes over.
AWAY: Final = timedelta(seconds=15)
#: How long a meeting that was opened waits for a chair who has not come yet.
NEVER_CAME: Final = timedelta(seconds=120)

_HOLDERS: Final = frozenset(TABLE["chair.hold"])
_COMMANDERS: Final = frozenset(TABLE["meeting.control"])


def holds(role: str) -> bool:
    """Whether this role may have the chair at all."""
    return role in _HOLDERS


def ref_of(seat: Seat) -> dict[str, Any]:
    """A participant as entries name him."""
    return {name: getattr(seat, name) for name in ParticipantRef.model_fields}


def commands_here(meeting: Meeting, seat: Seat) -> bool:
    """Whether this participant commands the meeting by right: he is of its center, or of one above.

    Who is in a meeting and of a higher level than its center is of one above it: only those may join uncalled.
    """
    center = meeting.convener
    above = LEVELS.index(seat.level) < LEVELS.index(center.level)
    return seat.role in _COMMANDERS and holds(seat.role) and (seat.center == center.center or above)


def is_there(meeting: Meeting, participant: str) -> bool:
    """Whether this participant is in the meeting, and his desk is not away."""
    seat = meeting.seats.get(participant)
    return seat is not None and seat.state == "joined" and participant not in meeting.read(Chair).away


def successor(meeting: Meeting) -> Seat | None:
    """Who is next: the backup, a co-chair, the convener, who else commands the meeting; leaders first. None for nobody."""
    chair, kept = meeting.chair.id, meeting.read(Chair)
    named = [kept.backup] if kept.backup is not None else []
    for one in (*named, *meeting.co_chairs):
        if one.id != chair and is_there(meeting, one.id):
            return meeting.seats[one.id]
    rightful = [
        seat
        for seat in meeting.joined
        if seat.id != chair and commands_here(meeting, seat) and seat.id not in kept.away
    ]
    return min(rightful, key=lambda seat: _rank(meeting, seat), default=None)


def _rank(meeting: Meeting, seat: Seat) -> tuple[bool, bool, str, str]:
    return seat.id != meeting.convener.id, seat.role != "leader", seat.joined_at, seat.id


def may_succeed(meeting: Meeting, participant: str) -> bool:
    """Whether it matters for the chair that this participant is there: he has it, or may be next."""
    seat = meeting.seats.get(participant)
    if seat is None or seat.state != "joined":
        return False
    backup = meeting.read(Chair).backup
    named = (meeting.chair.id, None if backup is None else backup.id, *(one.id for one in meeting.co_chairs))
    return participant in named or commands_here(meeting, seat)


def passes_at(meeting: Meeting) -> tuple[datetime, Seat] | None:
    """When the chair passes to whom, if nothing changes; None while he is there, or nobody could have it."""
    chair = meeting.chair.id
    if is_there(meeting, chair):
        return None
    next_one = successor(meeting)
    if next_one is None:
        return None
    seat, since = meeting.seats.get(chair), meeting.opened_at
    if seat is not None:
        away = meeting.read(Chair).away.get(chair)
        gone = away if seat.state == "joined" else seat.left_at
        since = since if gone is None else from_wire(gone)
    since = max(since, from_wire(next_one.joined_at))
    return since + (NEVER_CAME if seat is None else AWAY), next_one


def _meeting(state: HubState, entry: Entry) -> Meeting | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting if meeting is not None and meeting.is_open else None


def _ref(data: Any) -> ParticipantRef:
    return ParticipantRef.model_construct(**{name: data[name] for name in ParticipantRef.model_fields})


def _without(meeting: Meeting, participant: str, *, backup: bool = True, co_chair: bool = True) -> None:
    """Take somebody from all that stands around the chair."""
    kept = meeting.read(Chair)
    if any(each.participant.id == participant for each in kept.requests):
        chair = meeting.parts.edit(Chair)
        chair.requests = [each for each in chair.requests if each.participant.id != participant]
    if backup and kept.backup is not None and kept.backup.id == participant:
        meeting.parts.edit(Chair).backup = None
    if co_chair and any(one.id == participant for one in meeting.co_chairs):
        life = meeting.parts.edit(Life)
        life.co_chairs = [one for one in life.co_chairs if one.id != participant]


def _requested(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        asks = ChairRequest(
            participant=_ref(entry.data["participant"]), at=to_wire(entry.at), reason=entry.data["reason"]
        )
        chair = meeting.parts.edit(Chair)
        chair.requests = [*chair.requests, asks]


def _request_over(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        _without(meeting, entry.data["participant"], backup=False, co_chair=False)


def _changed(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is None:
        return
    who = _ref(entry.data["participant"])
    _without(meeting, who.id)
    meeting.parts.edit(Life).chair = who
    listen(meeting)  # in a roll call the chair is heard


def _backup_named(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        who = entry.data["participant"]
        meeting.parts.edit(Chair).backup = None if who is None else _ref(who)


def _co_named(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        life = meeting.parts.edit(Life)
        life.co_chairs = [*life.co_chairs, _ref(entry.data["participant"])]


def _co_dismissed(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        life = meeting.parts.edit(Life)
        life.co_chairs = [one for one in life.co_chairs if one.id != entry.data["participant"]]


def _lost(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        chair = meeting.parts.edit(Chair)
        chair.away = {**chair.away, entry.data["participant"]: to_wire(entry.at)}


def _returned(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        chair = meeting.parts.edit(Chair)
        chair.away = {who: since for who, since in chair.away.items() if who != entry.data["participant"]}


#: What a reason is called in the history of control.
_REASONS: Final = {
    "granted": ("同意申请", "asked for it"),
    "handed_over": ("移交", "handed over"),
    "given_back": ("归还", "given back"),
    "taken": ("收回", "taken"),
    "away": ("原主席掉线", "the chair before was away"),
    "left": ("原主席离会", "the chair before left"),
}

ENTRIES = (
    EntryRule(
        "chair.requested", ChairRequested, _requested, control=Control("申请主席", "asked for the chair")
    ),
    EntryRule(
        "chair.request_withdrawn",
        OfParticipant,
        _request_over,
        control=Control("撤回主席申请", "asked for the chair no more"),
    ),
    EntryRule(
        "chair.refused", OfParticipant, _request_over, control=Control("不同意主席申请", "chair refused")
    ),
    EntryRule(
        "chair.changed",
        ChairChanged,
        _changed,
        nodes=True,
        recall=_changed,  # who led last approves the minutes of a meeting that is over
        control=Control("主席变更", "chair changed", reasons=_REASONS),
    ),
    EntryRule(
        "chair.backup_named",
        ChairBackupNamed,
        _backup_named,
        control=Control("指定备用主席", "backup chair named"),
    ),
    EntryRule("chair.co_named", ChairCoNamed, _co_named, control=Control("指定联席主席", "co-chair named")),
    EntryRule(
        "chair.co_dismissed",
        OfParticipant,
        _co_dismissed,
        control=Control("取消联席主席", "co-chair dismissed"),
    ),
    EntryRule("chair.lost", OfParticipant, _lost, control="none"),
    EntryRule("chair.returned", OfParticipant, _returned, control="none"),
)
