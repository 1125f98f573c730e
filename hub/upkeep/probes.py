"""Looks at what the hub stands on: certificates, the machine's clock, room, a door that answers. Each may block."""

from __future__ import annotations

import ctypes
import os
import socket
import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509

#: How long a door may take to answer, in seconds.
WAIT_S: Final = 3.0
#: adjtimex(2): the status bit of a clock that nothing keeps, and its state when it is not kept.
_STA_UNSYNC: Final = 0x0040
_TIME_ERROR: Final = 5


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a file system: free for us, and all."""

    free: int
    total: int


def room(folder: Path) -> Room:
    """Raises OSError."""
    space = os.statvfs(folder)
    return Room(space.f_bavail * space.f_frsize, space.f_blocks * space.f_frsize)


def certificate_in(path: Path) -> datetime:
    """Until when the first certificate of a PEM file is good. Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc


def certificate_at(host: str, port: int) -> datetime:
    """Until when the certificate is good that a TLS server shows, trusted or not. Raises OSError, ValueError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), WAIT_S) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert(binary_form=True)
    if shown is None:
        raise ValueError("no certificate was shown")
    return x509.load_der_x509_certificate(shown).not_valid_after_utc


def address_of(origin: str) -> tuple[str, int] | None:
    """Host and port of an https origin; None for another one."""
    parts = urlsplit(origin)
    return (parts.hostname, parts.port or 443) if parts.scheme == "https" and parts.hostname else None


def answers(host: str, port: int) -> bool:
    """Whether something takes a TCP connection there."""
    try:
        with socket.create_connection((host, port), WAIT_S):
            return True
    except OSError:
        return False


class _Timex(ctypes.Structure):
    """The head of `struct timex`, and room for the rest of it (adjtimex(2))."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


@dataclass(frozen=True, slots=True)
class ClockKept:
    """What the kernel says of the machine's clock: whether a time service keeps it, and how far it may be off at most (ms)."""

    kept: bool
    off_ms: int


def machine_clock() -> ClockKept:
    """Asks, changes nothing. Raises OSError where the kernel does not tell."""
    told = _Timex()
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(told))
    if state < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    return ClockKept(state != _TIME_ERROR and not told.status & _STA_UNSYNC, told.maxerror // 1000)
