"""An upload and an object, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that is there. `object` is its SHA-256, hex; `type` its content type, the first it was uploaded with."""

    object: str
    bytes: int
    type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload that was begun: `bytes` long when it is whole. `object` is what it became, None before."""

    id: str
    account: str
    bytes: int
    type: str
    created_at: datetime
    object: str | None = None
