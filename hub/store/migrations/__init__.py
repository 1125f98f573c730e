"""From any older shape of the database to the present one: numbered steps, run at start in one transaction.

A step that has been released is never changed; the next change is the next step. Tables as they are now stand in
hub/store/tables/, and a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import sqlalchemy as sa

from hub.clock import to_wire
from hub.store.found_anew import find_anew
from hub.store.last_visits_anew import last_visits_anew
from hub.store.migrations import (
    m0001_first,
    m0002_sign_ins,
    m0003_objects,
    m0004_subjects,
    m0005_attachments,
    m0006_house,
    m0007_checks,
    m0008_signed_in,
    m0009_alarms,
    m0010_security,
    m0011_bookings,
    m0012_administration,
    m0013_apart,
    m0014_reports_tasks,
    m0015_backup_chairs,
    m0016_clearings,
    m0017_incidents,
    m0018_drills,
    m0019_orders,
    m0020_duty,
    m0021_decisions,
    m0022_jobs,
    m0023_stays,
    m0024_parts,
    m0025_found,
    m0026_minutes,
    m0027_followed,
    m0028_roots,
    m0029_marks,
    m0030_scanned,
    m0031_voices,
    m0032_task_versions,
    m0033_custody,
    m0034_copies,
    m0035_more_found,
    m0036_cameras,
    m0037_camera_entries,
    m0038_patrol,
    m0039_grids,
    m0040_registry,
    m0041_sweeps,
    m0042_errands,
    m0043_devices,
    m0044_secrecy,
    m0045_patrol_findings,
    m0046_errand_facts,
    m0047_grid_tasks,
    m0048_household_visits,
    m0049_views,
    m0050_list_grids,
    m0051_corrections,
    m0052_answer_marks,
    m0053_grid_lists,
)

#: The statements of each version, oldest first; the version is the place in the list, from 1.
STEPS: Final[tuple[tuple[str, ...], ...]] = (
    m0001_first.STATEMENTS,
    m0002_sign_ins.STATEMENTS,
    m0003_objects.STATEMENTS,
    m0004_subjects.STATEMENTS,
    m0005_attachments.STATEMENTS,
    m0006_house.STATEMENTS,
    m0007_checks.STATEMENTS,
    m0008_signed_in.STATEMENTS,
    m0009_alarms.STATEMENTS,
    m0010_security.STATEMENTS,
    m0011_bookings.STATEMENTS,
    m0012_administration.STATEMENTS,
    m0013_apart.STATEMENTS,
    m0014_reports_tasks.STATEMENTS,
    m0015_backup_chairs.STATEMENTS,
    m0016_clearings.STATEMENTS,
    m0017_incidents.STATEMENTS,
    m0018_drills.STATEMENTS,
    m0019_orders.STATEMENTS,
    m0020_duty.STATEMENTS,
    m0021_decisions.STATEMENTS,
    m0022_jobs.STATEMENTS,
    m0023_stays.STATEMENTS,
    m0024_parts.STATEMENTS,
    m0025_found.STATEMENTS,
    m0026_minutes.STATEMENTS,
    m0027_followed.STATEMENTS,
    m0028_roots.STATEMENTS,
    m0029_marks.STATEMENTS,
    m0030_scanned.STATEMENTS,
    m0031_voices.STATEMENTS,
    m0032_task_versions.STATEMENTS,
    m0033_custody.STATEMENTS,
    m0034_copies.STATEMENTS,
    m0035_more_found.STATEMENTS,
    m0036_cameras.STATEMENTS,
    m0037_camera_entries.STATEMENTS,
    m0038_patrol.STATEMENTS,
    m0039_grids.STATEMENTS,
    m0040_registry.STATEMENTS,
    m0041_sweeps.STATEMENTS,
    m0042_errands.STATEMENTS,
    m0043_devices.STATEMENTS,
    m0044_secrecy.STATEMENTS,
    m0045_patrol_findings.STATEMENTS,
    m0046_errand_facts.STATEMENTS,
    m0047_grid_tasks.STATEMENTS,
    m0048_household_visits.STATEMENTS,
    m0049_views.STATEMENTS,
    m0050_list_grids.STATEMENTS,
    m0051_corrections.STATEMENTS,
    m0052_answer_marks.STATEMENTS,
    m0053_grid_lists.STATEMENTS,
)

#: From this version on, what is found by its words is as it is now: an older database has those rows made anew.
FOUND_SINCE: Final = STEPS.index(m0035_more_found.STATEMENTS) + 1

#: From this version on, last visits know of what was put right before they were kept.
VISITS_SINCE: Final = STEPS.index(m0052_answer_marks.STATEMENTS) + 1

#: What the databases call the same thing: text compared byte by byte, and a 64-bit integer.
_TYPES: Final = {
    "sqlite": {
        "code": "TEXT",
        "number": "INTEGER",
        "texts_index": "CREATE VIRTUAL TABLE texts_index USING fts5(grams, content='', tokenize='ascii')",
        "texts_index_grams": "",
        "said_index": "CREATE VIRTUAL TABLE said_index USING fts5(grams, content='', tokenize='ascii')",
        "said_index_grams": "",
        "cameras_index": "CREATE VIRTUAL TABLE cameras_index USING fts5(grams, content='', tokenize='ascii')",
        "cameras_index_grams": "",
    },
    "postgresql": {
        "code": 'TEXT COLLATE "C"',
        "number": "BIGINT",
        "texts_index": "ALTER TABLE texts ADD COLUMN grams TSVECTOR",
        "texts_index_grams": "CREATE INDEX texts_grams ON texts USING gin (grams) WITH (gin_pending_list_limit = 1024)",
        "said_index": "ALTER TABLE said ADD COLUMN grams TSVECTOR",
        "said_index_grams": "CREATE INDEX said_grams ON said USING gin (grams) WITH (gin_pending_list_limit = 1024)",
        "cameras_index": "ALTER TABLE cameras ADD COLUMN grams TSVECTOR",
        "cameras_index_grams": "CREATE INDEX cameras_grams ON cameras USING gin (grams) WITH (gin_pending_list_limit = 1024)",
    },
}
#: Any number that is ours: PostgreSQL's advisory lock while the schema changes.
_LOCK: Final = 0x6C78_0001


class SchemaTooNew(Exception):
    """The database was made by a later version of the hub."""


def migrate(connection: sa.Connection, upto: int | None = None) -> int:
    """Run the steps this database lacks, in the caller's transaction. Returns the version it then has.

    With `upto` it stops at that version: for a backup of then. Raises SchemaTooNew.
    """
    steps = STEPS[:upto]
    types = _TYPES[connection.dialect.name]
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    connection.exec_driver_sql(
        "CREATE TABLE IF NOT EXISTS schema_version ({number_} NOT NULL, at {code} NOT NULL, PRIMARY KEY (version))".format(
            number_=f"version {types['number']}", code=types["code"]
        )
    )
    version = connection.execute(sa.text("SELECT max(version) FROM schema_version")).scalar() or 0
    if max(version, upto or 0) > len(STEPS):
        raise SchemaTooNew(f"the database has version {max(version, upto or 0)}, this hub knows {len(STEPS)}")
    for number, statements in enumerate(steps[version:], start=version + 1):
        for statement in statements:
            # what one of the databases does not need is empty
            if (own := statement.format_map(types)) != "":
                connection.exec_driver_sql(own)
        connection.execute(
            sa.text("INSERT INTO schema_version (version, at) VALUES (:version, :at)"),
            {"version": number, "at": to_wire(datetime.now(UTC))},
        )
    if upto is None and version < FOUND_SINCE:
        find_anew(connection)
    if upto is None and version < VISITS_SINCE:
        last_visits_anew(connection)
    return len(steps)
