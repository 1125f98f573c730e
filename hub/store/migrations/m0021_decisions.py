"""Version 21: decisions are drafted and confirmed, rest on something, are carried out by somebody, amend one another."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE decisions ADD COLUMN state {code} NOT NULL DEFAULT 'confirmed'",
    "ALTER TABLE decisions ADD COLUMN basis TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE decisions ADD COLUMN responsible TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE decisions ADD COLUMN amends {code}",
    "ALTER TABLE decisions ADD COLUMN amended_by {code}",
    "ALTER TABLE decisions ADD COLUMN confirmed_by TEXT",
    "ALTER TABLE decisions ADD COLUMN confirmed_at {code}",
    # from now on a restart needs those of meetings that run
    """INSERT INTO subjects (subject, seq, open, stays)
        SELECT entries.meeting, entries.seq, TRUE, FALSE FROM entries JOIN meetings ON meetings.id = entries.meeting
        WHERE entries.kind = 'decision.recorded' AND meetings.state = 'open'""",
)
