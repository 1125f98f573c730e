"""Passing down (下转): a target breaks an order into orders of its own for the centers below it, due no later than itself."""

from __future__ import annotations

from hub.dispatch.order_gates import name_of, target_of
from hub.dispatch.order_shapes import OrderIssue
from hub.dispatch.order_state import due_of
from hub.entry import Command
from hub.errors import Refusal
from hub.ruling import Context
from hub.state import DONE, HubState


def passed_down(state: HubState, data: OrderIssue, context: Context) -> dict[str, str] | None:
    """The order that a new one carries out, as it is named on it; None where it stands for itself.

    Raises Refusal `not_found` or `forbidden` unless the asker's center is a target of it, `wrong_state` until that has signed,
    `already_done` when it has completed it, `invalid` for a date that is later than its own.
    """
    if data.parent is None:
        return None
    # The order that is passed down may come from another meeting, or none.
    order, reached = target_of(state, Command("", "order.issue", None, {}), data.parent, context)
    if reached in DONE:
        raise Refusal("already_done", "your center has completed that order", "parent")
    if reached in ("issued", "delivered"):
        raise Refusal("wrong_state", "sign for the order first", "parent")
    due = due_of(order, context.account.center)
    if due is not None and not data.later and (data.due is None or data.due > due):
        raise Refusal("invalid", "that is later than the order that is passed down", "due")
    return {
        "order": order.id,
        "number": order.number,
        "center_name": name_of(order.issuer_center, context),
    }
