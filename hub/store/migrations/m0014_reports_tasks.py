"""Version 14: what a report says besides its words (before, it said nothing more), and routine tasks."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE reports ADD COLUMN category {code}",
    "ALTER TABLE reports ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE reports ADD COLUMN persons {number}",
    "ALTER TABLE reports ADD COLUMN urgency {code} NOT NULL DEFAULT 'normal'",
    "ALTER TABLE reports ADD COLUMN task {code}",
    """CREATE TABLE tasks (
        id {code} NOT NULL, seq {number} NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, made_by TEXT NOT NULL,
        center {code} NOT NULL, repeats {code} NOT NULL, time {code}, weekdays TEXT NOT NULL,
        ahead_minutes {number} NOT NULL, remind_minutes {number} NOT NULL, names TEXT NOT NULL,
        targets {number} NOT NULL, given_at {code} NOT NULL, state {code} NOT NULL, round {number} NOT NULL,
        opens_at {code}, next_due {code}, ended_at {code}, ended_by TEXT, reason TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX tasks_seq ON tasks (seq)",
    "CREATE INDEX tasks_center ON tasks (center, seq)",
    "CREATE INDEX tasks_state ON tasks (state, seq)",
    """CREATE TABLE task_targets (
        task {code} NOT NULL, center {code} NOT NULL, place {number} NOT NULL, PRIMARY KEY (task, center))""",
    "CREATE INDEX task_targets_center ON task_targets (center, task)",
    """CREATE TABLE task_rounds (
        task {code} NOT NULL, round {number} NOT NULL, opened_at {code} NOT NULL, due {code} NOT NULL,
        closed_at {code}, urged {number} NOT NULL, urged_at {code}, PRIMARY KEY (task, round))""",
    """CREATE TABLE task_answers (
        task {code} NOT NULL, round {number} NOT NULL, center {code} NOT NULL, seq {number} NOT NULL,
        at {code} NOT NULL, situation {code} NOT NULL, late BOOLEAN NOT NULL, by TEXT NOT NULL,
        report {code} NOT NULL, PRIMARY KEY (task, round, center))""",
    "CREATE INDEX task_answers_center ON task_answers (center, seq)",
)
