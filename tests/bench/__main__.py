"""``python -m tests.bench [NAME…]``: every measurement of this folder, one after the other.

Without names all of them run and `docs/benchmarks.md` is written; with names the figures are only printed, or with `--page` put
into the page beside those that stand there. Each
measurement is a module `bench_NAME.py` that runs by itself and prints one JSON object. The exit status is 1 when one fails.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench.report import (
    QUIET_SHARE,
    aims_table,
    busy_share,
    machine,
    now_said,
    read_page,
    render,
    table,
)

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
#: The longest that one measurement may take.
LIMIT_S = 1800


def names() -> list[str]:
    """The measurements there are."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def how(name: str) -> str:
    """What a measurement does, from the text at the head of its module."""
    text = ast.get_docstring(ast.parse((FOLDER / f"bench_{name}.py").read_text())) or ""
    return text


def measure(name: str) -> list[dict[str, Any]]:
    """Run one measurement in a process of its own; its rows. Raises RuntimeError with the reason when it fails."""
    try:
        ended = subprocess.run(
            [sys.executable, "-m", f"tests.bench.bench_{name}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError(f"not done within {LIMIT_S} s") from None
    if ended.returncode != 0:
        print(ended.stderr, file=sys.stderr)
        lines = ended.stderr.strip().splitlines()
        raise RuntimeError(lines[-1] if lines else f"ended with {ended.returncode}")
    printed = ended.stdout
    found = json.loads(printed[printed.index("{") :])
    rows: list[dict[str, Any]] = next(value for value in found.values() if isinstance(value, list))
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="*", help="all without any: " + ", ".join(names()))
    parser.add_argument("--page", action="store_true", help="put the named ones into the page")
    asked = parser.parse_args()
    chosen = asked.name
    unknown = set(chosen) - set(names())
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    busy = busy_share()
    if busy > QUIET_SHARE:
        print(f"The machine is not quiet ({busy:.0%} busy): take the figures as worse than they should be.")
    results: dict[str, Any] = {}
    failed = False
    for name in chosen or names():
        print(f"\n== {name}", flush=True)
        try:
            results[name] = measure(name)
            print(table(results[name]), flush=True)
        except (RuntimeError, ValueError, StopIteration) as error:
            failed = True
            results[name] = str(error)
            print(f"failed: {error}", flush=True)
    print(f"\n== aims\n{aims_table(results)}")
    if not chosen:
        PAGE.write_text(
            render(results, {name: how(name) for name in results}, machine(busy)), encoding="utf-8"
        )
    elif asked.page:
        stood_on, stood, measured = read_page(PAGE.read_text(encoding="utf-8"))
        whole = dict(sorted({**stood, **results}.items()))
        measured |= dict.fromkeys(results, now_said(busy))
        PAGE.write_text(
            render(whole, {name: how(name) for name in whole}, stood_on, measured), encoding="utf-8"
        )
    if not chosen or asked.page:
        print(f"\nwritten: {PAGE.relative_to(ROOT)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
