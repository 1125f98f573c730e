"""The pages of the documentation hold together; what they list is tested in test_docs_lists.py."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_page_that_is_linked_exists() -> None:
    missing = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                missing.append(f"{page.name}: {target}")
    assert missing == []


def test_every_heading_that_is_linked_exists() -> None:
    missing = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
            linked = page.parent / target if target else page
            heads = re.findall(r"^#+ (.+)$", linked.read_text(), re.MULTILINE)
            if anchor not in {re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-") for head in heads}:
                missing.append(f"{page.name}: {target}#{anchor}")
    assert missing == []
