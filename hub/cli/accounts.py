"""``hub accounts``: add, list, move, disable, delete accounts; end their sessions, give a new password."""

from __future__ import annotations

import argparse
import secrets
import sys
from typing import Any, Final

from hub.cli.directory import with_directory
from hub.clock import system_clock
from hub.config import Config
from hub.directory.accounts import ROLES, Account
from hub.directory.tree import CenterTree
from hub.fields import has_unfit_characters
from hub.ids import new_id
from hub.store.accounts_store import AccountStore, UsernameTaken
from hub.store.centers_store import CenterStore

#: Longest user name and name, in characters; a sign-in takes no longer ones.
MAX_WORD: Final = 64


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser(
        "accounts", help="add, list, move, disable, delete accounts; end sessions, give new passwords"
    )
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    new = actions.add_parser("add", help="add an account and print its fresh password once")
    new.add_argument("--username", required=True, help="what is typed at sign-in")
    new.add_argument("--name", required=True, help="what others read")
    new.add_argument("--role", required=True, choices=ROLES)
    new.add_argument("--center", required=True, help="12-digit code of its center")
    actions.add_parser("list", help="list all accounts")
    for name, says in (
        ("password", "give a fresh password, print it once, end all sessions"),
        ("disable", "disable the account and end its sessions"),
        ("enable", "enable the account again"),
        ("sign-out", "end all sessions of the account"),
        ("delete", "delete the account and end its sessions; what it did stays in the journal"),
    ):
        actions.add_parser(name, help=says).add_argument("username")
    move = actions.add_parser("move", help="give another role or center, end all sessions")
    move.add_argument("username")
    move.add_argument("--role", choices=ROLES)
    move.add_argument("--center", help="12-digit code of its center")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    async def work(accounts: AccountStore, centers: CenterStore) -> int:
        if chosen.action == "add":
            return await _add(chosen, accounts, centers)
        if chosen.action == "list":
            for account in await accounts.list():
                state = "disabled" if account.disabled else ""
                print(
                    f"{account.username:<24} {account.role:<14} {account.center}  {account.name}  {state}".rstrip()
                )
            return 0
        return await _change(chosen, accounts, centers)

    return with_directory(settings, work)


async def _add(chosen: argparse.Namespace, accounts: AccountStore, centers: CenterStore) -> int:
    if CenterTree(await centers.load()).get(chosen.center) is None:
        print(f"hub: there is no center {chosen.center}; import the centers first", file=sys.stderr)
        return 1
    for word in (chosen.username, chosen.name):
        if not word.strip() or len(word) > MAX_WORD or "\n" in word or has_unfit_characters(word):
            print(f"hub: {word!r} is no name of 1 to {MAX_WORD} characters", file=sys.stderr)
            return 1
    account = Account(new_id("a", system_clock()), chosen.username, chosen.name, chosen.role, chosen.center)
    password = secrets.token_urlsafe(12)
    try:
        await accounts.add(account, password)
    except UsernameTaken as problem:
        print(f"hub: {problem}", file=sys.stderr)
        return 1
    print(f"{chosen.username}  {password}")
    return 0


async def _change(chosen: argparse.Namespace, accounts: AccountStore, centers: CenterStore) -> int:
    stored = await accounts.find_by_username(chosen.username)
    if stored is None:
        print(f"hub: there is no account {chosen.username}", file=sys.stderr)
        return 1
    account = stored.account.id
    match chosen.action:
        case "password":
            password = secrets.token_urlsafe(12)
            await accounts.set_password(account, password)
            print(f"{chosen.username}  {password}")
        case "sign-out":
            await accounts.revoke_all(account)
        case "delete":
            await accounts.remove(account)
        case "move":
            if chosen.role is None and chosen.center is None:
                print("hub: say --role or --center", file=sys.stderr)
                return 1
            if chosen.center is not None and CenterTree(await centers.load()).get(chosen.center) is None:
                print(f"hub: there is no center {chosen.center}; import the centers first", file=sys.stderr)
                return 1
            await accounts.set_place(account, role=chosen.role, center=chosen.center)
        case action:
            await accounts.set_disabled(account, action == "disable")
    return 0
