"""Run a folder of tests; what failed there runs once more, alone on the quiet machine.

    python -m tools.tried_twice [options of pytest] FOLDER

A test that waits for real processes, browsers and media may starve when two run at a time on a small machine. Such a
test is named at the end as unsteady, so that somebody looks into it, and does not fail the run; a fault fails twice.
More than `MOST` failures are no chance: they are not tried again. Nor is a run that did not get as far as testing.

The first run tells failures by Python's own tracebacks: pytest's read the source anew, which now and then ends the
interpreter's parser of 3.11 ("AST constructor recursion depth mismatch"), and the whole run with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

MOST = 5
"""So many failed tests, and no more, are tried again."""

TESTS_FAILED = 1
"""The exit code of pytest for "all was run, and something failed"."""


def run(cache: Path, *options: str) -> int:
    """Run pytest with its memory of failures in `cache`; its exit code."""
    return subprocess.call([sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}", *options])  # noqa: S603 (our own tests)


def failed_in(cache: Path) -> list[str]:
    """The tests that failed in the last run, by name."""
    told = cache / "v" / "cache" / "lastfailed"
    return sorted(json.loads(told.read_text())) if told.exists() else []


def main(options: list[str]) -> int:
    """Run, and run again what failed; 0 if everything passed once, else the exit code of pytest."""
    with tempfile.TemporaryDirectory(prefix="tests-") as folder:
        cache = Path(folder)
        code = run(cache, "--tb=native", *options)
        failed = failed_in(cache)
        if code != TESTS_FAILED or not 0 < len(failed) <= MOST:
            return code
        print(f"\n== once more, alone: {len(failed)} that failed", flush=True)
        code = run(cache, *failed)
        for name in sorted({*failed} - {*failed_in(cache)}):
            print(f"   unsteady: {name}", flush=True)
        return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
