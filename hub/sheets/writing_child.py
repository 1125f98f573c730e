"""The child that writes a long spreadsheet (``-m hub.sheets.writing_child``): kind, header and rows in, the file out.

On standard input stands JSON, a line each: ``{"kind", "header"}`` first, then the rows. The hub stands still for none of it.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from hub.errors import Refusal
from hub.sheets.child import limit
from hub.sheets.reading import HOME
from hub.sheets.writing import Kind, sheet_bytes

#: 50,000 rows of 24 cells take about 15 s.
CPU_S: Final = 90
_COMMAND: Final = ("nice", "-n", "10", sys.executable, "-s", "-m", "hub.sheets.writing_child")


async def written(kind: Kind, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A list as a file. Raises Refusal `unavailable` where its limits end the child."""
    lines: list[Any] = [{"kind": kind, "header": list(header)}, *rows]

    def work() -> bytes:
        asked = "\n".join(json.dumps(line, ensure_ascii=True) for line in lines).encode()
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            _COMMAND,
            input=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
            cwd=HOME,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
        )
        if done.returncode != 0:
            raise Refusal("unavailable", "the file could not be written; ask for less")
        return done.stdout

    return await asyncio.to_thread(work)


def main() -> int:
    """Read, write, end."""
    limit(CPU_S)
    first, *rows = (json.loads(line) for line in sys.stdin.buffer)
    sys.stdout.buffer.write(sheet_bytes(first["kind"], first["header"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
