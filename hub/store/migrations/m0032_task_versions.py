"""Version 32: routine tasks are changed while they go on, end by a date, and say what they said before."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE tasks ADD COLUMN until {code}",
    """CREATE TABLE task_versions (
        seq {number} NOT NULL, task {code} NOT NULL, at {code} NOT NULL, by TEXT NOT NULL, reason TEXT NOT NULL,
        text TEXT NOT NULL, due {code}, time {code}, until {code}, PRIMARY KEY (seq))""",
    "CREATE INDEX task_versions_task ON task_versions (task, seq)",
)
