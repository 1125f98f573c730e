"""What people write of persons in one form: numbers, telephones, names, birthdays; and what is shown of it masked."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul
from typing import Final

from hub.grids.registry import MAX_NAME, MAX_NUMBER, MAX_PHONE, NumberKind, Sex

#: GB 11643-1999: weights of the digits of an identity card's number, and what its last one is by their sum modulo 11.
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_ID: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLD_ID: Final = re.compile(r"[0-9]{15}")
_OTHER: Final = re.compile(rf"[0-9A-Z()]{{5,{MAX_NUMBER}}}")
_MOBILE: Final = re.compile(r"1[0-9]{10}")
_LANDLINE: Final = re.compile(r"0[0-9]{9,11}|[2-8][0-9]{6,7}")
_FOREIGN: Final = re.compile(r"\+[0-9]{6,15}")
_BETWEEN: Final = re.compile(r"[\s\-‐‑–—－]+")
_DOTS: Final = re.compile("[·•・‧∙⋅．.]")
_BIRTH: Final = re.compile(r"([0-9]{4})(?:[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?)?")
#: A label of a house that names nobody: digits, letters, and the words of stairs, floors and doors.
_PLAIN: Final = frozenset(
    "0123456789ABCDEFGHabcdefgh-#一二三四五六七八九十百零单元栋幢号室层楼组排座东西南北中门附 "
)
#: What covers something.
COVER: Final = "•"
#: Nobody lives this long.
_OLDEST: Final = 1880


class NoForm(ValueError):
    """It is none of what it should be; the text is one word that pages translate: `number`, `check`, `phone` …"""


def check_digit(digits: str) -> str:
    """The last place of an identity card's number by the 17 before it (GB 11643).

    >>> check_digit("11010519491231002")
    'X'
    """
    return _CHECKS[sum(map(mul, _WEIGHTS, map(int, digits))) % 11]


def number_of(written: str, today: date) -> tuple[str, NumberKind]:
    """A person's number in normal form, and its kind; of 15 digits it becomes that of 18.

    What has the form of an identity card's number must be one. Raises NoForm: `number`, `check`, `birth`.
    """
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", written)).upper()
    if not text:
        return "", ""
    if _OLD_ID.fullmatch(text) and _is_day("19" + text[6:12], today):
        text = f"{text[:6]}19{text[6:]}"
        text += check_digit(text)
    if _ID.fullmatch(text):
        if not _is_day(text[6:14], today):
            raise NoForm("birth")
        if check_digit(text[:17]) != text[17]:
            raise NoForm("check")
        return text, "id"
    if not _OTHER.fullmatch(text) or (text.isdigit() and len(text) > 15):
        raise NoForm("number")
    return text, "other"


def told_by(number: str) -> tuple[str, Sex]:
    """The birthday and the sex that an identity card's number tells."""
    sex: Sex = "m" if int(number[16]) % 2 else "f"
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}", sex


def phone_of(written: str) -> str:
    """A telephone number in normal form, +86 left out. Raises NoForm `phone`.

    >>> phone_of("+86 154-0000-0001")
    '15400000001'
    """
    text = re.sub(r"[\s\-‐‑–—－()（）]+", "", unicodedata.normalize("NFKC", written))
    if not text:
        return ""
    for prefix in ("+86", "0086"):
        if text.startswith(prefix):
            text = text.removeprefix(prefix)
    fits = any(form.fullmatch(text) for form in (_MOBILE, _LANDLINE, _FOREIGN))
    if len(text) > MAX_PHONE or not fits:
        raise NoForm("phone")
    return text


def name_of(written: str) -> str:
    """A person's name in normal form: no blanks between Chinese characters, one kind of dot. Raises NoForm `name`."""
    text = " ".join(unicodedata.normalize("NFKC", written).split())
    if not text.isascii():
        text = _DOTS.sub("·", text).replace(" ", "") if re.search(r"[\u3400-\u9fff]", text) else text
    if not 1 <= len(text) <= MAX_NAME:
        raise NoForm("name")
    return text


def birth_of(written: str, today: date) -> str:
    """A birthday, or its year alone where that is all that is known. Raises NoForm `birth`."""
    text = unicodedata.normalize("NFKC", written).strip()
    if not text:
        return ""
    found = _BIRTH.fullmatch(text)
    if found is None:
        raise NoForm("birth")
    year, month, day = found.groups()
    if month is None:
        if not _OLDEST <= int(year) <= today.year:
            raise NoForm("birth")
        return year
    whole = f"{year}{int(month):02}{int(day):02}"
    if not _is_day(whole, today):
        raise NoForm("birth")
    return f"{whole[:4]}-{whole[4:6]}-{whole[6:]}"


def _is_day(digits: str, today: date) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return day.year >= _OLDEST and day <= today


def names_nobody(label: str) -> bool:
    """Whether a label of a house says where it is and nothing else; 云家老屋 may name who lives there."""
    return frozenset(label) <= _PLAIN


# -- masked


def masked_label(label: str) -> str:
    """A label of a house, covered where it may name somebody."""
    return label if names_nobody(label) else label[:1] + COVER * 2


def masked_name(name: str) -> str:
    """The family name, the rest covered: what those read who are not responsible for a person."""
    return name[:1] + COVER * 2 if name else ""


def masked_number(number: str) -> str:
    """Covered but for the last two places, by which two who talk of one agree that it is the same."""
    return COVER * 6 + number[-2:] if number else ""


def masked_phone(phone: str) -> str:
    """Covered but for the last two digits."""
    return COVER * 6 + phone[-2:] if phone else ""
