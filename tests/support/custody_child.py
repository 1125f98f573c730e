"""What carries disposal lists out, in a process that kills itself: ``python -m tests.support.custody_child FOLDER FILES``.

It ends by SIGKILL just before it takes the file after so many away; with FILES -1 it lives, and ends when all lists are over.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from hub.clock import system_clock
from hub.config import load
from hub.custody.disposal_shapes import Disposals
from hub.depot.build import build_depot
from hub.store.custody_store import CustodyStore
from hub.store.object_rows import SqlObjectRows
from hub.store.voice_store import VoiceStore
from hub.upkeep.disposer import Disposer
from tests.support.journal import running_writer


async def carry_out(folder: Path, files: int) -> None:
    """Carry out what was agreed to in the hub of this folder."""
    config = load({"HUB_DATA_DIR": str(folder)})
    left = [files]

    def unlink(path: Path) -> None:
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        path.unlink(missing_ok=True)

    async with running_writer(f"sqlite:///{folder}/hub.db") as (writer, database):
        depot = build_depot(config, SqlObjectRows(database), system_clock)
        disposer = Disposer(
            writer,
            CustodyStore(database),
            VoiceStore(database),
            depot,
            system_clock,
            recordings=config.recordings_dir,
            made=config.made_dir,
            unlink=unlink,
        )
        await disposer.once()
        assert not writer.state.parts.read(Disposals).open
        await depot.close()


if __name__ == "__main__":
    asyncio.run(carry_out(Path(sys.argv[1]), int(sys.argv[2])))
