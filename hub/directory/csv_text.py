"""CSV as people bring it: which letters its bytes are, and its rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from hub.directory.list_rows import Row


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV text. Raises ValueError naming the line at which it is none."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as problem:
        raise ValueError(f"line {reader.line_num}: {problem}") from None


def decode_list(content: bytes) -> str:
    """The text of a CSV file: UTF-8, with or without a byte order mark, else GB18030 as Chinese spreadsheets write it.

    A file in GB18030 is hardly ever valid UTF-8 by chance, so the first that fits is it. Raises ValueError naming the
    row at which it is neither.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        as_utf8 = content.count(b"\n", 0, problem.start) + 1
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as problem:
        as_gb = content.count(b"\n", 0, problem.start) + 1
    raise ValueError(f"the file is neither UTF-8 (row {as_utf8}) nor GB18030 (row {as_gb})")
