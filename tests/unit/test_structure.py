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


def test_no_module_of_the_packet_plane_is_longer_than_four_hundred_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in MEDIA.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_the_packages_of_the_packet_plane_are_those_of_the_documentation() -> None:
    section = (ROOT / "docs" / "architecture.md").read_text().split("## A packet's way")[1].split("\n## ")[0]
    documented = re.findall(r"^\| `(\w+)/` \|", section, re.M)
    packages = {folder.parent.name for folder in MEDIA.glob("*/__init__.py")}
    assert packages == set(documented)
    assert [module.name for module in MEDIA.glob("*.py")] == ["__init__.py"]


def test_no_modules_of_the_packet_plane_need_each_other() -> None:
    """Types count as well: a contract of import-linter sees packages, this sees modules."""
    needs = {name: _imports(path) for name, path in _modules().items()}
    waits = {name: {other for other in others if other in needs} for name, others in needs.items()}
    while free := {name for name, others in waits.items() if not others}:
        waits = {name: others - free for name, others in waits.items() if name not in free}
    assert waits == {}


def _modules() -> dict[str, Path]:
    paths = [path for folder in (MEDIA, MEDIA.parent / "wire") for path in folder.rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
