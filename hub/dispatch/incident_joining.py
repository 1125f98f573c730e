"""Duplicates joined into another incident, and separated again.

| command | refused with |
|---|---|
| `incident.join` | `not_found`, `forbidden`, `already_done` (over), `wrong_state` (into one that is over), `invalid` (itself) |
| `incident.separate` | `not_found`, `forbidden`, `wrong_state` (not joined) |
"""

from __future__ import annotations

from hub.dispatch.incident_gates import audience_of, may_do, require_open, seen, step
from hub.dispatch.incident_shapes import IncidentJoin, IncidentSeparate
from hub.dispatch.incident_state import Incident, incidents_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import level_of, signature_of
from hub.ruling import Context
from hub.state import HubState


def _pointed(incident: Incident) -> dict[str, str]:
    return {"id": incident.id, "number": incident.number, "title": incident.title}


def _leads(incident: Incident, context: Context) -> bool:
    return may_do("lead", incident, context) or may_do("intake", incident, context)


def join(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It is the same matter as another one, which goes on for both."""
    data = IncidentJoin.model_validate(command.data)
    incident = require_open(state, data.incident, context, "lead", "intake")
    main = seen(state, data.main, context, "main")
    if main is incident:
        raise Refusal("invalid", "nothing is a duplicate of itself", "main")
    if not _leads(main, context):
        raise Refusal("forbidden", "this is for others to do", "main")
    if level_of(state, incident.meeting) != level_of(state, main.meeting):
        raise Refusal("wrong_state", "one comes from a secret meeting, the other does not", "main")
    if not main.is_open:
        # So what something is joined into is never joined itself at that moment, and no circle comes about.
        raise Refusal("wrong_state", "the one that goes on is over itself", "main")
    by = signature_of(context.account, context.tree)
    told = {"main": _pointed(main), "kept": {**incident.kept(), "main": main.id}}
    return [
        step(
            "incident.joined",
            incident,
            command,
            context,
            told,
            stands={"state": "joined"},
            also=main.concerned,
        ),
        _linked("incident.gathered", main, incident, by),
    ]


def separate(state: HubState, command: Command, context: Context) -> list[Draft]:
    """It is no duplicate after all, and goes on where it stood."""
    incident = seen(state, IncidentSeparate.model_validate(command.data).incident, context)
    if not _leads(incident, context):
        raise Refusal("forbidden", "this is for others to do", "incident")
    main = incidents_of(state).by_id.get(incident.main or "")
    if incident.state != "joined" or main is None:
        raise Refusal("wrong_state", "it is not joined into another one", "incident")
    by = signature_of(context.account, context.tree)
    stands, told = {"state": incident.was}, {"main": _pointed(main)}
    return [
        step("incident.separated", incident, command, context, told, stands=stands, also=main.concerned),
        _linked("incident.released", main, incident, by),
    ]


def _linked(kind: str, main: Incident, other: Incident, by: dict[str, str]) -> Draft:
    data = {"incident": main.id, "other": _pointed(other), "by": by}
    return Draft(kind, None, data, audience_of(main))
