"""What failed in a run of the tests runs once more, alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.tried_twice import MOST

ROOT = Path(__file__).parents[2]
AT_THE_SECOND = """
def test_late():
    import pathlib
    seen = pathlib.Path("seen")
    before = seen.exists()
    seen.touch()
    assert before
"""
NEVER = "def test_never():\n    assert False\n"


def tried(folder: Path, tests: str) -> tuple[int, str]:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -q\n")
    (folder / "test_it.py").write_text(tests)
    done = subprocess.run(
        [sys.executable, "-m", "tools.tried_twice", "-p", "no:asyncio", "test_it.py"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_what_passes_at_the_second_time_does_not_fail_the_run_and_is_named(tmp_path: Path) -> None:
    code, told = tried(tmp_path, AT_THE_SECOND)
    assert (code, told.count("unsteady: test_it.py::test_late")) == (0, 1)


def test_what_fails_twice_fails_the_run_and_only_the_other_is_named(tmp_path: Path) -> None:
    code, told = tried(tmp_path, AT_THE_SECOND + NEVER)
    assert (code, "unsteady: test_it.py::test_late" in told, "unsteady: test_it.py::test_never" in told) == (
        1,
        True,
        False,
    )


@pytest.mark.parametrize("tests", ["import no_such_thing\n", "def test(:\n"])
def test_what_cannot_be_run_is_not_tried_again(tmp_path: Path, tests: str) -> None:
    code, told = tried(tmp_path, tests)
    assert code != 0
    assert "once more" not in told


def test_many_failures_are_no_chance(tmp_path: Path) -> None:
    code, told = tried(tmp_path, "".join(f"def test_{n}():\n    assert False\n" for n in range(MOST + 1)))
    assert (code, "once more" in told) == (1, False)
