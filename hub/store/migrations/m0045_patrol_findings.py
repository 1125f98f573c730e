"""Version 50: findings of patrols are read by themselves, newest first; cameras that matter are looked at more often."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = (
    "CREATE INDEX patrol_checks_outcome ON patrol_checks (outcome, seq)",
    "CREATE INDEX cameras_important ON cameras (important, checked_at)",
)
