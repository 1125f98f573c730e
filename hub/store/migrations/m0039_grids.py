"""Version 43: grids, who works in them, and what became of each."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE grids (
        grid {code} NOT NULL, seq {number} NOT NULL, village {code} NOT NULL, name TEXT NOT NULL, kind {code} NOT NULL,
        leader {code}, planned {number} NOT NULL, state {code} NOT NULL, since {code} NOT NULL, ended_at {code},
        became TEXT NOT NULL, batch {code}, PRIMARY KEY (grid))""",
    "CREATE INDEX grids_village ON grids (village, grid)",
    "CREATE INDEX grids_leader ON grids (leader)",
    "CREATE INDEX grids_batch ON grids (batch)",
    """CREATE TABLE grid_members (
        grid {code} NOT NULL, account {code} NOT NULL, place {number} NOT NULL, PRIMARY KEY (grid, account))""",
    "CREATE INDEX grid_members_account ON grid_members (account)",
    """CREATE TABLE grid_history (
        seq {number} NOT NULL, grid {code} NOT NULL, kind {code} NOT NULL, at {code} NOT NULL, name TEXT NOT NULL,
        leader {code}, members TEXT NOT NULL, others TEXT NOT NULL, by TEXT, PRIMARY KEY (seq, grid))""",
    "CREATE INDEX grid_history_grid ON grid_history (grid, seq)",
)
