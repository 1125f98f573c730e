"""A list of accounts that somebody brings: what its rows mean, and which of them would be made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.directory.accounts import ADMINISTRATORS, ROLES, Account
from hub.directory.center_list import is_code
from hub.directory.list_rows import Column, Row, Wrong, named_rows, word_of
from hub.directory.tree import Center, CenterTree
from hub.fields import has_unfit_characters

#: The columns of a list of accounts.
COLUMNS: Final = (
    Column("username", ("账号", "用户名", "登录名")),
    Column("name", ("姓名", "名称", "显示名")),
    Column("role", ("角色",)),
    Column("center", ("中心", "中心代码", "所属中心", "所在中心")),
)
#: Longest user name and name, in characters.
MAX_WORD: Final = 64
_ROLES: Final = {
    "leader": ("领导",),
    "dispatcher": ("调度员", "调度"),
    "station": ("站点", "值守"),
    "clerk": ("档案员",),
    "system_admin": ("系统管理员",),
    "security_admin": ("安全管理员",),
    "audit_admin": ("审计管理员",),
    "grid_leader": ("网格长",),
    "grid_member": ("网格员",),
}
assert tuple(_ROLES) == ROLES
_STEPS: Final = re.compile(r"[/\\›>|,，、\s]+")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account of a list, and the row it stands in."""

    row: int
    username: str
    name: str
    role: str
    center: str


@dataclass(slots=True)
class AccountsDifference:
    """What a list would bring: accounts that are new, that are there as it says, and its wrong rows."""

    new: list[NewAccount] = field(default_factory=list)
    same: list[NewAccount] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


def read_accounts(
    rows: Iterable[Row], tree: CenterTree, known: Mapping[str, Account], may: Callable[[str, str], bool]
) -> AccountsDifference:
    """What a list would bring. `known`: accounts by user name; `may`: whether one in this role may be made at this center."""
    listed, wrong = named_rows(rows, COLUMNS)
    found = AccountsDifference(wrong=wrong)
    by_name: dict[str, list[Center]] = {}
    for center in (each for root in tree.roots for each in tree.subtree(root.code)):
        by_name.setdefault(center.name, []).append(center)
    seen: set[str] = set()
    for number, cells in listed:
        account = _account(number, cells, tree, by_name)
        if isinstance(account, NewAccount):
            account = _fitting(account, seen, known, may)
        if isinstance(account, Wrong):
            found.wrong.append(account)
            continue
        seen.add(account.username)
        (found.same if account.username in known else found.new).append(account)
    found.wrong.sort(key=lambda each: each.row)
    return found


def _account(
    number: int, cells: Mapping[str, str], tree: CenterTree, by_name: Mapping[str, list[Center]]
) -> NewAccount | Wrong:
    for column, why in (("username", "username"), ("name", "name")):
        text = cells[column]
        if not text or len(text) > MAX_WORD or has_unfit_characters(text) or "\n" in text or "\t" in text:
            return Wrong(number, column, why, text)
    role = word_of(cells["role"], _ROLES)
    if role is None:
        return Wrong(number, "role", "role", cells["role"])
    center = center_meant(cells["center"], tree, by_name)
    if isinstance(center, str):
        return Wrong(number, "center", center, cells["center"])
    return NewAccount(number, cells["username"], cells["name"], role, center.code)


def _fitting(
    account: NewAccount, seen: set[str], known: Mapping[str, Account], may: Callable[[str, str], bool]
) -> NewAccount | Wrong:
    if account.username in seen:
        return Wrong(account.row, "username", "twice", account.username)
    if not may(account.role, account.center):
        if account.role in ADMINISTRATORS:
            return Wrong(account.row, "role", "not_yours", account.role)
        return Wrong(account.row, "center", "elsewhere", account.center)
    there = known.get(account.username)
    if there is not None and (there.name, there.role, there.center) != (
        account.name,
        account.role,
        account.center,
    ):
        return Wrong(account.row, "username", "taken", account.username)
    return account


def center_meant(text: str, tree: CenterTree, by_name: Mapping[str, list[Center]]) -> Center | str:
    """The center that a cell names, by code or by its path from anywhere above down to it; or why it does not."""
    if is_code(text):
        return tree.get(text) or "center"
    steps = [step for step in _STEPS.split(text) if step]
    if not steps:
        return "center"
    meant = [each for each in by_name.get(steps[-1], ()) if _along(tree, each, steps[:-1])]
    if len(meant) == 1:
        return meant[0]
    return "ambiguous" if meant else "center"


def _along(tree: CenterTree, center: Center, steps: list[str]) -> bool:
    """Whether these names stand above the center, in this order."""
    above = iter([each.name for each in tree.path(center.code)[:-1]])
    return all(any(name == step for name in above) for step in steps)
