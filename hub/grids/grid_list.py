"""A list of grids that somebody brings: what its rows mean, which people and grids it would make, and what it would change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.directory.account_list import center_meant
from hub.directory.accounts import GRID_LEADER, GRID_MEMBER, GRID_ROLES, Account
from hub.directory.list_rows import Column, Row, Wrong, named_rows, word_of
from hub.directory.tree import Center, CenterTree
from hub.fields import has_unfit_characters
from hub.grids.catalog import GRID_DIGITS, VILLAGE_DIGITS, Grid
from hub.grids.grid_shapes import MAX_MEMBERS, MAX_PLANNED

#: The columns of a list of grids.
COLUMNS: Final = (
    Column("village", ("村", "村社区", "村（社区）", "社区", "所属村", "所属村社区", "所属中心", "村编码")),
    Column("grid", ("网格", "网格名称", "名称")),
    Column("code", ("网格编码", "编码", "网格代码"), needed=False),
    Column("kind", ("类型", "网格类型"), needed=False),
    Column("planned", ("户数", "住户数", "计划户数"), needed=False),
    Column("leader", ("网格长", "网格长姓名"), needed=False),
    Column("members", ("网格员", "网格员姓名", "专职网格员"), needed=False),
)
_KINDS: Final = {"basic": ("基础", "基础网格", "普通", ""), "dedicated": ("专属", "专属网格", "专业网格")}
_PEOPLE: Final = re.compile(r"[、,，;；/\s]+")
#: Longest name of a grid and of a person, in characters.
_MAX_NAME: Final = 40
_MAX_PERSON: Final = 20


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a list names, and who has no account yet."""

    row: int
    username: str
    name: str
    role: str
    center: str


@dataclass(frozen=True, slots=True)
class ListedGrid:
    """A grid of a list. People are named by their user names: those of accounts that are there, or are to be made."""

    row: int
    village: str
    #: Its code; None: the next number of the village.
    code: str | None
    name: str
    kind: str
    planned: int
    leader: str | None
    members: tuple[str, ...]


@dataclass(slots=True)
class GridsDifference:
    """What a list would bring: people without an account, grids that are new, grids with other people, and its wrong rows."""

    people: list[Person] = field(default_factory=list)
    new: list[ListedGrid] = field(default_factory=list)
    #: With the code of the grid that is there.
    changed: list[ListedGrid] = field(default_factory=list)
    same: int = 0
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: grids and people by village, every user name, and what the asker may make."""

    grids: Mapping[str, list[Grid]]
    people: Mapping[str, list[Account]]
    usernames: Mapping[str, str]
    """Account -> user name, of those people; and every other user name as its own key."""
    may_keep: Callable[[str], bool]
    may_make: Callable[[str], bool]


def read_grids(rows: Iterable[Row], tree: CenterTree, known: Known) -> GridsDifference:
    """What a list would bring. In a village a name is one person, who leads if any row says so."""
    listed, wrong = named_rows(rows, COLUMNS)
    found = GridsDifference(wrong=wrong)
    by_name: dict[str, list[Center]] = {}
    for center in (each for root in tree.roots for each in tree.subtree(root.code)):
        if center.level == "village":
            by_name.setdefault(center.name, []).append(center)
    good = []
    for number, cells in listed:
        draft = _drafted(number, cells, tree, by_name, known)
        if isinstance(draft, Wrong):
            found.wrong.append(draft)
        else:
            good.append(draft)
    people = _People(known, good)
    seen: set[tuple[str, str]] = set()
    for draft in good:
        grid = _placed(draft, people, seen, known, found)
        if isinstance(grid, Wrong):
            found.wrong.append(grid)
    found.people = people.new
    found.wrong.sort(key=lambda each: each.row)
    return found


@dataclass(frozen=True, slots=True)
class _Draft:
    """A row whose people are still names."""

    row: int
    village: str
    code: str | None
    name: str
    kind: str
    planned: int
    leader: str | None
    members: tuple[str, ...]


def _drafted(
    number: int,
    cells: Mapping[str, str],
    tree: CenterTree,
    by_name: Mapping[str, list[Center]],
    known: Known,
) -> _Draft | Wrong:
    center = center_meant(cells["village"], tree, by_name)
    if isinstance(center, str):
        return Wrong(number, "village", center, cells["village"])
    if center.level != "village" or not known.may_keep(center.code):
        return Wrong(number, "village", "village" if center.level != "village" else "elsewhere", center.name)
    name = cells["grid"]
    if not name or len(name) > _MAX_NAME or has_unfit_characters(name) or "\n" in name:
        return Wrong(number, "grid", "grid_name", name)
    code = cells.get("code", "") or None
    if code is not None and len(code) == GRID_DIGITS - VILLAGE_DIGITS:
        code = center.code + code
    if code is not None and not (code.isascii() and code.isdigit() and len(code) == GRID_DIGITS):
        return Wrong(number, "code", "grid_code", code)
    if code is not None and code[:VILLAGE_DIGITS] != center.code:
        return Wrong(number, "code", "grid_code", code)
    kind = word_of(cells.get("kind", ""), _KINDS)
    if kind is None:
        return Wrong(number, "kind", "grid_kind", cells["kind"])
    planned = cells.get("planned", "") or "0"
    if not (planned.isascii() and planned.isdigit() and len(planned) <= 6) or int(planned) > MAX_PLANNED:
        return Wrong(number, "planned", "planned", planned)
    leaders, members = _names(cells.get("leader", "")), _names(cells.get("members", ""))
    for column, names, most in (("leader", leaders, 1), ("members", members, MAX_MEMBERS)):
        unfit = [each for each in names if len(each) > _MAX_PERSON or has_unfit_characters(each)]
        if unfit or len(names) > most:
            return Wrong(number, column, "person", unfit[0] if unfit else cells[column])
    leader = leaders[0] if leaders else None
    return _Draft(number, center.code, code, name, kind, int(planned), leader, tuple(members))


def _names(cell: str) -> list[str]:
    return list(dict.fromkeys(name for name in _PEOPLE.split(cell) if name))


class _People:
    """Whom names mean in their villages: accounts that are there, or people who are to have one."""

    def __init__(self, known: Known, drafts: Iterable[_Draft]) -> None:
        self.new: list[Person] = []
        self._known = known
        self._made: dict[tuple[str, str], Person] = {}
        self._taken = set(known.usernames.values()) | set(known.usernames)
        drafts = list(drafts)
        self._leading = {(each.village, each.leader) for each in drafts if each.leader is not None}
        self._free = {each.village: self._usernames(each.village) for each in drafts}

    def _usernames(self, village: str) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            name = f"wg{village}-{number:02d}"
            if name not in self._taken:
                yield name

    def username(self, draft: _Draft, column: str, name: str) -> str | Wrong:
        """The user name of who is meant."""
        village, leads = draft.village, (draft.village, name) in self._leading
        there = [each for each in self._known.people.get(village, ()) if each.name == name]
        if len(there) > 1:
            return Wrong(draft.row, column, "people", name)
        if there:
            fits = there[0].role in ((GRID_LEADER,) if leads else GRID_ROLES)
            return (
                self._known.usernames[there[0].id] if fits else Wrong(draft.row, column, "not_leader", name)
            )
        if not self._known.may_make(village):
            return Wrong(draft.row, column, "no_account", name)
        made = self._made.get((village, name))
        if made is None:
            role = GRID_LEADER if leads else GRID_MEMBER
            made = Person(draft.row, next(self._free[village]), name, role, village)
            self._made[village, name] = made
            self.new.append(made)
        return made.username


def _placed(
    draft: _Draft, people: _People, seen: set[tuple[str, str]], known: Known, found: GridsDifference
) -> ListedGrid | Wrong:
    """The grid, put where it belongs in the difference."""
    keys = {(draft.village, draft.name), *([(draft.village, draft.code)] if draft.code else [])}
    if keys & seen:
        return Wrong(draft.row, "grid", "twice", draft.name)
    leader = None if draft.leader is None else people.username(draft, "leader", draft.leader)
    if isinstance(leader, Wrong):
        return leader
    members = []
    for name in draft.members:
        member = people.username(draft, "members", name)
        if isinstance(member, Wrong):
            return member
        members.append(member)
    seen |= keys
    there = [
        each
        for each in known.grids.get(draft.village, ())
        if each.grid == draft.code or each.name == draft.name
    ]
    if len(there) > 1:
        return Wrong(draft.row, "code", "grid_code", draft.code or "")
    code = there[0].grid if there else draft.code
    facts = (draft.name, draft.kind, draft.planned)
    grid = ListedGrid(draft.row, draft.village, code, *facts, leader, tuple(members))
    if not there:
        found.new.append(grid)
    elif _as_it_is(there[0], grid, known):
        found.same += 1
    else:
        found.changed.append(grid)
    return grid


def _as_it_is(there: Grid, grid: ListedGrid, known: Known) -> bool:
    """Whether the same people work in it; name, kind and number of a grid that is there stay as they are."""
    names = known.usernames
    leader = None if there.leader is None else names.get(there.leader)
    return (leader, [names.get(each) for each in there.members]) == (grid.leader, list(grid.members))
