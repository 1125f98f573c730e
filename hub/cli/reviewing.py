"""Jobs for who reviews a recording: the parts of its meeting are read from the database, the work is `recordings.reviewing`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from hub.clock import from_wire, system_clock
from hub.config import Config
from hub.jobs.work import Data, Order, Told, WorkFailed
from hub.store import meeting_reading
from hub.store.database import Database
from hub.store.job_rows import made_for
from recordings.archive import FILE_MODE, UnsafePath, inside
from recordings.pictures import NoPicture, small_pictures
from recordings.reviewing import Failed, PartSource, check_files, make_clip, take_picture


def clip(settings: Config, order: Order, told: Told) -> Data:
    """A stretch of the recording: `clip-NN.*` and `origin.json`."""
    wanted = order.options
    sources = _film(settings, order) if wanted.get("film", False) else _sources(settings, order)
    try:
        return make_clip(
            sources,
            wanted["participants"],
            wanted["from_ms"],
            wanted["to_ms"],
            order.out,
            told,
        )
    except Failed as problem:
        raise WorkFailed(problem.reason, problem.detail) from None


def picture(settings: Config, order: Order, told: Told) -> Data:
    """A picture of a moment: `picture.png` and `origin.json`."""
    wanted = order.options
    try:
        return take_picture(
            _sources(settings, order),
            wanted["participant"],
            wanted["at_ms"],
            order.out,
            told,
            wanted["source"],
        )
    except Failed as problem:
        raise WorkFailed(problem.reason, problem.detail) from None


def check(settings: Config, order: Order, told: Told) -> Data:
    """Each file against the journal: `check.json` says what of each, the sums are told."""
    found = check_files(_sources(settings, order), settings.recordings_dir, order.meeting or "", told)
    path = order.out / "check.json"
    path.write_text(json.dumps(found, ensure_ascii=False))
    path.chmod(FILE_MODE)
    states = list(found["parts"].values())
    return {
        **{state: states.count(state) for state in ("whole", "changed", "short", "long", "missing", "open")},
        "orphans": len(found["orphans"]),
    }


def small(settings: Config, order: Order, told: Told) -> Data:
    """Small pictures of the part that it is about."""
    found = [part for part in _sources(settings, order) if part.id == order.subject]
    if not found or not found[0].path.is_file():
        raise WorkFailed("missing", "the file of this part is not here")
    part = found[0]
    whole = part.duration_ms or 0
    try:
        index = small_pictures(part.path, whole, order.out, lambda at_ms: told("pictures", at_ms, whole))
    except NoPicture as problem:
        raise WorkFailed("unreadable", str(problem)) from None
    return {"pictures": len(index["at_ms"])}


def _sources(settings: Config, order: Order) -> Sequence[PartSource]:
    """The parts of the meeting, oldest first. Raises WorkFailed `missing` for a file that lies outside the folder."""
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            recordings = meeting_reading.recordings(connection, order.meeting or "", system_clock())
            files = meeting_reading.files_of_parts(connection, order.meeting or "")
    finally:
        database.close_now()
    return [
        PartSource(
            id=part["id"],
            recording=recording["id"],
            participant=part["participant"],
            name=part["name"],
            file=files[part["id"]],
            path=_path(settings.recordings_dir, files[part["id"]]),
            offset_ms=part["offset_ms"],
            duration_ms=part["duration_ms"],
            bytes=part["bytes"],
            sha256=part["sha256"],
            source=part["source"],
        )
        for recording in recordings
        for part in recording["parts"]
        if part["state"] != "destroyed"
    ]


def _film(settings: Config, order: Order) -> Sequence[PartSource]:
    """The newest film of the meeting, as one part of it. Raises WorkFailed `missing` where there is none."""
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            made = made_for(connection, "film", order.meeting or "")
            opened = meeting_reading.opening(connection, order.meeting or "")
    finally:
        database.close_now()
    files = [] if made is None else [each for each in made["files"] if each["name"].endswith(".mp4")]
    if made is None or opened is None or not files:
        raise WorkFailed("missing", "the meeting has no film")
    file, told = files[0], made["told"]
    return [
        PartSource(
            id=made["job"],
            recording=made["job"],
            participant="",
            name="",
            file=f"{made['job']}/{file['name']}",
            path=_path(settings.made_dir, f"{made['job']}/{file['name']}"),
            offset_ms=(from_wire(told["began_at"]) - opened) // timedelta(milliseconds=1),
            duration_ms=told["duration_ms"],
            bytes=file["bytes"],
            sha256=file["sha256"],
            source="film",
        )
    ]


def _path(root: Path, file: str) -> Path:
    try:
        return inside(root, file)
    except UnsafePath as problem:
        raise WorkFailed("missing", str(problem)) from None
