"""A meeting of a real hub: signed-in accounts, WHIP and WHEP, Socket.IO for those who need it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import aiohttp
import socketio

from clients.loadtest.hub_http import HubRefused, check_allowed, close_media, command, open_media, sign_in
from clients.loadtest.peer import Admitted, Door
from clients.loadtest.venue import OnMedia

#: Sign-ins at the same time: each costs the hub a slow hash on purpose.
_SIGNING_IN: Final = 4
_ANSWER_S: Final = 10.0


class HubVenue:
    """Venue. Publishers have an account each; viewers share the others in turn, or all if there are no others."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        allowed: Collection[str],
        accounts: Sequence[Mapping[str, Any]],
        publishers: int,
        meeting: str,
    ) -> None:
        """`accounts` are answers to signing in ({"token", "account"})."""
        self.meeting = meeting
        self.url = url
        self.accounts = accounts
        self._http = http
        self._allowed = allowed
        self.publishers = publishers
        self._opened = False
        self._sockets: dict[int, socketio.AsyncClient] = {}

    @classmethod
    async def open(
        cls,
        http: aiohttp.ClientSession,
        url: str,
        allowed: Collection[str],
        accounts: Sequence[Mapping[str, Any]],
        publishers: int,
        meeting: str | None,
    ) -> HubVenue:
        """Sign these accounts in and open a meeting that calls the centers of all, unless one is named.

        Raises NotAllowed, HubRefused.
        """
        check_allowed(url, allowed)
        room = asyncio.Semaphore(_SIGNING_IN)

        async def one(account: Mapping[str, Any]) -> dict[str, Any]:
            async with room:
                return await sign_in(http, url, account["username"], account["password"])

        signed = await asyncio.gather(*(one(account) for account in accounts))
        venue = cls(http, url, allowed, signed, publishers, meeting or "")
        if meeting is None:
            await venue._open_meeting()
        return venue

    async def _open_meeting(self) -> None:
        centers = sorted({one["account"]["center"]["code"] for one in self.accounts})
        data: dict[str, Any] = {"title": "load test", "kind": "dispatch", "centers": centers, "record": False}
        answer = await self.command(0, "meeting.open", data)
        opened = next(entry for entry in answer["entries"] if entry["kind"] == "meeting.opened")
        self.meeting, self._opened = str(opened["meeting"]), True

    # --- persons --------------------------------------------------------------------------------------

    def _account(self, person: int) -> Mapping[str, Any]:
        if person < self.publishers:
            return self.accounts[person]
        # Nobody is shown himself, so viewers take other accounts than publishers as far as there are others.
        watching = self.accounts[self.publishers :] or self.accounts
        return watching[(person - self.publishers) % len(watching)]

    def _token(self, person: int) -> str:
        return str(self._account(person)["token"])

    async def command(
        self, person: int, kind: str, data: dict[str, Any], in_meeting: bool = False
    ) -> dict[str, Any]:
        """Give a command as this person. Raises HubRefused."""
        meeting = self.meeting if in_meeting else None
        return await command(self._http, self.url, self._token(person), kind, meeting, data)

    def participant(self, person: int) -> str:
        """Venue: the account's id."""
        return str(self._account(person)["account"]["id"])

    def door(self, person: int, direction: str) -> Door:
        """Venue: WHIP or WHEP."""
        token = self._token(person)
        path = "whip" if direction == "publish" else "whep"

        async def offer(text: str) -> Admitted:
            answer, location = await open_media(self._http, self.url, token, path, self.meeting, text)
            check_allowed(location, self._allowed)

            async def leave() -> None:
                await close_media(self._http, token, location)

            return Admitted(answer, location.rstrip("/").rpartition("/")[2], leave)

        return offer

    # --- Socket.IO ------------------------------------------------------------------------------------

    async def socket(self, person: int) -> socketio.AsyncClient:
        """This person's connection, made on first use. Raises HubRefused."""
        if person not in self._sockets:
            client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
            self._sockets[person] = client
            try:
                await client.connect(
                    self.url, auth={"token": self._token(person)}, transports=["websocket"], wait_timeout=20
                )
            except socketio.exceptions.ConnectionError as error:
                raise HubRefused(0, f"no Socket.IO connection: {error}") from error
        return self._sockets[person]

    async def ask(self, person: int, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """An event with its answer. Raises HubRefused."""
        client = await self.socket(person)
        try:
            answer = await client.call(event, data, timeout=_ANSWER_S)
        except socketio.exceptions.SocketIOError as error:
            raise HubRefused(0, f"{event} was not answered") from error
        if not isinstance(answer, dict) or "error" in answer:
            raise HubRefused(0, f"{event}: {answer}")
        return answer

    async def select(self, person: int, admitted: Admitted, wanted: Sequence[str | None]) -> None:
        """Venue: the `select` event."""
        await self.ask(person, "select", {"session": admitted.session, "video": list(wanted)})

    async def listen(self, person: int, on_media: OnMedia) -> None:
        """Venue: the `media` events, from now on."""
        client = await self.socket(person)
        client.on("media", on_media)
        await self.ask(person, "follow", {"meeting": self.meeting, "since": None})

    async def close(self) -> None:
        """Venue: end the sockets, and the meeting if it was opened here."""
        for client in self._sockets.values():
            try:
                await asyncio.wait_for(client.disconnect(), 3.0)
            except (socketio.exceptions.SocketIOError, OSError, TimeoutError):
                pass
        self._sockets.clear()
        if self._opened:
            self._opened = False
            await self.command(0, "meeting.end", {}, in_meeting=True)
