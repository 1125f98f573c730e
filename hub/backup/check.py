"""Reading a backup through: is every file the one that was put there?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hub.backup.manifest import MANIFEST, Manifest, NoBackup, digest_of, inside, read_manifest


@dataclass(slots=True)
class Checked:
    """What was found: everything that is wrong, in words."""

    manifest: Manifest
    findings: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.findings


def check_backup(folder: Path, progress: Callable[[str, int, int], None] = lambda *_: None) -> Checked:
    """Read all of it. Raises NoBackup where there is none that could be read."""
    manifest = read_manifest(folder)
    checked = Checked(manifest)
    done, total = 0, manifest.bytes
    for each in manifest.files:
        try:
            size, digest = digest_of(inside(folder, each.path))
        except FileNotFoundError:
            checked.findings.append(f"{each.path} is missing")
        except (OSError, NoBackup) as problem:
            checked.findings.append(f"{each.path} cannot be read: {problem}")
        else:
            if size != each.bytes:
                checked.findings.append(f"{each.path} has {size} bytes, not {each.bytes}")
            elif digest != each.sha256:
                checked.findings.append(f"{each.path} was changed: its SHA-256 differs")
        done += each.bytes
        progress("files", done, total)
    known = {each.path for each in manifest.files} | {MANIFEST}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and (name := path.relative_to(folder).as_posix()) not in known:
            checked.findings.append(f"{name} is no file of this backup")
    return checked
