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
for it.

An abnormal report raises one. It is over when its center reports that all is well after somebody acknowledged it, or AGED
later. An order past its due raises one warning, however many of its targets are late; it is over when none is late any
more: they have completed it, or have more time. While an order stays late the levels above its issuer are asked one after the
other (`order.escalated`), whether somebody below has seen it or not; a warning that nobody has acknowledged goes up with it.
What the hub sees of itself and of meetings it raises and clears by subject.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch import agenda, order_state
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
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.ruling import Apply, CommandRule, Context, Document, Due, EntryRule, RuleFile, Subject
from hub.shapes import Wire
from hub.state import Alarm, HubState, Order

#: How long an acknowledged situation is kept in mind while its center says nothing more.
AGED: Final = timedelta(hours=72)
#: Alarms and orders that one command looks at; what is left is due at once.
MOST_AT_ONCE: Final = 200

_SEVERITIES: Final = {
    "situation": "critical",
    "lost": "critical",
    "overdue": "warning",
    "disk": "warning",
    "unrecorded": "critical",
    "service": "critical",
    "backup": "warning",
    "certificate": "warning",
    "checkpoints": "warning",
}


# -- what people do


def _answered(state: HubState, alarm_id: str, context: Context) -> Alarm:
    """An alarm that the account answers. Raises Refusal."""
    alarm = state.alarms.get(alarm_id)
    if alarm is None or not may(context.account, "alarm.read", context.tree, alarm.center):
        raise Refusal("not_found", "there is no such alarm, or it is over", "alarm")
    if not _answers(alarm, context):
        raise Refusal("forbidden", "this alarm is for others to answer", "alarm")
    return alarm


def _answers(alarm: Alarm, context: Context) -> bool:
    return may(context.account, "alarm.acknowledge", context.tree, alarm.owner)


def _acknowledge(state: HubState, command: Command, context: Context) -> list[Draft]:
    alarm = _answered(state, AlarmAcknowledge.model_validate(command.data).alarm, context)
    if alarm.acknowledged:
        raise Refusal("already_done", "somebody has acknowledged it", "alarm")
    return [_signed("alarm.acknowledged", alarm, context)]


def _deliver(state: HubState, command: Command, context: Context) -> list[Draft]:
    alarm = _answered(state, AlarmDeliver.model_validate(command.data).alarm, context)
    return [] if alarm.delivered else [_signed("alarm.delivered", alarm, context)]


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
    if center is None:
        return []
    told = {"subject": data.subject, "words": data.words}
    return [_raised_draft(data.kind, command.meeting, center, center, context, **told)]


def _clear(state: HubState, command: Command, context: Context) -> list[Draft]:
    subject = AlarmClear.model_validate(command.data).subject
    return _over((alarm for alarm in state.alarms.values() if alarm.subject == subject), "passed")


def _advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for about in agenda.come(state, to_wire(context.now), MOST_AT_ONCE):
        alarm = state.alarms.get(about)
        if alarm is None:
            drafts += _order_come(state, state.orders[about], context)
        elif alarm.acknowledged:
            drafts += _over([alarm], "aged")
        else:
            above = _above(context.tree, alarm.asked) or alarm.asked
            drafts.append(_escalated_draft(alarm, above, context, _escalates_at(above, context)))
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
    return [_raised_draft("overdue", order.meeting, center, center, context, order=order.id, words=words)]


def _of_order(state: HubState, order: str) -> list[Alarm]:
    return [each for each in state.alarms.values() if each.kind == "overdue" and each.order == order]


def _escalated_draft(alarm: Alarm, above: str, context: Context, escalates_at: str | None) -> Draft:
    data = {
        "alarm": alarm.id,
        "center": above,
        "name": _name(context.tree, above),
        "escalates_at": escalates_at,
    }
    return _draft("alarm.escalated", alarm.meeting, alarm.center, data)


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
        return _over((alarm for alarm in mine if alarm.acknowledged), "normal")
    owner = _above(context.tree, center) or center
    more = {"report": data["report"], "text": data["text"]}
    return [_raised_draft("situation", draft.meeting, center, owner, context, **more)]


def _on_order(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who orders because of an alarm has seen it."""
    about = draft.data["about"]
    if about is None:
        return []
    drafts = []
    for alarm in state.alarms.values():
        if about["id"] in (alarm.id, alarm.report) and _answers(alarm, context):
            if not alarm.acknowledged:
                drafts.append(_signed("alarm.acknowledged", alarm, context))
            if not alarm.ordered:
                drafts.append(_signed("alarm.ordered", alarm, context, order=draft.data["order"]))
    return drafts


def _on_incident(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who takes in an incident because of an alarm has seen it."""
    about = draft.data["about"]
    return [
        _signed("alarm.acknowledged", alarm, context)
        for alarm in state.alarms.values()
        if about is not None and about["id"] in (alarm.id, alarm.report)
        if not alarm.acknowledged and _answers(alarm, context)
    ]


def _on_completed(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """With the last target that is late, an order is overdue no more."""
    order = state.orders[draft.data["order"]]
    if not order.overdue or order_state.late(order, context.now, without=draft.data["center"]):
        return []
    return _over(_of_order(state, order.id), "completed" if order.undone == 1 else "passed")


def _on_more_time(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """It is not overdue any more where nobody else is late."""
    order, data = state.orders[draft.data["order"]], draft.data
    if not order.overdue or (data["due"] is not None and data["due"] <= to_wire(context.now)):
        return []
    if draft.kind == "extension.granted" and order_state.late(order, context.now, without=data["center"]):
        return []
    if draft.kind == "order.corrected" and data["due"] == order.due:
        return []
    return _over(_of_order(state, order.id), "passed")


def _on_withdrawn(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Nothing is to be done any more, and nothing is late."""
    return _over(_of_order(state, draft.data["order"]), "passed")


def _on_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What was the matter in a meeting is over with it; what a center reported there is not."""
    mine = (each for each in state.alarms.values() if each.subject and each.meeting == draft.meeting)
    return _over(mine, "passed")


# -- drafts


def _raised_draft(
    kind: str, meeting: str | None, center: str, owner: str, context: Context, **more: Any
) -> Draft:
    data = {
        "alarm": context.new_id("w"),
        "kind": kind,
        "severity": _SEVERITIES[kind],
        "center": center,
        "name": _name(context.tree, center),
        "owner": {"center": owner, "name": _name(context.tree, owner)},
        "subject": None,
        "report": None,
        "order": None,
        "text": "",
        "words": {},
        "escalates_at": _escalates_at(owner, context) if _SEVERITIES[kind] == "critical" else None,
        **more,
    }
    return _draft("alarm.raised", meeting, center, data)


def _signed(kind: str, alarm: Alarm, context: Context, **more: Any) -> Draft:
    data = {"alarm": alarm.id, **more, "by": signature_of(context.account, context.tree)}
    return _draft(kind, alarm.meeting, alarm.center, data)


def _over(alarms: Iterable[Alarm], why: str) -> list[Draft]:
    return [
        _draft("alarm.cleared", alarm.meeting, alarm.center, {"alarm": alarm.id, "why": why})
        for alarm in alarms
    ]


def _draft(kind: str, meeting: str | None, center: str, data: dict[str, Any]) -> Draft:
    return Draft(kind, meeting, data, (center_audience(center),))


def _above(tree: CenterTree, code: str) -> str | None:
    center = tree.get(code)
    return center.parent if center is not None else None


def _name(tree: CenterTree, code: str) -> str:
    center = tree.get(code)
    return center.name if center is not None else code


def _escalates_at(asked: str, context: Context) -> str | None:
    """When the center after this one has to answer; None at the top."""
    return to_wire(context.now + context.escalate_after) if _above(context.tree, asked) else None


# -- the state


def _raised(state: HubState, entry: Entry) -> None:
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


def _known(change: Apply) -> Apply:
    """Only for an alarm that the state has."""

    def apply(state: HubState, entry: Entry) -> None:
        if entry.data["alarm"] in state.alarms:
            change(state, entry)

    return apply


def _delivered(state: HubState, entry: Entry) -> None:
    state.alarms[entry.data["alarm"]].delivered = True


def _acknowledged(state: HubState, entry: Entry) -> None:
    alarm = state.alarms[entry.data["alarm"]]
    alarm.acknowledged = True
    _next(state, alarm, to_wire(entry.at + AGED) if alarm.kind == "situation" else None)


def _ordered(state: HubState, entry: Entry) -> None:
    state.alarms[entry.data["alarm"]].ordered = True


def _escalated(state: HubState, entry: Entry) -> None:
    alarm = state.alarms[entry.data["alarm"]]
    alarm.asked = entry.data["center"]
    _next(state, alarm, entry.data["escalates_at"])


def _cleared(state: HubState, entry: Entry) -> None:
    alarm = state.alarms.pop(entry.data["alarm"])
    _next(state, alarm, None)
    if alarm.kind == "overdue" and alarm.order is not None:
        order_state.is_overdue_no_more(state, alarm.order)


#: What all entries here are about.
ALARM: Final = Subject(lambda entry: str(entry.data["alarm"]), lambda state, subject: subject in state.alarms)


def _entry(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    document = Document("alarm", "alarm")
    return EntryRule(
        kind, schema, apply, reads="alarm.read", document=document, everywhere=True, subject=ALARM
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
        _entry("alarm.raised", AlarmRaised, _raised),
        _entry("alarm.delivered", AlarmDelivered, _known(_delivered)),
        _entry("alarm.acknowledged", AlarmAcknowledged, _known(_acknowledged)),
        _entry("alarm.ordered", AlarmOrdered, _known(_ordered)),
        _entry("alarm.escalated", AlarmEscalated, _known(_escalated)),
        _entry("alarm.cleared", AlarmCleared, _known(_cleared)),
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
