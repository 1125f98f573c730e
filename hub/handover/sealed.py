"""What jobs share that give evidence out: what they are made of, whether there is room, and the bundle, once it is signed."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import BinaryIO, Final

from hub.clock import system_clock
from hub.config import Config
from hub.directory.accounts import Account
from hub.evidence.bundle import Built, Progress, Request, Unproven, build
from hub.evidence.stored_zip import TooLarge
from hub.jobs.work import Order, Told, WorkFailed
from hub.journal.checkpoint import Signer
from hub.store.database import Database
from hub.store.handover_reading import Handed, handed

#: The newest entries are signed within a minute: so long (s) it is waited for that.
SEALED_S: Final = 100.0
LOOK_S: Final = 3.0


def read_handed(settings: Config, order: Order) -> Handed:
    """All that the job's meeting left, as who asked may read it now. Raises WorkFailed."""
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            found = handed(connection, order.job, order.meeting or "", system_clock())
    finally:
        database.close_now()
    if found is None:
        raise WorkFailed("missing", "who asked may not read the meeting any more")
    return found


def begin_out(settings: Config, order: Order, needed_bytes: int) -> None:
    """Take away half of a file by a process that was killed, and see that there is room. Raises WorkFailed."""
    for left in order.out.iterdir():
        left.unlink()
    free = shutil.disk_usage(order.folder).free
    if free < needed_bytes + (settings.disk_reserve_mb << 20):
        raise WorkFailed("no_room", f"{free >> 20} MiB are free, {needed_bytes >> 20} are needed")


def write_bundle(
    settings: Config,
    order: Order,
    file: BinaryIO,
    told: Told,
    *,
    recordings: Path | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Built:
    """The evidence bundle; that the entries of the meeting are signed is waited for. With `recordings` of any size.

    Raises WorkFailed, OSError, what `progress` raises.
    """
    signer = Signer(settings.data_dir)
    until = time.monotonic() + SEALED_S
    while True:
        found = read_handed(settings, order)
        with_files = recordings is not None
        request = Request(system_clock(), _asker(found.asker), found.people, with_files, signer.key_id)
        try:
            return build(
                file,
                found.material,
                request,
                signer.sign_bytes,
                signer.public_key,
                recordings,
                progress,
                wide=with_files,
            )
        except Unproven:
            if time.monotonic() > until:
                raise WorkFailed(
                    "fault", "the entries of the meeting are not signed: nothing proves them"
                ) from None
            told("sealing", 0, 1)
            time.sleep(LOOK_S)
        except FileNotFoundError as problem:
            raise WorkFailed("missing", f"{Path(problem.filename).name} is not on this machine") from None
        except TooLarge:
            raise WorkFailed("fault", "the evidence does not fit into one bundle") from None


def _asker(account: Account) -> dict[str, str]:
    return {"account": account.id, "name": account.name, "center": account.center}
