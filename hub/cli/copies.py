"""``hub copies``: how the second copy stands, and bringing back from it what is not on this machine."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hub.config import Config, ConfigError
from hub.copies.restoring import Restored, restore_all
from hub.copies.work import serve
from hub.depot.ports import BlobsAway
from hub.errors import Refusal
from hub.evidence.copied import KindCounts, Thing
from hub.store.copy_rows import CopyStore
from hub.store.database import Database

Data = dict[str, Any]


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("copies", help="the second copy of recordings, films and objects")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    status = actions.add_parser("status", help="how far the second copy is, and what could not be copied")
    status.set_defaults(run=_status)
    restore = actions.add_parser(
        "restore",
        help="bring files back from the second copy",
        description="Bring back what is not on this machine, or is another file than the journal tells of: everything, the "
        "files of one meeting, or one file. Each is verified by its SHA-256 before it takes its place; what was fetched of a "
        "file stays over an interruption and is not fetched again. A file that is whole is left alone. Without a database "
        "(a new data folder) all that stands in the copy is brought back, by what its keys tell. The hub may be running.",
    )
    what = restore.add_mutually_exclusive_group()
    what.add_argument("--meeting", metavar="ID", help="the files of this meeting alone")
    what.add_argument(
        "--file", metavar="NAME", help="this file alone: its path in its folder, or its SHA-256"
    )
    restore.set_defaults(run=_restore)
    work = actions.add_parser("work", help="what a running hub starts itself")
    work.set_defaults(run=lambda chosen, settings: serve(_named(settings)))


def _named(settings: Config) -> Config:
    if not settings.copies_s3_url:
        raise ConfigError("HUB_COPIES_S3_URL is not set: there is no second copy")
    return settings


def _status(chosen: argparse.Namespace, settings: Config) -> int:
    _named(settings)

    async def work() -> int:
        with _database(settings) as database:
            if database is None:
                print("there is no database here yet")
                return 1
            rows = CopyStore(database)
            counted, troubles = await rows.counts(), await rows.troubles()
        for kind, each in sorted(counted.kinds.items()):
            print(_line(kind, each))
        print(f"stand in the copy alone: {counted.released:,} files, {counted.released_bytes >> 20:,} MiB")
        for told in troubles:
            print(f"{told['reason']}: {told['kind']} {told['file']} (tried {told['tries']} times)")
        return 0 if counted.waiting == 0 and not troubles else 1

    return _plainly(work)


def _line(kind: str, each: KindCounts) -> str:
    return (
        f"{kind}: {each.copied:,} of {each.files:,} files verified, {each.copied_bytes >> 20:,} of "
        f"{each.bytes >> 20:,} MiB" + (f", {each.damaged:,} damaged there" if each.damaged else "")
    )


def _restore(chosen: argparse.Namespace, settings: Config) -> int:
    _named(settings)
    shown = _Shown()

    async def work() -> int:
        with _database(settings) as database:
            known = None
            if database is not None:
                known = await CopyStore(database).all_copied()
        wanted = _wanted(known, chosen.meeting, chosen.file)
        restored = await restore_all(settings, known, wanted, shown)
        shown.end()
        return _tell(restored)

    return _plainly(work)


def _wanted(known: list[Thing] | None, meeting: str | None, file: str | None) -> Any:
    """Which of the things are wanted. Raises ValueError for a meeting that nothing here tells of."""
    if meeting is not None:
        if known is None or not any(each.meeting == meeting for each in known):
            raise ValueError(f"the database here tells of no files of meeting {meeting} in the second copy")
        return lambda thing: thing.meeting == meeting
    if file is not None:
        return lambda thing: file in (thing.file, thing.sha256, thing.id)
    return lambda thing: True


def _tell(restored: Restored) -> int:
    for thing, reason in restored.failed:
        print(f"{reason}: {thing.kind} {thing.file}")
    print(
        f"{restored.fetched:,} files brought back ({restored.fetched_bytes / (1 << 20):,.1f} MiB), "
        f"{restored.whole:,} were here and whole, {len(restored.failed):,} could not be brought back"
    )
    if not restored.fetched and not restored.whole and not restored.failed:
        print("nothing of that stands in the second copy", file=sys.stderr)
        return 1
    return 1 if restored.failed else 0


@contextmanager
def _database(settings: Config) -> Iterator[Database | None]:
    """The database of the settings; None where there is none yet. It is not made."""
    kind, _, path = settings.database_url.partition(":///")
    if kind.startswith("sqlite") and not Path(path).exists():
        yield None
        return
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        database.close_now()


class _Shown:
    """How far it is, on one line of standard error where a person looks."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, thing: Thing, done: int, total: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(
                f"\r{100 * done // max(1, total)} % of {total >> 20:,} MiB  {thing.file[-48:]}        "
            )
            self._shown = True

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\n")


def _plainly(work: Any) -> int:
    try:
        return int(asyncio.run(work()))
    except (Refusal, BlobsAway, SQLAlchemyError, OSError, ValueError) as problem:
        print(f"hub: {getattr(problem, 'orig', None) or problem}", file=sys.stderr)
        return 1
