"""What was heard in recordings. No projections: it comes from the sound, is about persons, and goes with the recording."""

from __future__ import annotations

import sqlalchemy as sa

from hub.directory.grams import row_grams
from hub.store.tables.columns import code, number, table, words
from hub.store.text_index import Row, TextIndex

# A row a recorded file that was listened to. `spans` is JSON: from, to, ms from `started_at`.
voices = table(
    "voices",
    code("recording", key=True),
    code("part", key=True),
    code("meeting"),
    code("participant"),
    code("center"),
    words("name"),
    code("started_at"),
    number("duration_ms"),
    number("spoken_ms"),
    words("spans"),
    code("heard_at"),
    sa.Index("voices_meeting", "meeting"),
    sa.Index("voices_center", "center", "meeting"),
)

# What was said. `id` sorts by the moment.
said = table(
    "said",
    number("id", key=True),
    code("meeting"),
    code("recording"),
    code("part"),
    code("participant"),
    code("center"),
    words("who"),
    code("from_at"),
    code("to_at"),
    words("text"),
    sa.Index("said_part", "recording", "part"),
    sa.Index("said_meeting", "meeting", "id"),
)
_WHO, _TEXT = (list(said.columns.keys()).index(name) for name in ("who", "text"))


def _grams(row: Row) -> list[str]:
    return row_grams(row[_TEXT], row[_WHO].split())


said_index = TextIndex(said, _grams)
said_index.attach()
