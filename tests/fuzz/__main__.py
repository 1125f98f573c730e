"""`make fuzz`: every target for FUZZ_SECONDS, FUZZ_AT_ONCE at a time; escapes become files that `make test` replays.

`python -m tests.fuzz [TARGET …]`. Exit code 1 if anything escaped. The result of a run over all targets is written into
docs/fuzzing.md.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz.target import Run, Target, judge
from tests.fuzz.targets import FOUND, TARGETS

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "test-artifacts" / "fuzz"
PAGE = ROOT / "docs" / "fuzzing.md"
BEGIN, END = "<!-- result -->", "<!-- end of the result -->"
AT_ONCE = int(os.environ.get("FUZZ_AT_ONCE", "2"))


@dataclass
class Outcome:
    """What fuzzing one target came to.

    `covered` counts the points of the hub's code that were reached, `slowest_ms` is what the dearest of the inputs that
    reached something new costs, unwatched.
    """

    name: str
    inputs: int = 0
    covered: int = 0
    slowest_ms: float = 0.0
    escapes: list[str] = field(default_factory=list)


def fuzz(name: str, seconds: int) -> Outcome:
    """Fuzz one target in a process of its own."""
    folder = WORK / name
    suspects = folder / "suspects"
    shutil.rmtree(suspects, ignore_errors=True)
    command = [sys.executable, "-m", "tests.fuzz.one", name, str(seconds), str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace")
    log = ended.stdout + ended.stderr
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log").write_text(log)
    outcome = Outcome(name)
    done = re.findall(r"^Done (\d+) (?:runs|in)", log, re.M) or re.findall(r"^#(\d+)", log, re.M)
    covered = re.findall(r"cov: (\d+)", log)
    outcome.inputs = int(done[-1]) if done else 0
    outcome.covered = int(covered[-1]) if covered else 0
    if ended.returncode != 0:
        outcome.escapes.append(f"the process ended with {ended.returncode}: {log.strip()[-300:]}")
    return outcome


def judge_again(outcome: Outcome) -> None:
    """Judge what a process suspected, here, where nothing is watched; and look for the slowest input it kept."""
    folder, target = WORK / outcome.name, TARGETS[outcome.name]
    run = target.begin()
    for path in sorted((folder / "suspects").glob("*")):
        data = path.read_bytes()
        escape = judge(run, target.refusals, data)
        if escape is not None:
            FOUND.mkdir(parents=True, exist_ok=True)
            kept = FOUND / f"{target.name}-{path.stem}.bin"
            kept.write_bytes(data)
            outcome.escapes.append(f"{kept.name}: {escape.what}")
    inputs = [path.read_bytes() for path in (folder / "corpus").glob("*")]
    first = sorted(((cost_ms(run, target, data), data) for data in inputs), reverse=True)
    outcome.slowest_ms = max(
        (min(cost_ms(run, target, data) for _ in range(5)) for _, data in first[:5]), default=0
    )


def cost_ms(run: Run, target: Target, data: bytes) -> float:
    """What one input costs, in ms of processor time."""
    begun = time.thread_time()
    with contextlib.suppress(Exception):  # judged before
        run(data)
    return (time.thread_time() - begun) * 1000


def report(outcomes: list[Outcome], seconds: int) -> str:
    """The result as a table in Markdown."""
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d}, {seconds} s each, {AT_ONCE} at a time on {os.cpu_count()} cores, "
        f"Python {platform.python_version()}.",
        "",
        "| target | inputs | code points reached | slowest input, ms | escapes |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.inputs:,} | {one.covered:,} | {one.slowest_ms:.2f} | {len(one.escapes)} |"
        for one in outcomes
    ]
    total, escaped = sum(one.inputs for one in outcomes), sum(len(one.escapes) for one in outcomes)
    return "\n".join([*lines, f"| **all** | {total:,} | | | {escaped} |"])


def main(names: list[str]) -> int:
    """Fuzz and print. Returns the exit code."""
    unknown = set(names) - set(TARGETS)
    if unknown:
        print(f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
        return 2
    seconds = int(os.environ.get("FUZZ_SECONDS", "60"))
    outcomes = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for outcome in pool.map(lambda name: fuzz(name, seconds), names or TARGETS):
            judge_again(outcome)
            print(f"{outcome.name}: {outcome.inputs:,} inputs, {len(outcome.escapes)} escapes", flush=True)
            for escape in outcome.escapes:
                print(f"  {escape}", flush=True)
            outcomes.append(outcome)
    table = report(outcomes, seconds)
    if not names and PAGE.exists():
        page = PAGE.read_text()
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
    print(f"\n{table}")
    return 1 if any(one.escapes for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
