"""Which list gave a grid other people: what it changed is put back as it was. Before, nothing told."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE grid_history ADD COLUMN batch {code}",
    "CREATE INDEX grid_history_batch ON grid_history (batch)",
)
