"""Version 30: which recorded files and objects were read again, when, and what was found."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE scanned (
        kind {code} NOT NULL,
        id {code} NOT NULL,
        at {code} NOT NULL,
        finding {code},
        PRIMARY KEY (kind, id)
    )""",
    "CREATE INDEX scanned_at ON scanned (at)",
)
