"""Making a backup beside a running hub: nothing of it waits, and a kill leaves nothing that passes for a backup.

It grows in `NAME.part` and gets its name when its manifest is written. What an unfinished one holds already is taken over by
the next one in the same folder, and files of the backup before are linked instead of copied again.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from hub import __version__
from hub.backup.manifest import (
    BLOCK,
    DATA,
    DATABASE,
    MANIFEST,
    OBJECTS,
    RECORDINGS,
    UNFINISHED,
    Listed,
    Manifest,
    NoBackup,
    digest_of,
    inside,
    read_manifest,
    sync_folder,
    write_manifest,
)
from hub.clock import Clock, to_wire
from hub.config import Config
from hub.depot.fetching import fetching
from hub.journal.checkpoint import (
    CHECKPOINTS_FILE,
    PUBLIC_KEY_FILE,
    RETIRED_FILE,
    line_of,
    read_checkpoints,
)
from hub.journal.head import Head
from hub.store.copying import Copied, copy_out

#: What is being done, how much of it is done, and of how much: bytes of files, 0 of 0 for the database.
Progress = Callable[[str, int, int], None]
_LOCK: Final = ".lock"


class BackupBusy(Exception):
    """Another backup is being made there, or one of this name is there."""


def create_backup(
    config: Config,
    target: Path,
    clock: Clock,
    *,
    name: str = "",
    with_keys: bool = False,
    progress: Progress = lambda what, done, total: None,
) -> Manifest:
    """Make a backup at `target`, a path that is not there yet.

    Raises BackupBusy, OSError (ENOSPC: what was begun is taken away again), and the database's errors.
    """
    if target.exists():
        raise BackupBusy(f"{target} is there already")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = _begun(target)
    try:
        with _held(part):
            manifest = _fill(config, part, target.parent, clock, name, with_keys, progress)
            (part / _LOCK).unlink()
            os.rename(part, target)
            sync_folder(target.parent)
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            shutil.rmtree(part, ignore_errors=True)
        raise
    return manifest


def _begun(target: Path) -> Path:
    """The folder to fill: of an unfinished backup that nobody goes on with, else a new one."""
    part = target.with_name(target.name + UNFINISHED)
    if not part.exists():
        for left in sorted(target.parent.glob(f"*{UNFINISHED}")):
            try:
                with _held(left):
                    os.rename(left, part)
                    return part
            except (BackupBusy, OSError):
                continue
        part.mkdir(mode=0o700)
    return part


@contextmanager
def _held(part: Path) -> Iterator[None]:
    descriptor = os.open(part / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupBusy(f"another backup is being made at {part}") from None
        yield
    finally:
        os.close(descriptor)


def _fill(
    config: Config, part: Path, beside: Path, clock: Clock, name: str, with_keys: bool, progress: Progress
) -> Manifest:
    for fresh in (DATABASE, DATA):
        shutil.rmtree(part / fresh, ignore_errors=True)
        (part / fresh).mkdir(mode=0o700)
    (part / MANIFEST).unlink(missing_ok=True)
    progress("database", 0, 0)
    copied = copy_out(config.database_url, part / DATABASE)
    _write_data(config, part / DATA, copied, with_keys)
    manifest = Manifest(
        name=name,
        made_at=to_wire(clock()),
        hub=__version__,
        database=copied.kind,
        schema=copied.version,
        seq=copied.tip.seq,
        tip=copied.tip.hash,
        entries=copied.entries,
        checkpoint=None,
        keys=with_keys,
    )
    if copied.checkpoint is not None:
        manifest.checkpoint = {"seq": copied.checkpoint.seq, "line": line_of(copied.checkpoint)}
    for folder in (DATABASE, DATA):
        for path in sorted((part / folder).iterdir()):
            size, digest = digest_of(path)
            manifest.files.append(Listed(f"{folder}/{path.name}", size, digest))
    _Files(config, part, _before(beside), manifest, copied, progress).bring()
    write_manifest(part, manifest)
    return manifest


def _write_data(config: Config, folder: Path, copied: Copied, with_keys: bool) -> None:
    """What stands beside the database, as of the copy: the file may have got further while it was taken."""
    lines = [
        line_of(each)
        for each in read_checkpoints(config.data_dir / CHECKPOINTS_FILE)
        if each.seq <= copied.tip.seq
    ]
    _write(folder / CHECKPOINTS_FILE, "".join(f"{line}\n" for line in lines).encode())
    for public in (PUBLIC_KEY_FILE, RETIRED_FILE):
        if (config.data_dir / public).exists():
            _write(folder / public, (config.data_dir / public).read_bytes())
    if copied.tip.seq:
        head = Head(folder)
        head.note(copied.tip)
        head.force()
        head.close()
    if with_keys:
        for key in sorted(config.data_dir.glob("*.key")):
            _write(folder / key.name, key.read_bytes())


def _write(path: Path, content: bytes) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _before(beside: Path) -> tuple[Path, dict[str, Listed]] | None:
    """The newest finished backup in the same folder, and its files by path."""
    found = []
    for path in beside.glob(f"*/{MANIFEST}"):
        try:
            found.append((read_manifest(path.parent), path.parent))
        except NoBackup:
            continue
    if not found:
        return None
    manifest, folder = max(found, key=lambda each: (each[0].seq, each[0].made_at))
    return folder, {each.path: each for each in manifest.files}


class _Files:
    """Brings recordings and objects into a backup, each file once."""

    def __init__(
        self,
        config: Config,
        part: Path,
        before: tuple[Path, dict[str, Listed]] | None,
        manifest: Manifest,
        copied: Copied,
        progress: Progress,
    ) -> None:
        self._config = config
        self._part = part
        self._before = before
        self._manifest = manifest
        self._copied = copied
        self._progress = progress
        self._total = sum(each.bytes for each in copied.parts)
        self._total += sum(each.bytes for each in copied.objects)
        self._done = 0

    def bring(self) -> None:
        for each in self._copied.parts:
            wanted = Listed(f"{RECORDINGS}/{each.file}", each.bytes, each.sha256)
            self._one("recordings", wanted, partial(_take, self._config.recordings_dir / each.file), True)
        with fetching(self._config) as fetch:
            for thing in self._copied.objects:
                wanted = Listed(f"{OBJECTS}/{thing.digest[:2]}/{thing.digest}", thing.bytes, thing.digest)
                self._one("objects", wanted, partial(fetch, thing.digest), thing.named)

    def _one(self, what: str, wanted: Listed, take: Callable[[Path], bool], needed: bool) -> None:
        target = inside(self._part, wanted.path)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        listed: Listed | None = wanted
        # What an unfinished one left is looked at: its machine may have lost power.
        there = target.exists() and digest_of(target) == (wanted.bytes, wanted.sha256)
        if not there and not self._link(wanted, target):
            listed = self._copy(wanted, target, take)
        if listed is not None:
            self._manifest.files.append(listed)
        if needed and listed != wanted:
            self._manifest.missing.append(wanted.path)
        self._done += wanted.bytes
        self._progress(what, self._done, self._total)

    def _link(self, wanted: Listed, target: Path) -> bool:
        """Link it from the backup before; False where it is not there or links are not to be had."""
        if self._before is None or self._before[1].get(wanted.path) != wanted:
            return False
        try:
            target.unlink(missing_ok=True)
            os.link(self._before[0] / wanted.path, target)
        except OSError:
            return False
        return True

    def _copy(self, wanted: Listed, target: Path, take: Callable[[Path], bool]) -> Listed | None:
        """Copy it, and look at what came: a name that stands there is always a whole file."""
        fresh = target.with_name(f"{target.name}.new")
        fresh.unlink(missing_ok=True)
        if not take(fresh):
            return None
        size, digest = digest_of(fresh)
        os.rename(fresh, target)
        return Listed(wanted.path, size, digest)


def _take(source: Path, fresh: Path) -> bool:
    """Copy a file, durably; False when there is none."""
    try:
        file = source.open("rb")
    except FileNotFoundError:
        return False
    with file, open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy, BLOCK)
        copy.flush()
        os.fsync(copy.fileno())
    return True
