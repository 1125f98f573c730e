"""A list of people to be checked, as its child process works on it: what its columns are, whose its rows are, its rows sealed.

Nothing here is guessed: a row whose center is not plain is shown, and mended by a person or left out.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hub.directory.csv_text import decode_list
from hub.directory.list_rows import QUOTED, is_rounded
from hub.directory.matching import Matcher, plain
from hub.fields import has_unfit_characters
from hub.sheets.child import Unreadable, letter, rows_of
from hub.sheets.limits import MAX_HITS, ZIP_MARK
from hub.sheets.sealing import ListKey, mark_of, packed

#: What a column can be: part of the center's name, or its code; what tells one person from another; personal; shown to all who
#: see the list; left out. All that is kept is sealed, `id` and `personal` are masked besides.
ROLES: Final = ("center", "id", "personal", "shown", "out")
KEPT: Final = ("id", "personal", "shown")
#: Rows of a preview, texts that no center was found for, wrong rows: as many as are shown.
SAMPLES: Final = 8
SHOWN_UNSURE: Final = 200
SHOWN_WRONG: Final = 100
SHOWN_ROWS: Final = 5
#: Centers that may be meant by one text, as many as are shown.
CANDIDATES: Final = 12
#: Rows that are handed over at a time.
PIECE: Final = 1000
#: A text that means no center: its row is left out.
LEFT_OUT: Final = ""

_GUESSES: Final = (
    ("id", ("身份证", "证件号", "idcard", "idnumber", "公民身份")),
    ("personal", ("姓名", "电话", "手机", "住址", "地址", "户主", "name", "phone", "address")),
    (
        "center",
        ("中心", "区划", "行政村", "村", "社区", "乡镇", "街道", "县", "市", "center", "village", "township"),
    ),
)


@dataclass(slots=True)
class Hits:
    """The rows of a file behind its head, as far as they can be used."""

    encoding: str
    names: list[str]
    rows: list[tuple[int, list[str]]]
    wrong: list[list[Any]]


@dataclass(slots=True)
class Split:
    """Whose rows are whose."""

    by_center: dict[str, list[tuple[int, list[str]]]] = field(default_factory=dict)
    #: Text -> numbers of its rows: it means no center, or several.
    unsure: dict[str, list[int]] = field(default_factory=dict)
    left_out: int = 0


def read_hits(content: bytes, most: int = MAX_HITS) -> Hits:
    """The rows of a file, of at most so many. Raises Unreadable."""
    found = rows_of(content, most)
    rows = [(number, cells) for number, cells in found["rows"] if any(cell.strip() for cell in cells)]
    wrong = list(found["wrong"])
    if not rows:
        raise Unreadable("empty")
    head = ["" if has_unfit_characters(cell) else cell for cell in rows[0][1]]
    while head and not head[-1].strip():
        head.pop()
    width = len(head)
    good: list[tuple[int, list[str]]] = []
    for number, cells in rows[1:]:
        if has_unfit_characters("".join(cells)):
            at = next(at for at, cell in enumerate(cells) if has_unfit_characters(cell))
            wrong.append([number, letter(at), "control", ""])
        elif rounded := [at for at, cell in enumerate(cells) if is_rounded(cell)]:
            wrong.append([number, letter(rounded[0]), "digits", cells[rounded[0]][:QUOTED]])
        elif any(cell.strip() for cell in cells[width:]):
            wrong.append([number, "", "cells", next(cell for cell in cells[width:] if cell.strip())[:QUOTED]])
        else:
            good.append((number, [*cells[:width], *[""] * (width - len(cells))]))
    if not good and not wrong:
        raise Unreadable("empty")
    wrong.sort(key=lambda each: int(each[0]))
    return Hits(_encoding(content), [cell.strip()[:QUOTED] for cell in head], good, wrong)


def _encoding(content: bytes) -> str:
    if content.startswith(ZIP_MARK):
        return "xlsx"
    if content.startswith(b"\xef\xbb\xbf"):
        return "utf-8-bom"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        decode_list(content)
        return "gb18030"
    return "utf-8"


def look(hits: Hits) -> dict[str, Any]:
    """What a person decides by: each column with what it may be and how it begins."""
    columns = [
        {
            "name": name,
            "guess": _guess(name),
            "samples": [cells[at][:QUOTED] for _, cells in hits.rows[:SAMPLES]],
        }
        for at, name in enumerate(hits.names)
    ]
    return {
        "encoding": hits.encoding,
        "rows": len(hits.rows),
        "columns": columns,
        "wrong": hits.wrong[:SHOWN_WRONG],
        "wrong_rows": len(hits.wrong),
    }


def _guess(name: str) -> str:
    """What a column may be by its name: what is not known counts as personal."""
    written = unicodedata.normalize("NFKC", name).replace(" ", "").casefold()
    return next((role for role, words in _GUESSES if any(word in written for word in words)), "personal")


def text_of(cells: Sequence[str], roles: Sequence[str]) -> str:
    """What a row says of its center: the cells of all columns that tell it."""
    said = (cell.strip() for cell, role in zip(cells, roles, strict=True) if role == "center")
    return " ".join(each for each in said if each)


def split(hits: Hits, roles: Sequence[str], matcher: Matcher, mends: Mapping[str, str]) -> Split:
    """Each row to its center. `mends`: what a person decided for a text: a code, or LEFT_OUT."""
    made = Split()
    found: dict[str, str | None] = {}
    for number, cells in hits.rows:
        text = text_of(cells, roles)
        if text not in found:
            codes = matcher.find(text) if text else []
            found[text] = mends.get(text, codes[0] if len(codes) == 1 else None)
        code = found[text]
        if code is None:
            made.unsure.setdefault(text, []).append(number)
        elif code == LEFT_OUT:
            made.left_out += 1
        else:
            made.by_center.setdefault(code, []).append((number, cells))
    return made


def summary(hits: Hits, roles: Sequence[str], made: Split, matcher: Matcher) -> dict[str, Any]:
    """What a person decides by: how many rows are whose, and which texts mean no center or several."""
    unsure = sorted(made.unsure.items(), key=lambda each: (-len(each[1]), each[0]))
    return {
        "rows": len(hits.rows),
        "counts": {code: len(rows) for code, rows in sorted(made.by_center.items())},
        "left_out": made.left_out,
        "repeated": _repeated(made, roles),
        "unsure": [_unsure(text, rows, matcher) for text, rows in unsure[:SHOWN_UNSURE]],
        "unsure_texts": len(unsure),
        "unsure_rows": sum(map(len, made.unsure.values())),
        "wrong": hits.wrong[:SHOWN_WRONG],
        "wrong_rows": len(hits.wrong),
    }


def _unsure(text: str, rows: list[int], matcher: Matcher) -> dict[str, Any]:
    several = matcher.find(text)
    return {
        "text": text,
        "rows": len(rows),
        "first": rows[:SHOWN_ROWS],
        "why": "several" if several else "unknown" if plain(text) else "none",
        "centers": several[:CANDIDATES] or matcher.suggest(text),
    }


def _repeated(made: Split, roles: Sequence[str]) -> int:
    """Rows whose person stands in the list more than once."""
    places = [at for at, role in enumerate(roles) if role == "id"]
    if not places:
        return 0
    seen = Counter(mark_of(b"", cells[places[0]]) for rows in made.by_center.values() for _, cells in rows)
    return sum(count for mark, count in seen.items() if mark is not None and count > 1)


def sealed_rows(
    made: Split, roles: Sequence[str], key: ListKey, marks: bytes
) -> Iterator[tuple[int, str, str | None, bytes]]:
    """(number, sealed, mark of its person, row) of each row: by the codes of their centers, then as in the file, from 1."""
    keeps = [at for at, role in enumerate(roles) if role in KEPT]
    id_at = next((at for at, role in enumerate(roles) if role == "id"), None)
    number = 0
    for _, rows in sorted(made.by_center.items()):
        for source, cells in rows:
            number += 1
            row = packed(source, [cells[at] for at in keeps])
            mark = None if id_at is None else mark_of(marks, cells[id_at])
            yield number, key.seal_row(number, row), mark, row
