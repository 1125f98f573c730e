"""What is weak about a password: one function, asked wherever somebody chooses one.

No list of leaked passwords stands here: what everybody tries first is made of few pieces (words, rows of keys, runs, years),
and a password made of such pieces alone is as good as known, however long it is.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from hub.house.policies import PasswordPolicy

Weakness = Literal["short", "classes", "common", "name", "repeated"]

#: What people choose when they do not want to choose: English, pinyin, and what stands on this very page.
_PIECES: Final = (
    "password passwd passphrase secret letmein welcome login signin admin administrator root superuser user guest test demo"
    " default changeme change master manager system server office abc qwe asd zxc iloveyou love baby dragon monkey football"
    " baseball sunshine princess shadow summer winter spring autumn monday friday hello computer internet google baidu"
    " tencent huawei xiaomi wechat weixin alibaba china beijing shanghai hunan yueyang linxiang changsha"
    " lianxian zhihui diaodu huiyi mima woaini woaiwojia nihao zhongguo wangluo guanli guanliyuan xitong anquan shenji"
    " zhanghao yonghu wang zhang chen yang zhao huang zhou xu sun liu lin gao guo luo"
    " woshishui wozhidao tiantian kuaile jiayou fafafa yishengyishi baobao laopo laogong"
    " 密码 口令 管理员 系统 安全 审计 测试 中国 岳阳 临湘 指挥 调度 会议 连线 我爱你 你好"
)
_WORDS: Final = tuple(_PIECES.split())
#: Keys that lie beside one another, letters and digits in order: a piece of three or more of them, in either direction.
_ROWS: Final = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "一二三四五六七八九十",
)
_BOTH_WAYS: Final = tuple(each for row in _ROWS for each in (row, row[::-1]))
#: Figures and signs that stand for letters.
_FOLD: Final = str.maketrans(
    {"@": "a", "4": "a", "0": "o", "1": "l", "!": "i", "3": "e", "$": "s", "5": "s", "7": "t"}
)
_REPEATED: Final = re.compile(r"(.{1,6}?)\1{2,}|(.)\2+")
#: A year or a day: 2026, 19860514, 860514, 520, 1314, 666, 888.
_NUMBERS: Final = re.compile(r"(?:19|20)\d\d(?:[01]\d(?:[0-3]\d)?)?|520|1314|666|888|168|110|119|120")
#: Characters beyond those pieces that make a password one's own.
_OWN: Final = 4


def weaknesses(password: str, username: str, policy: PasswordPolicy, name: str = "") -> list[Weakness]:
    """Why this password is not taken for this account (its user name, and the name that others read); empty: it is.

    `repeated` is never among them: what was there before is known by hashes alone.
    """
    found: list[Weakness] = []
    if len(password) < policy.shortest:
        found.append("short")
    if _classes(password) < policy.classes:
        found.append("classes")
    if _holds_name(password, username) or _holds_name(password, name):
        found.append("name")
    if policy.common and "short" not in found and is_common(password, (username, name)):
        found.append("common")
    return found


def _classes(password: str) -> int:
    """How many of small letters, capitals, digits, others; a character of a script without case counts as other."""
    return len(
        {
            "small"
            if each.islower()
            else "capital"
            if each.isupper()
            else "digit"
            if each.isdigit()
            else "other"
            for each in password
        }
    )


def _holds_name(password: str, name: str) -> bool:
    """Whether the password is the name, forwards or backwards, or a name of four and more stands in it."""
    folded, name = password.strip().casefold(), name.strip().casefold()
    if not name:
        return False
    both = (name, name[::-1])
    return any(folded == each or (len(each) >= 4 and each in folded) for each in both)


def is_common(password: str, names: tuple[str, ...] = ()) -> bool:
    """Whether a password is made of what everybody tries first, with hardly anything of one's own."""
    words = sorted({*_WORDS, *(each.casefold() for each in names if len(each) > 1)}, key=len, reverse=True)
    plain = _NUMBERS.sub("\0", password.strip().casefold())
    return min(_left(plain, words), _left(plain.translate(_FOLD), words)) < _OWN


def _left(text: str, words: list[str]) -> int:
    """How many letters and digits are left of a text once all known pieces are taken out."""
    for word in words:
        text = text.replace(word, "\0")
    return sum(each.isalnum() for each in _REPEATED.sub("\0", _without_rows(text)))


def _without_rows(text: str) -> str:
    """The text without pieces of rows of three characters and more."""
    kept: list[str] = []
    at = 0
    while at < len(text):
        longest = 0
        for end in range(at + 3, len(text) + 1):
            if not any(text[at:end] in row for row in _BOTH_WAYS):
                break
            longest = end - at
        kept.append("\0" if longest else text[at])
        at += longest or 1
    return "".join(kept)
