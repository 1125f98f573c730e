"""What the description says of one operation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `answer` and `body` are names of schemas, or content types of raw bodies."""

    method: str
    path: str
    says: str
    answer: str | None
    status: int = 200
    body: str | None = None
    query: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    open: bool = False
    also: tuple[int, str] | None = None
    """Another good answer: its status and schema."""
