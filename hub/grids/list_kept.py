"""Searches for rows of lists, and what they found, as values."""

from __future__ import annotations

from dataclasses import dataclass

from hub.grids.list_matching import Match


@dataclass(frozen=True, slots=True)
class ListSearch:
    """The last search for the rows of a list, and how far it has come."""

    clearing: str
    run: str
    scope: str
    """The center whose rows are looked for, with all below it."""
    account: str
    """Who asked for it; his name and center."""
    name: str
    center: str
    state: str
    """`matching`, `matched`, `sharing`, `shared`, `stopped`, `failed`."""
    done: int
    rows: int
    """How many are looked for, or given out."""
    begun_at: str
    ended_at: str | None
    why: str | None


@dataclass(frozen=True, slots=True)
class RowMatch:
    """Where a row belongs, with its center when it was found."""

    number: int
    center: str
    match: Match
