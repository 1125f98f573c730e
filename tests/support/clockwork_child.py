"""A hub's writer and clockwork in a process of its own, stopped at the moment at which it is to be killed.

``python -m tests.support.clockwork_child URL MOMENT AHEAD_S KIND…``: its clock is AHEAD_S before the machine's. At ``before``
it stands still when a command of the clockwork that makes an entry of one of these kinds is about to be committed,
at ``after`` when it just was and nobody heard of it. Then it writes one line to standard output.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import datetime, timedelta

from hub.clock import system_clock
from hub.coordination.clockwork import Clockwork
from hub.journal.ports import Batch
from hub.store.journal_store import SqlJournalStore
from tests.support.journal import running_writer


def stand_still() -> None:
    os.write(1, b"now\n")
    time.sleep(600)


async def run(url: str, moment: str, ahead_s: float, *kinds: str) -> None:
    append = SqlJournalStore.append

    async def watched(self: SqlJournalStore, batch: Batch) -> None:
        is_ours = any(entry.kind in kinds for entry in batch.entries)
        if is_ours and moment == "before":
            stand_still()
        await append(self, batch)
        if is_ours:
            stand_still()

    SqlJournalStore.append = watched  # type: ignore[method-assign]

    def clock() -> datetime:
        return system_clock() + timedelta(seconds=ahead_s)

    async with running_writer(url, clock=clock) as (writer, _):
        await Clockwork(writer, clock).run()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], float(sys.argv[3]), *sys.argv[4:]))
