"""Projections of what is dispatched: orders, reports, alarms, decisions, notes."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

_OPEN: Final = sa.text("step < 3")
_WAITING: Final = sa.text("acknowledged_at IS NULL AND cleared_at IS NULL")

orders = projection(
    "orders",
    code("id", key=True),
    number("seq"),
    code("meeting", null=True),
    words("text"),
    code("priority"),
    code("due", null=True),
    words("issuer"),
    code("issuer_center"),
    code("issued_at"),
    flag("shared"),
    words("attachments"),
    words("about", null=True),
    sa.Index("orders_seq", "seq"),
    sa.Index("orders_meeting", "meeting", "seq"),
    sa.Index("orders_issuer_center", "issuer_center", "seq"),
)

# `step`: 0 issued, 1 signed, 2 in progress, 3 completed.
order_targets = projection(
    "order_targets",
    code("order_id", key=True),
    code("center", key=True),
    number("place"),
    words("name"),
    number("step"),
    code("signed_at", null=True),
    words("signed_by", null=True),
    code("completed_at", null=True),
    number("percent", null=True),
    sa.Index("order_targets_center", "center", "order_id"),
    sa.Index("order_targets_open", "order_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

order_progress = projection(
    "order_progress",
    number("seq", key=True),
    code("order_id"),
    code("center"),
    code("at"),
    words("text"),
    number("percent", null=True),
    words("by"),
    sa.Index("order_progress_order", "order_id", "seq"),
)

reports = projection(
    "reports",
    code("id", key=True),
    number("seq"),
    code("meeting", null=True),
    code("situation"),
    words("text"),
    code("center"),
    words("name"),
    code("at"),
    code("account"),
    flag("shared"),
    words("attachments"),
    code("category", null=True),
    words("place"),
    number("persons", null=True),
    code("urgency"),
    code("task", null=True),
    sa.Index("reports_seq", "seq"),
    sa.Index("reports_meeting", "meeting", "seq"),
    sa.Index("reports_center", "center", "seq"),
)

# `words` and who (`…_by`) are JSON. One that is neither acknowledged nor cleared is open.
alarms = projection(
    "alarms",
    code("id", key=True),
    number("seq"),
    code("meeting", null=True),
    code("kind"),
    code("severity"),
    code("center"),
    words("name"),
    words("owner"),
    code("report", null=True),
    code("order_id", null=True),
    words("text"),
    words("words"),
    code("raised_at"),
    code("escalates_at", null=True),
    words("escalated", null=True),
    code("delivered_at", null=True),
    words("delivered_by", null=True),
    code("acknowledged_at", null=True),
    words("acknowledged_by", null=True),
    words("ordered", null=True),
    code("cleared_at", null=True),
    code("cleared_why", null=True),
    sa.Index("alarms_seq", "seq"),
    sa.Index("alarms_center", "center", "seq"),
    sa.Index("alarms_report", "report"),
    sa.Index("alarms_waiting", "seq", sqlite_where=_WAITING, postgresql_where=_WAITING),
)

decisions = projection(
    "decisions",
    code("id", key=True),
    number("seq"),
    code("meeting", null=True),
    words("text"),
    words("by"),
    code("center"),
    code("at"),
    flag("shared"),
    sa.Index("decisions_seq", "seq"),
    sa.Index("decisions_meeting", "meeting", "seq"),
)

notes = projection(
    "notes",
    code("id", key=True),
    number("seq"),
    code("meeting", null=True),
    words("text"),
    words("by"),
    code("center"),
    code("at"),
    flag("shared"),
    sa.Index("notes_meeting", "meeting", "seq"),
)
