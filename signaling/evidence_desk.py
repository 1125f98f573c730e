"""Evidence without recorded files being made (with them it is a job), sessions being checked: long work of one person.

What is made stands in `bundles` in the data folder until it is fetched, for a day, and is gone with the next start: it can be
made again.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.directory.permissions import may
from hub.entry import Command
from hub.errors import Refusal
from hub.evidence.bundle import Material, Request, Unproven, build, estimate, head_of, recorded_bytes
from hub.evidence.checking import Checked, check_session
from hub.evidence.stored_zip import TooLarge
from hub.house.parts import Accounts
from hub.ids import new_id
from hub.rules import parse_data
from hub.space import free_near
from signaling.services import Json, Services, Signer
from signaling.sight import readable_meeting, sees

FOLDER: Final = "bundles"
#: How long a bundle waits to be fetched, and how long it is told of what a check found.
KEPT: Final = timedelta(hours=24)
#: Works of one person that are remembered, and works of all that run at once.
MOST_OWN: Final = 20
AT_ONCE: Final = 2
MOST_WAITING: Final = 20

log = logging.getLogger(__name__)

Asked = Literal["bundle", "check"]


class Cancelled(Exception):
    """Who asked for it wants it no more."""


@dataclass(slots=True)
class Work:
    """One bundle, or one check."""

    id: str
    account: str
    meeting: str
    title: str
    what: Asked
    asked_at: datetime
    state: Literal["waiting", "running", "ready", "failed", "cancelled"] = "waiting"
    done: int = 0
    total: int = 0
    """Bytes of recorded files; 0 where there are none to be read."""
    reason: str = ""
    made: Json | None = None
    checked: Checked | None = None
    ended_at: datetime | None = None
    cancel: bool = field(default=False, repr=False)

    @property
    def name(self) -> str:
        """What the file is saved as."""
        return f"evidence-{self.meeting}-{self.asked_at:%Y%m%d-%H%M%S}.zip"

    def to_wire(self) -> Json:
        """As its page sees it."""
        return {
            "work": self.id,
            "meeting": self.meeting,
            "what": self.what,
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "reason": self.reason,
            "asked_at": to_wire(self.asked_at),
            "ended_at": to_wire(self.ended_at) if self.ended_at is not None else None,
            "bundle": self.made,
            "checked": asdict(self.checked) if self.checked is not None else None,
        }


class EvidenceDesk:
    """One for a hub. `start` and `stop` go with the application."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._works: dict[str, Work] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._folder = services.config.data_dir / FOLDER

    async def start(self) -> None:
        """Begin with an empty folder: nobody knows any more whose the files in it are."""
        await asyncio.to_thread(shutil.rmtree, self._folder, True)

    async def stop(self) -> None:
        """End what runs."""
        for work in self._works.values():
            work.cancel = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def offer(self, account: Account, meeting: str) -> Json:
        """What a bundle of this meeting would be. Raises Refusal as `readable_meeting`, and `forbidden`."""
        await self._allowed(account, meeting)
        signer = await self._signer()
        material = await self._material(account, meeting)
        closed = [part for part in material.parts if part.there]
        destroyed = sum(part.destroyed is not None for part in material.parts)
        config = self._services.config
        room = await asyncio.to_thread(free_near, config.made_dir) - (config.disk_reserve_mb << 20)
        bytes_ = None
        if signer is not None:
            try:
                bytes_ = await asyncio.to_thread(estimate, material, signer.key_id, False)
            except Unproven:
                pass
        return {
            "entries": len(material.entries),
            "left_out": sum(not placed.readable for placed in material.entries),
            "bytes": bytes_,
            "recordings": {
                "parts": len(closed),
                "bytes": recorded_bytes(material.parts),
                "open": len(material.parts) - len(closed) - destroyed,
                "destroyed": destroyed,
            },
            "scanned": await self._services.queries.scanned(meeting),
            "room_bytes": max(0, room),
            "key": signer.public_key if signer is not None else None,
            "as_of": to_wire(self._services.clock()),
        }

    async def ask(self, account: Account, meeting: str, what: Asked) -> Work:
        """Begin it. Raises Refusal as `offer`, ``too_many`, `conflict`."""
        services = self._services
        material = await self._material(account, meeting)
        self._forget()
        if len(self._tasks) >= MOST_WAITING:
            raise Refusal("too_many", "too many bundles are being made; try again in a moment")
        if any(each.account == account.id and each.ended_at is None for each in self._works.values()):
            raise Refusal("conflict", "you have one under way; wait for it or cancel it")
        now = services.clock()
        work = Work(new_id("ev", now), account.id, meeting, material.title, what, now)
        self._works[work.id] = work
        task = asyncio.create_task(self._run(work, account), name=f"evidence {work.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return work

    def own(self, account: Account, work: str) -> Work:
        """A work that this account asked for. Raises Refusal `not_found`."""
        self._forget()
        found = self._works.get(work)
        meeting = None if found is None else self._services.writer.state.meetings.get(found.meeting)
        if found is None or meeting is None or found.account != account.id:
            raise Refusal("not_found", "there is no such bundle")
        if not sees(self._services.tree, account, meeting):
            raise Refusal("not_found", "there is no such bundle")
        return found

    def cancel(self, account: Account, work: str) -> None:
        """End it, or throw away what was made. Raises Refusal `not_found`."""
        found = self.own(account, work)
        found.cancel = True
        if found.ended_at is not None:
            self._works.pop(found.id)
            self.path_of(found).unlink(missing_ok=True)

    def path_of(self, work: Work) -> Path:
        """Where its file stands."""
        return self._folder / f"{work.id}.zip"

    async def _allowed(self, account: Account, meeting: str) -> None:
        """Raises Refusal as `readable_meeting`, and `forbidden`."""
        services = self._services
        found = await readable_meeting(services, account, meeting)
        if not may(account, "evidence.take", services.tree, found.convener.center):
            raise Refusal(
                "forbidden", "evidence is for those to take who may read the meeting by their office"
            )

    async def _material(self, account: Account, meeting: str) -> Material:
        """What it rests on. Raises Refusal as `_allowed`."""
        await self._allowed(account, meeting)
        services = self._services
        material = await services.queries.evidence(account, services.tree, meeting)
        if material is None or not material.entries:
            raise Refusal("not_found", "there is no such meeting", "meeting")
        return material

    async def _signer(self) -> Signer | None:
        """Who signs here, everything so far being signed; None where nobody does."""
        seals = self._services.seals
        if seals is None:
            return None
        await seals.seal()
        return seals.signer

    async def _run(self, work: Work, account: Account) -> None:
        try:
            async with self._turn:
                work.state = "running"
                await (self._bundle if work.what == "bundle" else self._check)(work, account)
                work.state = "ready"
        except (Cancelled, asyncio.CancelledError):
            work.state = "cancelled"
        except Refusal as refusal:
            work.state, work.reason = "failed", refusal.code
        except Unproven:
            work.state, work.reason = "failed", "unproven"
        except TooLarge:
            work.state, work.reason = "failed", "too_large"
        except OSError as problem:
            log.error("evidence of %s could not be made: %s", work.meeting, problem)
            work.state, work.reason = "failed", "files"
        except Exception:
            log.exception("evidence of %s could not be made", work.meeting)
            work.state, work.reason = "failed", "fault"
        finally:
            work.ended_at = self._services.clock()
            if work.state != "ready":
                self.path_of(work).unlink(missing_ok=True)

    def _progress(self, work: Work) -> Callable[[str, int, int], None]:
        def progress(what: str, done: int, total: int) -> None:
            if work.cancel:
                raise Cancelled
            work.done, work.total = done, total

        return progress

    async def _bundle(self, work: Work, account: Account) -> None:
        services = self._services
        signer = await self._signer()
        if signer is None:
            raise Unproven
        material = await self._material(account, work.meeting)
        head_of(material, signer.key_id)
        by_id = services.writer.state.parts.read(Accounts).by_id
        ids = {placed.entry.actor.account for placed in material.entries if placed.readable}
        request = Request(
            services.clock(),
            {"account": account.id, "name": account.name, "center": account.center},
            {id: by_id[id].name for id in sorted(ids) if id in by_id},
            False,
            signer.key_id,
        )

        def make() -> Json:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with self.path_of(work).open("wb+") as file:
                progress = self._progress(work)
                built = build(
                    file, material, request, signer.sign_bytes, signer.public_key, progress=progress
                )
            return asdict(built)

        built = await asyncio.to_thread(make)
        taken = {
            **built,
            "account": account.id,
            "meeting": work.meeting,
            "title": work.title,
            "recordings": False,
        }
        command = Command(work.id, "evidence.note_taken", None, parse_data("evidence.note_taken", taken))
        await services.writer.submit(command, SYSTEM_ACCOUNT)
        until = to_wire(services.clock() + KEPT)
        work.made = {**built, "name": work.name, "key": signer.public_key, "until": until}

    async def _check(self, work: Work, account: Account) -> None:
        services = self._services
        signer = await self._signer()
        material = await self._material(account, work.meeting)
        work.checked = await asyncio.to_thread(
            check_session,
            material,
            lambda each: signer is not None and signer.knows(each),
            services.config.recordings_dir,
            self._progress(work),
        )

    def _forget(self) -> None:
        """What has had its day, and of one person more than one remembers."""
        now = self._services.clock()
        own: dict[str, int] = {}
        for work in sorted(self._works.values(), key=lambda each: each.asked_at, reverse=True):
            own[work.account] = own.get(work.account, 0) + 1
            old = work.ended_at is not None and (now - work.ended_at > KEPT or own[work.account] > MOST_OWN)
            if old:
                self._works.pop(work.id)
                self.path_of(work).unlink(missing_ok=True)
