"""What commands about an incident ask first: is it there for the asker, may the asker do this; and how their drafts look."""

from __future__ import annotations

from typing import Any

from hub.clock import from_wire
from hub.directory.permissions import asked_of, may
from hub.directory.secrecy import may_see_level
from hub.dispatch.incident_shapes import IncidentFields
from hub.dispatch.incident_state import Incident, incidents_of
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import level_of, may_here, require_joined, running_meeting, signature_of
from hub.ruling import Context
from hub.state import HubState


def reads(state: HubState, incident: Incident, context: Context) -> bool:
    """Whether it concerned a center that the asker reads about; one from a secret meeting, whether he is cleared or asked."""
    account, tree = context.account, context.tree
    if not may_see_level(account, level_of(state, incident.meeting)):
        return asked_of(account, tree, "incident.read", incident.asked)
    return any(may(account, "incident.read", tree, code) for code in incident.concerned)


def seen(state: HubState, id: str, context: Context, field: str = "incident") -> Incident:
    """Raises Refusal `not_found` for one that is not there or not seen."""
    incidents = incidents_of(state)
    incident = incidents.by_id.get(id)
    if incident is None or not (reads(state, incident, context) or _by_its_main(state, incident, context)):
        raise Refusal("not_found", "there is no such incident", field)
    return incident


def _by_its_main(state: HubState, incident: Incident, context: Context) -> bool:
    """Whether the asker reads what it was joined into, and may know of both."""
    main = incidents_of(state).main_of(incident)
    known = may_see_level(context.account, level_of(state, incident.meeting))
    return known and main is not None and reads(state, main, context)


def require_open(state: HubState, id: str, context: Context, *actions: str) -> Incident:
    """One that goes on. Raises Refusal `not_found`, `forbidden` unless one of these may be done, `already_done`."""
    incident = seen(state, id, context)
    if not any(may_do(action, incident, context) for action in actions):
        raise Refusal("forbidden", "this is for others to do", "incident")
    if not incident.is_open:
        raise Refusal("already_done", "it is closed, or joined into another one", "incident")
    return incident


def may_do(action: str, incident: Incident, context: Context) -> bool:
    """Whether the asker may `handle` it for the responsible center, `lead` that center, `check` for who asked, or has the
    `intake`.

    For a center that is no more, whoever leads one that it concerned steps in.
    """
    account, tree = context.account, context.tree
    if action == "handle":
        return may(account, "incident.handle", tree, incident.responsible["center"])
    side = {"lead": incident.responsible, "check": incident.checker, "intake": incident.taken_by}[action]
    if side["center"] not in tree:
        return any(may(account, "incident.manage", tree, code) for code in incident.concerned)
    return may(account, "incident.manage", tree, side["center"])


def require_in_meeting(state: HubState, command: Command, context: Context) -> None:
    """What is done in a meeting stands in its record. Raises Refusal unless the asker is in it or controls it."""
    if command.meeting is not None:
        meeting = running_meeting(state, command, context)
        if not may_here(meeting, "meeting.control", context):
            require_joined(meeting, context)


def require_ahead(due: str | None, before: str | None, context: Context) -> None:
    """Another moment than before lies ahead. Raises Refusal `invalid`."""
    if due is not None and due != before and from_wire(due) <= context.now:
        raise Refusal("invalid", "it would be due in the past", "due")


def audience_of(*incidents: Incident, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    codes = dict.fromkeys([*(code for one in incidents for code in one.concerned), *more])
    return tuple(center_audience(code) for code in codes)


def step(
    kind: str,
    incident: Incident,
    command: Command,
    context: Context,
    /,
    told: dict[str, Any] | None = None,
    *,
    stands: dict[str, Any] | None = None,
    also: tuple[str, ...] = (),
) -> Draft:
    """What was done about it, and how it stands then; `stands`: what is another than before, `also`: whom it concerns now."""
    data = {
        "incident": incident.id,
        "by": signature_of(context.account, context.tree),
        "stands": {**incident.stands(), **(stands or {})},
        **(told or {}),
    }
    return Draft(kind, command.meeting, data, audience_of(incident, more=also))


def files_of(data: Any) -> list[dict[str, Any]]:
    """What is attached."""
    return [each.model_dump() for each in data.attachments]


def center_named(code: str, context: Context) -> dict[str, str]:
    """`{center, name}` of a center of the directory."""
    return {"center": code, "name": context.tree[code].name}


def fields_of(data: IncidentFields) -> dict[str, Any]:
    """What people write of it: title, text, category, place, urgency, due."""
    return data.model_dump(include={"title", "text", "category", "place", "urgency", "due"})
