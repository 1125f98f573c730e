"""Version 33: holds, disposal lists, and what was destroyed by them."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE holds (
        id {code} NOT NULL, meeting {code} NOT NULL, seq {number} NOT NULL, reason TEXT NOT NULL, placed_by TEXT NOT NULL,
        placed_at {code} NOT NULL, lift_reason TEXT NOT NULL, lift_by TEXT, lift_at {code}, lifted_by TEXT,
        lifted_at {code}, PRIMARY KEY (id))""",
    "CREATE INDEX holds_meeting ON holds (meeting)",
    """CREATE TABLE disposals (
        id {code} NOT NULL, seq {number} NOT NULL, number {code} NOT NULL, state {code} NOT NULL, on_at {code} NOT NULL,
        kinds TEXT NOT NULL, centers TEXT NOT NULL, digest {code} NOT NULL, list_bytes {number} NOT NULL,
        meetings {number} NOT NULL, reason TEXT NOT NULL, asked_by TEXT NOT NULL, asked_role {code} NOT NULL,
        asked_at {code} NOT NULL, decided_by TEXT, decided_at {code}, decided_reason TEXT NOT NULL,
        destroyed {number} NOT NULL, freed {number} NOT NULL, spared {number} NOT NULL, completed_at {code},
        PRIMARY KEY (id))""",
    "CREATE INDEX disposals_seq ON disposals (seq)",
    """CREATE TABLE destroyed (
        meeting {code} NOT NULL, disposal {code} NOT NULL, kind {code} NOT NULL, seq {number} NOT NULL,
        number {code} NOT NULL, at {code} NOT NULL, items {number} NOT NULL, bytes {number} NOT NULL,
        spared {code} NOT NULL, asked_by TEXT, approved_by TEXT, PRIMARY KEY (meeting, disposal, kind))""",
    "ALTER TABLE parts ADD COLUMN destroyed {code}",
)
