"""The pages of the documentation hold together; what they list is tested in test_docs_lists.py."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hub import entry, errors, gates, parts, ruling, shapes, state
from hub.entry import Command, Draft
from hub.ruling import Context
from tests.support.rules import CITY, TREE, VILLAGE, World, account

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


def test_contributing_names_files_that_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    paths = [word for word in re.findall(r"`([\w./-]+/[\w./-]+)`", text) if "*" not in word]
    assert len(paths) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_table_of_level_3_names_files_and_tests_that_are_there() -> None:
    """Each clause that the hub answers to, alone or with the operator, names code and a test; the operator's needs none."""
    rows = re.findall(
        r"^\| ([^|]+) \| [^|]+ \| (Hub|Both|Operator) \| ([^|]+) \| ([^|]+) \|$",
        (ROOT / "docs/security-level3.md").read_text(),
        re.MULTILINE,
    )
    assert len(rows) > 40
    for clause, who, how, shown in rows:
        tests = re.findall(r"`(tests/[\w/.-]+)`", shown)
        named = [word for word in re.findall(r"`([\w./-]+)`", how) if "/" in word.strip("/")]
        assert tests or who == "Operator", f"{clause}: no test"
        missing = [path for path in (*tests, *named) if not (ROOT / path).exists()]
        assert missing == [], clause


def test_the_rule_in_contributing_works() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(), re.DOTALL)
    names: dict[str, Any] = {"__name__": __name__}
    for module in (entry, errors, gates, parts, ruling, shapes, state):
        names |= vars(module)
    exec(compile(code, "CONTRIBUTING.md", "exec", flags=annotations.compiler_flag), names)
    rules, hands = names["RULES"], names["Hands"]
    world, leader, village = World(), account("leader", CITY), account("station", VILLAGE)
    meeting = world.open(leader, VILLAGE, record=False)
    raise_hand = Command("c", "hand.raise", meeting, {})
    context = Context(world.now, village, TREE, world.new_id)
    decide, (raised, lowered) = rules.commands[0].decide, rules.entries
    with pytest.raises(errors.Refusal, match="join"):
        decide(world.state, raise_hand, context)
    world.do(village, "meeting.join", meeting)
    (draft,) = decide(world.state, raise_hand, context)
    assert draft.kind == raised.kind
    happened = replace(world.entries[-1], kind=draft.kind, data=draft.data)
    raised.apply(world.state, happened)
    assert world.state.meetings[meeting].read(hands).up == [village.id]
    assert decide(world.state, raise_hand, context) == []
    left = Draft("meeting.left", meeting, {"participant": village.id})
    (draft,) = rules.follows["meeting.left"](world.state, left, context)
    assert draft.kind == lowered.kind
    lowered.apply(world.state, happened)
    assert world.state.meetings[meeting].read(hands).up == []
