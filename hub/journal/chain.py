"""Canonical bytes, the hash over them, and the chain they form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as _quote
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Actor, Draft, Entry

#: `prev` of the first entry.
GENESIS: Final = "0" * 64
#: The only hash algorithm so far; named in each entry so that it can be changed one day.
ALGORITHM: Final = "sha256"
#: Integers beyond this are not exact in every JSON reader (RFC 7493 §2.2).
MAX_INT: Final = 2**53
#: Deeper data is refused; well under what the interpreter's stack carries.
MAX_DEPTH: Final = 64


class NotCanonical(ValueError):
    """A value that has no canonical form here: a float, a key that is no string, a lone surrogate, …"""


def canonical_json(value: Any) -> str:
    """RFC 8785 (JCS) text of plain JSON without floats. Raises NotCanonical.

    The standard library writes strings and integers exactly as RFC 8785 wants them; it sorts keys by code
    point, which is the wanted order by UTF-16 unit for every key without characters beyond U+D7FF. Any other key takes
    the slow way.
    """
    plain = _check(value, MAX_DEPTH)
    text = _dumps(value) if plain else _dumps_utf16(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate has no UTF-8 form") from error
    return text


def json_text(value: Any) -> str:
    """Compact JSON of what is known to be canonical already, so that nothing needs checking."""
    return _dumps(value)


_dumps = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False
).encode


def _check(value: Any, depth: int) -> bool:
    """Refuse what is not ours; tell whether sorting keys by code point is right for `value`."""
    kind = type(value)
    if kind is str:
        if "\0" in value:
            raise NotCanonical("a character 0, which PostgreSQL cannot keep in a text")
        return True
    if kind is bool or value is None:
        return True
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:
            raise NotCanonical("an integer beyond 2**53")
        return True
    if depth == 0:
        raise NotCanonical("nested too deep")
    plain = True
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str:
                raise NotCanonical("a key that is not a string")
            if "\0" in key:
                raise NotCanonical("a character 0 in a key")
            if not key.isascii() and max(key) > "\ud7ff":
                plain = False
            # most values are plain words, true, false or nothing: each call spared is one of twenty an entry
            if item is None or item is True or item is False or (type(item) is str and "\0" not in item):
                continue
            if not _check(item, depth - 1):
                plain = False
        return plain
    if kind is list or kind is tuple:
        for item in value:
            if type(item) is str and "\0" not in item:
                continue
            if not _check(item, depth - 1):
                plain = False
        return plain
    raise NotCanonical(f"{kind.__name__} has no place in the journal")


def _dumps_utf16(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_quote(key)}:{_dumps_utf16(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(_dumps_utf16(item) for item in value) + "]"
    return _dumps(value)


def canonical(
    *,
    seq: int,
    at: str,
    actor: Actor,
    kind: str,
    meeting: str | None,
    audience: tuple[str, ...],
    data: Mapping[str, Any],
    alg: str,
    prev: str,
) -> bytes:
    """The bytes that an entry's hash covers: RFC 8785 JSON of the entry without `hash`. `at` as on the wire."""
    written = data if type(data) is dict else dict(data)
    # The nine keys are fixed and in order here, which spares sorting and dumping the frame each time.
    text = (
        f'{{"actor":{{"account":{_quote(actor.account)},"center":{_quote(actor.center)}}},"alg":{_quote(alg)},'
        f'"at":{_quote(at)},"audience":[{",".join(map(_quote, audience))}],"data":{canonical_json(written)},'
        f'"kind":{_quote(kind)},"meeting":{"null" if meeting is None else _quote(meeting)},'
        f'"prev":{_quote(prev)},"seq":{seq}}}'
    )
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical("a lone surrogate has no UTF-8 form") from error


def entry_hash(entry: Entry) -> str:
    """What `entry.hash` must be, computed from everything else in it."""
    return hashlib.sha256(
        canonical(
            seq=entry.seq,
            at=to_wire(entry.at),
            actor=entry.actor,
            kind=entry.kind,
            meeting=entry.meeting,
            audience=entry.audience,
            data=entry.data,
            alg=entry.alg,
            prev=entry.prev,
        )
    ).hexdigest()


def seal(seq: int, at: datetime, actor: Actor, draft: Draft, prev: str) -> Entry:
    """Make `draft` the entry number `seq` that follows the entry with hash `prev`. Raises NotCanonical."""
    digest = hashlib.sha256(
        canonical(
            seq=seq,
            at=to_wire(at),
            actor=actor,
            kind=draft.kind,
            meeting=draft.meeting,
            audience=draft.audience,
            data=draft.data,
            alg=ALGORITHM,
            prev=prev,
        )
    ).hexdigest()
    return Entry(
        seq, at, actor, draft.kind, draft.meeting, draft.audience, draft.data, ALGORITHM, prev, digest
    )


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold: what is wrong (`kind`) at which `seq`, in words."""

    kind: str
    seq: int
    text: str


def verify_chain(entries: Iterable[Entry]) -> Iterator[Break]:
    """Everything wrong with `entries`, which must come by seq, beginning with the first of the journal.

    Kinds: `gap` (numbers missing), `link` (`prev` is not the hash of the entry before), `hash` (the entry is not
    what was hashed), `order` (numbers or times run backwards), `form` (an unknown algorithm, or data that cannot be hashed).
    Numbers that a `journal.recovered` entry gives up, and no others, may be missing before it.
    """
    seq, prev, at = 0, GENESIS, None
    for entry in entries:
        if entry.seq <= seq:
            yield Break("order", entry.seq, f"entry {entry.seq} comes after {seq}")
        elif entry.seq != seq + 1 and not _gives_up(entry, seq + 1):
            missing = f"{seq + 1}" if entry.seq == seq + 2 else f"{seq + 1} to {entry.seq - 1}"
            yield Break("gap", entry.seq, f"missing before {entry.seq}: {missing}")
        if entry.prev != prev:
            yield Break("link", entry.seq, f"entry {entry.seq} does not follow the entry before it")
        if at is not None and entry.at < at:
            yield Break("order", entry.seq, f"entry {entry.seq} is older than the entry before it")
        if entry.alg != ALGORITHM:
            yield Break("form", entry.seq, f"entry {entry.seq} names an unknown algorithm")
        else:
            try:
                if entry_hash(entry) != entry.hash:
                    yield Break(
                        "hash", entry.seq, f"entry {entry.seq} is not what was written: its hash differs"
                    )
            except NotCanonical as error:
                yield Break("form", entry.seq, f"entry {entry.seq} cannot be hashed: {error}")
        seq, prev, at = entry.seq, entry.hash, entry.at


def _gives_up(entry: Entry, first: int) -> bool:
    """Whether this entry says that exactly the numbers from `first` up to its own were lost (hub/journal/recovery.py)."""
    data = entry.data
    return (
        entry.kind == "journal.recovered"
        and data.get("used_again") is False
        and (data.get("from"), data.get("lost")) == (first, entry.seq - first)
    )
