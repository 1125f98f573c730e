"""Where things live, and that their first lines say so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEDIA = ROOT / "hub" / "media"


def test_every_module_of_the_packet_plane_says_what_lives_there() -> None:
    modules = sorted(MEDIA.rglob("*.py"))
    assert modules
    assert [
        str(m.relative_to(ROOT)) for m in modules if not ast.get_docstring(ast.parse(m.read_text()))
    ] == []


def test_the_packages_of_the_packet_plane_are_those_of_the_documentation() -> None:
    section = (ROOT / "docs" / "architecture.md").read_text().split("## A packet's way")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)/` \|", section, re.M)
    packages = {folder.parent.name for folder in MEDIA.glob("*/__init__.py")}
    assert packages == set(documented)
    assert [module.name for module in MEDIA.glob("*.py")] == ["__init__.py"]
