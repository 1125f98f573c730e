"""The child that reads a spreadsheet: bytes on standard input, rows in JSON on standard output (``-m hub.sheets.child``).

It takes no more memory and time than it is allowed, whatever the file holds; who started it waits no longer than it means to.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Final

from hub.directory.csv_text import csv_rows, decode_list
from hub.directory.list_rows import QUOTED
from hub.sheets.limits import (
    CPU_S,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_ROWS,
    MAX_UNPACKED,
    MEMORY_BYTES,
    RATIO_FROM,
    ZIP_MARK,
)

#: From here on a spreadsheet's numbers have lost digits: it keeps fifteen.
_EXACT: Final = 10**15


class Unreadable(Exception):
    """The file cannot be read; the text is one of `hub.sheets.limits.UNREADABLE`."""


def rows_of(content: bytes, most: int = MAX_ROWS) -> dict[str, Any]:
    """``{"rows": [[number, [cell…]]…], "wrong": [[number, column, why, value]…]}``, of at most so many. Raises Unreadable."""
    rows: list[list[Any]] = []
    wrong: list[list[Any]] = []
    for number, cells in _xlsx(content, most) if content.startswith(ZIP_MARK) else _csv(content):
        if number > most:
            raise Unreadable("too_many_rows")
        texts: list[str] = []
        why = ""
        for at, cell in enumerate(cells):
            text, why = _text(cell)
            if why:
                wrong.append([number, letter(at), why, text[:QUOTED]])
                break
            texts.append(text)
        if not why:
            rows.append([number, texts])
    if not wrong and not any(cell.strip() for _, cells in rows for cell in cells):
        raise Unreadable("empty")
    return {"rows": rows, "wrong": wrong}


def _csv(content: bytes) -> Iterable[tuple[int, Iterable[Any]]]:
    try:
        text = decode_list(content)
    except ValueError:
        raise Unreadable("encoding") from None
    if "\0" in text[:4096]:
        raise Unreadable("kind")
    try:
        for number, cells in csv_rows(text):
            if len(cells) > MAX_COLUMNS:
                raise Unreadable("too_many_columns")
            yield number, cells
    except ValueError:
        raise Unreadable("csv") from None


def _xlsx(content: bytes, most: int) -> Iterable[tuple[int, Iterable[Any]]]:
    _require_small(content)
    # loaded here: reading CSV needs none of it
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except Exception:
        raise Unreadable("kind") from None
    if sheet.total_width > MAX_COLUMNS:
        raise Unreadable("too_many_columns")
    if sheet.total_height > most:
        raise Unreadable("too_many_rows")
    yield from enumerate(sheet.to_python(skip_empty_area=False, nrows=most + 1), 1)


def _require_small(content: bytes) -> None:
    """Refuse an archive that would unpack to far more than it is, before anything of it is unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("kind") from None
    unpacked = sum(each.file_size for each in members)
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise Unreadable("too_large")
    if unpacked > RATIO_FROM and unpacked > MAX_RATIO * len(content):
        raise Unreadable("too_large")
    if not any(each.filename == "xl/workbook.xml" for each in members):
        raise Unreadable("kind")


def _text(cell: object) -> tuple[str, str]:
    """A cell as text, and why it cannot be used."""
    why = ""
    if isinstance(cell, bool):
        text = "yes" if cell else "no"
    elif isinstance(cell, int | float):
        text = str(int(cell)) if float(cell).is_integer() else repr(cell)
        why = "digits" if abs(cell) >= _EXACT else ""
    elif isinstance(cell, datetime | date | time):
        text = cell.isoformat()
    else:
        text = str(cell)
        why = "too_long" if len(text) > MAX_CELL else ""
    return text, why


def letter(at: int) -> str:
    """A column as spreadsheets name it: A, B, … AA."""
    name = ""
    while at >= 0:
        name = chr(ord("A") + at % 26) + name
        at = at // 26 - 1
    return name


def limit(cpu_s: int, memory_bytes: int = MEMORY_BYTES) -> None:
    """This process takes no more than this, from now on."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read, answer, end."""
    limit(CPU_S)
    content = sys.stdin.buffer.read()
    try:
        answer = rows_of(content)
    except Unreadable as problem:
        answer = {"unreadable": str(problem)}
    except MemoryError:
        answer = {"unreadable": "too_large"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
