"""Alarms: what somebody has to look at now, whoever it is; who did, and what happens when nobody does.

| command | refused with |
|---|---|
| `alarm.acknowledge` | `not_found` (none, over, or out of sight), `forbidden` (not among those who answer it), `already_done` |
| `alarm.deliver` | `not_found`, `forbidden`; again it changes nothing |
| `alarm.raise`, `alarm.clear`, `alarm.advance` (the hub only) | – |

An alarm is about a center: who reported, who convened the meeting, who issued the order; about the hub itself, the top of
the tree. Its *owner* is who has to answer it first: the center above one that reports a situation, else the center itself.
Leaders and dispatchers of the owner and of every center above hear of it at once, and one of them who acknowledges is enough.
The clock only says whom one relies on: after `Context.escalate_after` without that a critical one is escalated to the center
above, and so on to the top. A warning (an order past its due, a disk that fills) is its owner's alone: nobody above is called
for it; but that of a round of a patrol goes up one level (hub/cameras/patrol.py).

An abnormal report raises one. It is over when its center reports that all is well after somebody acknowledged it, or AGED
later. An order past its due raises one warning, however many of its targets are late; it is over when none is late any
more: they have completed it, or have more time. While an order stays late the levels above its issuer are asked one after the
other (`order.escalated`), whether somebody below has seen it or not; a warning that nobody has acknowledged goes up with it.
What the hub sees of itself and of meetings it raises and clears by subject.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hub.clock import to_wire
from hub.directory.permissions import may
from hub.directory.secrecy import may_see_level
from hub.dispatch import agenda, alarm_drafts, alarm_state, order_state
from hub.dispatch.alarm_shapes import (
    AlarmAcknowledge,
    AlarmAcknowledged,
    AlarmAdvance,
    AlarmClear,
    AlarmCleared,
    AlarmDeliver,
    AlarmDelivered,
    AlarmEscalated,
    AlarmOrdered,
    AlarmRaise,
    AlarmRaised,
)
from hub.dispatch.order_late import escalation
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import level_of
from hub.ruling import Apply, CommandRule, Context, Document, Due, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import Alarm, HubState, Order

#: Alarms and orders that one command looks at; what is left is due at once.
MOST_AT_ONCE: Final = 200


# -- what people do


def _answered(state: HubState, alarm_id: str, context: Context) -> Alarm:
    """An alarm that the account answers. Raises Refusal."""
    alarm = state.alarms.get(alarm_id)
    if (
        alarm is None
        or not may(context.account, "alarm.read", context.tree, alarm.center)
        or not may_see_level(context.account, level_of(state, alarm.meeting))
    ):
        raise Refusal("not_found", "there is no such alarm, or it is over", "alarm")
    if not _answers(state, alarm, context):
        raise Refusal("forbidden", "this alarm is for others to answer", "alarm")
    return alarm


def _answers(state: HubState, alarm: Alarm, context: Context) -> bool:
    if not may_see_level(context.account, level_of(state, alarm.meeting)):
        return False
    return may(context.account, "alarm.acknowledge", context.tree, alarm.owner)


def _acknowledge(state: HubState, command: Command, context: Context) -> list[Draft]:
    alarm = _answered(state, AlarmAcknowledge.model_validate(command.data).alarm, context)
    if alarm.acknowledged:
        raise Refusal("already_done", "somebody has acknowledged it", "alarm")
    return [alarm_drafts.signed("alarm.acknowledged", alarm, context)]


def _deliver(state: HubState, command: Command, context: Context) -> list[Draft]:
    alarm = _answered(state, AlarmDeliver.model_validate(command.data).alarm, context)
    return [] if alarm.delivered else [alarm_drafts.signed("alarm.delivered", alarm, context)]


# -- what the hub does


def _raise(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = AlarmRaise.model_validate(command.data)
    if any(alarm.subject == data.subject for alarm in state.alarms.values()):
        return []
    center: str | None = None
    if command.meeting is None:
        center = context.tree.roots[0].code if context.tree.roots else None
    else:
        meeting = state.meetings.get(command.meeting)
        center = meeting.convener.center if meeting is not None and meeting.is_open else None
    if data.center is not None:
        center = data.center if data.center in context.tree else None
    if center is None:
        return []
    told = {"subject": data.subject, "words": data.words}
    # a village has no desk: its township's takes care of it
    village = data.center is not None and context.tree[center].level == "village"
    owner = (alarm_drafts.above(context.tree, center) if village else None) or center
    return [alarm_drafts.raised(data.kind, command.meeting, center, owner, context, **told)]


def _clear(state: HubState, command: Command, context: Context) -> list[Draft]:
    subject = AlarmClear.model_validate(command.data).subject
    return alarm_drafts.over((alarm for alarm in state.alarms.values() if alarm.subject == subject), "passed")


def _advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for about in agenda.come(state, to_wire(context.now), MOST_AT_ONCE):
        alarm = state.alarms.get(about)
        if alarm is None:
            drafts += _order_come(state, state.orders[about], context)
        elif alarm.acknowledged:
            drafts += alarm_drafts.over([alarm], "aged")
        else:
            above = alarm_drafts.above(context.tree, alarm.asked) or alarm.asked
            # a warning goes up by one level at most
            goes_on = None if alarm.kind in ("patrol", "sweep") else alarm_drafts.escalates_at(above, context)
            drafts.append(_escalated_draft(alarm, above, context, goes_on))
    return drafts


def _order_come(state: HubState, order: Order, context: Context) -> list[Draft]:
    """An order has become late, or has been late for so long that the next level is asked."""
    if order.overdue:
        asked = escalation(order, context)
        above = str(asked.data["center"])
        return [
            asked,
            *(
                _escalated_draft(alarm, above, context, None)
                for alarm in _of_order(state, order.id)
                if not alarm.acknowledged
            ),
        ]
    late = order_state.late(order, context.now)
    words = {"due": order.next_at or "", "left": late, "of": len(order.targets)}
    center = order.issuer_center
    return [
        alarm_drafts.raised("overdue", order.meeting, center, center, context, order=order.id, words=words)
    ]


def _of_order(state: HubState, order: str) -> list[Alarm]:
    return [each for each in state.alarms.values() if each.kind == "overdue" and each.order == order]


def _escalated_draft(alarm: Alarm, above: str, context: Context, escalates_at: str | None) -> Draft:
    data = {
        "alarm": alarm.id,
        "center": above,
        "name": alarm_drafts.name_of(context.tree, above),
        "escalates_at": escalates_at,
    }
    return alarm_drafts.draft("alarm.escalated", alarm.meeting, alarm.center, data)


def _due(state: HubState) -> Due | None:
    if not state.agenda:
        return None
    at, about = state.agenda[0]
    return Due(datetime.fromisoformat(at), "alarm.advance", None, about)


# -- what follows from others' entries


def _on_report(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """An abnormal report raises an alarm; a normal one ends those of its center that somebody has seen."""
    data = draft.data
    center = str(data["center"])
    if data["situation"] == "normal":
        mine = (each for each in state.alarms.values() if each.center == center and each.kind == "situation")
        return alarm_drafts.over((alarm for alarm in mine if alarm.acknowledged), "normal")
    owner = alarm_drafts.above(context.tree, center) or center
    more = {"report": data["report"], "text": data["text"]}
    return [alarm_drafts.raised("situation", draft.meeting, center, owner, context, **more)]


def _on_order(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who orders because of an alarm has seen it."""
    about = draft.data["about"]
    if about is None:
        return []
    drafts = []
    for alarm in state.alarms.values():
        if about["id"] in (alarm.id, alarm.report) and _answers(state, alarm, context):
            if not alarm.acknowledged:
                drafts.append(alarm_drafts.signed("alarm.acknowledged", alarm, context))
            if not alarm.ordered:
                drafts.append(alarm_drafts.signed("alarm.ordered", alarm, context, order=draft.data["order"]))
    return drafts


def _on_incident(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who takes in an incident because of an alarm has seen it."""
    about = draft.data["about"]
    return [
        alarm_drafts.signed("alarm.acknowledged", alarm, context)
        for alarm in state.alarms.values()
        if about is not None and about["id"] in (alarm.id, alarm.report)
        if not alarm.acknowledged and _answers(state, alarm, context)
    ]


def _on_completed(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """With the last target that is late, an order is overdue no more."""
    order = state.orders[draft.data["order"]]
    if not order.overdue or order_state.late(order, context.now, without=draft.data["center"]):
        return []
    return alarm_drafts.over(_of_order(state, order.id), "completed" if order.undone == 1 else "passed")


def _on_more_time(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """It is not overdue any more where nobody else is late."""
    order, data = state.orders[draft.data["order"]], draft.data
    if not order.overdue or (data["due"] is not None and data["due"] <= to_wire(context.now)):
        return []
    if draft.kind == "extension.granted" and order_state.late(order, context.now, without=data["center"]):
        return []
    if draft.kind == "order.corrected" and data["due"] == order.due:
        return []
    return alarm_drafts.over(_of_order(state, order.id), "passed")


def _on_withdrawn(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Nothing is to be done any more, and nothing is late."""
    return alarm_drafts.over(_of_order(state, draft.data["order"]), "passed")


def _on_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What was the matter in a meeting is over with it; what a center reported there is not."""
    mine = (each for each in state.alarms.values() if each.subject and each.meeting == draft.meeting)
    return alarm_drafts.over(mine, "passed")


def _entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    document = Document("alarm", "alarm")
    return EntryRule(
        kind, schema, apply, reads="alarm.read", document=document, everywhere=True, subject=alarm_state.ALARM
    )


RULES = RuleFile(
    "alarms",
    commands=(
        CommandRule("alarm.acknowledge", AlarmAcknowledge, _acknowledge, meeting="never"),
        CommandRule("alarm.deliver", AlarmDeliver, _deliver, meeting="never"),
        CommandRule("alarm.raise", AlarmRaise, _raise, meeting="optional", system=True),
        CommandRule("alarm.clear", AlarmClear, _clear, meeting="optional", system=True),
        CommandRule("alarm.advance", AlarmAdvance, _advance, meeting="never", system=True),
    ),
    entries=(
        _entry("alarm.raised", AlarmRaised, alarm_state.raised),
        _entry("alarm.delivered", AlarmDelivered, alarm_state.known(alarm_state.delivered)),
        _entry("alarm.acknowledged", AlarmAcknowledged, alarm_state.known(alarm_state.acknowledged)),
        _entry("alarm.ordered", AlarmOrdered, alarm_state.known(alarm_state.ordered)),
        _entry("alarm.escalated", AlarmEscalated, alarm_state.known(alarm_state.escalated)),
        _entry("alarm.cleared", AlarmCleared, alarm_state.known(alarm_state.cleared)),
    ),
    follows={
        "report.filed": _on_report,
        "order.issued": _on_order,
        "order.completed": _on_completed,
        "incident.registered": _on_incident,
        "order.withdrawn": _on_withdrawn,
        "order.corrected": _on_more_time,
        "extension.granted": _on_more_time,
        "meeting.ended": _on_end,
    },
    hub_due=_due,
)
