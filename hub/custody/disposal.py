"""Disposal (销毁): a list of what is to be destroyed, asked for by one person, agreed to by another, carried out by the hub.

| command | refused with |
|---|---|
| `disposal.approve` | `not_found`, `forbidden` (own list, the same role, not over all its centers), `wrong_state`, `conflict` |
| `disposal.reject` | `not_found`, `forbidden`, `wrong_state` |
| `disposal.note_asked` (the hub only) | – |
| `disposal.note_destroyed`, `note_completed` (the hub only) | `not_found`, `wrong_state` |

The list is made by the hub (listing.py) and stands as an object, which the entry names by its digest. Whether a meeting is held
is asked again when its things go, in the one decision that tells of it: what an entry says is destroyed is so from then on, and
its files follow. Of the list each meeting goes as a whole or not at all.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.conference.jobs import Jobs
from hub.custody.disposal_shapes import (
    DisposalApprove,
    DisposalApproved,
    DisposalAsked,
    DisposalCompleted,
    DisposalDestroyed,
    DisposalReject,
    DisposalRejected,
    Disposals,
    DisposalSpared,
    Listed,
    NoteDestroyed,
    NoteDisposalAsked,
    NoteDisposalCompleted,
    Spared,
)
from hub.custody.holds import is_held
from hub.custody.retention import policy_of
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.entry import HOUSE, Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import signature_of
from hub.ruling import Apply, CommandRule, Context, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState, Meeting

#: Things that one entry tells of.
MOST_TOLD: Final = 200


def may_approve(listed: Listed, account: Account, tree: CenterTree) -> bool:
    """Whether this account may agree to a list: another person with another role, over all its centers."""
    if account.id == listed.by.account or account.role == listed.role:
        return False
    if listed.classified and not account.cleared:
        return False
    return all(may(account, "disposal.approve", tree, center) for center in listed.centers)


def sees(listed: Listed, account: Account, tree: CenterTree) -> bool:
    """Whether a list exists for this account: it asked, or could ask for or agree to the same."""
    if listed.classified and not account.cleared:
        return False
    if account.id == listed.by.account:
        return True
    return any(
        all(may(account, action, tree, center) for center in listed.centers)
        for action in ("disposal.ask", "disposal.approve")
    )


def _open(state: HubState, disposal: str) -> Listed:
    listed = state.parts.read(Disposals).open.get(disposal)
    if listed is None:
        raise Refusal("not_found", "there is no such list, or it is over", "disposal")
    return listed


def _house(kind: str, listed_number: str, data: dict[str, Any]) -> list[Draft]:
    return [Draft(kind, None, {**data, "number": listed_number}, (HOUSE,))]


def _note_asked(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteDisposalAsked.model_validate(command.data).model_dump(mode="json")
    year = f"{context.now.astimezone(context.zone):%Y}"
    number = state.parts.read(Disposals).counted.get(year, 0) + 1
    return _house("disposal.asked", f"{year}-{number:03d}", {**data, "disposal": context.new_id("dl")})


def _seen(state: HubState, disposal: str, context: Context) -> Listed:
    listed = _open(state, disposal)
    if not sees(listed, context.account, context.tree):
        raise Refusal("not_found", "there is no such list, or it is over", "disposal")
    return listed


def _approve(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DisposalApprove.model_validate(command.data)
    listed, account = _seen(state, data.disposal, context), context.account
    if listed.approved_by is not None:
        raise Refusal("wrong_state", "this list is agreed to already")
    if not may_approve(listed, account, context.tree):
        raise Refusal("forbidden", "another person with another role agrees to it, over all its centers")
    if data.digest != listed.digest:
        raise Refusal("conflict", "this is another list than the one that you have seen", "digest")
    told = {
        "disposal": data.disposal,
        "by": signature_of(account, context.tree),
        "role": account.role,
        "asked_by": listed.by.model_dump(mode="json"),
    }
    return _house("disposal.approved", listed.number, told)


def _reject(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DisposalReject.model_validate(command.data)
    listed, account = _seen(state, data.disposal, context), context.account
    if listed.approved_by is not None:
        raise Refusal("wrong_state", "this list is agreed to already")
    own = account.id == listed.by.account
    if not own and not may_approve(listed, account, context.tree):
        raise Refusal("forbidden", "who asked takes it back, who may agree refuses it")
    told = {
        "disposal": data.disposal,
        "by": signature_of(account, context.tree),
        "outcome": "taken_back" if own else "rejected",
        "reason": data.reason,
    }
    return _house("disposal.rejected", listed.number, told)


def _note_destroyed(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteDestroyed.model_validate(command.data)
    listed = _open(state, data.disposal)
    meeting = state.meetings.get(command.meeting or "")
    if listed.approved_by is None:
        raise Refusal("wrong_state", "nobody has agreed to this list")
    if meeting is None:
        raise Refusal("not_found", "there is no such meeting", "meeting")
    if meeting.id in listed.done:
        return []
    head = {"disposal": data.disposal, "number": listed.number}
    audience = (center_audience(meeting.convener.center),)
    kept = _kept(state, meeting, data, context)
    if kept is not None:
        return [Draft("disposal.spared", meeting.id, {**head, "reason": kept}, audience)]
    who = {
        "asked_by": listed.by.model_dump(mode="json"),
        "approved_by": listed.approved_by.model_dump(mode="json"),
    }
    items = [each.model_dump(mode="json") for each in data.items]
    return [
        Draft(
            "disposal.destroyed",
            meeting.id,
            {**head, **who, "items": items[at : at + MOST_TOLD]},
            audience,
        )
        for at in range(0, len(items), MOST_TOLD)
    ]


def _kept(state: HubState, meeting: Meeting, data: NoteDestroyed, context: Context) -> Spared | None:
    """Why nothing of a meeting goes now; None: it goes."""
    if is_held(state, meeting.id):
        return "held"
    if meeting.ended_at is None:
        return "running"
    if any(each.meeting == meeting.id for each in state.parts.read(Jobs).by_id.values()):
        return "open_job"
    policy = policy_of(state)
    for kind in {each.kind for each in data.items}:
        days = policy.days_of(kind)
        if days is None or meeting.ended_at + timedelta(days=days) > context.now:
            return "policy"
    return data.keep or (None if data.items else "changed")


def _note_completed(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteDisposalCompleted.model_validate(command.data)
    listed = _open(state, data.disposal)
    if listed.approved_by is None:
        raise Refusal("wrong_state", "nobody has agreed to this list")
    gone = sum(listed.done.values())
    told = {
        "disposal": data.disposal,
        "meetings": gone,
        "spared": len(listed.done) - gone,
        "items": listed.items,
        "bytes": listed.bytes,
    }
    return _house("disposal.completed", listed.number, told)


def _count(state: HubState, entry: Entry) -> None:
    """Its number is taken, whatever became of the list."""
    year, _, number = entry.data["number"].partition("-")
    state.parts.edit(Disposals).counted[year] = int(number)


def _asked(state: HubState, entry: Entry) -> None:
    data = entry.data
    _count(state, entry)
    state.parts.edit(Disposals).open[data["disposal"]] = Listed(
        number=data["number"],
        by=Author.model_validate(data["by"]),
        role=data["role"],
        digest=data["content"]["object"],
        centers=list(data["centers"]),
        classified=data.get("classified", False),
    )


def _of(state: HubState, entry: Entry) -> Listed | None:
    return state.parts.edit(Disposals).open.get(entry.data["disposal"])


def _approved(state: HubState, entry: Entry) -> None:
    if (listed := _of(state, entry)) is not None:
        listed.approved_by = Author.model_validate(entry.data["by"])


def _over(state: HubState, entry: Entry) -> None:
    state.parts.edit(Disposals).open.pop(entry.data["disposal"], None)


def _destroyed(state: HubState, entry: Entry) -> None:
    if (listed := _of(state, entry)) is not None and entry.meeting is not None:
        listed.done[entry.meeting] = True
        listed.items += len(entry.data["items"])
        listed.bytes += sum(file["bytes"] for each in entry.data["items"] for file in each["files"])


def _spared(state: HubState, entry: Entry) -> None:
    if (listed := _of(state, entry)) is not None and entry.meeting is not None:
        listed.done[entry.meeting] = False


#: What entries about a list are about.
DISPOSAL: Final = Subject(
    lambda entry: str(entry.data["disposal"]), lambda state, id: id in state.parts.read(Disposals).open
)


def _entry(kind: str, schema: type[Wire], apply: Apply, recall: Apply | None = None) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="audit.read", subject=DISPOSAL, house=True, recall=recall)


def _of_meeting(kind: str, schema: type[Wire], apply: Apply) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="meeting.read", subject=DISPOSAL, control="none")


RULES = RuleFile(
    "disposal",
    commands=(
        CommandRule("disposal.note_asked", NoteDisposalAsked, _note_asked, meeting="never", system=True),
        CommandRule("disposal.approve", DisposalApprove, _approve, meeting="never"),
        CommandRule("disposal.reject", DisposalReject, _reject, meeting="never"),
        CommandRule("disposal.note_destroyed", NoteDestroyed, _note_destroyed, system=True),
        CommandRule(
            "disposal.note_completed", NoteDisposalCompleted, _note_completed, meeting="never", system=True
        ),
    ),
    entries=(
        _entry("disposal.asked", DisposalAsked, _asked, _count),
        _entry("disposal.approved", DisposalApproved, _approved),
        _entry("disposal.rejected", DisposalRejected, _over),
        _of_meeting("disposal.destroyed", DisposalDestroyed, _destroyed),
        _of_meeting("disposal.spared", DisposalSpared, _spared),
        _entry("disposal.completed", DisposalCompleted, _over),
    ),
)
