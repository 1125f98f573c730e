"""Minutes as a paper: what is written, and how far it is approved, which is on every page."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.minutes.facts import time_code
from hub.minutes.text import Language, MinutesPicture, MinutesText
from hub.papers.paper import Paper, Picture, Section, fit, table_of

_NUMERALS: Final = "一二三四五六七八九十"
_WORDS: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        "draft": "草稿 未经审批",
        "waits": "待审批稿",
        "drill": "演练",
        "secret": "涉密",
        "version": "第 {version} 版",
        "approved": "审批：{center} {name}，{at}",
        "written": "提交：{center} {name}",
        "why": "本版说明：{why}",
        "digest": "文本 SHA-256：{digest}",
        "not_approved": "本稿未经审批，不作为依据。打印时间 {at}",
        "gone": "（图片文件不在，SHA-256：{digest}）",
        "page": "— {page} —",
        "heading": "{numeral}、{title}",
    },
    "en": {
        "draft": "DRAFT, not approved",
        "waits": "Waits for approval",
        "drill": "DRILL",
        "secret": "SECRET",
        "version": "version {version}",
        "approved": "Approved by {name}, {center}, {at}",
        "written": "Submitted by {name}, {center}",
        "why": "About this version: {why}",
        "digest": "SHA-256 of the text: {digest}",
        "not_approved": "This draft was not approved. Printed {at}",
        "gone": " (the file is not here; SHA-256: {digest})",
        "page": "{page} / {pages}",
        "heading": "{numeral}. {title}",
    },
}


@dataclass(frozen=True, slots=True)
class Approved:
    """How a version was approved."""

    version: int
    number: str
    at: str
    """As the city writes it."""
    name: str
    center: str
    written_name: str
    written_center: str
    why: str
    digest: str


def paper_of(
    text: MinutesText,
    *,
    approved: Approved | None,
    waits: bool,
    drill: bool,
    secret: bool = False,
    at: str,
    pictures: Mapping[str, bytes] = MappingProxyType({}),
) -> Paper:
    """The paper; `at` is when it is made, as the city writes it; `pictures` are files by SHA-256, as far as they are there."""
    words = _WORDS[text.language]
    marks = [] if approved is not None else [words["waits" if waits else "draft"]]
    number = ""
    if approved is not None:
        number = approved.number
        if approved.version > 1:
            number = f"{number}（{words['version'].format(version=approved.version)}）"
    return Paper(
        language=text.language,
        title=fit(text.title),
        number=fit(number),
        marks=[*([words["secret"]] if secret else []), *([words["drill"]] if drill else []), *marks],
        head=[[fit(fact.label), fit(fact.value)] for fact in text.head],
        sections=[
            Section(
                words["heading"].format(numeral=_numeral(place, text.language), title=fit(section.title)),
                [fit(line) for line in section.text.split("\n") if line.strip()],
                None if section.table is None else table_of(section.table.columns, section.table.rows),
                [_picture(words, each, pictures) for each in section.pictures],
            )
            for place, section in enumerate(text.sections, 1)
        ],
        closing=[fit(line) for line in _closing(words, approved, at)],
        page=words["page"],
    )


def _picture(words: Mapping[str, str], picture: MinutesPicture, files: Mapping[str, bytes]) -> Picture:
    png = files.get(picture.sha256, b"")
    caption = f"{picture.caption} {time_code(picture.at_ms)}".strip()
    gone = "" if png else words["gone"].format(digest=picture.sha256)
    return Picture(fit(caption + gone), base64.b64encode(png).decode())


def _closing(words: dict[str, str], approved: Approved | None, at: str) -> Sequence[str]:
    if approved is None:
        return [words["not_approved"].format(at=at)]
    lines = [
        words["written"].format(name=approved.written_name, center=approved.written_center),
        words["approved"].format(name=approved.name, center=approved.center, at=approved.at),
    ]
    if approved.why:
        lines.append(words["why"].format(why=approved.why))
    return [*lines, words["digest"].format(digest=approved.digest)]


def _numeral(place: int, language: Language) -> str:
    """`三`, `十二`; up to MAX_SECTIONS."""
    if language == "en":
        return str(place)
    tens, ones = divmod(place, 10)
    if tens == 0:
        return _NUMERALS[ones - 1]
    return f"{_NUMERALS[tens - 1] if tens > 1 else ''}十{_NUMERALS[ones - 1] if ones else ''}"
