"""Duty (值班): a center's roster, who takes over and hands over with a note, and what is told when nobody comes.

| command | refused with |
|---|---|
| `duty.plan` | `not_found`, `forbidden` (center), `invalid` (times), `conflict` (two shifts of a role at one time) |
| `duty.take` | `forbidden` (role), `conflict` (another turn than `relieves`: somebody took over, or a note waits) |
| `duty.hand_over` | `forbidden` (role), `invalid`, `wrong_state` (nobody took over), `already_done`, `conflict` |
| `duty.advance` (the hub only) | – |

Who is on duty: who took over last and has not handed over; else whose shift it is by the roster; else nobody. The next one
takes over by confirming the turn before, and its note where there is one; he may do so while that one is still on duty, who
then wrote none. A shift (值班员) that nobody has taken over PATIENCE after its beginning is told to its center and those above,
in words; who stays for a shift that is his own too need not take over again. Names of staff stand in the journal as in
`meeting.sign_in`; telephone numbers are refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.directory.permissions import may
from hub.dispatch import duty_state as kept
from hub.dispatch.duty_shapes import (
    DutyHanded,
    DutyHandOver,
    DutyMissed,
    DutyPlan,
    DutyPlanned,
    DutyPlanOver,
    DutyRelieved,
    DutyTake,
    DutyTaken,
    PlannedShift,
)
from hub.dispatch.duty_state import CenterDuty, ShiftKept, duties_of
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Wire
from hub.state import HubState

#: Longest span of one roster, and how far ahead one may end.
LONGEST_SPAN: Final = timedelta(days=8)
FURTHEST: Final = timedelta(days=60)
#: Shortest and longest shift.
SHORTEST_SHIFT: Final = timedelta(minutes=15)
LONGEST_SHIFT: Final = timedelta(hours=48)
#: What the clock brings at once; the others follow at once.
AT_ONCE: Final = 200


def _draft(kind: str, center: str, data: dict[str, Any], context: Context) -> Draft:
    found = context.tree.get(center)
    named = {"center": center, "center_name": found.name if found is not None else center}
    return Draft(kind, None, {**named, **data}, (center_audience(center),))


# -- the roster


def _plan(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DutyPlan.model_validate(command.data)
    own_targets([data.center], "duty.keep", "center", context)
    starts_at, ends_at = from_wire(data.starts_at), from_wire(data.ends_at)
    if not timedelta(0) < ends_at - starts_at <= LONGEST_SPAN:
        raise Refusal("invalid", f"a roster is for up to {LONGEST_SPAN.days} days", "ends_at")
    if not context.now < ends_at <= context.now + FURTHEST:
        raise Refusal("invalid", f"a roster is for the next {FURTHEST.days} days", "ends_at")
    duty = duties_of(state).by_center.get(data.center, CenterDuty())
    stays = [each for each in duty.shifts if not starts_at <= each.starts_at < ends_at]
    for place, shift in enumerate(data.shifts):
        _check(shift, f"shifts.{place}", starts_at, ends_at)
    _no_overlap(data.shifts, stays)
    shifts = [
        each.model_dump(mode="json")
        for each in sorted(data.shifts, key=lambda each: (each.starts_at, each.role))
    ]
    before = [each.to_wire() for each in duty.shifts if each not in stays]
    if before == shifts:
        return []
    planned = {
        "plan": context.new_id("z"),
        "starts_at": data.starts_at,
        "ends_at": data.ends_at,
        "shifts": shifts,
        "by": signature_of(context.account, context.tree),
    }
    return [_draft("duty.planned", data.center, planned, context)]


def _check(shift: PlannedShift, field: str, starts_at: datetime, ends_at: datetime) -> None:
    begins, ends = from_wire(shift.starts_at), from_wire(shift.ends_at)
    if not starts_at <= begins < ends_at:
        raise Refusal("invalid", "this shift begins outside of the roster's span", f"{field}.starts_at")
    if not SHORTEST_SHIFT <= ends - begins <= LONGEST_SHIFT:
        hours = LONGEST_SHIFT // timedelta(hours=1)
        raise Refusal("invalid", f"a shift lasts from 15 minutes to {hours} hours", f"{field}.ends_at")


def _no_overlap(shifts: list[PlannedShift], stays: list[ShiftKept]) -> None:
    """Raises Refusal `conflict` that names the later of two shifts of one role at the same time."""
    for role in ("lead", "watch"):
        spans = [(each.starts_at, each.ends_at, None) for each in stays if each.role == role]
        fresh = [
            (from_wire(each.starts_at), from_wire(each.ends_at), place)
            for place, each in enumerate(shifts)
            if each.role == role
        ]
        together = sorted([*spans, *fresh], key=lambda span: span[:2])
        for (_, end, one), (start, _, other) in pairwise(together):
            if start < end and (one, other) != (None, None):
                place = other if other is not None else one
                raise Refusal("conflict", "two shifts of one role at the same time", f"shifts.{place}")


# -- taking over, handing over


def _require(context: Context) -> str:
    """The asker's center. Raises Refusal `forbidden`."""
    center = context.account.center
    if not may(context.account, "duty.take", context.tree, center):
        raise Refusal("forbidden", "this role is on no duty")
    return center


def _take(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, center = DutyTake.model_validate(command.data), _require(context)
    duty = duties_of(state).by_center.get(center)
    before = duty.turn if duty is not None else None
    if data.relieves != (None if before is None else before.id):
        raise Refusal("conflict", "somebody took over meanwhile, or left a note to be read", "relieves")
    by = signature_of(context.account, context.tree)
    drafts = []
    if before is not None:
        read = before.handed_at is not None
        over = {"turn": before.id, "name": data.name, "read": read, "by": by}
        drafts.append(_draft("duty.relieved", center, over, context))
    begun = {"turn": context.new_id("h"), "name": data.name, "post": data.post, "by": by}
    return [*drafts, _draft("duty.taken", center, begun, context)]


def _hand_over(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, center = DutyHandOver.model_validate(command.data), _require(context)
    duty = duties_of(state).by_center.get(center)
    turn = duty.turn if duty is not None else None
    if turn is None:
        raise Refusal("wrong_state", "nobody has taken over the duty here", "turn")
    if turn.id != data.turn:
        raise Refusal("conflict", "somebody else has taken over meanwhile", "turn")
    if turn.handed_at is not None:
        raise Refusal("already_done", "the duty was handed over", "turn")
    if not data.situation:
        raise Refusal("invalid", "a note tells the situation at least", "situation")
    note = {
        **data.model_dump(mode="json"),
        "name": turn.name,
        "by": signature_of(context.account, context.tree),
    }
    return [_draft("duty.handed", center, note, context)]


# -- what the clock brings


def _advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    duties = duties_of(state)
    drafts = []
    for at, about in duties.agenda[:AT_ONCE]:
        if at > context.now:
            break
        if about in duties.plans:
            over = {"plan": about, "center": duties.plans[about]}
            drafts.append(Draft("duty.plan_over", None, over, (center_audience(over["center"]),)))
            continue
        duty = duties.by_center[about]
        shift = duty.waits()
        if shift is None:  # it is on the agenda because one waits
            continue
        turn = duty.turn
        missed = {
            "plan": shift.plan,
            "starts_at": to_wire(shift.starts_at),
            "ends_at": to_wire(shift.ends_at),
            "name": shift.name,
            "post": shift.post,
            "holder": turn.name if turn is not None and turn.handed_at is None else None,
        }
        drafts.append(_draft("duty.missed", about, missed, context))
    return drafts


def _entry(kind: str, schema: type[Wire], apply: Apply, subject: Subject, *, told: bool = True) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="duty.read",
        document=Document("duty", "center") if told else None,
        everywhere=True,
        subject=subject,
    )


RULES = RuleFile(
    "duty",
    commands=(
        CommandRule("duty.plan", DutyPlan, _plan, meeting="never"),
        CommandRule("duty.take", DutyTake, _take, meeting="never"),
        CommandRule("duty.hand_over", DutyHandOver, _hand_over, meeting="never"),
        CommandRule("duty.advance", NoData, _advance, meeting="never", system=True),
    ),
    entries=(
        _entry("duty.planned", DutyPlanned, kept.planned, kept.PLAN),
        _entry("duty.plan_over", DutyPlanOver, kept.plan_over, kept.PLAN, told=False),
        _entry("duty.taken", DutyTaken, kept.taken, kept.TURN),
        _entry("duty.handed", DutyHanded, kept.handed, kept.TURN),
        _entry("duty.relieved", DutyRelieved, kept.relieved, kept.TURN),
        _entry("duty.missed", DutyMissed, kept.missed, kept.PLAN),
    ),
    hub_due=kept.next_due,
)
