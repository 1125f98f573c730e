"""``/api/v1/meetings/{id}/minutes``: how they stand, a draft, what is being written, versions, and files of them."""

from __future__ import annotations

import asyncio
from typing import Final, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire, to_wire
from hub.directory.accounts import Account
from hub.directory.secrecy import NORMAL
from hub.entry import Command
from hub.errors import Refusal
from hub.gates import allowed_here, signature_of
from hub.minutes.keeping import may_approve, minutes_of
from hub.minutes.paper import Approved, paper_of
from hub.minutes.text import MAX_TEXT_BYTES, Language, MinutesText
from hub.papers.making import TYPES, Kind, PaperMaker
from hub.rules import parse_data
from hub.state import Meeting
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.http_recordings import destroyed, note_look
from signaling.http_uploads import pieces
from signaling.keys import PACES, SERVICES
from signaling.limits import NotStrictJson, dumps, loads
from signaling.minutes_drafted import draft_of
from signaling.minutes_pictures import pictures_of
from signaling.minutes_texts import model_from, put_text, read_text
from signaling.params import Params, path_id
from signaling.schemas.minutes_values import MinutesAsked, MinutesWork
from signaling.services import Json
from signaling.sight import readable_meeting

PAPERS: Final = web.AppKey("papers", PaperMaker)
DEFAULT_LIMIT, MAX_LIMIT = 100, 500
STATES: Final = ("submitted", "returned", "approved", "withdrawn")
STEPS: Final = tuple(f"minutes.{state}" for state in STATES)
LANGUAGES: Final = ("zh", "en")
#: Steps of one meeting's minutes that are told.
_MOST_STEPS: Final = 200
#: What the body of a text may have around it.
_AROUND: Final = 4096


async def minutes(request: web.Request) -> web.Response:
    """``GET /api/v1/minutes``: of which meetings minutes were submitted, what changed last first."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, {"state", "before", "limit"})
    states = params.some_of("state", STATES)
    before = params.number("before", 2**62, 1, 2**62)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    # before it is read: what is told later than this is not older than what is read
    seq = services.writer.state.last_seq
    page = await services.minutes.page(account, services.tree, states, before, limit)
    return json_response({**page, "seq": seq})


async def of_meeting(request: web.Request) -> web.Response:
    """``GET …/minutes``: how they stand, their versions, what was done to them, and what one may do."""
    account, meeting = await _readable(request)
    Params(request, ())
    services = request.app[SERVICES]
    tree, seq = services.tree, services.writer.state.last_seq
    standing = await services.minutes.standing(account, tree, meeting.id)
    work = await services.minutes.work(meeting.id) if _reads_work(request, account, meeting) else None
    steps = await services.queries.entries_of_kinds(account, tree, meeting.id, STEPS, limit=_MOST_STEPS)
    return json_response(
        {
            "meeting": meeting.id,
            "title": meeting.title,
            "opened_at": to_wire(meeting.opened_at),
            "ended_at": None if meeting.ended_at is None else to_wire(meeting.ended_at),
            "drill": meeting.drill,
            "level": meeting.level,
            "chair": {
                "account": meeting.chair.id,
                "name": meeting.chair.name,
                "center": meeting.chair.center,
                "center_name": meeting.chair.center_name,
            },
            "standing": standing,
            "work": None if work is None else {name: work[name] for name in ("rev", "by", "at")},
            "versions": await services.minutes.versions(meeting.id),
            "steps": [_step(entry) for entry in reversed(steps["entries"])],
            "can": _rights(request, account, meeting),
            "seq": seq,
        }
    )


def _step(entry: Json) -> Json:
    data = entry["data"]
    return {
        "seq": entry["seq"],
        "at": entry["at"],
        "state": entry["kind"].removeprefix("minutes."),
        "submission": data["submission"],
        "version": data["version"],
        "by": data["by"],
        "words": data.get("reason") or data.get("why") or "",
    }


def _rights(request: web.Request, account: Account, meeting: Meeting) -> list[str]:
    """`write`, `approve`, `read`: what one may do with the minutes of this meeting now."""
    services = request.app[SERVICES]
    found = []
    if allowed_here(meeting, "minutes.write", account, services.tree):
        found.append("write")
    if may_approve(meeting, minutes_of(services.writer.state, meeting.id), account, services.tree):
        found.append("approve")
    return [*found, "read"] if _reads_work(request, account, meeting) else found


async def draft(request: web.Request) -> web.Response:
    """``GET …/minutes/draft``: what the meeting's entries give, as of now."""
    account, meeting = await _readable(request)
    services, params = request.app[SERVICES], Params(request, {"language"})
    language = cast("Language", params.one_of("language", LANGUAGES) or "zh")
    _require_writer(request, account, meeting)
    return json_response(await draft_of(services, account, meeting.id, language))


async def save(request: web.Request) -> web.Response:
    """``PUT …/minutes/work``: keep what is written, in place of what one has read; `conflict` where another saved since."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    Params(request, ())
    meeting = await readable_meeting(services, account, path_id(request, "meeting", "m"))
    _require_writer(request, account, meeting)
    body = await _large_json(request)
    asked = await asyncio.to_thread(model_from, MinutesWork, body)
    known = minutes_of(services.writer.state, meeting.id)
    if known is not None and known.state == "submitted":
        raise Refusal("wrong_state", "these minutes wait for approval; take them back to write on")
    account, at = access.require(), services.clock()
    by = signature_of(account, services.tree)
    text = dumps(asked.text.model_dump(mode="json"))
    saved = await services.minutes.save(meeting.id, asked.rev, text, by, at)
    if saved is None:
        raise Refusal("conflict", "somebody has saved these minutes since you read them", "rev")
    return json_response({"rev": saved, "by": by, "at": to_wire(at)})


async def submit(request: web.Request) -> web.Response:
    """``POST …/minutes/submission``: put before the chair what was saved; sent again under its id, it counts once."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, MinutesAsked)
    meeting = await readable_meeting(services, account, path_id(request, "meeting", "m"))
    _require_writer(request, account, meeting)
    work = await services.minutes.work(meeting.id)
    if work is None or work["rev"] != asked.rev:
        raise Refusal("conflict", "somebody has saved these minutes since you read them", "rev")
    text = await put_text(services, account, model_from(MinutesText, work["text"]))
    await services.objects.about_to_name(access.require(), services.tree, [text])
    kind = "minutes.submit"
    data = parse_data(kind, {"text": text, "why": asked.why})
    answer = await services.writer.submit(Command(asked.id, kind, meeting.id, data), access.require())
    return json_response({"seq": answer.seq})


async def text(request: web.Request) -> web.Response:
    """``GET …/minutes/texts/{which}``: `work`, `submission`, or the number of a version."""
    account, meeting = await _readable(request)
    Params(request, ())
    found, head = await _text(request, account, meeting)
    if request.match_info["which"] != "work":
        note_look(request, account, meeting, meeting.id, False, "minutes", shown=True)
    return json_response({**head, "text": found.model_dump(mode="json")})


async def file(request: web.Request) -> web.Response:
    """``GET …/minutes/texts/{which}/file``: the same as DOCX or PDF."""
    account, meeting = await _readable(request)
    params = Params(request, {"format"})
    kind = cast("Kind", params.one_of("format", tuple(TYPES)) or "docx")
    found, head = await _text(request, account, meeting)
    if request.match_info["which"] != "work":
        note_look(request, account, meeting, meeting.id, True, "minutes")
    services = request.app[SERVICES]
    zone = ZoneInfo(services.config.time_zone)

    def local(at: str) -> str:
        return from_wire(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")

    version, approved = head.get("version"), None
    if version is not None:
        approved = Approved(
            version=version["version"],
            number=version["number"],
            at=local(version["approved_at"]),
            name=version["approved_by"]["name"],
            center=version["approved_by"]["center_name"],
            written_name=version["written_by"]["name"],
            written_center=version["written_by"]["center_name"],
            why=version["why"],
            digest=version["digest"],
        )
    paper = await asyncio.to_thread(
        paper_of,
        found,
        pictures=await pictures_of(services, meeting.id, found),
        approved=approved,
        waits=request.match_info["which"] == "submission",
        drill=meeting.drill,
        secret=meeting.level != NORMAL,
        at=local(to_wire(services.clock())),
    )
    content = await request.app[PAPERS].make(kind, paper)
    marks = "-".join([*paper.marks[:1], found.title, *([version["number"]] if version is not None else [])])
    name = f"{''.join(char for char in marks if char not in _UNFIT)[:80]}.{kind}"
    plain = f"minutes-{meeting.id}.{kind}"
    headers = {
        "Content-Type": TYPES[kind],
        # RFC 6266: the plain name for who does not read the other
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "no-store",
    }
    return web.Response(body=content, headers=headers)


#: What the name of a file may not have.
_UNFIT: Final = frozenset('/\\:*?"<>|\r\n\t')


async def _text(request: web.Request, account: Account, meeting: Meeting) -> tuple[MinutesText, Json]:
    """The text that is asked for, and what is known of it. Raises Refusal `not_found`."""
    services, which = request.app[SERVICES], request.match_info["which"]
    nothing = Refusal("not_found", "there are no such minutes", "which")
    if which == "work":
        work = await services.minutes.work(meeting.id) if _reads_work(request, account, meeting) else None
        if work is None:
            raise nothing
        return model_from(MinutesText, work["text"]), {name: work[name] for name in ("rev", "by", "at")}
    if which == "submission":
        standing = await services.minutes.standing(account, services.tree, meeting.id)
        if standing is None or standing["digest"] is None:
            raise nothing
        return await read_text(services, account, standing["digest"]), {"standing": standing}
    versions = await services.minutes.versions(meeting.id)
    version = next((each for each in versions if str(each["version"]) == which), None)
    if version is None:
        raise nothing
    try:
        return await read_text(services, account, version["digest"]), {"version": version}
    except Refusal as refusal:
        gone = refusal.code == "not_found" and await services.custody.destroyed(meeting.id)
        if gone and any(each["kind"] == "minutes" for each in gone):
            raise destroyed() from None
        raise


async def _readable(request: web.Request) -> tuple[Account, Meeting]:
    """Who asks, and the meeting in the path. Raises Refusal as reading a meeting does."""
    account = await require_account(request)
    meeting = await readable_meeting(request.app[SERVICES], account, path_id(request, "meeting", "m"))
    return account, meeting


def _reads_work(request: web.Request, account: Account, meeting: Meeting) -> bool:
    return allowed_here(meeting, "minutes.read", account, request.app[SERVICES].tree)


def _require_writer(request: web.Request, account: Account, meeting: Meeting) -> None:
    if not allowed_here(meeting, "minutes.write", account, request.app[SERVICES].tree):
        raise Refusal("forbidden", "you do not write the minutes of this meeting")


async def _large_json(request: web.Request) -> Json:
    """A body larger than commands have. Raises Refusal `too_large`, `malformed`."""
    most = MAX_TEXT_BYTES + _AROUND
    if (request.content_length or 0) > most:
        raise Refusal("too_large", f"minutes have at most {MAX_TEXT_BYTES >> 20} MiB")
    content = bytearray()
    async for piece in pieces(request):
        content += piece
        if len(content) > most:
            raise Refusal("too_large", f"minutes have at most {MAX_TEXT_BYTES >> 20} MiB")
    try:
        value = await asyncio.to_thread(lambda: loads(bytes(content).decode()))
    except (NotStrictJson, UnicodeDecodeError):
        raise Refusal("malformed", "the body is no JSON") from None
    if not isinstance(value, dict):
        raise Refusal("malformed", "the body is a JSON object")
    return value


def routes() -> list[web.RouteDef]:
    one = "/api/v1/meetings/{meeting}/minutes"
    return [
        web.get("/api/v1/minutes", minutes),
        web.get(one, of_meeting),
        web.get(f"{one}/draft", draft),
        web.put(f"{one}/work", save),
        web.post(f"{one}/submission", submit),
        web.get(f"{one}/texts/{{which}}", text),
        web.get(f"{one}/texts/{{which}}/file", file),
    ]
