"""What becomes of a booking when its time comes: it is told of, opened, held, or missed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from hub.clock import to_wire
from hub.conference import booking_state as kept
from hub.conference.booking_state import Booked, bookings_of
from hub.conference.chair_state import holds
from hub.conference.opening import Convening, callable_centers, opening
from hub.directory.accounts import Account
from hub.directory.permissions import sees_meeting
from hub.directory.secrecy import SECRET, may_see_level
from hub.directory.tree import CenterTree
from hub.entry import Command, Draft
from hub.gates import participant_of
from hub.people import Accounts
from hub.ruling import Context
from hub.state import HubState

#: Bookings that the clock takes on at once; the others follow at once.
AT_ONCE: Final = 64


def convened(state: HubState, booked: Booked, context: Context) -> list[Draft]:
    """The meeting that it was booked for; led by who booked it where its chair cannot any more."""
    people = state.parts.read(Accounts).by_id
    for id in (booked.chair, booked.by):
        chair = context.account if id == context.account.id else people.get(id)
        centers = callable_centers(chair, booked.centers, context)
        if chair is not None and centers and may_see_level(chair, booked.level):
            # Opened so late that its end has passed, it lasts as long as it was booked for.
            minutes = timedelta(minutes=booked.minutes)
            ends_at = to_wire(booked.ends_at if booked.ends_at > context.now else context.now + minutes)
            wanted = Convening(
                *(booked.title, booked.kind, centers, booked.record, booked.id, ends_at),
                drill=booked.drill,
                level=booked.level,
            )
            opened = opening(wanted, chair, context)
            became = {"booking": booked.id, "opened": opened.meeting}
            became_one = Draft("booking.opened", None, became, kept.readers(booked))
            backup = (
                context.account if context.account.id == booked.backup else people.get(booked.backup or "")
            )
            if backup is None or not may_stand_by(backup, chair, centers, booked.level, context.tree):
                return [opened, became_one]
            stands_by = {"participant": participant_of(backup, context.tree).model_dump(mode="json")}
            return [opened, Draft("chair.backup_named", opened.meeting, stands_by), became_one]
    return [_missed(booked, "nobody_to_call")]


def may_stand_by(
    account: Account, chair: Account, centers: Collection[str], level: str, tree: CenterTree
) -> bool:
    """Whether the account can take over from this chair: it leads meetings, and may come to one with these centers."""
    if account.id == chair.id or account.disabled or account.center not in tree or not holds(account.role):
        return False
    return sees_meeting(account, tree, chair.center, {chair.center, *centers}, level=level)


def _missed(booked: Booked, reason: str) -> Draft:
    data = {"booking": booked.id, "reason": reason}
    return Draft("booking.missed", None, data, kept.readers(booked, booked.announced))


def advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    """All that has come due: notices, openings, and what is missed."""
    bookings, now = bookings_of(state), context.now
    drafts: list[Draft] = []
    for at, id in bookings.upcoming[:AT_ONCE]:
        if at > now:
            break
        drafts += _come(state, bookings.by_id[id], context)
    for id in bookings.meetings.values():
        booked = bookings.by_id[id]
        if booked.next_at <= now and kept.waits_in_vain(state, booked):
            drafts.append(Draft("meeting.ended", booked.meeting, {}))
    return drafts


def _come(state: HubState, booked: Booked, context: Context) -> list[Draft]:
    now = context.now
    if booked.state == "proposed":
        return [_missed(booked, "not_approved")]
    if now < booked.starts_at:
        return [Draft("booking.noticed", None, {"booking": booked.id}, kept.readers(booked))]
    if not booked.by_itself and now < booked.starts_at + kept.GRACE:
        # Its notice comes late, by a hub that did not run: it stands open to its chair all the same.
        return [Draft("booking.noticed", None, {"booking": booked.id}, kept.readers(booked))]
    if not booked.by_itself:
        return [_missed(booked, "not_opened")]
    if now > booked.starts_at + kept.GRACE:
        return [_missed(booked, "late")]
    return convened(state, booked, context)


def hidden(booked: Booked) -> Draft:
    """It is made secret: for who has heard of it and is not cleared."""
    return Draft("booking.hidden", None, {"booking": booked.id}, kept.readers(booked, booked.announced))


def with_its_level(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who may not know of its meeting any more knows nothing of the booking either."""
    bookings = bookings_of(state)
    booked = bookings.by_id.get(bookings.meetings.get(draft.meeting or "", ""))
    return [] if booked is None or booked.level == SECRET else [hidden(booked)]


def with_its_meeting(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The end of its meeting is the end of a booking: held, or missed when nobody ever came."""
    bookings = bookings_of(state)
    booked = bookings.by_id.get(bookings.meetings.get(draft.meeting or "", ""))
    if booked is None:
        return []
    if kept.waits_in_vain(state, booked):
        return [_missed(booked, "nobody_came")]
    return [Draft("booking.held", None, {"booking": booked.id}, kept.readers(booked))]
