"""Errands: what entries tell of them, and what was asked for, which stands nowhere else."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, flag, number, projection, table, words

errands = projection(
    "errands",
    code("id", key=True),
    number("seq"),
    code("center"),
    code("grid"),
    code("household"),
    code("kind"),
    code("state"),
    code("due", null=True),
    flag("urgent"),
    code("commitment", null=True),
    code("asked_at"),
    words("asked_by"),
    code("taker", null=True),
    code("taken_at", null=True),
    code("handed_by", null=True),
    code("over_at", null=True),
    number("over_seq", null=True),
    words("photos"),
    number("cents", null=True),
    flag("late"),
    number("stars", null=True),
    code("heard", null=True),
    words("reason"),
    sa.Index("errands_center", "center", "seq"),
    sa.Index("errands_grid", "grid", "state"),
    sa.Index("errands_household", "household", "seq"),
    sa.Index("errands_over", "over_at", "center"),
)

# What was asked for; `about` says by which key it is sealed.
errand_words = table(
    "errand_words", code("errand", key=True), code("about"), code("household"), code("sealed")
)
