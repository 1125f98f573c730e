"""Rows of lists of people are matched to grids. Before, their villages checked them by themselves."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE clearing_matches (
        clearing {code} NOT NULL, number {number} NOT NULL, center {code} NOT NULL, way {code} NOT NULL, grid {code},
        household {code}, candidates TEXT NOT NULL, run {code} NOT NULL, PRIMARY KEY (clearing, number))""",
    "CREATE INDEX clearing_matches_center ON clearing_matches (clearing, center, way)",
    "CREATE INDEX clearing_matches_household ON clearing_matches (household)",
    """CREATE TABLE clearing_searches (
        clearing {code} NOT NULL, run {code} NOT NULL, scope {code} NOT NULL, account {code} NOT NULL, name TEXT NOT NULL,
        center {code} NOT NULL, state {code} NOT NULL, done {number} NOT NULL, rows {number} NOT NULL,
        begun_at {code} NOT NULL, ended_at {code}, why {code}, PRIMARY KEY (clearing))""",
)
