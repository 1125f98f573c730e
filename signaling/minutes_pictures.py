"""Pictures of the recording that stand in minutes: files of jobs of the same meeting, as their digests say."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Final

from hub.errors import Refusal
from hub.minutes.text import MinutesText
from hub.minutes.what import PICTURE
from signaling.http_recordings import inside
from signaling.services import Services

#: All pictures of one paper, in bytes; those behind are left out, and their captions say so.
MOST_BYTES: Final = 48 << 20


async def pictures_of(services: Services, meeting: str, text: MinutesText) -> dict[str, bytes]:
    """The files of its pictures by SHA-256; without those that are not there, are of another meeting, or are not the same."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for picture in (each for section in text.sections for each in section.pictures):
        job = await services.queries.job(picture.job)
        if job is None or job["meeting"] != meeting or job["kind"] != "picture" or job["state"] != "done":
            continue
        listed = next((each for each in job["files"] if each["name"] == PICTURE), None)
        if listed is None or listed["sha256"] != picture.sha256 or listed["bytes"] > left:
            continue
        try:
            path = inside(services.config.made_dir, f"{job['id']}/{PICTURE}")
        except Refusal:
            continue
        content = await asyncio.to_thread(_read, path, listed["bytes"])
        if hashlib.sha256(content).hexdigest() == picture.sha256:
            found[picture.sha256] = content
            left -= len(content)
    return found


def _read(path: Path, most: int) -> bytes:
    """Up to so many bytes; none where there is no file."""
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError:
        return b""
