"""One session held against the journal's seals and its recorded files, on the hub itself: what a clerk is told by one key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from hub.evidence.bundle import Material, Progress, Recorded
from hub.journal.chain import NotCanonical, entry_hash
from hub.journal.ports import Checkpoint
from hub.journal.tree import EMPTY, Tree

#: Findings told one by one; what is beyond is counted.
MOST_FINDINGS: Final = 100
#: The recorder's own note beside a part that the journal does not tell of yet, or not whole.
UNREPORTED: Final = ".json"
#: Endings of recorded files.
MEDIA: Final = frozenset((".webm", ".mkv"))
_BLOCK: Final = 1 << 20

FindingKind = Literal["entry", "journal", "signature", "missing", "short", "changed", "orphan"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `entry`: it is not what was written; `journal`: up to entry `seq` it is not what was signed;
    `signature`: a checkpoint is forged; of recorded files `missing`, `short` (cut off), `changed`, `orphan` (of no entry).
    """

    kind: FindingKind
    seq: int | None = None
    name: str = ""
    """Whose picture and sound; of an orphan, its file."""
    at: str = ""
    """When the part began."""


@dataclass(slots=True)
class Checked:
    """What was checked, and all that is wrong."""

    entries: int = 0
    signed: int = 0
    """Of those, how many a checkpoint covers."""
    checkpoints: int = 0
    parts: int = 0
    open_parts: int = 0
    """Parts that are still written: they have no digest yet."""
    far_parts: int = 0
    """Parts that stand in the second copy alone, where they are verified by themselves."""
    destroyed: int = 0
    """Parts whose files were destroyed by decision: they are not missing."""
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)
    found: int = 0

    def add(self, finding: Finding) -> None:
        """One more."""
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


def check_session(
    material: Material,
    signed_by_us: Callable[[Checkpoint], bool],
    recordings: Path,
    progress: Progress = lambda what, done, total: None,
) -> Checked:
    """Check it. Blocks; raises what `progress` raises. What of the journal cannot be read counts as changed."""
    checked = Checked(entries=len(material.entries))
    for placed in material.entries:
        try:
            holds = entry_hash(placed.entry) == placed.entry.hash
        except NotCanonical:
            holds = False
        if not holds or not _follows(material, placed.index, placed.entry.prev):
            checked.add(Finding("entry", placed.entry.seq))
    _check_seals(checked, material, signed_by_us)
    _check_parts(checked, material, recordings, progress)
    return checked


def _follows(material: Material, index: int, prev: str) -> bool:
    return prev == (material.hashes[index - 1] if index else "0" * 64)


def _check_seals(checked: Checked, material: Material, signed_by_us: Callable[[Checkpoint], bool]) -> None:
    """Every checkpoint's root; the signatures of those next to the session and of the newest."""
    first, last = material.entries[0].index, material.entries[-1].index
    tree = Tree(material.hashes)
    around = [each for each in material.checkpoints if (each.size or 0) > first]
    near = {id(each) for each in (*around[:10], *around[-10:])}
    for each in material.checkpoints:
        size = each.size or 0
        checked.checkpoints += 1
        if size > tree.size or (tree.root(size) if size else EMPTY) != each.root:
            checked.add(Finding("journal", each.seq))
        elif id(each) in near and not signed_by_us(each):
            checked.add(Finding("signature", each.seq))
    newest = material.checkpoints[-1].size or 0 if material.checkpoints else 0
    checked.signed = (
        sum(placed.index < newest for placed in material.entries) if last >= newest else len(material.entries)
    )


def _check_parts(checked: Checked, material: Material, recordings: Path, progress: Progress) -> None:
    closed = [part for part in material.parts if part.there]
    checked.destroyed = sum(part.destroyed is not None for part in material.parts)
    checked.open_parts = len(material.parts) - len(closed) - checked.destroyed
    total = sum(part.bytes or 0 for part in closed)
    root = recordings.resolve()
    for part in closed:
        checked.parts += 1
        path = recordings / part.file
        kind = "missing"
        if path.resolve().is_relative_to(root) and path.is_file():
            kind = _looked_at(
                path, part, lambda done: progress("recordings", min(checked.bytes + done, total), total)
            )
        if kind == "missing" and part.released:
            kind, checked.far_parts = "", checked.far_parts + 1
        checked.bytes += part.bytes or 0
        if kind:
            checked.add(Finding(kind, name=part.name, at=part.started_at))  # type: ignore[arg-type]
    for name in _orphans(material, recordings):
        checked.add(Finding("orphan", name=name))


def _looked_at(path: Path, part: Recorded, progress: Callable[[int], None]) -> str:
    size = path.stat().st_size
    if size < (part.bytes or 0):
        return "short"
    digest, done = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            done += len(block)
            progress(done)
    return "" if digest.hexdigest() == part.sha256 else "changed"


def _orphans(material: Material, recordings: Path) -> Iterator[str]:
    """Files beside the session's parts of which no entry tells."""
    told = {part.file for part in material.parts}
    folders = sorted({(recordings / name).parent for name in (*told, f"{material.meeting}/x")})
    for folder in folders:
        if folder == recordings or not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            name = path.relative_to(recordings).as_posix()
            # What the recorder has not reported yet has its own record beside it (recordings/part_record.py).
            ours = path.with_suffix(UNREPORTED).exists()
            if path.suffix in MEDIA and name not in told and not ours:
                yield name
