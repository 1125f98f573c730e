"""Rows of lists that lie with somebody's grids, in full, for who walks there; and which rows follow households of a grid."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hub.dispatch.clearings import Clearing, Clearings
from hub.grids.catalog import Grid
from hub.sheets.list_columns import Tells, told, told_by
from hub.sheets.sealing import unpacked
from signaling.clearing_rows import OpenList, opened
from signaling.services import Json, Services


async def list_rows(
    services: Services, grids: Sequence[Grid]
) -> tuple[list[Json], dict[str, list[dict[str, str]]]]:
    """The rows that lie with these grids, by list and number, and the columns of each list that has some."""
    rows: list[Json] = []
    columns: dict[str, list[dict[str, str]]] = {}
    for found in _given(services):
        at = {row: grid.grid for grid in grids for row in found.rows_in(grid.village, grid.grid)}
        if at:
            there = await opened(services, found)
            rows += await _told(services, there, at)
            columns[found.id] = there.columns
    return rows, columns


def _given(services: Services) -> list[Clearing]:
    there = services.writer.state.parts.read(Clearings).by_id.values()
    return sorted((each for each in there if each.issued and each.grids), key=lambda each: each.id)


async def _told(services: Services, there: OpenList, at: Mapping[int, str]) -> list[Json]:
    clearing = there.clearing.id
    tells: dict[Tells, int] = told_by(there.columns)
    homes = await services.lists.matches.matches(clearing, list(at))
    rows = []
    for row in await services.lists.rows.rows(clearing, list(at)):
        _, cells = unpacked(there.key.open_row(row.number, row.sealed))
        home = homes.get(row.number)
        rows.append(
            {
                "clearing": clearing,
                "row": row.number,
                "grid": at[row.number],
                "household": home.match.household if home is not None else None,
                "who": told(tells, cells, "name"),
                "phone": told(tells, cells, "phone"),
                "where": told(tells, cells, "address"),
                "values": cells,
                "outcome": there.clearing.outcome(row.number),
                "trouble": row.trouble,
                "text": None if row.words is None else there.key.open_words(row.number, row.words),
                "at": row.at,
            }
        )
    return rows


async def rows_of_parts(
    services: Services, grid: str, parts: Sequence[Collection[str]]
) -> dict[str, list[list[int]]]:
    """Open list -> for each part of a split of this grid the rows of the households that it names."""
    village = grid[:12]
    lists = [each for each in _given(services) if each.rows_in(village, grid)]
    homes = await services.lists.matches.of_households(
        [each.id for each in lists], [household for part in parts for household in part]
    )
    return {
        each.id: [
            sorted(row for household in part for row in homes.get(each.id, {}).get(household, ()))
            for part in parts
        ]
        for each in lists
    }
