"""Version 11: booked meetings and templates."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE bookings (
        id {code} NOT NULL, seq {number} NOT NULL, title TEXT NOT NULL, kind {code} NOT NULL, made_by TEXT NOT NULL,
        center {code} NOT NULL, chair TEXT NOT NULL, chair_center {code} NOT NULL, starts_at {code} NOT NULL,
        minutes {number} NOT NULL, record BOOLEAN NOT NULL, notice_minutes {number} NOT NULL,
        by_itself BOOLEAN NOT NULL, note TEXT NOT NULL, template {code}, state {code} NOT NULL,
        announced BOOLEAN NOT NULL, sequence {number} NOT NULL, called {number} NOT NULL, names TEXT NOT NULL,
        centers TEXT NOT NULL, line TEXT NOT NULL, meeting {code}, reason TEXT NOT NULL, decided_by TEXT,
        decided_at {code}, made_at {code} NOT NULL, changed_at {code} NOT NULL, PRIMARY KEY (id))""",
    "CREATE INDEX bookings_start ON bookings (starts_at, id)",
    "CREATE INDEX bookings_center ON bookings (center, starts_at)",
    "CREATE INDEX bookings_chair_center ON bookings (chair_center, starts_at)",
    """CREATE TABLE booking_centers (
        booking {code} NOT NULL, center {code} NOT NULL, PRIMARY KEY (booking, center))""",
    "CREATE INDEX booking_centers_center ON booking_centers (center, booking)",
    """CREATE TABLE templates (
        id {code} NOT NULL, seq {number} NOT NULL, scope {code} NOT NULL, account {code} NOT NULL,
        center {code} NOT NULL, title TEXT NOT NULL, kind {code} NOT NULL, centers TEXT NOT NULL,
        names TEXT NOT NULL, groups TEXT NOT NULL, record BOOLEAN NOT NULL, minutes {number} NOT NULL,
        notice_minutes {number} NOT NULL, note TEXT NOT NULL, made_by TEXT NOT NULL, saved_at {code} NOT NULL,
        PRIMARY KEY (id))""",
    "CREATE INDEX templates_account ON templates (account, seq)",
    "CREATE INDEX templates_center ON templates (center, seq)",
)
