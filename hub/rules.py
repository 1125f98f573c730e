"""All rules in one list: what commands exist, and the two functions that everything goes through.

`decide` turns (state, command, context) into drafts or a refusal and changes nothing; `apply` puts an entry
into the state and refuses nothing. A new rule is a new file with a `RULES` value, and its name in FILES.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from hub.cameras import changes, patrol, pictures, turning, walls, watched
from hub.conference import (
    answering,
    apart,
    arrival,
    banner,
    bookings,
    calls,
    cameras,
    chair,
    checks,
    floor,
    groups,
    hearing,
    jobs,
    layouts,
    listening,
    lock,
    marks,
    meeting,
    notes,
    participants,
    pause,
    recording,
    recording_room,
    roll_call,
    screens,
    second,
    secrecy,
    sign_in,
    sound,
    stage,
    talk,
    templates,
    term,
    tour,
    units,
)
from hub.custody import disposal, holds, retention
from hub.directory.permissions import ROLES
from hub.directory.secrecy import NORMAL
from hub.dispatch import alarms, clearings, decisions, duty, incidents, order_numbers, orders, reports, tasks
from hub.entry import CLEARED, SYSTEM, Command, Draft, Entry, Standing
from hub.errors import Refusal
from hub.gates import level_of
from hub.grids import (
    answer_months,
    devices,
    errands,
    grids,
    list_rows,
    order_tasks,
    phone_calls,
    registry_notes,
    sweeps,
    views,
)
from hub.house import (
    accounts,
    adoption,
    asked_passwords,
    audit,
    backups,
    center_import,
    centers,
    copies,
    evidence,
    looks,
    policies,
    rights,
    second_factors,
    sessions,
    set_up,
    sign_ins,
)
from hub.minutes import keeping as minutes
from hub.parts import Part
from hub.plans import keeping, running, wordings
from hub.ruling import CommandData, CommandRule, Consequence, Context, EntryRule, MeetingUse, RuleFile
from hub.state import HubState, Meeting

__all__ = [
    "COMMAND_SCHEMAS",
    "ENTRIES",
    "FILES",
    "MEETING_USE",
    "OWNER_COMMANDS",
    "PARTS",
    "SYSTEM_COMMANDS",
    "Context",
    "apply",
    "decide",
    "parse_data",
    "recall",
    "replay",
    "standing",
    "to_node",
]


def _consequences(maps: Iterable[Mapping[str, Consequence]]) -> dict[str, list[Consequence]]:
    found: dict[str, list[Consequence]] = {}
    for each in maps:
        for kind, consequence in each.items():
            found.setdefault(kind, []).append(consequence)
    return found


#: Every file of rules.
FILES: Final[tuple[RuleFile, ...]] = (
    meeting.RULES,
    participants.RULES,
    chair.RULES,
    lock.RULES,
    lock.WAITING,
    pause.RULES,
    term.RULES,
    secrecy.RULES,
    calls.RULES,
    arrival.RULES,
    sign_in.RULES,
    cameras.RULES,
    groups.RULES,
    answering.RULES,
    stage.RULES,
    second.RULES,
    screens.RULES,
    layouts.RULES,
    floor.RULES,
    floor.SETTINGS,
    roll_call.RULES,
    roll_call.LIST,
    tour.RULES,
    tour.LISTS,
    tour.FACES,
    banner.RULES,
    banner.SENT,
    banner.OWN,
    sound.RULES,
    sound.OWN,
    talk.RULES,
    apart.RULES,
    listening.RULES,
    units.RULES,
    units.UPPER,
    hearing.RULES,
    recording.RULES,
    jobs.RULES,
    recording_room.RULES,
    checks.RULES,
    notes.RULES,
    marks.RULES,
    reports.RULES,
    tasks.RULES,
    orders.RULES,
    order_numbers.RULES,
    decisions.RULES,
    minutes.RULES,
    holds.RULES,
    retention.RULES,
    disposal.RULES,
    alarms.RULES,
    clearings.RULES,
    incidents.RULES,
    duty.RULES,
    bookings.RULES,
    templates.RULES,
    keeping.RULES,
    wordings.RULES,
    running.RULES,
    walls.RULES,
    pictures.RULES,
    patrol.RULES,
    grids.RULES,
    sweeps.RULES,
    errands.RULES,
    order_tasks.RULES,
    list_rows.RULES,
    answer_months.RULES,
    phone_calls.RULES,
    registry_notes.RULES,
    views.RULES,
    accounts.RULES,
    centers.RULES,
    center_import.RULES,
    adoption.RULES,
    sign_ins.RULES,
    looks.RULES,
    evidence.RULES,
    audit.RULES,
    backups.RULES,
    copies.RULES,
    policies.RULES,
    sessions.RULES,
    devices.RULES,
    second_factors.RULES,
    rights.RULES,
    asked_passwords.RULES,
    set_up.RULES,
    changes.RULES,
    watched.RULES,
    turning.RULES,
)

_COMMANDS: Final[dict[str, CommandRule]] = {rule.kind: rule for file in FILES for rule in file.commands}
#: Every kind of entry.
ENTRIES: Final[dict[str, EntryRule]] = {rule.kind: rule for file in FILES for rule in file.entries}
#: Every part of a meeting, by its name on the wire.
PARTS: Final[dict[str, type[Part]]] = {file.name: file.part for file in FILES if file.part is not None}
_PRECEDES: Final = _consequences(file.precedes for file in FILES)
_FOLLOWS: Final = _consequences(file.follows for file in FILES)

#: command kind -> model of its `data`, system commands included.
COMMAND_SCHEMAS: Final[dict[str, type[CommandData]]] = {kind: rule.schema for kind, rule in _COMMANDS.items()}
#: command kind -> whether it names a meeting: `never`, `optional` or `always`.
MEETING_USE: Final[dict[str, MeetingUse]] = {kind: rule.meeting for kind, rule in _COMMANDS.items()}
#: Commands only the hub gives; the edge does not offer them.
SYSTEM_COMMANDS: Final[frozenset[str]] = frozenset(kind for kind, rule in _COMMANDS.items() if rule.system)
#: Commands that the hub's owner gives at the command line.
OWNER_COMMANDS: Final[frozenset[str]] = frozenset(kind for kind, rule in _COMMANDS.items() if rule.owner)


def parse_data(kind: str, data: object) -> dict[str, object]:
    """The command's data checked and normalised (defaults filled in, times in UTC), as plain JSON.

    None stands for `{}`. Raises Refusal `invalid` with the field that is wrong, for an unknown kind `kind`.
    """
    schema = COMMAND_SCHEMAS.get(kind)
    if schema is None:
        raise Refusal("invalid", "there is no such command", "kind")
    try:
        model = schema.model_validate({} if data is None else data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "data"
        raise Refusal("invalid", first["msg"], field) from None
    return model.model_dump(mode="json")


def decide(state: HubState, command: Command, context: Context) -> list[Draft]:
    """What the command brings about; an empty list when it changes nothing.

    `command.data` has passed `parse_data`. Raises Refusal; never changes the state.
    """
    rule = _COMMANDS.get(command.kind)
    account = context.account
    if rule is None or (rule.system and account.id != SYSTEM):
        raise Refusal("invalid", "there is no such command", "kind")
    by_owner = rule.owner and account.id == SYSTEM
    if not (rule.system or by_owner) and (
        account.role not in ROLES or account.disabled or account.center not in context.tree
    ):
        raise Refusal("forbidden", "this account may do nothing")
    if rule.meeting == "always" and command.meeting is None:
        raise Refusal("invalid", "this command needs a meeting", "meeting")
    if rule.meeting == "never" and command.meeting is not None:
        raise Refusal("invalid", "this command takes no meeting", "meeting")
    return [
        _kept_secret(state, each)
        for draft in rule.decide(state, command, context)
        for each in _with_consequences(state, draft, context)
    ]


def _kept_secret(state: HubState, draft: Draft) -> Draft:
    """The draft; of what comes from a secret meeting, though it stands in none, for the cleared alone."""
    rule = ENTRIES[draft.kind]
    if draft.meeting is not None or rule.origin is None or CLEARED in draft.audience:
        return draft
    if level_of(state, rule.origin(state, draft.data)) == NORMAL:
        return draft
    return replace(draft, audience=(*draft.audience, CLEARED))


def _with_consequences(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The draft among what other files have precede and follow it, theirs included."""
    before = [more for ask in _PRECEDES.get(draft.kind, ()) for more in ask(state, draft, context)]
    after = [more for ask in _FOLLOWS.get(draft.kind, ()) for more in ask(state, draft, context)]
    if not before and not after:
        return [draft]
    return [
        *(each for more in before for each in _with_consequences(state, more, context)),
        draft,
        *(each for more in after for each in _with_consequences(state, more, context)),
    ]


def to_node(meeting: Meeting) -> dict[str, Any]:
    """What media nodes must know of a meeting: all fields of `meeting.set` but its id."""
    return {
        name: value
        for file in FILES
        if file.to_node is not None
        for name, value in file.to_node(meeting).items()
    }


def replay(entries: Iterable[Entry], meeting: str) -> Meeting | None:
    """A meeting as its own entries make it, with what lasts of it after its end; None when it is not opened in them."""
    state = HubState(keeps_ended=True)
    for entry in entries:
        apply(state, entry)
    return state.meetings.get(meeting)


def apply(state: HubState, entry: Entry) -> None:
    """Put a fact into the state. Kinds that this version does not know are passed over."""
    state.last_seq = max(state.last_seq, entry.seq)
    rule = ENTRIES.get(entry.kind)
    if rule is not None and rule.apply is not None:
        rule.apply(state, entry)


def recall(state: HubState, entry: Entry) -> None:
    """Put a fact about something that is over into the state, at a restart, in place of `apply`."""
    state.last_seq = max(state.last_seq, entry.seq)
    rule = ENTRIES.get(entry.kind)
    if rule is not None and rule.recall is not None:
        rule.recall(state, entry)


def standing(state: HubState, entry: Entry) -> Standing | None:
    """What a restart must know of an entry that was just applied; None when none needs it."""
    rule = ENTRIES.get(entry.kind)
    subject = rule.subject.of(entry) if rule is not None and rule.apply is not None else None
    if rule is None or subject is None:
        return None
    return Standing(subject, rule.subject.is_open(state, subject), rule.recall is not None)
