"""The log of a process: written by a thread of its own, so that a disk that hangs stops neither packets nor commands."""

from __future__ import annotations

import atexit
import logging
import logging.handlers
import queue
import sys
from typing import Any, Final, TextIO

FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
#: Lines that wait for the disk; what is said beyond them is counted and left out.
MOST_WAITING: Final = 10_000


class _Handing(logging.handlers.QueueHandler):
    """Hands each record over; never waits."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord]) -> None:
        super().__init__(waiting)
        self._waiting = waiting
        self._left_out = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._left_out += 1
            return
        if self._left_out and self._waiting.qsize() < MOST_WAITING // 2:
            count, self._left_out = self._left_out, 0
            text = f"{count} lines were left out: the log could not be written fast enough"
            self.enqueue(logging.LogRecord(__name__, logging.ERROR, __file__, 0, text, None, None))


class _Writing(logging.handlers.QueueListener):
    """Writes what was handed over; at the end it waits until there is room to say that this is all."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord], writes: logging.Handler) -> None:
        super().__init__(waiting, writes)
        self._waiting: queue.Queue[Any] = waiting

    def enqueue_sentinel(self) -> None:
        self._waiting.put(getattr(self, "_sentinel"))  # noqa: B009 - the library's own word for the end


def later(stream: TextIO) -> tuple[logging.Handler, logging.handlers.QueueListener]:
    """A handler that never waits, and who writes to the stream what it was handed; not begun yet."""
    writes = logging.StreamHandler(stream)
    writes.setFormatter(logging.Formatter(FORMAT))
    waiting: queue.Queue[logging.LogRecord] = queue.Queue(MOST_WAITING)
    return _Handing(waiting), _Writing(waiting, writes)


def begin(level: str) -> None:
    """Write what is logged from now on to the error output, until the process ends. Once a process."""
    handler, listener = later(sys.stderr)
    listener.start()
    atexit.register(listener.stop)
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
