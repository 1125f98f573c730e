"""``/api/v1/meetings/{id}/controls``: who controlled what at which second (会控记录), from the meeting's own entries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from aiohttp import web

from hub.clock import from_wire
from hub.conference.controls import controls_among, group_of
from hub.directory.accounts import Account
from hub.directory.tree import CenterTree
from hub.entry import SYSTEM
from hub.errors import Refusal
from hub.gates import allowed_here
from hub.house.parts import Accounts
from hub.rules import ENTRIES
from hub.ruling import Control
from hub.state import Meeting
from signaling.auth import require_account
from signaling.control_words import HEADER, MORE, NAMED, SYSTEM_NAME, Language, said
from signaling.errors import json_response
from signaling.keys import SERVICES
from signaling.params import Params, path_id
from signaling.services import Json, Services
from signaling.sheet_answer import sheet_answer
from signaling.sight import readable_meeting

CONTROLS: Final = controls_among(ENTRIES)
GROUPS: Final = frozenset(map(group_of, CONTROLS))
#: Entries read at a time for a file.
PIECE: Final = 1000
MAX_PAGE: Final = 500


async def controls(request: web.Request) -> web.Response:
    """``GET``: the newest first, of one who did them (``by``) and of one kind (``group``) or of all."""
    account, meeting = await _asked(request)
    services, params = request.app[SERVICES], Params(request, {"by", "group", "before", "limit"})
    found = await services.queries.entries_of_kinds(
        account,
        services.tree,
        meeting.id,
        _kinds(params),
        by=_by(params),
        before=params.number("before", 2**62, 0, 2**62),
        limit=params.number("limit", 100, 1, MAX_PAGE),
    )
    return json_response(found)


async def export(request: web.Request) -> web.Response:
    """``GET``: all of it as a file, in Chinese or English."""
    account, meeting = await _asked(request)
    services, params = request.app[SERVICES], Params(request, {"by", "group", "format", "lang"})
    if not allowed_here(meeting, "control.export", account, services.tree):
        raise Refusal("forbidden", "this record is taken out by those who lead the meeting")
    language = cast("Language", params.one_of("lang", HEADER) or "zh")
    kinds, by = _kinds(params), _by(params)
    told: list[Json] = []
    before: int | None = 2**62
    while before is not None:
        page = await services.queries.entries_of_kinds(
            account, services.tree, meeting.id, kinds, by=by, before=before, limit=PIECE
        )
        told += page["entries"]
        before = page["next"]
    names = await _names(services, account, meeting)
    lines = _Lines(names, services.tree, ZoneInfo(services.config.time_zone), language)
    rows = [lines.of(entry) for entry in told]
    return await sheet_answer(
        params, "controls", HEADER[language], rows, drill=meeting.drill, language=language
    )


async def _asked(request: web.Request) -> tuple[Account, Meeting]:
    """Who asks about which meeting. Raises Refusal as reading it does."""
    account = await require_account(request)
    services = request.app[SERVICES]
    return account, await readable_meeting(services, account, path_id(request, "meeting", "m"))


def _kinds(params: Params) -> frozenset[str]:
    groups = params.some_of("group", GROUPS)
    return frozenset(kind for kind in CONTROLS if not groups or group_of(kind) in groups)


def _by(params: Params) -> str | None:
    return SYSTEM if params.text("by") == SYSTEM else params.identifier("by", "a")


async def _names(services: Services, account: Account, meeting: Meeting) -> Mapping[str, tuple[str, str]]:
    """Account id -> name and center's name, of who was in the meeting."""
    snapshot = await services.queries.meeting_snapshot(account, services.tree, meeting.id)
    known = services.writer.state.parts.read(Accounts).by_id.values()
    tree = services.tree
    names = {each.id: (each.name, tree[each.center].name) for each in known if each.center in tree}
    seats = snapshot["participants"] if snapshot is not None else []
    # As he was called then, where that is known.
    return {**names, **{one["id"]: (one["name"], one["center_name"]) for one in seats}}


class _Lines:
    """Entries as rows for people."""

    def __init__(
        self, names: Mapping[str, tuple[str, str]], tree: CenterTree, zone: ZoneInfo, language: Language
    ) -> None:
        self._names = names
        self._tree = tree
        self._zone = zone
        self._language = language

    def of(self, entry: Json) -> list[str]:
        """One row under HEADER."""
        actor, center = self._names.get(entry["actor"]["account"], (entry["actor"]["account"], ""))
        if entry["actor"]["account"] == SYSTEM:
            actor = SYSTEM_NAME[self._language]
        at = from_wire(entry["at"]).astimezone(self._zone).strftime("%Y-%m-%d %H:%M:%S")
        control = CONTROLS[entry["kind"]]
        return [
            str(entry["seq"]),
            at,
            actor,
            center,
            said((control.zh, control.en), self._language),
            self._to(entry["data"]),
            self._content(control, entry["data"]),
        ]

    def _to(self, data: Mapping[str, Any]) -> str:
        """Whom it was done to."""
        who = data.get("participant")
        if isinstance(who, dict):
            return f"{who['center_name']} {who['name']}"
        if isinstance(who, str):
            name, center = self._names.get(who, (who, ""))
            return f"{center} {name}".strip()
        if "center_name" in data:
            return str(data["center_name"])
        several = [
            *(f"{one['center_name']} {one['name']}" for one in data.get("participants", ())),
            *(self._center(code) for code in data.get("centers", ())),
        ]
        if len(several) <= NAMED:
            return "、".join(several)
        return "、".join(several[:NAMED]) + MORE[self._language].format(count=len(several))

    def _center(self, code: str) -> str:
        found = self._tree.get(code)
        return code if found is None else found.name

    def _content(self, control: Control, data: Mapping[str, Any]) -> str:
        """What was said with it."""
        reason = str(data.get("reason") or "")
        known = control.reasons.get(reason)
        words = [data.get("title"), reason if known is None else said(known, self._language)]
        if "minutes" in data:
            words.append(f"+{data['minutes']} min")
        return " ".join(str(word) for word in words if word)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/api/v1/meetings/{meeting}/controls", controls),
        web.get("/api/v1/meetings/{meeting}/controls/export", export),
    ]
