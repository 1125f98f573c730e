"""A paper as DOCX: texts go into runs as they are, so that nothing of them is a field, a formula or markup."""

from __future__ import annotations

import base64
import copy
import io
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from hub.papers.paper import WHOLE, Paper, Picture, Table

#: Fonts that offices have; one who lacks them is given another Song and another Hei.
_BODY, _HEADING, _LATIN = "仿宋", "黑体", "Times New Roman"
_RED: Final = RGBColor(0xB3, 0x26, 0x1E)
_TEXT_WIDTH_MM: Final = 160


def docx_of(paper: Paper) -> bytes:
    """The file. A program that reads it finds the same texts in it, letter for letter."""
    document: Any = Document()
    normal = document.styles["Normal"]
    normal.font.size = Pt(12)
    _font(normal, _BODY)
    document.core_properties.title = paper.title
    document.core_properties.author = ""
    document.core_properties.comments = ""
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Mm(26), Mm(24), Mm(30), Mm(28)
    if paper.marks:
        mark = page.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(mark, "  ".join(paper.marks), size=10.5, bold=True, color=_RED, font=_HEADING)
    _page_number(page.footer.paragraphs[0], paper.page)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, paper.title, size=20, bold=True, font=_HEADING)
    if paper.number:
        number = document.add_paragraph()
        number.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(number, paper.number)
    for label, value in paper.head:
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(3)
        _run(line, f"{label}：" if paper.language == "zh" else f"{label}: ", bold=True, font=_HEADING)
        _run(line, value)
    for section in paper.sections:
        heading = document.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before = Pt(12)
        _run(heading, section.title, size=13, bold=True, font=_HEADING)
        for words in section.paragraphs:
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.line_spacing = 1.5
            paragraph.paragraph_format.space_after = Pt(0)
            if paper.language == "zh":
                paragraph.paragraph_format.first_line_indent = Pt(24)
            _run(paragraph, words)
        if section.table is not None:
            _table(document, section.table)
        for picture in section.pictures:
            _picture(document, picture)
    document.add_paragraph()
    for words in paper.closing:
        _run(document.add_paragraph(), words, size=10.5)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _picture(document: Any, picture: Picture) -> None:
    caption = document.add_paragraph()
    if picture.png:
        shown = io.BytesIO(base64.b64decode(picture.png))
        caption.paragraph_format.space_before = Pt(6)
        caption.add_run().add_picture(shown, width=Mm(_TEXT_WIDTH_MM))
        caption.paragraph_format.keep_with_next = True
        caption = document.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(caption, picture.caption, size=10.5)


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns))
    made.style = "Table Grid"
    made.autofit = False
    widths = [Mm(each) for each in _widths_mm(table.widths)]
    for at, name in enumerate(table.columns):
        _cell(made.rows[0].cells[at], name, widths[at], bold=True)
    properties = made.rows[0]._tr.get_or_add_trPr()
    properties.append(_element("w:tblHeader", {"w:val": "true"}))
    body = made._tbl
    # one row is copied for all others: adding them one by one takes a second for two thousand
    model = made.add_row()
    for at in range(len(table.columns)):
        model.cells[at].width = widths[at]
    model._tr.get_or_add_trPr().append(_element("w:cantSplit", {"w:val": "true"}))
    for row in table.rows:
        copied = copy.deepcopy(model._tr)
        for element, text in zip(copied.tc_lst, row, strict=True):
            paragraph = element.p_lst[0]
            _fill(paragraph, text)
        body.append(copied)
    body.remove(model._tr)


def _widths_mm(widths: list[int]) -> list[float]:
    """Narrow columns as wide as what stands in them at 9 points, the others share what is left."""
    whole = [each * 1.6 + 4 if each <= WHOLE else 0.0 for each in widths]
    wide = sum(each for each in widths if each > WHOLE)
    left = max(_TEXT_WIDTH_MM - sum(whole), 20.0 * sum(each > WHOLE for each in widths))
    found = [fixed or left * each / wide for fixed, each in zip(whole, widths, strict=True)]
    return [each * _TEXT_WIDTH_MM / sum(found) for each in found]


def _fill(paragraph: Any, text: str) -> None:
    run = paragraph.add_r()
    properties = run.get_or_add_rPr()
    properties.append(_element("w:sz", {"w:val": "18"}))
    run.text = text


def _cell(cell: Any, text: str, width: Any, *, bold: bool) -> None:
    cell.width = width
    paragraph = cell.paragraphs[0]
    _run(paragraph, text, size=9, bold=bold, font=_HEADING)


def _run(
    paragraph: Any, text: str, *, size: float = 12, bold: bool = False, color: Any = None, font: str = _BODY
) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    if color is not None:
        run.font.color.rgb = color
    _font(run, font)


def _font(styled: Any, name: str) -> None:
    styled.font.name = _LATIN
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), name)


def _page_number(paragraph: Any, page: str) -> None:
    """`— 1 —`: the two numbers are fields, all around them is text."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    rest = page
    for place, instruction in (("{page}", "PAGE"), ("{pages}", "NUMPAGES")):
        before, found, rest = rest.partition(place)
        _run(paragraph, before, size=10.5)
        if found:
            run = paragraph.add_run()._r
            for element in (
                _element("w:fldChar", {"w:fldCharType": "begin"}),
                _element("w:instrText", {"xml:space": "preserve"}, instruction),
                _element("w:fldChar", {"w:fldCharType": "end"}),
            ):
                run.append(element)
    _run(paragraph, rest, size=10.5)


def _element(name: str, attributes: dict[str, str], text: str | None = None) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    if text is not None:
        made.text = text
    return made
