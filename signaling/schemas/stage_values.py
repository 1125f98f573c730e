"""Layouts that are kept, as they are told."""

from __future__ import annotations

from hub.conference.stage_shapes import Grid
from hub.shapes import Author, Wire


class KeptLayout(Wire):
    """How pictures stand beside each other, kept under a name; a cell names a center."""

    id: str
    name: str
    grid: Grid
    cells: list[str | None]
    """Code of the center of each cell, as many as the grid has; null: it fills itself."""
    plates: bool
    """Whether each picture bears the name of its center."""
    by: Author
    at: str
