"""Minutes: how they stand and their versions, told by entries; and what is being written, which stands nowhere else."""

from __future__ import annotations

from hub.store.tables.columns import code, number, projection, table, words

# `id` is that of the meeting. `chair` and `writer` are accounts.
minutes = projection(
    "minutes",
    code("id", key=True),
    number("seq"),
    code("center"),
    code("chair"),
    words("chair_by"),
    code("writer"),
    code("state"),
    number("submission"),
    number("version"),
    words("number"),
    code("digest", null=True),
    words("why"),
    words("submitted_by"),
    code("submitted_at"),
    words("decided_by", null=True),
    code("decided_at", null=True),
    words("reason"),
)

minutes_versions = projection(
    "minutes_versions",
    code("id", key=True),
    number("version", key=True),
    number("seq"),
    words("number"),
    code("digest"),
    number("bytes"),
    words("why"),
    words("written_by"),
    words("approved_by"),
    code("approved_at"),
)

# `rev` counts what was saved: who writes says which one he read.
minutes_work = table(
    "minutes_work", code("id", key=True), number("rev"), words("text"), words("by"), code("at")
)
