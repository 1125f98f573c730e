"""What is known of a part, in a file beside it: so a killed recorder's parts are found and reported at its next start."""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from recordings.archive import inside, sync_folder

SUFFIX: Final = ".json"
#: A record is written by its part's thread and by the reporter's: one after the other, or an old state would win.
_WRITING: Final = [threading.Lock() for _ in range(16)]
log = logging.getLogger(__name__)


@dataclass(slots=True)
class PartRecord:
    """One part: one publisher's media session, or a piece of it, in one file.

    `file` is relative to the recordings folder. `started_at` is when its first frame was made (RFC 3339).
    `state`: `writing` while it grows, `closed` when the file is final. `opened_told` and `closed_told`: control has
    acknowledged it. `trouble` says in a sentence why a part holds less than it ought to. `source` is what the publisher
    shows, `camera` or `screen`; `holes` are those of a closed part (recordings/holes.py).
    """

    part: str
    recording: str
    meeting: str
    participant: str
    peer: str
    name: str
    center: str
    file: str
    tracks: list[dict[str, str]]
    started_at: str
    state: Literal["writing", "closed"] = "writing"
    duration_ms: int = 0
    bytes: int = 0
    sha256: str = ""
    opened_told: bool = False
    closed_told: bool = False
    trouble: str = ""
    source: str = "camera"
    holes: list[dict[str, Any]] = field(default_factory=list)

    def opened(self) -> dict[str, Any]:
        """The arguments of ``part.opened`` (docs/link.md)."""
        names = (
            "recording",
            "meeting",
            "part",
            "participant",
            "center",
            "name",
            "file",
            "tracks",
            "started_at",
            "source",
        )
        return {name: getattr(self, name) for name in names}

    def closed(self) -> dict[str, Any]:
        """The arguments of ``part.closed`` (docs/link.md)."""
        names = ("recording", "meeting", "part", "duration_ms", "bytes", "sha256", "holes")
        return {name: getattr(self, name) for name in names}

    def media_path(self, root: Path) -> Path:
        """Where the part's file stands. Raises UnsafePath."""
        return inside(root, self.file)

    def save(self, root: Path) -> None:
        """Write the record, whole or not at all. Raises OSError."""
        path = self.media_path(root).with_suffix(SUFFIX)
        fresh = path.with_suffix(SUFFIX + ".new")
        with _WRITING[hash(self.part) % len(_WRITING)]:
            with fresh.open("w", encoding="utf-8") as file:
                json.dump(asdict(self), file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
            sync_folder(path.parent)

    def erase(self, root: Path) -> None:
        """Remove the record and its file: a part that nobody was told of and that holds nothing. Raises OSError."""
        path = self.media_path(root)
        path.unlink(missing_ok=True)
        path.with_suffix(SUFFIX).unlink(missing_ok=True)


def load_records(root: Path) -> Iterator[PartRecord]:
    """All records in the recordings folder, oldest part first. One that cannot be read is logged and passed over."""
    for path in sorted(root.rglob(f"*{SUFFIX}"), key=lambda path: path.name):
        try:
            record = PartRecord(**json.loads(path.read_text(encoding="utf-8")))
            if record.media_path(root).with_suffix(SUFFIX).resolve() != path.resolve():
                raise ValueError("the record names another file")
        except (OSError, ValueError, TypeError) as trouble:
            log.warning("a part's record cannot be read: %s: %s", path.name, type(trouble).__name__)
            continue
        yield record
