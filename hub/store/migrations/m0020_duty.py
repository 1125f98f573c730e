"""Version 20: who had the duty of a center when, and the notes of handing over."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE duty_turns (
        id {code} NOT NULL,
        seq {number} NOT NULL,
        center {code} NOT NULL,
        name TEXT NOT NULL,
        post TEXT NOT NULL,
        taken_by TEXT NOT NULL,
        taken_at {code} NOT NULL,
        handed_at {code},
        note TEXT,
        relieved_at {code},
        relieved_by TEXT,
        PRIMARY KEY (id)
    )""",
    "CREATE INDEX duty_turns_center ON duty_turns (center, seq)",
)
