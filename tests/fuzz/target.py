"""What a fuzzing target is, and when an input counts as an escape: a wrong exception, or too much time."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

#: No single input may take longer, in ms of processor time.
SLOW_MS: Final = 10.0
#: How often a slow input is tried again: only the least time says what the input costs, the others what else happened.
_AGAIN: Final = 3

Run = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """Something that takes bytes from outside.

    `begin` makes it ready and returns what takes one input; `refusals` are the exceptions by which it may refuse one;
    `seeds` gives inputs to begin with; `words` are bytes that inputs are made of; `longest` is in bytes.
    """

    name: str
    begin: Callable[[], Run]
    seeds: Callable[[], list[bytes]]
    refusals: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    longest: int = 1500


@dataclass(frozen=True)
class Escape:
    """What an input did that none may do: the exception it raised, or None and the time it took."""

    error: Exception | None
    took_ms: float

    @property
    def what(self) -> str:
        """The exception with the place it came from, or the time."""
        if self.error is None:
            return f"{self.took_ms:.1f} ms"
        trace = self.error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = "" if trace is None else f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        return f"{type(self.error).__name__}: {self.error}{place}"


def judge(run: Run, refusals: tuple[type[Exception], ...], data: bytes) -> Escape | None:
    """Give `data` to a target; what it did wrong, None if nothing."""
    least = float("inf")
    for _ in range(1 + _AGAIN):
        begun = time.thread_time()
        try:
            run(data)
        except refusals:
            pass
        except Exception as error:
            return Escape(error, 0.0)
        least = min(least, (time.thread_time() - begun) * 1000)
        if least <= SLOW_MS:
            return None
    return Escape(None, least)


class LoggedBugs(logging.Handler):
    """Finds exceptions that the hub caught at a boundary, logged, and went on from: bugs all the same."""

    def __init__(self) -> None:
        super().__init__()
        self._found: list[BaseException] = []
        logger = logging.getLogger("hub")
        logger.addHandler(self)
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info is not None and record.exc_info[1] is not None:
            self._found.append(record.exc_info[1])

    def check(self) -> None:
        """Raise what was logged since the last time."""
        if self._found:
            found, self._found = self._found, []
            raise found[0]
