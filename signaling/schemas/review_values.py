"""What who reviews a meeting reads: marks of moments, small pictures of recorded parts."""

from __future__ import annotations

from typing import Literal

from hub.conference.marks import MarkKind
from hub.shapes import Author, Wire


class Mark(Wire):
    """A mark as it stands, or as it stood when it was taken back."""

    id: str
    seq: int
    """The entry that spoke of it last."""
    meeting: str
    at: str
    """The moment that is marked."""
    kind: MarkKind
    text: str
    by: Author
    made_at: str
    changed_at: str | None
    withdrawn_at: str | None


class MarksOfMeeting(Wire):
    """The marks of a meeting by their moments, those that were taken back among them."""

    marks: list[Mark]


class SmallPictures(Wire):
    """Small pictures of a recorded part: that of `at_ms[n]` stands in `sheets[n // 100]`, there at n % 100 in rows of `row`."""

    state: Literal["ready", "making", "none"]
    """`making`: ask again in a few seconds. `none`: of sound alone, of what still grows or cannot be read."""
    width: int
    """Of one picture, in pixels."""
    height: int
    row: int
    sheets: list[str]
    """Their addresses."""
    at_ms: list[int]
    """Moments in the part."""
