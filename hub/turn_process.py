"""The relay's own process, watched: what it says is logged at a pace, a renewed certificate is taken up, both end together."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import logging
import shutil
import signal
import sys
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

#: Lines that it may say at its start, and how often another one is passed on after that. Each wrong key is a line, and anybody
#: may bring wrong keys.
LINES_AT_ONCE: Final = 80
LINE_EVERY_S: Final = 1.0
#: How often the certificate's files are looked at.
CERTIFICATE_EVERY_S: Final = 60.0
_PR_SET_PDEATHSIG: Final = 1


class Paced:
    """Which of many lines are passed on. Times are seconds of a monotonic clock, passed in."""

    def __init__(self) -> None:
        self._left = float(LINES_AT_ONCE)
        self._at = 0.0
        self._kept_back = 0

    def take(self, line: str, now: float) -> list[str]:
        """The lines to write for this one: none, itself, or before it how many were left out."""
        self._left = min(float(LINES_AT_ONCE), self._left + (now - self._at) / LINE_EVERY_S)
        self._at = now
        if self._left < 1.0:
            self._kept_back += 1
            return []
        self._left -= 1.0
        kept_back, self._kept_back = self._kept_back, 0
        return [f"({kept_back} lines were left out)", line] if kept_back else [line]


async def run_turn(program: str, settings: Path, certificate: str) -> int:
    """Run the relay until it ends, or until SIGINT or SIGTERM; its exit code. `certificate`: its file, empty for none."""
    # By itself it would keep its lines back until some pages are full.
    by_lines = [found, "-oL"] if (found := shutil.which("stdbuf")) else []
    process = await asyncio.create_subprocess_exec(
        *by_lines,
        program,
        "-c",
        str(settings),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        preexec_fn=_end_with_parent,
    )
    loop = asyncio.get_running_loop()

    def stop() -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    watching = asyncio.create_task(_watch(process, certificate))
    try:
        assert process.stdout is not None
        paced = Paced()
        async for line in process.stdout:
            for passed in paced.take(line.decode(errors="replace").rstrip(), loop.time()):
                sys.stderr.write(f"{passed}\n")
            sys.stderr.flush()
        return await process.wait()
    finally:
        watching.cancel()
        stop()


async def _watch(process: asyncio.subprocess.Process, certificate: str) -> None:
    """Have it read its certificate anew whenever the file is another one."""
    if not certificate:
        return
    known = _age(certificate)
    while True:
        await asyncio.sleep(CERTIFICATE_EVERY_S)
        found = _age(certificate)
        if found is None or found == known:
            continue
        log.info("the certificate is another one; the relay takes it up")
        # One that began without any speaks no TLS: it has to begin anew, by whoever keeps it running.
        process.send_signal(signal.SIGTERM if known is None else signal.SIGUSR2)
        known = found


def _age(path: str) -> int | None:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return None


def _end_with_parent() -> None:
    """In the child: have the kernel end it when this process is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
