"""Phones without a line for two hours, browsers and the hub killed at random; then the journal against what phones said."""

from __future__ import annotations

import asyncio
import io
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sa
from PIL import Image
from playwright.async_api import Playwright

from hub.clock import from_wire
from hub.depot.folder import FolderBlobs
from hub.journal.verify import verify
from hub.store import tables
from hub.store.database import open_database
from hub.store.offline import offline_journal
from tests.support.cut_line import CutLine
from tests.support.hub_process import HubProcess
from tests.support.phone_browser import PhoneBrowser
from tests.support.phone_walk import Said, WalkingPhone, plan_of
from tests.support.walked_grid import WalkedGrid

#: What a phone has of a line once it is back: photos take seconds, and kills find them on their way.
LINE_BYTES_PER_S = 60_000


@dataclass
class Found:
    """What came of it. All lists but the counts are of what is wrong, in words."""

    kept: int = 0
    photos: int = 0
    kills_of_browsers: int = 0
    kills_of_hub: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    photos_wrong: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [
            *self.lost,
            *self.doubled,
            *self.out_of_order,
            *self.otherwise,
            *self.photos_wrong,
            *self.unsound,
        ]


def photos_in(folder: Path, count: int, seed: int) -> list[Path]:
    """Pictures as cameras make them, with more in them than compresses away."""
    made = []
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        noise = np.random.default_rng(seed * 100 + number).integers(0, 255, (300, 400, 3), dtype=np.uint8)
        held = io.BytesIO()
        Image.fromarray(noise).save(held, "JPEG", quality=85)
        made.append(folder / f"{number}.jpg")
        made[-1].write_bytes(held.getvalue())
    return made


class Play:
    """Phones that walk and are killed, some at a time, against one hub."""

    def __init__(self, hub: HubProcess, walked: WalkedGrid, playwright: Playwright, seed: int) -> None:
        self._hub, self._walked, self._playwright = hub, walked, playwright
        self._dice = random.Random(seed)
        self.phones: list[WalkingPhone] = []
        self.kills_of_hub = 0

    @property
    def kills(self) -> int:
        """So far, of browsers and of the hub."""
        return self.kills_of_hub + sum(each.browser.kills for each in self.phones)

    async def some(self, kinds: Sequence[str], folder: Path, *, walking: int, sending: int) -> None:
        """These phones, for the grids that come next: `walking` kills of browsers without a line, `sending` of browsers and the
        hub once the line is back."""
        photos = photos_in(folder / "camera", 6, self._dice.randrange(1000))
        phones: list[WalkingPhone] = []
        for kind in kinds:
            number = len(self.phones) + len(phones)
            line = CutLine(self._hub.http_port)
            await line.start()
            rows = await self._walked.rows(self._walked.grids[number])
            phones.append(
                WalkingPhone(
                    PhoneBrowser(kind, folder / f"phone-{number}", self._playwright),
                    line,
                    self._walked.members[number],
                    plan_of([row["household"] for row in rows], self._dice),
                    photos,
                    random.Random(self._dice.random()),
                    switch=kind == "chromium" and number % 2 == 0,
                )
            )
        first = len(self.phones)
        self.phones += phones
        try:
            codes = [(await self._walked.code(first + at))["address"] for at in range(len(phones))]
            await asyncio.gather(*(each.bind(code) for each, code in zip(phones, codes, strict=True)))
            for phone in phones:
                await phone.lose_line()
            await self._while_killed(phones, [each.walk() for each in phones], walking, hub=False)
            for phone in phones:
                phone.line.bytes_per_s = LINE_BYTES_PER_S
                await phone.find_line()
            await self._while_killed(phones, [each.deliver() for each in phones], sending, hub=True)
        finally:
            for phone in phones:
                await phone.browser.close()
                await phone.line.stop()

    async def _while_killed(
        self, phones: Sequence[WalkingPhone], doing: Sequence[Any], kills: int, *, hub: bool
    ) -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in doing]
            while kills > 0 and not all(each.done() for each in tasks):
                await asyncio.sleep(self._dice.uniform(0.2, 1.5))
                if hub and self._dice.random() < 0.4:
                    kills -= 1
                    self.kills_of_hub += 1
                    await asyncio.to_thread(self._hub.kill)
                    await asyncio.sleep(self._dice.uniform(0.0, 1.0))
                    await self._hub.start()
                    continue
                living = [p for p, t in zip(phones, tasks, strict=True) if not t.done() and p.browser.lives]
                if living:
                    kills -= 1
                    self._dice.choice(living).browser.kill()

    def count(self) -> Found:
        """Everything the hub has, against everything that phones said they keep. The hub must have ended."""
        found = Found(
            kills_of_browsers=sum(each.browser.kills for each in self.phones), kills_of_hub=self.kills_of_hub
        )
        database = open_database(f"sqlite:///{self._hub.folder / 'hub.db'}")
        try:
            with database.engine.connect() as connection:
                for phone in self.phones:
                    _count_one(connection, phone, found, self._hub.folder / "objects")
            with offline_journal(database) as journal:
                found.unsound += map(
                    str, verify(journal, self._hub.folder, self._hub.folder / "recordings").findings
                )
        finally:
            database.close_now()
        return found


def _count_one(connection: sa.Connection, phone: WalkingPhone, found: Found, objects: Path) -> None:
    v, r, c = tables.visits.c, tables.sweep_rows.c, tables.commands.c
    rows = connection.execute(
        sa.select(v.seq, v.outcome, v.at, v.photos, r.household)
        .join_from(tables.visits, tables.sweep_rows, (v.sweep == r.sweep) & (v.number == r.number))
        .where(v.account == phone.account)
        .order_by(v.seq)
    ).all()
    by_seq = {row.seq: row for row in rows}
    asked = connection.execute(sa.select(c.id, c.seq).where(c.account == phone.account)).all()
    seqs: dict[str, int] = {each.id: each.seq for each in asked}
    named: Counter[int] = Counter()
    in_order: defaultdict[str, list[int]] = defaultdict(list)
    for said in phone.said:
        who = f"{phone.account} {said.household} {said.outcome} {said.command}"
        row = by_seq.get(seqs.get(said.command, 0))
        found.kept += 1
        if row is None:
            found.lost.append(who)
            continue
        named[row.seq] += 1
        in_order[said.household].append(row.seq)
        found.otherwise += _otherwise(said, row, who)
        found.photos += len(said.digests)
        found.photos_wrong += _photos_wrong(said, row, objects, who)
    found.doubled += [f"entry {seq}" for seq, times in named.items() if times > 1]
    found.doubled += [f"{phone.account}: entry {row.seq}" for row in rows if row.seq not in named]
    found.out_of_order += [each for each, seqs_of in in_order.items() if seqs_of != sorted(seqs_of)]


def _otherwise(said: Said, row: Any, who: str) -> list[str]:
    """Whether another thing was written down than was said, or another moment."""
    at = from_wire(row.at).timestamp()
    if (row.household, row.outcome) != (said.household, said.outcome):
        return [f"{who}: the hub has {row.household} {row.outcome}"]
    return [] if said.since - 1 <= at <= said.until + 1 else [f"{who}: the hub has {row.at}"]


def _photos_wrong(said: Said, row: Any, objects: Path, who: str) -> list[str]:
    """Photos that are not the bytes that came from the camera's canvas."""
    there = [each["object"] for each in json.loads(row.photos or "[]")]
    if there != list(dict.fromkeys(said.digests)):
        return [f"{who}: photos {there}, taken {said.digests}"]
    blobs = FolderBlobs(objects)
    return [f"{who}: {each}" for each in there if sha256(blobs.path(each).read_bytes()).hexdigest() != each]
