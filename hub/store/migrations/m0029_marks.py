"""Version 29: marks of moments of meetings."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE moment_marks (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code} NOT NULL, at {code} NOT NULL, kind {code} NOT NULL,
        text TEXT NOT NULL, by TEXT NOT NULL, made_at {code} NOT NULL, changed_at {code}, withdrawn_at {code},
        PRIMARY KEY (id)
    )""",
    "CREATE INDEX moment_marks_meeting ON moment_marks (meeting, at)",
)
