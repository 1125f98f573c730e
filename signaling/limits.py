"""What a request may be at most, checked before anything is made of it: sizes, depth, time, strict JSON."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, Final, NoReturn

from aiohttp import web

from hub.errors import Refusal
from signaling.errors import Handler

#: Largest JSON or SDP body, in bytes.
MAX_BODY_BYTES: Final = 64 * 1024
#: Objects and arrays within each other, at most.
MAX_DEPTH: Final = 16
MAX_URL_CHARACTERS: Final = 4096
MAX_HEADER_BYTES: Final = 16 * 1024
#: How long a body may take to arrive.
BODY_TIMEOUT_S: Final = 10.0

# A string, or the rest of the text when it never ends: so no text makes the search go back and forth.
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NO_BRACKET: Final = re.compile(r"[^\[\]{}]+")


class NotStrictJson(ValueError):
    """A text that is JSON for some parsers and not for others, or none at all."""


def _depth_within(text: str, limit: int) -> bool:
    """Whether the brackets outside of strings match and stand at most `limit` deep. The parser checks sorts."""
    if text.count("[") + text.count("{") <= limit:
        return True
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text)).replace("{", "[").replace("}", "]")
    for _ in range(limit):
        brackets = brackets.replace("[]", "")  # takes away the innermost level
        if not brackets:
            return True
    return False


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotStrictJson("a name stands twice in an object")
    return made


def _no_constant(word: str) -> NoReturn:
    raise NotStrictJson(f"{word} is no JSON")


def loads(text: str, max_depth: int = MAX_DEPTH) -> Any:
    """Strict JSON: names once, no NaN, at most `max_depth` deep, only characters that UTF-8 can carry.

    Raises NotStrictJson.
    """
    if not _depth_within(text, max_depth):
        raise NotStrictJson(f"more than {max_depth} deep, or brackets that do not match")
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # an escape can make half a surrogate pair
    except NotStrictJson:
        raise
    except (ValueError, RecursionError):
        raise NotStrictJson("it cannot be parsed") from None
    return value


def dumps(value: Any) -> str:
    """Compact JSON, Chinese as it is. Raises ValueError for NaN."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def parse_json(body: bytes) -> Any:
    """The JSON value of a request body. Raises Refusal("malformed" or "too_large")."""
    if len(body) > MAX_BODY_BYTES:
        raise Refusal("too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
    try:
        return loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refusal("malformed", "the body is not UTF-8") from None
    except NotStrictJson as problem:
        raise Refusal("malformed", f"the body is not strict JSON: {problem}") from None


async def read_body(request: web.Request, limit: int = MAX_BODY_BYTES) -> bytes:
    """The body of a request. Raises Refusal: `too_large` over `limit` bytes, `malformed` when too slow."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal("unsupported_media", "bodies are taken uncompressed only")
    if (request.content_length or 0) > limit:
        raise Refusal("too_large", f"a body has at most {limit} bytes")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for part in request.content.iter_any():
                size += len(part)
                if size > limit:
                    raise Refusal("too_large", f"a body has at most {limit} bytes")
                parts.append(part)
    except TimeoutError:
        raise Refusal("malformed", f"the body did not arrive within {BODY_TIMEOUT_S:g} s") from None
    except (web.RequestPayloadError, ConnectionResetError):  # the latter: who sends it has gone
        raise Refusal("malformed", "the body cannot be read") from None
    return b"".join(parts)


async def read_json_object(request: web.Request) -> dict[str, Any]:
    """The JSON object a request brings. Raises Refusal for another content type, size, depth or form."""
    if request.content_type != "application/json":
        raise Refusal("unsupported_media", "the body must be application/json")
    value = parse_json(await read_body(request))
    if not isinstance(value, dict):
        raise Refusal("malformed", "the body must be a JSON object")
    return value


@web.middleware
async def check_request_line(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse overlong addresses and headers before any handler looks at them."""
    if len(request.raw_path) > MAX_URL_CHARACTERS:
        raise Refusal("too_large", f"an address has at most {MAX_URL_CHARACTERS} characters")
    if sum(len(name) + len(value) for name, value in request.raw_headers) > MAX_HEADER_BYTES:
        raise Refusal("too_large", f"the headers have at most {MAX_HEADER_BYTES} bytes together")
    if "\x00" in request.path or "\ufffd" in request.path:
        raise Refusal("not_found", "there is nothing here")
    return await handler(request)
