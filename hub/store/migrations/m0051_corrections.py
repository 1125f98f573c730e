"""Corrections are found by what they put right: each phone asks for those of its visits."""

from __future__ import annotations

from typing import Final

STATEMENTS: Final = ("CREATE INDEX visit_corrections_corrects ON visit_corrections (corrects)",)
