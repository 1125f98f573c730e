"""Which column of a list of people tells what, by what it is called: number, name, telephone, birthday, address.

What its columns are called is all that a list says of itself; a value that does not fit its column counts for nothing later.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, Literal

Tells = Literal["number", "name", "phone", "birth", "address"]
#: What is asked first wins: 联系电话 names no person, 户籍地址 no household.
_WORDS: Final[tuple[tuple[Tells, tuple[str, ...]], ...]] = (
    ("phone", ("电话", "手机", "联系方式", "phone", "mobile", "tel")),
    ("number", ("身份证", "证件号", "公民身份", "idcard", "idnumber", "idno")),
    ("birth", ("出生", "生日", "birth")),
    ("address", ("住址", "地址", "居住", "楼栋", "门牌", "小区", "address")),
    ("name", ("姓名", "名字", "name")),
)


def told_by(columns: Sequence[Mapping[str, str]]) -> dict[Tells, int]:
    """What is told -> place of the column that tells it, of a list's kept columns ``{"name", "role"}``.

    The column that tells persons apart is their number, whatever it is called.

    >>> told_by([{"name": "身份证号", "role": "id"}, {"name": "联系电话", "role": "personal"}])
    {'number': 0, 'phone': 1}
    """
    found: dict[Tells, int] = {}
    for place, column in enumerate(columns):
        written = unicodedata.normalize("NFKC", column["name"]).replace(" ", "").casefold()
        tells = "number" if column["role"] == "id" else _tells(written)
        if tells is not None:
            found.setdefault(tells, place)
    return found


def _tells(written: str) -> Tells | None:
    return next((tells for tells, words in _WORDS if any(word in written for word in words)), None)


def told(columns: Mapping[Tells, int], cells: Sequence[str], what: Tells) -> str:
    """What a row says of this; empty where the list has no such column."""
    place = columns.get(what)
    return cells[place].strip() if place is not None else ""
