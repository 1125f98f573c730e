"""Lists that people bring: what their rows mean, what is wrong in which row, and that no file harms the hub."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest
import xlsxwriter

from hub.directory.account_list import read_accounts
from hub.directory.accounts import Account
from hub.directory.center_list import compare, read_centers
from hub.errors import Refusal
from hub.sheets.reading import Sheet, read_sheet
from hub.sheets.writing import sheet_bytes
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, TREE, VILLAGE

HEADER = ("code", "name", "level", "parent_code")
TOWN_ROW = (TOWN, "坦渡镇", "township", COUNTY)


def rows(*cells: Sequence[str], header: Sequence[str] = HEADER) -> list[tuple[int, Sequence[str]]]:
    return list(enumerate((header, *cells), 1))


def book(*cells: Sequence[object], text: bool = False) -> bytes:
    """An XLSX file as a spreadsheet writes it: numbers are numbers, unless all is `text`."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if text or isinstance(cell, str):
                    sheet.write_string(row, column, str(cell))
                else:
                    sheet.write(row, column, cell)
    return file.getvalue()


def unreadable(content: bytes) -> str | None:
    with pytest.raises(Refusal) as caught:
        read_sheet(content)
    assert caught.value.code == "unprocessable"
    return caught.value.field


def whys(*cells: Sequence[str]) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.why) for each in read_centers(rows(*cells))[1]]


def test_columns_are_known_by_their_chinese_names_and_in_any_order() -> None:
    header = ("名称", "功能区", "上级代码", "级别", "代码", "备注")
    listed, wrong = read_centers(
        rows(("屈原管理区", "是", CITY, "县区", "430671000000", "湖区"), header=header)
    )
    assert wrong == []
    (one,) = listed
    assert (one.code, one.name, one.level, one.parent, one.functional) == (
        "430671000000",
        "屈原管理区",
        "county",
        CITY,
        True,
    )


def test_each_wrong_row_is_named_with_column_and_reason() -> None:
    assert whys(
        ("43", "村", "village", TOWN),
        ("4.30682E+11", "村", "village", TOWN),
        (VILLAGE, "", "village", TOWN),
        (VILLAGE, "村", "planet", TOWN),
        (VILLAGE, "村", "village", "x"),
        (VILLAGE, "坦渡村", "village", TOWN),
        (VILLAGE, "坦渡村", "village", TOWN),
        (VILLAGE, "坦渡村", "village", TOWN, "", "x"),
    ) == [
        (2, "code", "code"),
        (3, "code", "digits"),
        (4, "name", "name"),
        (5, "level", "level"),
        (6, "parent_code", "code"),
        (8, "code", "twice"),
        (9, "", "cells"),
    ]
    assert [each.why for each in read_centers(rows(header=("code", "name")))[1]] == ["columns"]
    assert [each.why for each in read_centers([])[1]] == ["columns"]


def test_a_list_is_held_against_the_directory() -> None:
    listed, wrong = read_centers(
        rows(
            TOWN_ROW,
            (OTHER_VILLAGE, "长岭新村", "village", TOWN),
            ("430682115999", "新村", "village", TOWN),
            ("430682116000", "新镇", "township", COUNTY),
            ("430682116001", "新镇一村", "village", "430682116000"),
            ("430682117001", "无镇村", "village", "430682117000"),
            ("430682118000", "太高镇", "county", COUNTY),
            ("430682118001", "太高镇一村", "village", "430682118000"),
            (OTHER_TOWN, "荣家湾镇", "township", OTHER_COUNTY),
            ("430682119000", "别处镇", "township", OTHER_COUNTY),
            (COUNTY, "临湘", "county", CITY),
        )
    )
    found, good = compare(listed, wrong, TREE, COUNTY)
    assert [each.code for each in found.new] == ["430682115999", "430682116000", "430682116001"]
    assert [(was.name, now.name) for was, now in found.changed] == [("长岭社区", "长岭新村")]
    assert [each.code for each in found.missing] == [VILLAGE]
    assert [(each.row, each.column, each.why) for each in found.wrong] == [
        (7, "parent_code", "unknown_parent"),
        (8, "level", "level_above"),
        (9, "parent_code", "unknown_parent"),
        (10, "code", "elsewhere"),
        (11, "parent_code", "elsewhere"),
        (12, "code", "elsewhere"),
    ]
    assert (found.same, found.reordered, len(good)) == (1, 0, 5)
    back = [OTHER_VILLAGE, VILLAGE]
    turned = rows(TOWN_ROW, *((code, TREE[code].name, "village", TOWN) for code in back))
    assert compare(*read_centers(turned), TREE, COUNTY)[0].reordered == 2


def test_centers_that_stand_below_each_other_in_a_circle_are_found() -> None:
    one, two = "430682000001", "430682000002"
    # Two counties cannot stand below each other by their levels; the parent of a known center is taken from the list.
    listed, wrong = read_centers(
        rows((one, "甲", "township", two), (two, "乙", "county", one), (COUNTY, "临湘市", "county", CITY))
    )
    found, good = compare(listed, wrong, TREE, CITY)
    assert {each.why for each in found.wrong} <= {"circle", "level_above", "unknown_parent"}
    assert [each.code for each in good] == [COUNTY]
    assert len(found.wrong) == 2


def account_rows(*cells: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    return rows(*cells, header=("账号", "姓名", "角色", "中心"))


def test_a_list_of_accounts_names_centers_by_code_or_path() -> None:
    known = {
        "wang": Account("a_1", "wang", "王某", "leader", CITY),
        "zhao": Account("a_2", "zhao", "赵某", "leader", CITY),
    }
    found = read_accounts(
        account_rows(
            ("li", "李某", "站点", VILLAGE),
            ("sun", "孙某", "station", "临湘市/坦渡镇/坦渡村"),
            ("zhou", "周某", "station", "临湘市 长岭社区"),
            ("wang", "王某", "领导", CITY),
            ("zhao", "赵某", "station", VILLAGE),
            ("wu", "吴某", "station", "岳阳县 坦渡村"),
            ("zheng", "郑某", "皇帝", VILLAGE),
            ("feng", "冯某", "安全管理员", VILLAGE),
            ("chen", "陈某", "station", OTHER_TOWN),
            ("li", "李某", "站点", VILLAGE),
            ("", "无名", "站点", VILLAGE),
        ),
        TREE,
        known,
        lambda role, center: role != "security_admin" and center != OTHER_TOWN,
    )
    assert [(each.username, each.center) for each in found.new] == [
        ("li", VILLAGE),
        ("sun", VILLAGE),
        ("zhou", OTHER_VILLAGE),
    ]
    assert [each.username for each in found.same] == ["wang"]
    assert [(each.row, each.why) for each in found.wrong] == [
        (6, "taken"),
        (7, "center"),
        (8, "role"),
        (9, "not_yours"),
        (10, "elsewhere"),
        (11, "twice"),
        (12, "username"),
    ]


def test_a_name_that_several_centers_bear_is_no_path() -> None:
    one = [each for each in TREE.subtree(CITY) if each.code not in (VILLAGE,)]
    twins = [
        *one,
        TREE[VILLAGE],
        *(TREE[VILLAGE].__class__("430682115777", "坦渡村", "village", COUNTY, ""),),
    ]
    tree = TREE.__class__(twins)
    found = read_accounts(account_rows(("a", "a", "站点", "坦渡村")), tree, {}, lambda *_: True)
    assert [each.why for each in found.wrong] == ["ambiguous"]
    found = read_accounts(account_rows(("a", "a", "站点", "坦渡镇 坦渡村")), tree, {}, lambda *_: True)
    assert [each.center for each in found.new] == [VILLAGE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_csv_is_read_in_the_letters_of_chinese_spreadsheets(encoding: str) -> None:
    sheet = read_sheet("代码,名称\r\n430600000000,岳阳市\r\n".encode(encoding))
    assert sheet == Sheet([(1, ["代码", "名称"]), (2, ["430600000000", "岳阳市"])], [])


def test_xlsx_keeps_codes_that_were_typed_as_numbers_and_says_which_lost_digits() -> None:
    sheet = read_sheet(
        book(
            ("code", "name", "level", "parent_code"),
            (430682115210, "坦渡村", "village", 430682115000),
            (430682115210987654, "身份", "village", 430682115000),
            (True, 1.5, "x", "y"),
        )
    )
    assert sheet.rows[1] == (2, ["430682115210", "坦渡村", "village", "430682115000"])
    assert sheet.rows[2] == (4, ["yes", "1.5", "x", "y"])
    assert [(each.row, each.column, each.why) for each in sheet.wrong] == [(3, "A", "digits")]


def test_a_cell_of_ten_thousand_characters_is_named_and_left_out() -> None:
    long = "长" * 10_000
    for content in (
        f"code,name\n1,{long}\n2,短\n".encode(),
        book(("code", "name"), ("1", long), ("2", "短")),
    ):
        sheet = read_sheet(content)
        assert [number for number, _ in sheet.rows] == [1, 3]
        assert [(each.row, each.column, each.why) for each in sheet.wrong] == [(2, "B", "too_long")]
        assert len(sheet.wrong[0].value) <= 80


def test_files_that_are_no_lists_are_refused_with_the_reason() -> None:
    assert unreadable(b"") == "empty"
    assert unreadable(b" \n,,\n") == "empty"
    assert unreadable(b"a,b\n1,\xff\xff\n") == "encoding"
    assert unreadable(b"a\0b,c\n1,2\n") == "kind"
    assert unreadable(b'a,b\n"1,2\n') == "csv"
    assert unreadable(b"PK\x03\x04 and nothing that follows") == "kind"
    assert unreadable((",".join("x" * 65) + "\n").encode()) == "too_many_columns"
    assert unreadable(b"a\n" * 20_002) == "too_many_rows"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert unreadable(other.getvalue()) == "kind"


def test_an_archive_that_unpacks_to_far_more_is_not_unpacked() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (90 << 20))
    assert len(bomb.getvalue()) < 200_000
    assert unreadable(bomb.getvalue()) == "too_large"


def test_two_cells_at_the_ends_of_a_sheet_take_no_memory_of_the_hub() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "code")
        sheet.write_string(1_048_575, 16_383, "x")
    assert unreadable(file.getvalue()) in ("too_large", "too_many_columns")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_taken_away_can_be_brought_back_and_is_never_a_formula(kind: str) -> None:
    cells = ["=HYPERLINK(1)", "+1", "-1", "@x", "430600000000", 'a,b"c', "普通"]
    content = sheet_bytes(kind, ["code", "name"], [[cell, "x"] for cell in cells])  # type: ignore[arg-type]
    if kind == "csv":
        for sign in "=+-@":
            assert f"\n{sign}".encode() not in content
        assert content.startswith(b"\xef\xbb\xbf")
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    back = [row[0].removeprefix("'") for _, row in read_sheet(content).rows[1:]]
    assert back == cells
