"""What was said last of households outside of sweeps, and corrections of visits; filled from what is in the journal so far."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE household_visits (
        household {code} NOT NULL, outcome {code} NOT NULL, seen {number} NOT NULL, seq {number} NOT NULL,
        holds {number} NOT NULL, at {code} NOT NULL, written_at {code} NOT NULL, account {code} NOT NULL,
        conflicts {number} NOT NULL, settled {number} NOT NULL, PRIMARY KEY (household))""",
    "CREATE INDEX household_visits_conflicts ON household_visits (conflicts, household)",
    """CREATE TABLE visit_corrections (
        seq {number} NOT NULL, corrects {number} NOT NULL, sweep {code}, number {number}, household {code},
        outcome {code} NOT NULL, seen {number} NOT NULL, at {code} NOT NULL, account {code} NOT NULL,
        offline BOOLEAN NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX visit_corrections_row ON visit_corrections (sweep, number, seq)",
    "CREATE INDEX visit_corrections_household ON visit_corrections (household, seq)",
    "CREATE INDEX visits_account ON visits (account, recorded_at)",
    """INSERT INTO household_visits
        (household, outcome, seen, seq, holds, at, written_at, account, conflicts, settled)
        SELECT household, outcome, seen, seq, seq, at, recorded_at, account, 0, 0 FROM visits
        WHERE seq IN (SELECT max(seq) FROM visits WHERE sweep IS NULL GROUP BY household)""",
)
