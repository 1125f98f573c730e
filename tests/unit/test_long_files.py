"""Long test files begin first, and each name of the list is a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.support.long_files import LONG, longest_first

TESTS = Path(__file__).parent.parent


@dataclass
class Told:
    path: Path


def test_long_files_come_first_and_the_others_keep_their_order() -> None:
    names = ["test_b", LONG[1], "test_a", LONG[0], "test_b", LONG[1]]
    items = [Told(Path(f"tests/{name}.py")) for name in names]
    longest_first(items)
    assert [item.path.stem for item in items] == [LONG[0], LONG[1], LONG[1], "test_b", "test_a", "test_b"]


def test_every_name_is_a_file() -> None:
    files = {path.stem for path in TESTS.rglob("test_*.py")}
    assert [name for name in LONG if name not in files] == []
