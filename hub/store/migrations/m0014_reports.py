"""Version 14: what a report says besides its words. Before, it said nothing more."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE reports ADD COLUMN category {code}",
    "ALTER TABLE reports ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE reports ADD COLUMN persons {number}",
    "ALTER TABLE reports ADD COLUMN urgency {code} NOT NULL DEFAULT 'normal'",
    "ALTER TABLE reports ADD COLUMN task {code}",
)
