"""Recordings: what was recorded of a meeting, and the media of each part, also while it grows."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

from aiohttp import web

from hub.directory.accounts import Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.evidence.copied import Thing
from hub.state import Meeting
from signaling.address import network_of
from signaling.auth import client_address, end_read, require_account
from signaling.encodings import has_already
from signaling.errors import json_response
from signaling.keys import LOOKS, SERVICES
from signaling.params import path_id
from signaling.ranges import ByteRange, parse_range
from signaling.recording_told import recordings_with_state
from signaling.services import Copies, Json, Services
from signaling.sight import readable_meeting, reads_by_right, removed_from_meeting

#: Where browsers say that they show it: of a picture, as of a film, nothing is taken along.
_PLAYED: Final = frozenset(("video", "audio", "image"))
CHUNK_BYTES: Final = 256 * 1024
_TYPES: Final = {".webm": "video/webm", ".mkv": "video/x-matroska", ".mp4": "video/mp4"}


async def recordings(request: web.Request) -> web.Response:
    """``GET /api/v1/meetings/{id}/recordings``."""
    account = await require_account(request)
    services = request.app[SERVICES]
    meeting = path_id(request, "meeting", "m")
    await readable_meeting(services, account, meeting)
    found = await services.queries.recordings(meeting)
    return json_response({"recordings": recordings_with_state(services, meeting, found)})


async def media(request: web.Request) -> web.StreamResponse:
    """``GET …/parts/{part}/media``: the file, whole or one range of it.

    A part that still grows is served up to where it has come; it has no entity tag, because it is another one soon.
    With `download=1` a browser saves it. That somebody looked, or took it along, is told to the audit.
    """
    account = await require_account(request)
    services = request.app[SERVICES]
    recording, part = path_id(request, "recording", "r"), path_id(request, "part", "p")
    row, meeting = await seen_part(services, account, await services.queries.part(recording, part))
    if row["state"] == "destroyed":
        raise destroyed()
    path = inside(services.config.recordings_dir, row["file"])
    try:
        file: BinaryIO | None = await asyncio.to_thread(path.open, "rb")
    except OSError:
        file = None
        if services.copies is None or row["released_at"] is None:
            raise Refusal("not_found", "the file of this part is not here") from None
    download = request.query.get("download") == "1"
    note_look(request, account, meeting, recording, download)
    forget = services.writer.subscribe(lambda entries: end_removed(request, account, meeting, entries))
    try:
        if file is None:
            assert services.copies is not None
            thing = Thing("part", f"{recording}/{part}", row["sha256"], row["bytes"], row["file"])
            return await send_far(request, services.copies, thing, path, row, download)
        return await send_file(request, file, path, row, download)
    finally:
        forget()
        if file is not None:
            file.close()


def destroyed() -> Refusal:
    """What one is told who asks for what two persons had destroyed."""
    return Refusal("destroyed", "this was destroyed by decision; the meeting's page says when and by whom")


def end_removed(request: web.Request, account: Account, meeting: Meeting, entries: Sequence[Entry]) -> None:
    """Who is removed from a meeting, and may read it only because he was called, reads no further; nobody what is destroyed."""
    for entry in entries:
        if entry.kind == "disposal.destroyed" and entry.meeting == meeting.id:
            end_read(request, destroyed())
        if entry.kind == "secrecy.raised" and entry.meeting == meeting.id and not account.cleared:
            end_read(request, Refusal("not_found", "there is no such part"))
        if entry.kind == "participant.removed" and entry.meeting == meeting.id:
            tree = request.app[SERVICES].tree
            if entry.data["participant"] == account.id and not reads_by_right(tree, account, meeting):
                end_read(request, removed_from_meeting())


def note_look(
    request: web.Request,
    account: Account,
    meeting: Meeting,
    recording: str,
    download: bool,
    what: str = "recording",
    shown: bool = False,
) -> None:
    """Have the audit told, and wait for nothing.

    Players ask for ranges, or say that they are one; what pages show by themselves is `shown`; all else takes it along.
    """
    plays = shown or "Range" in request.headers or request.headers.get("Sec-Fetch-Dest") in _PLAYED
    kind = "recording.note_viewed" if plays and not download else "recording.note_downloaded"
    if request.method != "HEAD":
        told = {"account": account.id, "meeting": meeting.id, "title": meeting.title}
        told |= {"recording": recording, "what": what}
        request.app[LOOKS].note(kind, {**told, "network": network_of(client_address(request))})


async def seen_part(services: Services, account: Account, row: Json | None) -> tuple[Json, Meeting]:
    """The part and its meeting.

    Raises Refusal("not_found") for a part that does not exist, or not for this account: both look the same.
    """
    missing = Refusal("not_found", "there is no such part")
    if row is None:
        raise missing
    try:
        return row, await readable_meeting(services, account, row["meeting"])
    except Refusal as refusal:
        raise (missing if refusal.code == "not_found" else refusal) from None


def inside(folder: Path, name: str) -> Path:
    """The file of this name in the folder; never one outside it, whatever the name says."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refusal("not_found", "the file of this part is not here")
    return path


async def send_file(
    request: web.Request,
    file: BinaryIO,
    path: Path,
    row: Json,
    download: bool,
    types: Mapping[str, str] = _TYPES,
) -> web.StreamResponse:
    """Send a file, whole or the range that is asked of it. One that is `closed` in its row has an entity tag."""
    size = os.fstat(file.fileno()).st_size
    answer, whole = begin_file(request, size, path, row, download, types)
    if isinstance(answer, web.Response) or whole is None:
        return answer
    await answer.prepare(request)
    if request.method != "HEAD":
        await _copy(file, whole, answer)
    await answer.write_eof()
    return answer


async def send_far(
    request: web.Request, copies: Copies, thing: Thing, path: Path, row: Json, download: bool
) -> web.StreamResponse:
    """The same of a file that stands in the second copy alone: it comes through the hub, nothing of it is kept here.

    Raises Refusal `unavailable` while the copy is away, `not_found`.
    """
    answer, whole = begin_file(request, thing.bytes, path, row, download, _TYPES)
    if isinstance(answer, web.Response) or whole is None:
        return answer
    if request.method == "HEAD":
        await answer.prepare(request)
        return answer
    try:
        async for piece in copies.read(thing, whole.first, whole.length):
            if not answer.prepared:  # not before there is something: a copy that is away is a refusal
                await answer.prepare(request)
            await answer.write(piece)
    except Refusal:
        if not answer.prepared:
            raise
        # The connection is broken off, so that nobody takes it for whole.
        raise ConnectionResetError("the second copy could not be read to its end") from None
    await answer.write_eof()
    return answer


def begin_file(
    request: web.Request, size: int, path: Path, row: Json, download: bool, types: Mapping[str, str]
) -> tuple[web.StreamResponse, ByteRange | None]:
    """An answer with the headers of a file of this size, and the bytes that it is to have; a whole answer and None for 304."""
    headers = {"Accept-Ranges": "bytes", "Content-Type": types.get(path.suffix, "application/octet-stream")}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
    tag = f'"{row["sha256"]}"' if row.get("state") == "closed" and row.get("sha256") else None
    headers["Cache-Control"] = "private, no-cache" if tag is not None else "no-store"
    if tag is not None:
        headers["ETag"] = tag
        if has_already(request, tag):
            return web.Response(status=304, headers=headers), None
    wanted = _wanted(request, tag, size)
    if wanted is not None:
        headers["Content-Range"] = wanted.content_range(size)
    whole = wanted or ByteRange(0, size - 1)
    response = web.StreamResponse(status=200 if wanted is None else 206, headers=headers)
    response.content_length = whole.length
    return response, whole


def _wanted(request: web.Request, tag: str | None, size: int) -> ByteRange | None:
    """The range to send, None for the whole file."""
    header = request.headers.get("Range")
    if header is None:
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition != tag:
        return None
    return parse_range(header, size)


async def _copy(file: BinaryIO, part: ByteRange, response: web.StreamResponse) -> None:
    left = part.length
    file.seek(part.first)
    while left > 0:
        chunk: Any = await asyncio.to_thread(file.read, min(CHUNK_BYTES, left))
        if not chunk:
            # Shorter than it was: the connection is broken off, so that nobody takes it for whole.
            raise ConnectionResetError("the file became shorter while it was sent")
        left -= len(chunk)
        await response.write(chunk)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/recordings", recordings),
        web.get("/api/v1/recordings/{recording}/parts/{part}/media", media),
    ]
