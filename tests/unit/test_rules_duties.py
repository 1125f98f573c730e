"""The three duties of administrators, as rules: none does what is another's."""

from __future__ import annotations

import itertools
from typing import Any

from hub.directory.accounts import ADMINISTRATORS, SYSTEM_ACCOUNT
from hub.directory.permissions import TABLE
from hub.entry import Command
from hub.errors import Refusal
from hub.rules import COMMAND_SCHEMAS, SYSTEM_COMMANDS, Context, decide, parse_data
from tests.support.house_rules import SECURITY, guarded, made, refused
from tests.support.rules import (
    CITY,
    COUNTY,
    TREE,
    VILLAGE,
    World,
    account,
)
from tools.docs_rules import command_rights

#: Commands of the house, and whose they are; in a small hub no other administrator may give one of them.
DUTY = {
    "account.create": "system_admin",
    "account.delete": "system_admin",
    "account.change": "system_admin",
    "account.disable": "security_admin",
    "account.enable": "security_admin",
    "account.sign_out": "security_admin",
    "account.unlock": "security_admin",
    "second_factor.reset": "security_admin",
    "policy.change": "security_admin",
    "right.propose_password": "system_admin",
    "account.reset_password": "system_admin",
    "right.approve": "security_admin",
    "center.import": "system_admin",
    "backup.make": "system_admin",
    "copy.bring_back": "system_admin",
    "audit.verify": "audit_admin",
}


#: The same of all commands, with those of `DUTY`: commands that two of them have, each for other accounts, and the rest.
SHARED = {
    "account.change": {"system_admin", "security_admin"},
    "right.propose": {"system_admin", "security_admin"},
    "right.reject": {"security_admin"},
    "session.end": {"security_admin"},
    "center.create": {"system_admin"},
    "center.change": {"system_admin"},
    "center.remove": {"system_admin"},
    "backup.verify": {"system_admin"},
    "retention.set": {"system_admin"},
    "hold.place": {"audit_admin"},
    "hold.ask_lift": {"audit_admin"},
    "hold.lift": {"audit_admin"},
    "hold.keep": {"audit_admin"},
    "disposal.approve": {"audit_admin"},
    "disposal.reject": {"audit_admin"},
    "grid.make": {"system_admin"},
    "grid.change": {"system_admin"},
    "grid.assign": {"system_admin"},
    "grid.hand": {"system_admin"},
    "grid.split": {"system_admin"},
    "grid.join": {"system_admin"},
    "grid.remove": {"system_admin"},
}


def test_each_command_asks_for_a_right_of_its_own_administrator_alone() -> None:
    """Read from the source of all rules: no command can be given by an administrator for whom it is not meant."""
    for kind, rights in command_rights().items():
        having = {role for right in rights for role in TABLE[right]} & set(ADMINISTRATORS)
        wanted = SHARED.get(kind) or ({DUTY[kind]} if kind in DUTY else set())
        assert having == wanted, kind


def test_none_of_the_three_can_do_anothers_work() -> None:
    """Every command of the house × the three: who is not meant gets no entry out of it, where another one does."""
    listed = [
        {"code": each.code, "name": each.name, "level": each.level, "parent": each.parent}
        for each in TREE.subtree(CITY)
    ]
    for kind, who in itertools.product([*DUTY, "right.reject", "session.end"], ADMINISTRATORS):
        world, first, _ = guarded()
        world.do(SYSTEM_ACCOUNT, "center.import", centers=listed)
        victim = made(world, "station", VILLAGE)
        (waits,) = world.do(first, "right.propose", account=victim.id, role="leader")
        whose = {"account": victim.id} if kind.startswith(("account.", "second_factor.")) else {}
        given: dict[str, dict[str, Any]] = {
            "account.create": {
                "accounts": [{"username": "n", "name": "n", "role": "station", "center": VILLAGE}]
            },
            "account.change": {"account": victim.id, "name": "别名"},
            "policy.change": {"most_sessions": 2},
            "right.propose_password": {"accounts": [made(world, "leader", COUNTY).id]},
            "account.reset_password": {"accounts": [victim.id]},
            "right.approve": {"proposal": waits.data["proposal"]},
            "right.reject": {"proposal": waits.data["proposal"]},
            "center.import": {"centers": [*listed[:-1], {**listed[-1], "name": "新名"}]},
            "session.end": {"account": victim.id, "session": "0" * 16},
        }
        data = given.get(kind, whose)
        if kind == "account.enable":
            world.do(SECURITY, "account.disable", account=victim.id)
        try:
            done = world.do(account(who, CITY), kind, **data) != []
        except Refusal:
            done = False
        assert done is (DUTY.get(kind, "security_admin") == who), f"{who} {kind}"


def test_administrators_can_do_nothing_outside_the_house() -> None:
    """What is no command of the house is refused to each of the three, before its data matter."""
    house = {*DUTY, "right.propose", "right.reject", "session.end"}
    done = set()
    for kind, role in itertools.product(
        sorted(COMMAND_SCHEMAS.keys() - SYSTEM_COMMANDS - house), ADMINISTRATORS
    ):
        world = World()
        chair = account("leader", CITY)
        meeting = world.open(chair, VILLAGE)
        for data in (
            {"title": "x", "centers": [VILLAGE]},
            {"text": "x", "targets": [VILLAGE]},
            {"situation": "normal"},
            {"text": "x"},
            {"participant": chair.id},
            {},
        ):
            for where in (meeting, None):
                try:
                    command = Command("c", kind, where, parse_data(kind, data))
                    context = Context(world.now, account(role, CITY), TREE, world.new_id)
                    drafts = decide(world.state, command, context)
                except Refusal:
                    continue
                if drafts:
                    done.add((role, kind))
    assert done == set()


def test_no_administrators_account_goes_over_to_another_duty() -> None:
    world = World()
    for before, after in itertools.permutations(ADMINISTRATORS, 2):
        who = made(world, before, CITY)
        assert refused(world, SECURITY, "account.change", account=who.id, role=after)[0] == "forbidden"
