"""Where a datagram comes from or goes to: as Python's sockets tell it, and as the kernel does."""

from __future__ import annotations

import socket
import struct
from typing import Any, Final

#: (host, port) or, for IPv6, (host, port, flow, scope); hosts are numeric.
Address = tuple[Any, ...]

#: struct sockaddr_in and sockaddr_in6 (Linux): family, port, …; all in network order but family and scope.
_PORT: Final = struct.Struct(">H")
_SOCKADDR_IN: Final = struct.Struct("=H2s4s8x")
_SOCKADDR_IN6: Final = struct.Struct("=H2s4s16sI")


def packed_address(address: Address) -> bytes:
    """The address as the kernel takes it (sockaddr_in, sockaddr_in6); empty if it is not numeric."""
    host, port = str(address[0]).partition("%")[0], _PORT.pack(int(address[1]))
    try:
        if ":" not in host:
            return _SOCKADDR_IN.pack(socket.AF_INET, port, socket.inet_aton(host))
        flow, scope = (int(word) for word in (*address[2:4], 0, 0)[:2])
        in6 = socket.inet_pton(socket.AF_INET6, host)
        return _SOCKADDR_IN6.pack(socket.AF_INET6, port, flow.to_bytes(4, "big"), in6, scope)
    except OSError:
        return b""


def unpacked_address(packed: bytes) -> Address:
    """The address as Python's sockets tell it. `packed` is what the kernel gave, zeros after it do no harm."""
    if packed[:2] == struct.pack("=H", socket.AF_INET):
        return socket.inet_ntoa(packed[4:8]), _PORT.unpack_from(packed, 2)[0]
    _, port, flow, host, scope = _SOCKADDR_IN6.unpack_from(packed)
    number = _PORT.unpack(port)[0]
    return socket.inet_ntop(socket.AF_INET6, host), number, int.from_bytes(flow, "big"), scope
