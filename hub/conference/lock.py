"""Locking (锁定): who comes to a locked meeting waits until the chair lets him in; he hears, sees and sends nothing.

| command | refused with |
|---|---|
| `meeting.lock`, `meeting.unlock` | `not_found`, `meeting_ended`, `forbidden` |
| `waiting.admit`, `waiting.refuse` | `not_found` (meeting, nobody of this id waits), `meeting_ended`, `forbidden` |

Who is in the meeting stays, also while his line is lost; who left, waits like others. The chair, those beside him and who
commands the meeting come in. `meeting.join` has the others wait (`waiting.came`), and `meeting.leave` ends that
(`waiting.gave_up`). Who was refused may not ask again (`not_admitted`) before the meeting is unlocked, which lets in all
who wait.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.clock import to_wire
from hub.conference.lock_shapes import (
    Lock,
    Locked,
    Waiter,
    Waiting,
    WaitingAdmit,
    WaitingAdmitted,
    WaitingCame,
    WaitingRefuse,
)
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.gates import require_here, running_meeting, signature_of
from hub.ruling import CommandRule, Context, Control, EntryRule, NoData, RuleFile
from hub.shapes import Author, Nothing, OfParticipant, ParticipantRef
from hub.state import HubState, Meeting


def _controlled(state: HubState, command: Command, context: Context) -> Meeting:
    meeting = running_meeting(state, command, context)
    require_here(meeting, "meeting.control", context)
    return meeting


def _lock(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Have who comes from now on wait to be let in."""
    meeting = _controlled(state, command, context)
    if meeting.read(Lock).locked:
        return []
    by = signature_of(context.account, context.tree)
    return [Draft("meeting.locked", meeting.id, {"by": by})]


def _unlock(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let in who waits, and who comes from now on."""
    meeting = _controlled(state, command, context)
    if not meeting.read(Lock).locked:
        return []
    return [Draft("meeting.unlocked", meeting.id, {}), *_admitted(meeting, _who_wait(meeting))]


def _who_wait(meeting: Meeting) -> list[Waiter]:
    return [row for row in meeting.read(Waiting).rows.values() if row.state == "waiting"]


def _admitted(meeting: Meeting, waiting: Iterable[Waiter]) -> list[Draft]:
    """They are let in, and are in the meeting with it."""
    who = [_ref(row) for row in waiting]
    if not who:
        return []
    joined = [Draft("meeting.joined", meeting.id, {"participant": one}) for one in who]
    return [Draft("waiting.admitted", meeting.id, {"participants": who}), *joined]


def _ref(row: Waiter) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ParticipantRef.model_fields}


def _row(meeting: Meeting, participant: str) -> Waiter:
    row = meeting.read(Waiting).rows.get(participant)
    if row is None:
        raise Refusal("not_found", "nobody of this id waits", "participant")
    return row


def _admit(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _controlled(state, command, context)
    who = WaitingAdmit.model_validate(command.data).participant
    if who is not None:
        return _admitted(meeting, [_row(meeting, who)])
    return _admitted(meeting, _who_wait(meeting))


def _refuse(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = _controlled(state, command, context)
    row = _row(meeting, WaitingRefuse.model_validate(command.data).participant)
    return [] if row.state == "refused" else [Draft("waiting.refused", meeting.id, {"participant": row.id})]


def _after_removal(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who is put out waits no more."""
    meeting, who = state.meetings[draft.meeting or ""], draft.data["participant"]
    if who not in meeting.read(Waiting).rows:
        return []
    return [Draft("waiting.gave_up", meeting.id, {"participant": who})]


def _meeting(state: HubState, entry: Entry) -> Meeting | None:
    meeting = state.meetings.get(entry.meeting or "")
    return meeting if meeting is not None and meeting.is_open else None


def _locked(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        lock, by = meeting.parts.edit(Lock), entry.data["by"]
        lock.locked, lock.at = True, to_wire(entry.at)
        lock.by = Author.model_validate({name: by[name] for name in Author.model_fields})


def _unlocked(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        meeting.parts.forget(Lock)
        # Who was refused may come by himself now.
        for who in [row.id for row in meeting.read(Waiting).rows.values() if row.state == "refused"]:
            meeting.parts.drop_row(Waiting, who)


def _came(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        who = {name: entry.data["participant"][name] for name in ParticipantRef.model_fields}
        row = Waiter.model_construct(**who, state="waiting", at=to_wire(entry.at))
        meeting.parts.put_row(Waiting, row.id, row)


def _admitted_in(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        for who in entry.data["participants"]:
            meeting.parts.drop_row(Waiting, who["id"])


def _gave_up(state: HubState, entry: Entry) -> None:
    if (meeting := _meeting(state, entry)) is not None:
        meeting.parts.drop_row(Waiting, entry.data["participant"])


def _refused(state: HubState, entry: Entry) -> None:
    meeting = _meeting(state, entry)
    row = meeting.parts.row(Waiting, entry.data["participant"]) if meeting is not None else None
    if row is not None:
        row.state, row.at = "refused", to_wire(entry.at)


RULES = RuleFile(
    "lock",
    part=Lock,
    commands=(
        CommandRule("meeting.lock", NoData, _lock),
        CommandRule("meeting.unlock", NoData, _unlock),
        CommandRule("waiting.admit", WaitingAdmit, _admit),
        CommandRule("waiting.refuse", WaitingRefuse, _refuse),
    ),
    entries=(
        EntryRule("meeting.locked", Locked, _locked, control=Control("锁定会议", "meeting locked")),
        EntryRule("meeting.unlocked", Nothing, _unlocked, control=Control("解除锁定", "meeting unlocked")),
        EntryRule("waiting.came", WaitingCame, _came, control="none"),
        EntryRule("waiting.admitted", WaitingAdmitted, _admitted_in, control=Control("放行", "let in")),
        EntryRule("waiting.refused", OfParticipant, _refused, control=Control("不予放行", "not let in")),
        EntryRule("waiting.gave_up", OfParticipant, _gave_up, control="none"),
    ),
    follows={"participant.removed": _after_removal},
)
#: Who waits is a part of its own: a city may stand at the door, and only the rows that changed are told.
WAITING = RuleFile("waiting", part=Waiting)
