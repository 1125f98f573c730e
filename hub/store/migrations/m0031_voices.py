"""Version 31: what was heard in recordings, and what was said, with an index beside it."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE voices (
        recording {code} NOT NULL, part {code} NOT NULL, meeting {code} NOT NULL, participant {code} NOT NULL,
        center {code} NOT NULL, name TEXT NOT NULL, started_at {code} NOT NULL, duration_ms {number} NOT NULL,
        spoken_ms {number} NOT NULL, spans TEXT NOT NULL, heard_at {code} NOT NULL, PRIMARY KEY (recording, part))""",
    "CREATE INDEX voices_meeting ON voices (meeting)",
    "CREATE INDEX voices_center ON voices (center, meeting)",
    """CREATE TABLE said (
        id {number} NOT NULL, meeting {code} NOT NULL, recording {code} NOT NULL, part {code} NOT NULL,
        participant {code} NOT NULL, center {code} NOT NULL, who TEXT NOT NULL, from_at {code} NOT NULL,
        to_at {code} NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX said_part ON said (recording, part)",
    "CREATE INDEX said_meeting ON said (meeting, id)",
    "{said_index}",
    "{said_index_grams}",
    "CREATE INDEX texts_sort ON texts (sort, seq)",
)
