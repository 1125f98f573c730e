"""The level of a meeting (普通 · 涉密): set when it is opened, raised and lowered later, while it runs and when it is over.

| command | refused with |
|---|---|
| `secrecy.raise` | `not_found`, `forbidden` (right, not cleared), `wrong_state` (who leads it is not cleared) |
| `secrecy.lower` | `not_found`, `forbidden` |

Who is cleared may raise it: who leads or opened it, and by right (`secrecy.raise`) for its convener's center. Only a leader
of that center or above lowers it (`secrecy.lower`), and says why. The same level twice changes nothing.

Whoever is in it and not cleared leaves it with the entry that raises it, and whoever's clearance is withdrawn leaves every
secret one with that; who waits at its door waits no more. Who may know of what is told in hub.directory.secrecy.
"""

from __future__ import annotations

from pydantic import Field

from hub.conference.lock_shapes import Waiting
from hub.conference.unit_state import unit_of
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL, SECRET, Secrecy, may_see_level
from hub.entry import Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import signature_of, visible_meeting
from hub.people import Accounts
from hub.ruling import Apply, CommandData, CommandRule, Context, Control, EntryRule, RuleFile
from hub.shapes import Author, Wire
from hub.state import HubState, Life, Meeting


class SecrecyRaise(CommandData):
    """Make the meeting a secret one: only who is cleared knows of it from now on."""

    reason: Text = Field(default="", max_length=500)
    """Why."""


class SecrecyLower(CommandData):
    """Make a secret meeting a normal one (降密): whoever may see meetings like it sees all of it from now on."""

    reason: Text = Field(min_length=1, max_length=500)
    """Why; stands in the journal."""


class SecrecyChanged(Wire):
    """The meeting has another level from now on."""

    by: Author
    reason: str


def require_cleared(account: Account, level: Secrecy, field: str | None = None) -> None:
    """Raises Refusal `forbidden` for one who may not have to do with things of this level."""
    if not may_see_level(account, level):
        raise Refusal("forbidden", "this is for accounts that are cleared for secret things", field)


def is_cleared(state: HubState, account: str) -> bool:
    """Whether the account of this id is cleared; nobody is who is not known."""
    found = state.parts.read(Accounts).by_id.get(account)
    return found is not None and found.cleared


def may_raise(meeting: Meeting, account: Account, context: Context) -> bool:
    """Whether the account may make this meeting a secret one."""
    own = account.id in (meeting.chair.id, meeting.convener.id)
    right = may(account, "secrecy.raise", context.tree, meeting.convener.center)
    return account.cleared and (own or right)


def may_lower(meeting: Meeting, account: Account, context: Context) -> bool:
    """Whether the account may make this secret meeting a normal one."""
    return account.cleared and may(account, "secrecy.lower", context.tree, meeting.convener.center)


def _raise(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting, account = visible_meeting(state, command, context), context.account
    if not may_raise(meeting, account, context):
        raise Refusal("forbidden", "this is for who leads the meeting, or keeps it, and is cleared")
    if meeting.level == SECRET:
        return []
    led_by = meeting.chair.id
    if meeting.is_open and led_by != account.id and not is_cleared(state, led_by):
        raise Refusal("wrong_state", "who leads the meeting is not cleared: have the chair handed over first")
    there = dict.fromkeys([*(seat.id for seat in meeting.joined), *meeting.read(Waiting).rows])
    out = [who for who in there if who != account.id and not is_cleared(state, who)]
    raised = _changed("secrecy.raised", meeting, SecrecyRaise.model_validate(command.data).reason, context)
    return [raised, *(gone(meeting, out) if meeting.is_open else [])]


def _lower(state: HubState, command: Command, context: Context) -> list[Draft]:
    meeting = visible_meeting(state, command, context)
    if not may_lower(meeting, context.account, context):
        raise Refusal("forbidden", "this is for a leader of the convener's center or above, who is cleared")
    if meeting.level == NORMAL:
        return []
    return [_changed("secrecy.lowered", meeting, SecrecyLower.model_validate(command.data).reason, context)]


def _changed(kind: str, meeting: Meeting, reason: str, context: Context) -> Draft:
    return Draft(kind, meeting.id, {"by": signature_of(context.account, context.tree), "reason": reason})


def gone(meeting: Meeting, accounts: list[str]) -> list[Draft]:
    """That these go out of the meeting, and wait at its door no more; those who speak for a unit go with their unit."""
    waiting = meeting.read(Waiting).rows
    drafts = []
    for who in accounts:
        seat, waits = meeting.seats.get(who), waiting.get(who)
        if waits is not None and waits.state == "waiting":
            drafts.append(Draft("waiting.gave_up", meeting.id, {"participant": who}))
        if seat is not None and seat.state == "joined" and unit_of(meeting, who) is None:
            drafts.append(Draft("meeting.left", meeting.id, {"participant": who}))
    return drafts


def _on_account(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Whose clearance is withdrawn is in no secret meeting any more."""
    if draft.data.get("cleared", False) or not draft.data["was"].get("cleared", False):
        return []
    who = draft.data["account"]
    secret = [each for each in state.meetings.values() if each.is_open and each.level == SECRET]
    drafts = []
    for meeting in secret:
        unit = unit_of(meeting, who)
        if unit is not None:
            drafts.append(Draft("meeting.left", meeting.id, {"participant": who}))
        drafts += gone(meeting, [who])
    return drafts


def _put(level: Secrecy) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        meeting = state.meetings.get(entry.meeting or "")
        if meeting is not None:
            meeting.parts.edit(Life).level = level

    return apply


def _entry(kind: str, level: Secrecy, control: Control) -> EntryRule:
    return EntryRule(kind, SecrecyChanged, _put(level), calls=True, recall=_put(level), control=control)


RULES = RuleFile(
    "secrecy",
    commands=(
        CommandRule("secrecy.raise", SecrecyRaise, _raise),
        CommandRule("secrecy.lower", SecrecyLower, _lower),
    ),
    entries=(
        _entry("secrecy.raised", SECRET, Control("定为涉密", "made secret")),
        _entry("secrecy.lowered", NORMAL, Control("降密", "made normal")),
    ),
    follows={"account.changed": _on_account},
)
