"""Who asks: the token of a request, where it may come from, and the cookie that carries it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from hub.directory.accounts import Account
from hub.errors import Refusal
from signaling.access import Access
from signaling.address import ADDRESSES
from signaling.errors import Handler
from signaling.keys import PACES, SERVICES
from signaling.pace import Pace
from signaling.sessions import token_hash

COOKIE: Final = "lianxian_session"
#: The half of a phone's token that is in no cookie.
HALF_HEADER: Final = "Lianxian-Half"
#: Tells where a name signed in before (`signaling.devices`).
DEVICE_COOKIE: Final = "lianxian_device"
#: Browsers keep no cookie longer (RFC 6265bis §5.5).
_DEVICE_MAX_AGE_S: Final = 400 * 86_400
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def bearer_token(request: web.Request) -> str | None:
    """The token of the Authorization header, None without one. Raises Refusal for another scheme."""
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal("unauthenticated", "the Authorization header must be: Bearer <token>")
    return token.strip()


def request_token(request: web.Request) -> str:
    """The token that a request carries, in its header or in a cookie.

    Raises Refusal: `unauthenticated` without one; `forbidden` for a foreign page's write with the cookie.
    """
    token = bearer_token(request)
    if token is not None:
        return token
    cookie = request.cookies.get(COOKIE)
    if not cookie:
        raise Refusal("unauthenticated", "sign in first")
    # A phone's cookie is one half: the other one its page keeps under the PIN (signaling/phones.py).
    cookie += request.headers.get(HALF_HEADER, "")
    if request.method not in _READS and not from_own_page(request):
        raise Refusal("forbidden", "a write with the cookie must come from the hub's own pages")
    return cookie


async def require_account(request: web.Request) -> Account:
    """The account that asks. Raises Refusal as `request_token`, and `unauthenticated` for a dead token."""
    return (await require_access(request)).account


async def require_access(
    request: web.Request, pace: Pace | None = None, *, ends: bool | None = None
) -> Access:
    """Under what access this is asked: a read ends with it, and whatever says `ends`, as an upload does.

    A write asks `Access.require` again before it is done. Raises Refusal as `require_account`, and `too_many` when the
    account does more than its pace.
    """
    token = request_token(request)
    now = asyncio.get_running_loop().time()
    paces, key = request.app[PACES], token_hash(token)
    if pace is not None and (owner := paces.owner(key)) is not None:
        pace.check(owner, now)
    access = await request.app[SERVICES].accounts.access_for(token)
    if pace is not None:
        paces.seen(key, access.account.id)
        pace.take(access.account.id, now)
    if request.method in _READS if ends is None else ends:
        scope = request[_SCOPE]
        scope.forget = access.on_end(lambda reason: scope.end(Refusal("unauthenticated", "sign in first")))
    return access


def end_read(request: web.Request, refusal: Refusal) -> None:
    """The right to what this request reads is withdrawn: it ends now, with this refusal if nothing was sent yet."""
    request[_SCOPE].end(refusal)


class _Scope:
    """What ends a read whose access, or right, is withdrawn."""

    def __init__(self) -> None:
        self.timeout = asyncio.timeout(None)
        self.refusal: Refusal | None = None
        self.forget: Callable[[], None] = lambda: None

    def end(self, refusal: Refusal) -> None:
        if self.refusal is None:
            self.refusal = refusal
            self.timeout.reschedule(asyncio.get_running_loop().time())


_SCOPE: Final = web.RequestKey("scope", _Scope)


@web.middleware
async def end_with_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A read, a download above all, and an upload end at once when the access they were begun under is withdrawn.

    Raises a Refusal if nothing of the answer was sent yet; else the connection is cut.
    """
    scope = request[_SCOPE] = _Scope()
    try:
        async with scope.timeout:
            response = await handler(request)
    except TimeoutError:
        if scope.refusal is None or not scope.timeout.expired():
            raise
        if request.writer.output_size > 0:
            if request.transport is not None:
                request.transport.abort()
            raise ConnectionResetError("the access was withdrawn while the answer was sent") from None
        raise scope.refusal from None
    finally:
        scope.forget()
    if scope.refusal is not None and not response.prepared:
        raise scope.refusal
    return response


def from_own_page(request: web.Request) -> bool:
    """Whether the browser says that a page of the hub's own origin sent this (RFC 6454; Fetch Metadata)."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return _is_own(request, origin)
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def from_foreign_page(request: web.Request) -> bool:
    """Whether the browser says that another site's page sent this. Tools say nothing, and are not foreign."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return not _is_own(request, origin)
    return request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}


def _is_own(request: web.Request, origin: str) -> bool:
    config = request.app[SERVICES].config
    origin = origin.lower()
    if origin in config.allowed_origins:
        return True
    if config.public_url is not None:
        return origin == config.public_url
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    # Without a public address the hub is reached as it was asked; a TLS front may have changed the scheme.
    return parts.scheme in {"http", "https"} and parts.netloc == request.host.lower()


def is_secure(request: web.Request) -> bool:
    """Whether the browser reached the hub over TLS, so that the cookie can be kept to TLS."""
    config = request.app[SERVICES].config
    if config.public_url is not None:
        return config.public_url.startswith("https://")
    if request.secure or not request.app[ADDRESSES].behind_proxy(request):
        return request.secure
    return request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower() == "https"


def client_address(request: web.Request) -> str:
    """Where the request comes from; behind a trusted proxy, what that proxy says."""
    return request.app[ADDRESSES].client(request)


def set_cookie(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give the browser its token, unreadable for scripts, sent by our own pages only."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=request.app[SERVICES].config.session_days * 86_400,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )


def clear_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Take the token away from the browser."""
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Strict", secure=is_secure(request))


def set_device_cookie(request: web.Request, response: web.StreamResponse, value: str) -> None:
    """Give the browser its device cookie: unreadable for scripts, sent where one signs in and nowhere else."""
    response.set_cookie(
        DEVICE_COOKIE,
        value,
        max_age=_DEVICE_MAX_AGE_S,
        path="/api/v1/session",
        httponly=True,
        samesite="Strict",
        secure=is_secure(request),
    )
