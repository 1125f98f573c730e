"""What the entries of alarms do to the state: what stands, who has seen it, and when the clock looks again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from hub.clock import to_wire
from hub.dispatch import agenda, order_state
from hub.entry import Entry
from hub.ruling import Apply, Subject
from hub.state import Alarm, HubState

#: How long an acknowledged situation is kept in mind while its center says nothing more.
AGED: Final = timedelta(hours=72)


def raised(state: HubState, entry: Entry) -> None:
    """There is a new alarm."""
    data = entry.data
    alarm = Alarm(
        id=data["alarm"],
        kind=data["kind"],
        meeting=entry.meeting,
        center=data["center"],
        owner=data["owner"]["center"],
        asked=data["owner"]["center"],
        subject=data["subject"],
        report=data["report"],
        order=data["order"],
    )
    state.alarms[alarm.id] = alarm
    _next(state, alarm, data["escalates_at"])
    if alarm.kind == "overdue" and alarm.order is not None:
        order_state.is_overdue(state, alarm.order, entry.at)


def _next(state: HubState, alarm: Alarm, at: str | None) -> None:
    agenda.drop(state, alarm.next_at, alarm.id)
    agenda.put(state, at, alarm.id)
    alarm.next_at = at


def known(change: Apply) -> Apply:
    """Only for an alarm that the state has."""

    def apply(state: HubState, entry: Entry) -> None:
        if entry.data["alarm"] in state.alarms:
            change(state, entry)

    return apply


def delivered(state: HubState, entry: Entry) -> None:
    """A page of who answers it shows it."""
    state.alarms[entry.data["alarm"]].delivered = True


def acknowledged(state: HubState, entry: Entry) -> None:
    """Somebody has seen it; a situation is kept in mind for a while."""
    alarm = state.alarms[entry.data["alarm"]]
    alarm.acknowledged = True
    _next(state, alarm, to_wire(entry.at + AGED) if alarm.kind == "situation" else None)


def ordered(state: HubState, entry: Entry) -> None:
    """Somebody has given an order about it."""
    state.alarms[entry.data["alarm"]].ordered = True


def escalated(state: HubState, entry: Entry) -> None:
    """The level above is asked."""
    alarm = state.alarms[entry.data["alarm"]]
    alarm.asked = entry.data["center"]
    _next(state, alarm, entry.data["escalates_at"])


def cleared(state: HubState, entry: Entry) -> None:
    """It is over."""
    alarm = state.alarms.pop(entry.data["alarm"])
    _next(state, alarm, None)
    if alarm.kind == "overdue" and alarm.order is not None:
        order_state.is_overdue_no_more(state, alarm.order)


#: What all entries here are about.
ALARM: Final = Subject(lambda entry: str(entry.data["alarm"]), lambda state, subject: subject in state.alarms)
