"""Bookings: a meeting with a date, approved where the center requires it, told of beforehand, opened when its time has come.

| command | refused with |
|---|---|
| `booking.make` | `forbidden` (role, center above, chair or backup who may not), `not_found` (center, chair), `invalid` |
| … | also `too_many`, `conflict` (the chair leads another meeting then, and it was not confirmed) |
| `booking.change` | `not_found`, `forbidden`, `invalid`, `conflict` as `make`; `wrong_state` (it runs), `already_done` |
| `booking.approve`, `reject` | `not_found`, `forbidden`, `wrong_state` (nothing to approve), `already_done` (it is over) |
| `booking.cancel` | `not_found`, `forbidden`, `wrong_state` (it runs), `already_done` |
| `booking.open` | `not_found`, `forbidden`, `wrong_state` (not approved, or it runs), `already_done` |
| `booking.require_approval` | `not_found`, `forbidden` |

Its center is that of who booked. Whoever may book for that center changes, cancels and opens it; so do who booked and who
leads it. Those called hear of it once it is approved; of a secret one only who is cleared, whoever he is. A change by somebody
who may not approve needs approval again where the center requires it. What nobody approved, opened or came to is missed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.called import called_codes, first_names
from hub.clock import from_wire, to_wire
from hub.conference import booking_state as kept
from hub.conference.booking_clock import (
    advance,
    convened,
    hidden,
    may_stand_by,
    with_its_level,
    with_its_meeting,
)
from hub.conference.booking_conflicts import conflicts
from hub.conference.booking_shapes import (
    ApprovalRequired,
    BookingApprove,
    BookingApproved,
    BookingCalledOff,
    BookingCancel,
    BookingChange,
    BookingChanged,
    BookingFields,
    BookingHeld,
    BookingHidden,
    BookingMade,
    BookingMake,
    BookingMissed,
    BookingNoticed,
    BookingOpen,
    BookingOpened,
    BookingRefused,
    BookingReject,
    BookingRequireApproval,
)
from hub.conference.booking_state import Booked, bookings_of
from hub.conference.opening import callable_centers
from hub.conference.secrecy import require_cleared
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, may_see_level
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.people import Accounts
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, NoData, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Bookings of one account that have not come to their end.
MAX_OPEN: Final = 256
#: How far ahead a meeting is booked.
FURTHEST: Final = timedelta(days=400)


def _make(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingMake.model_validate(command.data)
    account = context.account
    if not may(account, "booking.make", context.tree, account.center):
        raise Refusal("forbidden", "this role books no meetings")
    if sum(booked.by == account.id for booked in bookings_of(state).by_id.values()) >= MAX_OPEN:
        raise Refusal("too_many", f"{MAX_OPEN} meetings that you booked are to come; cancel some")
    signature = signature_of(account, context.tree)
    fields, announced = _checked(state, data, account, context, None)
    made = {
        "booking": context.new_id("b"),
        **fields,
        "template": data.template,
        "state": "approved" if announced else "proposed",
        "by": signature,
        "line": [center.code for center in context.tree.path(account.center)],
    }
    return [Draft("booking.made", None, made, _audience(made, announced))]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingChange.model_validate(command.data)
    booked = _mine(state, data.booking, context)
    if booked.state == "opened":
        raise Refusal("wrong_state", "the meeting runs", "booking")
    fields, free = _checked(state, data, context.account, context, booked)
    made = {
        "booking": booked.id,
        **fields,
        "template": None,
        "state": "approved" if free else "proposed",
        "by": booked.author,
        "line": [center.code for center in context.tree.path(booked.center)] or [booked.center],
        "changed_by": signature_of(context.account, context.tree),
    }
    announced = free or booked.announced
    if booked.level != made["level"] == NORMAL and not may(
        context.account, "secrecy.lower", context.tree, booked.center
    ):
        raise Refusal(
            "forbidden", "a leader of its center or above makes a secret booking a normal one", "level"
        )
    drafts = [Draft("booking.changed", None, made, _audience(made, announced))]
    if booked.level == NORMAL != made["level"]:
        drafts.append(hidden(booked))
    dropped = [code for code in booked.centers if code not in set(made["centers"])]
    if booked.announced and dropped:
        words = tuple(center_audience(code) for code in dropped)
        drafts.append(Draft("booking.called_off", None, {"booking": booked.id, "centers": dropped}, words))
    return drafts


def _checked(
    state: HubState, data: BookingFields, account: Account, context: Context, booked: Booked | None
) -> tuple[dict[str, Any], bool]:
    """What both commands write, and whether it needs nobody's approval."""
    starts_at = from_wire(data.starts_at)
    if not context.now < starts_at <= context.now + FURTHEST:
        raise Refusal("invalid", f"a meeting is booked for the next {FURTHEST.days} days", "starts_at")
    require_cleared(account, data.level, "level")
    centers = called_codes(list(data.centers), list(data.reaches), "booking.make", context)
    chair = _chair(state, data.chair, centers, account, context)
    require_cleared(chair, data.level, "chair")
    backup = _backup(state, data.backup, chair, centers, data.level, context)
    clash = conflicts(
        state,
        starts_at=starts_at,
        minutes=data.minutes,
        centers=(),
        chair=chair.id,
        chair_center=chair.center,
        now=context.now,
        but=None if booked is None else booked.id,
    )
    if any(may_see_level(account, each.level) for each in clash) and not data.confirmed:
        raise Refusal("conflict", "the chair leads another meeting then", "chair")
    center = account.center if booked is None else booked.center
    needed = center in bookings_of(state).approval
    free = not needed or may(account, "booking.approve", context.tree, center)
    fields = {
        **data.model_dump(
            include={
                *(
                    "title",
                    "kind",
                    "minutes",
                    "record",
                    "drill",
                    "level",
                    "notice_minutes",
                    "by_itself",
                    "note",
                )
            }
        ),
        "starts_at": to_wire(starts_at),
        "centers": centers,
        "names": first_names(centers, context),
        "chair": signature_of(chair, context.tree),
        "backup": None if backup is None else signature_of(backup, context.tree),
    }
    return fields, free


def _chair(
    state: HubState, wanted: str | None, centers: list[str], account: Account, context: Context
) -> Account:
    """Who is to lead. Raises Refusal `not_found` for nobody in sight, `forbidden` for one who may not call these centers."""
    if wanted is None or wanted == account.id:
        return account
    chair = state.parts.read(Accounts).by_id.get(wanted)
    if chair is None or not may(account, "booking.make", context.tree, chair.center):
        raise Refusal("not_found", "there is no such account", "chair")
    if len(callable_centers(chair, centers, context)) < len(centers):
        raise Refusal("forbidden", "this chair may not call all of these centers", "chair")
    return chair


def _backup(
    state: HubState, wanted: str | None, chair: Account, centers: list[str], level: str, context: Context
) -> Account | None:
    """Who is to take over when the chair drops. Raises Refusal `not_found` for nobody in sight, `forbidden` for one who may not
    come or leads no meeting, `invalid` for the chair himself."""
    if wanted is None:
        return None
    if wanted == chair.id:
        raise Refusal("invalid", "the chair does not stand by for himself", "backup")
    # who books is in his own sight
    known = context.account if wanted == context.account.id else state.parts.read(Accounts).by_id.get(wanted)
    if known is None or not may(context.account, "booking.make", context.tree, known.center):
        raise Refusal("not_found", "there is no such account", "backup")
    if not may_stand_by(known, chair, centers, level, context.tree):
        raise Refusal("forbidden", "this person may not come to this meeting, or leads none", "backup")
    return known


def _audience(made: dict[str, Any], announced: bool) -> tuple[str, ...]:
    called = made["centers"] if announced else ()
    return kept.addressed(made["by"]["center"], made["chair"]["center"], called, made["level"])


def _seen(state: HubState, booking: str, context: Context) -> Booked:
    """A booking that has not come to its end. Raises Refusal `not_found`, `already_done`."""
    bookings, account, tree = bookings_of(state), context.account, context.tree
    booked = bookings.by_id.get(booking)
    if booked is None:
        center = bookings.over.get(booking)
        known = booking not in bookings.secret or account.cleared
        if center is not None and known and may(account, "booking.read", tree, center):
            raise Refusal("already_done", "this booking is over", "booking")
        raise Refusal("not_found", "there is no such booking", "booking")
    if not may_see_level(account, booked.level):
        raise Refusal("not_found", "there is no such booking", "booking")
    if account.id in (booked.by, booked.chair) or any(
        may(account, "booking.read", tree, code) for code in (booked.center, booked.chair_center)
    ):
        return booked
    if booked.announced and any(may(account, "booking.read", tree, code) for code in booked.centers):
        return booked
    raise Refusal("not_found", "there is no such booking", "booking")


def _mine(state: HubState, booking: str, context: Context) -> Booked:
    """A booking that the asker may change. Raises Refusal as `_seen`, and `forbidden`."""
    booked = _seen(state, booking, context)
    account = context.account
    books = may(account, "booking.make", context.tree, account.center)
    if books and (
        account.id in (booked.by, booked.chair) or may(account, "booking.make", context.tree, booked.center)
    ):
        return booked
    raise Refusal("forbidden", "this booking is not yours to change", "booking")


def _to_decide(state: HubState, booking: str, context: Context) -> Booked:
    booked = _seen(state, booking, context)
    if not may(context.account, "booking.approve", context.tree, booked.center):
        raise Refusal("forbidden", "this booking is not yours to decide on", "booking")
    if booked.state != "proposed":
        raise Refusal("wrong_state", "this booking waits for no approval", "booking")
    return booked


def _approve(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingApprove.model_validate(command.data)
    booked = _to_decide(state, data.booking, context)
    by = signature_of(context.account, context.tree)
    return [Draft("booking.approved", None, {"booking": booked.id, "by": by}, kept.readers(booked))]


def _reject(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingReject.model_validate(command.data)
    booked = _to_decide(state, data.booking, context)
    return [_refused("booking.rejected", booked, data.reason, context)]


def _cancel(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingCancel.model_validate(command.data)
    booked = _mine(state, data.booking, context)
    if booked.state == "opened":
        raise Refusal("wrong_state", "the meeting runs", "booking")
    return [_refused("booking.cancelled", booked, data.reason, context)]


def _refused(kind: str, booked: Booked, reason: str, context: Context) -> Draft:
    data = {"booking": booked.id, "by": signature_of(context.account, context.tree), "reason": reason}
    return Draft(kind, None, data, kept.readers(booked, booked.announced))


def _open(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingOpen.model_validate(command.data)
    booked = _mine(state, data.booking, context)
    if booked.state not in ("approved", "noticed"):
        raise Refusal("wrong_state", "it is not approved yet, or runs already", "booking")
    drafts = convened(state, booked, context)
    if drafts[0].kind == "booking.missed":
        raise Refusal("forbidden", "neither its chair nor who booked may call these centers", "booking")
    return drafts


def _require_approval(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = BookingRequireApproval.model_validate(command.data)
    if not may(context.account, "booking.approve", context.tree, data.center):
        if data.center in context.tree and may(context.account, "center.read", context.tree, data.center):
            raise Refusal("forbidden", "this is for a leader of that center to set", "center")
        raise Refusal("not_found", "there is no such center", "center")
    if (data.center in bookings_of(state).approval) == data.required:
        return []
    by = signature_of(context.account, context.tree)
    setting = {"center": data.center, "required": data.required, "by": by}
    return [Draft("booking.approval_required", None, setting, (center_audience(data.center),))]


def _entry(
    kind: str, schema: type[Wire], apply: Apply | None, recall: Apply | None = None, *, gone: bool = False
) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="booking.read",
        document=Document("booking", "booking", gone=gone),
        everywhere=True,
        subject=kept.BOOKING,
        recall=recall,
    )


RULES = RuleFile(
    "bookings",
    commands=(
        CommandRule("booking.make", BookingMake, _make, meeting="never"),
        CommandRule("booking.change", BookingChange, _change, meeting="never"),
        CommandRule("booking.approve", BookingApprove, _approve, meeting="never"),
        CommandRule("booking.reject", BookingReject, _reject, meeting="never"),
        CommandRule("booking.cancel", BookingCancel, _cancel, meeting="never"),
        CommandRule("booking.open", BookingOpen, _open, meeting="never"),
        CommandRule("booking.require_approval", BookingRequireApproval, _require_approval, meeting="never"),
        CommandRule("booking.advance", NoData, advance, meeting="never", system=True),
    ),
    entries=(
        _entry("booking.made", BookingMade, kept.made, recall=kept.recalled),
        _entry("booking.changed", BookingChanged, kept.made, recall=kept.recalled),
        _entry("booking.hidden", BookingHidden, kept.stepped(kept.hide), kept.recalled_hidden, gone=True),
        _entry("booking.called_off", BookingCalledOff, None, gone=True),
        _entry("booking.approved", BookingApproved, kept.stepped(kept.approve)),
        _entry("booking.rejected", BookingRefused, kept.ended),
        _entry("booking.cancelled", BookingRefused, kept.ended),
        _entry("booking.noticed", BookingNoticed, kept.stepped(kept.notice)),
        _entry("booking.opened", BookingOpened, kept.stepped(kept.become)),
        _entry("booking.held", BookingHeld, kept.ended),
        _entry("booking.missed", BookingMissed, kept.ended),
        EntryRule(
            "booking.approval_required",
            ApprovalRequired,
            kept.required,
            reads="booking.read",
            subject=kept.APPROVAL,
        ),
    ),
    follows={"meeting.ended": with_its_meeting, "secrecy.raised": with_its_level},
    hub_due=kept.next_due,
)
