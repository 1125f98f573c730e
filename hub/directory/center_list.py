"""A list of centers that somebody brings: what its rows mean, and what it would change in the directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from hub.directory.list_rows import Column, Row, Wrong, is_rounded, named_rows, word_of
from hub.directory.tree import LEVELS, Center, CenterTree
from hub.fields import has_unfit_characters

#: The columns of a list of centers; of those in the hub's own lists the first four.
COLUMNS: Final = (
    Column("code", ("代码", "编码", "中心代码")),
    Column("name", ("名称", "中心名称")),
    Column("level", ("级别", "层级")),
    Column("parent_code", ("上级代码", "上级", "parent")),
    Column("functional", ("功能区",), needed=False),
)
#: Longest name of a center, in characters.
MAX_NAME: Final = 100
_LEVELS: Final = {
    "city": ("市", "市级"),
    "county": ("县区", "县", "区", "县级"),
    "township": ("乡镇街道", "乡镇", "街道", "镇", "乡", "乡级"),
    "village": ("村社区", "村", "社区", "村级"),
}
_TRUTH: Final = {"yes": ("是", "true", "1", "y", "功能区"), "no": ("否", "false", "0", "n", "")}


@dataclass(frozen=True, slots=True)
class Listed:
    """A center of a list, and the row it stands in."""

    row: int
    code: str
    name: str
    level: str
    parent: str | None
    functional: bool = False


def read_centers(rows: Iterable[Row]) -> tuple[list[Listed], list[Wrong]]:
    """The centers of a list, and what is wrong in it; each row is one of both."""
    listed, wrong = named_rows(rows, COLUMNS)
    centers: list[Listed] = []
    seen: set[str] = set()
    for number, cells in listed:
        found = _center(number, cells)
        if isinstance(found, Listed) and found.code in seen:
            found = Wrong(number, "code", "twice", found.code)
        if isinstance(found, Wrong):
            wrong.append(found)
        else:
            seen.add(found.code)
            centers.append(found)
    return centers, sorted(wrong, key=lambda each: each.row)


def _center(number: int, cells: Mapping[str, str]) -> Listed | Wrong:
    code, name, parent = cells["code"], cells["name"], cells["parent_code"]
    for column, text in (("code", code), ("parent_code", parent)):
        if (text or column == "code") and not is_code(text):
            return Wrong(number, column, "digits" if is_rounded(text) else "code", text)
    if not name or len(name) > MAX_NAME or has_unfit_characters(name) or "\n" in name or "\t" in name:
        return Wrong(number, "name", "name", name)
    level = word_of(cells["level"], _LEVELS)
    if level is None:
        return Wrong(number, "level", "level", cells["level"])
    truth = word_of(cells.get("functional", ""), _TRUTH)
    if truth is None:
        return Wrong(number, "functional", "yes_or_no", cells["functional"])
    return Listed(number, code, name, level, parent or None, truth == "yes")


def is_code(text: str) -> bool:
    """Whether this is the code of a center."""
    return len(text) == 12 and text.isascii() and text.isdigit()


@dataclass(slots=True)
class Difference:
    """What a list would change: centers that are new, other than before, or missing in it; and its wrong rows."""

    new: list[Listed] = field(default_factory=list)
    changed: list[tuple[Center, Listed]] = field(default_factory=list)
    missing: list[Center] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    reordered: int = 0
    same: int = 0


def compare(
    listed: list[Listed], wrong: Iterable[Wrong], tree: CenterTree, within: str
) -> tuple[Difference, list[Listed]]:
    """What the list would change of what stands at and below `within`, and the rows that are good."""
    scope = tree.subtree(within)
    codes = {each.code for each in scope}
    found = Difference(wrong=list(wrong))
    good: dict[str, Listed] = {each.code: each for each in listed}
    refused: dict[str, Wrong] = {}
    for each in listed:
        problem = _misplaced(each, good, tree, within, codes)
        if problem is not None:
            refused[each.code] = problem
    # What stands below a refused row of a new center has no place to stand either.
    pending = True
    while pending:
        pending = False
        for each in listed:
            parent = each.parent or ""
            if each.code not in refused and parent in refused and parent not in codes:
                refused[each.code] = Wrong(each.row, "parent_code", "unknown_parent", parent)
                pending = True
    found.wrong = sorted([*found.wrong, *refused.values()], key=lambda each: each.row)
    kept = [each for each in listed if each.code not in refused]
    for each in kept:
        before = tree.get(each.code)
        if before is None:
            found.new.append(each)
        elif _words(before) == _words(each):
            found.same += 1
        else:
            found.changed.append((before, each))
    named = {each.code for each in listed}
    found.missing = [each for each in scope if each.code not in named and each.code != within]
    found.reordered = _reordered([each.code for each in kept if each.code in codes], scope)
    return found, kept


def _words(center: Center | Listed) -> tuple[str, str, str | None, bool]:
    return center.name, center.level, center.parent, center.functional


def _misplaced(
    each: Listed, listed: Mapping[str, Listed], tree: CenterTree, within: str, codes: Collection[str]
) -> Wrong | None:
    """What is wrong with where a center of the list stands."""
    before = tree.get(each.code)
    if before is not None and each.code not in codes:
        return Wrong(each.row, "code", "elsewhere", each.code)
    if each.code == within:
        # Its own line: what stands above is not the list's to change.
        return None if before is not None and _words(before) == _words(each) else _own(each, before)
    if each.parent is None or (each.parent not in listed and each.parent not in tree):
        return Wrong(each.row, "parent_code", "unknown_parent", each.parent or "")
    if each.parent not in codes and (each.parent not in listed or each.parent in tree):
        return Wrong(each.row, "parent_code", "elsewhere", each.parent)
    above: Listed | Center = listed[each.parent] if each.parent in listed else tree[each.parent]
    if LEVELS.index(each.level) <= LEVELS.index(above.level):
        return Wrong(each.row, "level", "level_above", each.level)
    steps = 0
    up: str | None = each.parent
    while up is not None and up != within and steps <= len(listed) + len(tree):
        if up == each.code:
            return Wrong(each.row, "parent_code", "circle", each.code)
        step = listed.get(up) or tree.get(up)
        up, steps = (step.parent if step is not None else None), steps + 1
    return None


def _own(each: Listed, before: Center | None) -> Wrong | None:
    if before is not None and before.parent is None and each.parent is None and each.level == before.level:
        return None  # the top itself may get another name
    return Wrong(each.row, "code", "elsewhere", each.code)


def _reordered(codes: list[str], scope: list[Center]) -> int:
    """How many centers of the list stand elsewhere among their neighbours than they do now."""
    now: dict[str | None, list[str]] = {}
    then: dict[str | None, list[str]] = {}
    named, parents = set(codes), {each.code: each.parent for each in scope}
    for each in scope:
        if each.code in named:
            now.setdefault(each.parent, []).append(each.code)
    for code in codes:
        then.setdefault(parents[code], []).append(code)
    return sum(one != other for parent in now for one, other in zip(now[parent], then[parent], strict=True))
