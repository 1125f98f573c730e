"""Rows of lists of people, opened for who may read them: in full at their own center, masked for all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aiohttp import web

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.tree import CenterTree
from hub.dispatch.clearings import Clearing, clearing_of, sees_clearing
from hub.errors import Refusal
from hub.grids.list_rows import walks_rows
from hub.sheets.sealing import ListKey, masked, unpacked
from signaling.services import Json, KeptRow, Services


@dataclass(frozen=True, slots=True)
class OpenList:
    """A list whose rows are there, with what opens them."""

    clearing: Clearing
    key: ListKey
    columns: list[dict[str, str]]


def readable_list(services: Services, account: Account, clearing: str) -> Clearing:
    """A list whose rows are there and of which something is for this account. Raises Refusal `not_found`."""
    found = clearing_of(services.writer.state, clearing)
    if found is not None and sees_clearing(account, services.tree, found):
        return found
    raise Refusal("not_found", "there is no such list, or its rows are gone", "clearing")


def own_list(services: Services, account: Account, clearing: str) -> Clearing:
    """The same, also for who walks a grid that rows of it are given to. Raises Refusal `not_found`."""
    state = services.writer.state
    found = clearing_of(state, clearing)
    if found is not None and walks_rows(state, account, services.tree, found):
        return found
    return readable_list(services, account, clearing)


def path_row(request: web.Request) -> int:
    """The number of a row in the address. Raises Refusal `not_found`."""
    text = request.match_info["row"]
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Refusal("not_found", "there is nothing here")
    return int(text)


def reads_center(tree: CenterTree, account: Account, found: Clearing, center: str) -> bool:
    """Whether the account may read this center's rows of the list, masked or not."""
    return any(may(account, "clearing.read", tree, code) for code in (found.center, center))


def reads_in_full(tree: CenterTree, account: Account, found: Clearing, center: str) -> bool:
    """Whether the account checks these rows itself, and has received them."""
    own = account.center == center and may(account, "clearing.carry_out", tree, center)
    return own and found.issued and account.id in found.taken


async def opened(services: Services, found: Clearing) -> OpenList:
    """What opens the rows. Raises Refusal `not_found` where they are gone."""
    kept = await services.lists.rows.key(found.id)
    if kept is None:
        raise Refusal("not_found", "there is no such list, or its rows are gone", "clearing")
    return OpenList(found, services.lists.key.open(found.id, kept[0]), kept[1])


async def rows_told(
    services: Services, there: OpenList, numbers: Collection[int], *, full: bool
) -> list[Json]:
    """The rows of these numbers, as on the wire."""
    kept = await services.lists.rows.rows(there.clearing.id, numbers)
    others = await _same(services, there.clearing, {row.mark for row in kept if row.mark is not None})
    return [_row(services.tree, there, row, others, full=full) for row in kept]


async def _same(
    services: Services, found: Clearing, marks: Collection[str]
) -> Mapping[str, tuple[list[int], int]]:
    """Mark -> rows of this list, and how many of other lists."""
    own: defaultdict[str, list[int]] = defaultdict(list)
    elsewhere: defaultdict[str, int] = defaultdict(int)
    for each in await services.lists.rows.same(marks):
        if each.clearing == found.id:
            own[each.mark].append(each.number)
        else:
            other = clearing_of(services.writer.state, each.clearing)
            elsewhere[each.mark] += other is not None and other.issued
    return {mark: (own[mark], elsewhere[mark]) for mark in marks}


def _row(
    tree: CenterTree,
    there: OpenList,
    row: KeptRow,
    others: Mapping[str, tuple[list[int], int]],
    *,
    full: bool,
) -> Json:
    source, cells = unpacked(there.key.open_row(row.number, row.sealed))
    found = there.clearing
    own, elsewhere = others.get(row.mark or "", ([], 0))
    same = [(number, found.holder(number) or "") for number in own if number != row.number]
    return {
        "number": row.number,
        "source": source,
        "grid": found.grid(row.number),
        "outcome": found.outcome(row.number),
        "trouble": row.trouble,
        "at": row.at,
        "values": [
            cell if full or column["role"] == "shown" else masked(cell)
            for cell, column in zip(cells, there.columns, strict=True)
        ],
        "masked": not full,
        "text": there.key.open_words(row.number, row.words) if full and row.words is not None else None,
        "written": row.words is not None,
        "same": [
            {
                "number": number,
                "center": code,
                "name": tree[code].name if code in tree else code,
                "outcome": found.outcome(number),
            }
            for number, code in same
        ],
        "elsewhere": elsewhere,
    }
