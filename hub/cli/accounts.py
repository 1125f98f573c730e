"""``hub accounts``: add, list, move, disable, delete accounts; end their sessions, give a new password."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from hub.cli.directory import Directory, with_directory
from hub.config import Config
from hub.directory.accounts import ROLES
from hub.fresh_password import fresh_password


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
        ("clear", "clear it for secret meetings (涉密授权)"),
        ("unclear", "withdraw that, and end its sessions"),
        ("delete", "delete the account and end its sessions; what it did stays in the journal"),
    ):
        actions.add_parser(name, help=says).add_argument("username")
    move = actions.add_parser("move", help="give another role or center, end all sessions")
    move.add_argument("username")
    move.add_argument("--role", choices=ROLES)
    move.add_argument("--center", help="12-digit code of its center")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    async def work(directory: Directory) -> int:
        if chosen.action == "add":
            return await _add(chosen, directory)
        if chosen.action == "list":
            for account in await directory.accounts.list():
                words = [word for word in ("disabled", "cleared") if getattr(account, word)]
                state = " ".join(words)
                print(
                    f"{account.username:<24} {account.role:<14} {account.center}  {account.name}  {state}".rstrip()
                )
            return 0
        return await _change(chosen, directory)

    return with_directory(settings, work)


async def _add(chosen: argparse.Namespace, directory: Directory) -> int:
    new = {name: getattr(chosen, name) for name in ("username", "name", "role", "center")}
    (created,) = await directory.give("account.create", {"accounts": [new]})
    await _give_password(directory, created["accounts"][0]["account"], chosen.username)
    return 0


async def _change(chosen: argparse.Namespace, directory: Directory) -> int:
    stored = await directory.accounts.find_by_username(chosen.username)
    if stored is None:
        print(f"hub: there is no account {chosen.username}", file=sys.stderr)
        return 1
    one = {"account": stored.account.id}
    match chosen.action:
        case "password":
            await _give_password(directory, stored.account.id, chosen.username)
        case "move":
            if chosen.role is None and chosen.center is None:
                print("hub: say --role or --center", file=sys.stderr)
                return 1
            await directory.give("account.change", {**one, "role": chosen.role, "center": chosen.center})
        case "clear" | "unclear":
            await directory.give("account.change", {**one, "cleared": chosen.action == "clear"})
        case action:
            await directory.give(f"account.{action.replace('-', '_')}", one)
    return 0


async def _give_password(directory: Directory, account: str, username: str) -> None:
    """A fresh password, printed once. The journal is told first: better a fact too many than one too few."""
    password = fresh_password()
    await directory.give("account.note_password", {"account": account, "by_owner": False})
    await directory.accounts.set_password(account, password)
    print(f"{username}  {password}")
