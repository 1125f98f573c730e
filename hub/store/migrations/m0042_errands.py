"""Errands. Before, there were none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE errands (
        id {code} NOT NULL, seq {number} NOT NULL, center {code} NOT NULL, grid {code} NOT NULL, household {code} NOT NULL,
        kind {code} NOT NULL, state {code} NOT NULL, due {code}, asked_at {code} NOT NULL, asked_by TEXT NOT NULL,
        taker {code}, taken_at {code}, over_at {code}, photos TEXT NOT NULL, cents {number}, late BOOLEAN NOT NULL,
        stars {number}, reason TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX errands_center ON errands (center, seq)",
    "CREATE INDEX errands_grid ON errands (grid, state)",
    "CREATE INDEX errands_household ON errands (household, seq)",
    """CREATE TABLE errand_words (
        errand {code} NOT NULL, about {code} NOT NULL, household {code} NOT NULL, sealed {code} NOT NULL,
        PRIMARY KEY (errand))""",
)
