"""Putting a backup onto an empty machine: nothing that stands there is ever overwritten."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.backup.check import check_backup
from hub.backup.manifest import (
    BLOCK,
    DATA,
    DATABASE,
    OBJECTS,
    RECORDINGS,
    Manifest,
    NoBackup,
    inside,
    sync_folder,
)
from hub.config import Config
from hub.depot.fetching import storing
from hub.journal.checkpoint import KEY_FILE, load_public_key, retire_key
from hub.store.copying import NotEmpty, copy_in, require_empty

#: Says to the next hub that it comes from a backup: it tells its journal and takes the file away.
RESTORED_FILE: Final = "restored.json"
#: Stands in the data folder while it is being filled: the same backup may go on there.
_FILLING: Final = "restoring"


def restore(
    config: Config, folder: Path, progress: Callable[[str, int, int], None] = lambda *_: None
) -> Manifest:
    """Read the backup through, then put it into the empty places that the settings name.

    Raises NoBackup (nothing was changed), NotEmpty, OSError, ValueError, and the database's errors.
    """
    checked = check_backup(folder, progress)
    manifest = checked.manifest
    if not checked.holds:
        raise NoBackup(f"the backup does not hold: {checked.findings[0]} ({len(checked.findings)} findings)")
    _require_empty(config, manifest)
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (config.data_dir / _FILLING).write_text(manifest.tip)
    _bring_files(config, folder, manifest, progress)
    for each in manifest.files:
        if each.path.startswith(f"{DATA}/"):
            _copy(inside(folder, each.path), config.data_dir / each.path.removeprefix(f"{DATA}/"))
    if not (config.data_dir / KEY_FILE).exists():
        # The next hub makes a key of its own; what the old one signed goes on to be checked with the old one.
        public = load_public_key(config.data_dir)
        if isinstance(public, Ed25519PublicKey):
            retire_key(config.data_dir, public, manifest.seq)
    note = {"backup": manifest.name, "seq": manifest.seq}
    (config.data_dir / RESTORED_FILE).write_text(json.dumps(note))
    copy_in(folder / DATABASE, manifest.database, manifest.schema, config.database_url)
    (config.data_dir / _FILLING).unlink()
    sync_folder(config.data_dir)
    return manifest


def _require_empty(config: Config, manifest: Manifest) -> None:
    """Raises NotEmpty unless every place is empty, or holds what this very backup was being put into."""
    filling = config.data_dir / _FILLING
    goes_on = filling.exists() and filling.read_text() == manifest.tip
    for place in dict.fromkeys((config.data_dir, config.recordings_dir, config.objects_dir)):
        if not goes_on and place.exists() and any(place.iterdir()):
            raise NotEmpty(f"{place} is not empty: a backup is put onto an empty machine only")
    require_empty(config.database_url)


def _bring_files(
    config: Config, folder: Path, manifest: Manifest, progress: Callable[[str, int, int], None]
) -> None:
    done, total = 0, manifest.bytes
    with storing(config) as store:
        for each in manifest.files:
            kind, _, name = each.path.partition("/")
            if kind == RECORDINGS:
                target = inside(config.recordings_dir, name)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _copy(inside(folder, each.path), target)
            elif kind == OBJECTS:
                _store(store, config, inside(folder, each.path), each.sha256, each.bytes)
            done += each.bytes
            progress("files", done, total)


def _store(
    store: Callable[[str, Path, int], None], config: Config, source: Path, digest: str, size: int
) -> None:
    """By way of a copy: an object's file may become the copied one itself, and the backup must stay its own."""
    fresh = config.data_dir / "object.new"
    _copy(source, fresh)
    try:
        store(digest, fresh, size)
    finally:
        fresh.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    fresh = target.with_name(f"{target.name}.new")
    fresh.unlink(missing_ok=True)
    with (
        source.open("rb") as file,
        open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy,
    ):
        shutil.copyfileobj(file, copy, BLOCK)
        copy.flush()
        os.fsync(copy.fileno())
    os.rename(fresh, target)
