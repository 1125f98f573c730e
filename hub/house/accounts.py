"""Accounts: who may sign in, in which role, for which center. Passwords are no part of it.

| command | refused with |
|---|---|
| `account.create` | `forbidden`, `not_found` (center), `conflict` (user name) |
| `account.change` | `not_found`, `forbidden`, `invalid` (nothing to change), `approval_needed` |
| `account.disable`, `sign_out` | `not_found`, `forbidden` |
| `account.reset_password` | `not_found`, `forbidden`, `approval_needed` |
| `account.enable` | `not_found`, `forbidden`, `approval_needed` |
| `account.delete` | `not_found`, `forbidden` |
| `account.note_password` (the hub only) | `not_found` |

The system administrator makes, renames, moves and deletes accounts of his subtree; the security administrator gives them
roles, disables them and ends their sessions. Accounts in the role of an administrator are made and deleted by the security
administrator; such an account takes no other administrator's duty. Nobody changes his own role, disables or deletes himself.
The hub's owner, at the command line, may do all. What gives more than before may need a second person: see `rights`.
Clearance (`hub.directory.secrecy`) is the security administrator's to give and to withdraw, and nobody's to give himself.
Another role or center, clearance withdrawn, disabling, deleting and taking the password away end an account's sessions, in
the transaction that writes the entry. The system administrator takes passwords away, so that the hub can give one-time ones:
at once where the account neither convenes nor commands nor looks after the house nor is cleared, else once a second person
agreed (`approval.password_right`).
Second factors stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints

from hub.directory.accounts import ADMINISTRATORS, Account
from hub.directory.permissions import may
from hub.entry import HOUSE, SYSTEM, Command, Draft, Entry
from hub.errors import Refusal
from hub.fields import CenterCode, ParticipantId, Text
from hub.house.approval import Proposals, password_right, reaches_further
from hub.house.parts import DIRECTORY, Accounts
from hub.house.policies import policy_of
from hub.ruling import Apply, CommandData, CommandRule, Context, EntryRule, RuleFile
from hub.shapes import Role, Wire
from hub.state import HubState

#: Longest user name and name, in characters; a sign-in takes no longer ones.
MAX_WORD: Final = 64
#: Accounts that one command makes: their entry stays below 64 KiB, in Chinese too.
MAX_AT_ONCE: Final = 200

#: One line that is not blank.
Word = Annotated[Text, StringConstraints(min_length=1, max_length=MAX_WORD, pattern=r"^[^\n\t]+$")]


class NewAccount(CommandData):
    """One account to be made."""

    username: Word
    """What is typed at sign-in; unique."""
    name: Word
    """What others read."""
    role: Role
    """What it may do."""
    center: CenterCode
    """Where it belongs."""


class AccountCreate(CommandData):
    """Make accounts. Nobody can sign in as one before it is given a password."""

    accounts: list[NewAccount] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """All of them, or none."""


class AccountChange(CommandData):
    """Give an account another name, role or center, or clearance. With another role or center its sessions end, and when
    its clearance is withdrawn."""

    account: ParticipantId
    """Which."""
    name: Word | None = None
    """What others read; null leaves it."""
    role: Role | None = None
    """Null leaves it."""
    center: CenterCode | None = None
    """Null leaves it."""
    cleared: bool | None = None
    """Whether it may know of secret things; null leaves it."""


class OneAccount(CommandData):
    """Base of commands about one account."""

    account: ParticipantId
    """Which."""


class AccountDisable(OneAccount):
    """Disable an account: it can do nothing, and its sessions end."""


class AccountEnable(OneAccount):
    """Let a disabled account sign in again."""


class AccountSignOut(OneAccount):
    """End all sessions of an account."""


class AccountResetPassword(CommandData):
    """Take the passwords of accounts away; their sessions end. Nobody can sign in as one before it has another password."""

    accounts: list[ParticipantId] = Field(min_length=1, max_length=MAX_AT_ONCE)
    """Whose. All of them, or none."""


class AccountDelete(OneAccount):
    """Delete an account; its sessions end. What it did stays in the journal, with its name."""


class NotePassword(CommandData):
    """Tell that an account has another password."""

    account: ParticipantId
    """Whose."""
    by_owner: bool
    """Whether its owner chose it himself."""


class AccountFacts(Wire):
    """An account, as it is from now on."""

    account: str
    username: str
    name: str
    role: str
    center: str
    cleared: bool = False
    """Whether it is cleared (`hub.directory.secrecy`)."""


class AccountsCreated(Wire):
    """Accounts were made."""

    accounts: list[AccountFacts]


class Was(Wire):
    """What an account was before."""

    name: str
    role: str
    center: str
    cleared: bool = False


class AccountChanged(AccountFacts):
    """An account has another name, role, center or clearance."""

    was: Was


class OfAccount(Wire):
    """Base of entries about one account."""

    account: str
    username: str


class AccountDisabled(OfAccount):
    """An account was disabled; its sessions ended."""


class AccountEnabled(OfAccount):
    """An account may sign in again."""


class AccountSignedOut(OfAccount):
    """All sessions of an account were ended."""


class PasswordsReset(Wire):
    """Passwords were taken away; the accounts' sessions ended."""

    accounts: list[OfAccount]


class AccountDeleted(OfAccount):
    """An account was deleted; its sessions ended."""


class PasswordSet(Wire):
    """An account has another password, chosen by its owner or given to him."""

    account: str
    by_owner: bool


def facts(account: Account) -> dict[str, Any]:
    """The account as entries tell of it."""
    return {
        "account": account.id,
        "username": account.username,
        "name": account.name,
        "role": account.role,
        "center": account.center,
        "cleared": account.cleared,
    }


def _draft(kind: str, data: dict[str, Any]) -> Draft:
    return Draft(kind, None, data, (HOUSE,))


def _require(context: Context, action: str, center: str) -> None:
    """Raises Refusal `forbidden` unless the asker may do this to accounts of the center."""
    if context.account.id != SYSTEM and not may(context.account, action, context.tree, center):
        raise Refusal("forbidden", "this is not yours to do to accounts there")


def _action(role: str, usual: str) -> str:
    """Administrators' accounts are the security administrator's."""
    return "account.guard" if role in ADMINISTRATORS else usual


def found_account(state: HubState, account: str, context: Context) -> Account:
    """The account. Raises Refusal `not_found` for none, and for one that the asker may not read."""
    found = state.parts.read(Accounts).by_id.get(account)
    seen = found is not None and (
        context.account.id == SYSTEM or may(context.account, "account.read", context.tree, found.center)
    )
    if found is None or not seen:
        raise Refusal("not_found", "there is no such account", "account")
    return found


def _not_oneself(found: Account, context: Context) -> None:
    if found.id == context.account.id:
        raise Refusal("forbidden", "nobody does this to himself")


def _known_center(code: str, context: Context) -> None:
    if code not in context.tree:
        raise Refusal("not_found", f"there is no center {code}", "center")


def _create(state: HubState, command: Command, context: Context) -> list[Draft]:
    taken = set(state.parts.read(Accounts).ids)
    made = []
    for new in AccountCreate.model_validate(command.data).accounts:
        _known_center(new.center, context)
        _require(context, _action(new.role, "account.manage"), new.center)
        if new.username in taken:
            raise Refusal("conflict", f"the user name {new.username} is taken", "username")
        taken.add(new.username)
        made.append(facts(Account(context.new_id("a"), new.username, new.name, new.role, new.center)))
    return [_draft("account.created", {"accounts": made})]


def _change(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = AccountChange.model_validate(command.data)
    found = found_account(state, data.account, context)
    if data.name is None and data.role is None and data.center is None and data.cleared is None:
        raise Refusal("invalid", "say name, role, center or clearance")
    changed = allowed_change(found, data.name, data.role, data.center, context, cleared=data.cleared)
    if changed == found:
        return []
    waits = context.account.id != SYSTEM and policy_of(state).approval.rights
    if waits and reaches_further(found, changed, context.tree):
        raise Refusal("approval_needed", "a second person has to agree: propose it")
    return [changed_draft(found, changed)]


def allowed_change(
    found: Account,
    name: str | None,
    role: str | None,
    center: str | None,
    context: Context,
    *,
    cleared: bool | None = None,
) -> Account:
    """The account with another name, role, center or clearance (None leaves it), as far as the asker may change it.

    Raises Refusal: `forbidden`, `not_found` for an unknown center.
    """
    changed = replace(found, name=name or found.name, role=role or found.role, center=center or found.center)
    if cleared is not None and cleared != found.cleared:
        _not_oneself(found, context)
        _require(context, "account.guard", found.center)
        changed = replace(changed, cleared=cleared)
    if changed.role != found.role:
        _not_oneself(found, context)
        _require(context, "account.guard", found.center)
        if found.role in ADMINISTRATORS and changed.role in ADMINISTRATORS and context.account.id != SYSTEM:
            raise Refusal("forbidden", "no account goes from one administrator's duty to another", "role")
    if changed.center != found.center:
        _known_center(changed.center, context)
        _require(context, _action(changed.role, "account.manage"), changed.center)
    if (changed.name, changed.center) != (found.name, found.center):
        _require(context, _action(found.role, "account.manage"), found.center)
    return changed


def changed_draft(found: Account, changed: Account) -> Draft:
    """That an account has another name, role, center or clearance."""
    was = {"name": found.name, "role": found.role, "center": found.center, "cleared": found.cleared}
    return _draft("account.changed", {**facts(changed), "was": was})


def _disable(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = found_account(state, OneAccount.model_validate(command.data).account, context)
    _not_oneself(found, context)
    _require(context, "account.guard", found.center)
    if found.disabled:
        return []
    return [_draft("account.disabled", {"account": found.id, "username": found.username})]


def _enable(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = found_account(state, OneAccount.model_validate(command.data).account, context)
    _not_oneself(found, context)
    _require(context, "account.guard", found.center)
    if not found.disabled:
        return []
    waiting = state.parts.read(Proposals).of(found.id)
    if waiting is not None and waiting.new and context.account.id != SYSTEM:
        raise Refusal("approval_needed", "a second person has to agree to this account first")
    return [_draft("account.enabled", {"account": found.id, "username": found.username})]


def _sign_out(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = found_account(state, OneAccount.model_validate(command.data).account, context)
    _require(context, "account.guard", found.center)
    return [_draft("account.signed_out", {"account": found.id, "username": found.username})]


def _reset_password(state: HubState, command: Command, context: Context) -> list[Draft]:
    told = []
    for account in dict.fromkeys(AccountResetPassword.model_validate(command.data).accounts):
        found = found_account(state, account, context)
        right = password_right(state, context.account, found, context.tree, context.now)
        if right is None:
            raise Refusal("forbidden", "this password is not yours to take away", "accounts")
        if right == "ask":
            raise Refusal(
                "approval_needed",
                f"{found.username} convenes, commands or looks after the house: ask the security administrator first"
                " (right.propose_password)",
                "accounts",
            )
        told.append({"account": found.id, "username": found.username})
    return [_draft("account.passwords_reset", {"accounts": told})]


def _delete(state: HubState, command: Command, context: Context) -> list[Draft]:
    found = found_account(state, OneAccount.model_validate(command.data).account, context)
    _not_oneself(found, context)
    _require(context, _action(found.role, "account.manage"), found.center)
    return [_draft("account.deleted", {"account": found.id, "username": found.username})]


def _note_password(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NotePassword.model_validate(command.data)
    if data.account not in state.parts.read(Accounts).by_id:
        raise Refusal("not_found", "there is no such account", "account")
    return [_draft("account.password_set", {"account": data.account, "by_owner": data.by_owner})]


def _created(state: HubState, entry: Entry) -> None:
    accounts = state.parts.edit(Accounts)
    for new in entry.data["accounts"]:
        accounts.put(Account(new["account"], new["username"], new["name"], new["role"], new["center"]))


def _changed(state: HubState, entry: Entry) -> None:
    data = entry.data
    found = state.parts.read(Accounts).by_id.get(data["account"])
    if found is not None:
        words = {name: data[name] for name in ("name", "role", "center")}
        changed = replace(found, **words, cleared=data.get("cleared", False))
        state.parts.edit(Accounts).put(changed)


def _put_disabled(disabled: bool) -> Apply:
    def apply(state: HubState, entry: Entry) -> None:
        found = state.parts.read(Accounts).by_id.get(entry.data["account"])
        if found is not None:
            state.parts.edit(Accounts).put(replace(found, disabled=disabled))

    return apply


def _passwords_reset(state: HubState, entry: Entry) -> None:
    proposals = state.parts.read(Proposals)
    for each in entry.data["accounts"]:
        if each["account"] in proposals.grants:
            state.parts.edit(Proposals).grants.pop(each["account"])


def _deleted(state: HubState, entry: Entry) -> None:
    if entry.data["account"] in state.parts.read(Proposals).grants:
        state.parts.edit(Proposals).grants.pop(entry.data["account"])
    if entry.data["account"] in state.parts.read(Accounts).by_id:
        state.parts.edit(Accounts).drop(entry.data["account"])


def _entry(kind: str, schema: type[Wire], apply: Apply | None) -> EntryRule:
    return EntryRule(kind, schema, apply, reads="account.read", subject=DIRECTORY, house=True)


RULES = RuleFile(
    "accounts",
    commands=(
        CommandRule("account.create", AccountCreate, _create, meeting="never", owner=True),
        CommandRule("account.change", AccountChange, _change, meeting="never", owner=True),
        CommandRule("account.disable", AccountDisable, _disable, meeting="never", owner=True),
        CommandRule("account.enable", AccountEnable, _enable, meeting="never", owner=True),
        CommandRule("account.sign_out", AccountSignOut, _sign_out, meeting="never", owner=True),
        CommandRule("account.reset_password", AccountResetPassword, _reset_password, meeting="never"),
        CommandRule("account.delete", AccountDelete, _delete, meeting="never", owner=True),
        CommandRule(
            "account.note_password", NotePassword, _note_password, meeting="never", system=True, owner=True
        ),
    ),
    entries=(
        _entry("account.created", AccountsCreated, _created),
        _entry("account.changed", AccountChanged, _changed),
        _entry("account.disabled", AccountDisabled, _put_disabled(True)),
        _entry("account.enabled", AccountEnabled, _put_disabled(False)),
        _entry("account.signed_out", AccountSignedOut, None),
        _entry("account.passwords_reset", PasswordsReset, _passwords_reset),
        _entry("account.deleted", AccountDeleted, _deleted),
        _entry("account.password_set", PasswordSet, None),
    ),
)
