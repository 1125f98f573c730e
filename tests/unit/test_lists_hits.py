"""Lists of people as files of strangers: whose rows are whose, nothing guessed, cells kept exactly or refused by row."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from hub.directory.matching import Matcher
from hub.errors import Refusal
from hub.sheets.child import Unreadable, rows_of
from hub.sheets.hits import Hits, look, read_hits, sealed_rows, split, summary
from hub.sheets.hits_reading import HitsReader
from hub.sheets.sealing import HubKey, ListKey, mark_of, masked, packed, unpacked
from tests.support.rules import CITY, COUNTY, OTHER_TOWN, OTHER_VILLAGE, TOWN, TREE, VILLAGE

ROLES = ["id", "personal", "center", "shown"]
HEAD = ("身份证号", "姓名", "所属村", "来源")
ID = "430682199001011234"


def csv_of(*rows: Sequence[str], head: Sequence[str] = HEAD, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in (head, *rows)).encode(encoding)


def book(*cells: Sequence[object], merged: str = "") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet, days = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
        for row, line in enumerate(cells):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, days)
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                else:
                    sheet.write(row, column, cell)
        if merged:
            sheet.merge_range(merged, "坦渡村")
    return file.getvalue()


def matcher(within: str = CITY) -> Matcher:
    known = [(each.code, each.name, each.parent) for each in TREE.subtree(CITY)]
    return Matcher(known, [each.code for each in TREE.subtree(within)])


def hits_of(*rows: Sequence[str]) -> Hits:
    return read_hits(csv_of(*rows))


def why(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_hits(content)
    return str(caught.value)


# -- centers


@pytest.mark.parametrize(
    "text",
    [
        VILLAGE,
        " 坦渡村 ",
        "坦渡镇坦渡村",
        "临湘市 / 坦渡镇 / 坦渡村",
        "岳阳市临湘市坦渡镇坦渡村",
        "临湘市坦渡村",
        "４３０６８２１１５２１０",
    ],
)
def test_a_center_is_found_by_its_code_its_name_and_its_path_in_whole_or_in_part(text: str) -> None:
    assert matcher().find(text) == [VILLAGE]


@pytest.mark.parametrize(
    "text", ["", "坦渡", "坦渡村三组", "岳阳县坦渡村", "坦渡村坦渡镇", "430682115999", "43068211521"]
)
def test_what_is_not_plain_is_never_guessed(text: str) -> None:
    assert matcher().find(text) == []


def test_a_name_that_several_centers_bear_means_all_of_them_until_the_path_says_which() -> None:
    known = [
        ("1" * 12, "岳阳市", None),
        ("2" * 12, "东镇", "1" * 12),
        ("3" * 12, "西镇", "1" * 12),
        ("4" * 12, "联合村", "2" * 12),
        ("5" * 12, "联合村", "3" * 12),
    ]
    found = Matcher(known, [code for code, _, _ in known])
    assert found.find("联合村") == ["4" * 12, "5" * 12]
    assert found.find("西镇联合村") == ["5" * 12]
    assert found.suggest("联合村二组") == ["4" * 12, "5" * 12]


def test_only_centers_of_ones_own_are_found() -> None:
    assert matcher(COUNTY).find("荣家湾镇") == []
    assert matcher(COUNTY).find("岳阳市临湘市坦渡镇") == [TOWN]
    assert matcher(COUNTY).find(OTHER_TOWN) == []


def test_unsure_rows_are_shown_and_mended_by_hand_or_left_out() -> None:
    hits = hits_of(
        (ID, "甲", "坦渡村", "a"),
        ("2", "乙", "坦渡村三组", "b"),
        ("3", "丙", "", "c"),
        ("4", "丁", "坦渡村三组", "d"),
    )
    told = summary(hits, ROLES, split(hits, ROLES, matcher(), {}), matcher())
    assert told["counts"] == {VILLAGE: 1}
    assert [(each["text"], each["rows"], each["first"], each["why"]) for each in told["unsure"]] == [
        ("坦渡村三组", 2, [3, 5], "unknown"),
        ("", 1, [4], "none"),
    ]
    assert VILLAGE in told["unsure"][0]["centers"]
    mends = {"坦渡村三组": OTHER_VILLAGE, "": ""}
    mended = split(hits, ROLES, matcher(), mends)
    assert (len(mended.by_center[OTHER_VILLAGE]), mended.left_out, mended.unsure) == (2, 1, {})


# -- cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_letters_are_told_apart_and_kept_to_the_rarest(encoding: str) -> None:
    names = ["𠮷田", "䶮", "👩‍👩‍👧", "é", "〇"]
    hits = read_hits(csv_of(*((ID, name, "坦渡村", "x") for name in names), encoding=encoding))
    assert [cells[1] for _, cells in hits.rows] == names
    told = {"utf-8": "utf-8", "utf-8-sig": "utf-8-bom", "gb18030": "gb18030"}
    assert hits.encoding == told[encoding]


def test_what_a_column_may_be_is_told_by_its_name_and_unknown_ones_count_as_personal() -> None:
    hits = read_hits(
        csv_of(("1", "2", "3", "4", "5"), head=("公民身份证号", "联系电话", "乡镇", "村", "备注"))
    )
    assert [each["guess"] for each in look(hits)["columns"]] == [
        "id",
        "personal",
        "center",
        "center",
        "personal",
    ]


def test_numbers_that_lost_digits_refuse_their_row_and_dates_and_codes_are_kept() -> None:
    hits = read_hits(
        book(
            HEAD,
            (430682199001011234, "甲", "坦渡村", "x"),
            (ID, "乙", int(VILLAGE), date(2026, 11, 29)),
            ("3", "丙", "坦渡村", 45000),
        )
    )
    assert [(each[0], each[1], each[2]) for each in hits.wrong] == [(2, "A", "digits")]
    assert [(number, cells[0], cells[2], cells[3]) for number, cells in hits.rows] == [
        (3, ID, VILLAGE, "2026-11-29"),
        (4, "3", "坦渡村", "45000"),
    ]


def test_numbers_that_a_spreadsheet_had_rounded_in_its_csv_refuse_their_row() -> None:
    hits = hits_of(("4.30682E+17", "甲", "坦渡村", "x"), (ID, "乙", "坦渡村", "4.3e+17 米"))
    assert hits.wrong == [[2, "A", "digits", "4.30682E+17"]]
    assert hits.rows == [(3, [ID, "乙", "坦渡村", "4.3e+17 米"])]


def test_the_rarest_letters_of_a_book_are_kept_and_a_cell_of_ten_thousand_refuses_its_row() -> None:
    names = ["𠮷田", "䶮", "👩‍👩‍👧", "é"]
    hits = read_hits(
        book(HEAD, *[(ID, name, "坦渡村", "x") for name in names], (ID, "长" * 10_000, "坦渡村", "x"))
    )
    assert [cells[1] for _, cells in hits.rows] == names
    assert [(each[0], each[1], each[2]) for each in hits.wrong] == [(6, "B", "too_long")]


def test_merged_cells_say_nothing_below_the_first_and_their_rows_are_shown() -> None:
    hits = read_hits(book(HEAD, ("1", "甲", "", "x"), ("2", "乙", "", "y"), merged="C2:C3"))
    made = split(hits, ROLES, matcher(), {})
    assert (len(made.by_center[VILLAGE]), made.unsure) == (1, {"": [3]})


def test_long_cells_and_rows_that_are_wider_than_the_head_are_refused_by_row() -> None:
    hits = hits_of(("1", "甲" * 10_000, "坦渡村", "x"), ("2", "乙", "坦渡村", "x", "more"), ("3", "丙"))
    assert [(each[0], each[2]) for each in hits.wrong] == [(2, "too_long"), (3, "cells")]
    assert hits.rows == [(4, ["3", "丙", "", ""])]


@pytest.mark.parametrize("character", ["\0", "\x1b", "\u202e"])
def test_characters_that_are_no_writing_refuse_their_row(character: str) -> None:
    hits = hits_of(*[(ID, "甲", "坦渡村", "x")] * 300, ("2", f"乙{character}", "坦渡村", "x"))
    assert hits.wrong == [[302, "B", "control", ""]]
    assert len(hits.rows) == 300


@pytest.mark.parametrize(
    "content", [b"GIF89a\x00\x01", "身份证号".encode("utf-16"), b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_files_of_another_kind_with_a_list_inside_are_none(content: bytes) -> None:
    assert why(content + csv_of((ID, "甲", "坦渡村", "x"))) in {"kind", "encoding"}


@pytest.mark.parametrize(
    "head",
    [b"GIF89a\x01\x00", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", b"MZ\x90\x00"],
)
def test_a_book_behind_the_head_of_another_kind_of_file_is_none(head: bytes) -> None:
    assert why(head + book(HEAD, (ID, "甲", "坦渡村", "x"))) in {"kind", "encoding"}


def test_what_hangs_behind_a_book_is_no_part_of_it() -> None:
    content = book(HEAD, (ID, "甲", "坦渡村", "x")) + b"<script>alert(1)</script>"
    hits = read_hits(content)
    assert hits.rows == [(2, [ID, "甲", "坦渡村", "x"])]


def test_a_book_whose_parts_lie_elsewhere_reads_and_writes_nothing_there(tmp_path: Path) -> None:
    marked = tmp_path / "marked.xml"
    marked.write_text("<worksheet><sheetData><row><c t='str'><v>MARK</v></c></row></sheetData></worksheet>")
    for target in (f"../../../../../..{marked}", str(marked), f"file://{marked}"):
        file = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(book(HEAD, (ID, "甲", "坦渡村", "x")))) as old,
            zipfile.ZipFile(file, "w") as new,
        ):
            for each in old.infolist():
                text = old.read(each)
                if each.filename == "xl/_rels/workbook.xml.rels":
                    text = text.replace(b"worksheets/sheet1.xml", target.encode())
                new.writestr(each.filename, text)
            new.writestr(f"../../../../../..{tmp_path}/written", "x")
            new.writestr(f"{tmp_path}/written", "x")
        try:
            hits = read_hits(file.getvalue())
        except Unreadable:
            pass
        else:
            assert "MARK" not in json.dumps([hits.rows, hits.wrong, hits.names])
    assert [each.name for each in tmp_path.iterdir()] == ["marked.xml"]


def test_formulas_stay_the_text_that_they_are() -> None:
    hits = hits_of(("1", "=cmd|' /C calc'!A0", "坦渡村", "@SUM(1)"))
    assert hits.rows[0][1][1] == "=cmd|' /C calc'!A0"


def test_files_that_are_no_lists_are_refused() -> None:
    assert why(b"") == "empty"
    assert why(b"\x00\x01\x02\xff\xfe" * 10) in {"kind", "encoding"}
    assert why(b"PK\x03\x04 and nothing more") == "kind"
    assert why(b"%PDF-1.7\n\x00\x00") in {"kind", "encoding"}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    assert why(file.getvalue()) == "kind"
    assert why(csv_of(["x"] * 65, head=["h"] * 65)) == "too_many_columns"


@pytest.mark.parametrize(
    "content", [csv_of(*[("1", "甲", "村", "x")] * 4), book(HEAD, *[("1", "甲", "村", "x")] * 4)]
)
def test_no_more_rows_are_read_than_a_list_may_have(content: bytes) -> None:
    assert len(rows_of(content, 5)["rows"]) == 5
    with pytest.raises(Unreadable, match="too_many_rows"):
        rows_of(content, 4)


def test_a_book_that_names_files_of_the_machine_tells_nothing_of_them() -> None:
    plain = book(HEAD, (ID, "MARK", "坦渡村", "x"))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(file, "w") as new:
        for each in old.infolist():
            text = old.read(each)
            if each.filename == "xl/sharedStrings.xml":
                head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
                text = head + text.split(b"?>", 1)[1].replace(b"MARK", b"&e;")
            new.writestr(each.filename, text)
    try:
        hits = read_hits(file.getvalue())
    except Unreadable:
        return
    assert "root:" not in json.dumps([hits.rows, hits.wrong, hits.names])


def test_an_archive_that_unpacks_to_far_more_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (100 << 20))
    assert why(file.getvalue()) == "too_large"


# -- sealing


def test_rows_are_sealed_under_their_number_and_commit_to_nothing_readable() -> None:
    hits = hits_of(
        (ID, "𠮷田", "坦渡村", "x"), (f" {ID.lower()} ", "乙", "长岭社区", "y"), ("", "丙", "坦渡村", "z")
    )
    key = ListKey("li_1", b"k" * 32)
    made = list(sealed_rows(split(hits, ROLES, matcher(), {}), ROLES, key, b"m"))
    assert [number for number, _, _, _ in made] == [1, 2, 3]
    assert [unpacked(key.open_row(number, sealed)) for number, sealed, _, _ in made] == [
        (3, [f" {ID} ", "乙", "y"]),
        (2, [ID, "𠮷田", "x"]),
        (4, ["", "丙", "z"]),
    ]
    marks = [mark for _, _, mark, _ in made]
    assert marks[0] == marks[1]
    assert marks[2] is None
    assert marks[0] != mark_of(b"other", ID)
    for number, sealed in ((2, made[0][1]), (1, made[0][1][:-8] + "AAAAAAA=")):
        with pytest.raises(Refusal):
            key.open_row(number, sealed)
    rows = [(number, row) for number, _, _, row in made]
    assert key.commit(rows) == ListKey("li_1", b"k" * 32).commit(rows)
    assert key.commit(rows) != ListKey("li_1", b"j" * 32).commit(rows)
    assert key.commit(rows) != key.commit([*rows[:2], (3, packed(4, ["", "丁", "z"]))])


def test_a_lists_key_opens_with_the_hubs_alone_and_for_its_list_alone() -> None:
    hub = HubKey(b"hub")
    sealed = hub.seal("li_1", b"k" * 32)
    row = ListKey("li_1", b"k" * 32).seal_row(1, b"x")
    assert hub.open("li_1", sealed).open_row(1, row) == b"x"
    for other, name in ((HubKey(b"another"), "li_1"), (hub, "li_2")):
        with pytest.raises(Refusal):
            other.open(name, sealed)


def test_a_masked_value_keeps_its_first_character() -> None:
    assert [masked(each) for each in ("", "𠮷田", ID)] == ["", "𠮷•••", "4•••"]


# -- the child


def ask(content: bytes, **asked: Any) -> dict[str, Any]:
    return asyncio.run(HitsReader().ask(content, asked))


def test_the_child_looks_and_says_why_it_cannot_read() -> None:
    assert ask(csv_of((ID, "甲", "坦渡村", "x")), do="look")["rows"] == 1
    with pytest.raises(Refusal) as caught:
        ask(b"PK\x03\x04 and nothing more", do="look")
    assert (caught.value.code, caught.value.field) == ("unprocessable", "kind")
