"""What is made of a meeting's recording for who reviews it: a clip, a picture, small pictures, a check of its files.

Each function does its work in the folder it is given and tells of progress; where the files stand, and what the journal says of
them, it is told. Moments are ms since the meeting was opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from recordings.archive import FILE_MODE, media_files
from recordings.cutting import CutFailed, cut
from recordings.pictures import NoPicture, still

ORIGIN: Final = "origin.json"
#: Files of one clip at most: parts that meet the stretch.
MOST_FILES: Final = 60

Data = dict[str, Any]
#: Stage, how much is done, of how much.
Told = Callable[[str, float, float], None]
#: What a file is against what the journal says of it.
PartFinding = Literal["whole", "changed", "short", "long", "missing", "open"]


@dataclass(frozen=True, slots=True)
class PartSource:
    """A part of a recording: its file, and what the journal says of it."""

    id: str
    recording: str
    participant: str
    name: str
    file: str
    """Relative to the folder of recordings."""
    path: Path
    offset_ms: int
    duration_ms: int | None
    """None: it was never closed."""
    bytes: int | None
    sha256: str | None
    source: str = "camera"
    """What its picture shows: `camera`, `screen`, or `film`: the stage, as a job put it together; of nobody in particular."""

    @property
    def end_ms(self) -> int:
        return self.offset_ms + (self.duration_ms or 0)


class Failed(Exception):
    """It cannot be made: `reason` is `no_recording`, `missing` or `unreadable`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


def make_clip(
    parts: Sequence[PartSource], participants: Sequence[str], from_ms: int, to_ms: int, out: Path, told: Told
) -> Data:
    """The stretch of these participants (none: of all) into `out`, a file for each part that meets it, and `origin.json`.

    Returns what is to be known of it besides its files. Raises Failed.
    """
    met = [
        part
        for part in parts
        if part.duration_ms is not None
        and part.offset_ms < to_ms
        and part.end_ms > from_ms
        and (not participants or part.participant in participants)
    ]
    if not met:
        raise Failed("no_recording", "nothing was recorded in this stretch")
    cuts: list[Data] = []
    problems: list[str] = []
    whole_ms = sum(min(part.end_ms, to_ms) - max(part.offset_ms, from_ms) for part in met[:MOST_FILES])
    before_ms = 0
    for number, part in enumerate(met[:MOST_FILES], start=1):
        begin, end = max(from_ms, part.offset_ms), min(to_ms, part.end_ms)

        def done(ms: int, before: int = before_ms) -> None:
            told("cut", min(before + ms, whole_ms), whole_ms)

        if not part.path.is_file():
            problems.append(f"{part.id} missing")
        else:
            try:
                made = cut(
                    part.path, begin - part.offset_ms, end - part.offset_ms, out / f"clip-{number:02d}", done
                )
            except CutFailed as problem:
                problems.append(f"{part.id}: {problem}")
            else:
                cuts.append(
                    {
                        "file": made.path.name,
                        "participant": part.participant,
                        "source": part.source,
                        "name": part.name,
                        "recording": part.recording,
                        "part": part.id,
                        "part_sha256": part.sha256,
                        "from_ms": made.from_ms + part.offset_ms,
                        "to_ms": made.to_ms + part.offset_ms,
                        "copied": made.copied,
                    }
                )
        before_ms += end - begin
        told("cut", before_ms, whole_ms)
    if not cuts:
        raise Failed(
            "missing" if all("missing" in each for each in problems) else "unreadable",
            "; ".join(problems)[:400],
        )
    origin = {"wanted": {"from_ms": from_ms, "to_ms": to_ms}, "files": cuts, "left_out": problems}
    _write(out / ORIGIN, origin)
    return {
        "from_ms": min(each["from_ms"] for each in cuts),
        "to_ms": max(each["to_ms"] for each in cuts),
        "copied": sum(each["copied"] for each in cuts),
        "left_out": len(problems),
    }


def take_picture(
    parts: Sequence[PartSource], participant: str, at_ms: int, out: Path, told: Told, source: str = "camera"
) -> Data:
    """The picture of a participant's camera or screen at a moment into `out`, with `origin.json`. Raises Failed."""
    told("picture", 0, 1)
    here = [
        part
        for part in parts
        if part.participant == participant
        and part.source == source
        and part.duration_ms is not None
        and part.offset_ms <= at_ms <= part.end_ms
    ]
    if not here:
        raise Failed("no_recording", "nothing was recorded at this moment")
    part = here[-1]
    if not part.path.is_file():
        raise Failed("missing", f"{part.file} is not there")
    try:
        found = still(part.path, at_ms - part.offset_ms, out / "picture.png")
    except NoPicture as problem:
        raise Failed("unreadable", str(problem)) from None
    of = {
        "participant": part.participant,
        "source": part.source,
        "name": part.name,
        "recording": part.recording,
        "part": part.id,
        "part_sha256": part.sha256 or "",
        "at_ms": found.at_ms + part.offset_ms,
        "width": found.width,
        "height": found.height,
    }
    _write(out / ORIGIN, of)
    told("picture", 1, 1)
    return of


def check_files(parts: Sequence[PartSource], root: Path, meeting: str, told: Told) -> Data:
    """Each part's file against what the journal says of it, byte by byte; and files of the meeting of which it says nothing.

    Returns `{"parts": {part id: PartFinding}, "orphans": [file…]}`.
    """
    whole = sum(part.bytes or 0 for part in parts)
    done = 0
    found: dict[str, PartFinding] = {}
    for part in parts:
        if part.sha256 is None:
            found[part.id] = "open" if part.path.is_file() else "missing"
            continue
        if not part.path.is_file():
            found[part.id] = "missing"
        else:
            size = part.path.stat().st_size
            if part.bytes is not None and size != part.bytes:
                found[part.id] = "short" if size < part.bytes else "long"
            else:
                before = done
                digest = _digest(part.path, lambda read, at=before: told("read", at + read, whole))  # type: ignore[misc]
                found[part.id] = "whole" if digest == part.sha256 else "changed"
        done += part.bytes or 0
        told("read", done, whole)
    named = {part.file for part in parts}
    folder = root / meeting
    here = [f"{meeting}/{file}" for file in media_files(folder)] if folder.is_dir() else []
    orphans = [file for file in here if file not in named]
    return {"parts": found, "orphans": orphans}


def _digest(path: Path, read: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    so_far = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            so_far += len(block)
            read(so_far)
    return digest.hexdigest()


def _write(path: Path, value: Data) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1))
    path.chmod(FILE_MODE)
