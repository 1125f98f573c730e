"""Messages between a gateway and its children, over pipes: a signed number, a length, and bytes (hub.gateway.child)."""

from __future__ import annotations

import os
import resource
import select
import struct
import sys
from collections.abc import Iterator
from typing import Final

HEAD: Final = struct.Struct(">qI")
#: A message longer than this is none.
MOST_BYTES: Final = 8 << 20
#: What a child may have of the machine's memory.
_MEMORY_BYTES: Final = 1 << 30


def limit() -> None:
    """Bound what this process may take."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Source:
    """Messages from a pipe, and whether more of it waits."""

    def __init__(self, fd: int = 0) -> None:
        self._fd = fd
        self._held = bytearray()

    def messages(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each, until it ends. Raises ValueError for what is none."""
        while True:
            while (length := self._length()) is None or len(self._held) < HEAD.size + length:
                data = os.read(self._fd, 1 << 18)
                if not data:
                    return
                self._held += data
            number, _ = HEAD.unpack_from(self._held)
            message = bytes(self._held[HEAD.size : HEAD.size + length])
            del self._held[: HEAD.size + length]
            yield number, message

    def _length(self) -> int | None:
        if len(self._held) < HEAD.size:
            return None
        length: int = HEAD.unpack_from(self._held)[1]
        if length > MOST_BYTES:
            raise ValueError("longer than a message is")
        return length

    @property
    def waits(self) -> bool:
        """Whether the next message, or its beginning, is there."""
        return bool(self._held) or bool(select.select([self._fd], [], [], 0)[0])


def send(number: int, data: bytes) -> None:
    """Give one out; `flush` has it leave."""
    sys.stdout.buffer.write(HEAD.pack(number, len(data)) + data)


def flush() -> None:
    """Have what was given out leave. Nobody may read it any more: then this process ends."""
    try:
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os._exit(0)
