"""Projections of what is dispatched: orders, reports, alarms, decisions, notes."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

_OPEN: Final = sa.text("step < 5")
_GOES_ON: Final = sa.text("ended_at IS NULL")
_WAITING: Final = sa.text("acknowledged_at IS NULL AND cleared_at IS NULL")

# `escalated` and `withdrawn` are JSON. `ended_at`: when rules had nothing more to do with it.
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
    code("about_id", null=True),
    words("number"),
    words("parent", null=True),
    code("parent_id", null=True),
    code("supervised_at", null=True),
    words("supervised_by", null=True),
    words("escalated", null=True),
    words("withdrawn", null=True),
    code("ended_at", null=True),
    sa.Index("orders_seq", "seq"),
    sa.Index("orders_meeting", "meeting", "seq"),
    sa.Index("orders_issuer_center", "issuer_center", "seq"),
    sa.Index("orders_parent", "parent_id"),
    sa.Index("orders_about", "about_id"),
    sa.Index("orders_open", "due", "seq", sqlite_where=_GOES_ON, postgresql_where=_GOES_ON),
)

# What an order said before it was put right.
order_versions = projection(
    "order_versions",
    number("seq", key=True),
    code("order_id"),
    code("at"),
    words("by"),
    words("reason"),
    words("text"),
    code("priority"),
    code("due", null=True),
    sa.Index("order_versions_order", "order_id", "seq"),
)

# `step`: 0 issued, 1 delivered, 2 signed, 3 returned, 4 in progress, 5 completed, 6 accepted. `due`: of its own, where it was
# given more time; `asked_due`: until when it asks for more.
order_targets = projection(
    "order_targets",
    code("order_id", key=True),
    code("center", key=True),
    number("place"),
    words("name"),
    number("step"),
    code("delivered_at", null=True),
    code("signed_at", null=True),
    words("signed_by", null=True),
    code("completed_at", null=True),
    code("accepted_at", null=True),
    number("percent", null=True),
    code("due", null=True),
    code("asked_due", null=True),
    number("returns"),
    number("urges"),
    sa.Index("order_targets_center", "center", "order_id"),
    sa.Index("order_targets_open", "order_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

# What was said by a target or to it, `kind` being what happened: progress, completed, returned, urged, asked, granted, refused.
order_words = projection(
    "order_words",
    number("seq", key=True),
    code("center", key=True),
    code("order_id"),
    code("kind"),
    code("at"),
    words("text"),
    number("percent", null=True),
    code("due", null=True),
    words("by"),
    words("attachments"),
    sa.Index("order_words_order", "order_id", "center", "seq"),
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
    code("state"),
    words("basis"),
    words("responsible"),
    code("amends", null=True),
    code("amended_by", null=True),
    words("confirmed_by", null=True),
    code("confirmed_at", null=True),
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

# Marks of moments of meetings. `seq` is that of the entry that spoke of it last; `by` is JSON.
moment_marks = projection(
    "moment_marks",
    code("id", key=True),
    number("seq"),
    code("meeting"),
    code("at"),
    code("kind"),
    words("text"),
    words("by"),
    code("made_at"),
    code("changed_at", null=True),
    code("withdrawn_at", null=True),
    sa.Index("moment_marks_meeting", "meeting", "at"),
)
