"""Version 8: who was said to be there for a participant. Before, nobody said it."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE participants ADD COLUMN present TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE participants ADD COLUMN duty TEXT NOT NULL DEFAULT ''",
)
