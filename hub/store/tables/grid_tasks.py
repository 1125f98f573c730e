"""Orders in grids, as entries tell them."""

from __future__ import annotations

import sqlalchemy as sa

from hub.store.tables.columns import code, number, projection, words

grid_tasks = projection(
    "grid_tasks",
    code("id", key=True),
    number("seq"),
    code("order_id"),
    code("center"),
    code("grid"),
    code("state"),
    words("note"),
    code("given_at"),
    words("given_by"),
    code("signed_at", null=True),
    code("signed_by", null=True),
    code("told_at", null=True),
    code("told_by", null=True),
    words("text"),
    words("photos"),
    code("over_at", null=True),
    words("reason"),
    sa.Index("grid_tasks_order", "order_id", "center"),
    sa.Index("grid_tasks_grid", "grid", "over_at"),
)
