"""A list as a file for spreadsheets, as an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import cast

from aiohttp import web

from hub.sheets.writing import TYPES, Kind, sheet_bytes
from signaling.params import Params


async def sheet_answer(
    params: Params, name: str, header: Sequence[str], rows: Sequence[Sequence[str]]
) -> web.Response:
    """The rows in the ``format`` that is asked for, CSV without one. Raises Refusal `invalid`."""
    kind = cast("Kind", params.one_of("format", tuple(TYPES)) or "csv")
    content = await asyncio.to_thread(sheet_bytes, kind, header, rows)
    headers = {
        "Content-Type": TYPES[kind],
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, headers=headers)
