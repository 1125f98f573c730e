"""The hub's HTTP side as the station uses it: session, commands, WHIP."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from clients.station.backoff import Backoff

_TIMEOUT: Final = aiohttp.ClientTimeout(total=15, connect=5)
#: Answers after which the same command is sent again under the same id: nothing was done, or nobody can say.
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})


class Refused(Exception):
    """The hub said no. `code` is that of docs/protocol.md."""

    def __init__(self, code: str, status: int, message: str = "") -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.status = status


class Unreachable(Exception):
    """The hub did not answer, or not sensibly."""


@dataclass(frozen=True, slots=True)
class WhipAnswer:
    """What a WHIP offer brought: the answer, the session's address and its id."""

    answer: str
    location: str
    session: str
    #: What it says of the relay: its ``Link`` headers.
    links: tuple[str, ...] = field(default=(), repr=False)


class HubApi:
    """One signed-in account. Signs in by itself, and again when its token is no longer taken."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._url = url.rstrip("/")
        self._username = username
        self._password = password
        self._http: aiohttp.ClientSession | None = None
        self.token: str | None = None
        self.account: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        # The bearer token is all there is to carry; a cookie would ask for an origin as well.
        self._http = aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def sign_in(self) -> dict[str, Any]:
        """Get a fresh token; returns the account. Raises Refused or Unreachable."""
        self.token = None
        body = {"username": self._username, "password": self._password}
        answer = await self._json("POST", "/api/v1/session", body, signed=False)
        self.token = str(answer["token"])
        self.account = dict(answer["account"])
        return self.account

    async def check_session(self) -> None:
        """Sign in, or again if the token is dead. Raises Refused or Unreachable."""
        if self.token is None:
            await self.sign_in()
        else:
            await self._json("GET", "/api/v1/session")

    async def sign_out(self) -> None:
        """Give the token back. Raises Refused or Unreachable."""
        if self.token is not None:
            await self._send("DELETE", "/api/v1/session")
            self.token = None

    async def command(self, kind: str, meeting: str | None = None, **data: Any) -> dict[str, Any]:
        """Give a command, and again under the same id for as long as the hub is away. Raises Refused."""
        body: dict[str, Any] = {"id": uuid.uuid4().hex, "kind": kind, "data": data}
        if meeting is not None:
            body["meeting"] = meeting
        backoff = Backoff()
        while True:
            try:
                return await self._json("POST", "/api/v1/commands", body)
            except Refused as refused:
                if refused.status not in _AGAIN:
                    raise
            except Unreachable:
                pass
            await asyncio.sleep(backoff.next_s())

    async def has_reported(self, meeting: str) -> bool:
        """Whether this account has filed a report in the meeting already. Raises Refused or Unreachable."""
        center = self.account.get("center", {}).get("code", "")
        answer = await self._json("GET", f"/api/v1/reports?meeting={meeting}&center={center}&limit=500")
        return any(report.get("account") == self.account.get("id") for report in answer.get("reports", ()))

    async def participants(self, meeting: str) -> list[dict[str, Any]]:
        """Everybody who ever joined a meeting, and how each stands in it. Raises Refused or Unreachable."""
        answer = await self._json("GET", f"/api/v1/meetings/{meeting}")
        return list(answer.get("participants", ()))

    async def order(self, order: str) -> dict[str, Any] | None:
        """An order as this account may see it. Raises Refused or Unreachable."""
        found = (await self._json("GET", f"/api/v1/orders?id={order}")).get("orders", ())
        return dict(found[0]) if found else None

    async def alarm(self, alarm: str) -> dict[str, Any] | None:
        """An alarm as this account may see it. Raises Refused or Unreachable."""
        found = (await self._json("GET", f"/api/v1/alarms?id={alarm}")).get("alarms", ())
        return dict(found[0]) if found else None

    async def open_whip(self, meeting: str, offer: str) -> WhipAnswer:
        """Publish to a meeting (RFC 9725). Raises Refused or Unreachable."""
        headers = {"Content-Type": "application/sdp"}
        status, answered, text = await self._send("POST", f"/whip/{meeting}", offer.encode(), headers)
        location = answered.get("Location", "")
        if status != 201 or not location:
            raise Unreachable(f"WHIP was answered {status} without a place")
        links = tuple(answered.getall("Link", ()))
        return WhipAnswer(text, location, location.rstrip("/").rsplit("/", 1)[-1], links)

    async def close_whip(self, location: str) -> None:
        """End a WHIP session. Raises Refused or Unreachable."""
        path = location if location.startswith("/") else "/" + location.split("/", 3)[-1]
        await self._send("DELETE", path)

    async def _json(
        self, method: str, path: str, body: dict[str, Any] | None = None, signed: bool = True
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        _, _, text = await self._send(method, path, data, headers, signed=signed)
        try:
            answer = json.loads(text)
        except ValueError as error:
            raise Unreachable(f"{path} was not answered in JSON") from error
        if not isinstance(answer, dict):
            raise Unreachable(f"{path} was not answered by an object")
        return answer

    async def _send(
        self,
        method: str,
        path: str,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        signed: bool = True,
    ) -> tuple[int, Any, str]:
        if signed and self.token is None:
            await self.sign_in()
        status, answered, text = await self._once(method, path, data, headers or {})
        if status == 401 and signed:
            await self.sign_in()
            status, answered, text = await self._once(method, path, data, headers or {})
        if status >= 400:
            raise _refusal(status, text)
        return status, answered, text

    async def _once(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str]
    ) -> tuple[int, Any, str]:
        if self._http is None:
            raise Unreachable("the station is closing")
        if self.token is not None:
            headers = {**headers, "Authorization": f"Bearer {self.token}"}
        try:
            async with self._http.request(method, self._url + path, data=data, headers=headers) as response:
                return response.status, response.headers, await response.text()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from error


def _refusal(status: int, text: str) -> Refused:
    try:
        error = json.loads(text)["error"]
        return Refused(str(error["code"]), status, str(error["message"]))
    except (ValueError, KeyError, TypeError):
        return Refused("unavailable" if status >= 500 else "malformed", status)
