"""Lists for the registry as values: one that came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Batch:
    """A list that was brought. Until it is `live` nobody sees anything of it."""

    batch: str
    center: str
    account: str
    name: str
    """Of the account."""
    at: str
    state: str
    """`loading`, `live`, `undone`."""
    counts: dict[str, Any]
    """`households`, `persons`, `buildings`, `left_out`, and the codes of its `grids`."""
