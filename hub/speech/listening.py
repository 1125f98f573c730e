"""Listening to a meeting's recorded files, as a job's process does it: where somebody speaks, and what was said."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

from hub.config import Config
from hub.jobs.voices import FOUND_FILE
from hub.jobs.work import Data, Order, Told, WorkFailed
from hub.speech.recogniser import RecogniserFailed, recognise
from hub.store.database import Database
from hub.store.voice_store import closed_parts
from recordings.voice import NoSound, find_voice, write_wav

#: Of the work on one file: listening, and recognising where that is done.
_HALF: Final = 0.5

log = logging.getLogger(__name__)


def listen(settings: Config, order: Order, told: Told) -> Data:
    """Listen to every closed file of the meeting. Raises WorkFailed where there is none, OSError."""
    parts = _parts(settings, order.meeting or "")
    if not parts:
        raise WorkFailed("no_recording", "nothing was recorded")
    total = sum(part["duration_ms"] for part in parts) or 1
    faults: dict[str, int] = {}
    done = 0
    with (order.out / FOUND_FILE).open("w", encoding="utf-8") as found:
        for part in parts:
            heard = _listen_to(
                settings, order.folder, part, lambda ms, at=done: told("listening", at + ms, total)
            )
            if (fault := heard.pop("fault")) is not None:
                faults[fault] = faults.get(fault, 0) + 1
            found.write(json.dumps(heard, ensure_ascii=False) + "\n")
            done += part["duration_ms"]
            told("listening", done, total)
    return {"parts": len(parts), "faults": faults}


def _listen_to(settings: Config, folder: Path, part: Data, told: Any) -> Data:
    """What is in one file. One that cannot be listened to has no voice and says why."""
    path = settings.recordings_dir / part["file"]
    share = _HALF if settings.recogniser else 1.0
    empty = {"recording": part["recording"], "part": part["id"], "duration_ms": 0, "spans": [], "lines": []}
    try:
        voice = find_voice(path, lambda ms: told(ms * share))
    except (NoSound, OSError) as problem:
        log.info("nothing is heard in %s: %s", part["file"], problem)
        return {**empty, "fault": "unreadable"}
    heard: Data = {**empty, "duration_ms": voice.duration_ms, "spans": voice.spans, "fault": None}
    if not settings.recogniser or not voice.spans:
        return heard
    wav = folder / "sound.wav"
    try:
        write_wav(path, wav)
        lines = recognise(
            settings.recogniser,
            settings.recogniser_model,
            wav,
            voice.duration_ms,
            lambda: told(voice.duration_ms * share),
        )
    except RecogniserFailed as problem:
        log.warning("the recogniser failed at %s: %s (%s)", part["file"], problem.fault, problem)
        return {**heard, "fault": f"recogniser_{problem.fault}"}
    finally:
        wav.unlink(missing_ok=True)
    return {**heard, "lines": [[line.from_ms, line.to_ms, line.text] for line in lines]}


def _parts(settings: Config, meeting: str) -> list[Data]:
    database = Database(settings.database_url)
    try:
        with database.reading() as connection:
            return closed_parts(connection, meeting)
    finally:
        database.close_now()
