"""Reports: what an abnormal one says besides its words, and that a normal one says nothing more."""

from __future__ import annotations

import pytest

from hub.dispatch.report_shapes import ReportFiled
from tests.support.rules import VILLAGE, World, account
from tests.unit.test_rules_dispatch import refused

STATION = account("station", VILLAGE)


def test_an_abnormal_report_says_what_kind_where_how_many_and_how_urgent() -> None:
    filed, _ = World().do(
        STATION,
        "report.file",
        situation="abnormal",
        text="水位上涨",
        category="water",
        place="北堤 3 组",
        persons=12,
        urgency="critical",
    )
    said = {name: filed.data[name] for name in ("category", "place", "persons", "urgency", "task")}
    assert said == {
        "category": "water",
        "place": "北堤 3 组",
        "persons": 12,
        "urgency": "critical",
        "task": None,
    }


def test_where_all_is_well_there_is_no_trouble_to_tell_of() -> None:
    (filed,) = World().do(
        STATION,
        "report.file",
        situation="normal",
        category="fire",
        place="x",
        persons=3,
        urgency="critical",
    )
    assert (filed.data["category"], filed.data["place"], filed.data["persons"], filed.data["urgency"]) == (
        None,
        "",
        None,
        "normal",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("persons", -1),
        ("persons", "12"),
        ("persons", 1.0),
        ("persons", 10_000_001),
        ("category", "flood"),
        ("urgency", "high"),
        ("place", "x" * 201),
        ("names", "张三"),
    ],
)
def test_persons_are_a_number_and_kinds_are_known(field: str, value: object) -> None:
    with refused("invalid", field):
        World().do(STATION, "report.file", situation="abnormal", text="水位上涨", **{field: value})


def test_a_report_of_before_is_read_as_one_that_says_no_more() -> None:
    old = {"report": "e_0", "situation": "abnormal", "text": "x", "center": VILLAGE, "name": "坦渡村"}
    read = ReportFiled.model_validate(old)
    assert (read.category, read.place, read.persons, read.urgency, read.task) == (
        None,
        "",
        None,
        "normal",
        None,
    )
