"""Who keeps another hub's checkpoints: takes them in order, each signed by the one key it knows, and forgets nothing.

A checkpoint that does not follow the last one is refused: a hub whose journal was cut or restored cannot overwrite what it
once sent. The file is what `verify_bundle.py --checkpoints` reads.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hub.journal.checkpoint import key_id, line_of, parse_line, read_checkpoints, signature_holds
from hub.journal.ports import Checkpoint

FILE: Final = "checkpoints.jsonl"
KEY: Final = "checkpoint.key-id"
#: Checkpoints of one call.
MOST_AT_ONCE: Final = 500


class NotTaken(Exception):
    """What was sent is not taken; says why in one word: `form`, `key`, `signature`, `order`."""


class Keeper:
    """The checkpoints of one hub in a folder. One at a time: nothing else writes to the folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / FILE
        self._key = folder / KEY
        self.last: Checkpoint | None = None
        for each in read_checkpoints(self._path):
            self.last = each

    def take(self, public_key: str, lines: Sequence[str]) -> Checkpoint | None:
        """Keep these; the last that is kept now. Those that are here already are passed over. Raises NotTaken, OSError."""
        if len(lines) > MOST_AT_ONCE:
            raise NotTaken("form")
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
            sent = [parse_line(line) for line in lines]
        except ValueError:
            raise NotTaken("form") from None
        known = self._key.read_text().strip() if self._key.exists() else public_key
        if not hmac.compare_digest(known.encode(), public_key.encode()):
            raise NotTaken("key")
        fresh, last = [], self.last
        for each in sent:
            if each.key != key_id(key) or not signature_holds(each, key):
                raise NotTaken("signature")
            if last is not None and each.seq <= last.seq:
                if each.seq == last.seq and (each.hash, each.root) != (last.hash, last.root):
                    raise NotTaken("order")
                continue
            if last is not None and (each.at < last.at or (each.size or 0) < (last.size or 0)):
                raise NotTaken("order")
            fresh.append(each)
            last = each
        if not self._key.exists():
            self._key.write_text(public_key + "\n")
        if fresh:
            append_lines(self._path, [line_of(each) for each in fresh])
            self.last = last
        return self.last


def append_lines(path: Path, lines: Sequence[str]) -> None:
    """Append whole lines and have them survive a loss of power. Blocks; raises OSError, the file being as before."""
    with path.open("ab") as file:
        whole = file.tell()
        try:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            os.truncate(path, whole)
            raise
