"""Version 42: routes of patrols, their rounds, and what came of each stop."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE patrol_routes (
        id {code} NOT NULL, seq {number} NOT NULL, version {number} NOT NULL, center {code} NOT NULL,
        center_name TEXT NOT NULL, title TEXT NOT NULL, note TEXT NOT NULL, times TEXT NOT NULL,
        by_shift BOOLEAN NOT NULL, within_minutes {number} NOT NULL, stops {number} NOT NULL, next_at {code},
        made_by TEXT NOT NULL, changed_at {code} NOT NULL, withdrawn_at {code}, PRIMARY KEY (id))""",
    "CREATE INDEX patrol_routes_center ON patrol_routes (center, seq)",
    """CREATE TABLE patrol_versions (
        route {code} NOT NULL, version {number} NOT NULL, stops TEXT NOT NULL, PRIMARY KEY (route, version))""",
    """CREATE TABLE patrol_rounds (
        id {code} NOT NULL, seq {number} NOT NULL, route {code} NOT NULL, version {number} NOT NULL,
        title TEXT NOT NULL, center {code} NOT NULL, center_name TEXT NOT NULL, opened_at {code} NOT NULL,
        opened_by TEXT, due {code} NOT NULL, state {code} NOT NULL, walker TEXT, taken_at {code},
        stop {number} NOT NULL, stands_since {code}, seconds {number} NOT NULL, quality {code},
        total {number} NOT NULL, normal {number} NOT NULL, finding {number} NOT NULL, not_seen {number} NOT NULL,
        skipped {number} NOT NULL, fell_due_at {code}, ended_at {code}, late BOOLEAN NOT NULL, reason TEXT NOT NULL,
        ended_by TEXT, PRIMARY KEY (id))""",
    "CREATE INDEX patrol_rounds_center ON patrol_rounds (center, seq)",
    "CREATE INDEX patrol_rounds_route ON patrol_rounds (route, seq)",
    "CREATE INDEX patrol_rounds_state ON patrol_rounds (state, seq)",
    "CREATE INDEX patrol_rounds_opened ON patrol_rounds (opened_at)",
    """CREATE TABLE patrol_checks (
        seq {number} NOT NULL, round {code} NOT NULL, stop {number} NOT NULL, at {code} NOT NULL,
        outcome {code} NOT NULL, reason TEXT NOT NULL, seconds {number} NOT NULL, quality {code},
        stayed {number} NOT NULL, text TEXT NOT NULL, place TEXT NOT NULL, urgency {code} NOT NULL,
        made_what {code}, made_id {code}, attachments TEXT NOT NULL, by TEXT NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX patrol_checks_round ON patrol_checks (round, stop)",
    """CREATE TABLE patrol_walks (
        seq {number} NOT NULL, round {code} NOT NULL, kind {code} NOT NULL, at {code} NOT NULL, stop {number} NOT NULL,
        by TEXT NOT NULL, relieves TEXT, reason TEXT NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX patrol_walks_round ON patrol_walks (round, seq)",
)
