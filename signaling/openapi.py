"""``/api/v1/openapi.json``: every HTTP operation as OpenAPI 3.1, made from signaling/operations and the pydantic schemas."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from aiohttp import web

from signaling.auth import require_account
from signaling.encodings import VERSIONS
from signaling.operations import OPERATIONS
from signaling.operations.operation import Operation
from signaling.sessions import MAX_PASSWORD
from signaling.typescript import commands, definitions

_TEMPLATE: Final = "#/components/schemas/{model}"
_JSON: Final = "application/json"


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
