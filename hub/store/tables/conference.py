"""Projections of what meetings are: who is called and there, recordings, checks."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

meetings = projection(
    "meetings",
    code("id", key=True),
    number("seq"),
    words("title"),
    code("kind"),
    code("state"),
    words("chair"),
    code("chair_center"),
    words("centers"),
    code("opened_at"),
    code("ended_at", null=True),
    number("ended_seq", null=True),
    flag("record"),
    flag("drill"),
    code("broadcast", null=True),
    # hub.directory.secrecy
    code("level"),
    sa.Index("meetings_seq", "seq"),
    sa.Index("meetings_state", "state", "seq"),
    sa.Index("meetings_chair_center", "chair_center", "seq"),
    sa.Index("meetings_level", "level", "id"),
)

# The centers called to a meeting.
meeting_centers = projection(
    "meeting_centers",
    code("meeting", key=True),
    code("center", key=True),
    sa.Index("meeting_centers_center", "center", "meeting"),
)

participants = projection(
    "participants",
    code("meeting", key=True),
    code("account", key=True),
    number("seq"),
    words("name"),
    code("role"),
    code("center"),
    words("center_name"),
    code("level"),
    code("state"),
    flag("muted"),
    code("joined_at", null=True),
    code("left_at", null=True),
    words("present"),
    words("duty"),
    sa.Index("participants_account", "account", "meeting"),
)

# Each time that somebody was in a meeting, from joining to leaving; `seq` is the entry of joining.
stays = projection(
    "stays",
    code("meeting", key=True),
    code("account", key=True),
    number("seq", key=True),
    code("center"),
    code("joined_at"),
    code("left_at", null=True),
    sa.Index("stays_center", "center", "meeting"),
)

recordings = projection(
    "recordings",
    code("id", key=True),
    number("seq"),
    code("meeting"),
    code("started_at"),
    code("stopped_at", null=True),
    sa.Index("recordings_meeting", "meeting", "seq"),
)

parts = projection(
    "parts",
    code("recording", key=True),
    code("id", key=True),
    number("seq"),
    code("participant"),
    code("center"),
    words("name"),
    words("file"),
    words("tracks"),
    code("started_at"),
    number("duration_ms", null=True),
    number("bytes", null=True),
    code("sha256", null=True),
    code("source"),
    words("holes"),
    # since when its file stands in the second copy alone, and when it last came back from there
    code("released_at", null=True),
    code("returned_at", null=True),
    # the list by which it was destroyed
    code("destroyed", null=True),
)

# `started_by` and `centers` are JSON; `told` is what a center answered.
checks = projection(
    "checks",
    code("id", key=True),
    number("seq"),
    code("center"),
    words("started_by"),
    words("centers"),
    code("started_at"),
    code("until"),
    number("spread_ms"),
    code("ended_at", null=True),
    code("reason", null=True),
    sa.Index("checks_seq", "seq"),
)

check_rows = projection(
    "check_rows",
    code("check_id", key=True),
    code("center", key=True),
    number("seq"),
    code("at"),
    words("told"),
)
