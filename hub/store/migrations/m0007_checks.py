"""Version 7: checks of devices and lines before a meeting."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE checks (
        id {code} NOT NULL, seq {number} NOT NULL, center {code} NOT NULL, started_by TEXT NOT NULL,
        centers TEXT NOT NULL, started_at {code} NOT NULL, until {code} NOT NULL, spread_ms {number} NOT NULL,
        ended_at {code}, reason {code}, PRIMARY KEY (id))""",
    "CREATE INDEX checks_seq ON checks (seq)",
    """CREATE TABLE check_rows (
        check_id {code} NOT NULL, center {code} NOT NULL, seq {number} NOT NULL, at {code} NOT NULL,
        told TEXT NOT NULL, PRIMARY KEY (check_id, center))""",
)
