"""Orders in grids. Before, there were none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE grid_tasks (
        id {code} NOT NULL, seq {number} NOT NULL, order_id {code} NOT NULL, center {code} NOT NULL, grid {code} NOT NULL,
        state {code} NOT NULL, note TEXT NOT NULL, given_at {code} NOT NULL, given_by TEXT NOT NULL, signed_at {code},
        signed_by {code}, told_at {code}, told_by {code}, text TEXT NOT NULL, photos TEXT NOT NULL, over_at {code},
        reason TEXT NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX grid_tasks_order ON grid_tasks (order_id, center)",
    "CREATE INDEX grid_tasks_grid ON grid_tasks (grid, over_at)",
)
