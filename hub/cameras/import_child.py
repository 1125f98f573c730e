"""The child that works on a list of cameras (``-m hub.cameras.import_child``): a question and the file in, lines of JSON out.

The question is one line of JSON, the file's bytes follow it. Passwords stay in this process; sealed they leave it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from hub.cameras.importing import PIECE, Asked, finished, listed, look, marked, summary
from hub.clock import from_wire
from hub.sheets.child import Unreadable, limit
from hub.sheets.hits import read_hits
from hub.sheets.limits import CAMERA_MEMORY_BYTES, MAX_CAMERAS

#: CPU time, in seconds: 300,000 rows take about 40.
CPU_S: Final = 240

Json = dict[str, Any]


def answers(asked: Json, content: bytes) -> Iterator[Json]:
    """One line for `look`; for `match` what is to come and the marks of its rows, for `load` the rows, in pieces."""
    hits = read_hits(content, MAX_CAMERAS)
    if asked["do"] == "look":
        yield look(hits)
        return
    decided = Asked.of(asked)
    made = listed(hits, decided)
    yield summary(made, hits, decided.matcher)
    if asked["do"] == "match":
        yield from _pieces(marked(made))
    else:
        yield from _pieces(finished(made, asked["batch"], from_wire(asked["at"]), decided.key))


def _pieces(rows: Iterable[Any]) -> Iterator[Json]:
    each = iter(rows)
    while piece := list(islice(each, PIECE)):
        yield {"piece": piece}


def main(write: Callable[[str], object] = sys.stdout.write) -> int:
    """Read, answer, end."""
    limit(CPU_S, CAMERA_MEMORY_BYTES)
    asked: Json = json.loads(sys.stdin.buffer.readline())
    try:
        for line in answers(asked, sys.stdin.buffer.read()):
            write(json.dumps(line, ensure_ascii=True, separators=(",", ":")) + "\n")
    except Unreadable as problem:
        write(json.dumps({"unreadable": str(problem)}) + "\n")
    except MemoryError:
        write('{"unreadable":"too_large"}\n')
    return 0


if __name__ == "__main__":
    sys.exit(main())
