"""Tasks, bookings, duty notes and banners are found by their words: no table changes, rows of `texts` are made anew."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final[tuple[str, ...]] = ()
