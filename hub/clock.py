"""Time: the one place that reads the wall clock and writes it down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

#: Returns the present moment, timezone-aware UTC. Passed in wherever time matters, so that tests own it.
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)


def to_wire(moment: datetime) -> str:
    """RFC 3339 with microseconds and Z, the only form written anywhere: ``2026-11-23T08:00:00.000000Z``."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"


def from_wire(text: str) -> datetime:
    """The moment written in RFC 3339 with an offset. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    return moment.astimezone(UTC)
