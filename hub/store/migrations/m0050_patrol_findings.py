"""Version 50: findings of patrols are read by themselves, newest first."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX patrol_checks_outcome ON patrol_checks (outcome, seq)",)
