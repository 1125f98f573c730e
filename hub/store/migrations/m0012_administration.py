"""Version 12: functional areas; until when a password that the hub gave can be used."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE centers ADD COLUMN functional BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE credentials ADD COLUMN one_time_until {code}",
)
