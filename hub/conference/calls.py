"""Calls: further centers are called into a running meeting, or called again; a center declines.

| command | refused with |
|---|---|
| `meeting.call` | `not_found` (meeting, center), `meeting_ended`, `forbidden`, `invalid` (names nobody) |
| `meeting.decline` | `not_found`, `meeting_ended`, `forbidden` (not called), `removed`, `wrong_state` (in the meeting) |

Centers that are new to the meeting must be the caller's own to call, as when a meeting is opened; whoever is called already
may be called again by who controls the meeting. Whose call began less than ten seconds ago and was not answered is not called
again, nor who is in the meeting, unless it is named (its page may be lost). A center that is named lets those of its people
back in who were removed; calling all who are absent does not. Declining is taken back by joining; the same reason twice
changes nothing.

That a center is off line is no entry: the edge's presence says it. A row is kept only of centers whose call differs from the
opening's, so that a city that comes at once keeps none.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from hub.called import Reach, reached
from hub.clock import from_wire, to_wire
from hub.conference.arrival import Arrival
from hub.conference.meeting import MAX_CENTERS
from hub.directory.permissions import may
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode
from hub.gates import own_targets, require_here, running_meeting, signature_of
from hub.parts import Audience, Keyed, Row
from hub.ruling import CommandData, CommandRule, Context, Control, EntryRule, RuleFile
from hub.seats import Seat, Seats
from hub.shapes import Author, Level, Wire
from hub.state import HubState, Meeting

#: A call that began so lately and was not answered is not begun anew.
JUST_CALLED: Final = timedelta(seconds=10)

DeclineReason = TypeAliasType("DeclineReason", Literal["handling", "unattended", "later", "unable", "other"])


class Declined(Wire):
    """That a center does not come, who said so and why."""

    at: str
    account: str
    name: str
    reason: DeclineReason


class Call(Row):
    """How a center was called, where that is not once and at the opening; and what it answered."""

    called_at: str
    """When it was called last."""
    times: int
    """How often it was called, the opening of the meeting included."""
    declined: Declined | None
    """That it declined its last call."""


class Calls(Keyed[Call]):
    """Calls by center code; a called center without a row was called once, when the meeting was opened."""

    audience: ClassVar[Audience] = "desk"
    own_centers: ClassVar[bool] = True
    lasting: ClassVar[bool] = True


class MeetingCall(CommandData):
    """Call centers into a running meeting: new ones, or again those who are not there."""

    centers: list[CenterCode] = Field(default_factory=list, max_length=MAX_CENTERS)
    """Codes of centers; those that are in the meeting, too."""
    subtree: CenterCode | None = None
    """A center that is called with all below it that are not in the meeting."""
    level: Level | None = None
    """Of the subtree (with none: of one's own) only the centers of this level."""
    absent: bool = False
    """All who are called already and are not in the meeting, again."""


class MeetingDecline(CommandData):
    """Say that one's center does not come."""

    reason: DeclineReason
    """`handling` 正在处置, `unattended` 无人值守, `later` 稍后, `unable` 无法参会, `other` 其他."""


class MeetingCalled(Wire):
    """Centers were called into the running meeting."""

    centers: list[str]
    """Those that were not called before."""
    again: list[str]
    """Those that were."""
    back: list[str]
    """Participants who were removed and may come again."""


class MeetingDeclined(Wire):
    """A center does not come."""

    center: str
    by: Author
    reason: DeclineReason


def _named(data: MeetingCall, meeting: Meeting, context: Context) -> list[str]:
    """The centers that the command names, each one the caller's to call or called already."""
    codes = list(data.centers)
    root = data.subtree or (context.account.center if data.level is not None else None)
    if root is not None:
        own_targets([root], "meeting.open", "subtree", context)
        reach = Reach(center=root, to=data.level or "village", only=data.level is not None)
        codes += reached(reach, context.tree)
    called = set(meeting.centers)
    own_targets([code for code in codes if code not in called], "meeting.open", "centers", context)
    return codes


def _seats_of(meeting: Meeting) -> dict[str, list[Seat]]:
    found: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in meeting.seats.values():
        found[seat.center].append(seat)
    return found


def _rings(meeting: Meeting, code: str, seats: Iterable[Seat], context: Context) -> bool:
    """Whether the center's last call began just now and nobody has answered it."""
    call = meeting.read(Calls).rows.get(code)
    at = meeting.opened_at if call is None else from_wire(call.called_at)
    if context.now - at >= JUST_CALLED or (call is not None and call.declined is not None):
        return False
    return not any(seat.left_at is not None and from_wire(seat.left_at) >= at for seat in seats)


def _call(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    data = MeetingCall.model_validate(command.data)
    if not (data.centers or data.subtree or data.level or data.absent):
        raise Refusal("invalid", "name at least one center to call", "centers")
    named, seats = _named(data, meeting, context), _seats_of(meeting)
    called = set(meeting.centers)
    absent: list[str] = []
    if data.absent:
        absent = [code for code in meeting.centers if not any(s.state == "removed" for s in seats[code])]
    by_name = set(data.centers)
    new, again, back = [], [], []
    for code in dict.fromkeys([*named, *absent]):
        here = seats.get(code, [])
        inside = any(seat.state == "joined" for seat in here)
        if code == meeting.convener.center or (inside and code not in by_name):
            continue
        if code not in called:
            new.append(code)
        elif not _rings(meeting, code, here, context):
            again.append(code)
            back += [seat.id for seat in here if seat.state == "removed"]
    if not new and not again:
        return []
    return [Draft("meeting.called", meeting.id, {"centers": new, "again": again, "back": back})]


def _decline(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = running_meeting(state, command, context)
    account, reason = context.account, MeetingDecline.model_validate(command.data).reason
    seat = meeting.seats.get(account.id)
    if seat is not None and seat.state == "removed":
        raise Refusal("removed", "you were removed from this meeting")
    if seat is not None and seat.state == "joined":
        raise Refusal("wrong_state", "you are in this meeting; leave it")
    if account.center not in meeting.centers or not may(
        account, "meeting.join", context.tree, account.center
    ):
        raise Refusal("forbidden", "your center is not called to this meeting")
    call = meeting.read(Calls).rows.get(account.center)
    before = call.declined if call is not None else None
    if before is not None and before.reason == reason:
        return []
    if any(each.center == account.center for each in meeting.joined):
        return []  # a colleague is there: the center has come
    by = signature_of(account, context.tree)
    return [Draft("meeting.declined", meeting.id, {"center": account.center, "by": by, "reason": reason})]


def _called(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None:
        return
    at, new = to_wire(entry.at), [sys.intern(code) for code in entry.data["centers"]]
    meeting.centers = (*meeting.centers, *new)
    rows = meeting.read(Calls).rows
    for code in (*new, *entry.data["again"]):
        before = rows.get(code)
        times = 0 if code in new else 1 if before is None else before.times
        call = Call.model_construct(called_at=at, times=times + 1, declined=None)
        meeting.parts.put_row(Calls, sys.intern(code), call)
    for participant in entry.data["back"]:
        if (seat := meeting.parts.row(Seats, participant)) is not None:
            seat.state = "left"
    if new and meeting.read(Arrival).full_at is not None:
        arrival = meeting.parts.edit(Arrival)
        arrival.since, arrival.full_at = at, None


def _declined(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None:
        return
    by = entry.data["by"]
    declined = Declined(
        at=to_wire(entry.at), account=by["account"], name=by["name"], reason=entry.data["reason"]
    )
    before = meeting.read(Calls).rows.get(entry.data["center"])
    call = Call.model_construct(
        called_at=before.called_at if before is not None else to_wire(meeting.opened_at),
        times=before.times if before is not None else 1,
        declined=declined,
    )
    meeting.parts.put_row(Calls, sys.intern(entry.data["center"]), call)


RULES = RuleFile(
    "calls",
    part=Calls,
    commands=(
        CommandRule("meeting.call", MeetingCall, _call),
        CommandRule("meeting.decline", MeetingDecline, _decline),
    ),
    entries=(
        EntryRule(
            "meeting.called",
            MeetingCalled,
            _called,
            calls=True,
            calls_named=("centers", "again"),
            # Of a meeting that is over it is still known whom it called.
            recall=_called,
            control=Control("呼叫", "called"),
        ),
        # Its other pages ring no longer.
        EntryRule(
            "meeting.declined",
            MeetingDeclined,
            _declined,
            calls=True,
            calls_named=("center",),
            control="none",
        ),
    ),
)
