"""Households are found by keyed marks of answers that gave reason to look; the next start marks what is known already."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE household_known ADD COLUMN marked {number} NOT NULL DEFAULT 0",
    "CREATE INDEX household_known_marked ON household_known (marked, household)",
    "CREATE TABLE answer_marks (mark {code} NOT NULL, household {code} NOT NULL, PRIMARY KEY (mark, household))",
    "CREATE INDEX answer_marks_household ON answer_marks (household)",
)
