"""Incidents handled, checked, closed and taken up again.

| command | refused with |
|---|---|
| `incident.acknowledge` | `not_found`, `forbidden` (not responsible), `already_done` |
| `incident.note` | `not_found`, `forbidden`, `already_done`, `wrong_state` (not acknowledged, or reported done) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.complete` | `not_found`, `forbidden`, `already_done`, `wrong_state` (as `note`) |
| `incident.close`, `return` | `not_found`, `forbidden` (not who asked), `already_done`, `wrong_state` (not reported done) |
| `incident.reopen` | `not_found`, `forbidden`, `wrong_state` (not closed), `invalid` (due in the past) |
"""

from __future__ import annotations

from hub.dispatch.incident_gates import (
    files_of,
    may_do,
    require_ahead,
    require_in_meeting,
    require_open,
    seen,
    step,
)
from hub.dispatch.incident_shapes import (
    IncidentAcknowledge,
    IncidentClose,
    IncidentComplete,
    IncidentNote,
    IncidentReopen,
    IncidentReturn,
)
from hub.dispatch.incident_state import Incident
from hub.dispatch.routing import vouched
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.ruling import Context
from hub.state import HubState


def acknowledge(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The responsible center has it."""
    incident = require_open(
        state, IncidentAcknowledge.model_validate(command.data).incident, context, "handle"
    )
    if incident.state in ("handling", "completed"):
        raise Refusal("already_done", "the center has it", "incident")
    return [step("incident.acknowledged", incident, command, context, stands={"state": "handling"})]


def _handled(state: HubState, id: str, context: Context) -> Incident:
    incident = require_open(state, id, context, "handle")
    if incident.state == "routed":
        raise Refusal("wrong_state", "say first that you have it", "incident")
    if incident.state == "completed":
        raise Refusal("wrong_state", "it is reported done", "incident")
    return incident


def note(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What the responsible center does."""
    data = IncidentNote.model_validate(command.data)
    incident = _handled(state, data.incident, context)
    require_in_meeting(state, command, context)
    told = {"text": data.text, "attachments": files_of(data)}
    return [step("incident.noted", incident, command, context, told, stands={"state": "handling"})]


def complete(state: HubState, command: Command, context: Context) -> list[Draft]:
    """The responsible center says that it is done."""
    data = IncidentComplete.model_validate(command.data)
    incident = _handled(state, data.incident, context)
    told = {"text": data.text, "attachments": files_of(data)}
    return [step("incident.completed", incident, command, context, told, stands={"state": "completed"})]


def _to_check(state: HubState, id: str, context: Context) -> Incident:
    incident = require_open(state, id, context, "check")
    if incident.state != "completed":
        raise Refusal("wrong_state", "it is not reported done", "incident")
    return incident


def close(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Whoever asked finds it done: he vouches for it to who asked him, the first one closes it."""
    data = IncidentClose.model_validate(command.data)
    incident = _to_check(state, data.incident, context)
    left, voucher = vouched(incident.askers, context.account.center)
    if left:
        stands = {
            "responsible": dict(voucher),
            "checker": dict(left[-1]),
            "askers": [dict(one) for one in left],
        }
        return [step("incident.passed", incident, command, context, {"text": data.text}, stands=stands)]
    told = {"text": data.text, "kept": incident.kept()}
    return [step("incident.closed", incident, command, context, told, stands={"state": "closed"})]


def send_back(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Whoever asked finds that something is missing."""
    data = IncidentReturn.model_validate(command.data)
    incident = _to_check(state, data.incident, context)
    return [
        step(
            "incident.returned",
            incident,
            command,
            context,
            {"text": data.reason},
            stands={"state": "handling"},
        )
    ]


def reopen(state: HubState, command: Command, context: Context) -> list[Draft]:
    """One that is closed goes on."""
    data = IncidentReopen.model_validate(command.data)
    incident = seen(state, data.incident, context)
    if not (may_do("intake", incident, context) or may_do("lead", incident, context)):
        raise Refusal("forbidden", "this is for who took it in to do", "incident")
    if incident.state != "closed":
        raise Refusal("wrong_state", "it is not closed", "incident")
    require_ahead(data.due, None, context)
    first = dict(incident.askers[0])
    stands = {"state": "routed", "checker": first, "askers": [first]}
    told = {"text": data.reason, "due": data.due}
    return [step("incident.reopened", incident, command, context, told, stands=stands)]
