"""Byte ranges: RFC 9110 §14, one at a time."""

from __future__ import annotations

import pytest

from hub.errors import Refusal
from signaling.errors import HeaderedRefusal
from signaling.ranges import parse_range


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-", 0, 99),
        ("bytes=0-0", 0, 0),
        ("Bytes=10-19", 10, 19),
        (" bytes=90-200 ", 90, 99),
        ("bytes=-1", 99, 99),
        ("bytes=-1000", 0, 99),
        ("bytes=99-", 99, 99),
        ("bytes=10-" + "9" * 300, 10, 99),
        ("bytes=-" + "9" * 300, 0, 99),
        ("bytes=" + "0" * 300 + "-4", 0, 4),
    ],
)
def test_a_range_is_cut_to_the_file(header: str, first: int, last: int) -> None:
    found = parse_range(header, 100)
    assert found is not None
    assert (found.first, found.last, found.length) == (first, last, last - first + 1)
    assert found.content_range(100) == f"bytes {first}-{last}/100"


@pytest.mark.parametrize(
    "header",
    [
        "bytes=100-",
        "bytes=5-4",
        "bytes=-",
        "bytes=-0",
        "bytes=a-b",
        "bytes=0-1,3-4",
        "",
        "bytes=٣-",
        "bytes=" + "9" * 100 + "-",
        "bytes=" + "9" * 1000 + "-",
        "bytes=" + "9" * 99 + "-" + "9" * 98,
        "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
        "bytes=--1",
        "bytes=+1-2",
        "bytes=0x1-0x2",
        "bytes=1-2-3",
        "bytes=0-1;q=1",
        "bytes",
    ],
)
def test_anything_else_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(HeaderedRefusal) as refused:
        parse_range(header, 100)
    assert refused.value.code == "range_not_satisfiable"
    assert refused.value.headers["Content-Range"] == "bytes */100"


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=-5", "bytes=0-0"])
def test_an_empty_file_has_no_range(header: str) -> None:
    with pytest.raises(Refusal):
        parse_range(header, 0)


@pytest.mark.parametrize("header", ["lines=0-1", "seconds=10-", "x-frames=100-5, 7", " Items = 1"])
def test_a_unit_that_is_not_understood_is_ignored(header: str) -> None:
    """RFC 9110 §14.2."""
    assert parse_range(header.replace(" = ", "="), 100) is None
