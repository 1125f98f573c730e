"""Projections of meetings to come: bookings and what they are made from."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

bookings = projection(
    "bookings",
    code("id", key=True),
    number("seq"),
    words("title"),
    code("kind"),
    words("made_by"),
    code("center"),
    words("chair"),
    code("chair_center"),
    code("starts_at"),
    number("minutes"),
    flag("record"),
    flag("drill"),
    number("notice_minutes"),
    flag("by_itself"),
    words("note"),
    code("template", null=True),
    code("state"),
    # Whether those called have heard of it.
    flag("announced"),
    number("sequence"),
    number("called"),
    words("names"),
    words("centers"),
    words("line"),
    code("meeting", null=True),
    words("reason"),
    words("decided_by", null=True),
    code("decided_at", null=True),
    code("made_at"),
    code("changed_at"),
    words("backup", null=True),
    # hub.directory.secrecy
    code("level"),
    sa.Index("bookings_start", "starts_at", "id"),
    sa.Index("bookings_center", "center", "starts_at"),
    sa.Index("bookings_chair_center", "chair_center", "starts_at"),
)

# The centers that a booking calls.
booking_centers = projection(
    "booking_centers",
    code("booking", key=True),
    code("center", key=True),
    sa.Index("booking_centers_center", "center", "booking"),
)

templates = projection(
    "templates",
    code("id", key=True),
    number("seq"),
    code("scope"),
    code("account"),
    code("center"),
    words("title"),
    code("kind"),
    words("centers"),
    words("names"),
    words("groups"),
    flag("record"),
    number("minutes"),
    number("notice_minutes"),
    words("note"),
    words("made_by"),
    code("saved_at"),
    sa.Index("templates_account", "account", "seq"),
    sa.Index("templates_center", "center", "seq"),
)
