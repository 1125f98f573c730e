"""Version 25: what is found by its words has rows of its own shape, with an index beside it; and who had
the word when is a table. They are made from entries anew."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "DROP TABLE texts",
    """CREATE TABLE texts (
        seq {number} NOT NULL, meeting {code}, sort {code} NOT NULL, kind {code} NOT NULL, at {code} NOT NULL,
        subject {code} NOT NULL, center {code} NOT NULL, who TEXT NOT NULL, named TEXT NOT NULL, text TEXT NOT NULL,
        shared BOOLEAN NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX texts_meeting ON texts (meeting, seq)",
    "CREATE INDEX texts_center ON texts (center, seq)",
    "{texts_index}",
    "{texts_index_grams}",
    """CREATE TABLE spans (
        seq {number} NOT NULL, meeting {code} NOT NULL, why {code} NOT NULL, account {code}, center {code},
        from_at {code} NOT NULL, to_at {code}, PRIMARY KEY (seq))""",
    "CREATE INDEX spans_meeting ON spans (meeting, seq)",
)
