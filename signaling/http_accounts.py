"""``/api/v1/accounts``: the accounts that an administrator looks after, and one-time passwords for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, ROLES, Account
from hub.directory.finding import rank, words_of
from hub.directory.permissions import TABLE, may
from hub.directory.pinyin import spell
from hub.directory.tree import CenterTree
from hub.entry import Command
from hub.errors import Refusal
from hub.house.approval import Proposal, Proposals, password_right
from hub.house.parts import Accounts
from hub.ids import new_id
from hub.rules import parse_data
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.keys import PACES, SERVICES
from signaling.limits import read_json_object
from signaling.params import Params, path_id
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: Accounts that are given one-time passwords by one call: half a second's work.
MAX_GIVEN: Final = 100

_spelled: Final = lru_cache(maxsize=16_384)(spell)


@dataclass(frozen=True, slots=True)
class _Named:
    """An account as the search of centers takes it: its user name for a code."""

    code: str
    name: str
    pinyin: str


def require_reader(account: Account) -> None:
    """Raises Refusal("forbidden") for who reads no accounts at all."""
    if account.disabled or account.role not in TABLE["account.read"]:
        raise Refusal("forbidden", "this is the administrators' to read")


def readable_accounts(services: Services, reader: Account) -> list[Account]:
    """The accounts that this administrator may read, by user name."""
    tree = services.tree
    known = services.writer.state.parts.read(Accounts).by_id.values()
    return sorted(
        (each for each in known if may(reader, "account.read", tree, each.center)),
        key=lambda each: each.username,
    )


def chosen_accounts(services: Services, reader: Account, params: Params) -> list[Account]:
    """Those of them that the parameters let through: `q`, `role`, `center` (with all below it), `disabled`, and `request`:
    what waits for a second person, or passwords that the reader may give since somebody agreed."""
    tree = services.tree
    text, role = params.text("q"), params.one_of("role", ROLES)
    center, disabled = params.center("center"), params.one_of("disabled", ("yes", "no"))
    found: Iterable[Account] = readable_accounts(services, reader)
    if role is not None:
        found = [each for each in found if each.role == role]
    if center is not None:
        found = [each for each in found if tree.contains(center, each.center)]
    if disabled is not None:
        found = [each for each in found if each.disabled == (disabled == "yes")]
    request = params.one_of("request", ("waits", "granted"))
    if request is not None:
        found = _requested(services, reader, found, request)
    words = words_of(text) if text is not None else []
    return [each for each in found if not words or _is_meant(each, tree, words)]


def _requested(services: Services, reader: Account, found: Iterable[Account], request: str) -> list[Account]:
    proposals = services.writer.state.parts.read(Proposals)
    if request == "waits":
        waiting = {each.account for each in proposals.open.values()}
        return [each for each in found if each.id in waiting]
    state, tree, now = services.writer.state, services.tree, services.clock()
    return [
        each
        for each in found
        if each.id in proposals.grants and password_right(state, reader, each, tree, now) == "give"
    ]


def _is_meant(account: Account, tree: CenterTree, words: Sequence[str]) -> bool:
    own = _Named(account.username.lower(), account.name, _spelled(account.name))
    if rank([own], words) is not None or any(word in own.code for word in words):
        return True
    path = tree.path(account.center)
    # Words of the center alone find its accounts, too.
    return rank([*path, own], words) is not None or rank(path, words) is not None


def rights_on(reader: Account, found: Account, tree: CenterTree) -> list[str]:
    """What the reader may do to this account: `manage`, `guard` (see `hub.house.accounts`)."""
    managing = "account.guard" if found.role in ADMINISTRATORS else "account.manage"
    asked = (("manage", managing), ("guard", "account.guard"))
    return [word for word, action in asked if may(reader, action, tree, found.center)]


def center_of(account: Account, tree: CenterTree) -> Json:
    """Where an account belongs."""
    center = tree.get(account.center)
    return {
        "code": account.center,
        "name": center.name if center is not None else "",
        "path": [step.name for step in tree.path(account.center)],
    }


async def told(services: Services, reader: Account, page: Sequence[Account]) -> list[Json]:
    """These accounts as their administrators see them."""
    states = await services.queries.account_states([each.id for each in page])
    state, tree, now = services.writer.state, services.tree, services.clock()
    waiting = {each.account: each for each in state.parts.read(Proposals).open.values()}
    passwords = {each.id: password_right(state, reader, each, tree, now) for each in page}
    return [
        {
            "id": each.id,
            "username": each.username,
            "name": each.name,
            "role": each.role,
            "center": center_of(each, tree),
            "disabled": each.disabled,
            "cleared": each.cleared,
            **states[each.id],
            "can": [
                *rights_on(reader, each, tree),
                *([f"{right}_password"] if (right := passwords[each.id]) is not None else []),
            ],
            "waits": _waits(waiting.get(each.id)),
        }
        for each in page
    ]


def _waits(proposal: Proposal | None) -> str | None:
    if proposal is None:
        return None
    return "new" if proposal.new else "password" if proposal.password else "right"


async def accounts(request: web.Request) -> web.Response:
    """``GET``: a page of accounts by user name."""
    reader = await require_account(request)
    require_reader(reader)
    params = Params(request, {"q", "role", "center", "disabled", "request", "after", "limit"})
    services = request.app[SERVICES]
    limit, after = (
        params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT),
        params.identifier("after", "a"),
    )
    found = chosen_accounts(services, reader, params)
    begin = 0
    if after is not None:
        begin = next((at + 1 for at, each in enumerate(found) if each.id == after), len(found))
    page = found[begin : begin + limit]
    more = len(found) > begin + limit
    return json_response(
        {
            "accounts": await told(services, reader, page),
            "next": page[-1].id if more else None,
            "total": len(found),
        }
    )


async def account(request: web.Request) -> web.Response:
    """``GET …/{account}``: one of them."""
    reader = await require_account(request)
    services = request.app[SERVICES]
    found = services.writer.state.parts.read(Accounts).by_id.get(path_id(request, "account", "a"))
    if found is None or not may(reader, "account.read", services.tree, found.center):
        raise Refusal("not_found", "there is no such account")
    return json_response((await told(services, reader, [found]))[0])


async def one_time(request: web.Request) -> web.Response:
    """``POST …/one-time``: take the passwords of these accounts away, and give them others for one sign-in.

    The journal is told first, with who asked; the rule says whether he may (`account.reset_password`).
    """
    access = await require_access(request, request.app[PACES].commands)
    body = await read_json_object(request)
    wanted: Any = body.get("accounts")
    if set(body) != {"accounts"} or not isinstance(wanted, list) or not 1 <= len(wanted) <= MAX_GIVEN:
        raise Refusal("invalid", f"name 1 to {MAX_GIVEN} accounts", "accounts")
    services = request.app[SERVICES]
    kind, now = "account.reset_password", services.clock()
    command = Command(f"once-{new_id('s', now)}", kind, None, parse_data(kind, {"accounts": wanted}))
    reset = await services.writer.submit(command, access.require())
    names = [str(each["account"]) for entry in reset.entries for each in entry.data["accounts"]]
    passwords, until = await services.accounts.give_one_time(names)
    by_id = services.writer.state.parts.read(Accounts).by_id
    given = [
        {
            "account": found.id,
            "username": found.username,
            "name": found.name,
            "center": found.center,
            "password": passwords[found.id],
        }
        for found in (by_id[name] for name in names if name in by_id)
    ]
    return json_response({"passwords": given, "until": to_wire(until)}, 201)


def routes() -> list[web.RouteDef]:
    path = "/api/v1/accounts"
    return [
        web.get(path, accounts),
        web.post(f"{path}/one-time", one_time),
        web.get(f"{path}/{{account}}", account),
    ]
