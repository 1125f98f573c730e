"""A bundle of 100,000 entries out of a journal of 150,000: ``python -m tests.bench.bench_evidence``. Prints JSON.

Made by the hub, then verified by the stand-alone program in a process of its own, as a stranger does. CPU seconds of it: what
else the machine does counts for nothing. The aim is 10 s.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hub.evidence import verify_bundle
from tests.support.evidence import Signed, made_up

JOURNAL = 150_000


def main() -> int:
    """Measure and print; 1 when the bundle does not hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        signed = Signed(folder / "hub", made_up(JOURNAL)).sign_at(*range(500, JOURNAL + 1, 500))
        (folder / "sent").write_text(signed.sent())
        begun = time.process_time()
        built = signed.bundle(folder / "b.zip")
        making = time.process_time() - begun
        program = [sys.executable, "-I", verify_bundle.__file__, str(folder / "b.zip")]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [*program, "--checkpoints", str(folder / "sent")], check=False, capture_output=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    row = {
        "entries": built.entries,
        "journal": JOURNAL,
        "mib": round(built.bytes / 2**20, 1),
        "made_s": round(making, 2),
        "verified_s": round(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, 2),
        "memory_mib": after.ru_maxrss >> 10,
        "holds": "yes" if done.returncode == 0 else "no",
    }
    print(json.dumps({"evidence": [row]}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
