"""Duty, as rules keep it: what entries do to it, who is on duty at a moment, and what the clock brings next."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from hub.clock import from_wire, to_wire
from hub.entry import Entry
from hub.parts import Part
from hub.ruling import Due, Subject
from hub.state import HubState

#: How long after its beginning a shift that nobody took over is told.
PATIENCE: Final = timedelta(minutes=15)
#: So long before its beginning a shift is taken over at the earliest.
EARLY: Final = timedelta(hours=2)
#: How long a roster that is past is kept at hand: for the week before to be copied.
KEPT: Final = timedelta(days=8)
#: Shifts of so long from now on are told with who is on duty, so that a page knows the next one without asking.
AHEAD: Final = timedelta(hours=36)

DutyStanding = Literal["taken", "roster", "nobody"]


@dataclass(frozen=True, slots=True)
class ShiftKept:
    """A planned shift."""

    starts_at: datetime
    ends_at: datetime
    role: str
    name: str
    post: str
    #: The roster that it came with, and when that was put.
    plan: str
    planned_at: datetime

    def to_wire(self) -> dict[str, str]:
        """As pages see it."""
        return {
            "role": self.role,
            "starts_at": to_wire(self.starts_at),
            "ends_at": to_wire(self.ends_at),
            "name": self.name,
            "post": self.post,
        }


@dataclass(slots=True)
class Turn:
    """Somebody's time on duty: from taking over until the next one takes over."""

    id: str
    name: str
    post: str
    since: datetime
    handed_at: datetime | None = None

    def covers(self, shift: ShiftKept) -> bool:
        """Whether nobody else need take over this shift: he did for it, or it is his own and he had the one before."""
        if self.since >= shift.starts_at - EARLY:
            return True
        stayed = self.handed_at is None or self.handed_at > shift.starts_at
        return stayed and self.name == shift.name


@dataclass(slots=True)
class CenterDuty:
    """The duty of one center."""

    #: By their beginning, then by role.
    shifts: list[ShiftKept] = field(default_factory=list)
    turn: Turn | None = None
    #: Rosters that are kept at hand -> when each is needed no more.
    plans: dict[str, datetime] = field(default_factory=dict)
    #: By roster, the beginning of the last shift that was told to be missed; it and those before are asked for no more.
    missed: dict[str, datetime] = field(default_factory=dict)
    #: The shift that waits to be taken over, and when it is told that nobody did.
    next_at: datetime | None = None

    def waits(self) -> ShiftKept | None:
        """The earliest shift that nobody has taken over and that was not told yet, begun or to come."""
        told = max(self.missed.values(), default=None)
        for shift in self.shifts:
            # A roster that is put afterwards asks nobody for what has begun long ago.
            if shift.role != "watch" or shift.starts_at + PATIENCE <= shift.planned_at:
                continue
            if told is not None and shift.starts_at <= told:
                continue
            if self.turn is None or not self.turn.covers(shift):
                return shift
        return None

    def missed_now(self) -> ShiftKept | None:
        """The shift that was told to be missed last, as long as nobody has taken over since."""
        told = max(self.missed.values(), default=None)
        found = [s for s in self.shifts if s.role == "watch" and s.starts_at == told]
        return found[0] if found and (self.turn is None or not self.turn.covers(found[0])) else None

    def planned(self, role: str, now: datetime) -> ShiftKept | None:
        """Whose shift it is."""
        now_on = (s for s in self.shifts if s.role == role and s.starts_at <= now < s.ends_at)
        return next(now_on, None)

    def standing(self, now: datetime) -> tuple[DutyStanding, str | None, datetime | None]:
        """Who is on duty, how one knows, since when: who took over and has not handed over; else whose shift it is; else
        nobody, since the last turn or shift ended."""
        turn = self.turn
        if turn is not None and turn.handed_at is None:
            return "taken", turn.name, turn.since
        shift = self.planned("watch", now)
        if shift is not None:
            since = shift.starts_at
            return "roster", shift.name, since
        ends = [s.ends_at for s in self.shifts if s.role == "watch" and s.ends_at <= now]
        if turn is not None and turn.handed_at is not None:
            ends.append(turn.handed_at)
        return "nobody", None, max(ends, default=None)


class Duties(Part):
    """The duty of all centers that have said anything of it."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_center: dict[str, CenterDuty] = Field(default_factory=dict)
    plans: dict[str, str] = Field(default_factory=dict)
    """Roster that is kept at hand -> its center."""
    turns: dict[str, str] = Field(default_factory=dict)
    """Turn that is not relieved -> its center."""
    agenda: list[tuple[datetime, str]] = Field(default_factory=list)
    """Moment and center or plan of all that the clock brings, the next one first."""

    def of(self, center: str) -> CenterDuty:
        """A center's, to change."""
        return self.by_center.setdefault(center, CenterDuty())

    def settle(self, center: str) -> None:
        """What waits at this center may be another shift now."""
        duty = self.by_center[center]
        shift = duty.waits()
        at = None if shift is None else shift.starts_at + PATIENCE
        if at != duty.next_at:
            self._forget(duty.next_at, center)
            if at is not None:
                insort(self.agenda, (at, center))
            duty.next_at = at
        if not duty.plans and duty.turn is None:
            del self.by_center[center]

    def put_plan(self, id: str, center: str, over_at: datetime) -> None:
        """A roster is kept until it is past, and not less long than those of the same center before it: what it took the
        place of must not come back when a restart reads it alone."""
        plans = self.of(center).plans
        plans[id] = max([over_at, *plans.values()])
        self.plans[id] = center
        insort(self.agenda, (plans[id], id))

    def drop_plan(self, id: str) -> None:
        """A roster is past: it and its shifts are forgotten."""
        center = self.plans.pop(id, None)
        if center is None:
            return
        duty = self.by_center[center]
        self._forget(duty.plans.pop(id), id)
        duty.missed.pop(id, None)
        duty.shifts = [each for each in duty.shifts if each.plan != id]
        self.settle(center)

    def _forget(self, at: datetime | None, about: str) -> None:
        if at is not None:
            del self.agenda[bisect_left(self.agenda, (at, about))]


def duties_of(state: HubState) -> Duties:
    """The duty of all centers, to look at."""
    return state.parts.read(Duties)


def told_duty(state: HubState, center: str, now: datetime) -> dict[str, Any]:
    """A center's duty as pages see it: its turn, its shifts of the next time; all empty where nothing was said of it."""
    duty = duties_of(state).by_center.get(center, CenterDuty())
    turn, missed = duty.turn, duty.missed_now()
    near = [s for s in duty.shifts if s.ends_at > now and s.starts_at <= now + AHEAD]
    standing, _, since = duty.standing(now)
    return {
        "id": center,
        "turn": None
        if turn is None
        else {
            "id": turn.id,
            "name": turn.name,
            "post": turn.post,
            "since": to_wire(turn.since),
            "handed_at": None if turn.handed_at is None else to_wire(turn.handed_at),
        },
        "shifts": [each.to_wire() for each in near],
        "ended_at": to_wire(since) if standing == "nobody" and since is not None else None,
        "missed": None if missed is None or missed.ends_at <= now else missed.to_wire(),
        "until": to_wire(now + AHEAD),
    }


# -- what entries do


def planned(state: HubState, entry: Entry) -> None:
    """A roster: its shifts in the place of those that begin in its span."""
    duties, data = state.parts.edit(Duties), entry.data
    center = data["center"]
    starts_at, ends_at = from_wire(data["starts_at"]), from_wire(data["ends_at"])
    duty = duties.of(center)
    kept = [each for each in duty.shifts if not starts_at <= each.starts_at < ends_at]
    fresh = [
        ShiftKept(
            from_wire(each["starts_at"]),
            from_wire(each["ends_at"]),
            each["role"],
            each["name"],
            each["post"],
            data["plan"],
            entry.at,
        )
        for each in data["shifts"]
    ]
    duty.shifts = sorted([*kept, *fresh], key=lambda each: (each.starts_at, each.role))
    last = max([ends_at, *(each.ends_at for each in fresh)])
    duties.put_plan(data["plan"], center, last + KEPT)
    duties.settle(center)


def plan_over(state: HubState, entry: Entry) -> None:
    """A roster is past."""
    state.parts.edit(Duties).drop_plan(entry.data["plan"])


def taken(state: HubState, entry: Entry) -> None:
    """Somebody is on duty."""
    duties, data = state.parts.edit(Duties), entry.data
    duty = duties.of(data["center"])
    duty.turn = Turn(data["turn"], data["name"], data["post"], entry.at)
    duties.turns[data["turn"]] = data["center"]
    duties.settle(data["center"])


def handed(state: HubState, entry: Entry) -> None:
    """He is not any more; his note waits to be read."""
    duties = state.parts.edit(Duties)
    duty = duties.by_center.get(entry.data["center"])
    if duty is not None and duty.turn is not None and duty.turn.id == entry.data["turn"]:
        duty.turn.handed_at = entry.at
        duties.settle(entry.data["center"])


def relieved(state: HubState, entry: Entry) -> None:
    """The next one has it; the entry that follows says who."""
    duties = state.parts.edit(Duties)
    center = duties.turns.pop(entry.data["turn"], None)
    duty = duties.by_center.get(center or "")
    if center is not None and duty is not None:
        duty.turn = None
        duties.settle(center)


def missed(state: HubState, entry: Entry) -> None:
    """It was told that nobody took over a shift."""
    duties = state.parts.edit(Duties)
    duty = duties.by_center.get(entry.data["center"])
    if duty is not None and entry.data["plan"] in duty.plans:
        duty.missed[entry.data["plan"]] = from_wire(entry.data["starts_at"])
        duties.settle(entry.data["center"])


#: What rosters are about: a restart needs those that are not past.
PLAN: Final = Subject(
    lambda entry: str(entry.data["plan"]), lambda state, plan: plan in duties_of(state).plans
)
#: What turns are about: a restart needs the last one of each center.
TURN: Final = Subject(
    lambda entry: str(entry.data["turn"]), lambda state, turn: turn in duties_of(state).turns
)


def next_due(state: HubState) -> Due | None:
    """The next thing that the clock brings about."""
    agenda = duties_of(state).agenda
    if not agenda:
        return None
    at, about = agenda[0]
    return Due(at, "duty.advance", None, about)
