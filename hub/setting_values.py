"""What a setting may be: functions from what is written to the value. Each raises ValueError with what it should be."""

from __future__ import annotations

import os
import re
import shlex
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: Media nodes that one hub starts itself; each takes a core.
MOST_NODES: Final = 64


def text(text: str) -> str:
    return text


def words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def some_words(text: str) -> tuple[str, ...]:
    if not (found := words(text)):
        raise ValueError("must name at least one")
    return found


def path(text: str) -> Path:
    if not text:
        raise ValueError("must name a folder")
    return Path(text).expanduser().absolute()


def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ValueError("must be a port, 0 to 65535")
    return int(text)


def some_port(text: str) -> int:
    if not (found := port(text)):
        raise ValueError("must be a port, 1 to 65535")
    return found


def ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    try:
        found = (some_port(first), some_port(last))
    except ValueError:
        found = (1, 0)
    if found[0] > found[1]:
        raise ValueError("must be a range of ports such as 49160-50183")
    return found


def turn(text: str) -> str:
    if text not in {"off", "here", "there"}:
        raise ValueError("must be off, here or there")
    return text


def turn_urls(text: str) -> tuple[str, ...]:
    found = words(text)
    if any(not re.fullmatch(r"turns?:[\w.:\[\]-]+(\?transport=(udp|tcp))?", word) for word in found):
        raise ValueError("must be addresses such as turn:hub.example.org:3478?transport=tcp")
    return found


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise ValueError("must be a number of seconds above 0")
    return value


def nodes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_NODES:
        raise ValueError(f"must be a number of nodes, 1 to {MOST_NODES}")
    return int(text)


def cores(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_NODES:
        raise ValueError(f"must be a number of jobs, 1 to {MOST_NODES}")
    return int(text)


def transcodes(text: str) -> int:
    if not text:
        return max((os.cpu_count() or 1) // 2, 1)
    if not text.isascii() or not text.isdigit() or int(text) > MOST_NODES:
        raise ValueError(f"must be a number of cameras, 0 to {MOST_NODES}")
    return int(text)


def voices(text: str) -> str:
    if text not in {"none", "all"}:
        raise ValueError("must be none or all")
    return text


def command(text: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(text))
    except ValueError as problem:
        raise ValueError(f"must be a command as a shell takes it: {problem}") from None


def maybe_path(text: str) -> Path | None:
    return path(text) if text else None


def films(text: str) -> str:
    if text not in {"wish", "all"}:
        raise ValueError("must be wish or all")
    return text


def mbps(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.5 <= value <= 1000:
        raise ValueError("must be a number of Mbit/s, 0.5 to 1000")
    return value


def region(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValueError("must be the beginning of a center's code, up to 12 digits")
    return text


def days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3650:
        raise ValueError("must be a number of days, 1 to 3650")
    return int(text)


def maybe_days(text: str) -> int | None:
    return days(text) if text else None


def megabytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("must be a number of MiB, 0 or more")
    return int(text)


def some_megabytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise ValueError("must be a number of MiB, 1 or more")
    return int(text)


def hours(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 8760:
        raise ValueError("must be a number of hours, 1 to 8760")
    return int(text)


def hour(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > 23:
        raise ValueError("must be an hour, 0 to 23, or empty")
    return int(text)


def count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise ValueError("must be a number, 1 to 10000")
    return int(text)


def pace(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text) <= 6000:
        raise ValueError("must be a number a minute, 0 to 6000")
    return int(text)


def connections(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 16 <= int(text) <= 1_000_000:
        raise ValueError("must be a number of connections, 16 to 1000000")
    return int(text)


def audience(text: str) -> str:
    if text not in {"local", "open"}:
        raise ValueError("must be local or open")
    return text


def truth(text: str) -> bool:
    values = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False}
    values["off"] = False
    if text.lower() not in values:
        raise ValueError("must be true or false")
    return values[text.lower()]


def level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def origin(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    is_http = parts.scheme in {"http", "https"} and parts.hostname
    if is_http and (parts.path not in {"", "/"} or parts.query or parts.fragment):
        raise ValueError(
            f"must be an origin without a path, such as {parts.scheme}://{parts.netloc}:"
            " the hub cannot live below a path of a front, give it a name of its own"
        )
    if not is_http:
        raise ValueError("must be an origin such as https://hub.example.org")
    return f"{parts.scheme}://{parts.netloc}".lower()


def origins(text: str) -> tuple[str, ...]:
    return tuple(found for word in words(text) if (found := origin(word)))


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(word) for word in words(text))
    except ValueError as problem:
        raise ValueError(
            f"must be addresses and networks such as 10.0.0.5 or 172.20.0.0/16 ({problem})"
        ) from None


def http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
        raise ValueError("must be an address such as http://127.0.0.1:8080/link")
    return text


def receiver_url(text: str) -> str | None:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be an address such as https://keeper.example.org:8090/")
    return text or None


def optional_path(text: str) -> Path | None:
    return path(text) if text else None


def minutes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_080:
        raise ValueError("must be a number of minutes, 1 to 10080")
    return int(text)


def s3_url(text: str) -> str | None:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be an address such as https://s3.example.org")
    return text or None


def database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


def redis_url(text: str) -> str | None:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text or None


def optional(text: str) -> str | None:
    return text or None


def zone(text: str) -> str:
    """The name of a time zone, as the IANA database has it."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("must be the name of a time zone, as in Asia/Shanghai") from None
