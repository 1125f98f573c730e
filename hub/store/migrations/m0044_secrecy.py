"""Version 47: levels of secrecy of meetings and bookings, and who is cleared: nobody, and nothing was secret before."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE accounts ADD COLUMN cleared BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE meetings ADD COLUMN level {code} NOT NULL DEFAULT 'normal'",
    "CREATE INDEX meetings_level ON meetings (level, id)",
    "ALTER TABLE bookings ADD COLUMN level {code} NOT NULL DEFAULT 'normal'",
)
