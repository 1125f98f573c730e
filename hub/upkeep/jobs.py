"""Long work in processes of their own, of low priority: control stands still for none of it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.clock import Clock, to_wire

#: Longest line that a job says.
MAX_LINE_BYTES: Final = 1 << 20

log = logging.getLogger(__name__)

Data = dict[str, Any]


class JobFailed(Exception):
    """It could not be done; says why."""


@dataclass(slots=True)
class Running:
    """A job that runs now."""

    name: str
    """`make-backup`, `verify-backup`, `verify-journal`."""
    about: str
    """The backup, or the verification."""
    begun_at: str
    what: str = ""
    """What it is at: `database`, `recordings`, `objects`, `files`, `entries`, `projections`; empty at first."""
    done: int = 0
    total: int = 0
    """Of so many; 0 where that is not known."""

    def to_wire(self) -> Data:
        """As pages see it."""
        return {name: getattr(self, name) for name in Running.__slots__}


class Jobs:
    """The jobs that run now, by what they are about."""

    def __init__(self, clock: Clock, environment: Mapping[str, str] | None = None) -> None:
        self.running: dict[str, Running] = {}
        self._clock = clock
        self._environment = dict(os.environ if environment is None else environment)

    async def run(self, name: str, about: str, spec: Mapping[str, Any]) -> Data:
        """Do it, and give back what came of it. Raises JobFailed. Cancelled, it ends the process."""
        job = self.running[about] = Running(name, about, to_wire(self._clock()))
        try:
            return await self._run(job, spec)
        finally:
            del self.running[about]

    async def _run(self, job: Running, spec: Mapping[str, Any]) -> Data:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "hub", "job", job.name, json.dumps(dict(spec))),
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=MAX_LINE_BYTES,
        )
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        try:
            ended: Data = {}
            async for line in process.stdout:
                told = json.loads(line)
                if "at" in told:
                    job.what, job.done, job.total = told["at"]
                else:
                    ended = told
            await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            said = (await errors).decode(errors="replace").strip()
        if "result" in ended:
            result: Data = ended["result"]
            return result
        if said:
            log.error("%s of %s said: %s", job.name, job.about, said[-2000:])
        raise JobFailed(str(ended.get("failed") or f"the process ended with {process.returncode}"))
