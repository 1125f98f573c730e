"""A list as a file for spreadsheets, as an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final, cast

from aiohttp import web

from hub.sheets.writing import TYPES, Kind, sheet_bytes
from signaling.params import Params

#: What a file of a drill says in its last row.
DRILL: Final = {"zh": "演练：不是真实情况，不计入统计", "en": "Drill: not real, not counted"}


async def sheet_answer(
    params: Params,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    drill: bool = False,
    language: str = "zh",
) -> web.Response:
    """The rows in the ``format`` that is asked for, CSV without one; of a `drill`, it says so. Raises Refusal `invalid`."""
    kind = cast("Kind", params.one_of("format", tuple(TYPES)) or "csv")
    if drill:
        name, rows = f"drill-{name}", [*rows, ["", DRILL[language], *[""] * (len(header) - 2)]]
    content = await asyncio.to_thread(sheet_bytes, kind, header, rows)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, headers=headers)
