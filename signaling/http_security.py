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
from hub.house.approval import Proposal, Proposals
from hub.house.parts import Accounts
from hub.house.policies import Policies, Policy
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
#: `state` of a list of accounts: has to wait to sign in, has no second factor, is disabled, waits for approval.
_STATES: Final = ("slowed", "no_factor", "disabled", "waits")


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
    answer: Json = {"own": own, "all": None, "usual": None, "changed_at": None, "by": None, "approver": None}
    if may(account, "policy.read", services.tree, account.center):
        answer["all"] = now.model_dump(mode="json")
        answer["usual"] = Policy().model_dump(mode="json")
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
    """``GET``: rights that wait for a second person, and the last decided ones, as far as one may know of them."""
    account = await require_account(request)
    services = request.app[SERVICES]
    state, tree = services.writer.state, services.tree
    proposals = state.parts.read(Proposals)
    waiting = [
        {**_right(services, each, account), "may_decide": may_decide(state, account, each, tree)}
        for each in proposals.open.values()
        if sees_proposal(state, account, each, tree)
    ]
    decided = [
        _right(services, each, account)
        for each in reversed(proposals.decided)
        if sees_proposal(state, account, each, tree)
    ]
    return json_response({"rights": waiting, "decided": decided})


def _right(services: Services, proposal: Proposal, asker: Account) -> Json:
    def name(code: str) -> str:
        center = services.tree.get(code)
        return center.name if center is not None else code

    row = proposal.model_dump(mode="json", exclude={"by", "decided_by"})
    row |= {"center_name": name(proposal.center), "was_center_name": name(proposal.was_center)}
    return {**row, "own": proposal.by == asker.id}


async def factors(request: web.Request) -> web.Response:
    """``GET``: how many accounts of each role have a second factor, and which role needs one."""
    asker = await require_account(request)
    services = request.app[SERVICES]
    guarded = [each for each in _guarded_by(asker, services) if not each.disabled]
    enrolled = await _enrolled(services)
    required = services.accounts.policy().second_factor
    rows = []
    for role in ROLES:
        ids = [each.id for each in guarded if each.role == role]
        having = sum(each in enrolled for each in ids)
        rows.append({"role": role, "accounts": len(ids), "having": having, "required": role in required})
    return json_response({"roles": rows})


async def _enrolled(services: Services) -> set[str]:
    kept = services.accounts.factors
    return await kept.all_enrolled() if kept is not None else set()


def _guarded_by(asker: Account, services: Services) -> list[Account]:
    """Raises Refusal `forbidden` for who guards nobody."""
    tree = services.tree
    if not may(asker, "account.guard", tree, asker.center):
        raise Refusal("forbidden", "this is the security administrator's to read")
    accounts = services.writer.state.parts.read(Accounts).by_id.values()
    return [each for each in accounts if may(asker, "account.guard", tree, each.center)]


async def guarded(request: web.Request) -> web.Response:
    """``GET``: the accounts that one guards, by user name."""
    asker = await require_account(request)
    services = request.app[SERVICES]
    tree = services.tree
    guarded = _guarded_by(asker, services)
    params = Params(request, {"q", "role", "state", "after", "limit"})
    role, after = params.one_of("role", _ROLES), params.text("after")
    standing = params.one_of("state", _STATES)
    words = (params.text("q") or "").casefold().split()
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    wanted = {role} if role != "administrators" else set(ADMINISTRATORS)
    accounts = services.accounts
    enrolled = await _enrolled(services)
    slowed = accounts.throttle.waiting(accounts.limits, accounts.monotonic())
    waiting = {each.account for each in services.writer.state.parts.read(Proposals).open.values()}

    def stands(each: Account) -> bool:
        return {
            None: True,
            "slowed": each.username in slowed,
            "no_factor": each.id not in enrolled,
            "disabled": each.disabled,
            "waits": each.id in waiting,
        }[standing]

    found = sorted(
        (
            each
            for each in guarded
            if (role is None or each.role in wanted) and stands(each) and _fits(each, words, services)
        ),
        key=lambda each: each.username,
    )
    page = [each for each in found if after is None or each.username > after][: limit + 1]
    more, page = len(page) > limit, page[:limit]
    ids = [each.id for each in page]
    held = Counter(each.account for each in await accounts.store.sessions_of(ids, services.clock()))
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
                "cleared": each.cleared,
                "second_factor": each.id in enrolled,
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
        web.get("/api/v1/accounts/factors", factors),
    ]
