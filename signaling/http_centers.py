"""``/api/v1/centers``: the directory, within the caller's sight."""

from __future__ import annotations

from aiohttp import web

from hub.directory.permissions import may
from hub.directory.tree import Center
from hub.errors import Refusal
from signaling.accounts import center_to_wire
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params

SEARCH_LIMIT = 100


async def centers(request: web.Request) -> web.Response:
    """``GET``: children of ``parent``, all of ``subtree``, found by ``q``, or the caller's own center."""
    account = await require_account(request)
    tree = request.app[SERVICES].tree
    params = Params(request, {"parent", "subtree", "q"})
    parent, subtree, text = params.center("parent"), params.center("subtree"), params.text("q")
    if sum(each is not None for each in (parent, subtree, text)) > 1:
        raise Refusal("invalid", "one of parent, subtree and q at a time")
    named = parent or subtree
    if named is not None and not may(account, "center.read", tree, named):
        raise Refusal("not_found", "there is no such center", "parent" if parent else "subtree")
    if parent is not None:
        found = tree.children(parent)
    elif subtree is not None:
        found = tree.subtree(subtree)
    elif text is not None:
        # The own subtree is searched whole; of the rest only the line above is in sight, a handful.
        within = account.center if not may(account, "center.read", tree, "") else None
        above = [c for c in tree.path(account.center)[:-1] if text in c.name or c.code.startswith(text)]
        found = (tree.search(text, within, SEARCH_LIMIT) + above)[:SEARCH_LIMIT]
    else:
        own = tree.get(account.center)
        found = [own] if own is not None else []
    seen: list[Center] = [center for center in found if may(account, "center.read", tree, center.code)]
    return json_response({"centers": [center_to_wire(center, tree) for center in seen]})


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/centers", centers)]
