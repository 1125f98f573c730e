"""The tree of centers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from hub.cli.centers import load_centers
from hub.directory.centers_csv import parse_centers, yueyang_centers
from hub.directory.csv_text import decode_list
from hub.directory.pinyin import initials, spell
from hub.directory.tree import Center, CenterTree
from hub.errors import Refusal
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, TREE, VILLAGE

#: What is typed and what it finds; the page's own search is tested with the same.
FINDING: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "clients/web/tests/support/finding.json").read_text(encoding="utf-8")
)


def test_the_real_tree_has_2048_centers_on_four_levels() -> None:
    tree = CenterTree(yueyang_centers())
    assert len(tree) == 2048
    assert [root.name for root in tree.roots] == ["岳阳市"]
    assert [center.name for center in tree.path("430682115210")] == ["岳阳市", "临湘市", "坦渡镇", "坦渡村"]
    assert len(tree.subtree("430600000000")) == 2048
    assert sum(center.name == "联合村" for center in tree.subtree("430600000000")) == 4


def test_the_subtree_lists_parents_before_children() -> None:
    seen: set[str] = set()
    for center in TREE.subtree(CITY):
        assert center.parent is None or center.parent in seen
        seen.add(center.code)
    assert seen == {center.code for center in TREE.subtree(CITY)}
    assert [center.code for center in TREE.subtree(TOWN)] == [TOWN, VILLAGE, OTHER_VILLAGE]


def test_a_center_contains_itself_and_what_is_below_only() -> None:
    assert TREE.contains(CITY, VILLAGE)
    assert TREE.contains(TOWN, TOWN)
    assert not TREE.contains(VILLAGE, TOWN)
    assert not TREE.contains(OTHER_COUNTY, VILLAGE)
    assert not TREE.contains(CITY, "999999999999")
    assert not TREE.contains("999999999999", "999999999999")


def test_an_unknown_code_has_no_subtree_and_no_path() -> None:
    assert TREE.subtree("0") == []
    assert TREE.path("0") == []
    assert TREE.get("0") is None
    assert "0" not in TREE


def test_search_finds_by_initials_name_and_code_best_first() -> None:
    tree = CenterTree(yueyang_centers())
    assert "430682115210" in [center.code for center in tree.search("TDC")]
    assert tree.search("坦渡村")[0].code == "430682115210"
    assert tree.search("430682115210")[0].name == "坦渡村"
    assert {center.code[:9] for center in tree.search("430682115", limit=200)} == {"430682115"}
    assert [center.name for center in tree.search("坦渡")][:2] == ["坦渡镇", "坦渡村"]


def test_search_stays_within_a_subtree_and_a_limit() -> None:
    tree = CenterTree(yueyang_centers())
    assert [center.code for center in tree.search("坦渡村", within="430602000000")] == []
    assert len(tree.search("村", limit=7)) == 7
    assert tree.search("  ") == []


@pytest.mark.parametrize(
    ("centers", "reason"),
    [
        ([Center(CITY, "a", "city", None, ""), Center(CITY, "b", "city", None, "")], "twice"),
        ([Center(COUNTY, "a", "county", CITY, "")], "unknown parent"),
        ([Center(CITY, "a", "city", COUNTY, ""), Center(COUNTY, "b", "county", CITY, "")], "circle"),
    ],
)
def test_a_tree_that_is_none_is_refused(centers: list[Center], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        CenterTree(centers)


def test_a_name_is_spelled_with_every_reading_of_its_characters() -> None:
    assert spell("坦渡村") == "tan du cun"
    assert spell("长岭村") == "zhang/chang ling cun"
    assert spell("（A区）12号") == "a qu/ou 1 2 hao/xiao"
    assert initials(spell("（A区）3号")) == "aq3h"


@pytest.mark.parametrize("case", FINDING["cases"], ids=lambda case: repr(case["typed"]))
def test_a_center_is_found_by_name_pinyin_code_and_words_of_its_path(case: dict[str, Any]) -> None:
    centers = {
        one["code"]: Center(
            one["code"], one["name"], "village", FINDING["parents"][one["code"]], one["pinyin"]
        )
        for one in FINDING["centers"]
    }
    found = CenterTree(centers.values()).search(case["typed"])
    assert {center.name for center in found} == set(case["found"])


def test_the_cases_spell_their_names_as_the_hub_does() -> None:
    assert [spell(one["name"]) for one in FINDING["centers"]] == [one["pinyin"] for one in FINDING["centers"]]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "row 1: the columns"),
        ("code,name\n", "row 1: the columns"),
        ("code,name,level,parent_code\n43,村,village,\n", "row 2, column code"),
        ("code,name,level,parent_code\n\n430600000000,市,planet,\n", "row 3, column level"),
        ("code,name,level,parent_code\n430600000000, ,city,\n", "row 2, column name"),
        ("code,name,level,parent_code\n430600000000,市\x07,city,\n", "row 2, column name"),
        ("code,name,level,parent_code\n430600000000,市,city,43\n", "row 2, column parent_code"),
        ("code,name,level,parent_code\n430600000000,市,city\n", "row 2: 4 columns"),
        ("code,name,level,parent_code\n430600000000,市,city,,x\n", "row 2: 4 columns"),
        ('code,name,level,parent_code\n"430600000000,市\n', "line 2: unexpected end"),
    ],
)
def test_a_wrong_list_of_centers_names_row_and_column(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_centers(text)


def test_empty_rows_and_empty_cells_behind_the_last_column_are_passed_over() -> None:
    rows = "\ncode,name,level,parent_code\r\n\r\n430600000000,岳阳市,city,,,\r\n , ,,\r\n,,,\r\n\n"
    assert [(center.code, center.name) for center in parse_centers(rows)] == [("430600000000", "岳阳市")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_a_list_of_centers_is_read_as_spreadsheets_write_it(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "centers.csv"
    file.write_bytes("code,name,level,parent_code\r\n430600000000,岳阳市,city,\r\n,,,\r\n".encode(encoding))
    assert [center.name for center in load_centers(file)] == ["岳阳市"]


def test_a_file_in_no_known_encoding_names_where(tmp_path: Path) -> None:
    file = tmp_path / "centers.csv"
    file.write_bytes(b"code,name,level,parent_code\n430600000000,\xff\xff,city,\n")
    with pytest.raises(ValueError, match=r"UTF-8 \(row 2\) nor GB18030 \(row 2\)"):
        decode_list(file.read_bytes())
    with pytest.raises(Refusal, match="neither UTF-8 nor GB18030"):
        load_centers(file)
