"""The copier's process, as the hub sees it: begun when there is something to do, heard, ended."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

from hub.copies.ports import MAX_LINE_BYTES, Data, Do, Failed, Told, WorkLost
from hub.evidence.copied import Thing

PROGRAM: Final = (sys.executable, "-m", "hub", "copies", "work")

log = logging.getLogger(__name__)


class ChildHands:
    """One process of low priority, that does one thing after the other; it rests with nothing to do after `rest`."""

    def __init__(
        self, program: Sequence[str] = PROGRAM, environment: Mapping[str, str] | None = None
    ) -> None:
        self._program = program
        self._environment = dict(os.environ if environment is None else environment)
        self._process: asyncio.subprocess.Process | None = None

    async def do(self, what: Do, thing: Thing, told: Told) -> Data:
        """See Hands. Cancelled, it ends the process: what it was at is taken up by the next one."""
        process = await self._begun()
        assert process.stdin is not None
        assert process.stdout is not None
        over = False
        try:
            process.stdin.write((json.dumps({"do": what, "thing": asdict(thing)}) + "\n").encode())
            await process.stdin.drain()
            while line := await process.stdout.readline():
                said = json.loads(line)
                if "at" in said:
                    told(*said["at"])
                elif "failed" in said:
                    over = True
                    raise Failed(*said["failed"])
                else:
                    over = True
                    done: Data = said["done"]
                    return done
            raise WorkLost(f"the process ended with {await process.wait()}")
        except (ConnectionError, ValueError) as problem:
            raise WorkLost(str(problem)) from problem
        finally:
            if not over:
                await self.stop()

    async def stop(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _begun(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._program,
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=MAX_LINE_BYTES,
            )
            log.info("copying in process %d", self._process.pid)
        return self._process
