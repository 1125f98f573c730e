"""Adoption: what stood in the directory before its changes were told by entries.

| command | refused with |
|---|---|
| `directory.adopt` (the hub only) | – |

Given at the first start of a hub that tells of its directory, for the accounts and centers that it finds; what the journal
knows already is passed over. Told in entries of some hundred each.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from hub.directory.accounts import Account
from hub.entry import HOUSE, Command, Draft, Entry
from hub.house.accounts import AccountFacts
from hub.house.centers import AT_ONCE, ListedCenter, facts_of
from hub.house.parts import DIRECTORY, Accounts, Centers
from hub.ruling import CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Wire
from hub.state import HubState


class FoundAccount(CommandData):
    """An account that was found."""

    account: str
    """Its id."""
    username: str
    """What is typed at sign-in."""
    name: str
    """What others read."""
    role: str
    """What it may do."""
    center: str
    """Where it belongs."""
    disabled: bool
    """Whether it can do nothing."""


class FoundCenter(CommandData):
    """A center that was found."""

    code: str
    """What it is known by."""
    name: str
    """What people read."""
    level: str
    """Where it stands."""
    parent: str | None
    """The code of the center above."""
    place: int
    """Where in the list."""


class DirectoryAdopt(CommandData):
    """Take over what stands in the directory already."""

    accounts: list[FoundAccount] = Field(default_factory=list)
    """All accounts."""
    centers: list[FoundCenter] = Field(default_factory=list)
    """All centers."""


class AdoptedAccount(AccountFacts):
    """An account as it was found."""

    disabled: bool


class DirectoryAdopted(Wire):
    """What stood in the directory when the journal began to tell of it."""

    accounts: list[AdoptedAccount]
    centers: list[ListedCenter]


def _adopt(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = DirectoryAdopt.model_validate(command.data)
    known, centers = state.parts.read(Accounts), state.parts.read(Centers).facts
    new: list[tuple[str, dict[str, Any]]] = [
        ("centers", each.model_dump(mode="json")) for each in data.centers if each.code not in centers
    ]
    for each in data.accounts:
        if each.account not in known.by_id and each.username not in known.ids:
            new.append(("accounts", each.model_dump(mode="json")))
    drafts = []
    for start in range(0, len(new), AT_ONCE):
        found: dict[str, list[dict[str, Any]]] = {"accounts": [], "centers": []}
        for name, row in new[start : start + AT_ONCE]:
            found[name].append(row)
        drafts.append(Draft("directory.adopted", None, found, (HOUSE,)))
    return drafts


def _adopted(state: HubState, entry: Entry) -> None:
    accounts, centers = state.parts.edit(Accounts), state.parts.edit(Centers)
    for each in entry.data["accounts"]:
        words = (each[name] for name in ("account", "username", "name", "role", "center", "disabled"))
        accounts.put(Account(*words))
    for each in entry.data["centers"]:
        centers.facts[each["code"]] = facts_of(each)


RULES = RuleFile(
    "adoption",
    commands=(CommandRule("directory.adopt", DirectoryAdopt, _adopt, meeting="never", system=True),),
    entries=(
        EntryRule(
            "directory.adopted",
            DirectoryAdopted,
            _adopted,
            reads="account.read",
            subject=DIRECTORY,
            house=True,
        ),
    ),
)
