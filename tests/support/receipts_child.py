"""A hub's writer with callers in a process of its own, to be killed: ``python -m tests.support.receipts_child URL [ID…]``.

It does the work of `everything` but for the commands with these ids, and writes a line of `Receipt` for each that was answered,
after it was.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from tests.support.journal import HubWriter, command, running_writer
from tests.support.receipts import Ask, Asked, Callers, NotNow, Receipt
from tests.support.rules import CITY, OTHER_VILLAGE, VILLAGE, account

#: Callers that give orders at a time, and how many each gives.
CALLERS: Final = 16
ORDERS: Final = 5
TARGETS: Final = (VILLAGE, OTHER_VILLAGE)
#: Rows of the list that each of the targets has.
ROWS: Final = 60
CLEARING: Final = "li_000000000000000001"
#: Commands that `everything` gives.
COMMANDS: Final = CALLERS * ORDERS * (2 + 4 * len(TARGETS)) + 2 * ROWS * len(TARGETS)


def account_of(center: str) -> Account:
    """Who asks at this center: the city's leader, or a station."""
    return account("leader" if center == CITY else "station", center)


def asking(writer: HubWriter) -> Ask:
    """Ask this writer once."""

    async def ask(asked: Asked) -> Receipt:
        try:
            answer = await writer.submit(
                command(asked.kind, id=asked.id, **asked.data), account_of(asked.center)
            )
        except Refusal as refusal:
            if refusal.code == "unavailable":
                raise NotNow from None
            raise
        last = answer.entries[-1]
        return Receipt(asked, answer.seq, last.hash, str(last.data.get("order", "")))

    return ask


async def a_list(writer: HubWriter) -> None:
    """A list that is given out to the targets."""
    desk, counts = account("dispatcher", CITY), dict.fromkeys(TARGETS, ROWS)
    facts: dict[str, Any] = {
        "clearing": CLEARING,
        "title": "比对",
        "account": desk.id,
        "name": desk.name,
        "center": CITY,
    }
    until = to_wire(datetime.now(UTC) + timedelta(days=1))
    facts |= {"left_out": 0, "repeated": 0, "commitment": "0" * 64, "delete_at": until}
    await writer.submit(command("clearing.load", **facts, counts=counts), SYSTEM_ACCOUNT)
    await writer.submit(command("clearing.issue", clearing=CLEARING), desk)


async def everything(callers: Callers, done: Container[str] = ()) -> None:
    """The orders of all callers and the rows of the list, but for what is done."""

    async def orders(caller: int) -> None:
        for number in range(ORDERS):
            if f"{caller}.{number}.accept" not in done:
                await callers.order(f"{caller}.{number}", CITY, TARGETS)

    async def rows(center: str) -> None:
        first = ROWS * sorted(TARGETS).index(center) + 1
        wanted = range(first, first + ROWS)
        await callers.clear(CLEARING, center, [row for row in wanted if f"{row}.normal" not in done])

    await asyncio.gather(*map(orders, range(CALLERS)), *map(rows, TARGETS))


async def run(url: str, done: Container[str]) -> None:
    async with running_writer(url) as (writer, _):
        # One write call: a kill cannot leave half a line that looks like another answer.
        await everything(Callers(asking(writer), lambda receipt: os.write(1, receipt.line())), done)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], set(sys.argv[2:])))
