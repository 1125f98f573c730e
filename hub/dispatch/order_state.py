"""What the entries of orders do to the state: how far each target is, what is counted, and when the clock looks again."""

from __future__ import annotations

import sys
from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.codes import PackedCodes
from hub.dispatch import agenda
from hub.dispatch.order_numbers import given
from hub.entry import Entry
from hub.ruling import Apply
from hub.state import DONE, HubState, Order, TargetState

#: How long an order is late before the level above the issuer is asked to look at it, and then the next; by priority.
ESCALATES_AFTER: Final = {
    "critical": timedelta(hours=1),
    "urgent": timedelta(hours=4),
    "normal": timedelta(hours=24),
}


# -- what is asked of an order


def due_of(order: Order, center: str) -> str | None:
    """By when this target has to be done, as on the wire."""
    return order.dues.get(center, order.due)


def late(order: Order, now: datetime, *, without: str | None = None) -> int:
    """How many targets are not done and should be, one left out where it is named.

    Costs as much as there are targets with a date of their own, however many others there are.
    """
    moment = to_wire(now)
    own = {code: due for code, due in order.dues.items() if order.targets[code] not in DONE}
    count = sum(due <= moment for code, due in own.items() if code != without)
    if order.due is None or order.due > moment:
        return count
    one = without is not None and without not in own and order.targets.get(without, "accepted") not in DONE
    return count + order.undone - len(own) - one


def is_late(order: Order, center: str, now: datetime) -> bool:
    """Whether this target is not done and should be."""
    due = due_of(order, center)
    return order.targets[center] not in DONE and due is not None and due <= to_wire(now)


# -- the clock


def _next(order: Order) -> str | None:
    if order.closed is not None or order.undone == 0:
        return None
    if order.overdue and order.since is not None:
        if order.level >= len(order.above):
            return None
        return to_wire(from_wire(order.since) + ESCALATES_AFTER[order.priority])
    own = [due for code, due in order.dues.items() if order.targets[code] not in DONE]
    rest = [order.due] if order.due is not None and order.undone > len(own) else []
    return min([*own, *rest], default=None)


def _reschedule(state: HubState, order: Order) -> None:
    at = _next(order)
    if at != order.next_at:
        agenda.drop(state, order.next_at, order.id)
        agenda.put(state, at, order.id)
        order.next_at = at


def is_overdue(state: HubState, order_id: str, at: datetime) -> None:
    """There is an alarm about its being late from this moment on."""
    order = state.orders.get(order_id)
    if order is not None:
        order.overdue, order.since, order.level = True, to_wire(at), 0
        _reschedule(state, order)


def is_overdue_no_more(state: HubState, order_id: str) -> None:
    """That alarm is over."""
    order = state.orders.get(order_id)
    if order is not None:
        order.overdue, order.since, order.level = False, None, 0
        _reschedule(state, order)


# -- what entries do


def issued(state: HubState, entry: Entry) -> None:
    """There is a new order; it may carry out another one."""
    data = entry.data
    number, parent = data.get("number", ""), data.get("parent")
    order = Order(
        id=data["order"],
        meeting=entry.meeting,
        issuer_center=data["issuer"]["center"],
        # The same texts as in every other order: a city's codes are kept once.
        targets={sys.intern(target["center"]): "issued" for target in data["targets"]},
        checked=data.get("checked", False),
        number=number,
        priority=data["priority"],
        due=data["due"],
        parent=None if parent is None else parent["order"],
        above=tuple(sys.intern(each["center"]) for each in data.get("above", ())),
    )
    order.undone = order.unaccepted = len(order.targets)
    state.orders[order.id] = order
    given(state, data)
    _reschedule(state, order)
    above = state.orders.get(order.parent or "")
    if above is not None and above.targets.get(order.issuer_center) in ("signed", "returned"):
        _move(state, above, order.issuer_center, "in_progress")


def recalled(state: HubState, entry: Entry) -> None:
    """An order that is over: only who its targets were."""
    issued(state, entry)
    _close(state, state.orders[entry.data["order"]])


def _close(state: HubState, order: Order) -> None:
    order.closed = PackedCodes(order.targets)
    order.targets, order.dues, order.asked = {}, {}, {}
    order.due, order.number, order.above = None, "", ()
    order.undone = order.unaccepted = 0
    order.priority, order.supervised = "normal", False
    order.overdue, order.since, order.level = False, None, 0
    _reschedule(state, order)


def _move(state: HubState, order: Order, center: str, reached: TargetState) -> None:
    before = order.targets[center]
    order.targets[center] = reached
    order.undone += (reached not in DONE) - (before not in DONE)
    order.unaccepted += (reached != "accepted") - (before != "accepted")
    if reached in DONE:
        order.asked.pop(center, None)
    if (order.unaccepted if order.checked else order.undone) == 0:
        _close(state, order)
    elif (reached in DONE) != (before in DONE):
        _reschedule(state, order)


def _open(state: HubState, data: Any) -> Order | None:
    order = state.orders.get(data["order"])
    return order if order is not None and order.closed is None else None


def put(reached: TargetState, *, only: Container[str] | None = None) -> Apply:
    """The entry's target has come so far; with `only` where it is in one of these states."""

    def apply(state: HubState, entry: Entry) -> None:
        order, center = _open(state, entry.data), entry.data["center"]
        if order is not None and center in order.targets and (only is None or order.targets[center] in only):
            _move(state, order, center, reached)

    return apply


def accepted(state: HubState, entry: Entry) -> None:
    """What these targets did is good."""
    for center in entry.data["centers"]:
        order = _open(state, entry.data)  # the last one closes it
        if order is not None and order.targets.get(center) == "completed":
            _move(state, order, center, "accepted")


def supervised(state: HubState, entry: Entry) -> None:
    """It is supervised, or not any more."""
    order = _open(state, entry.data)
    if order is not None:
        order.supervised = entry.data["on"]


def escalated(state: HubState, entry: Entry) -> None:
    """A level above has been asked."""
    order = _open(state, entry.data)
    if order is not None and order.overdue:
        order.since, order.level = to_wire(entry.at), entry.data["level"]
        _reschedule(state, order)


def withdrawn(state: HubState, entry: Entry) -> None:
    """Nothing more is to be done."""
    order = state.orders.get(entry.data["order"])
    if order is not None:
        order.withdrawn = True
        if order.closed is None:
            _close(state, order)


def corrected(state: HubState, entry: Entry) -> None:
    """It says something else; another date holds for all."""
    order, data = _open(state, entry.data), entry.data
    if order is None:
        return
    if data["due"] != order.due:
        order.due = data["due"]
        order.dues.clear()
    order.priority = data["priority"]
    _reschedule(state, order)


def asked(state: HubState, entry: Entry) -> None:
    """A target asks for more time."""
    order, data = _open(state, entry.data), entry.data
    if order is not None and data["center"] in order.targets:
        order.asked[sys.intern(data["center"])] = data["due"]


def granted(state: HubState, entry: Entry) -> None:
    """A target has more time."""
    order, data = _open(state, entry.data), entry.data
    if order is not None and data["center"] in order.targets:
        order.asked.pop(data["center"], None)
        order.dues[sys.intern(data["center"])] = data["due"]
        _reschedule(state, order)


def refused(state: HubState, entry: Entry) -> None:
    """A target has no more time."""
    order = _open(state, entry.data)
    if order is not None:
        order.asked.pop(entry.data["center"], None)


def is_open(state: HubState, order: str) -> bool:
    """Whether there is something to be done about it yet."""
    return order in state.orders and state.orders[order].closed is None
