"""The door to one bucket of a storage that speaks S3: the connection, made at the first use, and what goes wrong with it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import aiohttp
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from hub.depot.ports import BlobsAway

CONNECT_S: Final = 5.0
READ_S: Final = 30.0
#: socket(7): the kernel sends no faster than this, in bytes a second. Python has no name for it.
_SO_MAX_PACING_RATE: Final = 47
_FULL: Final = frozenset({"QuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "EntityTooLarge"})


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where things stand, and by what right."""

    url: str
    """The endpoint, such as https://s3.example.org."""
    bucket: str
    region: str
    key: str = field(repr=False)
    secret: str = field(repr=False)


class S3Door:
    """One bucket. `bytes_a_second` is what each connection sends at most; 0: as fast as it goes."""

    def __init__(
        self,
        place: S3Place,
        *,
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
        attempts: int = 3,
        bytes_a_second: int = 0,
    ) -> None:
        self.place = place
        self._read_s, self._connect_s, self._attempts = read_s, connect_s, attempts
        self._pace = bytes_a_second
        self._stack = AsyncExitStack()
        self._client: Any = None
        self._connecting = asyncio.Lock()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Any]:
        """The client; what goes wrong is a BlobsAway."""
        try:
            yield await self._connected()
        except (BotoCoreError, ClientError, aiohttp.ClientError, TimeoutError) as problem:
            away = BlobsAway(f"the storage of objects: {problem}")
            away.why = _why(problem)
            raise away from problem

    async def close(self) -> None:
        """Let go of the connection."""
        self._client = None
        await self._stack.aclose()

    async def _connected(self) -> Any:
        async with self._connecting:
            if self._client is None:
                place = self.place
                self._client = await self._stack.enter_async_context(
                    get_session().create_client(
                        "s3",
                        endpoint_url=place.url,
                        region_name=place.region,
                        aws_access_key_id=place.key,
                        aws_secret_access_key=place.secret,
                        config=AioConfig(
                            s3={"addressing_style": "path"},
                            retries={"total_max_attempts": self._attempts},
                            connect_timeout=self._connect_s,
                            read_timeout=self._read_s,
                            # sums of the library's own choosing are more than many a storage understands
                            request_checksum_calculation="when_required",
                            response_checksum_validation="when_required",
                            connector_args={"socket_factory": self._socket} if self._pace else None,
                        ),
                    )
                )
            return self._client

    def _socket(self, address: Any) -> socket.socket:
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        try:
            made.setsockopt(socket.SOL_SOCKET, _SO_MAX_PACING_RATE, min(self._pace, 0xFFFF_FFFE))
        except OSError:
            pass  # another system: it is paced by the piece alone
        return made


def is_missing(problem: ClientError) -> bool:
    """Whether it says that nothing is there."""
    return bool(problem.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_FOUND)


def _why(problem: BaseException) -> str:
    """Not reached; or reached, and the keys or the bucket are none of its; or no room: BlobsAway.why."""
    if not isinstance(problem, ClientError):
        return "away"
    code = str(problem.response.get("Error", {}).get("Code", ""))
    status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if status == HTTPStatus.INSUFFICIENT_STORAGE or code in _FULL:
        return "full"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return "refused"
    if status == HTTPStatus.NOT_FOUND:
        return "no_bucket"
    return "away"
