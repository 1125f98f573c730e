"""What a rule with state costs: one file of rules, one folder on the page, one test, one line. The banner is counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hub.conference import banner

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("hub", "signaling", "recordings", "clients", "tools")
#: Made from the rules.
GENERATED = ("clients/web/src/protocol/types.gen.ts",)
OWN = ("hub/conference/banner.py", "clients/web/src/features/banner/")
#: What a meeting passes on to those joined to it, what a plan does when it is started, what a film shows, and whose words are
#: found, name the rules.
PASSED_ON = {
    "hub/film/captions.py",
    "hub/plans/running.py",
    "hub/store/searchable.py",
    "hub/conference/unit_passing.py",
    "clients/web/src/features/units/record.ts",
}


def product_files() -> Iterator[Path]:
    for folder in PRODUCT:
        for path in (ROOT / folder).rglob("*"):
            steps = set(path.relative_to(ROOT).parts)
            if path.suffix in (".py", ".ts", ".vue", ".css", ".html") and not steps & {
                "node_modules",
                "dist",
                "tests",
            }:
                yield path


def test_a_rule_with_state_is_one_file_one_folder_one_test_and_one_line() -> None:
    kinds = [command.kind for command in banner.RULES.commands] + [
        entry.kind for entry in banner.RULES.entries
    ]
    names = re.compile(
        rf"\b(?:{'|'.join(map(re.escape, kinds))}|banner\.RULES|import .*\bbanner\b|features/banner)\b|^\s*banner,$"
    )
    found: dict[str, list[str]] = {}
    seen = 0
    for path in product_files():
        name, seen = path.relative_to(ROOT).as_posix(), seen + 1
        lines = [line.strip() for line in path.read_text().splitlines() if names.search(line)]
        if lines and name not in GENERATED:
            found[name] = lines
    assert seen > 400
    elsewhere = {name: lines for name, lines in found.items() if not name.startswith(OWN)}
    assert elsewhere.keys() - PASSED_ON == {"hub/rules.py"}, elsewhere
    (imported, listed) = elsewhere["hub/rules.py"]
    assert imported in ("banner,", "from hub.conference import banner") or imported.startswith(
        "from hub.conference import"
    )
    assert listed == "banner.RULES,"
    python = {name for name in found if name.endswith(".py")}
    assert python - PASSED_ON == {"hub/rules.py", "hub/conference/banner.py"}
    assert (ROOT / "tests/unit/test_rules_banner.py").exists()
