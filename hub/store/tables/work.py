"""Long work: jobs that wait, run and are over."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, table, words

# No projection: how a job stands is no entry. Those that people ask for are put in by `job.asked` and ended by entries, in
# their transactions; those that the hub does for itself (`subject`: what they are about) by their runner.
jobs = table(
    "jobs",
    code("id", key=True),
    code("kind"),
    code("meeting", null=True),
    code("subject"),
    words("options"),
    words("asked_by", null=True),
    code("state"),
    code("reason", null=True),
    words("result", null=True),
    code("asked_at"),
    code("begun_at", null=True),
    code("ended_at", null=True),
    number("tries"),
    sa.Index("jobs_state", "state", "asked_at"),
    sa.Index("jobs_meeting", "meeting", "asked_at"),
    sa.Index("jobs_subject", "kind", "subject"),
)
