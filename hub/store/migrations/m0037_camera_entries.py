"""Version 41: which entries tell of a camera."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    """CREATE TABLE camera_entries (
        camera {code} NOT NULL, seq {number} NOT NULL, kind {code} NOT NULL, PRIMARY KEY (camera, seq)
    )""",
)
