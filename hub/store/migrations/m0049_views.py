"""Version 51: when somebody was last at each household, and what came of it; visits are read by village and day."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "CREATE TABLE last_visits (household {code} NOT NULL, center {code} NOT NULL, seq {number} NOT NULL,"
    " at {code} NOT NULL, outcome {code} NOT NULL, flags {code} NOT NULL, PRIMARY KEY (household))",
    "CREATE INDEX last_visits_center ON last_visits (center, at)",
    "CREATE INDEX last_visits_flags ON last_visits (flags, center)",
    "CREATE INDEX visits_center ON visits (center, at)",
    "INSERT INTO last_visits (household, center, seq, at, outcome, flags)"
    " SELECT household, center, seq, at, outcome, flags FROM ("
    "SELECT coalesce(visits.household, sweep_rows.household) AS household, visits.center, visits.seq, visits.at,"
    " visits.outcome, visits.flags, row_number() OVER (PARTITION BY coalesce(visits.household, sweep_rows.household)"
    " ORDER BY visits.at DESC, visits.seq DESC) AS place FROM visits LEFT JOIN sweep_rows"
    " ON sweep_rows.sweep = visits.sweep AND sweep_rows.number = visits.number WHERE NOT visits.conflict) AS ordered"
    " WHERE place = 1 AND household IS NOT NULL",
)
