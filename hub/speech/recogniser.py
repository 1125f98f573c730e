"""A recogniser of speech as a child process: a WAV in, lines of JSON out. None comes with the hub; the operator names one.

It is started once a recorded file: the words of `HUB_RECOGNISER`, then the path of a WAV (16 kHz, 16 bits, one channel). The
folder of `HUB_RECOGNISER_MODEL` is told in the environment as `RECOGNISER_MODEL`. It writes one line for each thing said,
`{"from": 1.25, "to": 3.5, "text": "…"}` in seconds from the file's beginning, and ends with 0. Whatever else it does is a
fault with a name, and hurts nothing but its own lines.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

#: Lines of one file, characters of a line's text, and bytes that are read in all.
MAX_LINES, MAX_TEXT, MAX_BYTES = 20_000, 500, 16 << 20
MAX_LINE_BYTES: Final = 16 << 10
#: It may take so many times as long as the sound, and this at least.
TIMES, LEAST_S = 6.0, 60.0
_LOOK_S: Final = 0.2

Fault = Literal["missing", "died", "slow", "rubbish", "too_much"]


class RecogniserFailed(Exception):
    """It did not do what it should."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault: Fault = fault


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was said, ms from the file's beginning."""

    from_ms: int
    to_ms: int
    text: str


def recognise(
    command: Sequence[str],
    model: Path | None,
    wav: Path,
    duration_ms: int,
    told: Callable[[], None] = lambda: None,
    *,
    least_s: float = LEAST_S,
) -> list[Line]:
    """What is said in the WAV, by time. Raises RecogniserFailed; whatever it started is gone then."""
    limit = time.monotonic() + max(least_s, duration_ms / 1000 * TIMES)
    with tempfile.TemporaryFile() as said:
        try:
            child = subprocess.Popen(  # noqa: S603 - the operator's own program, no shell between
                [*command, str(wav)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                env=_environment(model),
                start_new_session=True,
            )
        except OSError as problem:
            raise RecogniserFailed("missing", f"{command[0]}: {problem.strerror}") from None
        try:
            _wait(child, said, limit, told)
        finally:
            _end(child)
        if child.returncode != 0:
            raise RecogniserFailed("died", f"it ended with {child.returncode}")
        said.seek(0)
        return _lines(said, duration_ms)


def _environment(model: Path | None) -> Mapping[str, str]:
    """What it may know: nothing of the hub's own settings and secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH") if name in os.environ
    }
    return kept if model is None else {**kept, "RECOGNISER_MODEL": str(model)}


def _wait(child: subprocess.Popen[bytes], said: IO[bytes], limit: float, told: Callable[[], None]) -> None:
    while True:
        try:
            child.wait(_LOOK_S)
        except subprocess.TimeoutExpired:
            told()
        if os.fstat(said.fileno()).st_size > MAX_BYTES:
            raise RecogniserFailed("too_much", f"it wrote more than {MAX_BYTES >> 20} MiB")
        if child.returncode is not None:
            return
        if time.monotonic() > limit:
            raise RecogniserFailed("slow", f"it takes more than {TIMES:g} times as long as the sound")


def _end(child: subprocess.Popen[bytes]) -> None:
    """It, and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    child.wait()


def _lines(said: IO[bytes], duration_ms: int) -> list[Line]:
    found: list[Line] = []
    while raw := said.readline(MAX_LINE_BYTES + 1):
        if len(raw) > MAX_LINE_BYTES or len(found) >= MAX_LINES:
            raise RecogniserFailed("too_much", f"more than {MAX_LINES} lines, or one that is too long")
        if raw.strip():
            found.append(_line(raw, duration_ms))
    return sorted((line for line in found if line.text), key=lambda line: line.from_ms)


def _line(raw: bytes, duration_ms: int) -> Line:
    try:
        told: Any = json.loads(raw)
        begins, ends, text = told["from"], told["to"], told["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RecogniserFailed("rubbish", "a line is no JSON with from, to and text") from None
    if not isinstance(text, str) or not _is_time(begins) or not _is_time(ends):
        raise RecogniserFailed("rubbish", "from and to are seconds, text is a text")
    clean = " ".join("".join(each if each.isprintable() else " " for each in text).split())[:MAX_TEXT]
    start = min(int(begins * 1000), duration_ms)
    return Line(start, max(start, min(int(ends * 1000), duration_ms)), clean)


def _is_time(value: Any) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value < 1e6
    )
