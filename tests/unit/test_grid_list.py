"""A list of grids: whom its names mean, which accounts it needs, what it changes, and what is wrong in which row."""

from __future__ import annotations

from typing import Any

from hub.directory.accounts import Account
from hub.grids.catalog import Grid
from hub.grids.grid_list import GridsDifference, Known, read_grids
from tests.support.rules import OTHER_VILLAGE, TOWN, TREE, VILLAGE

HEADER = ["村", "网格", "编码", "类型", "户数", "网格长", "网格员"]
LEADER = Account("a_1", "zhang", "张某", "grid_leader", VILLAGE)
MEMBER = Account("a_2", "wu", "吴某", "grid_member", VILLAGE)
THERE = Grid(f"{VILLAGE}001", "河堤网格", "basic", "a_1", ("a_2",), 40)


def read(
    *rows: list[str], makes: bool = True, people: tuple[Account, ...] = (LEADER, MEMBER)
) -> GridsDifference:
    known = Known(
        {VILLAGE: [THERE]},
        {VILLAGE: list(people)},
        {each.id: each.username for each in people},
        lambda code: code != OTHER_VILLAGE,
        lambda code: makes,
    )
    return read_grids(enumerate([HEADER, *rows], 1), TREE, known)


def wrong(found: GridsDifference) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.why) for each in found.wrong]


def test_a_name_is_one_person_of_the_village_who_leads_if_any_row_says_so() -> None:
    found = read(
        [VILLAGE, "果园网格", "", "", "35", "", "周某、郑某"],
        ["坦渡镇/坦渡村", "集市网格", "009", "专属", "", "周某", "吴某，周某"],
    )
    assert wrong(found) == []
    assert [(each.name, each.role, each.username) for each in found.people] == [
        ("周某", "grid_leader", f"wg{VILLAGE}-01"),
        ("郑某", "grid_member", f"wg{VILLAGE}-02"),
    ]
    assert [(each.code, each.kind, each.planned, each.leader, each.members) for each in found.new] == [
        (None, "basic", 35, None, (f"wg{VILLAGE}-01", f"wg{VILLAGE}-02")),
        (f"{VILLAGE}009", "dedicated", 0, f"wg{VILLAGE}-01", ("wu", f"wg{VILLAGE}-01")),
    ]


def test_what_is_there_is_told_apart_from_what_changes() -> None:
    same = [VILLAGE, "河堤网格", "001", "基础", "40", "张某", "吴某"]
    assert (read(same).same, read(same).new, read(same).changed) == (1, [], [])
    (other,) = read([VILLAGE, "河堤网格", "", "", "", "张某", "张某"]).changed
    assert (other.code, other.members) == (THERE.grid, ("zhang",))


def test_a_list_brought_twice_makes_nothing_twice() -> None:
    row = [VILLAGE, "果园网格", "", "", "35", "", "郑某"]
    made = read(row).people[0]
    there = Account("a_3", made.username, made.name, made.role, made.center)
    again = read(row, people=(LEADER, MEMBER, there))
    assert again.people == []
    assert again.new[0].members == (made.username,)


def test_each_wrong_row_says_why_and_leaves_nobody_behind() -> None:
    def row(**cells: Any) -> list[str]:
        given = {"村": VILLAGE, "网格": "新", **cells}
        return [given.get(name, "") for name in HEADER]

    found = read(
        row(村="没有的村"),
        row(村=TOWN),
        row(村=OTHER_VILLAGE),
        row(网格=""),
        row(编码="12"),
        row(编码=f"{OTHER_VILLAGE}001"),
        row(类型="大"),
        row(户数="很多"),
        row(网格长="张某、李某"),
        row(网格长="吴某"),
        row(网格="甲", 网格员="孙某"),
        row(网格="甲", 网格员="钱某"),
    )
    assert wrong(found) == [
        (2, "village", "center"),
        (3, "village", "village"),
        (4, "village", "elsewhere"),
        (5, "grid", "grid_name"),
        (6, "code", "grid_code"),
        (7, "code", "grid_code"),
        (8, "kind", "grid_kind"),
        (9, "planned", "planned"),
        (10, "leader", "person"),
        (11, "leader", "not_leader"),
        (13, "grid", "twice"),
    ]
    assert [each.name for each in found.people] == ["孙某"]
    assert wrong(read(row(网格员="新人"), makes=False)) == [(2, "members", "no_account")]
    twins = (LEADER, MEMBER, Account("a_9", "wu2", "吴某", "grid_member", VILLAGE))
    assert wrong(read(row(网格员="吴某"), people=twins)) == [(2, "members", "people")]
