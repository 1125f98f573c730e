"""The child that sets a paper (``-m hub.papers.child docx``): values in JSON on standard input, the file on standard output.

It takes no more memory and time than it is allowed, whatever the texts hold, and it may look at its own folder alone.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Final

from hub.papers.paper import Paper, paper_from

MEMORY_BYTES: Final = 4 << 30
"""Of addresses: fonts are mapped whole, some 200 MB of them; used are some 150 MB."""
CPU_S: Final = 25
_TEMPLATE: Final = Path(__file__).with_name("paper.typ")
#: One of these has to be there: without them a paper in Chinese would be empty boxes.
FONTS: Final = ("Noto Serif CJK SC", "Noto Sans CJK SC")
#: How this process ends where no such font is there.
NO_FONT: Final = 3


class NoFont(Exception):
    """There is no font with Chinese characters on this machine."""


def pdf_of(paper: Paper) -> bytes:
    """The paper as PDF/A-2b. Raises NoFont."""
    # loaded here: DOCX needs none of it
    import typst

    fonts = typst.Fonts()
    if not set(FONTS) & set(fonts.families()):
        raise NoFont
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        (Path(folder) / "paper.typ").write_bytes(_TEMPLATE.read_bytes())
        told = paper.to_json()
        pictures = [picture for section in told["sections"] for picture in section["pictures"]]
        for number, picture in enumerate(pictures, 1):
            png = base64.b64decode(picture.pop("png"))
            picture["file"] = f"picture-{number}.png" if png else ""
            if png:
                (Path(folder) / picture["file"]).write_bytes(png)
        data = json.dumps(told, ensure_ascii=False)
        (Path(folder) / "data.json").write_text(data, encoding="utf-8")
        compiler = typst.Compiler(Path(folder) / "paper.typ", root=Path(folder), font_paths=fonts)
        made = compiler.compile(format="pdf", pdf_standards="a-2b")
    if not isinstance(made, bytes):
        raise RuntimeError("typst made no file")
    return made


def main(kind: str) -> int:
    """Read, set, answer, end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    paper = paper_from(json.load(sys.stdin.buffer))
    try:
        if kind == "pdf":
            made = pdf_of(paper)
        else:
            from hub.papers.docx_writing import docx_of

            made = docx_of(paper)
    except NoFont:
        return NO_FONT
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
