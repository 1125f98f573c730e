"""``/api/v1/openapi.json``: every HTTP operation as OpenAPI 3.1, made from one table and the pydantic schemas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from aiohttp import web

from signaling.audit_asked import SEARCH as AUDIT
from signaling.auth import require_account
from signaling.encodings import VERSIONS
from signaling.http_bookings import WANTED as BOOKINGS_WANTED
from signaling.http_checks import LIST as CHECKS
from signaling.http_media import FRAGMENT, SDP
from signaling.http_orders import COMMON
from signaling.http_uploads import PATCH_TYPE
from signaling.http_uploads import UPLOADS as _UPLOADS
from signaling.sessions import MAX_PASSWORD
from signaling.typescript import commands, definitions

_TEMPLATE: Final = "#/components/schemas/{model}"
_JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `answer` and `body` are names of schemas, or content types of raw bodies."""

    method: str
    path: str
    says: str
    answer: str | None
    status: int = 200
    body: str | None = None
    query: tuple[str, ...] = ()
    refusals: tuple[int, ...] = ()
    open: bool = False
    also: tuple[int, str] | None = None
    """Another good answer: its status and schema."""


_OFFER_REFUSALS: Final = (403, 404, 406, 409, 413, 415, 422, 429, 503)
_MEDIA_PATHS: Final = ("/whip/{meeting}", "/whep/{meeting}")

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        "post",
        "/api/v1/session",
        "Sign in",
        "SignedIn",
        201,
        "SignIn",
        refusals=(400, 401, 403, 415, 429),
        open=True,
        also=(202, "SecondFactorWanted"),
    ),
    Operation(
        "post",
        "/api/v1/session/second",
        "Sign in, second step",
        "SignedIn",
        201,
        "SecondStep",
        refusals=(401, 403, 415, 429),
        open=True,
    ),
    Operation("get", "/api/v1/session/second-factor", "One's own second factor", "FactorState"),
    Operation(
        "post",
        "/api/v1/session/second-factor",
        "Begin with a second factor",
        "FactorBegun",
        201,
        "FactorBegin",
        refusals=(403, 415, 429, 503),
    ),
    Operation(
        "put",
        "/api/v1/session/second-factor",
        "The phone makes the right codes: they are asked for from now on",
        "RecoveryCodes",
        body="Code",
        refusals=(403, 409, 415, 429, 503),
    ),
    Operation(
        "post",
        "/api/v1/session/recovery-codes",
        "Other codes for bad days",
        "RecoveryCodes",
        body="Code",
        refusals=(403, 409, 415, 429, 503),
    ),
    Operation(
        "post",
        "/api/v1/session/unlock",
        "Back at a locked desk",
        None,
        204,
        "Unlock",
        refusals=(403, 415, 429),
    ),
    Operation("put", "/api/v1/session/active", "A person is there", None, 204, refusals=(403,)),
    Operation(
        "get",
        "/api/v1/sessions",
        "Sign-ins of one's own, or of an account",
        "Sessions",
        query=("account",),
        refusals=(403, 404),
    ),
    Operation("get", "/api/v1/policy", "The policies", "Policies", refusals=(403,)),
    Operation(
        "get",
        "/api/v1/rights",
        "Rights that wait for a second person, and the last decided",
        "Rights",
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/accounts/guarded",
        "Accounts as the security administrator sees them",
        "GuardedAccounts",
        query=("q", "role", "state", "after", "limit"),
        refusals=(403,),
    ),
    Operation("get", "/api/v1/accounts/factors", "Second factors by role", "Factors", refusals=(403,)),
    Operation("get", "/api/v1/setup", "Whether the hub waits to be set up", "FirstStartState", open=True),
    Operation(
        "post",
        "/api/v1/setup",
        "The first administrators, once",
        None,
        204,
        "FirstStart",
        refusals=(403, 409, 415, 429, 503),
        open=True,
    ),
    Operation("get", "/api/v1/session", "Who am I", "OwnAccount"),
    Operation("delete", "/api/v1/session", "Sign out", None, 204, refusals=(403,)),
    Operation(
        "put",
        "/api/v1/session/password",
        "Another password; all other sessions of the account end",
        None,
        204,
        "PasswordChange",
        refusals=(403, 415, 429),
    ),
    Operation(
        "get",
        "/api/v1/centers",
        "The directory",
        "Centers",
        query=("parent", "subtree", "q", "after", "limit"),
        refusals=(404,),
    ),
    Operation("get", "/api/v1/groups", "Groups of centers: one's own, and those of one's center", "Groups"),
    Operation(
        "get",
        "/api/v1/centers/{code}/use",
        "What taking a center away would touch",
        "CenterUse",
        refusals=(404,),
    ),
    Operation(
        "post",
        "/api/v1/centers/import",
        "What a list of centers would change; with `expects` the change itself",
        "CentersImport",
        body="application/octet-stream",
        query=("within", "missing", "expects"),
        refusals=(403, 404, 409, 415, 422, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/centers/export",
        "The directory as a file",
        "application/octet-stream",
        query=("format", "within"),
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/api/v1/accounts",
        "Accounts, for their administrators",
        "HouseAccounts",
        query=("q", "role", "center", "disabled", "request", "after", "limit"),
        refusals=(403,),
    ),
    Operation("get", "/api/v1/accounts/{account}", "One account", "HouseAccount", refusals=(404,)),
    Operation(
        "post",
        "/api/v1/accounts/one-time",
        "One-time passwords, shown in this answer alone",
        "OneTimePasswords",
        201,
        "OneTime",
        refusals=(403, 404, 415, 429, 503),
    ),
    Operation(
        "post",
        "/api/v1/accounts/import",
        "Which accounts a list would bring",
        "AccountsPreview",
        body="application/octet-stream",
        refusals=(403, 415, 422, 429),
    ),
    Operation(
        "get",
        "/api/v1/accounts/export",
        "Accounts as a file",
        "application/octet-stream",
        query=("format", "q", "role", "center", "disabled"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/accounts/sessions",
        "Sign-ins of all accounts that live, newest first",
        "HouseSessions",
        query=("q", "role", "center", "account", "after", "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/stations",
        "Where somebody is, where nobody is, and since when",
        "Stations",
        query=("within", "state", "after", "limit"),
        refusals=(403, 404),
    ),
    Operation(
        "post",
        "/api/v1/commands",
        "Do something",
        "Answer",
        body="AnyCommand",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/meetings",
        "Meetings, newest first",
        "Meetings",
        query=("state", "q", "from", "to", "center", "limit", "before"),
    ),
    Operation("get", "/api/v1/meetings/{meeting}", "One meeting", "Snapshot", refusals=(404, 409)),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/entries",
        "Its entries, by seq",
        "Entries",
        query=("since", "before", "kind", "limit"),
        refusals=(404, 409),
    ),
    Operation(
        "get", "/api/v1/meetings/{meeting}/roll-calls", "Its roll calls", "RollCalls", refusals=(404, 409)
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/roll-calls/{roll}",
        "The list of a roll call as a file",
        "application/octet-stream",
        query=("format",),
        refusals=(404, 409),
    ),
    Operation(
        "get", "/api/v1/meetings/{meeting}/recordings", "Its recordings", "Recordings", refusals=(404, 409)
    ),
    Operation(
        "get",
        "/api/v1/recordings/{recording}/parts/{part}/media",
        "The media of a part; takes Range",
        "video/webm",
        refusals=(404, 416),
    ),
    Operation(
        "get",
        "/api/v1/audit",
        "Accounts, centers, sign-ins, backups, looks at recordings: what was done",
        "Audit",
        query=(*AUDIT, "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/export",
        "The same as a file; `form`: csv, xlsx, jsonl",
        "application/octet-stream",
        query=(*AUDIT, "form", "lang"),
        refusals=(403, 503),
    ),
    Operation(
        "get",
        "/api/v1/audit/own",
        "What one did oneself",
        "Audit",
        query=("before", "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/standing",
        "How far it reaches and is signed",
        "AuditStanding",
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/entries/{seq}",
        "One entry and what proves it",
        "AuditProof",
        refusals=(403, 404),
    ),
    Operation("get", "/api/v1/health", "How each part fares", "Health", refusals=(403, 503)),
    Operation(
        "get", "/api/v1/health/storage", "What is kept, and the room for it", "Storage", refusals=(403,)
    ),
    Operation("get", "/api/v1/health/backups", "Backups and their schedule", "BackupList", refusals=(403,)),
    Operation("get", "/api/v1/orders", "Orders", "Orders", query=("state", "priority", *COMMON)),
    Operation("get", "/api/v1/reports", "Reports", "Reports", query=("situation", *COMMON)),
    Operation("get", "/api/v1/checks", "Checks before a meeting", "CheckHeads", query=CHECKS),
    Operation("get", "/api/v1/checks/{check}", "What stations answered", "Check", refusals=(404,)),
    Operation("get", "/api/v1/alarms", "Alarms", "Alarms", query=("state", "kind", "report", *COMMON)),
    Operation("get", "/api/v1/decisions", "Decisions", "Decisions", query=COMMON),
    Operation(
        "get",
        "/api/v1/bookings",
        "Bookings by their start",
        "Bookings",
        query=(*BOOKINGS_WANTED, "after", "order", "limit"),
    ),
    Operation("get", "/api/v1/bookings/{booking}", "One booking", "Booking", refusals=(404,)),
    Operation(
        "get",
        "/api/v1/bookings/{booking}/calendar",
        "Its calendar file",
        "text/calendar",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/bookings/calendar",
        "Bookings as a calendar file",
        "text/calendar",
        query=BOOKINGS_WANTED,
    ),
    Operation("get", "/api/v1/bookings/chairs", "Who may lead a meeting", "Chairs", query=("q",)),
    Operation(
        "post",
        "/api/v1/bookings/conflicts",
        "What is in the way of a meeting that is to be booked",
        "Conflicts",
        body="ConflictsAsked",
        refusals=(403, 404, 415),
    ),
    Operation("get", "/api/v1/templates", "Templates, newest first", "Templates", query=("before", "limit")),
    Operation(
        "put",
        "/api/v1/objects",
        "A file in one go",
        "StoredObject",
        201,
        "application/octet-stream",
        refusals=(413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/objects/{object}",
        "A file that one uploaded, or that an entry names which one may read; takes Range",
        "application/octet-stream",
        query=("name",),
        refusals=(404, 416, 503),
    ),
    Operation("options", _UPLOADS, "What is taken here", None, 204, open=True),
    Operation("post", _UPLOADS, "Begin an upload (tus 1.0.0)", None, 201, refusals=(412, 413, 415, 429, 503)),
    Operation(
        "get",
        f"{_UPLOADS}/{{upload}}",
        "How far it has come; HEAD says it in headers",
        "UploadState",
        refusals=(404,),
    ),
    Operation(
        "patch",
        f"{_UPLOADS}/{{upload}}",
        "Go on with it",
        None,
        204,
        PATCH_TYPE,
        refusals=(404, 409, 412, 413, 415, 503),
    ),
    Operation("delete", f"{_UPLOADS}/{{upload}}", "Give it up", None, 204, refusals=(404, 412)),
    Operation(
        "get", "/api/v1/ice-servers", "The relay, with fresh keys to it", "IceServers", refusals=(403, 429)
    ),
    Operation("get", "/api/v1/openapi.json", "This description", "OpenApi"),
    Operation("get", "/healthz", "200 while the process lives", "Alive", open=True),
    Operation("get", "/readyz", "Whether every part is there", "Ready", refusals=(503,), open=True),
    Operation("get", "/metrics", "Prometheus text", "text/plain", open=True),
    *(
        Operation("post", path, says, SDP, 201, SDP, query, refusals=_OFFER_REFUSALS)
        for path, says, query in zip(
            _MEDIA_PATHS, ("Publish (RFC 9725)", "Watch (WHEP)"), (("source",), ()), strict=True
        )
    ),
    *(
        operation
        for path in _MEDIA_PATHS
        for operation in (
            Operation("options", path, "What is taken here", None, 204, open=True),
            Operation(
                "patch",
                f"{path}/{{session}}",
                "Candidates or an ICE restart",
                FRAGMENT,
                200,
                FRAGMENT,
                refusals=(403, 404, 412, 413, 415, 422, 429, 503),
            ),
            Operation("delete", f"{path}/{{session}}", "End the session", None, refusals=(403, 404, 412)),
            Operation("options", f"{path}/{{session}}", "What is taken here", None, 204, open=True),
        )
    ),
)


@cache
def document() -> dict[str, Any]:
    """The whole OpenAPI document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lianxian", "version": "1", "description": "See docs/protocol.md."},
        "paths": paths,
        "components": {
            "schemas": {**definitions(_TEMPLATE), **_own_schemas()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "lianxian_session"},
            },
        },
        "security": [{"bearer": []}, {"cookie": []}],
    }


def _own_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    kinds = []
    for kind, model in commands().items():
        kinds.append(
            {
                "type": "object",
                "description": " ".join((model.__doc__ or "").split()),
                "additionalProperties": False,
                "required": ["id", "kind"],
                "properties": {
                    "id": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"},
                    "kind": {"const": kind},
                    "meeting": {"type": "string"},
                    "data": {"$ref": _TEMPLATE.format(model=model.__name__)},
                },
            }
        )
    return {
        "AnyCommand": {"oneOf": kinds},
        "SignIn": {
            "type": "object",
            "additionalProperties": False,
            "required": ["username", "password"],
            "properties": {"username": text, "password": text},
        },
        "PasswordChange": {
            "type": "object",
            "additionalProperties": False,
            "required": ["old", "new"],
            "properties": {
                "old": text,
                "new": {**text, "maxLength": MAX_PASSWORD},
            },
        },
        "OneTime": {
            "type": "object",
            "additionalProperties": False,
            "required": ["accounts"],
            "properties": {"accounts": {"type": "array", "items": text, "minItems": 1, "maxItems": 100}},
        },
        "CentersImport": {
            "oneOf": [
                {"$ref": _TEMPLATE.format(model="CentersPreview")},
                {"$ref": _TEMPLATE.format(model="CentersApplied")},
            ]
        },
        "Alive": {"type": "object", "required": ["alive"], "properties": {"alive": {"const": True}}},
        "OpenApi": {"type": "object"},
    }


def _operation(operation: Operation) -> dict[str, Any]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    parameters = [_parameter(name, "path") for name in names]
    parameters += [_parameter(name, "query") for name in operation.query]
    refusals = {400, 413, *operation.refusals} if operation.open else {400, 401, 413, *operation.refusals}
    made: dict[str, Any] = {
        "summary": operation.says,
        "operationId": f"{operation.method} {operation.path}",
        "responses": {
            str(operation.status): _response(operation),
            **_also(operation),
            **{str(status): _refusal() for status in sorted(refusals)},
        },
    }
    if parameters:
        made["parameters"] = parameters
    if operation.body is not None:
        made["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.open:
        made["security"] = []
    return made


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}


def _response(operation: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {"description": operation.says}
    if operation.answer is not None:
        response["content"] = _content(operation.answer)
    return response


def _also(operation: Operation) -> dict[str, Any]:
    if operation.also is None:
        return {}
    status, name = operation.also
    return {str(status): {"description": operation.says, "content": _content(name)}}


def _refusal() -> dict[str, Any]:
    return {"description": "Refused", "content": _content("RefusalBody")}


def _content(name: str) -> dict[str, Any]:
    if "/" in name:
        return {name: {"schema": {"type": "string"}}}
    return {_JSON: {"schema": {"$ref": _TEMPLATE.format(model=name)}}}


async def openapi_page(request: web.Request) -> web.Response:
    """``GET``, for who is signed in."""
    await require_account(request)
    version = await request.app[VERSIONS].get("openapi", document)
    return version.answer(request)
