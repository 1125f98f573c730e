"""A meeting of long ago with all that one leaves, and a hub that may destroy it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hub.clock import system_clock, to_wire
from hub.depot.looking import looking
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.ids import new_id
from hub.journal.verify import Report, verify
from hub.store.custody_store import CustodyStore
from hub.store.job_rows import JobStore
from hub.store.offline import offline_journal
from hub.store.voice_store import VoiceStore
from hub.upkeep.disposer import Disposer
from tests.support.edge import Edge, Person, running_edge
from tests.support.journal import command
from tests.support.minutes import approved_minutes
from tests.support.recorded_meeting import PastClock
from tests.support.rules import CITY
from tests.support.story import LEADER, Told, play

#: How long ago the meeting was.
AGO = timedelta(days=40)


@dataclass
class Archive:
    """A hub with meetings of forty days ago."""

    edge: Edge
    clock: PastClock
    clerk: Person
    auditor: Person
    system: Person
    told: Told = field(init=False)
    all: list[Told] = field(default_factory=list)
    """Every meeting, the first first."""
    film: str = ""

    @property
    def config(self) -> Any:
        return self.edge.services.config

    async def meeting(self) -> Told:
        """A meeting with a recorded part, a film, what was heard, small pictures; over."""
        writer, config = self.edge.writer, self.config
        told = await play(writer, config.recordings_dir)
        asked = await writer.submit(command("job.ask", told.meeting, kind="film"), LEADER)
        film = str(asked.entries[0].data["job"])
        content = b"film" * 500
        (config.made_dir / film).mkdir(parents=True)
        (config.made_dir / film / "film.mp4").write_bytes(content)
        file = {
            "name": "film.mp4",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        await writer.submit(
            command("job.note_done", job=film, files=[file], told={}, took_ms=5), SYSTEM_ACCOUNT
        )
        rows, small = JobStore(self.edge.database), new_id("jb", system_clock())
        await rows.put(small, "small_pictures", told.meeting, told.part, {}, system_clock())
        await rows.end(small, "done", None, {"files": []}, system_clock())
        (config.made_dir / small).mkdir(exist_ok=True)
        (config.made_dir / small / "1.jpg").write_bytes(b"small")
        heard = {
            "recording": told.recording,
            "part": told.part,
            "duration_ms": 5000,
            "spans": [[0, 1500]],
            "lines": [[0, 900, "检查站放行"]],
        }
        await VoiceStore(self.edge.database).keep([heard], system_clock())
        self.film = film
        self.all.append(told)
        return told

    async def unclosed(self) -> tuple[str, Path]:
        """A recorded file of the first meeting that was never closed: its part, and where it is."""
        told, part = self.told, new_id("p", system_clock())
        file = f"{Path(told.file).parent}/{part}.webm"
        facts: dict[str, Any] = {
            "participant": LEADER.id,
            "center": LEADER.center,
            "name": "岳阳市",
            "file": file,
            "tracks": [{"kind": "audio", "codec": "opus"}],
            "started_at": to_wire(system_clock() - AGO),
        }
        opened = command("recording.part_open", told.meeting, recording=told.recording, part=part, **facts)
        await self.edge.writer.submit(opened, SYSTEM_ACCOUNT)
        path: Path = self.config.recordings_dir / file
        path.write_bytes(b"never closed" * 100)
        return part, path

    async def pack(self, kind: str) -> str:
        """A hand-over, or a bundle, of the first meeting that lies about; its job."""
        writer, content = self.edge.writer, kind[:1].encode() * 1000
        asked = await writer.submit(command("job.ask", self.told.meeting, kind=kind), LEADER)
        job = str(asked.entries[0].data["job"])
        (self.config.made_dir / job).mkdir()
        (self.config.made_dir / job / "pack.zip").write_bytes(content)
        file = {"name": "pack.zip", "bytes": 1000, "sha256": hashlib.sha256(content).hexdigest()}
        done = command("job.note_done", job=job, files=[file], told={}, took_ms=5)
        await writer.submit(done, SYSTEM_ACCOUNT)
        return job

    async def policy(self, **days: Any) -> None:
        """Set how long things are kept."""
        await self.system.command("retention.set", policy=days, reason="档案管理办法")

    async def dry_run(self, person: Person | None = None, **asked: str) -> dict[str, Any]:
        return await (person or self.clerk).get("/api/v1/retention/dry-run", **asked)

    async def ask(self, run: dict[str, Any], kinds: list[str], *, id: str = "ask-1") -> tuple[int, Any]:
        """Ask for the list of a dry run; status and answer."""
        body = {"id": id, "on": run["on"], "kinds": kinds, "digest": run["digest"], "reason": "到期"}
        async with self.clerk.http.post("/api/v1/disposals", json=body) as answer:
            return answer.status, await answer.json()

    async def asked(self, *kinds: str) -> dict[str, Any]:
        """A list of these kinds, which waits; as the auditor sees it."""
        run = await self.dry_run(kinds=",".join(kinds))
        status, made = await self.ask(run, list(kinds), id=f"ask-{run['digest'][:8]}")
        assert status == 201, made
        found = await self.auditor.get(f"/api/v1/disposals/{made['disposal']}")
        return dict(found["disposal"])

    async def approve(self, listed: dict[str, Any]) -> None:
        """The audit administrator agrees."""
        await self.auditor.command("disposal.approve", disposal=listed["disposal"], digest=listed["digest"])

    def disposer(self, **more: Any) -> Disposer:
        """What carries lists out, as the hub has it."""
        edge, config = self.edge, self.config
        return Disposer(
            edge.writer,
            CustodyStore(edge.database),
            VoiceStore(edge.database),
            edge.depot,
            system_clock,
            recordings=config.recordings_dir,
            made=config.made_dir,
            **more,
        )

    def wrong(self) -> list[str]:
        """What verifying finds, but for accounts that tests put beside the journal."""
        return [each.text for each in self.verified().findings if not each.text.startswith("accounts ")]

    def verified(self) -> Report:
        """The whole journal, projections, recordings and objects, verified offline."""
        edge, folder = self.edge, self.edge.folder
        with offline_journal(edge.database) as journal, looking(self.config) as look:
            return verify(journal, folder, self.config.recordings_dir, None, objects=look)


@asynccontextmanager
async def archive(
    folder: Path, database_url: str | None = None, *, meetings: int = 1, **environment: str
) -> AsyncIterator[Archive]:
    """A hub with meetings of forty days ago, the minutes of the first approved; it may serve pages."""
    clock = PastClock(AGO.total_seconds())
    async with running_edge(
        folder, database_url=database_url, clock=clock, signs="yes", **environment
    ) as edge:
        clerk, auditor, system = [
            await edge.known_person(role, CITY) for role in ("clerk", "audit_admin", "system_admin")
        ]
        kept = Archive(edge, clock, clerk, auditor, system)
        kept.told = await kept.meeting()
        leader = await edge.person("leader", CITY)
        await approved_minutes(leader, kept.told.meeting)
        for _ in range(1, meetings):
            await kept.meeting()
        await edge.writer.seal()
        clock.catch_up()
        yield kept
