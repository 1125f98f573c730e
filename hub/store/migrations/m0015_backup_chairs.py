"""Version 15: who stands by to lead a booked meeting."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("ALTER TABLE bookings ADD COLUMN backup TEXT",)
