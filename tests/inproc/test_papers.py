"""Papers as files: opened again, the texts are in them letter for letter, nothing of them is markup, and drafts say so."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from hub.errors import Refusal
from hub.minutes.paper import Approved, paper_of
from hub.minutes.text import MinutesFact, MinutesSection, MinutesTable, MinutesText
from hub.papers import making
from hub.papers.child import NO_FONT
from hub.papers.making import make_paper
from recordings.pictures import still
from tests.support.small_media import record

EVIL = (
    '# 标题 $x^2$ {{7*7}} {% raw %} <script>alert(1)</script> =cmd|\'/C calc\'!A0 #import "x.typ" #read("/etc/passwd")'
    " \\begin{x} *粗* _斜_ @ref `码` [00:12:47] &amp; <w:t>"
)
DIGEST = "0123456789abcdef" * 4
APPROVED = Approved(
    2, "岳会纪〔2026〕3号", "2026-11-29 16:00", "王某", "岳阳市", "李某", "岳阳市", "补充责任单位", DIGEST
)


def minutes(rows: int = 3) -> MinutesText:
    table = MinutesTable(
        columns=["单位", "摘要"], rows=[[f"坦渡村{at}号 {EVIL}", DIGEST] for at in range(rows)]
    )
    return MinutesText(
        title="防汛调度会议纪要 #1",
        head=[MinutesFact(label="主席", value=EVIL)],
        sections=[
            MinutesSection(id="attendance", title="出席情况", text=f"{EVIL}\n第二行", table=table),
            MinutesSection(id="remarks", title="备注", text="无"),
        ],
    )


def squeezed(text: str) -> str:
    return "".join(text.split())


def pdf_pages(content: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def docx_texts(content: bytes) -> tuple[list[str], Any]:
    document = docx.Document(io.BytesIO(content))
    return [paragraph.text for paragraph in document.paragraphs], document


def test_a_draft_is_marked_on_every_page_and_a_table_says_its_head_again() -> None:
    paper = paper_of(minutes(90), approved=None, waits=False, drill=True, at="2026-11-29 16:00")
    pages = pdf_pages(make_paper("pdf", paper))
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert "草稿未经审批" in page
        assert "演练" in page
        assert f"—{number}—" in page
    assert sum("单位摘要" in page for page in pages) >= len(pages) - 1
    _, document = docx_texts(make_paper("docx", paper))
    (section,) = document.sections
    assert "草稿 未经审批" in section.header.paragraphs[0].text
    assert "演练" in section.header.paragraphs[0].text
    (table,) = document.tables
    assert len(table.rows) == 91
    assert "tblHeader" in table.rows[0]._tr.xml


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_what_people_wrote_stands_there_letter_for_letter_and_does_nothing(kind: making.Kind) -> None:
    content = make_paper(kind, paper_of(minutes(), approved=APPROVED, waits=False, drill=False, at=""))
    if kind == "pdf":
        whole = "".join(pdf_pages(content))
        assert squeezed(EVIL) in whole
        assert DIGEST in whole
        reader = pypdf.PdfReader(io.BytesIO(content))
        root: Any = reader.trailer["/Root"]
        assert not any(name in root for name in ("/OpenAction", "/AA", "/AcroForm"))
    else:
        paragraphs, document = docx_texts(content)
        assert EVIL in paragraphs
        assert document.tables[0].rows[1].cells[0].text == f"坦渡村0号 {EVIL}"
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            body = package.read("word/document.xml").decode()
            assert "<script" not in body
            assert "fldChar" not in body, "no field but the page's number"
            assert not any(name.endswith(".bin") for name in package.namelist())
        whole = squeezed("".join(paragraphs))
    for said in (
        "岳会纪〔2026〕3号（第2版）",
        "审批：岳阳市王某，2026-11-29",
        "补充责任单位",
        f"SHA-256：{DIGEST}",
    ):
        assert squeezed(said) in squeezed(whole)
    assert "草稿" not in whole


def test_a_picture_stands_with_its_moment_and_one_that_is_not_there_says_so(tmp_path: Path) -> None:
    source = record(tmp_path / "source.webm", 1, 1, sound=False)
    shown = still(source, 0, tmp_path / "picture.png")
    png = (tmp_path / "picture.png").read_bytes()
    digest = hashlib.sha256(png).hexdigest()
    here = {"job": "jb_000000000000000001", "sha256": digest, "caption": "坦渡村 画面", "at_ms": 767_000}
    gone = {**here, "sha256": DIGEST, "caption": "长岭社区 画面"}
    section = {"id": "pictures", "title": "录像截图", "text": "", "pictures": [here, gone]}
    text = MinutesText.model_validate({"title": "纪要", "head": [], "sections": [section]})
    paper = paper_of(
        text, approved=None, waits=False, drill=False, at="", pictures={digest: png, DIGEST: b""}
    )
    content = make_paper("docx", paper)
    paragraphs, _ = docx_texts(content)
    assert "坦渡村 画面 [00:12:47]" in paragraphs
    assert any("长岭社区 画面" in each and DIGEST in each for each in paragraphs)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        (name,) = [each for each in package.namelist() if each.startswith("word/media/")]
        assert package.read(name) == png
    pdf = make_paper("pdf", paper)
    (image,) = [each for page in pypdf.PdfReader(io.BytesIO(pdf)).pages for each in page.images]
    assert image.image is None or image.image.size == (shown.width, shown.height)
    assert squeezed("坦渡村 画面 [00:12:47]") in "".join(pdf_pages(pdf))


def test_a_machine_without_chinese_fonts_says_so_and_a_child_that_fails_hurts_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = paper_of(minutes(), approved=None, waits=True, drill=False, at="")

    def ends_with(code: int) -> None:
        monkeypatch.setattr(making, "_command", lambda kind: ("sh", "-c", f"cat >/dev/null; exit {code}"))

    ends_with(NO_FONT)
    with pytest.raises(Refusal) as caught:
        make_paper("pdf", paper)
    assert caught.value.code == "unavailable"
    ends_with(9)
    with pytest.raises(Refusal) as caught:
        make_paper("pdf", paper)
    assert caught.value.code == "unprocessable"
    monkeypatch.setattr(making, "_command", lambda kind: ("sh", "-c", "cat >/dev/null; sleep 30"))
    monkeypatch.setattr(making, "WAIT_S", 0.2)
    with pytest.raises(Refusal) as caught:
        make_paper("docx", paper)
    assert caught.value.field == "too_slow"
