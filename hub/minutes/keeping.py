"""Minutes (会议纪要): submitted by the clerk, approved or returned by the chair, and never changed once approved.

| command | refused with |
|---|---|
| `minutes.submit` | `not_found`, `forbidden`, `wrong_state` (it runs, one waits already), `invalid` (text, no reason) |
| `minutes.withdraw` | `not_found`, `forbidden` (another's), `wrong_state` (nothing waits, or another text) |
| `minutes.return` | `not_found`, `forbidden`, `wrong_state` |
| `minutes.approve` | `not_found`, `forbidden` (not the chair, or one's own), `wrong_state` |

Who may write them submits them: leaders and dispatchers of the convener's center and above, its clerk, the chair. Who led the
meeting last approves them, or a leader of the convener's center or above; but for the chair nobody approves what he submitted
himself. A version that was approved stands for ever: what is put right later is a further version that says why. All versions
have one number, given with the first, counted by the convener's center and year without gaps.
"""

from __future__ import annotations

from typing import Any, Final

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch.order_numbers import short_name
from hub.entry import EVERYONE_IN_MEETING, Command, Draft, Entry, account_audience, center_audience
from hub.errors import Refusal
from hub.gates import require_here, signature_of, visible_meeting
from hub.minutes.shapes import (
    Known,
    MinutesApprove,
    MinutesApproved,
    MinutesOf,
    MinutesReturn,
    MinutesReturned,
    MinutesState,
    MinutesSubmit,
    MinutesSubmitted,
    MinutesWithdraw,
    MinutesWithdrawn,
    Written,
)
from hub.minutes.text import MAX_TEXT_BYTES, TEXT_TYPE
from hub.objects.reference import NamedObject
from hub.ruling import Apply, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState, Meeting


def minutes_of(state: HubState, meeting: str) -> Known | None:
    """How the minutes of a meeting stand; None where none were ever submitted."""
    return state.parts.read(Written).by_meeting.get(meeting)


def may_approve(meeting: Meeting, known: Known | None, account: Account, tree: CenterTree) -> bool:
    """Whether the account approves and returns what waits: the chair; or a leader there, of what another submitted."""
    if meeting.chair.id == account.id:
        return True
    if known is not None and known.by is not None and known.by.account == account.id:
        return False
    return may(account, "minutes.approve", tree, meeting.convener.center)


def _submit(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    require_here(meeting, "minutes.write", context)
    data, known = MinutesSubmit.model_validate(command.data), minutes_of(state, meeting.id)
    if meeting.is_open:
        raise Refusal("wrong_state", "the meeting still runs; its minutes are submitted when it is over")
    if known is not None and known.state == "submitted":
        raise Refusal("wrong_state", "minutes of this meeting wait for approval already")
    if data.text.type != TEXT_TYPE or data.text.bytes > MAX_TEXT_BYTES:
        raise Refusal("invalid", "this is no text of minutes", "text")
    version = known.version if known is not None else 0
    if version and not data.why:
        raise Refusal("invalid", "say why there is a new version", "why")
    chair = meeting.chair
    told = {
        **_head(meeting, 1 if known is None else known.submission + 1, version + 1, context),
        "text": data.text.model_dump(mode="json"),
        "why": data.why if version else "",
        "chair": {
            "account": chair.id,
            "name": chair.name,
            "center": chair.center,
            "center_name": chair.center_name,
        },
    }
    return [_told("minutes.submitted", meeting, told, context.account.id)]


def _withdraw(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    require_here(meeting, "minutes.write", context)
    known, writer = _waiting(state, meeting, MinutesWithdraw.model_validate(command.data))
    if writer.account != context.account.id:
        raise Refusal("forbidden", "who submitted them takes them back; the chair returns them")
    told = _head(meeting, known.submission, known.version + 1, context)
    return [_told("minutes.withdrawn", meeting, told, writer.account)]


def _return(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, data = visible_meeting(state, command, context), MinutesReturn.model_validate(command.data)
    _require_approver(state, meeting, context)
    known, writer = _waiting(state, meeting, data)
    told = {**_head(meeting, known.submission, known.version + 1, context), "reason": data.reason}
    return [_told("minutes.returned", meeting, told, writer.account)]


def _approve(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, data = visible_meeting(state, command, context), MinutesApprove.model_validate(command.data)
    _require_approver(state, meeting, context)
    known, writer = _waiting(state, meeting, data)
    if known.text is None:
        raise Refusal("wrong_state", "nothing waits")
    told = {
        **_head(meeting, known.submission, known.version + 1, context),
        "text": known.text.model_dump(mode="json"),
        "why": known.why,
        "written_by": writer.model_dump(mode="json"),
        "center": meeting.convener.center,
        **_number(state, meeting, known, context),
    }
    return [_told("minutes.approved", meeting, told, writer.account, EVERYONE_IN_MEETING)]


def _require_approver(state: HubState, meeting: Meeting, context: Context) -> None:
    if not may_approve(meeting, minutes_of(state, meeting.id), context.account, context.tree):
        raise Refusal(
            "forbidden", "the chair approves and returns minutes, or a leader of the convener's center"
        )


def _waiting(state: HubState, meeting: Meeting, data: MinutesOf) -> tuple[Known, Author]:
    """What waits, and who submitted it. Raises Refusal `wrong_state` where it is not the text that is meant."""
    known = minutes_of(state, meeting.id)
    if known is None or known.state != "submitted" or known.by is None:
        raise Refusal("wrong_state", "no minutes of this meeting wait")
    if known.submission != data.submission:
        raise Refusal("wrong_state", "another text waits by now", "submission")
    return known, known.by


def _head(meeting: Meeting, submission: int, version: int, context: Context) -> dict[str, Any]:
    return {
        "minutes": meeting.id,
        "submission": submission,
        "version": version,
        "by": signature_of(context.account, context.tree),
    }


def _number(state: HubState, meeting: Meeting, known: Known, context: Context) -> dict[str, Any]:
    """`{number, year, serial}`: that of the first version, or the next of the convener's center."""
    if known.number:
        return {"number": known.number, "year": known.year, "serial": known.serial}
    center, year = meeting.convener.center, context.now.astimezone(context.zone).year
    serial = state.parts.read(Written).last.get(center, {}).get(year, 0) + 1
    name = short_name(context.tree[center]) if center in context.tree else meeting.convener.center_name
    return {"number": f"{name}会纪〔{year}〕{serial}号", "year": year, "serial": serial}


def _told(kind: str, meeting: Meeting, data: dict[str, Any], writer: str, *further: str) -> Draft:
    """To the convener's center and those above, to the chair, and to who wrote it."""
    people = [account_audience(each) for each in (meeting.chair.id, writer)]
    words = dict.fromkeys([*further, center_audience(meeting.convener.center), *people])
    return Draft(kind, meeting.id, data, tuple(words))


# -- the state


def _stands(state: HubState, entry: Entry, now: MinutesState, **values: Any) -> None:
    written = state.parts.edit(Written)
    known = written.by_meeting.get(entry.data["minutes"])
    if known is None:
        known = written.by_meeting[entry.data["minutes"]] = Known(state="submitted", submission=0)
    known.state, known.submission = now, entry.data["submission"]
    known.text, known.why, known.by = None, "", None
    for name, value in values.items():
        setattr(known, name, value)


def _submitted(state: HubState, entry: Entry) -> None:
    data = entry.data
    text, by = NamedObject.model_validate(data["text"]), Author.model_validate(data["by"])
    _stands(state, entry, "submitted", text=text, why=data["why"], by=by)


def _returned(state: HubState, entry: Entry) -> None:
    _stands(state, entry, "returned")


def _withdrawn(state: HubState, entry: Entry) -> None:
    _stands(state, entry, "withdrawn")


def _approved(state: HubState, entry: Entry) -> None:
    data = entry.data
    numbers = {name: data[name] for name in ("version", "number", "year", "serial")}
    _stands(state, entry, "approved", **numbers)
    years = state.parts.edit(Written).last.setdefault(data["center"], {})
    years[data["year"]] = max(data["serial"], years.get(data["year"], 0))


_DOCUMENT: Final = Document("minutes", "minutes")


def _waits(state: HubState, subject: str) -> bool:
    known = minutes_of(state, subject.removeprefix("minutes:"))
    return known is not None and known.state == "submitted"


#: The text that waits. What ends the waiting stays: a restart knows by it how far versions and numbers are.
_SUBJECT: Final = Subject(lambda entry: f"minutes:{entry.data['minutes']}", _waits)


def _entry(kind: str, schema: type[Wire], apply: Apply, recall: Apply | None = None) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="minutes.read",
        document=_DOCUMENT,
        everywhere=True,
        subject=_SUBJECT,
        recall=recall,
        control="none",
    )


RULES = RuleFile(
    "minutes",
    commands=(
        CommandRule("minutes.submit", MinutesSubmit, _submit),
        CommandRule("minutes.withdraw", MinutesWithdraw, _withdraw),
        CommandRule("minutes.return", MinutesReturn, _return),
        CommandRule("minutes.approve", MinutesApprove, _approve),
    ),
    entries=(
        _entry("minutes.submitted", MinutesSubmitted, _submitted),
        _entry("minutes.returned", MinutesReturned, _returned, _returned),
        _entry("minutes.withdrawn", MinutesWithdrawn, _withdrawn, _withdrawn),
        _entry("minutes.approved", MinutesApproved, _approved, _approved),
    ),
)
