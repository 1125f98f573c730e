"""A meeting's life: it is opened, joined, left and ended.

| command | refused with |
|---|---|
| `meeting.open` | `forbidden` (role, a center above, not cleared), `not_found` (center out of sight), `invalid`, `too_many` |
| `meeting.join` | `not_found`, `meeting_ended`, `removed`, `forbidden` (seen but not called: auditors), `not_admitted` |
| `meeting.leave` | `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `meeting.end` | `not_found`, `meeting_ended`, `forbidden` |

Joining twice and leaving twice change nothing. The meeting stays open when its chair leaves. Who joins a locked meeting waits
to be let in, unless he controls it (`hub/conference/lock.py`).
"""

from __future__ import annotations

import sys

from pydantic import Field

from hub.clock import to_wire
from hub.codes import PackedCodes
from hub.conference.lock_shapes import Lock, Waiting
from hub.conference.opening import Convening, opening, require_convener
from hub.conference.secrecy import require_cleared
from hub.conference.term import Term
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, Secrecy
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, Text
from hub.gates import may_here, own_targets, participant_of, require_here, running_meeting
from hub.ruling import CommandData, CommandRule, Context, Control, EntryRule, NoData, RuleFile
from hub.seats import CamerasHere, Seats, taken_seat
from hub.shapes import MeetingKind, Nothing, OfParticipant, ParticipantRef, Wire
from hub.state import HubState, Life, Meeting

#: The most centers one call names one by one; `subtree` calls any number.
MAX_CENTERS = 4096


class MeetingOpen(CommandData):
    """Convene centers to a meeting; whoever does is its chair."""

    title: Text = Field(min_length=1, max_length=100)
    """What the meeting is about."""
    kind: MeetingKind
    """指挥调度 or 会商研判."""
    centers: list[CenterCode] = Field(default_factory=list, max_length=MAX_CENTERS)
    """Codes of centers to call, each within the caller's own subtree. Repetitions count once."""
    subtree: CenterCode | None = None
    """A center that is called with all centers below it."""
    record: bool = True
    """Whether recording starts with the meeting."""
    drill: bool = False
    """Whether it is a drill (演练): marked as one wherever it is seen, and left out of what is counted."""
    level: Secrecy = NORMAL
    """`secret` 涉密: only accounts that are cleared know of it; who opens it has to be."""


class MeetingOpened(Wire):
    """A meeting was opened."""

    title: str
    kind: MeetingKind
    centers: list[str]
    record: bool
    chair: ParticipantRef
    booking: str | None = None
    """The booking that brought it about, if one did."""
    ends_at: str | None = None
    """When it is planned to end, where that was said."""
    drill: bool = False
    """Whether it is a drill."""
    level: Secrecy = NORMAL
    """Who may know of it, as it was opened."""


class MeetingJoined(Wire):
    """Somebody joined."""

    participant: ParticipantRef
    unit: str | None = None
    """The meeting that he leads and speaks for here, where it joined as a unit."""


class MeetingLeft(OfParticipant):
    """Somebody left."""

    unit: str | None = None
    """The meeting that he spoke for here, where it is a unit no more or another one leads it."""


def _open(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = MeetingOpen.model_validate(command.data)
    account = context.account
    require_convener(state, account, context)
    require_cleared(account, data.level, "level")
    if not data.centers and data.subtree is None:
        raise Refusal("invalid", "name at least one center to call", "centers")
    called = own_targets(list(data.centers), "meeting.open", "centers", context)
    if data.subtree is not None:
        own_targets([data.subtree], "meeting.open", "subtree", context)
        called += [center.code for center in context.tree.subtree(data.subtree)]
    wanted = Convening(data.title, data.kind, called, data.record, drill=data.drill, level=data.level)
    return [opening(wanted, account, context)]


def _join(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Come into a meeting."""
    meeting = running_meeting(state, command, context)
    account = context.account
    seat = meeting.seats.get(account.id)
    if seat is not None and seat.state == "removed":
        raise Refusal("removed", "you were removed from this meeting")
    called = account.center in meeting.centers and may(account, "meeting.join", context.tree, account.center)
    if not called and not may_here(meeting, "meeting.control", context):
        raise Refusal("forbidden", "your center is not called to this meeting")
    if seat is not None and seat.state == "joined":
        return []
    who = {"participant": participant_of(account, context.tree).model_dump(mode="json")}
    if not meeting.read(Lock).locked or may_here(meeting, "meeting.control", context):
        return [Draft("meeting.joined", meeting.id, who)]
    waits = meeting.read(Waiting).rows.get(account.id)
    if waits is not None and waits.state == "refused":
        raise Refusal("not_admitted", "the chair does not let you in", "meeting")
    return [] if waits is not None else [Draft("waiting.came", meeting.id, who)]


def _leave(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Go out of a meeting; one may come back."""
    meeting = running_meeting(state, command, context)
    who = context.account.id
    waits = meeting.read(Waiting).rows.get(who)
    if waits is not None and waits.state == "waiting":
        return [Draft("waiting.gave_up", meeting.id, {"participant": who})]
    seat = meeting.seats.get(who)
    if seat is None:
        raise Refusal("not_joined", "you are not in this meeting")
    if seat.state == "removed":
        raise Refusal("removed", "you were removed from this meeting")
    if seat.state == "left":
        return []
    return [Draft("meeting.left", meeting.id, {"participant": who})]


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    """End a meeting for everybody."""
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.end", context)
    return [Draft("meeting.ended", meeting.id, {})]


def _opened(state: HubState, entry: Entry) -> None:
    if entry.meeting is None:
        return
    data = entry.data
    state.meetings[entry.meeting] = Meeting(
        id=entry.meeting,
        title=data["title"],
        kind=data["kind"],
        # The same texts as in every other meeting: a city's codes are kept once.
        centers=tuple(map(sys.intern, data["centers"])),
        convener=ParticipantRef.model_construct(
            **{name: data["chair"][name] for name in ParticipantRef.model_fields}
        ),
        opened_at=entry.at,
        record=data["record"],
        drill=data.get("drill", False),
    )
    if data.get("ends_at") is not None:
        state.meetings[entry.meeting].parts.edit(Term).ends_at = data["ends_at"]
    if data.get("level", NORMAL) != NORMAL:
        state.meetings[entry.meeting].parts.edit(Life).level = data["level"]


def _joined(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None:
        return
    who = entry.data["participant"]
    meeting.parts.put_row(Seats, who["id"], taken_seat(who, meeting.seats.get(who["id"]), to_wire(entry.at)))


def _left(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    seat = meeting.parts.row(Seats, entry.data["participant"]) if meeting is not None else None
    if seat is not None:
        seat.state, seat.left_at = "left", to_wire(entry.at)


def _ended(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is not None:
        meeting.ended_at = entry.at
        meeting.centers = PackedCodes(meeting.centers)
        for seat in meeting.joined:
            seat.state, seat.left_at = "left", to_wire(entry.at)
        for camera in meeting.read(CamerasHere).rows.values():
            if camera.state == "joined":
                camera.state, camera.left_at = "left", to_wire(entry.at)
        chair, level = meeting.parts.read(Life).chair, meeting.level
        meeting.parts.end(keep=state.keeps_ended)
        life = meeting.parts.edit(Life)
        life.chair = chair  # who led last approves the minutes
        life.level = level
        life.state, life.ended_at = "ended", to_wire(entry.at)


RULES = RuleFile(
    "meeting",
    part=Life,
    commands=(
        CommandRule("meeting.open", MeetingOpen, _open, meeting="never"),
        CommandRule("meeting.join", NoData, _join),
        CommandRule("meeting.leave", NoData, _leave),
        CommandRule("meeting.end", NoData, _end),
    ),
    entries=(
        EntryRule(
            "meeting.opened",
            MeetingOpened,
            _opened,
            calls=True,
            recall=_opened,
            control=Control("召集会议", "meeting convened"),
        ),
        EntryRule("meeting.joined", MeetingJoined, _joined, control="none"),
        EntryRule("meeting.left", MeetingLeft, _left, control="none"),
        EntryRule(
            "meeting.ended",
            Nothing,
            _ended,
            calls=True,
            recall=_ended,
            control=Control("结束会议", "meeting ended"),
        ),
    ),
)
