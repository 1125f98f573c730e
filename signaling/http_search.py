"""``/api/v1/search``: what holds the words that one looks for, and when a center had the word, as far as one may read it."""

from __future__ import annotations

import re
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.grams import runs
from hub.errors import Refusal
from hub.filters import SORTS, FindFilter, SpokenFilter
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params

DEFAULT_LIMIT, MAX_LIMIT = 40, 200
#: What it takes, besides the place in the list.
WANTED: Final = ("q", "sort", "from", "to", "center", "meeting", "state")
#: What the search for who spoke takes, besides the place in the list.
SPOKEN: Final = ("center", "from", "to", "meeting")
DEFAULT_MEETINGS, MAX_MEETINGS = 20, 100


async def search(request: web.Request) -> web.Response:
    """``GET /api/v1/search``: hits, newest first; words of which one has two characters, or another filter."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*WANTED, "before", "limit"})
    since, until = params.moment("from"), params.moment("to")
    wanted = FindFilter(
        text=_words(params),
        sorts=frozenset(params.some_of("sort", SORTS)),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        center=params.center("center"),
        meeting=params.identifier("meeting", "m"),
        state=params.one_of("state", ("open", "over")),
        before=_place(params),
    )
    if wanted == FindFilter(before=wanted.before):
        raise Refusal("invalid", "say what is looked for: words, or another filter", "q")
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    return json_response(await services.queries.find(account, services.tree, wanted, limit))


def _place(params: Params) -> tuple[int, int] | None:
    text = params.text("before")
    if text is None:
        return None
    found = re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,18})", text, re.ASCII)
    if found is None:
        raise Refusal("invalid", "the `next` of the page before", "before")
    return int(found[1]), int(found[2])


def _words(params: Params) -> str:
    text = params.text("q") or ""
    if text and max(map(len, runs(text)), default=0) < 2:
        raise Refusal("invalid", "at least one word of two letters, digits or characters", "q")
    return text


async def spoken(request: web.Request) -> web.Response:
    """``GET /api/v1/search/spoken``: when a center had the word, meetings newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*SPOKEN, "before", "limit"})
    since, until = params.moment("from"), params.moment("to")
    center = params.center("center")
    if center is None:
        raise Refusal("invalid", "say whose words are looked for", "center")
    wanted = SpokenFilter(
        center=center,
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        meeting=params.identifier("meeting", "m"),
        before=params.identifier("before", "m"),
    )
    limit = params.number("limit", DEFAULT_MEETINGS, 1, MAX_MEETINGS)
    return json_response(await services.queries.spoken(account, services.tree, wanted, limit))


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/search", search), web.get("/api/v1/search/spoken", spoken)]
