"""Incidents taken in, put right and studied.

| command | refused with |
|---|---|
| `incident.register` | `forbidden`, `not_found` (site out of sight), `invalid` (due in the past) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.change` | `not_found`, `forbidden`, `already_done` (over), `invalid` |
| `incident.study` | `not_found`, `forbidden`, `already_done` (over) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
"""

from __future__ import annotations

from hub.directory.permissions import may
from hub.dispatch import incident_state as kept
from hub.dispatch.incident_gates import (
    center_named,
    fields_of,
    files_of,
    require_ahead,
    require_in_meeting,
    require_open,
    step,
)
from hub.dispatch.incident_shapes import IncidentChange, IncidentRegister, IncidentStudy
from hub.dispatch.incident_state import incidents_of
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import own_targets, signature_of
from hub.ruling import Context
from hub.state import HubState


def register(state: HubState, command: Command, context: Context) -> list[Draft]:
    """A center takes one in, in its own name."""
    account, tree = context.account, context.tree
    if not may(account, "incident.register", tree, account.center):
        raise Refusal("forbidden", "this role takes in no incidents")
    require_in_meeting(state, command, context)
    data = IncidentRegister.model_validate(command.data)
    require_ahead(data.due, None, context)
    site = None if data.site is None else own_targets([data.site], "incident.manage", "site", context)[0]
    own = center_named(account.center, context)
    year = context.now.astimezone(context.zone).year
    serial = incidents_of(state).last.get(kept.running(account.center, year), 0) + 1
    registered = {
        "incident": context.new_id("i"),
        "by": signature_of(account, tree),
        "stands": {"state": "registered", "responsible": own, "checker": own, "askers": [own]},
        "number": kept.number_of(year, serial),
        "year": year,
        "serial": serial,
        "kind": data.kind,
        "source": data.source,
        "site": None if site is None else center_named(site, context),
        "about": None if data.about is None else data.about.model_dump(),
        "attachments": files_of(data),
        **fields_of(data),
    }
    audience = tuple(
        center_audience(code) for code in dict.fromkeys([account.center, site or account.center])
    )
    return [Draft("incident.registered", command.meeting, registered, audience)]


def change(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What it says is put right."""
    data = IncidentChange.model_validate(command.data)
    incident = require_open(state, data.incident, context, "intake", "check", "lead")
    require_ahead(data.due, incident.due, context)
    return [step("incident.changed", incident, command, context, fields_of(data))]


def study(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What is thought of it, before it is routed or while it goes on."""
    data = IncidentStudy.model_validate(command.data)
    incident = require_open(state, data.incident, context, "lead", "check")
    require_in_meeting(state, command, context)
    stands = {"state": "studied"} if incident.state == "registered" else {}
    told = {"text": data.text, "attachments": files_of(data)}
    return [step("incident.studied", incident, command, context, told, stands=stands)]
