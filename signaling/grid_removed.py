"""A grid ends, alone or with its center, only while nobody is registered in it: the registry stands outside the journal.

Households of a village that is no more would be nobody's to see: they are moved into a grid that goes on first.
"""

from __future__ import annotations

from collections.abc import Iterable

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.catalog import grids_in, village_of
from signaling.services import Services


async def nothing_registered(services: Services, command: Command, account: Account) -> None:
    """Raises Refusal `conflict` for `grid.remove`, `center.remove` and `center.import` where somebody lives.

    Who may not do it anyway is told so by the rules, and nothing of what is registered.
    """
    tree = services.tree
    if command.kind == "grid.remove":
        grids = command.data["grids"]
        keeps = all(
            may(account, "grid.keep", tree, village_of(grid))
            or may(account, "grid.manage", tree, village_of(grid))
            for grid in grids
        )
        if keeps and await services.registry.in_grids(grids):
            raise Refusal("conflict", "households are registered there: join it with another grid", "grids")
    if command.kind in ("center.remove", "center.import"):
        await nobody_lives(
            services, [code for code in _gone(services, command) if may(account, "center.manage", tree, code)]
        )


def _gone(services: Services, command: Command) -> list[str]:
    """The centers that are taken out of the directory."""
    tree, data = services.tree, command.data
    top = data["center"] if command.kind == "center.remove" else data["within"]
    tops = [each.code for each in tree.roots] if top is None else [top] if top in tree else []
    there = [each.code for one in tops for each in tree.subtree(one)]
    if command.kind == "center.remove":
        return there
    listed = {each["code"] for each in data["centers"]} | {top}
    return [] if data["keep"] else [code for code in there if code not in listed]


async def nobody_lives(services: Services, centers: Iterable[str]) -> None:
    """Raises Refusal `conflict` where a household is registered in a grid of one of these centers."""
    total = sum(households for _, households in (await standing_at(services, centers)).values())
    if total:
        raise Refusal("conflict", f"{total} households are registered there: move them first", "households")


async def standing_at(services: Services, centers: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Center -> how many grids it has and how many households live in them; only those that have any."""
    of_village, codes = grids_in(services.writer.state).of_village, list(centers)
    sums = await services.registry.village_sums() if codes else {}
    found = {
        code: (len(of_village.get(code, ())), sums[code].households if code in sums else 0) for code in codes
    }
    return {code: counts for code, counts in found.items() if any(counts)}
