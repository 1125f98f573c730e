"""``/api/v1/audit``: what was done to accounts and centers, who signed in, what failed; for the audit administrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.permissions import may
from hub.entry import Entry
from hub.errors import Refusal
from hub.filters import AuditFilter
from hub.house.audit import Verification
from hub.house.parts import Accounts
from hub.journal.chain import GENESIS, entry_hash
from signaling.audit_asked import SEARCH, asked, own, readable_kinds
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.keys import LOOKS, SERVICES
from signaling.params import Params
from signaling.services import Json, Services

DEFAULT_LIMIT, MAX_LIMIT = 100, 500
#: Nothing of the journal is ever deleted. What the law asks for at least (GB/T 22239-2019: six months).
KEPT_DAYS_AT_LEAST: Final = 184


async def audit(request: web.Request) -> web.Response:
    """``GET``: entries of the house, newest first. That it was asked is an entry itself, once an hour for each question."""
    account = await require_account(request)
    services = request.app[SERVICES]
    params = Params(request, {*SEARCH, "limit"})
    question = asked(request, account, params)
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    found, more = await services.queries.audit(question.wanted, limit)
    if question.wanted.before is None:
        request.app[LOOKS].note("audit.note_searched", question.told)
    return json_response(_page(services, found, more))


async def own_acts(request: web.Request) -> web.Response:
    """``GET …/own``: what one did oneself as an administrator, newest first."""
    account = await require_account(request)
    services = request.app[SERVICES]
    if not may(account, "audit.read_own", services.tree, account.center):
        raise Refusal("forbidden", "this is for administrators to read")
    params = Params(request, {"before", "limit"})
    before = params.number("before", 2**53, 1, 2**53) if params.given("before") else None
    limit = params.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    found, more = await services.queries.audit(own(account, before), limit)
    return json_response(_page(services, found, more))


async def proof(request: web.Request) -> web.Response:
    """``GET …/entries/{seq}``: one entry, and whether it is what was written: its hash, the one before, a signed checkpoint."""
    account = await require_account(request)
    services = request.app[SERVICES]
    kinds = readable_kinds(account)
    number = request.match_info["seq"]
    held = (
        await services.queries.audit_proof(int(number), cleared=account.cleared)
        if number.isdigit() and len(number) < 17
        else None
    )
    if held is None or held.entry.kind not in kinds:
        raise Refusal("not_found", "there is no such entry")
    entry, signed = held.entry, held.checkpoint
    checkpoint = (
        None
        if signed is None
        else {"seq": signed.seq, "hash": signed.hash, "at": to_wire(signed.at), "key": signed.key}
    )
    return json_response(
        {
            "entry": entry.to_wire(),
            "holds": entry_hash(entry) == entry.hash,
            "linked": entry.prev == (held.before if entry.seq > 1 else GENESIS),
            "checkpoint": checkpoint,
            "people": people_of(services, [entry]),
        }
    )


async def standing(request: web.Request) -> web.Response:
    """``GET …/standing``: how far back the audit reaches, how far it is signed, and what its last verification found."""
    account = await require_account(request)
    services = request.app[SERVICES]
    readable_kinds(account)
    told = await services.queries.audit_standing()
    last, _ = await services.queries.audit(AuditFilter(("audit.verified",)), 1)
    running = services.writer.state.parts.read(Verification).running
    jobs = services.upkeep.running() if services.upkeep is not None else []
    return json_response(
        {
            **told,
            "kept_days_at_least": KEPT_DAYS_AT_LEAST,
            "running": running,
            "job": next((job for job in jobs if job["about"] == running), None),
            "last": last[0].to_wire() if last else None,
            "as_of": to_wire(services.clock()),
        }
    )


def _page(services: Services, found: list[Entry], more: int | None) -> Json:
    return {
        "entries": [entry.to_wire() for entry in found],
        "next": more,
        "people": people_of(services, found),
        "as_of": to_wire(services.clock()),
    }


def people_of(services: Services, entries: Iterable[Entry]) -> dict[str, Json]:
    """Who is meant by the ids of accounts in these entries, as far as they are there still."""
    by_id = services.writer.state.parts.read(Accounts).by_id
    ids = {id for entry in entries for id in (entry.actor.account, *_accounts_in(entry.data))}
    return {
        id: {
            "username": by_id[id].username,
            "name": by_id[id].name,
            "role": by_id[id].role,
            "center": by_id[id].center,
        }
        for id in sorted(ids)
        if id in by_id
    }


def _accounts_in(data: Mapping[str, Any]) -> Iterator[str]:
    for name, value in data.items():
        if isinstance(value, str) and value.startswith("a_"):
            yield value
        elif isinstance(value, list) and name in ("accounts", "failures"):
            for each in value:
                if isinstance(each, dict):
                    yield from _accounts_in(each)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/audit", audit),
        web.get("/api/v1/audit/own", own_acts),
        web.get("/api/v1/audit/standing", standing),
        web.get("/api/v1/audit/entries/{seq}", proof),
    ]
