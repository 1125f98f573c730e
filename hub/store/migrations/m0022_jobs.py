"""Version 22: jobs, long work that waits, runs and is over."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE jobs (
        id {code} NOT NULL,
        kind {code} NOT NULL,
        meeting {code},
        subject {code} NOT NULL,
        options TEXT NOT NULL,
        asked_by TEXT,
        state {code} NOT NULL,
        reason {code},
        result TEXT,
        asked_at {code} NOT NULL,
        begun_at {code},
        ended_at {code},
        tries {number} NOT NULL,
        PRIMARY KEY (id)
    )""",
    "CREATE INDEX jobs_state ON jobs (state, asked_at)",
    "CREATE INDEX jobs_meeting ON jobs (meeting, asked_at)",
    "CREATE INDEX jobs_subject ON jobs (kind, subject)",
)
