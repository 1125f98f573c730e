"""One hub at a time: the lock that a running hub holds on its database."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa

from hub.journal.ports import StoreBusy

#: PostgreSQL's advisory lock of the journal; any number that is ours.
_ADVISORY: Final = 0x6C78_0002
#: A killed hub's session may linger this long in PostgreSQL before its lock is free.
_PATIENCE_S: Final = 3.0


class FileLock:
    """An exclusive lock on a file beside an SQLite database; the system frees it when the process dies."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Raises StoreBusy."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise StoreBusy(f"another hub is running on this database ({self.path.name} is locked)") from None
        self._descriptor = descriptor

    def free(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def take_advisory(connection: sa.Connection, scope: Literal["", "xact_"] = "") -> None:
    """Take PostgreSQL's lock for as long as this connection lives, or with `xact_` this transaction. Raises StoreBusy."""
    attempt = sa.text(f"SELECT pg_try_advisory_{scope}lock(:lock)")
    deadline = time.monotonic() + _PATIENCE_S
    while not connection.execute(attempt, {"lock": _ADVISORY}).scalar():
        if time.monotonic() > deadline:
            raise StoreBusy("another hub is running on this database (it holds the journal's lock)")
        time.sleep(0.1)
