"""Version 28: a checkpoint tells the root of the journal as a tree, and of how many entries."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE checkpoints ADD COLUMN size {number}",
    "ALTER TABLE checkpoints ADD COLUMN root {code}",
)
