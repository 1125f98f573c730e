"""Version 9: alarms, and what an order follows from. Before, there were neither."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE orders ADD COLUMN about TEXT",
    """CREATE TABLE alarms (
        id {code} NOT NULL, seq {number} NOT NULL, meeting {code}, kind {code} NOT NULL, severity {code} NOT NULL,
        center {code} NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL, report {code}, order_id {code},
        text TEXT NOT NULL, words TEXT NOT NULL, raised_at {code} NOT NULL, escalates_at {code}, escalated TEXT,
        delivered_at {code}, delivered_by TEXT, acknowledged_at {code}, acknowledged_by TEXT, ordered TEXT,
        cleared_at {code}, cleared_why {code}, PRIMARY KEY (id))""",
    "CREATE INDEX alarms_seq ON alarms (seq)",
    "CREATE INDEX alarms_center ON alarms (center, seq)",
    "CREATE INDEX alarms_report ON alarms (report)",
    "CREATE INDEX alarms_waiting ON alarms (seq) WHERE acknowledged_at IS NULL AND cleared_at IS NULL",
)
