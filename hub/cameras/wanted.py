"""What cameras are wanted of a list, and where a page of it begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_CURSOR: Final = re.compile(r"([0-9]{12})\.([0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class CameraFilter:
    """What cameras are wanted."""

    center: str | None = None
    #: Whether those below the center are wanted, too.
    below: bool = True
    #: Words that are found in the camera or on the path of its center, each.
    text: str | None = None
    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    important: bool = False
    #: Only such as others share with one's own centers.
    shared: bool = False
    #: Only such as may be watched, not merely read of.
    watch: bool = False
    #: The end of the page before: of `next`.
    cursor: str | None = None


def cursor_of(text: str) -> tuple[str, int] | None:
    """The place after which a page begins; None for what is no cursor."""
    found = _CURSOR.fullmatch(text)
    return None if found is None else (found[1], int(found[2]))
