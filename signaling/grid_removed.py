"""A grid is taken away only while no household is registered in it: the registry stands outside the journal."""

from __future__ import annotations

from hub.entry import Command
from hub.errors import Refusal
from signaling.services import Services


async def nothing_registered(services: Services, command: Command) -> None:
    """Raises Refusal `conflict` for `grid.remove` of a grid in which somebody lives: such a grid is joined with another one."""
    if command.kind == "grid.remove" and await services.registry.in_grids(command.data["grids"]):
        raise Refusal("conflict", "households are registered there: join it with another grid", "grids")
