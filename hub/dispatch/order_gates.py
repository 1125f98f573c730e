"""What commands about an order ask first: is it there for the asker, may the asker do this, and is there anything to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.directory.permissions import asked_of, may
from hub.directory.secrecy import may_see_level
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import level_of, signature_of
from hub.ruling import Context
from hub.state import HubState, Order, TargetState


def _known(state: HubState, command: Command, order_id: str) -> Order:
    order = state.orders.get(order_id)
    if order is None or (command.meeting is not None and command.meeting != order.meeting):
        raise Refusal("not_found", "there is no such order", "order")
    return order


def _is_hidden(state: HubState, order: Order, context: Context) -> bool:
    """Whether it comes from a secret meeting, and the asker is not cleared and has nothing to do for it."""
    if may_see_level(context.account, level_of(state, order.meeting)):
        return False
    targets = order.targets if order.closed is None else order.closed
    return not asked_of(context.account, context.tree, "order.read", (order.issuer_center, *targets))


def _not_yours(state: HubState, order: Order, context: Context) -> Refusal:
    targets = order.targets if order.closed is None else order.closed
    if not _is_hidden(state, order, context) and any(
        may(context.account, "order.read", context.tree, code) for code in (order.issuer_center, *targets)
    ):
        return Refusal("forbidden", "this is not yours to do about this order", "order")
    return Refusal("not_found", "there is no such order", "order")


def target_of(
    state: HubState, command: Command, order_id: str, context: Context
) -> tuple[Order, TargetState]:
    """The order and how far the asker's center is with it; `accepted` for one that is over.

    Raises Refusal `not_found`, `forbidden` for one who is no target, `wrong_state` for one that was withdrawn.
    """
    account = context.account
    order = _known(state, command, order_id)
    targets = order.targets if order.closed is None else order.closed
    carries_out = may(account, "order.carry_out", context.tree, account.center)
    if account.center not in targets or not carries_out or _is_hidden(state, order, context):
        raise _not_yours(state, order, context)
    if order.withdrawn:
        raise Refusal("wrong_state", "the order was withdrawn", "order")
    return order, order.targets.get(account.center, "accepted")


def led_by(state: HubState, command: Command, order_id: str, action: str, context: Context) -> Order:
    """An order that goes on, of which `action` about the issuer's center is the asker's.

    Raises Refusal `not_found`, `forbidden`, `already_done` for one that is over, `wrong_state` for one that was withdrawn.
    """
    order = _known(state, command, order_id)
    known = may_see_level(context.account, level_of(state, order.meeting))
    if not known or not may(context.account, action, context.tree, order.issuer_center):
        raise _not_yours(state, order, context)
    if order.withdrawn:
        raise Refusal("wrong_state", "the order was withdrawn", "order")
    if order.closed is not None:
        raise Refusal("already_done", "the order is over", "order")
    return order


def target_named(order: Order, center: str, field: str = "center") -> TargetState:
    """How far this target is. Raises Refusal `not_found` for a center that is none."""
    if center not in order.targets:
        raise Refusal("not_found", f"center {center} is no target of this order", field)
    return order.targets[center]


def step(kind: str, order: Order, context: Context, /, **more: Any) -> Draft:
    """What the asker's center did as a target."""
    account = context.account
    data = {
        "order": order.id,
        "center": account.center,
        "name": context.tree[account.center].name,
        "account_name": account.name,
        **more,
    }
    return told(kind, order, [account.center], data)


def answer(kind: str, order: Order, centers: Iterable[str], context: Context, /, **more: Any) -> Draft:
    """What was done about an order, signed; these targets are told of it besides the issuer's side."""
    data = {"order": order.id, **more, "by": signature_of(context.account, context.tree)}
    return told(kind, order, centers, data)


def told(kind: str, order: Order, centers: Iterable[str], data: dict[str, Any]) -> Draft:
    """An entry for the issuer's side and these targets."""
    readers = dict.fromkeys([order.issuer_center, *centers])
    return Draft(kind, order.meeting, data, tuple(center_audience(code) for code in readers))


def name_of(code: str, context: Context) -> str:
    """What a center is called; its code where it is not in the directory any more."""
    center = context.tree.get(code)
    return code if center is None else center.name
