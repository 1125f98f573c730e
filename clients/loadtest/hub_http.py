"""The hub's HTTP side as the load test uses it: sign in, WHIP, WHEP, commands."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import aiohttp

from clients.loadtest.ice import NotAllowed

#: In a storm each call waits until those before it are answered.
_TIMEOUT: Final = aiohttp.ClientTimeout(total=90, sock_connect=10)


class HubRefused(Exception):
    """The hub answered something else than was hoped for; `status` is that of HTTP."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"HTTP {status}: {body[:200]}")
        self.status = status


def check_allowed(base_url: str, allowed: Collection[str]) -> None:
    """Raises NotAllowed unless the hub is on this machine or its host stands in `allowed`."""
    host = urlsplit(base_url).hostname or ""
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local and host not in allowed:
        raise NotAllowed(f"{host or base_url!r} is not on this machine; name it with --allow to load it")


def http_session() -> aiohttp.ClientSession:
    """A session for many peers: bearer tokens only, no cap on connections."""
    return aiohttp.ClientSession(
        timeout=_TIMEOUT,
        cookie_jar=aiohttp.DummyCookieJar(),
        connector=aiohttp.TCPConnector(limit=0, limit_per_host=64),
    )


async def sign_in(http: aiohttp.ClientSession, base_url: str, username: str, password: str) -> dict[str, Any]:
    """``{"token", "account"}``. Raises HubRefused."""
    body = {"username": username, "password": password}
    async with http.post(f"{base_url}/api/v1/session", json=body) as response:
        if response.status != 201:
            raise HubRefused(response.status, await response.text())
        answer: dict[str, Any] = await response.json()
        return answer


async def command(
    http: aiohttp.ClientSession,
    base_url: str,
    token: str,
    kind: str,
    meeting: str | None = None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Give one command; ``{"seq", "entries"}``. Raises HubRefused."""
    body: dict[str, Any] = {"id": uuid.uuid4().hex, "kind": kind, "data": data or {}}
    if meeting is not None:
        body["meeting"] = meeting
    async with http.post(f"{base_url}/api/v1/commands", json=body, headers=_bearer(token)) as response:
        if response.status != 200:
            raise HubRefused(response.status, await response.text())
        answer: dict[str, Any] = await response.json()
        return answer


async def open_media(
    http: aiohttp.ClientSession, base_url: str, token: str, door: str, meeting: str, offer: str
) -> tuple[str, str]:
    """Offer to ``whip`` or ``whep``: (answer, absolute URL of the session). Raises HubRefused."""
    headers = {**_bearer(token), "Content-Type": "application/sdp"}
    async with http.post(f"{base_url}/{door}/{meeting}", data=offer.encode(), headers=headers) as response:
        text = await response.text()
        if response.status != 201 or "Location" not in response.headers:
            raise HubRefused(response.status, text)
        return text, urljoin(str(response.url), response.headers["Location"])


async def close_media(http: aiohttp.ClientSession, token: str, location: str) -> None:
    """End a session; one that is gone is no error."""
    try:
        async with http.delete(location, headers=_bearer(token)) as response:
            await response.read()
    except aiohttp.ClientError:
        pass


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
