"""docs/link.md names every call and event between control, nodes and recorder that somebody takes, and no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "link.md").read_text()

#: Who says it (chapter, head of the table) -> file and function in which the other end names what it takes.
TAKEN = {
    ("Node", "control calls"): [
        ("hub/media/node/process.py", "_calls"),
        ("hub/media/node/process.py", "_events"),
    ],
    ("Node", "node tells"): [
        ("hub/coordination/hearing.py", "handlers"),
        ("hub/coordination/links.py", "_on_node"),
    ],
    ("Gateway", "control calls"): [
        ("hub/gateway/process.py", "_camera_calls"),
        ("hub/gateway/onvif_calls.py", "calls"),
    ],
    ("Gateway", "gateway tells"): [("hub/coordination/links.py", "_camera_events")],
    ("Recorder", "control calls"): [("recordings/process.py", "__init__")],
    ("Recorder", "recorder calls"): [("hub/coordination/recording.py", "take_recorder")],
}


@pytest.mark.parametrize("table", TAKEN, ids=" ".join)
def test_the_page_names_what_is_taken(table: tuple[str, str]) -> None:
    taken = set[str]().union(*(_handlers(file, function) for file, function in TAKEN[table]))
    assert taken
    assert _named(*table) == taken


def test_tables_hold_together() -> None:
    """A row behind an empty line is shown as text."""
    assert re.findall(r"\|\n\n(\| `.+)", PAGE) == []


def _named(chapter: str, head: str) -> set[str]:
    """The names in the first column of a table."""
    text = PAGE.split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    table = text.split(f"| {head} |")[1].split("\n\n")[0]
    return set(re.findall(r"^\| `([a-z_.]+)`", table, re.MULTILINE))


def _handlers(file: str, function: str) -> set[str]:
    """The names in every table of handlers that a function makes: texts, each with something to call."""
    tree = ast.parse((ROOT / file).read_text())
    (body,) = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function
    ]
    functions = {
        node.name for node in ast.walk(body) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    found = set()
    for table in (node for node in ast.walk(body) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_handler(value, functions):
                found.add(key.value)
    return found


def _is_handler(value: ast.expr, functions: set[str]) -> bool:
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] == "partial"
    return isinstance(value, ast.Attribute | ast.Lambda) or (
        isinstance(value, ast.Name) and value.id in functions
    )
