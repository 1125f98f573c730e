"""How things that go wrong leave the hub: a typed JSON body for every refusal, nothing of the inside."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web
from pydantic_core import to_json

from hub.errors import Refusal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)

#: HTTP's own refusals, raised by aiohttp's router and parser, and the code each has on the wire.
_CODES: Final[dict[int, str]] = {
    400: "malformed",
    401: "unauthenticated",
    403: "not_found",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "malformed",
    411: "malformed",
    412: "precondition_failed",
    413: "too_large",
    414: "too_large",
    415: "unsupported_media",
    416: "range_not_satisfiable",
    417: "malformed",
    429: "too_many",
    431: "too_large",
    503: "unavailable",
}


class HeaderedRefusal(Refusal):
    """A refusal whose answer carries headers, such as Retry-After or Content-Range."""

    def __init__(self, code: str, message: str, headers: Mapping[str, str], field: str | None = None) -> None:
        super().__init__(code, message, field)
        self.headers = dict(headers)


def json_response(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer, compact, Chinese as it is, never stored by anybody on the way."""
    written = to_json(body, inf_nan_mode="null")
    response = web.Response(
        body=written, status=status, content_type="application/json", charset="utf-8", headers=headers
    )
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def refusal_response(refusal: Refusal) -> web.Response:
    """The answer that carries a refusal."""
    headers = refusal.headers if isinstance(refusal, HeaderedRefusal) else None
    response = json_response(refusal.body(), refusal.status, headers)
    if refusal.code == "unauthenticated":
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def failure_body() -> dict[str, Any]:
    """What a caller learns of a bug: an id under which the log tells more. Call it in the `except` block."""
    number = secrets.token_hex(6)
    log.exception("failure %s", number)
    return {"error": {"code": "internal", "message": f"the hub failed; this failure is logged as {number}"}}


def http_error_response(error: web.HTTPException) -> web.StreamResponse:
    """The typed form of one of aiohttp's own errors; redirects and successes pass."""
    if error.status < 400:
        return error
    code = _CODES.get(error.status, "malformed" if error.status < 500 else "unavailable")
    refusal = Refusal(code, _sentence(code))
    headers = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
    return json_response(refusal.body(), refusal.status, headers)


def _sentence(code: str) -> str:
    return {
        "not_found": "there is nothing here",
        "method_not_allowed": "this method does nothing here",
        "too_large": "the request is too large",
    }.get(code, "the request cannot be understood")


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a typed answer."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return refusal_response(refusal)
    except web.HTTPException as error:
        return http_error_response(error)
    except (ConnectionError, TimeoutError):
        raise  # the client is gone; aiohttp closes the connection
    except Exception:
        return json_response(failure_body(), 500)
