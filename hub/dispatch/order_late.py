"""What is done about an order that is not carried out: reminded, supervised, and by the clock a level above asked.

| command | refused with |
|---|---|
| `order.urge` | `not_found`, `forbidden`, `wrong_state` (nobody to remind, withdrawn), `already_done` (it is over) |
| `order.supervise` | `not_found`, `forbidden`, `wrong_state` (withdrawn), `already_done` (it is over) |
"""

from __future__ import annotations

from hub.dispatch.order_gates import answer, led_by, name_of, target_named, told
from hub.dispatch.order_shapes import OrderSupervise, OrderUrge
from hub.dispatch.order_state import is_late, late
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.ruling import Context
from hub.state import DONE, HubState, Order


def urge(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Remind those named, or all who have not done yet what they should."""
    data = OrderUrge.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    if data.whom == "named":
        centers = list(dict.fromkeys(data.centers))
        if any(target_named(order, code, "centers") in DONE for code in centers):
            raise Refusal("wrong_state", "one of these centers has completed it", "centers")
    else:
        centers = [code for code in order.targets if _is_meant(order, code, data.whom, context)]
    if not centers:
        raise Refusal("wrong_state", "there is nobody to remind", "whom")
    return [answer("order.urged", order, centers, context, centers=centers, text=data.text)]


def _is_meant(order: Order, code: str, whom: str, context: Context) -> bool:
    if whom == "unsigned":
        return order.targets[code] in ("issued", "delivered")
    return is_late(order, code, context.now) if whom == "late" else order.targets[code] not in DONE


def supervise(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Set or take off the mark; all targets see it."""
    data = OrderSupervise.model_validate(command.data)
    order = led_by(state, command, data.order, "order.follow", context)
    if order.supervised == data.on:
        return []
    return [answer("order.supervised", order, order.targets, context, on=data.on)]


def escalation(order: Order, context: Context) -> Draft:
    """The next level above the issuer is asked; for an order whose clock says so."""
    center = order.above[order.level]
    data = {
        "order": order.id,
        "center": center,
        "name": name_of(center, context),
        "level": order.level + 1,
        "late": late(order, context.now),
        "of": len(order.targets),
    }
    return told("order.escalated", order, [], data)
