"""One-time passwords that a second person agrees to: of accounts that convene, command or look after the house.

| command | refused with |
|---|---|
| `right.propose_password` | `not_found`, `forbidden`, `wrong_state` (not needed), `conflict` |

The system administrator asks; the security administrator, or the approver whom the policy names, agrees (`right.approve`), but
never to his own. Who asked may then give each account one password (`account.reset_password`), within `approval.GRANT_FOR`.
Whose account needs this is told by `approval.password_right`.
"""

from __future__ import annotations

from pydantic import Field

from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.fields import ParticipantId, Text
from hub.house.accounts import MAX_AT_ONCE, found_account
from hub.house.approval import Proposals, password_right
from hub.house.rights import proposed
from hub.ruling import CommandData, CommandRule, Context, RuleFile
from hub.state import HubState


class RightProposePassword(CommandData):
    """Ask for one-time passwords for accounts that convene, command or look after the house; who agrees does not see them."""

    accounts: list[ParticipantId] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """Whose. All of them, or none; what waits for one already stays."""
    reason: Text = Field(default="", max_length=500)
    """Why, for who agrees."""


def _propose_password(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = RightProposePassword.model_validate(command.data)
    drafts = []
    for account in dict.fromkeys(data.accounts):
        found = found_account(state, account, context)
        right = password_right(state, context.account, found, context.tree, context.now)
        if right is None:
            raise Refusal("forbidden", "this password is not yours to ask for", "accounts")
        if right == "give":
            raise Refusal("wrong_state", f"this needs no approval: give {found.username} one", "accounts")
        waiting = state.parts.read(Proposals).of(found.id)
        if waiting is None:
            drafts.append(proposed(found, found, context, data.reason, password=True))
        elif waiting.by != context.account.id or not (waiting.password or waiting.new):
            raise Refusal("conflict", f"something waits for {found.username} already", "accounts")
    return drafts


RULES = RuleFile(
    "asked_passwords",
    commands=(
        CommandRule("right.propose_password", RightProposePassword, _propose_password, meeting="never"),
    ),
)
