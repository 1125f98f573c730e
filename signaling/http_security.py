"""What the security administrator reads, and everybody of himself: policies, sign-ins, rights that wait, accounts."""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import ADMINISTRATORS, ROLES, Account
from hub.directory.permissions import may
from hub.errors import Refusal
from hub.house.approval import Proposals
from hub.house.parts import Accounts
from hub.house.policies import Policies
from hub.house.rights import may_decide, sees_proposal
from hub.house.terms import good_until
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: `role` of a list of accounts: one role, or all three administrators.
_ROLES: Final = (*ROLES, "administrators")


async def policy(request: web.Request) -> web.Response:
    """``GET``: the policies of now."""
    account = await require_account(request)
    services = request.app[SERVICES]
    kept = services.writer.state.parts.read(Policies)
    now = kept.policy
    session = now.of_role(account.role)
    own = {
        "password": now.password.model_dump(mode="json"),
        "lock": now.lock.model_dump(mode="json"),
        "second_factor": account.role in now.second_factor,
        "session": session.model_dump(mode="json") if session is not None else None,
    }
    answer: Json = {"own": own, "all": None, "changed_at": None, "by": None, "approver": None}
    if may(account, "policy.read", services.tree, account.center):
        answer["all"] = now.model_dump(mode="json")
        answer["changed_at"] = kept.changed_at
        answer["by"] = _name_of(services, kept.by)
        answer["approver"] = _name_of(services, now.approval.approver)
    return json_response(answer)


def _name_of(services: Services, account: str | None) -> str | None:
    if account is None:
        return None
    found = services.writer.state.parts.read(Accounts).by_id.get(account)
    return found.name if found is not None else account


async def sessions(request: web.Request) -> web.Response:
    """``GET``: one's own sign-ins, or those of an account that one may read."""
    access = await require_access(request)
    services = request.app[SERVICES]
    whose = _whose(Params(request, {"account"}).identifier("account", "a"), access.account, services)
    accounts = services.accounts
    now = services.clock()
    held = await accounts.store.sessions_of([whose.id], now)
    rows = []
    for each in held:
        ends = good_until(accounts.policy(), whose.role, each.begun_at, each.seen_at, each.expires_at)
        if ends > now:
            rows.append(
                {
                    "id": each.id,
                    "begun_at": to_wire(each.begun_at),
                    "seen_at": to_wire(each.seen_at),
                    "ends_at": to_wire(ends),
                    "address": each.address,
                    "agent": each.agent,
                    "own": access.key.startswith(each.id),
                }
            )
    return json_response({"sessions": rows})


def _whose(wanted: str | None, asker: Account, services: Services) -> Account:
    """Raises Refusal `not_found` for an account that is not there, or not for one to read."""
    if wanted is None or wanted == asker.id:
        return asker
    found = services.writer.state.parts.read(Accounts).by_id.get(wanted)
    if found is None or not may(asker, "account.read", services.tree, found.center):
        raise Refusal("not_found", "there is no such account", "account")
    return found


async def rights(request: web.Request) -> web.Response:
    """``GET``: rights that wait for a second person, as far as one may know of them."""
    account = await require_account(request)
    services = request.app[SERVICES]
    state, tree = services.writer.state, services.tree

    def name(code: str) -> str:
        center = tree.get(code)
        return center.name if center is not None else code

    rows = []
    for each in state.parts.read(Proposals).open.values():
        if sees_proposal(state, account, each, tree):
            row = each.model_dump(mode="json", exclude={"by"})
            row |= {"center_name": name(each.center), "was_center_name": name(each.was_center)}
            row |= {"own": each.by == account.id, "may_decide": may_decide(state, account, each, tree)}
            rows.append(row)
    return json_response({"rights": rows})


async def guarded(request: web.Request) -> web.Response:
    """``GET``: the accounts that one guards, by user name."""
    asker = await require_account(request)
    services = request.app[SERVICES]
    tree = services.tree
    if not may(asker, "account.guard", tree, asker.center):
        raise Refusal("forbidden", "this is the security administrator's to read")
    params = Params(request, {"q", "role", "after", "limit"})
    role, after = params.one_of("role", _ROLES), params.text("after")
    words = (params.text("q") or "").casefold().split()
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    wanted = {role} if role != "administrators" else set(ADMINISTRATORS)
    state = services.writer.state
    found = sorted(
        (
            each
            for each in state.parts.read(Accounts).by_id.values()
            if (role is None or each.role in wanted)
            and may(asker, "account.guard", tree, each.center)
            and _fits(each, words, services)
        ),
        key=lambda each: each.username,
    )
    page = [each for each in found if after is None or each.username > after][: limit + 1]
    more, page = len(page) > limit, page[:limit]
    ids = [each.id for each in page]
    accounts = services.accounts
    factors = await accounts.factors.enrolled(ids) if accounts.factors is not None else set()
    held = Counter(each.account for each in await accounts.store.sessions_of(ids, services.clock()))
    slowed = accounts.throttle.waiting(accounts.limits, accounts.monotonic())
    waiting = {each.account for each in state.parts.read(Proposals).open.values()}
    rows = []
    for each in page:
        center = tree.get(each.center)
        wait = slowed.get(each.username)
        rows.append(
            {
                "id": each.id,
                "username": each.username,
                "name": each.name,
                "role": each.role,
                "center": each.center,
                "center_name": center.name if center is not None else each.center,
                "disabled": each.disabled,
                "second_factor": each.id in factors,
                "sessions": held[each.id],
                "slowed_s": None if wait is None else math.ceil(wait),
                "waits": each.id in waiting,
            }
        )
    return json_response({"accounts": rows, "total": len(found), "next": page[-1].username if more else None})


def _fits(account: Account, words: list[str], services: Services) -> bool:
    """Whether every word stands in the account's names or in those of its center's path."""
    if not words:
        return True
    path = " ".join(step.name for step in services.tree.path(account.center))
    text = f"{account.username} {account.name} {account.center} {path}".casefold()
    return all(word in text for word in words)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/policy", policy),
        web.get("/api/v1/sessions", sessions),
        web.get("/api/v1/rights", rights),
        web.get("/api/v1/accounts/guarded", guarded),
    ]
