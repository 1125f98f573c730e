"""A hub's writer under load in a process of its own, to be killed.

``python -m tests.support.journal_child URL PREFIX MEETING`` writes one line ``id seq hash`` to standard output for each
command that was acknowledged, after it was.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

from tests.support.journal import HubWriter, command, running_writer
from tests.support.story import LEADER

CALLERS = 32


async def call(writer: HubWriter, prefix: str, caller: int, meeting: str) -> None:
    for number in itertools.count():
        id = f"{prefix}.{caller}.{number}"
        answer = await writer.submit(command("note.add", meeting, id=id, text=id), LEADER)
        # One write call: a kill cannot leave half a line that looks like another answer.
        os.write(1, f"{id} {answer.seq} {answer.entries[-1].hash}\n".encode())


async def run(url: str, prefix: str, meeting: str) -> None:
    async with running_writer(url) as (writer, _):
        await asyncio.gather(*(call(writer, prefix, caller, meeting) for caller in range(CALLERS)))


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
