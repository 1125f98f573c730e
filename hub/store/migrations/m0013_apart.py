"""Version 13: entries of no meeting are found by number, kind, person and time: the audit searches them."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "CREATE INDEX entries_apart ON entries (seq) WHERE meeting IS NULL",
    "CREATE INDEX entries_apart_kind ON entries (kind, seq) WHERE meeting IS NULL",
    "CREATE INDEX entries_apart_account ON entries (account, seq) WHERE meeting IS NULL",
    "CREATE INDEX entries_apart_at ON entries (at) WHERE meeting IS NULL",
)
