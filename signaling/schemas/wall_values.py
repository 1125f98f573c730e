"""Walls of cameras, and what was looked at and pictured, as they are told."""

from __future__ import annotations

from hub.cameras.walls import WallCell, WallGrid
from hub.conference.groups import GroupScope
from hub.shapes import Author, Wire


class KeptWall(Wire):
    """Cameras beside each other, or one grid of them after the other, kept under a name."""

    id: str
    scope: GroupScope
    name: str
    grid: WallGrid
    cameras: list[str | None]
    """The camera of each cell, null for none; of a tour all that it shows, in their order."""
    dwell_s: int | None
    """Of a tour: how long (seconds) each grid of pictures stands; null: the wall stands still."""
    cells: list[WallCell]
    """Cells that tour by themselves."""
    by: Author
    at: str
