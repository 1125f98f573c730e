"""Is the journal what was once written? Chain, checkpoints, projections, recordings and objects, checked offline."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import verify_chain
from hub.journal.checkpoint import (
    CHECKPOINTS_FILE,
    key_id,
    load_public_key,
    read_checkpoints,
    retired_keys,
    signature_holds,
)
from hub.journal.head import HEAD_FILE, read_head
from hub.journal.named_objects import LookAtObject, NamedObjects, Progress
from hub.journal.ports import Checkpoint, OfflineJournal
from hub.journal.recovery import Recovered, recovered_of
from hub.journal.tree import Frontier

#: A hub signs at least once a minute while there is news, and at each start before anything new; somewhat more, for a busy one.
UNSIGNED_AT_MOST: Final = timedelta(seconds=120)

#: (recording, part, file, size, SHA-256) -> size and SHA-256 of what stands in the second copy, None when nothing does.
LookFar = Callable[[str, str, str, int, str], tuple[int, str] | None]

_BLOCK: Final = 1 << 20
_STEP: Final = 2_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: what part of the journal it is about, the entry if there is one, and what, in words.

    Kinds: `gap link hash order form` (chain), `tail` (signed entries are gone), `checkpoint`, `projection`, `recording`,
    `object`.
    """

    kind: str
    seq: int | None
    text: str


@dataclass(slots=True)
class Report:
    """What was checked, and everything that is wrong."""

    entries: int = 0
    checkpoints: int = 0
    parts: int = 0
    objects: int = 0
    destroyed: int = 0
    """Recorded files and objects that went by decision of two persons: told, and no findings."""
    recovered: list[Recovered] = field(default_factory=list)
    """Losses that somebody gave up: known, told, and no findings."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.findings

    def add(self, kind: str, seq: int | None, text: str) -> None:
        self.findings.append(Finding(kind, seq, text))


@dataclass(slots=True)
class _Part:
    """A recorded file, as the journal tells of it."""

    opened_seq: int
    recording: str
    part: str
    file: str
    closed_seq: int | None = None
    sha256: str = ""
    size_bytes: int = 0
    released_seq: int | None = None
    """The entry by which it stands in the second copy alone."""
    destroyed: str = ""
    """The number of the disposal list by which it went."""


def verify(
    journal: OfflineJournal,
    data_dir: Path,
    recordings_dir: Path | None,
    checkpoints_file: Path | None = None,
    progress: Progress = lambda what, done, total: None,
    objects: LookAtObject | None = None,
    far: LookFar | None = None,
) -> Report:
    """Check everything. `recordings_dir` None leaves the recordings out, `objects` None the objects that entries name.

    Recorded files that the journal says were let go from this machine are looked at where `far` finds them.

    `checkpoints_file` is a copy kept elsewhere; without it the one in the data folder counts. The hub may be running.
    """
    report = Report()
    head = read_head(data_dir)  # first: the journal is never behind it
    path = checkpoints_file or data_dir / CHECKPOINTS_FILE
    bad_lines: list[int] = []
    signed = list(read_checkpoints(path, bad_lines.append))
    for number in bad_lines:
        report.add("checkpoint", None, f"line {number} of {path.name} is no checkpoint")
    kept = journal.checkpoints()
    report.checkpoints = len(signed)
    signed_up_to = journal.signed_up_to()
    if (kept or signed_up_to) and not path.exists():
        report.add("checkpoint", None, f"{path.name} is missing")

    unsigned = _Unsigned(max((each.seq for each in (*signed, *kept)), default=0))
    hashes: dict[int, str] = {each.seq: "" for each in (*signed, *kept)}
    if head is not None:
        hashes[head.seq] = ""
    parts: dict[tuple[str, str], _Part] = {}
    named = NamedObjects()
    total = journal.count()
    tree = Frontier()
    with_root = {each.seq for each in (*signed, *kept) if each.root is not None}
    roots: dict[int, tuple[int, str]] = {}

    def watched() -> Iterator[Entry]:
        for entry in journal.all_entries(lambda seq, text: report.add("form", seq, text)):
            report.entries += 1
            if entry.seq in hashes:
                hashes[entry.seq] = entry.hash
            _grow(tree, entry)
            if entry.seq in with_root:
                roots[entry.seq] = tree.size, tree.root()
            _note_part(entry, parts)
            named.note(entry)
            unsigned.note(entry)
            if (recovered := recovered_of(entry)) is not None:
                report.recovered.append(recovered)
            if report.entries % _STEP == 0:
                progress("entries", report.entries, total)
            yield entry

    for broken in verify_chain(watched()):
        report.add(broken.kind, broken.seq, broken.text)
    progress("entries", report.entries, total)

    public_key = load_public_key(data_dir)
    retired = retired_keys(data_dir)
    if signed_up_to > max((each.seq for each in kept), default=0):
        text = f"the checkpoint of entry {signed_up_to} is missing in the database"
        report.add("checkpoint", signed_up_to, text)
    if path.exists() and checkpoints_file is None:
        _check_all_there(report, path.name, signed, kept)
    if public_key is not None and (missing := unsigned.finding()):
        report.add("checkpoint", unsigned.first, missing)
    if head is not None and hashes[head.seq] != head.hash and not _given_up(report, head.seq):
        kind, what = ("checkpoint", "another one") if hashes[head.seq] else ("tail", "none")
        text = f"the journal had come to entry {head.seq} ({HEAD_FILE}); {what} stands there"
        report.add(kind, head.seq, text)
    _check_checkpoints(report, signed, path.name, hashes, public_key, retired)
    _check_checkpoints(report, kept, "the database", hashes, public_key, retired)
    _check_roots(report, {each.seq: each for each in (*kept, *signed)}, hashes, roots)

    for text in journal.projection_differences(_counted(journal, total, progress)):
        report.add("projection", None, text)
    if recordings_dir is not None:
        _check_parts(report, parts, recordings_dir, progress, far)
    if objects is not None:
        for seq, text in named.check(objects, progress):
            report.objects += 1
            if text:
                report.add("object", seq, text)
        report.destroyed += len(named.destroyed)
    return report


class _Unsigned:
    """The first entry after everything that was signed, and how much time lies between it and the last one."""

    def __init__(self, signed: int) -> None:
        self._signed = signed
        self.first: int | None = None
        self._since: datetime | None = None
        self._until: datetime | None = None

    def note(self, entry: Entry) -> None:
        if entry.seq > self._signed:
            if self.first is None:
                self.first, self._since = entry.seq, entry.at
            self._until = entry.at

    def finding(self) -> str | None:
        if self._since is None or self._until is None or self._until - self._since <= UNSIGNED_AT_MOST:
            return None
        at = to_wire(self._since)
        return (
            f"nothing from entry {self.first} ({at}) on is signed, though it must be: checkpoints are missing"
        )


def _given_up(report: Report, seq: int) -> bool:
    """Whether an entry with this number is known to be lost."""
    return any(each.covers(seq) for each in report.recovered)


def _check_all_there(report: Report, name: str, signed: list[Checkpoint], kept: list[Checkpoint]) -> None:
    """What the database knows of must stand in the file, which is written first."""
    there = {each.seq for each in signed}
    missing = [each.seq for each in kept if each.seq not in there]
    if missing:
        text = f"{len(missing)} checkpoints are missing in {name}, the first of entry {missing[0]}"
        report.add("checkpoint", missing[0], text)


def _counted(journal: OfflineJournal, total: int, progress: Progress) -> Iterator[Entry]:
    done = 0
    for done, entry in enumerate(journal.all_entries(lambda seq, text: None), start=1):
        if done % _STEP == 0:
            progress("projections", done, total)
        yield entry
    progress("projections", done, total)


def _check_checkpoints(
    report: Report,
    checkpoints: Iterable[Checkpoint],
    where: str,
    hashes: dict[int, str],
    public_key: Ed25519PublicKey | None,
    retired: Mapping[str, tuple[Ed25519PublicKey, int]],
) -> None:
    lost: Checkpoint | None = None
    for each in checkpoints:
        name = f"the checkpoint of entry {each.seq} in {where}"
        before = retired.get(each.key)
        if before is not None and each.seq <= before[1]:
            if not signature_holds(each, before[0]):
                report.add("checkpoint", each.seq, f"{name} was changed: its signature does not hold")
        elif public_key is None:
            report.add("checkpoint", each.seq, f"{name} cannot be checked: the public key is missing")
        elif each.key != key_id(public_key):
            report.add("checkpoint", each.seq, f"{name} was signed with another key ({each.key})")
        elif not signature_holds(each, public_key):
            report.add("checkpoint", each.seq, f"{name} was changed: its signature does not hold")
        found = hashes[each.seq]
        if found != each.hash and _given_up(report, each.seq):
            continue
        if not found:
            lost = each if lost is None or each.seq > lost.seq else lost
        elif found != each.hash:
            report.add("checkpoint", each.seq, f"entry {each.seq} is not the one that was signed in {where}")
    if lost is not None:
        at = to_wire(lost.at)
        report.add(
            "tail", lost.seq, f"entry {lost.seq} was signed at {at} ({where}) and is not in the journal"
        )


def _grow(tree: Frontier, entry: Entry) -> None:
    try:
        tree.add(entry.hash)
    except ValueError:  # no hash at all: the chain tells of it
        tree.add("")


def _check_roots(
    report: Report,
    checkpoints: Mapping[int, Checkpoint],
    hashes: Mapping[int, str],
    roots: Mapping[int, tuple[int, str]],
) -> None:
    """The tree over all entries, against what was signed; of an entry that is another one now is told elsewhere."""
    for seq, each in checkpoints.items():
        if each.root is None or hashes[seq] != each.hash:
            continue
        if roots[seq] != (each.size, each.root):
            text = f"the entries up to {seq} are not all those that were signed: their root differs"
            report.add("checkpoint", seq, text)


def _note_part(entry: Entry, parts: dict[tuple[str, str], _Part]) -> None:
    if entry.kind in ("copy.released", "copy.returned"):
        for told in entry.data.get("parts", ()):
            found = parts.get((str(told.get("recording")), str(told.get("part"))))
            if found is not None:
                found.released_seq = entry.seq if entry.kind == "copy.released" else None
    if entry.kind == "disposal.destroyed":
        for item in entry.data["items"]:
            recording, _, part = item["id"].partition("/")
            if item["kind"] == "recordings" and (recording, part) in parts:
                parts[recording, part].destroyed = entry.data["number"]
        return
    if entry.kind not in ("recording.part_opened", "recording.part_closed"):
        return
    key = (str(entry.data.get("recording")), str(entry.data.get("part")))
    if entry.kind == "recording.part_opened":
        parts.setdefault(key, _Part(entry.seq, *key, str(entry.data.get("file"))))
    elif key in parts:
        part = parts[key]
        part.closed_seq = entry.seq
        part.sha256 = str(entry.data.get("sha256"))
        part.size_bytes = int(entry.data.get("bytes") or 0)


def _check_parts(
    report: Report,
    parts: dict[tuple[str, str], _Part],
    folder: Path,
    progress: Progress,
    far: LookFar | None,
) -> None:
    """Compare each closed part's file with its entry; open parts have no hash yet."""
    closed = [part for part in parts.values() if part.closed_seq is not None]
    for done, part in enumerate(closed, start=1):
        if part.destroyed:
            report.destroyed += 1
            continue
        report.parts += 1
        path = (folder / part.file).resolve()
        if not path.is_relative_to(folder.resolve()):
            report.add("recording", part.opened_seq, f"{part.file} lies outside the recordings folder")
        elif not path.is_file() and part.released_seq is not None:
            if text := _looked_far(part, far):
                report.add("recording", part.released_seq, text)
        elif not path.is_file():
            report.add("recording", part.closed_seq, f"{part.file} is missing")
        elif path.stat().st_size != part.size_bytes:
            text = f"{part.file} has {path.stat().st_size} bytes, not {part.size_bytes}"
            report.add("recording", part.closed_seq, text)
        elif _sha256(path) != part.sha256:
            report.add("recording", part.closed_seq, f"{part.file} was changed: its SHA-256 differs")
        progress("recordings", done, len(closed))


def _looked_far(part: _Part, far: LookFar | None) -> str:
    """What is wrong with a file that stands in the second copy alone; empty: nothing."""
    if far is None:
        return f"{part.file} stands in the second copy alone, and the settings name none"
    found = far(part.recording, part.part, part.file, part.size_bytes, part.sha256)
    if found is None:
        return f"{part.file} is missing in the second copy, where alone it stands"
    if found != (part.size_bytes, part.sha256):
        return f"{part.file} was changed in the second copy, where alone it stands: its SHA-256 differs"
    return ""


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
