"""Projections of grids: as they are, who works in them, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, words

# `became` is JSON: codes of the grids that one became when it was split or joined; `batch` the list it was brought with.
grids = projection(
    "grids",
    code("grid", key=True),
    number("seq"),
    code("village"),
    words("name"),
    code("kind"),
    code("leader", null=True),
    number("planned"),
    code("state"),
    code("since"),
    code("ended_at", null=True),
    words("became"),
    code("batch", null=True),
    sa.Index("grids_village", "village", "grid"),
    sa.Index("grids_leader", "leader"),
    sa.Index("grids_batch", "batch"),
)

grid_members = projection(
    "grid_members",
    code("grid", key=True),
    code("account", key=True),
    number("place"),
    sa.Index("grid_members_account", "account"),
)

# How a grid stood after each entry about it. `members`, `others` (codes of grids it came of, or became) and `by` are JSON;
# `batch` is the list that said so.
grid_history = projection(
    "grid_history",
    number("seq", key=True),
    code("grid", key=True),
    code("kind"),
    code("at"),
    words("name"),
    code("leader", null=True),
    words("members"),
    words("others"),
    words("by", null=True),
    code("batch", null=True),
    sa.Index("grid_history_grid", "grid", "seq"),
    sa.Index("grid_history_batch", "batch"),
)
