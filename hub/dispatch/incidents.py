"""Incidents and appeals: taken in, studied, routed, handled, checked, closed; taken up again; duplicates joined.

| command | refused with |
|---|---|
| `incident.advance` (the hub only) | – |

At every moment one center is *responsible*. Who took it in *asked* first; whoever passes it down asks in turn, and checks what
comes back: he closes it, or vouches for it to who asked him. It goes down or beside within the subtree of who routes it, and
up to any center above. Whoever may lead the responsible center may do so for it; a station passes only back, to who asked.

It is read by every center that it has ever concerned and by those above; a duplicate also by those who read the main one.
No person stands in it: what people write is about matters, and a citizen is a number.
"""

from __future__ import annotations

from typing import Any, Final

from hub.clock import to_wire
from hub.dispatch import incident_handling, incident_intake, incident_joining, incident_routing
from hub.dispatch import incident_state as kept
from hub.dispatch.incident_gates import audience_of, reads
from hub.dispatch.incident_shapes import (
    IncidentAcknowledge,
    IncidentAcknowledged,
    IncidentAdvance,
    IncidentChange,
    IncidentChanged,
    IncidentClose,
    IncidentClosed,
    IncidentComplete,
    IncidentJoin,
    IncidentJoined,
    IncidentLinked,
    IncidentNote,
    IncidentOrdered,
    IncidentOverdue,
    IncidentPassed,
    IncidentRegister,
    IncidentRegistered,
    IncidentReopen,
    IncidentReopened,
    IncidentReturn,
    IncidentReturned,
    IncidentRoute,
    IncidentRouted,
    IncidentSeparate,
    IncidentSeparated,
    IncidentStudy,
    IncidentTold,
)
from hub.dispatch.incident_state import incidents_of
from hub.entry import Command, Draft
from hub.gates import signature_of
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Incidents that one command of the clock looks at; what is left is due at once.
MOST_AT_ONCE: Final = 200
#: So much (characters) of an order is told in the incident that it follows from.
TOLD_OF_ORDER: Final = 120


# -- what comes by time, and what follows from others' entries


def _advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    incidents, now = incidents_of(state), to_wire(context.now)
    come = [incidents.by_id[id] for at, id in incidents.waiting[:MOST_AT_ONCE] if at <= now]
    return [
        Draft("incident.overdue", None, {"incident": one.id, "due": one.due}, audience_of(one))
        for one in come
    ]


def _on_order(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """An order that follows from it stands in its time line."""
    about, incidents = draft.data["about"], incidents_of(state)
    incident = incidents.by_id.get(about["id"]) if about is not None else None
    if incident is None or not reads(state, incident, context):
        return []
    text = draft.data["text"]
    data = {
        "incident": incident.id,
        "order": draft.data["order"],
        "text": text if len(text) <= TOLD_OF_ORDER else f"{text[:TOLD_OF_ORDER]}…",
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("incident.ordered", draft.meeting, data, audience_of(incident))]


def _entry(kind: str, schema: type[Wire], apply: Apply | None, recall: Apply | None = None) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="incident.read",
        document=Document("incident", "incident"),
        everywhere=True,
        subject=kept.INCIDENT,
        recall=recall,
        origin=kept.meeting_of,
    )


def _command(kind: str, schema: Any, decide: Any, *, in_meetings: bool = False) -> CommandRule:
    return CommandRule(kind, schema, decide, meeting="optional" if in_meetings else "never")


RULES = RuleFile(
    "incidents",
    commands=(
        _command("incident.register", IncidentRegister, incident_intake.register, in_meetings=True),
        _command("incident.change", IncidentChange, incident_intake.change),
        _command("incident.study", IncidentStudy, incident_intake.study, in_meetings=True),
        _command("incident.route", IncidentRoute, incident_routing.route, in_meetings=True),
        _command("incident.acknowledge", IncidentAcknowledge, incident_handling.acknowledge),
        _command("incident.note", IncidentNote, incident_handling.note, in_meetings=True),
        _command("incident.complete", IncidentComplete, incident_handling.complete),
        _command("incident.close", IncidentClose, incident_handling.close),
        _command("incident.return", IncidentReturn, incident_handling.send_back),
        _command("incident.reopen", IncidentReopen, incident_handling.reopen),
        _command("incident.join", IncidentJoin, incident_joining.join),
        _command("incident.separate", IncidentSeparate, incident_joining.separate),
        CommandRule("incident.advance", IncidentAdvance, _advance, meeting="never", system=True),
    ),
    entries=(
        _entry("incident.registered", IncidentRegistered, kept.registered),
        _entry("incident.changed", IncidentChanged, kept.changed(kept.corrected)),
        _entry("incident.studied", IncidentTold, kept.changed()),
        _entry("incident.routed", IncidentRouted, kept.changed()),
        _entry("incident.acknowledged", IncidentAcknowledged, kept.changed()),
        _entry("incident.noted", IncidentTold, kept.changed()),
        _entry("incident.completed", IncidentTold, kept.changed()),
        _entry("incident.passed", IncidentPassed, kept.changed()),
        _entry("incident.returned", IncidentReturned, kept.changed()),
        _entry("incident.closed", IncidentClosed, kept.over, kept.over),
        _entry("incident.reopened", IncidentReopened, kept.changed(kept.reopened)),
        _entry("incident.joined", IncidentJoined, kept.over, kept.over),
        _entry("incident.separated", IncidentSeparated, kept.changed(kept.separated)),
        _entry("incident.gathered", IncidentLinked, None),
        _entry("incident.released", IncidentLinked, None),
        _entry("incident.overdue", IncidentOverdue, kept.changed(kept.late)),
        _entry("incident.ordered", IncidentOrdered, None),
    ),
    follows={"order.issued": _on_order},
    hub_due=kept.next_due,
)
