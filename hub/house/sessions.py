"""Single sign-ins that are ended, and names that need not wait any more.

| command | refused with |
|---|---|
| `session.end` | `not_found`, `forbidden` |
| `account.unlock` | `not_found`, `forbidden` |

A sign-in is named by the first digits of its token's digest; which there are, only the store knows. Everybody ends his own,
the security administrator those of his subtree. What runs under it ends within 2 s (signaling/withdrawal.py).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.directory.permissions import may
from hub.entry import HOUSE, SYSTEM, Command, Draft
from hub.errors import Refusal
from hub.fields import ParticipantId
from hub.house.accounts import found_account
from hub.house.parts import DIRECTORY
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState

#: Digits by which a sign-in is known.
SessionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class SessionEnd(CommandData):
    """End one sign-in of an account."""

    account: ParticipantId | None = None
    """Whose; null: one's own."""
    session: SessionId
    """Which."""


class AccountUnlock(CommandData):
    """Forget the mistakes that slow down an account's sign-ins."""

    account: ParticipantId
    """Whose."""


class SessionWithdrawn(Wire):
    """One sign-in of an account was ended, by its owner elsewhere or by the security administrator."""

    account: str
    username: str
    session: str


class AccountUnlocked(Wire):
    """Sign-ins of an account need not wait any more."""

    account: str
    username: str


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = SessionEnd.model_validate(command.data)
    if data.account in (None, context.account.id):
        whose, username = context.account.id, context.account.username
    else:
        found = found_account(state, data.account or "", context)
        _require_guard(found.center, context)
        whose, username = found.id, found.username
    told = {"account": whose, "username": username, "session": data.session}
    return [Draft("session.withdrawn", None, told, (HOUSE,))]


def _unlock(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = found_account(state, AccountUnlock.model_validate(command.data).account, context)
    _require_guard(found.center, context)
    return [Draft("account.unlocked", None, {"account": found.id, "username": found.username}, (HOUSE,))]


def _require_guard(center: str, context: Context) -> None:
    if context.account.id != SYSTEM and not may(context.account, "account.guard", context.tree, center):
        raise Refusal("forbidden", "this is the security administrator's")


RULES = RuleFile(
    "sessions",
    commands=(
        CommandRule("session.end", SessionEnd, _end, meeting="never"),
        CommandRule("account.unlock", AccountUnlock, _unlock, meeting="never", owner=True),
    ),
    entries=(
        EntryRule("session.withdrawn", SessionWithdrawn, reads="audit.read", subject=DIRECTORY, house=True),
        EntryRule("account.unlocked", AccountUnlocked, reads="account.read", subject=DIRECTORY, house=True),
    ),
)
