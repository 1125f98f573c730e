"""Second factors: that an account has one, uses a code kept for bad days, or lost it. What makes the codes is told to nobody.

| command | refused with |
|---|---|
| `second_factor.reset` | `not_found`, `forbidden` |
| `second_factor.note` (the hub only) | `not_found` |

The security administrator takes a second factor away (a lost phone): the account's sign-ins end, and where its role must have
one, the next sign-in begins with a new one. Nobody takes his own away.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.directory.permissions import may
from hub.entry import HOUSE, SYSTEM, Command, Draft
from hub.errors import Refusal
from hub.fields import ParticipantId, Text
from hub.house.accounts import found_account
from hub.house.parts import DIRECTORY, Accounts
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState


class SecondFactorReset(CommandData):
    """Take an account's second factor away."""

    account: ParticipantId
    """Whose."""
    reason: Text = Field(default="", max_length=500)
    """Why, and how it was made sure that its owner asks."""


class NoteSecondFactor(CommandData):
    """Note what an account's owner did with the second factor."""

    account: ParticipantId
    """Whose."""
    what: Literal["enrolled", "codes_made", "recovery_used"]
    """What."""


class OfSecondFactor(Wire):
    """Base of what happened to a second factor."""

    account: str
    username: str


class SecondFactorEnrolled(OfSecondFactor):
    """From now on an account signs in with a code as well."""


class SecondFactorCodesMade(OfSecondFactor):
    """An account has new codes for bad days; the old ones are no more."""


class SecondFactorRecoveryUsed(OfSecondFactor):
    """An account signed in with a code for bad days, which is used up."""


class SecondFactorWasReset(OfSecondFactor):
    """An account's second factor was taken away; its sign-ins ended."""

    reason: str = ""


def _note(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteSecondFactor.model_validate(command.data)
    found = state.parts.read(Accounts).by_id.get(data.account)
    if found is None:
        raise Refusal("not_found", "there is no such account", "account")
    told = {"account": found.id, "username": found.username}
    match data.what:
        case "enrolled":
            return [Draft("second_factor.enrolled", None, told, (HOUSE,))]
        case "codes_made":
            return [Draft("second_factor.codes_made", None, told, (HOUSE,))]
        case "recovery_used":
            return [Draft("second_factor.recovery_used", None, told, (HOUSE,))]


def _reset(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = SecondFactorReset.model_validate(command.data)
    found = found_account(state, data.account, context)
    if context.account.id != SYSTEM:
        if found.id == context.account.id:
            raise Refusal("forbidden", "nobody does this to himself")
        if not may(context.account, "account.guard", context.tree, found.center):
            raise Refusal("forbidden", "this is the security administrator's")
    told = {"account": found.id, "username": found.username, "reason": data.reason}
    return [Draft("second_factor.reset", None, told, (HOUSE,))]


def _entry(kind: str, schema: type[Wire]) -> EntryRule:
    return EntryRule(kind, schema, reads="audit.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "second_factors",
    commands=(
        CommandRule("second_factor.reset", SecondFactorReset, _reset, meeting="never", owner=True),
        CommandRule("second_factor.note", NoteSecondFactor, _note, meeting="never", system=True),
    ),
    entries=(
        _entry("second_factor.enrolled", SecondFactorEnrolled),
        _entry("second_factor.codes_made", SecondFactorCodesMade),
        _entry("second_factor.recovery_used", SecondFactorRecoveryUsed),
        _entry("second_factor.reset", SecondFactorWasReset),
    ),
)
