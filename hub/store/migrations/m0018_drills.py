"""Version 18: whether a meeting, or a booked one, is a drill. Before, none was."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE meetings ADD COLUMN drill BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE bookings ADD COLUMN drill BOOLEAN NOT NULL DEFAULT FALSE",
)
