"""``/api/v1/audit/export``: what was found, as a file that is handed over. It is told of before its first byte."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from typing import Any, Final

import xlsxwriter
from aiohttp import web

from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.house.parts import Accounts
from hub.ids import new_id
from hub.journal.audit_file import harmless, last_line, line_of, row_of
from hub.rules import parse_data
from signaling.audit_asked import SEARCH, Asked, asked, further
from signaling.auth import require_account
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Services

#: Entries read at a time.
PIECE: Final = 1000
#: Rows of one sheet; Excel takes 1,048,576.
SHEET_ROWS: Final = 1_000_000
FORMS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
HEADS: Final = {
    "zh": (
        "序号",
        "时间（UTC）",
        "操作者",
        "姓名",
        "账号",
        "中心代码",
        "中心",
        "类型",
        "内容",
        "上一条哈希",
        "本条哈希",
    ),
    "en": (
        "number",
        "time (UTC)",
        "account id",
        "name",
        "user name",
        "center",
        "center name",
        "kind",
        "content",
        "previous hash",
        "hash",
    ),
}


async def export(request: web.Request) -> web.StreamResponse:
    """``GET``: all that was found, newest first, as CSV, as a workbook, or as JSON lines with all that proves an entry."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*SEARCH, "form", "lang"})
    form = params.one_of("form", FORMS) or "csv"
    head = HEADS[params.one_of("lang", HEADS) or "zh"]
    question = asked(request, account, params)
    newest, _ = await services.queries.audit(question.wanted, 1)
    up_to = newest[0].seq if newest else 0
    await _tell(services, account, question, form, up_to)
    name = f"audit-{services.clock():%Y%m%d-%H%M%S}.{form}"
    response = web.StreamResponse(
        headers={
            "Content-Type": FORMS[form],
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    entries = _found(services, question, up_to)
    await response.prepare(request)
    if form == "xlsx":
        await _workbook(services, entries, head, response)
    elif form == "csv":
        await response.write("\ufeff".encode() + _csv([head]))  # so that Excel takes it for UTF-8
        async for piece in entries:
            await response.write(_csv([_row(services, entry) for entry in piece]))
    else:
        await _lines(services, entries, response)
    await response.write_eof()
    return response


async def _lines(
    services: Services, entries: AsyncIterator[list[Entry]], response: web.StreamResponse
) -> None:
    """With a sum at the end, so that a file that was cut off or touched is known: `hub journal check-export`."""
    digest, count = hashlib.sha256(), 0
    async for piece in entries:
        block = "".join(line_of(entry) for entry in piece).encode()
        digest.update(block)
        count += len(piece)
        await response.write(block)
    signed = await services.queries.newest_checkpoint()
    await response.write(last_line(count, digest.hexdigest(), signed).encode())


async def _tell(services: Services, account: Account, question: Asked, form: str, up_to: int) -> None:
    """Raises Refusal `unavailable` when it cannot be written: then nothing is given out."""
    kind = "audit.note_exported"
    data = parse_data(kind, {**question.told, "form": form, "up_to": up_to})
    await services.writer.submit(Command(new_id("s", services.clock()), kind, None, data), SYSTEM_ACCOUNT)


async def _found(services: Services, question: Asked, up_to: int) -> AsyncIterator[list[Entry]]:
    """What was there when it was asked, in pieces."""
    before: int | None = min(up_to + 1, question.wanted.before or up_to + 1)
    while before is not None:
        piece, before = await services.queries.audit(further(question.wanted, before), PIECE)
        yield piece


def _row(services: Services, entry: Entry) -> list[str]:
    account = services.writer.state.parts.read(Accounts).by_id.get(entry.actor.account)
    center = services.tree.get(entry.actor.center)
    who = (account.name, account.username) if account is not None else ("", "")
    return row_of(entry, *who, center.name if center is not None else "")


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return file.getvalue().encode()


async def _workbook(
    services: Services, entries: AsyncIterator[list[Entry]], head: Sequence[str], response: web.StreamResponse
) -> None:
    """A workbook is whole only at its end: it is made in a file, a row at a time, and sent from there."""
    with tempfile.TemporaryFile() as file:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = await asyncio.to_thread(xlsxwriter.Workbook, file, options)
        with closing(book):
            sheet: Any = None
            at = SHEET_ROWS
            async for piece in entries:
                rows = [_row(services, entry) for entry in piece]
                for start in range(0, len(rows), PIECE):
                    if sheet is None or at + PIECE > SHEET_ROWS:
                        sheet, at = book.add_worksheet(), 1
                        sheet.write_row(0, 0, head)
                        sheet.freeze_panes(1, 0)
                        sheet.set_column(1, 10, 24)
                    await asyncio.to_thread(_write_rows, sheet, at, rows[start : start + PIECE])
                    at += len(rows[start : start + PIECE])
            if sheet is None:
                book.add_worksheet().write_row(0, 0, head)
        file.seek(0)
        while block := await asyncio.to_thread(file.read, 1 << 18):
            await response.write(block)


def _write_rows(sheet: Any, at: int, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows, start=at):
        sheet.write_number(number, 0, int(row[0]))
        for column, cell in enumerate(row[1:], start=1):
            sheet.write_string(number, column, cell)


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/audit/export", export)]
