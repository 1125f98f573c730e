"""The child that works on a list for the registry (``-m hub.grids.import_child``): a question and the file in, lines out.

The question is one line of JSON, the file's bytes follow it. What people's rows hold stays in this process, sealed it leaves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Final

from hub.grids.importing import PIECE, Asked, finished, listed, look, marked, summary
from hub.grids.registry_sealing import RegistryKey
from hub.sheets.child import Unreadable, limit
from hub.sheets.hits import read_hits
from hub.sheets.limits import MAX_REGISTRY_ROWS

#: CPU time, in seconds: 50,000 rows take about 10.
CPU_S: Final = 90

Json = dict[str, Any]


def answers(asked: Json, content: bytes) -> Iterator[Json]:
    """One line for `look`; for `match` what is to come and the marks of its rows, for `load` the households, in pieces."""
    hits = read_hits(content, MAX_REGISTRY_ROWS)
    if asked["do"] == "look":
        yield look(hits)
        return
    decided, key = Asked(asked), RegistryKey(bytes.fromhex(asked["key"]))
    made = listed(hits, decided)
    yield summary(made, hits, decided)
    yield from _pieces(marked(made, key) if asked["do"] == "match" else finished(made, asked, key))


def _pieces(rows: Iterable[Any]) -> Iterator[Json]:
    each = iter(rows)
    while piece := list(islice(each, PIECE)):
        yield {"piece": piece}


def main(write: Callable[[str], object] = sys.stdout.write) -> int:
    """Read, answer, end."""
    limit(CPU_S)
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
