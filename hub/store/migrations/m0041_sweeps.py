"""Sweeps and visits. Before, there were none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE sweeps (
        id {code} NOT NULL, seq {number} NOT NULL, title TEXT NOT NULL, sort {code} NOT NULL, center {code} NOT NULL,
        made_by TEXT NOT NULL, note TEXT NOT NULL, due {code}, days {number} NOT NULL, form TEXT NOT NULL,
        opened_at {code} NOT NULL, fallen_at {code}, closed_at {code}, closed_by TEXT, reason TEXT NOT NULL,
        ended_at {code}, forgotten_at {code}, PRIMARY KEY (id))""",
    "CREATE INDEX sweeps_seq ON sweeps (seq)",
    "CREATE INDEX sweeps_center ON sweeps (center, seq)",
    """CREATE TABLE sweep_villages (
        sweep {code} NOT NULL, center {code} NOT NULL, first {number} NOT NULL, rows {number} NOT NULL,
        persons {number} NOT NULL, met {number} NOT NULL, unchanged {number} NOT NULL, phone {number} NOT NULL,
        absent {number} NOT NULL, refused {number} NOT NULL, gone {number} NOT NULL, seen {number} NOT NULL,
        handed {number} NOT NULL, conflicts {number} NOT NULL, PRIMARY KEY (sweep, center))""",
    "CREATE INDEX sweep_villages_center ON sweep_villages (center, sweep)",
    """CREATE TABLE sweep_standings (
        sweep {code} NOT NULL, number {number} NOT NULL, outcome {code} NOT NULL, seen {number} NOT NULL,
        tries {number} NOT NULL, handed BOOLEAN NOT NULL, conflicts {number} NOT NULL, seq {number} NOT NULL,
        at {code} NOT NULL, account {code} NOT NULL, PRIMARY KEY (sweep, number))""",
    """CREATE TABLE visits (
        seq {number} NOT NULL, id {code} NOT NULL, sweep {code}, number {number}, household {code}, center {code} NOT NULL,
        grid {code} NOT NULL, outcome {code} NOT NULL, seen {number} NOT NULL, at {code} NOT NULL,
        recorded_at {code} NOT NULL, account {code} NOT NULL, offline BOOLEAN NOT NULL, late BOOLEAN NOT NULL,
        conflict BOOLEAN NOT NULL, seconds {number} NOT NULL, flags {code} NOT NULL, photos TEXT NOT NULL, found TEXT,
        PRIMARY KEY (seq))""",
    "CREATE INDEX visits_row ON visits (sweep, number, seq)",
    "CREATE INDEX visits_household ON visits (household, seq)",
    """CREATE TABLE visit_days (
        center {code} NOT NULL, day {code} NOT NULL, visits {number} NOT NULL, met {number} NOT NULL,
        unchanged {number} NOT NULL, phone {number} NOT NULL, absent {number} NOT NULL, refused {number} NOT NULL,
        gone {number} NOT NULL, offline {number} NOT NULL, seconds {number} NOT NULL, PRIMARY KEY (center, day))""",
    "CREATE INDEX visit_days_day ON visit_days (day, center)",
    """CREATE TABLE sweep_rows (
        sweep {code} NOT NULL, number {number} NOT NULL, household {code} NOT NULL, grid {code} NOT NULL,
        persons {number} NOT NULL, PRIMARY KEY (sweep, number))""",
    "CREATE INDEX sweep_rows_grid ON sweep_rows (grid, sweep)",
    "CREATE TABLE answer_keys (about {code} NOT NULL, sealed {code} NOT NULL, at {code} NOT NULL, PRIMARY KEY (about))",
    """CREATE TABLE visit_words (
        seq {number} NOT NULL, about {code} NOT NULL, household {code} NOT NULL, sealed {code} NOT NULL,
        PRIMARY KEY (seq))""",
    "CREATE INDEX visit_words_about ON visit_words (about)",
    "CREATE INDEX visit_words_household ON visit_words (household)",
    """CREATE TABLE household_known (
        household {code} NOT NULL, seq {number} NOT NULL, confirmed_at {code}, sealed {code} NOT NULL,
        PRIMARY KEY (household))""",
)
