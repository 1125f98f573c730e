"""What a backup is: a folder of files, and `manifest.json`, written last, which names each of them with its SHA-256.

manifest.json      see Manifest; without it the folder is no backup
database/          hub.db, or a file for each table (hub/store/copying.py)
data/              checkpoints.jsonl, checkpoint.pub, journal.head, and the keys if they were asked for
recordings/        closed parts, under the names that entries give them
objects/ab/abcd…   objects, under their SHA-256
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.journal.chain import canonical_json

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
DATABASE, DATA, RECORDINGS, OBJECTS = "database", "data", "recordings", "objects"
#: What a folder is called until it is a backup.
UNFINISHED: Final = ".part"
BLOCK: Final = 1 << 20


class NoBackup(Exception):
    """The folder holds no backup, or one whose list of files cannot be relied on. Says why."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of a backup: its path below the folder, its size, its SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What is in a backup."""

    name: str
    """The name that the journal knows it by; empty for one that was made without a running hub."""
    made_at: str
    hub: str
    """Version of the hub that made it."""
    database: str
    """`sqlite` or `postgresql`."""
    schema: int
    seq: int
    """The newest entry in it."""
    tip: str
    """That entry's hash."""
    entries: int
    checkpoint: dict[str, Any] | None
    """The newest signed checkpoint in it."""
    keys: bool
    """Whether the hub's secret keys are in it."""
    missing: list[str] = field(default_factory=list)
    """Files that the journal names and that were not there, or were other ones."""
    files: list[Listed] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """What all files have together."""
        return sum(each.bytes for each in self.files)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it, durably and as the last thing. Raises OSError."""
    body = asdict(manifest)
    text = json.dumps(
        {"format": FORMAT, "sha256": _digest(body), "manifest": body}, ensure_ascii=False, indent=1
    )
    fresh = folder / f"{MANIFEST}.new"
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(fresh, folder / MANIFEST)
    sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """The list of a backup. Raises NoBackup."""
    if folder.name.endswith(UNFINISHED):
        raise NoBackup(f"{folder} was never finished")
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        body = told["manifest"]
        if told["format"] != FORMAT:
            raise NoBackup(f"{folder} is a backup of another form ({told['format']})")
        if _digest(body) != told["sha256"]:
            raise NoBackup(f"{MANIFEST} was changed: its SHA-256 differs")
        files = [Listed(**each) for each in body.pop("files")]
        return Manifest(**body, files=files)
    except FileNotFoundError:
        raise NoBackup(f"{folder} is no finished backup: it has no {MANIFEST}") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise NoBackup(f"{MANIFEST} cannot be read: {problem}") from None


def inside(folder: Path, relative: str) -> Path:
    """The file of this name in the folder. Raises NoBackup for one that would lie elsewhere."""
    path = folder / relative
    if not path.resolve().is_relative_to(folder.resolve()):
        raise NoBackup(f"{relative} would lie outside the folder")
    return path


def digest_of(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file. Raises OSError."""
    made, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            made.update(block)
            size += len(block)
    return size, made.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power loss. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(body: Any) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()
