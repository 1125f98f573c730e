"""Version 17: incidents and appeals."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE incidents (
        id {code} NOT NULL, seq {number} NOT NULL, number {code} NOT NULL, kind {code} NOT NULL, title TEXT NOT NULL,
        text TEXT NOT NULL, category {code} NOT NULL, place TEXT NOT NULL, site TEXT, urgency {code} NOT NULL,
        source {code} NOT NULL, about TEXT, about_id {code}, meeting {code}, attachments TEXT NOT NULL,
        due {code}, overdue_at {code},
        state {code} NOT NULL, responsible {code} NOT NULL, responsible_name TEXT NOT NULL, checker {code} NOT NULL,
        checker_name TEXT NOT NULL, center {code} NOT NULL, center_name TEXT NOT NULL, made_by TEXT NOT NULL,
        main TEXT, main_id {code}, returned {number} NOT NULL, reopened {number} NOT NULL, turn {code} NOT NULL,
        registered_at {code} NOT NULL, changed_at {code} NOT NULL, closed_at {code}, PRIMARY KEY (id))""",
    "CREATE INDEX incidents_turn ON incidents (turn, seq)",
    "CREATE INDEX incidents_responsible ON incidents (responsible, turn)",
    "CREATE INDEX incidents_main ON incidents (main_id)",
    "CREATE INDEX incidents_about ON incidents (about_id)",
    """CREATE TABLE incident_centers (
        incident {code} NOT NULL, center {code} NOT NULL, PRIMARY KEY (incident, center))""",
    "CREATE INDEX incident_centers_center ON incident_centers (center, incident)",
    """CREATE TABLE incident_steps (
        seq {number} NOT NULL, incident {code} NOT NULL, kind {code} NOT NULL, at {code} NOT NULL, meeting {code},
        by TEXT, text TEXT NOT NULL, attachments TEXT NOT NULL, more TEXT NOT NULL, PRIMARY KEY (seq))""",
    "CREATE INDEX incident_steps_incident ON incident_steps (incident, seq)",
)
