"""The child that works on a list of people (``-m hub.sheets.hits_child``): a question and the file in, lines of JSON out.

The question is one line of JSON, the file's bytes follow it. What people's rows hold stays in this process, sealed it leaves.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.directory.matching import Matcher
from hub.sheets.child import Unreadable, limit
from hub.sheets.hits import PIECE, Hits, Split, look, read_hits, sealed_rows, split, summary
from hub.sheets.sealing import ListKey

#: CPU time, in seconds: 100,000 rows take about 6.
CPU_S: Final = 60

Json = dict[str, Any]


def _matched(hits: Hits, asked: Json) -> tuple[Split, Matcher]:
    known = [(code, name, parent) for code, name, parent in asked["centers"]]
    matcher = Matcher(known, asked["own"])
    return split(hits, asked["roles"], matcher, asked["mends"]), matcher


def answers(asked: Json, content: bytes) -> Iterator[Json]:
    """One line for `look` and `match`; for `load` what is to come, the rows in pieces, and what commits to them."""
    hits = read_hits(content)
    if asked["do"] == "look":
        yield look(hits)
        return
    made, matcher = _matched(hits, asked)
    told = summary(hits, asked["roles"], made, matcher)
    if asked["do"] == "match":
        yield told
        return
    yield {**told, "loads": sum(told["counts"].values())}
    key = ListKey(asked["clearing"], bytes.fromhex(asked["key"]))
    plain: list[tuple[int, bytes]] = []
    piece: list[Any] = []
    for number, sealed, mark, row in sealed_rows(made, asked["roles"], key, bytes.fromhex(asked["marks"])):
        plain.append((number, row))
        piece.append([number, sealed, mark])
        if len(piece) == PIECE:
            yield {"piece": piece}
            piece = []
    if piece:
        yield {"piece": piece}
    yield {"commitment": key.commit(plain)}


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
