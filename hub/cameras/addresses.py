"""Addresses of cameras as people write them: taken apart into where it is, and whose name and password stand in it."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple
from urllib.parse import unquote

What = Literal["rtsp", "onvif"]
MAX_ADDRESS: Final = 1000
MAX_USER: Final = 128
_SCHEMES: Final[dict[What, tuple[str, ...]]] = {"rtsp": ("rtsp", "rtsps"), "onvif": ("http", "https")}
_BEGINS: Final = re.compile(r"([a-z]+)://(.*)", re.IGNORECASE | re.DOTALL)
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f-\x9f\ud800-\udfff]")
_ENDS: Final = re.compile(r"[/?#]")
_MOST_PORT: Final = 65_535
#: The ports that are meant where none is written.
_USUAL: Final = {"rtsp": ":554", "rtsps": ":322", "http": ":80", "https": ":443"}
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.%]{2,64}\]")


class Address(NamedTuple):
    """An address without its user. Raised and told is never what stands in it."""

    url: str
    host: str
    user: str
    password: str


class NoAddress(ValueError):
    """This is no address of a camera; the text says why in one word: `scheme`, `host`, `port`, `long`, `characters`."""


def read_address(text: str, what: What = "rtsp") -> Address:
    """An address as it was written. A password may hold ``@``, and ``/`` where nothing else can be meant. Raises NoAddress."""
    written = text.strip()
    if len(written) > MAX_ADDRESS:
        raise NoAddress("long")
    if _UNFIT.search(written):
        raise NoAddress("characters")
    begins = _BEGINS.fullmatch(written)
    if begins is None or begins[1].lower() not in _SCHEMES[what]:
        raise NoAddress("scheme")
    scheme, rest = begins[1].lower(), begins[2]
    who, place = _parted(rest)
    authority = _ENDS.split(place, maxsplit=1)[0]
    host = authority if authority.endswith("]") else authority.rpartition(":")[0] or authority
    if not _HOST.fullmatch(host):
        raise NoAddress("host")
    port = authority[len(host) + 1 :]
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _MOST_PORT):
        raise NoAddress("port")
    url = f"{scheme}://{place}"
    user, _, password = who.partition(":")
    if max(len(user), len(password)) > MAX_USER:
        raise NoAddress("long")
    return Address(url, host.strip("[]").lower(), unquote(user), unquote(password))


def _parted(rest: str) -> tuple[str, str]:
    """What stands before the host, and the host with all behind it."""
    authority = _ENDS.split(rest, maxsplit=1)[0]
    if "@" in authority:
        who = authority.rpartition("@")[0]
        return who, rest[len(who) + 1 :]
    # A password with a stroke in it: what stands before the stroke is then no host with a port.
    if ":" in authority and not authority.rpartition(":")[2].isdigit() and "@" in rest:
        who, _, place = rest.rpartition("@")
        return who, place
    return "", rest


def host_of(url: str) -> str:
    """The host of an address that was read, as `Address.host`; empty for none."""
    authority = _ENDS.split(url.partition("://")[2], maxsplit=1)[0]
    host = authority if authority.endswith("]") else authority.rpartition(":")[0] or authority
    return host.strip("[]").lower()


def same_address(url: str) -> str:
    """An address in the form in which two are compared: host in lower case, without the port that is meant anyway."""
    scheme, _, rest = url.partition("://")
    authority = _ENDS.split(rest, maxsplit=1)[0]
    usual = _USUAL.get(scheme, "")
    return f"{scheme}://{authority.lower().removesuffix(usual)}{rest[len(authority) :] or '/'}"
