"""``/api/v1/accounts/sessions`` and ``/api/v1/stations``: what is in use now: sign-ins that live, centers where somebody is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.permissions import may
from hub.directory.tree import Center
from hub.errors import Refusal
from hub.house.parts import Accounts
from hub.house.terms import good_until
from signaling.address import network_of
from signaling.auth import require_access, require_account
from signaling.errors import json_response
from signaling.http_accounts import center_of, chosen_accounts, require_reader, rights_on
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.presence import PRESENCE, Presence
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: Worst first: what is looked for when stations are looked at.
STATES: Final = ("offline", "never", "none", "online", "in_meeting")


async def sessions(request: web.Request) -> web.Response:
    """``GET``: sign-ins that live, of the accounts that the parameters choose, the newest first."""
    access = await require_access(request)
    reader = access.account
    require_reader(reader)
    params = Params(request, {"q", "role", "center", "account", "after", "limit"})
    services = request.app[SERVICES]
    limit, after = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), params.text("after")
    one = params.identifier("account", "a")
    chosen = {each.id: each for each in chosen_accounts(services, reader, params) if one in (None, each.id)}
    accounts, now = services.accounts, services.clock()
    policy, in_use = accounts.policy(), accounts.withdrawal.names_in_use()
    held = [
        each
        for each in await accounts.store.sessions_of(list(chosen), now)
        if good_until(policy, chosen[each.account].role, each.begun_at, each.seen_at, each.expires_at) > now
    ]
    begin = 0
    if after is not None:
        begin = next((at + 1 for at, each in enumerate(held) if each.id == after), len(held))
    page = held[begin : begin + limit]
    rows = []
    for each in page:
        account = chosen[each.account]
        rows.append(
            {
                "session": each.id,
                "account": account.id,
                "username": account.username,
                "name": account.name,
                "role": account.role,
                "center": center_of(account, services.tree),
                "since": to_wire(each.begun_at),
                "seen_at": to_wire(each.seen_at),
                "in_use": each.id in in_use,
                "network": network_of(each.address) if each.address else "",
                "agent": each.agent,
                "own": access.key.startswith(each.id),
                "can": [word for word in rights_on(reader, account, services.tree) if word == "guard"],
            }
        )
    more = len(held) > begin + limit
    return json_response({"sessions": rows, "next": page[-1].id if more else None, "at": to_wire(now)})


async def stations(request: web.Request) -> web.Response:
    """``GET``: who is there below ``within`` (else the own center): counted by the centers right below it, and one by one."""
    reader = await require_account(request)
    require_reader(reader)
    params = Params(request, {"within", "state", "after", "limit"})
    services, presence = request.app[SERVICES], request.app[PRESENCE]
    tree = services.tree
    within, state = params.center("within") or reader.center, params.one_of("state", STATES)
    limit, after = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT), params.center("after")
    if within not in tree or not may(reader, "account.read", tree, within):
        raise Refusal("not_found", "there is no such center", "within")
    looked = _Looked(services, presence, await services.queries.last_seen())
    scope = tree.subtree(within)
    states = {each.code: looked.state(each) for each in scope}
    groups = tree.children(within) or [tree[within]]
    found = [each for each in scope if state in (None, states[each.code])]
    begin = 0
    if after is not None:
        begin = next((at + 1 for at, each in enumerate(found) if each.code == after), len(found))
    page = found[begin : begin + limit]
    return json_response(
        {
            "at": to_wire(services.clock()),
            "groups": [_count(each, tree.subtree(each.code), states) for each in groups],
            "centers": [looked.row(each, states[each.code]) for each in page],
            "total": len(found),
            "next": page[-1].code if len(found) > begin + limit else None,
        }
    )


class _Looked:
    """What is known of the centers at one moment."""

    def __init__(self, services: Services, presence: Presence, seen: dict[str, str]) -> None:
        self._services = services
        self._presence = presence
        self._last: dict[str, str] = {}
        self._accounts: Counter[str] = Counter()
        for account in services.writer.state.parts.read(Accounts).by_id.values():
            self._accounts[account.center] += 1
            at = seen.get(account.id)
            last = max(at or "", presence.gone_at(account.center), self._last.get(account.center, ""))
            if last:
                self._last[account.center] = last

    def state(self, center: Center) -> str:
        there = self._presence.state_of(center.code)
        if there != "offline":
            return there
        if not self._accounts[center.code]:
            return "none"
        return "offline" if center.code in self._last else "never"

    def row(self, center: Center, state: str) -> Json:
        told = self._presence.device_of(center.code)
        return {
            "code": center.code,
            "name": center.name,
            "path": [step.name for step in self._services.tree.path(center.code)],
            "state": state,
            "last_seen": self._last.get(center.code) if state == "offline" else None,
            "accounts": self._accounts[center.code],
            "camera": told and told.camera,
            "microphone": told and told.microphone,
            "way": told and told.way,
        }


def _count(center: Center, below: Iterable[Center], states: dict[str, str]) -> Json:
    counts = Counter(states[each.code] for each in below)
    return {
        "code": center.code,
        "name": center.name,
        "centers": counts.total(),
        "online": counts["online"] + counts["in_meeting"],
        "in_meeting": counts["in_meeting"],
        "offline": counts["offline"],
        "never": counts["never"],
        "none": counts["none"],
    }


def routes() -> list[web.RouteDef]:
    return [web.get("/api/v1/accounts/sessions", sessions), web.get("/api/v1/stations", stations)]
