"""WHIP (RFC 9725) to publish and WHEP (draft-ietf-wish-whep) to watch: one door each, the same behind both."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from hub.clock import Clock
from hub.directory.accounts import GRID_ROLES, Account
from hub.directory.permissions import may
from hub.directory.secrecy import may_see_level
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.phone_state import call_of
from hub.ids import is_id, new_id
from hub.state import Meeting
from signaling.access import Access
from signaling.auth import require_access, require_account
from signaling.errors import HeaderedRefusal
from signaling.http_ice import add_links, put_links
from signaling.keys import PACES, SERVICES
from signaling.limits import MAX_BODY_BYTES, read_body
from signaling.params import path_id
from signaling.services import OpenedSession, Services
from signaling.sight import is_joined, own_meeting, require_let_in

SDP: Final = "application/sdp"
FRAGMENT: Final = "application/trickle-ice-sdpfrag"
MAX_SDP_LINES: Final = 2000
#: door -> direction of the media
DOORS: Final = {"whip": "publish", "whep": "watch"}
#: In place of a meeting: one tries the own line, unseen by anybody (docs/protocol.md).
LINE_CHECK: Final = "check"
#: In place of a meeting: cameras are watched, outside of meetings.
CAMERAS: Final = "cameras"
#: What a publish session may send; one session of each an account.
SOURCES: Final = ("camera", "screen")

#: An If-Match list (RFC 9110 §5.6.1), and one entity tag of it (§8.8.3), weak or strong.
_TAG: Final = r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_TAGS: Final = re.compile(rf"[\s,]*{_TAG}(\s*,[\s,]*{_TAG})*[\s,]*")
_ENTITY_TAG: Final = re.compile(_TAG)
#: When an offer is worth another try that an account's many sessions stood in the way of.
RETRY_AFTER_S: Final = "5"

_ICE_USER: Final = re.compile(r"^a=ice-ufrag:([^\s]{1,256})", re.MULTILINE)

# Tools in other pages bring a token of their own; the cookie is never sent along (no credentials allowed).
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Accept-Patch, Link",
}
_PREFLIGHT: Final = {
    **_CORS,
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
    "Access-Control-Max-Age": "600",
}


class IceUsers:
    """The ICE user fragment that each session's client last gave; the oldest are forgotten."""

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._users: dict[str, str] = {}

    def get(self, session: str) -> str | None:
        return self._users.get(session)

    def put(self, session: str, user: str) -> None:
        self._users.pop(session, None)
        self._users[session] = user
        while len(self._users) > self._limit:
            del self._users[next(iter(self._users))]


ICE_USERS: Final = web.AppKey("ice_users", IceUsers)


def _ice_user(text: str) -> str | None:
    found = _ICE_USER.search(text)
    return found.group(1) if found is not None else None


async def _sdp(request: web.Request, content_type: str) -> str:
    """The body as text. Raises Refusal for another content type, over 64 KiB, over 2,000 lines, or no UTF-8."""
    if request.content_type != content_type:
        raise HeaderedRefusal("unsupported_media", f"the body must be {content_type}", _accept())
    body = await read_body(request, MAX_BODY_BYTES)
    if body.count(b"\n") > MAX_SDP_LINES:
        raise Refusal("too_large", f"a session description has at most {MAX_SDP_LINES} lines")
    if not body.strip() or b"\x00" in body:
        raise Refusal("malformed", "this is no session description")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal("malformed", "a session description is UTF-8") from None


def _accept() -> Mapping[str, str]:
    return {"Accept-Post": SDP, "Accept-Patch": FRAGMENT}


async def _join(services: Services, access: Access, meeting: str, clock: Clock) -> None:
    """Join the meeting if the account has not: who sends or watches is seen in the journal.

    Raises Refusal; `waiting` where the meeting is locked.
    """
    account = access.require()
    found = services.writer.state.meetings[meeting]
    if is_joined(found, account):
        return
    command = Command(f"join.{new_id('s', clock())}", "meeting.join", meeting, {})
    await services.writer.submit(command, account)
    require_let_in(found, account)


async def create(request: web.Request) -> web.Response:
    """``POST /whip/{meeting}`` (``?source=camera|screen``) or ``/whep/{meeting}``: 201 with the answer."""
    access = await require_access(request, request.app[PACES].offers)
    account = access.account
    services = request.app[SERVICES]
    if request.match_info["meeting"] == LINE_CHECK:
        return await _try_line(request, access)
    if request.match_info["meeting"] == CAMERAS:
        return await _watch_cameras(request, access)
    meeting = path_id(request, "meeting", "m")
    source = _source(request)
    if account.role in GRID_ROLES:
        found = _called_to(services, account, meeting, source)
    else:
        found = own_meeting(services.writer.state, services.tree, account, meeting)
    offer = await _sdp(request, SDP)
    _require_accepts_sdp(request)
    if not found.is_open:
        raise Refusal("meeting_ended", "the meeting has ended", "meeting")
    require_let_in(found, account)
    door = request.match_info["door"]
    try:
        session = await services.media.open(
            account,
            meeting,
            DOORS[door],
            offer,
            source,
            access=access.key,
            join=None
            if account.role in GRID_ROLES
            else lambda: _join(services, access, meeting, services.clock),
        )
    except Refusal as refusal:
        raise _with_another_try(refusal) from None
    return _agreed(request, access, meeting, offer, session)


def _called_to(services: Services, account: Account, meeting: str, source: str) -> Meeting:
    """The meeting that has this grid member's phone. Raises Refusal: `not_found`; `not_joined` while it rings."""
    found = call_of(services.writer.state, account.id)
    if found is None or found[0].id != meeting or not may_see_level(account, found[0].level):
        raise Refusal("not_found", "there is no such meeting", "meeting")
    if source != "camera":
        raise Refusal("invalid", "a phone sends its camera", "source")
    if found[1].state != "joined":
        raise Refusal("not_joined", "answer the call first", "meeting")
    return found[0]


async def _try_line(request: web.Request, access: Access) -> web.Response:
    """``POST /whip/check``, then ``/whep/check``: send, and watch what one sends; over after 20 s."""
    services, account, door = request.app[SERVICES], access.account, request.match_info["door"]
    if not may(account, "meeting.join", services.tree, account.center):
        raise Refusal("forbidden", "this role takes part in no meetings")
    offer = await _sdp(request, SDP)
    _require_accepts_sdp(request)
    if DOORS[door] == "publish":
        request.app[PACES].line_checks.take(account.id, asyncio.get_running_loop().time())
    try:
        session = await services.media.open_check(account, DOORS[door], offer, access=access.key)
    except Refusal as refusal:
        raise _with_another_try(refusal) from None
    return _agreed(request, access, LINE_CHECK, offer, session)


async def _watch_cameras(request: web.Request, access: Access) -> web.Response:
    """``POST /whep/cameras``: a session whose slots show cameras; which ones, the socket's `select` says."""
    services, account = request.app[SERVICES], access.account
    if DOORS[request.match_info["door"]] != "watch":
        raise Refusal("not_found", "nobody publishes here")
    if not may(account, "camera.watch", services.tree, account.center):
        raise Refusal("forbidden", "this role watches no cameras")
    offer = await _sdp(request, SDP)
    _require_accepts_sdp(request)
    try:
        session = await services.media.open_cameras(account, offer, access=access.key)
    except Refusal as refusal:
        raise _with_another_try(refusal) from None
    return _agreed(request, access, CAMERAS, offer, session)


def _require_accepts_sdp(request: web.Request) -> None:
    accept = request.headers.get("Accept", "*/*")
    if not any(each in accept for each in ("*/*", "application/*", SDP)):
        raise Refusal("not_acceptable", f"the answer is {SDP}")


def _with_another_try(refusal: Refusal) -> Refusal:
    """Too many sessions are a matter of seconds."""
    if refusal.code != "too_many" or isinstance(refusal, HeaderedRefusal):
        return refusal
    return HeaderedRefusal(refusal.code, refusal.message, {"Retry-After": RETRY_AFTER_S}, refusal.field)


def _agreed(
    request: web.Request, access: Access, meeting: str, offer: str, session: OpenedSession
) -> web.Response:
    """The answer to an offer that was taken."""
    services, door = request.app[SERVICES], request.match_info["door"]
    services.accounts.withdrawal.media_opened(access)
    request.app[ICE_USERS].put(session.id, _ice_user(offer) or "")
    headers = {"Location": f"/{door}/{meeting}/{session.id}", "ETag": _quoted(session.etag), **_CORS}
    headers["Accept-Patch"] = FRAGMENT
    headers["Cache-Control"] = "no-store"
    response = web.Response(body=session.answer.encode(), status=201, content_type=SDP, headers=headers)
    put_links(request, access.account, response)
    return response


async def restart(request: web.Request) -> web.Response:
    """``PATCH``: an ICE restart (200, new entity tag), or candidates, which an ICE-lite hub does not need (204)."""
    access = await require_access(request, request.app[PACES].commands)
    account = access.account
    media = request.app[SERVICES].media
    session = _session(request)
    current = _quoted(media.session_etag(account, session))
    fragment = await _sdp(request, FRAGMENT)
    condition = _condition(request)
    user = _ice_user(fragment)
    known = request.app[ICE_USERS]
    if user is None and "a=candidate:" not in fragment and "a=end-of-candidates" not in fragment:
        raise Refusal("malformed", "the fragment has neither credentials nor candidates")
    # Candidates carry the credentials of the running generation (RFC 8840 §4.4), a restart brings new ones.
    if user is None or user == known.get(session):
        if condition is not None:
            _require_match(condition, current)
        return web.Response(status=204, headers=_CORS)
    _require_match(condition, current)
    request.app[PACES].offers.take(account.id, asyncio.get_running_loop().time())
    answer, etag = await media.restart(access.require(), session, fragment)
    known.put(session, user)
    headers = {"ETag": _quoted(etag), "Cache-Control": "no-store", **_CORS}
    return web.Response(body=answer.encode(), content_type=FRAGMENT, headers=headers)


async def close(request: web.Request) -> web.Response:
    """``DELETE``: 200; the session is gone."""
    account = await require_account(request)
    media = request.app[SERVICES].media
    session = _session(request)
    current = _quoted(media.session_etag(account, session))
    condition = _condition(request)
    if condition is not None:
        _require_match(condition, current)
    await media.close(account, session)
    return web.Response(headers=_CORS)


async def options(request: web.Request) -> web.Response:
    """``OPTIONS``: 204 with what is taken here; also the CORS preflight."""
    on_session = "session" in request.match_info
    methods = "PATCH, DELETE, OPTIONS" if on_session else "POST, OPTIONS"
    taken = {"Accept-Patch": FRAGMENT} if on_session else {"Accept-Post": SDP}
    headers = {**_PREFLIGHT, **taken, "Allow": methods, "Access-Control-Allow-Methods": methods}
    response = web.Response(status=204, headers=headers)
    await add_links(request, response)
    return response


async def allow_other_pages(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: refusals of these two doors are readable for tools in other pages, too."""
    if request.path.startswith(("/whip/", "/whep/")):
        for name, value in _CORS.items():
            response.headers.setdefault(name, value)


def _session(request: web.Request) -> str:
    if request.match_info["meeting"] not in (LINE_CHECK, CAMERAS):
        path_id(request, "meeting", "m")
    session = request.match_info["session"]
    if not is_id(session, "s"):
        raise Refusal("not_found", "there is no such media session")
    return session


def _source(request: web.Request) -> str:
    """What is published: `?source=`, `camera` (with the microphone) without it. Raises Refusal."""
    source = request.query.get("source", "camera")
    if source not in SOURCES or (source != "camera" and request.match_info["door"] != "whip"):
        raise Refusal("invalid", f"one publishes one of {', '.join(SOURCES)}", "source")
    return source


def _quoted(etag: str) -> str:
    return etag if etag.startswith('"') else f'"{etag}"'


def _condition(request: web.Request) -> str | None:
    """If-Match, its lines together (RFC 9110 §5.3); None without one."""
    lines = request.headers.getall("If-Match", [])
    return ",".join(lines) if lines else None


def _require_match(condition: str | None, current: str) -> None:
    """Raises Refusal unless one of the tags is the current one (RFC 9110 §13.1.1: weak ones never are). RFC 9725 writes `*` in
    quotes."""
    if condition is None:
        raise Refusal("precondition_failed", 'an If-Match header is needed: the entity tag, or "*"')
    if condition.strip() == "*":
        return
    tags = _ENTITY_TAG.finditer(condition) if _TAGS.fullmatch(condition) else iter(())
    strong = {found.group() for found in tags if not found.group(1)}
    if not strong & {'"*"', current}:
        raise Refusal("precondition_failed", "the session has another entity tag by now")


def routes() -> list[web.RouteDef]:
    collection, member = "/{door:whip|whep}/{meeting}", "/{door:whip|whep}/{meeting}/{session}"
    return [
        web.post(collection, create),
        web.options(collection, options),
        web.patch(member, restart),
        web.delete(member, close),
        web.options(member, options),
    ]
