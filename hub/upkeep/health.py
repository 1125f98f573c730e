"""How the hub fares: each of its parts with a state, since when, what was measured, as of when."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from hub import __version__, turn
from hub.clock import Clock, system_clock, to_wire
from hub.config import Config
from hub.errors import Refusal
from hub.space import Thresholds
from hub.upkeep import probes

#: How often parts are looked at; and doors and certificates, which are asked over the network.
LOOK_S: Final = 5.0
FAR_S: Final = 60.0
#: A certificate with fewer days left is worth a word, and then a trouble.
SOON_DAYS: Final = 30
URGENT_DAYS: Final = 7
#: A database that takes longer for nothing is slow (ms).
SLOW_MS: Final = 500
#: The machine's clock may be off so far (ms) before it is worth a word.
OFF_MS: Final = 1000
#: A file system with less than this part free, or so many times the reserve, fills.
FILLS_PART: Final = 0.1
FILLS_RESERVES: Final = 4

State = Literal["good", "warning", "bad", "off"]
Json = dict[str, Any]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at one part found."""

    part: str
    name: str = ""
    """Which of several: a node, a folder, a certificate."""
    state: State = "good"
    why: str = ""
    """Why it is not good, as one word that pages put into words."""
    figures: Mapping[str, int | str] = field(default_factory=dict)


def gateways_looked(config: Config, names: Collection[str]) -> Iterator[Looked]:
    """How the gateways of cameras are, by who is linked; nothing of them where no network of cameras is named."""
    if config.camera_networks and not names:
        yield Looked("gateway", state="bad", why="away")
    for name in sorted(names):
        yield Looked("gateway", name)


class Health:
    """One for a hub; `run` it, and read it at any time."""

    def __init__(
        self,
        config: Config,
        clock: Clock,
        ping: Callable[[], Awaitable[object]],
        parts: Callable[[], Mapping[str, bool]],
        nodes: Callable[[], Collection[str]],
        others: Callable[[], Iterable[Looked]] = tuple,
    ) -> None:
        self._config = config
        self._clock = clock
        self._ping = ping
        self._parts = parts
        self._nodes = nodes
        self._others = others
        self._began = to_wire(clock())
        self._known: dict[tuple[str, str], tuple[Looked, str]] = {}
        self._far: list[Looked] = []
        self._looked_at = self._began

    async def run(self) -> None:
        """Look, until cancelled."""
        far_at = float("-inf")
        while True:
            try:
                if time.monotonic() - far_at >= FAR_S:
                    far_at = time.monotonic()
                    self._far = await asyncio.to_thread(self._look_far)
                await self.look()
            except Exception:
                log.exception("looking how the hub fares failed")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Look at all that is near, now."""
        found = [Looked("control", figures={"version": __version__}), await self._database()]
        found += self._own()
        found += self._others()
        found += await asyncio.to_thread(lambda: [*self._disks(), self._time()])
        found += self._far
        now = to_wire(self._clock())
        known = self._known
        self._known = {}
        for each in found:
            before = known.get((each.part, each.name))
            same = before is not None and (before[0].state, before[0].why) == (each.state, each.why)
            since = before[1] if same and before is not None else (now if known else self._began)
            self._known[each.part, each.name] = each, since
        self._looked_at = now

    def to_wire(self) -> Json:
        """``{"parts": […], "version", "started_at", "as_of"}``; empty before the first look."""
        rows = [
            {
                "part": each.part,
                "name": each.name,
                "state": each.state,
                "why": each.why,
                "since": since,
                "figures": dict(each.figures),
            }
            for each, since in self._known.values()
        ]
        return {
            "parts": rows,
            "version": __version__,
            "started_at": self._began,
            "as_of": self._looked_at,
        }

    def _own(self) -> Iterator[Looked]:
        parts = self._parts()
        if "journal" in parts:
            yield _here("journal", parts["journal"], "not_written")
        names = sorted(self._nodes())
        if not names:
            yield Looked("node", state="bad", why="away")
        for name in names:
            yield Looked("node", name)
        yield _here("recorder", parts.get("recorder", True), "away")
        yield _here("recording", parts.get("recording", True), "not_fed")

    async def _database(self) -> Looked:
        kind = self._config.database_url.partition(":")[0].partition("+")[0]
        began = time.perf_counter()
        try:
            await self._ping()
        except Refusal:
            return Looked("database", state="bad", why="away", figures={"kind": kind})
        took = int((time.perf_counter() - began) * 1000)
        slow = took > SLOW_MS
        figures: dict[str, int | str] = {"kind": kind, "took_ms": took}
        return Looked("database", "", "warning" if slow else "good", "slow" if slow else "", figures)

    def _disks(self) -> Iterator[Looked]:
        reserve, limits = self._config.disk_reserve_mb << 20, thresholds_of(self._config)
        for name, folder in folders_of(self._config).items():
            try:
                room = probes.room(_standing(folder))
            except OSError:
                yield Looked("disk", name, "warning", "unreadable")
                continue
            low = room.free < reserve
            fills = room.free < max(reserve * FILLS_RESERVES, room.total * FILLS_PART)
            figures: dict[str, int | str] = {"free_bytes": room.free, "total_bytes": room.total}
            refuses = False
            if name == "recordings":
                kept = limits.room(room.free)
                refuses, fills = kept == "none" and not low, kept != "enough"
            state: State = "bad" if low or refuses else "warning" if fills else "good"
            why = "low" if low else "refuses" if refuses else "fills" if fills else ""
            yield Looked("disk", name, state, why, figures)

    def _time(self) -> Looked:
        ahead = int((self._clock() - system_clock()) / timedelta(milliseconds=1))
        try:
            kept = probes.machine_clock()
        except (OSError, AttributeError):
            return Looked("clock", state="warning", why="unknown", figures={"ahead_ms": ahead})
        off = not kept.kept or kept.off_ms > OFF_MS or ahead > OFF_MS
        why = "ahead" if ahead > OFF_MS else "not_kept" if not kept.kept else "off" if off else ""
        figures: dict[str, int | str] = {"off_ms": kept.off_ms, "ahead_ms": ahead}
        return Looked("clock", "", "warning" if off else "good", why, figures)

    def _look_far(self) -> list[Looked]:
        found = [self._relay()]
        config = self._config
        if config.turn_cert:
            found.append(self._certificate("turn", lambda: probes.certificate_in(Path(config.turn_cert))))
        front = probes.address_of(config.public_url or "")
        if front is not None:
            found.append(self._certificate("front", lambda: probes.certificate_at(*front)))
        return found

    def _relay(self) -> Looked:
        config = self._config
        if config.turn == turn.OFF:
            return Looked("turn", state="off")
        hosts = config.turn_host or config.media_host
        there = any(probes.answers(host, config.turn_port) for host in hosts)
        if there and turn.nameless_tls(config):
            return Looked("turn", state="warning", why="no_name")
        return _here("turn", there, "no_answer")

    def _certificate(self, name: str, read: Callable[[], datetime]) -> Looked:
        try:
            until = read()
        except OSError:
            return Looked("certificate", name, "warning", "unreadable")
        except ValueError:
            return Looked("certificate", name, "bad", "unreadable")
        return certificate(name, until, self._clock())


def certificate(name: str, until: datetime, now: datetime) -> Looked:
    """How a certificate stands that is good until then."""
    days = (until - now).days
    figures: dict[str, int | str] = {"days": max(0, days), "until": to_wire(until)}
    if until <= now:
        return Looked("certificate", name, "bad", "expired", figures)
    if days < SOON_DAYS:
        return Looked("certificate", name, "bad" if days < URGENT_DAYS else "warning", "soon", figures)
    return Looked("certificate", name, figures=figures)


def folders_of(config: Config) -> dict[str, Path]:
    """The folders that the hub writes to, by what is in them."""
    return {"data": config.data_dir, "recordings": config.recordings_dir, "backups": config.backup_dir}


def thresholds_of(config: Config) -> Thresholds:
    """How much room is enough for recordings."""
    return Thresholds(
        config.disk_reserve_mb << 20, config.recordings_refuse_mb << 20, config.recordings_warn_mb << 20
    )


def _here(part: str, there: bool, why: str) -> Looked:
    return Looked(part) if there else Looked(part, state="bad", why=why)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    return next(each for each in (folder, *folder.parents) if each.exists())
