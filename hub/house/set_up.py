"""The first start: a hub without accounts gets its three administrators, once.

| command | refused with |
|---|---|
| `hub.set_up` (the hub only) | `already_done`, `invalid` (no root, a user name twice) |

Given for whoever holds the set-up code that the hub made on its machine. Once there was an account, however it came, a hub is
set up for ever. The three belong to the center at the top, which is made where no center was brought in before.
"""

from __future__ import annotations

from pydantic import Field

from hub.directory.accounts import AUDIT_ADMIN, SECURITY_ADMIN, SYSTEM_ADMIN, Account
from hub.entry import HOUSE, Command, Draft
from hub.errors import Refusal
from hub.fields import CenterCode, Text
from hub.house.accounts import Word, facts
from hub.house.parts import DIRECTORY, Accounts
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState


class Root(CommandData):
    """The center at the top."""

    code: CenterCode
    """12 digits."""
    name: Text = Field(min_length=1, max_length=100)
    """What people read."""


class FirstAdministrator(CommandData):
    """One of the three."""

    username: Word
    """What is typed at sign-in."""
    name: Word
    """What others read."""


class HubSetUp(CommandData):
    """Make the three administrators, and the center at the top where there is none."""

    root: Root | None = None
    """Needed where there is no center yet, else passed over."""
    system: FirstAdministrator
    """Looks after centers, accounts and running."""
    security: FirstAdministrator
    """Looks after rights, policies and sessions."""
    audit: FirstAdministrator
    """Reads all, and changes nothing."""


class HubBegun(Wire):
    """The hub has its three administrators."""

    system: str
    security: str
    audit: str


def _set_up(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = HubSetUp.model_validate(command.data)
    if state.parts.read(Accounts).begun:
        raise Refusal("already_done", "this hub was set up before")
    if len({each.username.casefold() for each in (data.system, data.security, data.audit)}) < 3:
        raise Refusal("invalid", "each of the three has a user name of his own", "username")
    drafts, roots = [], context.tree.roots
    if roots:
        center = roots[0].code
    elif data.root is None:
        raise Refusal("invalid", "say which center stands at the top", "root")
    else:
        center = data.root.code
        listed = {"code": center, "name": data.root.name, "level": "city", "parent": None, "place": 0}
        drafts.append(Draft("center.imported", None, {"put": [listed], "gone": []}, (HOUSE,)))
    made = {
        duty: Account(context.new_id("a"), one.username, one.name, role, center)
        for duty, role, one in (
            ("system", SYSTEM_ADMIN, data.system),
            ("security", SECURITY_ADMIN, data.security),
            ("audit", AUDIT_ADMIN, data.audit),
        )
    }
    drafts.append(
        Draft("account.created", None, {"accounts": [facts(each) for each in made.values()]}, (HOUSE,))
    )
    drafts.append(Draft("hub.begun", None, {duty: each.id for duty, each in made.items()}, (HOUSE,)))
    return drafts


RULES = RuleFile(
    "set_up",
    commands=(CommandRule("hub.set_up", HubSetUp, _set_up, meeting="never", system=True),),
    entries=(EntryRule("hub.begun", HubBegun, reads="account.read", subject=DIRECTORY, house=True),),
)
