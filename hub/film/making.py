"""A film as a job's process makes it: planned once, made in pieces of a minute, each kept over a crash, and joined.

The pieces are made by as many processes as jobs may run (`HUB_JOBS`); several films together take no more than that.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from hub.config import Config
from hub.entry import Entry
from hub.film.plan import NothingRecorded, plan_film
from hub.jobs.work import Data, Order, Told, WorkFailed
from hub.store.database import Database
from hub.store.meeting_reading import whole_meeting
from recordings.film.joining import CodecError, chapters_text, join, vtt
from recordings.film.lettering import NoFont
from recordings.film.pictures import encode_piece, pieces
from recordings.film.scenes import Plan

#: What a film takes on the disk, at most in the mean: bytes a second.
BYTES_A_SECOND: Final = 500_000
#: How much of the whole work joining is.
_JOINING: Final = 0.06
_LOOK_S: Final = 0.2

log = logging.getLogger(__name__)


def make_film(settings: Config, order: Order, told: Told) -> Data:
    """Make it, or go on with it. Raises WorkFailed, OSError."""
    told("reading", 0, 1)
    plan = _planned(settings, order)
    root = settings.recordings_dir
    missing = [each.file for each in plan.sources if not (root / each.file).is_file()]
    if len(missing) == len(plan.sources):
        raise WorkFailed("missing", f"{len(missing)} recorded files are not here")
    _require_room(settings, order.folder, plan.length_ms)
    folder = order.folder / "pieces"
    folder.mkdir(exist_ok=True)
    parts = [(start, end, folder / f"{start:09}.mp4") for start, end in pieces(plan)]
    total = plan.length_ms * (1 + _JOINING)
    try:
        unreadable = _encode(settings, plan, root, parts, lambda ms: told("pictures", ms, total))
        film = order.out / "film.mp4"
        done = plan.length_ms
        join(
            plan,
            root,
            [(start, path) for start, _, path in parts],
            film,
            lambda ms: told("joining", done + ms * _JOINING, total),
        )
    except NoFont as problem:
        raise WorkFailed("fault", str(problem)) from None
    except CodecError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise WorkFailed("no_room", "the disk is full") from None
        raise WorkFailed("fault", f"{type(problem).__name__}: {problem}") from None
    if unreadable and len(unreadable | set(missing)) == len(plan.sources):
        raise WorkFailed("unreadable", f"{len(unreadable)} recorded files cannot be read")
    (order.out / "chapters.vtt").write_text(chapters_text(plan), encoding="utf-8")
    (order.out / "words.vtt").write_text(vtt(plan.cues), encoding="utf-8")
    return {
        "began_at": plan.began_at,
        "duration_ms": plan.length_ms,
        "missing": len(set(missing) | unreadable),
    }


def _planned(settings: Config, order: Order) -> Plan:
    """The plan that an earlier process of this job made, else a new one: pieces are of one plan."""
    kept = order.folder / "plan.json"
    if kept.exists():
        return Plan.from_text(kept.read_text(encoding="utf-8"))
    try:
        plan = plan_film(_entries(settings, order.meeting or ""), settings.time_zone)
    except NothingRecorded as problem:
        raise WorkFailed("no_recording", str(problem)) from None
    fresh = order.folder / "plan.json.new"
    fresh.write_text(plan.to_text(), encoding="utf-8")
    fresh.rename(kept)
    return plan


def _entries(settings: Config, meeting: str) -> list[Entry]:
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            return whole_meeting(connection, meeting)
    finally:
        database.close_now()


def _require_room(settings: Config, folder: Path, length_ms: int) -> None:
    needed = length_ms // 1000 * BYTES_A_SECOND + (settings.disk_reserve_mb << 20)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise WorkFailed("no_room", f"{free >> 20} MiB are free, {needed >> 20} may be needed")


def _encode(
    settings: Config,
    plan: Plan,
    root: Path,
    parts: list[tuple[int, int, Path]],
    heard: Callable[[float], None],
) -> set[str]:
    """Make the pieces that are not there yet. Returns the files that could not be read."""
    ready = sum(end - start for start, end, path in parts if path.exists())
    todo = [each for each in parts if not each[2].exists()]
    heard(ready)
    unreadable: set[str] = set()
    if settings.jobs == 1 or len(todo) < 2:
        for start, end, path in todo:
            unreadable |= encode_piece(plan, root, start, end, path, _after(ready, heard))
            ready += end - start
        return unreadable
    text = plan.to_text()
    # spawned: a fork would take libav's threads along halfway
    with ProcessPoolExecutor(min(settings.jobs, len(todo)), get_context("spawn"), _calm) as pool:
        cores = settings.made_dir / "work"
        waiting = {pool.submit(_piece, text, root, each, cores, settings.jobs): each for each in todo}
        while waiting:
            growing = sum(_progress(each[2]) for each in waiting.values())
            heard(ready + growing)
            for future in [each for each in waiting if each.done()]:
                unreadable |= future.result()
                start, end, _ = waiting.pop(future)
                ready += end - start
            time.sleep(_LOOK_S)
    return unreadable


def _after(ready: int, heard: Callable[[float], None]) -> Callable[[int], None]:
    return lambda ms: heard(ready + ms)


def _calm() -> None:
    logging.disable(logging.WARNING)


def _piece(text: str, root: Path, part: tuple[int, int, Path], cores: Path, most: int) -> set[str]:
    """One piece, in a process of the pool, on a core of its own."""
    start, end, path = part
    note = path.with_suffix(".ms")
    with _core(cores, most):
        last = 0.0

        def heard(ms: int) -> None:
            nonlocal last
            if time.monotonic() - last > 1.0:
                last = time.monotonic()
                note.write_text(str(ms))

        unreadable = encode_piece(Plan.from_text(text), root, start, end, path, heard)
    note.unlink(missing_ok=True)
    return unreadable


def _progress(path: Path) -> int:
    try:
        return int(path.with_suffix(".ms").read_text() or 0)
    except (OSError, ValueError):
        return 0


@contextlib.contextmanager
def _core(folder: Path, most: int) -> Iterator[None]:
    """One of so many places; a process that dies gives its own back."""
    files: list[Any] = [open(folder / f"core-{each}.lock", "a+") for each in range(most)]  # noqa: SIM115
    try:
        while True:
            for file in files:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                yield
                return
            time.sleep(_LOOK_S)
    finally:
        for file in files:
            file.close()
