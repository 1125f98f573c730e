"""Projections of duty: who had it when, and what he left the next one."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, words

# Somebody's time on duty. `note` is JSON, null while he has not handed over.
duty_turns = projection(
    "duty_turns",
    code("id", key=True),
    number("seq"),
    code("center"),
    words("name"),
    words("post"),
    words("taken_by"),
    code("taken_at"),
    code("handed_at", null=True),
    words("note", null=True),
    code("relieved_at", null=True),
    words("relieved_by", null=True),
    sa.Index("duty_turns_center", "center", "seq"),
)
