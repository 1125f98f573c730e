"""Bodies of what is asked of views."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.fields import CenterCode, ObjectId
from hub.grids.views import ViewAsks
from hub.ruling import CommandData


class ReadingAsked(CommandData):
    """Read a view: one that is kept, one that is ready, or one that is not kept yet."""

    view: ObjectId | None = None
    """A view that is kept."""
    ready: str | None = Field(default=None, max_length=32, pattern=r"^[a-z_]+$")
    """The key of one that is ready."""
    asks: ViewAsks | None = None
    """What is asked, where it is neither."""
    center: CenterCode | None = None
    """At and below which center, instead of the view's own area."""
    full: bool = False
    """What is personal uncovered, where one may; the journal tells of it."""
    sums: bool = True
    """Whether all rows are counted as well."""


class ViewFileAsked(CommandData):
    """Have a file made of what a reading gives; the journal tells of it."""

    what: Literal["rows", "sums"] = "rows"
    """The rows, or what they sum up to."""
    format: Literal["csv", "xlsx"] = "xlsx"
    """Of which kind."""
    lang: Literal["zh", "en"] = "zh"
    """In which language."""
