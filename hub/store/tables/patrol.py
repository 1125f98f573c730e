"""Projections of patrols: routes in all their versions, rounds, and what came of each stop."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, words

# `times` and `made_by` are JSON; `version` is the one that holds.
patrol_routes = projection(
    "patrol_routes",
    code("id", key=True),
    number("seq"),
    number("version"),
    code("center"),
    words("center_name"),
    words("title"),
    words("note"),
    words("times"),
    flag("by_shift"),
    number("within_minutes"),
    number("stops"),
    code("next_at", null=True),
    words("made_by"),
    code("changed_at"),
    code("withdrawn_at", null=True),
    sa.Index("patrol_routes_center", "center", "seq"),
)

# The stops of a route, JSON, as a round of that version is walked.
patrol_versions = projection(
    "patrol_versions",
    code("route", key=True),
    number("version", key=True),
    words("stops"),
)

# `opened_by`, `walker` and `ended_by` are JSON; `seconds` and `quality` are of the stop at which it stands.
patrol_rounds = projection(
    "patrol_rounds",
    code("id", key=True),
    number("seq"),
    code("route"),
    number("version"),
    words("title"),
    code("center"),
    words("center_name"),
    code("opened_at"),
    words("opened_by", null=True),
    code("due"),
    code("state"),
    words("walker", null=True),
    code("taken_at", null=True),
    number("stop"),
    code("stands_since", null=True),
    number("seconds"),
    code("quality", null=True),
    number("total"),
    number("normal"),
    number("finding"),
    number("not_seen"),
    number("skipped"),
    code("fell_due_at", null=True),
    code("ended_at", null=True),
    flag("late"),
    words("reason"),
    words("ended_by", null=True),
    sa.Index("patrol_rounds_center", "center", "seq"),
    sa.Index("patrol_rounds_route", "route", "seq"),
    sa.Index("patrol_rounds_state", "state", "seq"),
    sa.Index("patrol_rounds_opened", "opened_at"),
)

# `attachments` and `by` are JSON; `made_what` and `made_id` say what became of a finding.
patrol_checks = projection(
    "patrol_checks",
    number("seq", key=True),
    code("round"),
    number("stop"),
    code("at"),
    code("outcome"),
    words("reason"),
    number("seconds"),
    code("quality", null=True),
    number("stayed"),
    words("text"),
    words("place"),
    code("urgency"),
    code("made_what", null=True),
    code("made_id", null=True),
    words("attachments"),
    words("by"),
    sa.Index("patrol_checks_round", "round", "stop"),
    sa.Index("patrol_checks_outcome", "outcome", "seq"),
)

# Who walked a round, from which stop on, and who left off. `by` and `relieves` are JSON.
patrol_walks = projection(
    "patrol_walks",
    number("seq", key=True),
    code("round"),
    code("kind"),
    code("at"),
    number("stop"),
    words("by"),
    words("relieves", null=True),
    words("reason"),
    sa.Index("patrol_walks_round", "round", "seq"),
)
