"""What the columns of a list for the registry may be, and what words in them mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from hub.grids.registry import HouseholdKind, Relation, Residence, Sex

Word = TypeVar("Word", bound=str)

#: `grid`: village, grid, or its code, in as many columns as one likes; `household`: what rows of one household share.
ROLES: Final = (
    "grid",
    "building",
    "house",
    "household",
    "relation",
    "name",
    "number",
    "phone",
    "birth",
    "sex",
    "residence",
    "kind",
    "note",
    "out",
)
#: Roles that several columns may have.
OFTEN: Final = frozenset({"grid", "building", "house", "out"})
#: What is shown covered.
PERSONAL: Final = frozenset({"name", "number", "phone", "birth", "note", "house"})
_GUESSES: Final = (
    ("number", ("身份证", "证件号", "证件", "idcard", "idnumber", "number")),
    ("phone", ("电话", "手机", "联系方式", "phone", "mobile")),
    ("household", ("户号", "户编号", "户口簿", "householdno", "household")),
    ("relation", ("关系", "relation")),
    ("kind", ("户类型", "户别", "kind")),
    ("name", ("姓名", "名字", "name")),
    ("birth", ("出生", "生日", "birth")),
    ("sex", ("性别", "sex", "gender")),
    ("residence", ("人口类型", "居住类型", "人口性质", "residence")),
    ("building", ("楼栋", "楼号", "栋", "幢", "楼", "组", "院", "building")),
    ("house", ("房号", "房间", "门牌", "室", "单元", "户室", "house", "room")),
    ("grid", ("网格", "村", "社区", "乡", "镇", "街道", "区划", "grid", "village", "township")),
    ("note", ("备注", "说明", "note", "remark")),
)
_RELATIONS: Final[Mapping[Relation, Sequence[str]]] = {
    "head": ("户主", "本人", "head"),
    "spouse": ("配偶", "妻", "夫", "妻子", "丈夫", "spouse"),
    "child": (
        "子",
        "女",
        "儿子",
        "女儿",
        "长子",
        "长女",
        "次子",
        "次女",
        "三子",
        "三女",
        "子女",
        "儿媳",
        "女婿",
        "child",
    ),
    "parent": ("父", "母", "父亲", "母亲", "岳父", "岳母", "公公", "婆婆", "父母", "parent"),
    "grandchild": ("孙", "孙子", "孙女", "外孙", "外孙女", "孙子女", "grandchild"),
    "grandparent": ("祖父", "祖母", "外祖父", "外祖母", "祖父母", "grandparent"),
    "sibling": ("兄", "弟", "姐", "妹", "兄弟", "姐妹", "兄弟姐妹", "sibling"),
    "lodger": ("租客", "承租人", "租户", "寄住", "lodger", "tenant"),
    "other": ("", "其他", "其它", "非亲属", "other"),
}
_RESIDENCES: Final[Mapping[Residence, Sequence[str]]] = {
    "registered": ("", "户籍", "户籍人口", "常住", "常住人口", "本地", "registered"),
    "floating": ("流动", "流动人口", "外来", "暂住", "流入", "floating"),
    "abroad": ("境外", "境外人员", "外籍", "港澳台", "abroad"),
}
_KINDS: Final[Mapping[HouseholdKind, Sequence[str]]] = {
    "family": ("", "家庭", "家庭户", "family"),
    "single": ("单人", "独居", "单身", "单人户", "single"),
    "rental": ("出租", "租住", "租户", "rental"),
    "collective": ("集体", "集体户", "宿舍", "collective"),
}
_SEXES: Final[Mapping[Sex, Sequence[str]]] = {"": ("",), "m": ("男", "m", "male"), "f": ("女", "f", "female")}


def folded(text: str) -> str:
    """A word as it is compared."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").casefold()


def guesses(names: Sequence[str]) -> list[str]:
    """What the columns of these names are; of what may stand once, the first."""
    found: list[str] = []
    for name in names:
        written = folded(name)
        role = next((role for role, words in _GUESSES if any(word in written for word in words)), "out")
        found.append("out" if role in found and role not in OFTEN else role)
    return found


def relation_of(text: str) -> Relation | None:
    """What somebody is to the head of the household; None for a word that is not known."""
    return _meant(_RELATIONS, text)


def residence_of(text: str) -> Residence | None:
    """The residence that a cell says; an empty one says the usual."""
    return _meant(_RESIDENCES, text)


def kind_of(text: str) -> HouseholdKind | None:
    """The kind of household that a cell says; an empty one says the usual."""
    return _meant(_KINDS, text)


def sex_of(text: str) -> Sex | None:
    """The sex that a cell says."""
    return _meant(_SEXES, text)


def _meant(words: Mapping[Word, Sequence[str]], text: str) -> Word | None:
    written = folded(text)
    return next((word for word, said in words.items() if written in said), None)
