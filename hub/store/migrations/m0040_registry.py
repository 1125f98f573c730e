"""The registry: buildings, houses, units, households, and by what persons are found. Before, there was none."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE registry_buildings (
        id {code} NOT NULL, grid {code} NOT NULL, name TEXT NOT NULL, place TEXT NOT NULL, kind {code} NOT NULL,
        walk {number} NOT NULL, state {code} NOT NULL, seq {number} NOT NULL, batch {code} NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX registry_buildings_grid ON registry_buildings (grid, walk)",
    "CREATE INDEX registry_buildings_batch ON registry_buildings (batch)",
    """CREATE TABLE registry_houses (
        id {code} NOT NULL, building {code} NOT NULL, label TEXT NOT NULL, sealed {code}, use {code} NOT NULL,
        walk {number} NOT NULL, state {code} NOT NULL, seq {number} NOT NULL, batch {code} NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX registry_houses_building ON registry_houses (building, walk)",
    "CREATE INDEX registry_houses_batch ON registry_houses (batch)",
    """CREATE TABLE registry_units (
        id {code} NOT NULL, grid {code} NOT NULL, building {code} NOT NULL, name TEXT NOT NULL, kind {code} NOT NULL,
        workers {number} NOT NULL, sealed {code} NOT NULL, state {code} NOT NULL, seq {number} NOT NULL,
        batch {code} NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX registry_units_grid ON registry_units (grid, id)",
    "CREATE INDEX registry_units_building ON registry_units (building)",
    "CREATE INDEX registry_units_batch ON registry_units (batch)",
    """CREATE TABLE households (
        row {number} NOT NULL, id {code} NOT NULL, grid {code} NOT NULL, building {code} NOT NULL, house {code} NOT NULL,
        walk {number} NOT NULL, kind {code} NOT NULL, persons {number} NOT NULL, registered {number} NOT NULL,
        floating {number} NOT NULL, abroad {number} NOT NULL, state {code} NOT NULL, seq {number} NOT NULL,
        gone_at {code}, batch {code} NOT NULL, sealed {code} NOT NULL, PRIMARY KEY (row))""",
    "CREATE UNIQUE INDEX households_id ON households (id)",
    "CREATE INDEX households_grid ON households (grid, state, walk)",
    "CREATE INDEX households_building ON households (building)",
    "CREATE INDEX households_gone ON households (gone_at)",
    "CREATE INDEX households_batch ON households (batch)",
    "CREATE TABLE registry_marks (mark {code} NOT NULL, household {number} NOT NULL)",
    "CREATE INDEX registry_marks_mark ON registry_marks (mark, household)",
    "CREATE INDEX registry_marks_household ON registry_marks (household)",
    """CREATE TABLE registry_versions (
        household {code} NOT NULL, seq {number} NOT NULL, grid {code} NOT NULL, at {code} NOT NULL,
        account {code} NOT NULL, name TEXT NOT NULL, what {code} NOT NULL, late {number} NOT NULL,
        settled {number} NOT NULL, facts TEXT NOT NULL, sealed {code} NOT NULL, command {code} NOT NULL,
        PRIMARY KEY (household, seq))""",
    "CREATE INDEX registry_versions_seq ON registry_versions (seq)",
    "CREATE INDEX registry_versions_command ON registry_versions (command)",
    "CREATE INDEX registry_versions_open ON registry_versions (settled, grid)",
    """CREATE TABLE registry_sums (
        grid {code} NOT NULL, buildings {number} NOT NULL, houses {number} NOT NULL, units {number} NOT NULL,
        households {number} NOT NULL, persons {number} NOT NULL, registered {number} NOT NULL,
        floating {number} NOT NULL, abroad {number} NOT NULL, PRIMARY KEY (grid))""",
    """CREATE TABLE registry_batches (
        id {code} NOT NULL, center {code} NOT NULL, account {code} NOT NULL, name TEXT NOT NULL, at {code} NOT NULL,
        state {code} NOT NULL, counts TEXT NOT NULL, PRIMARY KEY (id))""",
)
