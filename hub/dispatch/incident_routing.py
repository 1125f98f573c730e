"""Incidents routed down, up and across.

| command | refused with |
|---|---|
| `incident.route` | `not_found`, `forbidden`, `already_done` (over, or responsible already), `wrong_state` (reported done) |
| … | also `too_many` (centers that it concerned) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
"""

from __future__ import annotations

from typing import Final

from hub.dispatch.incident_gates import center_named, may_do, require_in_meeting, require_open, step
from hub.dispatch.incident_shapes import IncidentRoute
from hub.dispatch.incident_state import Incident
from hub.dispatch.routing import passed_on
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import own_targets
from hub.ruling import Context
from hub.state import HubState

#: Centers that one incident concerns in its life.
MOST_CONCERNED: Final = 64


def route(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Another center is responsible from now on, and who asked it checks what comes back."""
    data = IncidentRoute.model_validate(command.data)
    incident = require_open(state, data.incident, context, "lead", "handle")
    require_in_meeting(state, command, context)
    if data.to == incident.responsible["center"]:
        raise Refusal("already_done", "this center is responsible already", "to")
    if incident.state == "completed":
        raise Refusal("wrong_state", "it is reported done: check it first", "incident")
    to = _target(incident, data.to, context)
    if to not in incident.concerned and len(incident.concerned) >= MOST_CONCERNED:
        raise Refusal("too_many", f"it has been with {MOST_CONCERNED} centers", "to")
    responsible = incident.responsible["center"]
    direction = (
        "down"
        if context.tree.contains(responsible, to)
        else "up"
        if context.tree.contains(to, responsible)
        else "across"
    )
    askers = passed_on(
        incident.askers, incident.responsible, center_named(context.account.center, context), to, context.tree
    )
    named = center_named(to, context)
    stands = {
        "state": "routed",
        "responsible": named,
        "checker": dict(askers[-1]),
        "askers": [dict(asker) for asker in askers],
    }
    told = {"before": dict(incident.responsible), "to": named, "direction": direction, "text": data.reason}
    return [step("incident.routed", incident, command, context, told, stands=stands, also=(to,))]


def _target(incident: Incident, to: str, context: Context) -> str:
    """Where it may be routed. Raises Refusal `not_found`, `forbidden`."""
    tree = context.tree
    if not may_do("lead", incident, context):
        if to != incident.checker["center"]:
            raise Refusal("forbidden", "a station passes it back to who asked, nowhere else", "to")
        return to
    if to in tree and tree.contains(to, incident.responsible["center"]):
        return to
    return own_targets([to], "incident.manage", "to", context)[0]
