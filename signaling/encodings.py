"""Answers made smaller and not sent twice: content codings (RFC 9110 §8.4) and entity tags (§8.8.3).

Nothing that holds a secret is compressed: where a secret and a guess stand in one compressed answer, its length tells
how good the guess is (BREACH). The token is in the answer to a POST only, and answers to POST are never compressed here.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from signaling.errors import Handler
from signaling.limits import dumps

#: Answers below this gain nothing.
SMALLEST_BYTES: Final = 1024
#: From here on compressing takes milliseconds, which others would wait.
IN_THREAD_BYTES: Final = 16 * 1024
_LEVEL: Final = 6
_TAG: Final = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_ELEMENT: Final = re.compile(r"([a-z0-9*-]{1,16})(?:;q=([01](?:\.[0-9]{0,3})?))?", re.ASCII)


def accepted(request: web.Request, available: Sequence[str]) -> str | None:
    """The first of these codings that the client takes (RFC 9110 §12.5.3); None: send it as it is."""
    header = ",".join(request.headers.getall("Accept-Encoding", []))[:1024].lower().replace(" ", "")
    takes: dict[str, float] = {}
    for element in header.split(","):
        found = _ELEMENT.fullmatch(element)
        if found is not None:
            takes[found[1]] = float(found[2] or 1)
    return next((coding for coding in available if takes.get(coding, takes.get("*", 0.0)) > 0), None)


def has_already(request: web.Request, tag: str) -> bool:
    """Whether If-None-Match says that the client has this version (RFC 9110 §13.1.2, weak comparison)."""
    header = ",".join(request.headers.getall("If-None-Match", []))
    return header.strip() == "*" or tag in _TAG.findall(header)


def gzipped(body: bytes) -> bytes:
    """The body in gzip; the same bytes always give the same."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def entity_tag(body: bytes, coding: str | None) -> str:
    """A strong tag: another one for each coding of the same body."""
    mark = hashlib.sha256(body).hexdigest()[:32]
    return f'"{mark}-{coding}"' if coding else f'"{mark}"'


@dataclass(frozen=True, slots=True)
class Version:
    """An answer in JSON that is asked for again and again, ready to be sent."""

    body: bytes
    gzipped: bytes | None

    @classmethod
    def of(cls, value: object) -> Version:
        """Blocks for milliseconds when it is large."""
        body = dumps(value).encode()
        return cls(body, gzipped(body) if len(body) >= SMALLEST_BYTES else None)

    def answer(self, request: web.Request) -> web.Response:
        """200, or 304 for who has it already. The client's own cache may keep it, and asks each time."""
        body, coding = self.body, None
        if self.gzipped is not None and accepted(request, ("gzip",)) is not None:
            body, coding = self.gzipped, "gzip"
        headers = {"Cache-Control": "private, no-cache", "ETag": entity_tag(self.body, coding)}
        headers["Vary"] = "Accept-Encoding"
        if has_already(request, headers["ETag"]):
            return web.Response(status=304, headers=headers)
        if coding is not None:
            headers["Content-Encoding"] = coding
        return web.Response(body=body, content_type="application/json", charset="utf-8", headers=headers)


class Versions:
    """Versions kept by key; the one longest unused is forgotten first."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Version] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], object]) -> Version:
        """The version under this key, made in a thread when it is not there."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = await asyncio.to_thread(lambda: Version.of(make()))
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return found


VERSIONS: Final = web.AppKey("versions", Versions)


@web.middleware
async def compress_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Compress what a read answers in JSON, where it is worth it and the client takes it: a weak tag holds for both forms."""
    response = await handler(request)
    if (
        request.method != "GET"
        or not isinstance(response, web.Response)
        or response.prepared
        or response.content_type != "application/json"
        or not isinstance(response.body, bytes)
        or len(response.body) < SMALLEST_BYTES
        or not response.headers.get("ETag", "W/").startswith("W/")
        or "Set-Cookie" in response.headers
        or response.cookies
    ):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if accepted(request, ("gzip",)) is not None:
        body = response.body
        response.body = (
            gzipped(body) if len(body) < IN_THREAD_BYTES else await asyncio.to_thread(gzipped, body)
        )
        response.headers["Content-Encoding"] = "gzip"
    return response
