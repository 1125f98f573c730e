"""Words of views in files, Chinese and English; pages have their own, by the same keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from hub.grids.view_ready import Answers
from hub.grids.view_rows import Cell
from hub.grids.views import ANSWER, ANSWERED

Language = Literal["zh", "en"]
#: Column -> what stands above it.
HEADS: Final[Mapping[str, tuple[str, str]]] = {
    "county": ("县市区", "county"),
    "township": ("乡镇街道", "township"),
    "village": ("村社区", "village"),
    "grid": ("网格", "grid"),
    "building": ("楼栋", "building"),
    "house": ("房号", "house"),
    "household": ("户编号", "household"),
    "kind": ("户类型", "kind of household"),
    "persons": ("人数", "persons"),
    "registered": ("户籍人数", "registered"),
    "floating": ("流动人数", "floating"),
    "abroad": ("境外人数", "from abroad"),
    "head": ("户主", "head"),
    "name": ("姓名", "name"),
    "relation": ("与户主关系", "relation to the head"),
    "sex": ("性别", "sex"),
    "age": ("年龄", "age"),
    "birth": ("出生日期", "born"),
    "number": ("证件号码", "number"),
    "phone": ("联系电话", "telephone"),
    "residence": ("人口类型", "residence"),
    "note": ("备注", "note"),
    "last_outcome": ("最近走访结果", "last visit"),
    "last_at": ("最近走访时间", "last visited"),
    "last_flags": ("最近走访发现", "last found"),
    "at": ("走访时间", "visited"),
    "outcome": ("走访结果", "outcome"),
    "seen": ("见到人数", "persons seen"),
    "flags": ("发现", "found"),
    "sweep": ("排查", "sweep"),
    "offline": ("离线登记", "recorded off line"),
    "late": ("逾期", "late"),
}
#: Column -> code -> word; columns with the same codes share them.
_OUTCOME: Final = {
    "none": ("未走访", "never"),
    "met": ("见面", "met"),
    "unchanged": ("无变化", "unchanged"),
    "phone": ("电话", "by phone"),
    "absent": ("无人", "nobody there"),
    "refused": ("拒绝", "refused"),
    "gone": ("已搬离", "moved away"),
}
_FLAG: Final = {
    "symptom": ("有症状", "symptom"),
    "origin": ("外地来源", "origin"),
    "need": ("需要帮助", "needs help"),
}
_YES: Final = {"yes": ("是", "yes"), "no": ("否", "no")}
WORDS: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "kind": {
        "family": ("家庭户", "family"),
        "single": ("单人户", "single"),
        "rental": ("租住户", "rental"),
        "collective": ("集体户", "collective"),
    },
    "relation": {
        "head": ("户主", "head"),
        "spouse": ("配偶", "spouse"),
        "child": ("子女", "child"),
        "parent": ("父母", "parent"),
        "grandchild": ("孙子女", "grandchild"),
        "grandparent": ("祖父母", "grandparent"),
        "sibling": ("兄弟姐妹", "sibling"),
        "lodger": ("租客", "lodger"),
        "other": ("其他", "other"),
    },
    "sex": {"m": ("男", "male"), "f": ("女", "female"), "": ("", "")},
    "residence": {
        "registered": ("户籍", "registered"),
        "floating": ("流动", "floating"),
        "abroad": ("境外", "abroad"),
    },
    "last_outcome": _OUTCOME,
    "outcome": _OUTCOME,
    "last_flags": _FLAG,
    "flags": _FLAG,
    "offline": _YES,
    "late": _YES,
}


def head_of(column: str, answers: Mapping[str, Answers], language: Language) -> str:
    """What stands above a column."""
    at = 0 if language == "zh" else 1
    if column in HEADS:
        return HEADS[column][at]
    key = column.removeprefix(ANSWERED).removeprefix(ANSWER)
    label = answers[key].label if key in answers else key
    return label + (("（时间）", " (when)")[at] if column.startswith(ANSWERED) else "")


def text_of(column: str, cell: Cell, answers: Mapping[str, Answers], language: Language) -> str:
    """A cell in words."""
    if cell is None:
        return ""
    if isinstance(cell, list):
        return "、".join(_word(column, each, answers, language) for each in cell)
    return _word(column, str(cell), answers, language)


def words_of(column: str, group: str, answers: Mapping[str, Answers]) -> str:
    """The group of an answer in words; empty for what is none."""
    key = column.removeprefix(ANSWER)
    if not column.startswith(ANSWER) or key not in answers:
        return ""
    return "、".join(answers[key].words.get(each, each) for each in group.split())


def _word(column: str, value: str, answers: Mapping[str, Answers], language: Language) -> str:
    if column.startswith(ANSWER):
        known = answers.get(column.removeprefix(ANSWER))
        return value if known is None else known.words.get(value, value)
    found = WORDS.get(column, {}).get(value)
    return value if found is None else found[0 if language == "zh" else 1]


def sheet_of(columns: Sequence[str], answers: Mapping[str, Answers], language: Language) -> list[str]:
    """The first line of a file."""
    return [head_of(column, answers, language) for column in columns]
