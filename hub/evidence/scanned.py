"""What the slow scan looks at, and how far it is: values of scan and store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ScanFinding = Literal["missing", "short", "changed"]


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be looked at: a part of a recording, or an object; its digest and size as the journal tells."""

    kind: Literal["part", "object"]
    id: str
    sha256: str
    bytes: int
    file: str = ""
    """Of a part: its file in the recordings folder."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How far it is: what there is, what of it was looked at since a moment, what is damaged."""

    total: int = 0
    looked: int = 0
    damaged: int = 0
