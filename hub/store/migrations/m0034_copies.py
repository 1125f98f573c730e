"""Version 35: the second copy of recorded files and objects, and which recorded files stand there alone."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE parts ADD COLUMN released_at {code}",
    "ALTER TABLE parts ADD COLUMN returned_at {code}",
    """CREATE TABLE copies (
        kind {code} NOT NULL, id {code} NOT NULL, sha256 {code} NOT NULL, bytes {number} NOT NULL, file TEXT NOT NULL,
        meeting {code}, state {code} NOT NULL, reason {code}, tries {number} NOT NULL, since {code} NOT NULL,
        not_before {code} NOT NULL, copied_at {code}, verified_at {code}, wanted_at {code}, PRIMARY KEY (kind, id))""",
    "CREATE INDEX copies_state ON copies (state, not_before)",
    "CREATE INDEX copies_digest ON copies (sha256)",
    "CREATE INDEX copies_meeting ON copies (meeting)",
    "CREATE INDEX copies_wanted ON copies (wanted_at)",
)
