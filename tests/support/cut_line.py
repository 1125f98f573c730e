"""A TCP line to the hub that a test can cut: silently, as when a cable is pulled far away, or with a reset; or a thin one."""

from __future__ import annotations

import asyncio
import contextlib

#: What is taken at a time off a line that is thin: what is asked for meanwhile waits no longer than for that.
_PIECE_BYTES = 1400


class CutLine:
    """Passes every connection to `port` on to `target_port`, both on this machine.

    `bytes_per_s`: so much goes through each way, of all connections together; None: as much as comes.
    """

    def __init__(self, target_port: int, bytes_per_s: float | None = None) -> None:
        self._target_port = target_port
        self.bytes_per_s = bytes_per_s
        #: Bytes that went to the hub, and such that came from there.
        self.sent = self.came = 0
        self._free_at = {True: 0.0, False: 0.0}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self._refuses = False
        self.port = 0

    async def start(self) -> None:
        """Listen on a port of its own."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def silence(self) -> None:
        """Nothing passes any more, and nobody is told."""
        self._flows.clear()

    def reset(self) -> None:
        """Every connection ends at once, and new ones do, too."""
        self._refuses = True
        for writer in list(self._open):
            writer.transport.abort()

    def mend(self) -> None:
        """What waited passes, and new connections are taken."""
        self._refuses = False
        self._flows.set()

    async def stop(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        self.reset()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        for source, sink, up in ((reader, onward_writer, True), (onward_reader, writer, False)):
            task = asyncio.create_task(self._pass(source, sink, up=up))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, up: bool) -> None:
        self._open.add(sink)
        try:
            with contextlib.suppress(OSError):
                while data := await source.read(65_536 if self.bytes_per_s is None else _PIECE_BYTES):
                    await self._flows.wait()
                    await self._carried(len(data), up=up)
                    sink.write(data)
                    await sink.drain()
                await self._flows.wait()
        finally:
            self._open.discard(sink)
            sink.close()

    async def _carried(self, size: int, *, up: bool) -> None:
        """Until so many bytes have gone through in this direction, behind those that came before."""
        if up:
            self.sent += size
        else:
            self.came += size
        if self.bytes_per_s is None:
            return
        now = asyncio.get_running_loop().time()
        self._free_at[up] = max(now, self._free_at[up]) + size / self.bytes_per_s
        await asyncio.sleep(self._free_at[up] - now)
