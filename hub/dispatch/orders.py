"""Orders: issued to centers, and per target delivered, signed for, reported on, completed, and accepted or returned.

| command | refused with |
|---|---|
| `order.issue` | `forbidden`, `not_found` (target out of sight), `invalid` (due in the past) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| … that passes one down | also `not_found`, `forbidden`, `wrong_state` (not signed), `already_done`, `invalid` (later) |
| `order.deliver` | `not_found`, `forbidden`, `wrong_state` (withdrawn); again it changes nothing |
| `order.sign` | `not_found`, `forbidden` (not a target), `wrong_state` (withdrawn), `already_done` |
| `order.progress`, `complete` | `not_found`, `forbidden`, `wrong_state` (not signed, withdrawn), `already_done` |

An order outlives the meeting it was issued in. It is over when what every target has completed is accepted, or when it is
withdrawn; then nothing of it is kept but who its targets were, so that its commands are answered alike for good. Its issuer's
side (`order.follow`) is the issuer's center and those above it; what it says, the issuer's center alone changes.

Its entries are read by the issuer's center, by the targets' centers as far as they concern them, and by the centers above.
An order that is late raises an alarm (hub/dispatch/alarms.py); one that stays late asks a level above the issuer after another.
"""

from __future__ import annotations

from typing import Final

from hub.clock import from_wire
from hub.directory.permissions import may
from hub.dispatch import order_answer, order_change, order_late, order_shapes, order_state
from hub.dispatch.order_down import passed_down
from hub.dispatch.order_gates import step, target_of
from hub.dispatch.order_numbers import next_number
from hub.dispatch.order_shapes import (
    OrderComplete,
    OrderDeliver,
    OrderIssue,
    OrderProgress,
    OrderSign,
)
from hub.dispatch.order_state import put
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import may_here, own_targets, require_joined, running_meeting, signature_of
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import DONE, HubState, TargetState


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
    parent = passed_down(state, data, context)
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
        **next_number(state, tree[account.center], context.now, context.zone),
        "parent": parent,
        "above": [
            {"center": each.code, "name": each.name} for each in reversed(tree.path(account.center)[:-1])
        ],
        "checked": True,
    }
    audience = tuple(center_audience(code) for code in dict.fromkeys([account.center, *targets]))
    return [Draft("order.issued", command.meeting, issued, audience)]


def _require_signed(reached: TargetState) -> None:
    if reached in ("issued", "delivered"):
        raise Refusal("wrong_state", "sign for the order first", "order")
    if reached in DONE:
        raise Refusal("already_done", "the order is completed", "order")


def _deliver(state: HubState, command: Command, context: Context) -> list[Draft]:
    order, reached = target_of(state, command, OrderDeliver.model_validate(command.data).order, context)
    return [step("order.delivered", order, context)] if reached == "issued" else []


def _sign(state: HubState, command: Command, context: Context) -> list[Draft]:
    order, reached = target_of(state, command, OrderSign.model_validate(command.data).order, context)
    if reached not in ("issued", "delivered"):
        raise Refusal("already_done", "the order is signed for", "order")
    return [step("order.signed", order, context)]


def _progress(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderProgress.model_validate(command.data)
    order, reached = target_of(state, command, data.order, context)
    _require_signed(reached)
    more = {"percent": data.percent, "attachments": [each.model_dump() for each in data.attachments]}
    return [step("order.progressed", order, context, text=data.text, **more)]


def _complete(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = OrderComplete.model_validate(command.data)
    order, reached = target_of(state, command, data.order, context)
    _require_signed(reached)
    attachments = [each.model_dump() for each in data.attachments]
    return [step("order.completed", order, context, text=data.text, attachments=attachments)]


#: What all entries here are about.
ORDER: Final = Subject(lambda entry: str(entry.data["order"]), order_state.is_open)


def _entry(
    kind: str,
    schema: type[Wire],
    apply: Apply | None,
    row: str | None = "center",
    recall: Apply | None = None,
) -> EntryRule:
    document = Document("order", "order", row)
    return EntryRule(kind, schema, apply, document=document, everywhere=True, subject=ORDER, recall=recall)


RULES = RuleFile(
    "orders",
    commands=(
        CommandRule("order.issue", OrderIssue, _issue, meeting="optional"),
        CommandRule("order.deliver", OrderDeliver, _deliver, meeting="optional"),
        CommandRule("order.sign", OrderSign, _sign, meeting="optional"),
        CommandRule("order.progress", OrderProgress, _progress, meeting="optional"),
        CommandRule("order.complete", OrderComplete, _complete, meeting="optional"),
        CommandRule("order.accept", order_shapes.OrderAccept, order_answer.accept, meeting="optional"),
        CommandRule("order.return", order_shapes.OrderReturn, order_answer.send_back, meeting="optional"),
        CommandRule("order.urge", order_shapes.OrderUrge, order_late.urge, meeting="optional"),
        CommandRule("order.supervise", order_shapes.OrderSupervise, order_late.supervise, meeting="optional"),
        CommandRule("order.withdraw", order_shapes.OrderWithdraw, order_change.withdraw, meeting="optional"),
        CommandRule("order.correct", order_shapes.OrderCorrect, order_change.correct, meeting="optional"),
        CommandRule("extension.ask", order_shapes.ExtensionAsk, order_answer.ask, meeting="optional"),
        CommandRule("extension.grant", order_shapes.ExtensionGrant, order_answer.grant, meeting="optional"),
        CommandRule(
            "extension.refuse", order_shapes.ExtensionRefuse, order_answer.refuse, meeting="optional"
        ),
    ),
    entries=(
        _entry(
            "order.issued", order_shapes.OrderIssued, order_state.issued, None, recall=order_state.recalled
        ),
        _entry("order.delivered", order_shapes.OrderDelivered, put("delivered", only=("issued",))),
        _entry("order.signed", order_shapes.OrderSigned, put("signed")),
        _entry("order.progressed", order_shapes.OrderProgressed, put("in_progress")),
        _entry("order.completed", order_shapes.OrderCompleted, put("completed")),
        _entry("order.accepted", order_shapes.OrderAccepted, order_state.accepted, "centers"),
        _entry("order.returned", order_shapes.OrderReturned, put("returned")),
        _entry("order.urged", order_shapes.OrderUrged, None, "centers"),
        _entry("order.supervised", order_shapes.OrderSupervised, order_state.supervised, None),
        _entry("order.escalated", order_shapes.OrderEscalated, order_state.escalated, None),
        _entry(
            "order.withdrawn",
            order_shapes.OrderWithdrawn,
            order_state.withdrawn,
            None,
            recall=order_state.withdrawn,
        ),
        _entry("order.corrected", order_shapes.OrderCorrected, order_state.corrected, None),
        _entry("extension.asked", order_shapes.ExtensionAsked, order_state.asked),
        _entry("extension.granted", order_shapes.ExtensionGranted, order_state.granted),
        _entry("extension.refused", order_shapes.ExtensionRefused, order_state.refused),
    ),
)
