"""The lists in docs/ that the code knows say what the code says, and what deciding can lead to is read rightly."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hub import rules
from hub.directory.permissions import ACTIONS
from hub.entry import Draft
from hub.errors import STATUS, Refusal
from hub.ruling import CommandRule
from signaling.operations import OPERATIONS
from signaling.read_rights import READS
from signaling.schemas.entries import ENTRY_DATA
from signaling.typescript import commands
from tools import docs_lists
from tools.docs_lists import LISTS, main, placed, stale
from tools.docs_rules import whole_reach
from tools.rule_reach import reach
from tools.shapes import body, bounds, word

RULES = [rule for file in rules.FILES for rule in file.commands]


def test_every_read_over_http_is_in_the_list_of_rights() -> None:
    reads = {each.path for each in OPERATIONS if each.method == "get" and not each.open}
    assert set(READS) == reads, "name the right of a new read in signaling/read_rights.py"


def test_no_list_is_stale() -> None:
    assert stale() == [], "run `make docs`"


def test_every_list_stands_in_one_page() -> None:
    assert sorted(placed()) == sorted(LISTS)


def test_a_stale_list_is_named_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- generated: refusals -->\n| 404 | `lost` |\n<!-- /generated -->\nafter\n")
    assert main(["--check"], tmp_path) == 1
    assert "page.md: refusals" in capsys.readouterr().err
    assert main([], tmp_path) == 0
    assert main(["--check"], tmp_path) == 0
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "`lost`" not in text
    assert all(f"`{code}`" in text for code in STATUS)
    assert main(["--what"], tmp_path) == 2


def test_a_list_that_nobody_makes_is_an_error() -> None:
    with pytest.raises(KeyError):
        docs_lists.written("<!-- generated: wishes -->\n<!-- /generated -->")


def test_the_tables_hold_every_command_entry_and_right() -> None:
    for name, kinds in (("commands", commands()), ("entries", ENTRY_DATA), ("rights", ACTIONS)):
        rows = re.findall(r"^\| `([a-z_.]+)` \|", LISTS[name](), re.MULTILINE)
        assert sorted(rows) == sorted(kinds), name


@pytest.mark.parametrize("rule", RULES, ids=[rule.kind for rule in RULES])
def test_what_a_rule_says_of_its_refusals_is_what_it_can_refuse(rule: CommandRule) -> None:
    """The table at the head of each file of rules agrees with its code."""
    told = _told(rule)
    found = whole_reach(rule.decide).refusals
    assert told == found


def test_every_command_says_what_it_does() -> None:
    says = re.findall(r"^\| `([a-z_.]+)` \| (.+?) \|", LISTS["commands"](), re.MULTILINE)
    assert [kind for kind, text in says if len(text) < 10] == []


def test_every_kind_of_entry_is_made_by_some_command() -> None:
    made = set[str]().union(*(whole_reach(rule.decide).entries for rule in RULES))
    assert made == set(ENTRY_DATA)


def test_deciding_is_followed_through_functions_that_are_called() -> None:
    found = reach(_outer("order.signed"), frozenset({"order.signed", "note.added"}), __name__)
    assert found.refusals == {"forbidden", "not_joined"}
    assert found.entries == {"order.signed"}


def test_a_schema_is_said_in_words() -> None:
    assert (
        word({"anyOf": [{"type": "string", "pattern": "^[0-9]{12}$"}, {"type": "null"}]})
        == "center code|null"
    )
    assert word({"type": "object", "additionalProperties": {"type": "integer"}}) == "{text: number}"
    assert bounds({"type": "string", "minLength": 1, "maxLength": 100}) == " 1–100"
    assert bounds({"type": "array", "items": {}, "maxItems": 16}) == " ≤ 16"
    assert body(
        {"properties": {"kind": {"const": "slots"}, "at": {"type": "string"}}, "required": ["kind"]}
    ) == ('{"kind": "slots", "at"?}')
    with pytest.raises(ValueError, match="no words"):
        word({"type": "tuple"})


def _outer(kind: str) -> Callable[[], list[Draft]]:
    def decide() -> list[Draft]:
        if kind == "note.added":
            raise Refusal("forbidden", "no")
        return _inner(kind)

    return decide


def _inner(kind: str) -> list[Draft]:
    if kind == "":
        raise Refusal("not_joined", "no")
    return [Draft(kind, None, {})]


def _told(rule: CommandRule) -> set[str]:
    """The refusals that the docstring of the rule's file names for this command."""
    told, ours = set[str](), False
    text = __import__(rule.decide.__module__, fromlist=["x"]).__doc__ or ""
    for names, refused in re.findall(r"^\| (.+?) \| (.+?) \|$", text, re.MULTILINE):
        if not names.startswith("…"):
            verbs = {name.rpartition(".")[2] for name in re.findall(r"`([a-z_.]+)`", names)}
            subjects = {name.rpartition(".")[0] for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", names)}
            ours = rule.kind.partition(".")[0] in subjects and rule.kind.partition(".")[2] in verbs
        if ours:
            told |= set(re.findall(r"`([a-z_]+)`", refused)) & set(STATUS)
    return told
