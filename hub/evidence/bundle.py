"""The evidence bundle (取证包) of one session: its entries, what proves them, the digests of its recordings.

| file | holds |
|---|---|
| `entries.jsonl` | `{"entry", "index"}` a line, canonical JSON; not readable: `{"hash", "index", "seq"}` |
| `proof.jsonl` | nodes `{"first", "end", "hash"}` of the journal's tree (RFC 6962 §2.1) |
| `checkpoints.jsonl` | signed checkpoints of before, during and after the session; the last one covers the whole journal |
| `recordings/…` | recorded files, where they were asked for |
| `manifest.json`, `manifest.sig` | what was made of what, for whom; SHA-256 of every file; the hub's signature |
| `verify_bundle.py`, `README.txt` | how a stranger verifies it |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.evidence.stored_zip import Member, StoredZip, frame_bytes
from hub.journal.chain import canonical_json
from hub.journal.checkpoint import line_of
from hub.journal.ports import Checkpoint
from hub.journal.tree import Tree

FORMAT: Final = "lianxian-evidence-1"
#: Before what is signed, so that no signature of a bundle can be taken for one of something else.
SEAL: Final = b"lianxian-evidence\n"
#: Checkpoints of a bundle: the newest, those after the session, others from all over the journal's life.
NEWEST, AFTER, OTHERS = 200, 20, 80
_BLOCK: Final = 1 << 20

#: (what is being done, bytes done, of how many); what it raises ends the work.
Progress = Callable[[str, int, int], None]


class Unproven(Exception):
    """Nothing is signed yet that covers the session."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One part of a recording, as the journal tells of it."""

    recording: str
    part: str
    name: str
    """Whose picture and sound."""
    file: str
    started_at: str
    duration_ms: int | None
    bytes: int | None
    sha256: str | None
    """None while it is written."""
    released: bool = False
    """Whether it stands in the second copy alone."""
    destroyed: str | None = None
    """The disposal list by which its file was destroyed."""

    @property
    def there(self) -> bool:
        """Whether its file is finished and has not been destroyed."""
        return self.sha256 is not None and self.destroyed is None


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry of the session: its place among all of the journal, and whether the asker may read it."""

    index: int
    entry: Entry
    readable: bool


@dataclass(frozen=True, slots=True)
class Material:
    """All that a bundle is made of, read at one moment."""

    meeting: str
    title: str
    hashes: Sequence[str]
    """Of all entries of the journal, in order."""
    entries: Sequence[Placed]
    checkpoints: Sequence[Checkpoint]
    """Those with a root, by size."""
    parts: Sequence[Recorded]


@dataclass(frozen=True, slots=True)
class Request:
    """For whom a bundle is made, and what goes into it."""

    made_at: datetime
    made_by: Mapping[str, str]
    people: Mapping[str, str] = field(default_factory=dict)
    """Account id -> name, so that a stranger can read it. No part of the proof."""
    recordings: bool = False
    key: str = ""
    """Id of the key that signs."""


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    bytes: int
    sha256: str
    entries: int
    left_out: int
    """Entries told by their digest alone."""
    size: int
    """Entries of the journal that it rests on."""


def head_of(material: Material, key: str) -> Checkpoint:
    """The newest checkpoint of this key. Raises Unproven where the session has entries that none covers."""
    own = [
        each for each in material.checkpoints if each.key == key and (each.size or 0) <= len(material.hashes)
    ]
    if not own or not material.entries or material.entries[-1].index >= (own[-1].size or 0):
        raise Unproven
    return own[-1]


def build(
    file: BinaryIO,
    material: Material,
    request: Request,
    sign: Callable[[bytes], str],
    public_key: str,
    recordings: Path | None = None,
    progress: Progress = lambda what, done, total: None,
    *,
    wide: bool = False,
) -> Built:
    """Write the bundle; `wide`: it may be larger than 4 GiB. Blocks.

    Raises Unproven, TooLarge, OSError when a recorded file is away, what `progress` raises.
    """
    head = head_of(material, request.key)
    size = head.size or 0
    signs = chosen(material, head)
    tree = Tree(material.hashes[:size])
    wanted = [placed.index for placed in material.entries]
    nodes = tree.proof(wanted, [each.size or 0 for each in signs])
    zipped, members = StoredZip(file, wide=wide), {}
    members["README.txt"] = zipped.add("README.txt", [README.encode()])
    members["verify_bundle.py"] = zipped.add("verify_bundle.py", [verifier()])
    members["entries.jsonl"] = zipped.add("entries.jsonl", _lines(map(_told, material.entries)))
    members["checkpoints.jsonl"] = zipped.add("checkpoints.jsonl", _lines(map(line_of, signs)))
    told = (f'{{"end":{each.end},"first":{each.first},"hash":"{each.hash.hex()}"}}' for each in nodes)
    members["proof.jsonl"] = zipped.add("proof.jsonl", _lines(told))
    if recordings is not None:
        closed = [part for part in material.parts if part.there]
        done, total = 0, sum(part.bytes or 0 for part in closed)
        for part in closed:
            path = recordings / part.file
            if not path.resolve().is_relative_to(recordings.resolve()):
                raise OSError("a recorded file lies outside its folder")
            name = f"recordings/{part.file}"
            members[name] = zipped.add(name, _blocks(path, progress, done, total))
            done += part.bytes or 0
    left_out = sum(not placed.readable for placed in material.entries)
    manifest = canonical_json(
        {
            "format": FORMAT,
            "meeting": {"id": material.meeting, "title": material.title},
            "made_at": to_wire(request.made_at),
            "made_by": dict(request.made_by),
            "entries": len(material.entries),
            "left_out": left_out,
            "size": size,
            "root": tree.root(),
            "files": {name: {"bytes": each.bytes, "sha256": each.sha256} for name, each in members.items()},
            "recordings": [_part(part) for part in material.parts],
            "people": dict(request.people),
        }
    ).encode()
    zipped.add("manifest.json", [manifest])
    seal = canonical_json({"public_key": public_key, "signature": sign(SEAL + manifest)})
    zipped.add("manifest.sig", [seal.encode()])
    whole: Member = zipped.end()
    return Built(whole.bytes, whole.sha256, len(material.entries), left_out, size)


def estimate(material: Material, key: str, recordings: bool) -> int:
    """About how many bytes the bundle will take, somewhat more rather than less. Raises Unproven."""
    head = head_of(material, key)
    count = len(material.entries)
    depth = max((head.size or 1) - 1, 1).bit_length()
    signs = len(chosen(material, head))
    entries = sum(len(_told(placed).encode()) + 1 for placed in material.entries)
    parts = [part for part in material.parts if part.there] if recordings else []
    frame = frame_bytes(["verify_bundle.py"] * 7 + [part.file for part in parts])
    fixed = len(README.encode()) + len(verifier()) + 2000 + 400 * len(material.parts)
    return entries + 110 * (count + (signs + 2) * depth) + 400 * signs + fixed + frame + recorded_bytes(parts)


def recorded_bytes(parts: Sequence[Recorded]) -> int:
    """What the finished files take that are there."""
    return sum(part.bytes or 0 for part in parts if part.there)


def chosen(material: Material, head: Checkpoint) -> list[Checkpoint]:
    """The checkpoints of a bundle, by size: what another machine was sent last is among the newest."""
    own = [
        each for each in material.checkpoints if each.key == head.key and (each.size or 0) <= (head.size or 0)
    ]
    last = material.entries[-1].index
    covering = [each for each in own if (each.size or 0) > last]
    step = max(1, len(own) // OTHERS)
    found = {each.seq: each for each in (*own[::step], *covering[:AFTER], *own[-NEWEST:])}
    return [found[seq] for seq in sorted(found)]


@cache
def verifier() -> bytes:
    """The stand-alone verifier, as it is put into bundles and given out by the hub."""
    return Path(__file__).with_name("verify_bundle.py").read_bytes()


def _told(placed: Placed) -> str:
    if placed.readable:
        return canonical_json({"entry": placed.entry.to_wire(), "index": placed.index})
    return canonical_json({"hash": placed.entry.hash, "index": placed.index, "seq": placed.entry.seq})


def _part(part: Recorded) -> dict[str, Any]:
    return {name: getattr(part, name) for name in Recorded.__slots__ if name != "released"}


def _lines(texts: Iterator[str]) -> Iterator[bytes]:
    for text in texts:
        yield text.encode() + b"\n"


def _blocks(path: Path, progress: Progress, done: int, total: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
            done += len(block)
            progress("recordings", min(done, total), total)


README: Final = """取证包 · Evidence bundle
======================

本包是一次会议的记录，可由任何人核对，不需要信任出具它的系统。
请用可信来源的核对程序（向本系统网页索取，或自行审阅本包内的 verify_bundle.py，不到 250 行，只用 Python 标准库）：

    python3 -I verify_bundle.py 取证包.zip --checkpoints checkpoints.jsonl

checkpoints.jsonl 取自另一台机器（检查点接收机）。没有它也能核对，但不能排除整本台账被重写。
退出码：0 所核对的全部成立；1 有不成立的；2 不是完好的取证包。
只有摘要的记录：取包的人无权阅读，内容没有放进来；它仍在台账里，位置和摘要都可核对。

This is the record of one session; anybody can verify it without trusting the system that made it.
Take the verifier from a source you trust (the system's page, or read the one in this bundle: at most 250 lines,
Python's standard library alone):

    python3 -I verify_bundle.py BUNDLE.zip --checkpoints checkpoints.jsonl

checkpoints.jsonl comes from another machine that keeps them. Without it all else is verified, but a journal written anew as a
whole would not be seen. Exit code: 0 all that was checked holds, 1 something does not, 2 no whole bundle.
Entries with a digest alone: who took the bundle may not read them; they stand in the journal at that place all the same.
"""
