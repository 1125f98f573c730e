"""What the documentation says of settings and files is so."""

from __future__ import annotations

import re
from pathlib import Path

from hub.config import render_markdown

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert render_markdown() in (ROOT / "docs" / "operations.md").read_text()


def test_every_page_that_is_linked_exists() -> None:
    missing = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []
