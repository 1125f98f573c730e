"""A loudspeaker that nobody hears, for a machine without one: PulseAudio with a sink that keeps time and drops all."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.waiting import eventually


@asynccontextmanager
async def loudspeaker() -> AsyncIterator[dict[str, str]]:
    """Yields what a browser's environment needs for it. Firefox runs no AudioContext without one."""
    temporary = tempfile.TemporaryDirectory()  # of a short name: that of a socket has an end
    folder = Path(temporary.name)
    socket = folder / "socket"
    process = await asyncio.create_subprocess_exec(
        *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--log-level=error"),
        *("-L", "module-null-sink", "-L", f"module-native-protocol-unix socket={socket} auth-anonymous=1"),
        env={**os.environ, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await eventually(socket.exists, 20, "PulseAudio did not start")
        yield {"PULSE_SERVER": f"unix:{socket}"}
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        temporary.cleanup()
