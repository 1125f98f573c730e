"""Errands: how urgent, handed on by whom, how rated. Before, none was urgent, and nobody handed one to the village."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE errands ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE errands ADD COLUMN commitment {code}",
    "ALTER TABLE errands ADD COLUMN handed_by {code}",
    "ALTER TABLE errands ADD COLUMN over_seq {number}",
    "ALTER TABLE errands ADD COLUMN heard {code}",
    "CREATE INDEX errands_over ON errands (over_at, center)",
)
