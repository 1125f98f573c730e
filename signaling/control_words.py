"""The words around the controls in a file that is taken out. What each is called, its rule says (`Control`)."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

HEADER: Final[dict[Language, tuple[str, ...]]] = {
    "zh": ("序号", "时间", "操作人", "操作人所属", "操作", "对象", "内容"),
    "en": ("number", "time", "by", "by center", "control", "to", "words"),
}
#: The hub itself.
SYSTEM_NAME: Final[dict[Language, str]] = {"zh": "系统", "en": "the hub"}
#: How many are named before the rest is a number.
NAMED: Final = 8
MORE: Final[dict[Language, str]] = {"zh": "等 {count} 个", "en": "… {count} in all"}


def said(words: tuple[str, str], language: Language) -> str:
    """One of the two."""
    return words[0] if language == "zh" else words[1]
