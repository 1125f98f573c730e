"""Version 24: a recorded part says what its picture shows, and where it has holes."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE parts ADD COLUMN source {code} NOT NULL DEFAULT 'camera'",
    "ALTER TABLE parts ADD COLUMN holes TEXT NOT NULL DEFAULT '[]'",
)
