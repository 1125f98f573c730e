"""The house in tests of its rules: accounts made in a world, what is refused there, an account as it stands."""

from __future__ import annotations

from typing import Any

import pytest

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.house.parts import Accounts
from tests.support.rules import (
    CITY,
    World,
    account,
)

SECURITY = account("security_admin", CITY)
SYSTEM_ADMIN = account("system_admin", CITY)


def made(world: World, role: str, center: str, name: str | None = None) -> Account:
    """An account of the world's directory."""
    new = {"username": name or f"{role}{len(world.entries)}", "name": "某", "role": role, "center": center}
    (entry,) = world.do(SYSTEM_ACCOUNT, "account.create", accounts=[new])
    return world.state.parts.read(Accounts).by_id[entry.data["accounts"][0]["account"]]


def refused(world: World, who: Account, kind: str, **data: Any) -> tuple[str, str | None]:
    with pytest.raises(Refusal) as caught:
        world.do(who, kind, **data)
    return caught.value.code, caught.value.field


def now(world: World, account: Account) -> Account:
    return world.state.parts.read(Accounts).by_id[account.id]


def guarded() -> tuple[World, Account, Account]:
    """A world with approval, and its two security administrators."""
    world = World()
    first, second = made(world, "security_admin", CITY, "one"), made(world, "security_admin", CITY, "two")
    world.do(first, "policy.change", approval={"rights": True})
    return world, first, second
