"""How much may be uploaded: an object, by an account in a day and at once, and in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hub.errors import Refusal

#: Uploads that one account may have begun and not finished.
IN_FLIGHT: Final = 12


@dataclass(frozen=True, slots=True)
class Limits:
    """The most there may be, in bytes."""

    object_bytes: int
    """Of one object."""
    day_bytes: int
    """That one account uploads within 24 h."""
    total_bytes: int
    """Of all objects and unfinished uploads together."""
    in_flight: int = IN_FLIGHT


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is when somebody begins an upload, in bytes as declared."""

    day_bytes: int
    """What the account has uploaded or begun within the last 24 h."""
    in_flight: int
    """How many of its uploads are not finished."""
    total_bytes: int
    """All objects and all unfinished uploads."""


def admit(limits: Limits, standing: Standing, wanted_bytes: int) -> None:
    """Whether one more upload may begin. Raises Refusal: `too_large`, `too_many`, `unavailable` when the hub is full."""
    if wanted_bytes < 1:
        raise Refusal("invalid", "an object has at least one byte", "bytes")
    if wanted_bytes > limits.object_bytes:
        raise Refusal("too_large", f"an object has at most {limits.object_bytes} bytes", "bytes")
    if standing.in_flight >= limits.in_flight:
        raise Refusal("too_many", f"{standing.in_flight} uploads are not finished; finish or cancel some")
    if standing.day_bytes + wanted_bytes > limits.day_bytes:
        raise Refusal("too_many", f"an account uploads at most {limits.day_bytes} bytes a day")
    if standing.total_bytes + wanted_bytes > limits.total_bytes:
        raise Refusal("unavailable", "the hub takes no more objects: they have reached HUB_OBJECTS_TOTAL_MB")
