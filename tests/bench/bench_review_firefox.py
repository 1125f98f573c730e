"""The clerk's player in Firefox: ``python -m tests.bench.bench_review_firefox``. Prints JSON. Takes about twelve minutes.

The same as `bench_review` in Debian's Firefox.
"""

from __future__ import annotations

import asyncio
import json

from tests.bench.bench_review import measure

if __name__ == "__main__":
    print(json.dumps({"review": asyncio.run(measure(True))}, indent=2))
