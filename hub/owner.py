"""The owner's door: whoever can read the data folder gives the running hub commands as its owner (`hub accounts` …).

Over the link (docs/link.md) with the hello `{"kind": "owner", "key"}` and two calls, `command` {id, kind, data} → {seq,
entries} and `job` {about} → {state, at}, how long work stands that a command began. The key is another one than that of the
link, which nodes elsewhere have. Only commands marked `owner` are taken.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

import aiohttp

from hub.config import Config, kept_key, link_key
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Command, Entry
from hub.errors import Refusal
from hub.link import MAX_FRAME_BYTES, Link
from hub.rules import OWNER_COMMANDS, parse_data

OWNER: Final = "owner"
#: The file of the owner's key in the data folder, mode 600.
KEY_FILE: Final = "owner.key"
#: A command may wait behind a busy journal, or for a database that is away for a moment.
ANSWER_S: Final = 30.0

Data = dict[str, Any]


class Answer(Protocol):
    """What a command brought about."""

    @property
    def seq(self) -> int: ...
    @property
    def entries(self) -> tuple[Entry, ...]: ...


class Journal(Protocol):
    """The journal's writer, as far as this needs it."""

    async def submit(self, command: Command, account: Account) -> Answer: ...


class OwnerDoor:
    """Control's side."""

    def __init__(
        self, writer: Journal, config: Config, standing: Callable[[str], Data] = lambda about: {}
    ) -> None:
        """`standing` says how the work about something stands: `Upkeep.standing`."""
        self._writer = writer
        self._standing = standing
        self._key = kept_key(config, KEY_FILE).encode()

    async def on_link(self, link: Link, hello: Data) -> None:
        """Answer until the link is closed. Raises Refusal for a hello without the owner's key."""
        if not hmac.compare_digest(str(hello.get("key")).encode(), self._key):
            raise Refusal("unauthenticated", "this is not the owner of this hub")
        link.calls = {"command": self._command, "job": self._job}
        await link.closed.wait()

    async def _command(self, args: Data) -> Data:
        match args:
            case {"id": str(id), "kind": str(kind), "data": dict(data)} if kind in OWNER_COMMANDS:
                answer = await self._writer.submit(
                    Command(id, kind, None, parse_data(kind, data)), SYSTEM_ACCOUNT
                )
                return {"seq": answer.seq, "entries": [entry.to_wire() for entry in answer.entries]}
        raise Refusal("invalid", "the hub's owner gives no such command", "kind")

    async def _job(self, args: Data) -> Data:
        match args:
            case {"about": str(about)}:
                return self._standing(about)
        raise Refusal("invalid", "say what it is about", "about")


@asynccontextmanager
async def owner_link(config: Config) -> AsyncIterator[Link]:
    """The running hub's door, open. Raises Refusal `unavailable` when it cannot be reached at HUB_LINK_URL with these keys."""
    headers = {"Authorization": f"Bearer {link_key(config)}"}
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=5.0)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
            session.ws_connect(config.link_url, max_msg_size=MAX_FRAME_BYTES) as socket,
        ):
            link = Link(socket)
            running = asyncio.create_task(link.run())
            try:
                link.tell("hello", {"kind": OWNER, "key": kept_key(config, KEY_FILE)})
                yield link
            finally:
                await link.close()
                await asyncio.gather(running, return_exceptions=True)
    except (aiohttp.ClientError, OSError, TimeoutError) as problem:
        raise Refusal(
            "unavailable",
            f"a hub runs on this database, but it cannot be reached at {config.link_url}: {problem}",
        ) from None


async def give_to_running_hub(config: Config, id: str, kind: str, data: Mapping[str, Any]) -> list[Data]:
    """Give the running hub a command; the entries it made, as on the wire.

    Raises Refusal: the hub's own, or `unavailable` when it cannot be reached at HUB_LINK_URL with these keys.
    """
    async with owner_link(config) as link:
        answer = await link.call("command", {"id": id, "kind": kind, "data": data}, ANSWER_S)
    entries: list[Data] = answer["entries"]
    return entries
