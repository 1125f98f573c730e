"""A job's process for tests: counts in its folder how far it came, and fails, hangs or babbles when it is told to."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from hub.jobs.kinds import JobKind
from hub.jobs.work import Data, Order, Told, WorkFailed, run

#: The kinds that it plays; the runner of an edge under test has them, and is started by whoever wants it.
KINDS = {
    name: JobKind(name, memory_bytes=4 << 30, tries=3, after_recording=name == "later")
    for name in ("plain", "later")
}
PROGRAM = (sys.executable, "-m", "tests.support.job_child")


def work(order: Order, told: Told) -> Data:
    """Go on from the step that an earlier process left; each step is one letter in a file."""
    steps = order.folder / "steps"
    (order.folder / "pid").write_text(str(os.getpid()))
    done = len(steps.read_text()) if steps.exists() else 0
    for step in range(done, int(order.options.get("steps", 3))):
        told(f"step{step}", step, 3)
        with steps.open("a") as file:
            file.write("x")
        match order.options.get("at", {}).get(str(step)):
            case "die":
                os.kill(os.getpid(), 9)
            case "hang":
                wait_for(order.folder / "go-on")
            case "babble":
                sys.stdout.write("x" * 100_000 + "\n")
                sys.stdout.flush()
            case "fault":
                raise RuntimeError("a fault of ours")
            case "unreadable":
                raise WorkFailed("unreadable", "the file is no film")
    (order.out / "made.txt").write_text(f"{order.subject} {steps.read_text()}")
    return {"steps": len(steps.read_text())}


def wait_for(path: Path) -> None:
    """Until somebody puts this file there, or the hub is gone."""
    while not path.exists():
        time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(run(work))
