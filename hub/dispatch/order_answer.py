"""What is said about an order while it goes on: accepted or returned, more time asked for, given or not.

| command | refused with |
|---|---|
| `order.accept`, `return` | `not_found`, `forbidden`, `wrong_state` (not completed, withdrawn), `already_done` |
| `extension.ask` | `not_found`, `forbidden`, `wrong_state` (not signed, no date), `already_done`, `invalid` (no later) |
| `extension.grant` | `not_found`, `forbidden`, `wrong_state` (nobody asks), `already_done` (over), `invalid` (in the past) |
| `extension.refuse` | `not_found`, `forbidden`, `wrong_state` (nobody asks), `already_done` (it is over) |
"""

from __future__ import annotations

from hub.clock import from_wire
from hub.dispatch.order_gates import answer, led_by, name_of, step, target_named, target_of
from hub.dispatch.order_shapes import (
    ExtensionAsk,
    ExtensionGrant,
    ExtensionRefuse,
    OrderAccept,
    OrderReturn,
)
from hub.dispatch.order_state import due_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.ruling import Context
from hub.state import DONE, HubState, Order


def accept(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What named targets, or all, have reported done is good."""
    data = OrderAccept.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    named = dict.fromkeys(data.centers)
    for code in named:
        if target_named(order, code, "centers") not in DONE:
            raise Refusal("wrong_state", f"center {code} has not reported it done", "centers")
    centers = [code for code in named or order.targets if order.targets[code] == "completed"]
    if not centers:
        if named:
            raise Refusal("already_done", "they were accepted before", "centers")
        raise Refusal("wrong_state", "nobody has reported it done", "order")
    return [answer("order.accepted", order, centers, context, centers=centers)]


def send_back(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What a target has reported done is not good yet."""
    data = OrderReturn.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    reached = target_named(order, data.center)
    if reached not in DONE:
        raise Refusal("wrong_state", "this center has not reported it done", "center")
    if reached == "accepted":
        raise Refusal("already_done", "it was accepted before", "center")
    more = {"center": data.center, "name": name_of(data.center, context), "reason": data.reason}
    return [answer("order.returned", order, [data.center], context, **more)]


def ask(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A target wants more time."""
    data = ExtensionAsk.model_validate(command.data)
    order, reached = target_of(state, command, data.order, context)
    if reached in DONE:
        raise Refusal("already_done", "the order is completed", "order")
    if reached in ("issued", "delivered"):
        raise Refusal("wrong_state", "sign for the order first", "order")
    due = due_of(order, context.account.center)
    if due is None:
        raise Refusal("wrong_state", "the order has no date", "order")
    if data.due <= due or from_wire(data.due) <= context.now:
        raise Refusal("invalid", "that is no later than the order is due", "due")
    return [step("extension.asked", order, context, due=data.due, reason=data.reason)]


def _asked(order: Order, center: str) -> str:
    target_named(order, center)
    if center not in order.asked:
        raise Refusal("wrong_state", "this center asks for no more time", "center")
    return order.asked[center]


def grant(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A target gets more time, as much as it asked for or another date."""
    data = ExtensionGrant.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    due = data.due or _asked(order, data.center)
    _asked(order, data.center)
    if from_wire(due) <= context.now:
        raise Refusal("invalid", "that moment has passed", "due")
    more = {"center": data.center, "name": name_of(data.center, context), "due": due}
    return [answer("extension.granted", order, [data.center], context, **more)]


def refuse(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A target gets no more time."""
    data = ExtensionRefuse.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    _asked(order, data.center)
    more = {"center": data.center, "name": name_of(data.center, context), "reason": data.reason}
    return [answer("extension.refused", order, [data.center], context, **more)]
