"""Lists of cameras as values: one camera on its way in, and one list that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Brought:
    """A camera of a list: its row but for the number, and what stands beside it. `grams`: parted by blanks."""

    row: dict[str, Any]
    tags: list[str]
    grams: str
    mark: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A list of cameras that was brought."""

    batch: str
    center: str
    account: str
    name: str
    """Of the account."""
    at: str
    state: str
    cameras: int
    centers: int
    left_out: int
    digest: str
