"""Projection of who had the word: by the floor, by push-to-talk, by the roll call, or shown to all."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection

# `why`: floor, talk, roll_call, broadcast. A roll call names a center, everything else an account.
spans = projection(
    "spans",
    number("seq", key=True),
    code("meeting"),
    code("why"),
    code("account", null=True),
    code("center", null=True),
    code("from_at"),
    code("to_at", null=True),
    sa.Index("spans_meeting", "meeting", "seq"),
)
