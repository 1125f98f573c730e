"""``/api/v1/health``: how the hub fares, what its keeping takes, its backups; for the system administrator."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may_whole
from hub.directory.secrecy import may_see_level
from hub.errors import Refusal
from hub.gates import level_of
from hub.house.parts import Accounts
from signaling.auth import require_account
from signaling.errors import json_response
from signaling.http_audit import KEPT_DAYS_AT_LEAST
from signaling.keys import SERVICES
from signaling.params import Params
from signaling.services import Json, Services

#: Growth is what came within so many days.
LATELY_DAYS: Final = 7


async def health(request: web.Request) -> web.Response:
    """``GET``: each part with its state, since when, and what was measured."""
    services, _ = await reader(request)
    Params(request, set())
    if services.health is None:
        raise Refusal("unavailable", "nothing was looked at yet")
    return json_response(services.health.to_wire())


async def damaged(request: web.Request) -> web.Response:
    """``GET …/damaged``: files that are not what the journal tells, as the scan found them."""
    services, account = await reader(request)
    Params(request, set())
    state = services.writer.state
    found = await services.queries.damaged()
    # of a secret meeting ids alone: its files have to be looked after, too
    told = [
        each if may_see_level(account, level_of(state, each["meeting"])) else {**each, "name": ""}
        for each in found
    ]
    return json_response({"findings": told, "as_of": to_wire(services.clock())})


async def storage(request: web.Request) -> web.Response:
    """``GET …/storage``: recordings, objects, the journal, backups; the room there is, and how long it lasts."""
    services, _ = await reader(request)
    Params(request, set())
    now = services.clock()
    told = await services.queries.storage(to_wire(now - timedelta(days=LATELY_DAYS)))
    made = [each for each in _backups(services) if each["state"] == "made"]
    folders = await services.upkeep.folders() if services.upkeep is not None else []
    daily = (told["recordings"]["lately_bytes"] + told["objects"]["lately_bytes"]) // LATELY_DAYS
    reserve = services.config.disk_reserve_mb << 20
    free = next((each["free_bytes"] for each in folders if each["name"] == "recordings"), None)
    left = max(0, free - reserve) // daily if daily and free is not None else None
    return json_response(
        {
            **told,
            "backups": {"count": len(made), "bytes": sum(each["bytes"] for each in made)},
            "folders": folders,
            "reserve_bytes": reserve,
            "lately_days": LATELY_DAYS,
            "daily_bytes": daily,
            "days_left": left,
            "kept_days_at_least": KEPT_DAYS_AT_LEAST,
            "as_of": to_wire(now),
        }
    )


async def backups(request: web.Request) -> web.Response:
    """``GET …/backups``: those that are remembered, newest first, what is under way, and when the clock makes the next one."""
    services, account = await reader(request)
    Params(request, set())
    config, now = services.config, services.clock()
    jobs = services.upkeep.running() if services.upkeep is not None else []
    return json_response(
        {
            "backups": _backups(services),
            "job": next((job for job in jobs if job["name"] in ("make-backup", "verify-backup")), None),
            "folder": str(config.backup_dir),
            "hour": config.backup_hour,
            "keep": config.backup_keep,
            "next_at": services.upkeep.next_at() if services.upkeep is not None else None,
            "can": ["manage"] if may_whole(account, "house.manage", services.tree) else [],
            "as_of": to_wire(now),
        }
    )


async def reader(request: web.Request) -> tuple[Services, Account]:
    """Who asks, who may read how the house fares. Raises Refusal `forbidden`."""
    account = await require_account(request)
    services = request.app[SERVICES]
    if not may_whole(account, "house.read", services.tree):
        raise Refusal("forbidden", "this is the system administrator's to read")
    return services, account


def _backups(services: Services) -> list[Json]:
    if services.upkeep is None:
        return []
    people = services.writer.state.parts.read(Accounts).by_id
    rows = []
    for each in services.upkeep.backups():
        by = people.get(each.by)
        rows.append({**each.model_dump(mode="json"), "by_name": by.name if by is not None else ""})
    return rows


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/health", health),
        web.get("/api/v1/health/storage", storage),
        web.get("/api/v1/health/damaged", damaged),
        web.get("/api/v1/health/backups", backups),
    ]
