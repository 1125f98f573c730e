"""Files that the audit administrator takes out: how they are written so that they can be proven, and the proof."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.clock import from_wire, to_wire
from hub.entry import Actor, Entry
from hub.journal.chain import entry_hash, json_text
from hub.journal.ports import Checkpoint

#: A cell that begins with one of these is taken for a formula by programs for tables.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Columns of a row that are checked, by their place.
SEQ, AT, ACCOUNT, CENTER, KIND, DATA, PREV, HASH = 0, 1, 2, 5, 7, 8, 9, 10


@dataclass(slots=True)
class Taken:
    """What a file says: entry number -> its row as the CSV has it; and what is wrong with the file in itself."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)


def row_of(entry: Entry, name: str = "", username: str = "", center: str = "") -> list[str]:
    """An entry as a row; with the names of who did it, which are no part of the proof."""
    return [
        str(entry.seq),
        to_wire(entry.at),
        entry.actor.account,
        name,
        username,
        entry.actor.center,
        center,
        entry.kind,
        json_text(dict(entry.data)),
        entry.prev,
        entry.hash,
    ]


def harmless(text: str) -> str:
    """The text, so that no program takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def line_of(entry: Entry) -> str:
    """An entry as a line of JSON lines."""
    return json.dumps(entry.to_wire(), ensure_ascii=False) + "\n"


def last_line(count: int, digest: str, checkpoint: Checkpoint | None) -> str:
    """The end of JSON lines: how many entries, the SHA-256 of all bytes before it, and the newest signed checkpoint."""
    signed = (
        {
            "seq": checkpoint.seq,
            "hash": checkpoint.hash,
            "at": to_wire(checkpoint.at),
            "key": checkpoint.key,
            "signature": checkpoint.signature,
        }
        if checkpoint is not None
        else None
    )
    return json.dumps({"end": {"entries": count, "sha256": digest, "checkpoint": signed}}) + "\n"


def read_export(path: Path) -> Taken:
    """Raises OSError, ValueError for what is no such file."""
    with path.open("rb") as file:
        is_lines = file.read(1) == b"{"
    return _read_lines(path) if is_lines else _read_rows(path)


def against_journal(taken: Taken, entries: Iterable[Entry]) -> Iterator[str]:
    """What of the file does not stand in the journal as it does in the file."""
    left = dict(taken.rows)
    for entry in entries:
        row = left.pop(entry.seq, None)
        if row is None:
            continue
        own = row_of(entry)
        for place, what in (
            (HASH, "hash"),
            (PREV, "previous hash"),
            (AT, "time"),
            (KIND, "kind"),
            (ACCOUNT, "account"),
            (CENTER, "center"),
            (DATA, "content"),
        ):
            if row[place] != harmless(own[place]):
                yield f"entry {entry.seq}: the {what} in the file is not the one in the journal"
    for seq in sorted(left):
        yield f"entry {seq} does not stand in the journal"


def _read_rows(path: Path) -> Taken:
    taken = Taken()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            if number == 1:
                continue
            if len(row) <= HASH or not row[SEQ].isdigit():
                taken.findings.append(f"line {number} is no row of an audit")
                continue
            _put(taken, row)
    return taken


def _read_lines(path: Path) -> Taken:
    taken, digest, before, ended = Taken(), hashlib.sha256(), None, False
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            told: Any = json.loads(line)
            if ended:
                taken.findings.append(f"line {number} stands behind the end")
            elif "end" in told:
                ended = True
                if told["end"]["entries"] != number - 1:
                    taken.findings.append(f"the file ought to have {told['end']['entries']} entries")
                if told["end"]["sha256"] != digest.hexdigest():
                    taken.findings.append("the sum at the end is not that of the entries before it")
            else:
                digest.update(line)
                entry = entry_of_wire(told)
                _put(taken, [harmless(cell) for cell in row_of(entry)])
                if entry_hash(entry) != entry.hash:
                    taken.findings.append(f"entry {entry.seq}: its hash is not that of what it holds")
                if before is not None and before.seq == entry.seq + 1 and before.prev != entry.hash:
                    taken.findings.append(f"entry {before.seq} does not follow entry {entry.seq}")
                before = entry
    if not ended:
        taken.findings.append("the end is missing: the file was cut off")
    return taken


def _put(taken: Taken, row: Sequence[str]) -> None:
    seq = int(row[SEQ])
    if seq in taken.rows:
        taken.findings.append(f"entry {seq} stands in the file twice")
    taken.rows[seq] = list(row)


def entry_of_wire(told: Mapping[str, Any]) -> Entry:
    """An entry from the plain JSON of `Entry.to_wire`. Raises ValueError."""
    try:
        return Entry(
            seq=told["seq"],
            at=from_wire(told["at"]),
            actor=Actor(told["actor"]["account"], told["actor"]["center"]),
            kind=told["kind"],
            meeting=told["meeting"],
            audience=tuple(told["audience"]),
            data=told["data"],
            alg=told["alg"],
            prev=told["prev"],
            hash=told["hash"],
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"a line is no entry: {problem}") from None
