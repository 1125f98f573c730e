"""Version 26: minutes of meetings, their versions, what is being written; who led a meeting last is recalled after its end."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE minutes (
        id {code} NOT NULL,
        seq {number} NOT NULL,
        center {code} NOT NULL,
        chair {code} NOT NULL,
        chair_by TEXT NOT NULL,
        writer {code} NOT NULL,
        state {code} NOT NULL,
        submission {number} NOT NULL,
        version {number} NOT NULL,
        number TEXT NOT NULL,
        digest {code},
        why TEXT NOT NULL,
        submitted_by TEXT NOT NULL,
        submitted_at {code} NOT NULL,
        decided_by TEXT,
        decided_at {code},
        reason TEXT NOT NULL,
        PRIMARY KEY (id)
    )""",
    """CREATE TABLE minutes_versions (
        id {code} NOT NULL,
        version {number} NOT NULL,
        seq {number} NOT NULL,
        number TEXT NOT NULL,
        digest {code} NOT NULL,
        bytes {number} NOT NULL,
        why TEXT NOT NULL,
        written_by TEXT NOT NULL,
        approved_by TEXT NOT NULL,
        approved_at {code} NOT NULL,
        PRIMARY KEY (id, version)
    )""",
    """CREATE TABLE minutes_work (
        id {code} NOT NULL,
        rev {number} NOT NULL,
        text TEXT NOT NULL,
        by TEXT NOT NULL,
        at {code} NOT NULL,
        PRIMARY KEY (id)
    )""",
    "UPDATE subjects SET stays = TRUE WHERE seq IN (SELECT seq FROM entries WHERE kind = 'chair.changed')",
    """INSERT INTO subjects (subject, seq, open, stays)
        SELECT entries.meeting, entries.seq, FALSE, TRUE FROM entries JOIN meetings ON meetings.id = entries.meeting
        WHERE entries.kind = 'chair.changed' AND meetings.state = 'ended'""",
)
