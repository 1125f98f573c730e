"""A job as its own process sees it: what it is told, where it works, how it tells of its progress, how it fails.

The process hears what it is to do in one line of JSON on standard input, which stays open as long as the hub lives: when it
ends, the process and all that it started end, too. It says lines of JSON on standard output: `{"at": [stage, done, total]}`,
and last `{"result": {…}}` or `{"failed": [reason, detail]}`.

It works in a folder of its own, which it finds again as it left it after a crash. What it puts into `out` becomes its result,
as a whole and at once, when it is done.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

#: Progress is told so often at most.
EVERY_S: Final = 0.5
#: Longest line that a job says or is told.
MAX_LINE_BYTES: Final = 64 << 10
#: What a job says in all.
MAX_SAID_BYTES: Final = 64 << 20
#: The exit code of a process that could not go on, since another one that it had started died.
TRY_AGAIN: Final = 75
#: The list of what came of a job, in its folder.
RESULT_FILE: Final = "result.json"

Data = dict[str, Any]


class WorkFailed(Exception):
    """The work cannot be done: `reason` is one of `hub.conference.jobs.JobReason`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Order:
    """What a job's process is to do."""

    job: str
    kind: str
    meeting: str | None
    subject: str
    options: Data
    folder: Path
    """Its own, kept until it is done."""
    memory_bytes: int

    @property
    def out(self) -> Path:
        """Where its results are put, once they are whole."""
        return self.folder / "out"

    def to_line(self) -> bytes:
        """As its process is told."""
        told = {name: getattr(self, name) for name in Order.__slots__}
        return (json.dumps({**told, "folder": str(self.folder)}) + "\n").encode()

    @classmethod
    def from_line(cls, line: bytes) -> Order:
        """What was told."""
        told = json.loads(line)
        return cls(**{**told, "folder": Path(told["folder"])})


class Told:
    """Tells of progress: at a stage, so much of the whole."""

    def __init__(self, say: Callable[[Data], None]) -> None:
        self._say = say
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: float, total: float) -> None:
        """`stage` is one word; `done` of `total` of the whole work, in whatever unit."""
        now = time.monotonic()
        if stage != self._last[0] or now - self._last[1] >= EVERY_S:
            self._last = stage, now
            self._say({"at": [stage, round(done, 3), round(total, 3)]})


Work = Callable[[Order, Told], Data]


def run(work: Work) -> int:
    """Do the work that standard input tells of, in this process. Returns its exit code."""
    order = Order.from_line(sys.stdin.buffer.readline(MAX_LINE_BYTES))
    give_way(order.memory_bytes)
    end_with_parent()
    try:
        order.out.mkdir(parents=True, exist_ok=True, mode=0o700)
        told = work(order, Told(say))
        say({"result": {"told": told, "files": seal(order.out, told)}})
    except WorkFailed as problem:
        say({"failed": [problem.reason, problem.detail[:400]]})
    except BrokenExecutor:
        return TRY_AGAIN
    except MemoryError:
        say({"failed": ["fault", "it takes more memory than it may"]})
    except OSError as problem:
        reason = "no_room" if problem.errno in (errno.ENOSPC, errno.EDQUOT) else "fault"
        say({"failed": [reason, str(problem)[:400]]})
    return 0


def say(told: Data) -> None:
    """One line."""
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def give_way(memory_bytes: int) -> None:
    """Whoever is in a meeting comes first; when memory runs out, this process is the one to end."""
    os.nice(19)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        Path("/proc/self/oom_score_adj").write_text("900")
    except OSError:
        pass  # not on this system


def end_with_parent() -> None:
    """From now on: when standard input ends, this process ends, and all of its group."""

    def watch() -> None:
        # the raw file: whoever holds the buffered one's lock when the interpreter ends would abort it
        while os.read(sys.stdin.fileno(), 4096):
            pass
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


def seal(out: Path, told: Data) -> list[Data]:
    """The files of the result with their digests, on the disk for good, and the list of them beside them."""
    files = []
    for path in sorted(out.iterdir()):
        if path.name == RESULT_FILE:
            continue
        path.chmod(0o600)
        digest = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
            os.fsync(file.fileno())
        files.append({"name": path.name, "bytes": path.stat().st_size, "sha256": digest.hexdigest()})
    with (out / RESULT_FILE).open("w") as listed:
        json.dump({"told": told, "files": files}, listed, ensure_ascii=False)
        listed.flush()
        os.fsync(listed.fileno())
    return files
