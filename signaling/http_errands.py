"""``/api/v1/errands``: what households asked for, written down with words that stand sealed, and read by right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from hub.directory.accounts import Account
from hub.entry import Command
from hub.errors import Refusal
from hub.grids.answer_months import ERRANDS, about_month
from hub.grids.errands import may_run
from hub.rules import parse_data
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.http_clearing_files import asked_of
from signaling.keys import PACES, SERVICES
from signaling.params import Params
from signaling.schemas.sweep_asked import ErrandBrought
from signaling.services import Json, Services
from signaling.visit_door import key_of

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
STATES: Final = ("asked", "taken", "done", "dropped")


async def ask(request: web.Request) -> web.Response:
    """``POST``: write down what a household asks for; sent again under its id it counts once."""
    access = await require_access(request, request.app[PACES].commands)
    services, account = request.app[SERVICES], access.require()
    asked = await asked_of(request, ErrandBrought)
    grid = (await services.sweeps.grids_of_households([asked.household])).get(asked.household)
    about = about_month(ERRANDS, asked.asked_on, services.clock())
    key = await key_of(services, about)
    said = {"text": asked.text}
    kind = "errand.ask"
    data = {
        **asked.model_dump(mode="json", include={"household", "kind", "due"}),
        "grid": grid,
        "commitment": key.commit(f"{account.id} {asked.id}", said),
    }
    # A household may be in another grid when the same is sent again: it is the same errand.
    command = Command(asked.id, kind, None, parse_data(kind, data), frozenset({"grid"}))
    answer = await services.writer.submit(command, account)
    errand = str(answer.entries[0].data["errand"])
    await services.sweeps.put_errand(errand, about, asked.household, key.seal(asked.household, said))
    return json_response({"errand": errand, "seq": answer.seq})


async def errands(request: web.Request) -> web.Response:
    """``GET``: newest first; of a ``center`` with all below it, in one ``state``. Words only for who may do it."""
    account = await require_account(request)
    services, params = request.app[SERVICES], Params(request, ("center", "state", "before", "limit"))
    limit, center = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), params.center("center")
    before = params.number("before", 0, 0, 1 << 60) or None
    state, tree = params.one_of("state", STATES), services.tree
    if center is not None and center not in tree:
        raise Refusal("not_found", "there is no such center", "center")
    centers = None if center is None else [each.code for each in tree.subtree(center)]
    seq = services.writer.state.last_seq
    found, following = await services.queries.errands(account, tree, centers, state, before, limit)
    told = await with_words(services, account, found)
    return json_response({"errands": told, "next": following, "seq": seq})


async def with_words(services: Services, account: Account, found: Sequence[Json]) -> list[Json]:
    """Errands with what was asked for, where the account may do them; null for others."""
    own = {each["errand"] for each in found if _may_run(services, account, each)}
    return await told_with(services, account, found, await services.sweeps.errand_words(own) if own else {})


async def told_with(
    services: Services,
    account: Account,
    found: Sequence[Json],
    words: Mapping[str, tuple[str, str, str]],
) -> list[Json]:
    """The same, where the sealed words of some are at hand."""
    own = {each["errand"] for each in found if _may_run(services, account, each)}
    texts: dict[str, Any] = {}
    for errand, (about, household, sealed) in words.items():
        if errand not in own:
            continue
        key = await services.sweeps.key(about, services.clock())
        texts[errand] = key.open(household, sealed)["text"]
    return [{**each, "text": texts.get(each["errand"])} for each in found]


def _may_run(services: Services, account: Account, errand: Json) -> bool:
    return may_run(services.writer.state, account, services.tree, errand["grid"])


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/errands", errands), web.post("/api/v1/errands", ask)]
