"""Incidents and appeals: taken in, studied, routed, handled, checked, closed; taken up again; duplicates joined.

| command | refused with |
|---|---|
| `incident.register` | `forbidden`, `not_found` (site out of sight), `invalid` (due in the past) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.change` | `not_found`, `forbidden`, `already_done` (over), `invalid` |
| `incident.study` | `not_found`, `forbidden`, `already_done` (over) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.route` | `not_found`, `forbidden`, `already_done` (over, or responsible already), `wrong_state` (reported done) |
| … | also `too_many` (centers that it concerned) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.acknowledge` | `not_found`, `forbidden` (not responsible), `already_done` |
| `incident.note` | `not_found`, `forbidden`, `already_done`, `wrong_state` (not acknowledged, or reported done) |
| … in a meeting | also `not_found`, `meeting_ended`, `not_joined`, `removed` |
| `incident.complete` | `not_found`, `forbidden`, `already_done`, `wrong_state` (as `note`) |
| `incident.close`, `return` | `not_found`, `forbidden` (not who asked), `already_done`, `wrong_state` (not reported done) |
| `incident.reopen` | `not_found`, `forbidden`, `wrong_state` (not closed), `invalid` (due in the past) |
| `incident.join` | `not_found`, `forbidden`, `already_done` (over), `wrong_state` (into one that is over), `invalid` (itself) |
| `incident.separate` | `not_found`, `forbidden`, `wrong_state` (not joined) |
| `incident.advance` (the hub only) | – |

At every moment one center is *responsible*. Who took it in *asked* first; whoever passes it down asks in turn, and checks what
comes back: he closes it, or vouches for it to who asked him. It goes down or beside within the subtree of who routes it, and
up to any center above. Whoever may lead the responsible center may do so for it; a station passes only back, to who asked.

It is read by every center that it has ever concerned and by those above; a duplicate also by those who read the main one.
No person stands in it: what people write is about matters, and a citizen is a number.
"""

from __future__ import annotations

from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.directory.permissions import may
from hub.dispatch import incident_state as kept
from hub.dispatch.incident_shapes import (
    IncidentAcknowledge,
    IncidentAcknowledged,
    IncidentAdvance,
    IncidentChange,
    IncidentChanged,
    IncidentClose,
    IncidentClosed,
    IncidentComplete,
    IncidentFields,
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
from hub.dispatch.incident_state import Incident, incidents_of
from hub.dispatch.routing import passed_on, vouched
from hub.entry import Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import may_here, own_targets, require_joined, running_meeting, signature_of
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Centers that one incident concerns in its life.
MOST_CONCERNED: Final = 64
#: Incidents that one command of the clock looks at; what is left is due at once.
MOST_AT_ONCE: Final = 200
#: So much (characters) of an order is told in the incident that it follows from.
TOLD_OF_ORDER: Final = 120


# -- who may


def _reads(incident: Incident, context: Context) -> bool:
    return any(may(context.account, "incident.read", context.tree, code) for code in incident.concerned)


def _seen(state: HubState, id: str, context: Context, field: str = "incident") -> Incident:
    """Raises Refusal `not_found` for one that is not there or not seen."""
    incidents = incidents_of(state)
    incident = incidents.by_id.get(id)
    main = None if incident is None else incidents.main_of(incident)
    if incident is None or not (_reads(incident, context) or (main is not None and _reads(main, context))):
        raise Refusal("not_found", "there is no such incident", field)
    return incident


def _open(state: HubState, id: str, context: Context, *actions: str) -> Incident:
    """One that goes on. Raises Refusal `not_found`, `forbidden` unless one of these may be done, `already_done`."""
    incident = _seen(state, id, context)
    if not any(_may(action, incident, context) for action in actions):
        raise Refusal("forbidden", "this is for others to do", "incident")
    if not incident.is_open:
        raise Refusal("already_done", "it is closed, or joined into another one", "incident")
    return incident


def _may(action: str, incident: Incident, context: Context) -> bool:
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


def _here(state: HubState, command: Command, context: Context) -> None:
    """What is done in a meeting stands in its record. Raises Refusal unless the asker is in it or controls it."""
    if command.meeting is not None:
        meeting = running_meeting(state, command, context)
        if not may_here(meeting, "meeting.control", context):
            require_joined(meeting, context)


def _ahead(due: str | None, before: str | None, context: Context) -> None:
    if due is not None and due != before and from_wire(due) <= context.now:
        raise Refusal("invalid", "it would be due in the past", "due")


# -- drafts


def _audience(*incidents: Incident, more: tuple[str, ...] = ()) -> tuple[str, ...]:
    codes = dict.fromkeys([*(code for one in incidents for code in one.concerned), *more])
    return tuple(center_audience(code) for code in codes)


def _step(
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
    return Draft(kind, command.meeting, data, _audience(incident, more=also))


def _files(data: Any) -> list[dict[str, Any]]:
    return [each.model_dump() for each in data.attachments]


def _name(code: str, context: Context) -> dict[str, str]:
    return {"center": code, "name": context.tree[code].name}


def _fields(data: IncidentFields) -> dict[str, Any]:
    return data.model_dump(include={"title", "text", "category", "place", "urgency", "due"})


# -- taken in


def _register(state: HubState, command: Command, context: Context) -> list[Draft]:
    account, tree = context.account, context.tree
    if not may(account, "incident.register", tree, account.center):
        raise Refusal("forbidden", "this role takes in no incidents")
    _here(state, command, context)
    data = IncidentRegister.model_validate(command.data)
    _ahead(data.due, None, context)
    site = None if data.site is None else own_targets([data.site], "incident.manage", "site", context)[0]
    own = _name(account.center, context)
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
        "site": None if site is None else _name(site, context),
        "about": None if data.about is None else data.about.model_dump(),
        "attachments": _files(data),
        **_fields(data),
    }
    audience = tuple(
        center_audience(code) for code in dict.fromkeys([account.center, site or account.center])
    )
    return [Draft("incident.registered", command.meeting, registered, audience)]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentChange.model_validate(command.data)
    incident = _open(state, data.incident, context, "intake", "check", "lead")
    _ahead(data.due, incident.due, context)
    return [_step("incident.changed", incident, command, context, _fields(data))]


def _study(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentStudy.model_validate(command.data)
    incident = _open(state, data.incident, context, "lead", "check")
    _here(state, command, context)
    stands = {"state": "studied"} if incident.state == "registered" else {}
    told = {"text": data.text, "attachments": _files(data)}
    return [_step("incident.studied", incident, command, context, told, stands=stands)]


# -- routed


def _route(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentRoute.model_validate(command.data)
    incident = _open(state, data.incident, context, "lead", "handle")
    _here(state, command, context)
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
        incident.askers, incident.responsible, _name(context.account.center, context), to, context.tree
    )
    named = _name(to, context)
    stands = {
        "state": "routed",
        "responsible": named,
        "checker": dict(askers[-1]),
        "askers": [dict(asker) for asker in askers],
    }
    told = {"before": dict(incident.responsible), "to": named, "direction": direction, "text": data.reason}
    return [_step("incident.routed", incident, command, context, told, stands=stands, also=(to,))]


def _target(incident: Incident, to: str, context: Context) -> str:
    """Where it may be routed. Raises Refusal `not_found`, `forbidden`."""
    tree = context.tree
    if not _may("lead", incident, context):
        if to != incident.checker["center"]:
            raise Refusal("forbidden", "a station passes it back to who asked, nowhere else", "to")
        return to
    if to in tree and tree.contains(to, incident.responsible["center"]):
        return to
    return own_targets([to], "incident.manage", "to", context)[0]


# -- handled


def _acknowledge(state: HubState, command: Command, context: Context) -> list[Draft]:
    incident = _open(state, IncidentAcknowledge.model_validate(command.data).incident, context, "handle")
    if incident.state in ("handling", "completed"):
        raise Refusal("already_done", "the center has it", "incident")
    return [_step("incident.acknowledged", incident, command, context, stands={"state": "handling"})]


def _handled(state: HubState, id: str, context: Context) -> Incident:
    incident = _open(state, id, context, "handle")
    if incident.state == "routed":
        raise Refusal("wrong_state", "say first that you have it", "incident")
    if incident.state == "completed":
        raise Refusal("wrong_state", "it is reported done", "incident")
    return incident


def _note(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentNote.model_validate(command.data)
    incident = _handled(state, data.incident, context)
    _here(state, command, context)
    told = {"text": data.text, "attachments": _files(data)}
    return [_step("incident.noted", incident, command, context, told, stands={"state": "handling"})]


def _complete(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentComplete.model_validate(command.data)
    incident = _handled(state, data.incident, context)
    told = {"text": data.text, "attachments": _files(data)}
    return [_step("incident.completed", incident, command, context, told, stands={"state": "completed"})]


# -- checked


def _to_check(state: HubState, id: str, context: Context) -> Incident:
    incident = _open(state, id, context, "check")
    if incident.state != "completed":
        raise Refusal("wrong_state", "it is not reported done", "incident")
    return incident


def _close(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentClose.model_validate(command.data)
    incident = _to_check(state, data.incident, context)
    left, voucher = vouched(incident.askers, context.account.center)
    if left:
        stands = {
            "responsible": dict(voucher),
            "checker": dict(left[-1]),
            "askers": [dict(one) for one in left],
        }
        return [_step("incident.passed", incident, command, context, {"text": data.text}, stands=stands)]
    told = {"text": data.text, "kept": incident.kept()}
    return [_step("incident.closed", incident, command, context, told, stands={"state": "closed"})]


def _return(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentReturn.model_validate(command.data)
    incident = _to_check(state, data.incident, context)
    return [
        _step(
            "incident.returned",
            incident,
            command,
            context,
            {"text": data.reason},
            stands={"state": "handling"},
        )
    ]


def _reopen(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentReopen.model_validate(command.data)
    incident = _seen(state, data.incident, context)
    if not (_may("intake", incident, context) or _may("lead", incident, context)):
        raise Refusal("forbidden", "this is for who took it in to do", "incident")
    if incident.state != "closed":
        raise Refusal("wrong_state", "it is not closed", "incident")
    _ahead(data.due, None, context)
    first = dict(incident.askers[0])
    stands = {"state": "routed", "checker": first, "askers": [first]}
    told = {"text": data.reason, "due": data.due}
    return [_step("incident.reopened", incident, command, context, told, stands=stands)]


# -- duplicates


def _pointed(incident: Incident) -> dict[str, str]:
    return {"id": incident.id, "number": incident.number, "title": incident.title}


def _leads(incident: Incident, context: Context) -> bool:
    return _may("lead", incident, context) or _may("intake", incident, context)


def _join(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = IncidentJoin.model_validate(command.data)
    incident = _open(state, data.incident, context, "lead", "intake")
    main = _seen(state, data.main, context, "main")
    if main is incident:
        raise Refusal("invalid", "nothing is a duplicate of itself", "main")
    if not _leads(main, context):
        raise Refusal("forbidden", "this is for others to do", "main")
    if not main.is_open:
        # So what something is joined into is never joined itself at that moment, and no circle comes about.
        raise Refusal("wrong_state", "the one that goes on is over itself", "main")
    by = signature_of(context.account, context.tree)
    told = {"main": _pointed(main), "kept": {**incident.kept(), "main": main.id}}
    return [
        _step(
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


def _separate(state: HubState, command: Command, context: Context) -> list[Draft]:
    incident = _seen(state, IncidentSeparate.model_validate(command.data).incident, context)
    if not _leads(incident, context):
        raise Refusal("forbidden", "this is for others to do", "incident")
    main = incidents_of(state).by_id.get(incident.main or "")
    if incident.state != "joined" or main is None:
        raise Refusal("wrong_state", "it is not joined into another one", "incident")
    by = signature_of(context.account, context.tree)
    stands, told = {"state": incident.was}, {"main": _pointed(main)}
    return [
        _step("incident.separated", incident, command, context, told, stands=stands, also=main.concerned),
        _linked("incident.released", main, incident, by),
    ]


def _linked(kind: str, main: Incident, other: Incident, by: dict[str, str]) -> Draft:
    data = {"incident": main.id, "other": _pointed(other), "by": by}
    return Draft(kind, None, data, _audience(main))


# -- what comes by time, and what follows from others' entries


def _advance(state: HubState, command: Command, context: Context) -> list[Draft]:
    incidents, now = incidents_of(state), to_wire(context.now)
    come = [incidents.by_id[id] for at, id in incidents.waiting[:MOST_AT_ONCE] if at <= now]
    return [
        Draft("incident.overdue", None, {"incident": one.id, "due": one.due}, _audience(one)) for one in come
    ]


def _on_order(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """An order that follows from it stands in its time line."""
    about, incidents = draft.data["about"], incidents_of(state)
    incident = incidents.by_id.get(about["id"]) if about is not None else None
    if incident is None or not _reads(incident, context):
        return []
    text = draft.data["text"]
    data = {
        "incident": incident.id,
        "order": draft.data["order"],
        "text": text if len(text) <= TOLD_OF_ORDER else f"{text[:TOLD_OF_ORDER]}…",
        "by": signature_of(context.account, context.tree),
    }
    return [Draft("incident.ordered", draft.meeting, data, _audience(incident))]


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
    )


def _command(kind: str, schema: Any, decide: Any, *, in_meetings: bool = False) -> CommandRule:
    return CommandRule(kind, schema, decide, meeting="optional" if in_meetings else "never")


RULES = RuleFile(
    "incidents",
    commands=(
        _command("incident.register", IncidentRegister, _register, in_meetings=True),
        _command("incident.change", IncidentChange, _change),
        _command("incident.study", IncidentStudy, _study, in_meetings=True),
        _command("incident.route", IncidentRoute, _route, in_meetings=True),
        _command("incident.acknowledge", IncidentAcknowledge, _acknowledge),
        _command("incident.note", IncidentNote, _note, in_meetings=True),
        _command("incident.complete", IncidentComplete, _complete),
        _command("incident.close", IncidentClose, _close),
        _command("incident.return", IncidentReturn, _return),
        _command("incident.reopen", IncidentReopen, _reopen),
        _command("incident.join", IncidentJoin, _join),
        _command("incident.separate", IncidentSeparate, _separate),
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
