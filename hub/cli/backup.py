"""``hub backup`` and ``hub restore``: take the whole hub along while it runs, and bring it back on an empty machine."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from hub import config as settings_of
from hub.backup.check import check_backup
from hub.backup.create import BackupBusy, create_backup
from hub.backup.manifest import Manifest, NoBackup
from hub.backup.restore import restore
from hub.clock import system_clock
from hub.config import Config
from hub.errors import Refusal
from hub.house.backups import cut_off, running
from hub.ids import new_id
from hub.journal.ports import StoreBroken, StoreBusy, StoreLost
from hub.keeping import Keeping
from hub.owner import ANSWER_S, owner_link
from hub.store.copying import NotEmpty
from hub.store.database import open_database
from hub.store.migrations import SchemaTooNew

#: How often a running hub is asked how far it is.
LOOK_S = 0.3

Data = dict[str, Any]


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser("backup", help="make and verify backups, while the hub runs")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser(
        "create",
        help="make a backup of journal, recordings and objects",
        description="Make a backup of the whole hub: a consistent copy of the database, every closed part of recordings, "
        "every object, the checkpoints, and a list of all files with their SHA-256. A running hub makes it and tells its "
        "journal; meetings go on. A kill leaves nothing that passes for a backup; the next one goes on with what was copied.",
    )
    where = create.add_mutually_exclusive_group()
    where.add_argument("path", nargs="?", type=Path, help="where to, a path that is not there yet")
    where.add_argument(
        "--to", type=Path, metavar="FOLDER", help="a folder in which it gets a name of its own"
    )
    create.add_argument(
        "--with-keys", action="store_true", help="the hub's secret keys, too: keep such a backup as them"
    )
    create.set_defaults(run=_create)
    verify = actions.add_parser("verify", help="read a backup through: every file against its SHA-256")
    verify.add_argument("path", type=Path, help="the backup")
    verify.set_defaults(run=_verify)
    back = commands.add_parser(
        "restore",
        help="put a backup onto an empty machine",
        description="Read the backup through, and put it into the empty data folder and database that the settings name. "
        "Nothing that is there is overwritten: folders or a database that are not empty are refused. All sign in anew.",
    )
    back.add_argument("path", type=Path, help="the backup")
    back.add_argument("--data", type=Path, metavar="FOLDER", help="the data folder (HUB_DATA_DIR)")
    back.set_defaults(run=_restore)


class _Shown:
    """How far it is, on one line of standard error where a person looks."""

    def __init__(self) -> None:
        self._shown = False

    def __call__(self, what: str, done: int, total: int) -> None:
        if sys.stderr.isatty():
            share = f"{100 * done // total} % of {total >> 20:,} MiB" if total else ""
            sys.stderr.write(f"\r{what} {share}        ")
            self._shown = True

    def end(self) -> None:
        if self._shown:
            sys.stderr.write("\n")


def _plainly(work: Callable[[], int]) -> int:
    """Run `work`; what keeps it from its work is said in one line."""
    try:
        return work()
    except (
        *(Refusal, NoBackup, BackupBusy, NotEmpty, StoreBroken, StoreLost, SchemaTooNew),
        *(SQLAlchemyError, OSError, ValueError),
    ) as problem:
        print(f"hub: {getattr(problem, 'orig', None) or problem}", file=sys.stderr)
        return 1


def _create(chosen: argparse.Namespace, settings: Config) -> int:
    now = system_clock().astimezone()
    target = chosen.path or (chosen.to or settings.backup_dir) / f"lianxian-{now:%Y%m%d-%H%M%S}"
    shown = _Shown()
    try:
        return _plainly(
            lambda: asyncio.run(_make(settings, target.absolute(), bool(chosen.with_keys), shown))
        )
    finally:
        shown.end()


async def _make(settings: Config, target: Path, with_keys: bool, shown: _Shown) -> int:
    asked = {"path": str(target), "keys": with_keys}
    id = f"owner-{new_id('s', system_clock())}"
    async with AsyncExitStack() as stack:
        database = open_database(settings.database_url)
        stack.push_async_callback(database.close)
        keeping = Keeping(settings, database, system_clock)
        stack.push_async_callback(keeping.stop)
        try:
            await keeping.start()
        except StoreBusy:
            return await _follow(settings, id, asked, shown)
        if keeping.writer.broken is not None:
            raise StoreBroken(f"{keeping.writer.broken}; copy the files by hand before you mend it")
        # Whoever has the journal knows that nobody else makes one: what is said to run was cut off.
        while (left := running(keeping.writer.state)) is not None:
            await keeping.give(*cut_off(left))
        (begun,) = await keeping.give("backup.make", asked, id)
        name = begun.data["backup"]
        try:
            manifest = await asyncio.to_thread(
                lambda: create_backup(
                    settings, target, system_clock, name=name, with_keys=with_keys, progress=shown
                )
            )
        except (BackupBusy, OSError, SQLAlchemyError) as problem:
            await keeping.give("backup.note_failed", {"backup": name, "reason": str(problem)[:400]})
            raise
        made = {"backup": name, "path": str(target), "seq": manifest.seq, "tip": manifest.tip, "took_ms": 0}
        counted = {"bytes": manifest.bytes, "files": len(manifest.files), "missing": len(manifest.missing)}
        await keeping.give("backup.note_made", {**made, **counted})
    return _tell(str(target), manifest.seq, manifest.bytes, len(manifest.files), len(manifest.missing))


async def _follow(settings: Config, id: str, asked: Data, shown: _Shown) -> int:
    """Have the running hub make it, and wait until it has."""
    async with owner_link(settings) as link:
        answer = await link.call("command", {"id": id, "kind": "backup.make", "data": asked}, ANSWER_S)
        name = answer["entries"][0]["data"]["backup"]
        while True:
            standing = await link.call("job", {"about": name}, ANSWER_S)
            if standing["state"] == "made":
                break
            if standing["state"] == "failed":
                raise OSError(f"the hub could not make it: {standing['reason']}")
            if standing["at"]:
                shown(*standing["at"])
            await asyncio.sleep(LOOK_S)
    return _tell(*(standing[word] for word in ("path", "seq", "bytes", "files", "missing")))


def _tell(path: str, seq: int, size: int, files: int, missing: int) -> int:
    print(f"{path}: the journal up to entry {seq:,}, {files:,} files, {size / (1 << 20):,.1f} MiB")
    if missing:
        print(
            f"{missing} files that the journal names were missing or other ones: hub journal verify names them"
        )
    return 0


def _verify(chosen: argparse.Namespace, settings: Config) -> int:
    shown = _Shown()

    def work() -> int:
        try:
            checked = check_backup(chosen.path, shown)
        finally:
            shown.end()
        for finding in checked.findings:
            print(finding)
        _say_what(checked.manifest)
        print("the backup holds" if checked.holds else f"{len(checked.findings)} findings")
        return 0 if checked.holds else 1

    return _plainly(work)


def _say_what(manifest: Manifest) -> None:
    print(
        f"made at {manifest.made_at}: {manifest.entries:,} entries up to {manifest.seq:,} ({manifest.tip[:16]}…), "
        f"{len(manifest.files):,} files, {'with' if manifest.keys else 'without'} keys"
    )
    if manifest.missing:
        print(f"missing when it was made: {len(manifest.missing)}, the first {manifest.missing[0]}")


def _restore(chosen: argparse.Namespace, settings: Config) -> int:
    shown = _Shown()

    def work() -> int:
        place = settings
        if chosen.data is not None:
            place = settings_of.load({**os.environ, "HUB_DATA_DIR": str(chosen.data)})
        try:
            manifest = restore(place, chosen.path, shown)
        finally:
            shown.end()
        _say_what(manifest)
        print(f"put into {place.data_dir}; hub journal verify says whether all is there, then start the hub")
        if not manifest.keys:
            print(
                "without keys: it makes new ones, so nodes elsewhere and browsers have to be told or sign in anew"
            )
        return 0

    return _plainly(work)
