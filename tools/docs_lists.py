"""The lists in docs/ that the code knows: ``python -m tools.docs_lists`` writes them, ``--check`` says which are stale.

A list stands between ``<!-- generated: NAME -->`` and ``<!-- /generated -->``; what stands around it is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tools import docs_edge, docs_rules

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
#: Name of a list -> how it is made.
LISTS: Final[Mapping[str, Callable[[], str]]] = {
    "calls": docs_edge.calls,
    "command-line": docs_edge.command_line,
    "commands": docs_rules.commands,
    "entries": docs_rules.entries,
    "duties": docs_rules.duties,
    "events": docs_edge.told,
    "events-asked": docs_edge.asked,
    "metrics": docs_edge.metrics,
    "parts": docs_rules.parts,
    "reads": docs_rules.reads,
    "refusals": docs_edge.refusals,
    "rights": docs_rules.rights,
    "rtcp": docs_edge.rtcp_kinds,
    "settings": docs_edge.settings,
    "values": docs_edge.words,
}
_LIST: Final = re.compile(r"<!-- generated: (\S+) -->\n(.*?)<!-- /generated -->", re.DOTALL)


def written(text: str) -> str:
    """The page with its lists made anew. Raises KeyError for a list that nobody makes."""

    def anew(found: re.Match[str]) -> str:
        name = found[1]
        return f"<!-- generated: {name} -->\n{LISTS[name]()}\n<!-- /generated -->"

    return _LIST.sub(anew, text)


def stale(folder: Path = DOCS) -> list[str]:
    """`page: list` of each list that says something else than the code."""
    found = []
    for page in sorted(folder.rglob("*.md")):
        for name, body in _LIST.findall(page.read_text()):
            if body != f"{LISTS[name]()}\n":
                found.append(f"{page.name}: {name}")
    return found


def placed(folder: Path = DOCS) -> list[str]:
    """Names of the lists that stand in the pages, each as often as it does."""
    return [name for page in sorted(folder.rglob("*.md")) for name, _ in _LIST.findall(page.read_text())]


def main(arguments: list[str], folder: Path = DOCS) -> int:
    """Write all lists, or with ``--check`` name the stale ones; the exit code."""
    if arguments not in ([], ["--check"]):
        print("python -m tools.docs_lists [--check]", file=sys.stderr)
        return 2
    if arguments:
        old = stale(folder)
        for each in old:
            print(f"stale: {each} (make docs)", file=sys.stderr)
        return 1 if old else 0
    for page in sorted(folder.rglob("*.md")):
        text = page.read_text()
        if (anew := written(text)) != text:
            page.write_text(anew)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
