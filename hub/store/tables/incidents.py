"""Projections of incidents and appeals."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, words

# `site`, `about`, `made_by`, `main` and `attachments` are JSON. `turn` is when one comes in the ledger: 0 and by when it is
# due (9: no date) while it is open, 1 once it is over.
incidents = projection(
    "incidents",
    code("id", key=True),
    number("seq"),
    code("number"),
    code("kind"),
    words("title"),
    words("text"),
    code("category"),
    words("place"),
    words("site", null=True),
    code("urgency"),
    code("source"),
    words("about", null=True),
    code("about_id", null=True),
    code("meeting", null=True),
    words("attachments"),
    code("due", null=True),
    code("overdue_at", null=True),
    code("state"),
    code("responsible"),
    words("responsible_name"),
    code("checker"),
    words("checker_name"),
    code("center"),
    words("center_name"),
    words("made_by"),
    words("main", null=True),
    code("main_id", null=True),
    number("returned"),
    number("reopened"),
    code("turn"),
    code("registered_at"),
    code("changed_at"),
    code("closed_at", null=True),
    sa.Index("incidents_turn", "turn", "seq"),
    sa.Index("incidents_responsible", "responsible", "turn"),
    sa.Index("incidents_main", "main_id"),
    sa.Index("incidents_about", "about_id"),
)

# The centers that one has ever concerned.
incident_centers = projection(
    "incident_centers",
    code("incident", key=True),
    code("center", key=True),
    sa.Index("incident_centers_center", "center", "incident"),
)

# What was done about one. `by`, `attachments` and `more` are JSON.
incident_steps = projection(
    "incident_steps",
    number("seq", key=True),
    code("incident"),
    code("kind"),
    code("at"),
    code("meeting", null=True),
    words("by", null=True),
    words("text"),
    words("attachments"),
    words("more"),
    sa.Index("incident_steps_incident", "incident", "seq"),
)
