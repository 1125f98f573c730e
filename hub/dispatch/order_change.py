"""What an order says is changed by new entries alone: it is withdrawn, or put right and what it said stays readable.

| command | refused with |
|---|---|
| `order.withdraw` | `not_found`, `forbidden`, `wrong_state` (withdrawn), `already_done` (it is over) |
| `order.correct` | `not_found`, `forbidden`, `wrong_state` (withdrawn), `already_done` (over), `invalid` (due in the past) |
"""

from __future__ import annotations

from hub.clock import from_wire
from hub.dispatch.order_gates import answer, led_by
from hub.dispatch.order_shapes import OrderCorrect, OrderWithdraw
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.ruling import Context
from hub.state import HubState


def withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Nothing more is to be done."""
    data = OrderWithdraw.model_validate(command.data)
    order = led_by(state, command, data.order, "order.change", context)
    return [answer("order.withdrawn", order, order.targets, context, reason=data.reason)]


def correct(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It says something else from now on."""
    data = OrderCorrect.model_validate(command.data)
    order = led_by(state, command, data.order, "order.change", context)
    if data.due is not None and data.due != order.due and from_wire(data.due) <= context.now:
        raise Refusal("invalid", "the order would be due in the past", "due")
    more = {"text": data.text, "priority": data.priority, "due": data.due, "reason": data.reason}
    return [answer("order.corrected", order, order.targets, context, **more)]
