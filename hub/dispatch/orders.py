"""Orders: issued to centers, and per target signed for, reported on and completed.

| command | refused with |
|---|---|
| `order.issue` | `forbidden`, `not_found` (target out of sight), `invalid` (due in the past) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `order.sign` | `not_found`, `forbidden` (not a target), `already_done` |
| `order.progress` | `not_found`, `forbidden`, `wrong_state` (not signed yet), `already_done` (completed) |
| `order.complete` | `not_found`, `forbidden`, `wrong_state` (not signed yet), `already_done` |

An order outlives the meeting it was issued in, and is closed when every target has completed it; then nothing of it is
kept but who its targets were, so that its commands are answered `already_done` for good.

Its entries are read by the issuer's center, by the target's
center (all targets for `order.issued`), and by the centers above them.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from pydantic import Field

from hub.clock import from_wire
from hub.codes import PackedCodes
from hub.directory.permissions import may
from hub.dispatch import agenda
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import CenterCode, Moment, ObjectId, Text
from hub.gates import may_here, own_targets, require_joined, running_meeting, signature_of
from hub.objects.reference import NamedObject, attached
from hub.ruling import Apply, CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import About, Author, NamedCenter, Priority, Wire
from hub.state import HubState, Order, TargetState

#: The most targets one order has.
MAX_TARGETS = 2048


class OrderIssue(CommandData):
    """Give an order to centers of one's own subtree."""

    text: Text = Field(min_length=1, max_length=2000)
    """What is to be done."""
    priority: Priority = "normal"
    """How urgent it is."""
    due: Moment | None = None
    """By when; null for no date."""
    targets: list[CenterCode] = Field(min_length=1, max_length=MAX_TARGETS)
    """Codes of the centers that carry it out. Repetitions count once."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""
    about: About | None = None
    """The report or alarm that it follows from; null for none."""


class OrderSign(CommandData):
    """Sign for an order: it was received and understood."""

    order: ObjectId
    """The order."""


class OrderProgress(CommandData):
    """Report progress on an order."""

    order: ObjectId
    """The order."""
    text: Text = Field(min_length=1, max_length=2000)
    """What was done."""
    percent: int | None = Field(default=None, ge=0, le=100)
    """How much of it is done, if that can be said."""


class OrderComplete(CommandData):
    """Report an order done."""

    order: ObjectId
    """The order."""
    text: Text = Field(default="", max_length=2000)
    """With what result."""


class OrderIssued(Wire):
    """An order was issued."""

    order: str
    text: str
    priority: Priority
    due: str | None
    targets: list[NamedCenter]
    issuer: Author
    attachments: list[NamedObject] = attached()
    about: About | None = None


class OrderSigned(Wire):
    """A center signed for an order."""

    order: str
    center: str
    name: str
    account_name: str


class OrderProgressed(Wire):
    """A center told how far it is."""

    order: str
    center: str
    name: str
    account_name: str
    text: str
    percent: int | None


class OrderCompleted(Wire):
    """A center carried out an order."""

    order: str
    center: str
    name: str
    account_name: str
    text: str


def _issue(state: HubState, command: Command, context: Context) -> list[Draft]:
    account, tree = context.account, context.tree
    if not may(account, "order.issue", tree, account.center):
        raise Refusal("forbidden", "this role issues no orders")
    if command.meeting is not None:
        meeting = running_meeting(state, command, context)
        # Whoever is in control of the meeting may write its orders from outside the call.
        if not may_here(meeting, "meeting.control", context):
            require_joined(meeting, context)
    data = OrderIssue.model_validate(command.data)
    if data.due is not None and from_wire(data.due) <= context.now:
        raise Refusal("invalid", "the order would be due in the past", "due")
    targets = own_targets(list(data.targets), "order.issue", "targets", context)
    issued = {
        "order": context.new_id("o"),
        "text": data.text,
        "priority": data.priority,
        "due": data.due,
        "targets": [{"center": code, "name": tree[code].name} for code in targets],
        "issuer": signature_of(account, tree),
        "attachments": [each.model_dump() for each in data.attachments],
        "about": None if data.about is None else data.about.model_dump(),
    }
    audience = tuple(center_audience(code) for code in dict.fromkeys([account.center, *targets]))
    return [Draft("order.issued", command.meeting, issued, audience)]


def _target(state: HubState, command: Command, order_id: str, context: Context) -> tuple[Order, TargetState]:
    """The order and its state for the asker's center."""
    account, tree = context.account, context.tree
    order = state.orders.get(order_id)
    if order is None or (command.meeting is not None and command.meeting != order.meeting):
        raise Refusal("not_found", "there is no such order", "order")
    targets = order.targets if order.completed is None else order.completed
    if account.center in targets and may(account, "order.carry_out", tree, account.center):
        return order, order.targets.get(account.center, "completed")
    if any(may(account, "order.read", tree, code) for code in (order.issuer_center, *targets)):
        raise Refusal("forbidden", "this order is not yours to carry out", "order")
    raise Refusal("not_found", "there is no such order", "order")


def _step(kind: str, order: Order, context: Context, more: dict[str, Any]) -> list[Draft]:
    account = context.account
    data = {
        "order": order.id,
        "center": account.center,
        "name": context.tree[account.center].name,
        "account_name": account.name,
        **more,
    }
    readers = dict.fromkeys([order.issuer_center, account.center])
    return [Draft(kind, order.meeting, data, tuple(center_audience(code) for code in readers))]


def _require_signed(state: TargetState) -> None:
    if state == "issued":
        raise Refusal("wrong_state", "sign for the order first", "order")
    if state == "completed":
        raise Refusal("already_done", "the order is completed", "order")


def _sign(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderSign.model_validate(command.data)
    order, target = _target(state, command, data.order, context)
    if target != "issued":
        raise Refusal("already_done", "the order is signed for", "order")
    return _step("order.signed", order, context, {})


def _progress(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderProgress.model_validate(command.data)
    order, target = _target(state, command, data.order, context)
    _require_signed(target)
    return _step("order.progressed", order, context, {"text": data.text, "percent": data.percent})


def _complete(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderComplete.model_validate(command.data)
    order, target = _target(state, command, data.order, context)
    _require_signed(target)
    return _step("order.completed", order, context, {"text": data.text})


def _issued(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.orders[data["order"]] = Order(
        id=data["order"],
        meeting=entry.meeting,
        issuer_center=data["issuer"]["center"],
        # The same texts as in every other order: a city's codes are kept once.
        targets={sys.intern(target["center"]): "issued" for target in data["targets"]},
        due=data["due"],
    )
    agenda.put(state, data["due"], data["order"])


def _recalled(state: HubState, entry: Entry) -> None:
    _issued(state, entry)
    _close(state, state.orders[entry.data["order"]])


def _close(state: HubState, order: Order) -> None:
    agenda.drop(state, order.due, order.id)
    order.due = None
    order.completed = PackedCodes(order.targets)
    order.targets = {}


def _put(reached: TargetState) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        order = state.orders.get(entry.data["order"])
        if order is not None and entry.data["center"] in order.targets:
            order.targets[entry.data["center"]] = reached
            if all(each == "completed" for each in order.targets.values()):
                _close(state, order)

    return apply


def _is_open(state: HubState, order: str) -> bool:
    return order in state.orders and state.orders[order].completed is None


#: What all entries here are about.
ORDER: Final = Subject(lambda entry: str(entry.data["order"]), _is_open)


def _entry(
    kind: str, schema: type[Wire], apply: Apply, row: str | None = "center", recall: Apply | None = None
) -> EntryRule:
    document = Document("order", "order", row)
    return EntryRule(kind, schema, apply, document=document, everywhere=True, subject=ORDER, recall=recall)


RULES = RuleFile(
    "orders",
    commands=(
        CommandRule("order.issue", OrderIssue, _issue, meeting="optional"),
        CommandRule("order.sign", OrderSign, _sign, meeting="optional"),
        CommandRule("order.progress", OrderProgress, _progress, meeting="optional"),
        CommandRule("order.complete", OrderComplete, _complete, meeting="optional"),
    ),
    entries=(
        _entry("order.issued", OrderIssued, _issued, row=None, recall=_recalled),
        _entry("order.signed", OrderSigned, _put("signed")),
        _entry("order.progressed", OrderProgressed, _put("in_progress")),
        _entry("order.completed", OrderCompleted, _put("completed")),
    ),
)
