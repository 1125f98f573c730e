"""Version 2: when and from where an account signed in last, and what was so before each session."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "ALTER TABLE accounts ADD COLUMN signed_in_at {code}",
    "ALTER TABLE accounts ADD COLUMN signed_in_from {code}",
    "ALTER TABLE tokens ADD COLUMN before_at {code}",
    "ALTER TABLE tokens ADD COLUMN before_from {code}",
)
