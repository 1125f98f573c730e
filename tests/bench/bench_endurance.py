"""What a node endures, with the full numbers: ``python -m tests.bench.bench_endurance``. Prints JSON.

Tests that `make test` runs with smaller numbers: joins and leaves with real handshakes, after which a node holds what it held
before, and hostile datagrams at the media port, 20,000 a second, during a call that loses nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any, Final

#: Test, the setting of its number, the number.
_TESTS: Final = (
    ("test_media_churn.py", "LIANXIAN_JOINS", 10_000),
    ("test_media_hostile.py", "LIANXIAN_HOSTILE_DATAGRAMS", 1_000_000),
)


def measure(test: str, setting: str, number: int) -> dict[str, Any]:
    """One test. Raises RuntimeError with its end when it fails."""
    begun = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", f"tests/inproc/{test}"],
        env={**os.environ, setting: str(number)},
        capture_output=True,
        text=True,
        timeout=400,
    )
    if ended.returncode != 0:
        raise RuntimeError(f"{test}: {ended.stdout[-2000:]}")
    what = setting.removeprefix("LIANXIAN_").lower().replace("_", " ")
    return {"what": what, "number": number, "endured": "yes", "took_s": round(time.monotonic() - begun, 1)}


def main() -> None:
    print(json.dumps({"endurance": [measure(*each) for each in _TESTS]}))


if __name__ == "__main__":
    main()
