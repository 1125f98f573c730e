"""``/api/v1/centers``: the directory, within the caller's sight."""

from __future__ import annotations

from aiohttp import web

from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import may_see_level
from hub.directory.tree import Center, CenterTree
from hub.errors import Refusal
from hub.house.parts import accounts_at
from signaling.accounts import center_to_wire
from signaling.auth import require_account
from signaling.encodings import VERSIONS
from signaling.errors import json_response
from signaling.grid_removed import standing_at
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json

#: Centers that a search gives at once without another limit, and the most that a page holds.
SEARCH_LIMIT, MAX_LIMIT = 100, 2000


async def centers(request: web.Request) -> web.Response:
    """``GET``: children of ``parent``, all of ``subtree``, found by ``q``, or the caller's own center.

    With ``limit`` in pages, each after the center that is named by ``after``.
    """
    account = await require_account(request)
    tree = request.app[SERVICES].tree
    params = Params(request, {"parent", "subtree", "q", "after", "limit"})
    parent, subtree, text = params.center("parent"), params.center("subtree"), params.text("q")
    if sum(each is not None for each in (parent, subtree, text)) > 1:
        raise Refusal("invalid", "one of parent, subtree and q at a time")
    limit, after = params.number("limit", 0, 1, MAX_LIMIT), params.center("after")
    if after is not None and not limit:
        raise Refusal("invalid", "a page needs a limit", "limit")
    named = parent or subtree
    if named is not None and not may(account, "center.read", tree, named):
        raise Refusal("not_found", "there is no such center", "parent" if parent else "subtree")
    everywhere = may(account, "center.read", tree, "")
    if named is not None:
        below = tree.children(named) if parent is not None else tree.subtree(named)
        if limit:
            return json_response(_within_sight(account, tree, below, limit, after))
        # What is below a center is the same for all of one center, or of any with everything in sight.
        seen_from = "" if everywhere else account.center
        version = await request.app[VERSIONS].get(
            (id(tree), seen_from, parent, subtree), lambda: _within_sight(account, tree, below)
        )
        return version.answer(request)
    if text is not None:
        # The own subtree is searched whole; of the rest only the line above is in sight, a handful.
        within = None if everywhere else account.center
        above = [c for c in tree.path(account.center)[:-1] if text in c.name or c.code.startswith(text)]
        # Who sees everything has found the line above already.
        found = list(dict.fromkeys([*tree.search(text, within, len(tree)), *above]))
        limit = limit or SEARCH_LIMIT
    else:
        own = tree.get(account.center)
        found = [own] if own is not None else []
    return json_response(_within_sight(account, tree, found, limit, after))


async def use(request: web.Request) -> web.Response:
    """``GET …/{code}/use``: what taking a center away would touch: centers below, accounts, open meetings, grids."""
    account = await require_account(request)
    services = request.app[SERVICES]
    tree, code = services.tree, request.match_info["code"]
    if code not in tree or not may(account, "account.read", tree, code):
        raise Refusal("not_found", "there is no such center")
    below = {center.code for center in tree.subtree(code)}
    state = services.writer.state
    meetings = sum(
        meeting.is_open and may_see_level(account, meeting.level) and not below.isdisjoint(meeting.centers)
        for meeting in state.meetings.values()
    )
    accounts = sum(accounts_at(state, below).values())
    standing = (await standing_at(services, sorted(below))).values()
    return json_response(
        {
            "center": code,
            "below": len(below) - 1,
            "accounts": accounts,
            "meetings": meetings,
            "grids": sum(grids for grids, _ in standing),
            "households": sum(households for _, households in standing),
        }
    )


def _within_sight(
    account: Account, tree: CenterTree, found: list[Center], limit: int = 0, after: str | None = None
) -> Json:
    """Those that may be seen; with a limit a page of them, which begins after that center (after none of them: empty)."""
    seen = [center for center in found if may(account, "center.read", tree, center.code)]
    codes = [center.code for center in seen] if after is not None else []
    begin = 0 if after is None else codes.index(after) + 1 if after in codes else len(seen)
    page = seen[begin : begin + limit] if limit else seen
    more = len(seen) > begin + len(page)
    return {
        "centers": [center_to_wire(center, tree) for center in page],
        "next": page[-1].code if more else None,
    }


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/centers", centers), web.get("/api/v1/centers/{code}/use", use)]
