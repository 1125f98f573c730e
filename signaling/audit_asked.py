"""What is asked of the audit: the query string, checked, as a filter and as the entry that tells of the question."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import RELATIONS, TABLE
from hub.errors import Refusal
from hub.filters import AuditFilter
from hub.rules import ENTRIES
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services

#: What a search takes.
SEARCH: Final = ("kind", "who", "center", "from", "to", "q", "before")
#: kind -> the right to read it.
HOUSE_KINDS: Final = {kind: rule.reads for kind, rule in ENTRIES.items() if rule.house}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the audit: what is looked for, and what is told of it."""

    wanted: AuditFilter
    told: Json
    """As `hub.house.audit.Asked` has it, without words and without the page."""


def readable_kinds(account: Account) -> list[str]:
    """The kinds that this account may read. Its right must reach every center: an entry may tell of many.

    Raises Refusal `forbidden` when there is none.
    """
    kinds = [
        kind
        for kind, action in HOUSE_KINDS.items()
        if TABLE[action].get(account.role, frozenset()) >= set(RELATIONS) and not account.disabled
    ]
    if not kinds:
        raise Refusal("forbidden", "this is the audit administrator's to read")
    return kinds


def asked(request: web.Request, account: Account, params: Params) -> Asked:
    """The question in a query string. Raises Refusal: `forbidden`, `invalid` by name."""
    services = request.app[SERVICES]
    readable = readable_kinds(account)
    kinds = params.some_of("kind", HOUSE_KINDS)
    chosen = [kind for kind in readable if not kinds or kind in kinds]
    if not chosen:
        raise Refusal("forbidden", "this is not yours to read", "kind")
    center, who = params.center("center"), params.identifier("who", "a")
    since, until = params.moment("from"), params.moment("to")
    text = params.text("q")
    wanted = AuditFilter(
        tuple(chosen),
        who=who,
        centers=_below(services, center),
        since=to_wire(since) if since else None,
        until=to_wire(until) if until else None,
        text=text,
        before=params.number("before", 2**53, 1, 2**53) if params.given("before") else None,
        cleared=account.cleared,
    )
    told: dict[str, Any] = {
        "account": account.id,
        "kinds": sorted(kinds),
        "who": who,
        "center": center,
        "since": wanted.since,
        "until": wanted.until,
        "with_words": text is not None,
    }
    return Asked(wanted, told)


def own(account: Account, before: int | None) -> AuditFilter:
    """What somebody did himself, his sign-ins and looks among it, whatever may be read of others."""
    return AuditFilter(tuple(HOUSE_KINDS), actor=account.id, before=before, cleared=account.cleared)


def further(wanted: AuditFilter, before: int) -> AuditFilter:
    """The same question, from there on."""
    return replace(wanted, before=before)


def _below(services: Services, center: str | None) -> tuple[str, ...] | None:
    """This center and all below it. An unknown one has nobody."""
    if center is None:
        return None
    return tuple(each.code for each in services.tree.subtree(center)) or (center,)
