"""Projections of the archive's custody: holds, disposal lists, what was destroyed of which meeting."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, words

# Every hold that there was; one that is not over has no `lifted_at`.
holds = projection(
    "holds",
    code("id", key=True),
    code("meeting"),
    number("seq"),
    words("reason"),
    words("placed_by"),
    code("placed_at"),
    words("lift_reason"),
    words("lift_by", null=True),
    code("lift_at", null=True),
    words("lifted_by", null=True),
    code("lifted_at", null=True),
    sa.Index("holds_meeting", "meeting"),
)

# `kinds` and `centers` are JSON. What was destroyed in the end, and how many meetings were spared, once it is `completed`.
disposals = projection(
    "disposals",
    code("id", key=True),
    number("seq"),
    code("number"),
    code("state"),
    code("on_at"),
    words("kinds"),
    words("centers"),
    code("digest"),
    number("list_bytes"),
    number("meetings"),
    words("reason"),
    words("asked_by"),
    code("asked_role"),
    code("asked_at"),
    words("decided_by", null=True),
    code("decided_at", null=True),
    words("decided_reason"),
    number("destroyed"),
    number("freed"),
    number("spared"),
    code("completed_at", null=True),
    sa.Index("disposals_seq", "seq"),
)

# What of a meeting was destroyed or spared by a list: a row a kind; one that was spared has its reason, and no kind.
destroyed = projection(
    "destroyed",
    code("meeting", key=True),
    code("disposal", key=True),
    code("kind", key=True),
    number("seq"),
    code("number"),
    code("at"),
    number("items"),
    number("bytes"),
    code("spared"),
    words("asked_by", null=True),
    words("approved_by", null=True),
)
