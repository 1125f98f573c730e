"""A hand-over as a job's process makes it: everything of one meeting goes straight from the disk into one ZIP (ZIP64).

Nothing is held in memory but blocks and lists. Recorded files are held against the journal's digests while they are read: one
that is another one, or not there, ends the work, for what is handed over is whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from hub.clock import from_wire, system_clock
from hub.config import Config
from hub.depot.looking import reading
from hub.directory.secrecy import NORMAL
from hub.errors import Refusal
from hub.evidence.bundle import verifier
from hub.handover import layout
from hub.handover.layout import Filed
from hub.handover.sealed import begin_out, read_handed, write_bundle
from hub.jobs.work import Data, Order, Told, WorkFailed
from hub.minutes.paper import Approved, paper_of
from hub.minutes.text import MinutesText
from hub.papers.making import make_paper
from hub.rules import ENTRIES
from hub.sheets.writing import sheet_bytes
from hub.store.handover_reading import Handed

_BLOCK: Final = 1 << 20
#: The earliest moment that a ZIP tells.
_OLDEST: Final = (1980, 1, 1, 0, 0, 0)


def make_handover(settings: Config, order: Order, told: Told) -> Data:
    """Make it. Raises WorkFailed, OSError."""
    told("reading", 0, 1)
    found = read_handed(settings, order)
    recorded = [part for part in found.material.parts if part.there]
    films = found.film["files"] if found.film is not None and order.options["film"] else []
    total = sum(part.bytes or 0 for part in recorded if order.options["recordings"])
    total += sum(each["bytes"] for each in films)
    begin_out(settings, order, total)
    zone = ZoneInfo(settings.time_zone)
    path = (
        order.out / f"handover-{from_wire(found.opened_at).astimezone(zone):%Y%m%d-%H%M}-{order.meeting}.zip"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as zipped:
        pack = _Pack(zipped, zone, system_clock(), lambda done: told("packing", done, max(1, total)))
        left_out: list[str] = []
        if order.options["recordings"]:
            for part in recorded:
                source = settings.recordings_dir / part.file
                name = (
                    layout.file_name(f"{pack.stamp(part.started_at)}-{part.name}")
                    + f"-{part.part}{source.suffix}"
                )
                at = f"{layout.RECORDINGS}/{name}"
                pack.file(source, at, f"{part.name} 录像", part.name, part.started_at, part.sha256)
        else:
            left_out.append("录像（交办时没有选）")
        destroyed = sum(part.destroyed is not None for part in found.material.parts)
        if destroyed:
            left_out.append(f"已按期销毁的录像 {destroyed} 段")
        if len(recorded) + destroyed < len(found.material.parts):
            left_out.append(f"没有收尾的录像 {len(found.material.parts) - len(recorded) - destroyed} 段")
        for each in films:
            source = settings.made_dir / str(found.film and found.film["job"]) / each["name"]
            pack.file(
                source, f"{layout.FILM}/{each['name']}", "合成影片", "本系统", found.opened_at, each["sha256"]
            )
        if not films:
            left_out.append("合成影片（没有制作或没有选）")
        if not _minutes(settings, found, pack, left_out):
            left_out.append("纪要（没有已批准的）")
        _record(found, pack)
        told("sealing", pack.done, max(1, total))
        _evidence(settings, order, pack, told)
        _lists(found, order, pack, left_out)
    return {"files": len(pack.filed), "bytes": path.stat().st_size, "left_out": len(left_out)}


class _Pack:
    """The ZIP as it grows, and the list of what is in it."""

    def __init__(
        self, zipped: zipfile.ZipFile, zone: ZoneInfo, now: datetime, heard: Callable[[int], None]
    ) -> None:
        self.filed: list[Filed] = []
        self.done = 0
        self._zipped, self._zone, self._now, self._heard = zipped, zone, now, heard

    def local(self, at: str) -> str:
        """A moment as the city writes it."""
        return from_wire(at).astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def stamp(self, at: str) -> str:
        """A moment as part of a file's name."""
        return from_wire(at).astimezone(self._zone).strftime("%Y%m%d-%H%M%S")

    @property
    def made(self) -> str:
        """When it is made, as the city writes it."""
        return self._now.astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")

    def file(self, source: Path, path: str, title: str, by: str, at: str, sha256: str | None) -> None:
        """A file of the disk. Raises WorkFailed `missing`, or `unreadable` where it is not what the journal tells of."""
        try:
            with source.open("rb") as file:
                filed = self._write(_blocks(file), path, title, by, self.local(at))
        except FileNotFoundError:
            raise WorkFailed("missing", f"{source.name} is not on this machine") from None
        if filed.sha256 != sha256:
            raise WorkFailed("unreadable", f"{source.name} is not what the journal tells of")

    def text(
        self, content: bytes, path: str, title: str, by: str, at: str | None = None, *, list_: bool = True
    ) -> None:
        """What was made just now."""
        filed = self._write([content], path, title, by, self.made if at is None else self.local(at))
        if not list_:
            self.filed.remove(filed)

    def _write(self, blocks: Iterable[bytes], path: str, title: str, by: str, at: str) -> Filed:
        info = zipfile.ZipInfo(path, max(_OLDEST, self._now.astimezone(self._zone).timetuple()[:6]))
        info.external_attr = 0o100644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zipped.open(info, "w", force_zip64=True) as member:
            for block in blocks:
                member.write(block)
                digest.update(block)
                size += len(block)
                self.done += len(block)
                self._heard(self.done)
        filed = Filed(path.partition("/")[0], title, by, at, path, size, digest.hexdigest())
        self.filed.append(filed)
        return filed


def _blocks(file: io.BufferedReader) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _minutes(settings: Config, found: Handed, pack: _Pack, left_out: list[str]) -> bool:
    """Every approved version as DOCX and PDF; whether there was any."""
    with reading(settings) as read:
        for version in found.versions:
            content = read(version["digest"], version["bytes"])
            if content is None or hashlib.sha256(content).hexdigest() != version["digest"]:
                raise WorkFailed(
                    "unreadable", f"version {version['version']} of the minutes is not what it was"
                )
            written, approved = version["written_by"], version["approved_by"]
            paper = paper_of(
                MinutesText.model_validate(json.loads(content)),
                approved=Approved(
                    version["version"],
                    version["number"],
                    pack.local(version["approved_at"])[:16],
                    approved["name"],
                    approved["center_name"],
                    written["name"],
                    written["center_name"],
                    version["why"],
                    version["digest"],
                ),
                waits=False,
                drill=found.drill,
                secret=found.level != NORMAL,
                at=pack.made[:16],
            )
            for kind in ("docx", "pdf"):
                name = f"{layout.MINUTES}/纪要-第{version['version']}版.{kind}"
                try:
                    made = make_paper(kind, paper)
                except Refusal as refusal:
                    left_out.append(f"纪要第 {version['version']} 版的 {kind.upper()}（{refusal.message}）")
                    continue
                pack.text(
                    made, name, f"纪要 {version['number']}", written["center_name"], version["approved_at"]
                )
    return bool(found.versions)


def _record(found: Handed, pack: _Pack) -> None:
    """The record as a table: a row an entry; of those who asked may not read, the digest alone."""
    header = ("序号", "时间", "事项", "中心", "人员", "内容", "摘要")
    rows = []
    for placed in found.material.entries:
        entry = placed.entry
        if not placed.readable:
            rows.append([str(entry.seq), "", "（无权阅读）", "", "", "", entry.hash])
            continue
        rule = ENTRIES.get(entry.kind)
        control = rule.control.zh if rule is not None and rule.control not in (None, "none") else None  # type: ignore[union-attr]
        who = found.people.get(entry.actor.account, entry.actor.account)
        center = found.centers.get(entry.actor.center or "", "")
        words = json.dumps(entry.data, ensure_ascii=False)
        at = from_wire(entry.to_wire()["at"])
        rows.append(
            [
                str(entry.seq),
                pack.local(entry.to_wire()["at"]) + f".{at.microsecond // 1000:03}",
                layout.called(entry.kind, control),
                center,
                who,
                words[:32_000],
                entry.hash,
            ]
        )
    for kind in ("xlsx", "csv"):
        content = sheet_bytes(kind, header, rows)
        pack.text(
            content,
            f"{layout.RECORD}/会议记录.{kind}",
            "会议记录",
            found.convener["center_name"],
            found.opened_at,
        )


def _evidence(settings: Config, order: Order, pack: _Pack, told: Told) -> None:
    """The bundle, without recorded files: they stand beside it; and its verifier."""
    file = io.BytesIO()
    write_bundle(settings, order, file, told)
    pack.text(file.getvalue(), f"{layout.EVIDENCE}/evidence.zip", "取证包", "本系统")
    pack.text(verifier(), f"{layout.EVIDENCE}/verify_bundle.py", "核对程序", "本系统")


def _lists(found: Handed, order: Order, pack: _Pack, left_out: list[str]) -> None:
    filed = list(pack.filed)
    by = f"{found.asker.name}（{found.centers.get(found.asker.center, '')}）"
    words = layout.readme(
        ("【涉密】" if found.level != NORMAL else "") + found.title,
        order.meeting or "",
        pack.local(found.opened_at),
        pack.made,
        by,
        left_out,
    )
    pack.text(words.encode("utf-8-sig"), layout.README, "移交说明", by, list_=False)
    for kind in ("xlsx", "csv"):
        content = sheet_bytes(kind, layout.HEADER, layout.rows_of(filed))
        pack.text(content, f"{layout.LIST}.{kind}", "目录", by, list_=False)
    pack.text(layout.sums_of(filed).encode(), layout.SUMS, "摘要", by, list_=False)
