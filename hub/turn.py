"""The way in for those whom UDP does not reach: a TURN relay (coturn), what it may do, and the keys to it that are handed out.

The relay holds no accounts: a user name is a time and an account, its password is what both sides make of it with a secret
they share ("REST API for access to TURN services", draft-uberti-behave-turn-rest).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from hub.config import Config, ConfigError, kept_key
from hub.families import can_bind, family_of, numeric_addresses

#: Values of HUB_TURN.
OFF, HERE, THERE = "off", "here", "there"
#: The program, looked for on the PATH.
PROGRAM: Final = "turnserver"
#: How long what is handed out opens the relay. A call that runs goes on beyond it.
LIFE: Final = timedelta(hours=1)
REALM: Final = "lianxian"
#: Addresses that one account may have at the relay at once: camera, screen and watching, each by up to three ways, and as many
#: again left behind by a reload.
ALLOCATIONS_PER_ACCOUNT: Final = 24
#: An address that nobody keeps alive is free again after this time, in seconds.
ALLOCATION_S: Final = 600
#: What one of them may carry each way, in bytes a second: a wall of sixteen pictures, or a publisher at its cap.
BYTES_PER_S: Final = 3_000_000


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the relay for one account until `expires_at`."""

    username: str
    credential: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """A relay as clients are told of it: its addresses (RFC 7065), and the secret that it shares with the hub."""

    urls: tuple[str, ...]
    secret: str = field(repr=False)

    def credentials(self, account: str, now: datetime) -> Credentials:
        """Fresh ones for this account (its id)."""
        expires_at = now + LIFE
        username = f"{int(expires_at.timestamp())}:{account}"
        digest = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1).digest()
        return Credentials(username, base64.b64encode(digest).decode(), expires_at)


def turn_of(config: Config) -> Turn | None:
    """The relay that these settings speak of, None for none. Raises ConfigError as `turn_secret`."""
    return None if config.turn == OFF else Turn(turn_urls(config), turn_secret(config))


def turn_secret(config: Config) -> str:
    """The setting, else the file ``turn.key`` in the data folder, made when it is missing. Raises ConfigError."""
    return config.turn_secret or kept_key(config, "turn.key", "delete it, or set HUB_TURN_SECRET")


def turn_urls(config: Config) -> tuple[str, ...]:
    """Where clients find the relay, the cheapest way first: UDP, TCP, TLS."""
    if config.turn_urls:
        return config.turn_urls
    hosts = [f"[{host}]" if ":" in host else host for host in config.turn_host or config.media_host]
    plain = [f"turn:{host}:{config.turn_port}?transport={way}" for way in ("udp", "tcp") for host in hosts]
    has_tls = bool(config.turn_cert) or config.turn == THERE
    by_tls = [f"turns:{host}:{config.turn_tls_port}?transport=tcp" for host in hosts]
    return (*plain, *(by_tls if has_tls and config.turn_tls_port else ()))


def nameless_tls(config: Config) -> tuple[str, ...]:
    """The addresses among those that clients are told by which TLS is offered without a name.

    A browser checks a certificate by the name it asked for: Firefox leaves these out and says nothing of it.
    """
    if config.turn == OFF:
        return ()
    return tuple(url for url in turn_urls(config) if url.startswith("turns:") and _is_number(_host_in(url)))


def _host_in(url: str) -> str:
    """The host in an address of a relay (RFC 7065), without the brackets of IPv6."""
    authority = url.partition(":")[2].partition("?")[0]
    bracketed, bracket, _ = authority.removeprefix("[").partition("]")
    return bracketed if bracket else authority.partition(":")[0]


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def peers_of(config: Config) -> list[str]:
    """The addresses that the relay may send to: those of the media nodes, never this machine's loopback.

    Raises ConfigError when none is left, and for a name that is not known.
    """
    addresses = _numeric(config.turn_peers or config.media_host, "HUB_TURN_PEERS")
    found = [each for each in addresses if not ip_address(each).is_loopback]
    if not found:
        raise ConfigError(
            "HUB_TURN: the relay reaches no loopback address; set HUB_MEDIA_HOST to an address of this machine"
        )
    return found


def _numeric(hosts: Iterable[str], setting: str) -> list[str]:
    try:
        return list(dict.fromkeys(address for host in hosts for address in numeric_addresses(host)))
    except OSError as problem:
        raise ConfigError(f"{setting}: an address is not known ({problem})") from None


def write_settings(config: Config) -> Path:
    """Write what the relay is started with, mode 600 (the secret is in it); returns the file. Raises ConfigError."""
    folder = config.data_dir / "turn"
    path = folder / "turnserver.conf"
    text = settings_text(config, folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    return path


def settings_text(config: Config, folder: Path) -> str:
    """turnserver.conf: a relay that whoever has no fresh key cannot use, and that reaches the media nodes and nothing else.

    Raises ConfigError.
    """
    peers = peers_of(config)
    first, last = config.turn_relay_ports
    own = [
        host for host in _numeric(config.turn_host or config.media_host, "HUB_TURN_HOST") if can_bind(host)
    ]
    lines = [
        f"listening-port={config.turn_port}",
        # An address of its own each; without one that is this machine's, all it has.
        *(f"listening-ip={host}" for host in own),
        *(f"relay-ip={host}" for host in own),
        f"min-port={first}",
        f"max-port={last}",
        f"allocation-default-address-family={_family(peers)}",
        # Who may use it.
        "use-auth-secret",
        f"static-auth-secret={turn_secret(config)}",
        f"realm={REALM}",
        "stale-nonce=600",
        "fingerprint",
        "secure-stun",
        # What it reaches: what is allowed goes before what is denied, and all is denied.
        *(f"allowed-peer-ip={address}" for address in peers),
        "denied-peer-ip=0.0.0.0-255.255.255.255",
        "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "no-multicast-peers",
        "no-tcp-relay",
        # How much of it.
        f"user-quota={ALLOCATIONS_PER_ACCOUNT}",
        f"total-quota={last - first + 1}",
        f"max-bps={BYTES_PER_S}",
        f"max-allocate-lifetime={ALLOCATION_S}",
        # Nothing besides: no second door, no version to tell, no names or addresses of people in a log.
        "no-cli",
        "no-rfc5780",
        "no-software-attribute",
        "no-tlsv1",
        "no-tlsv1_1",
        "no-dtls",
        "log-file=stdout",
        "simple-log",
        f"pidfile={folder / 'pid'}",
        f"userdb={folder / 'users.db'}",
    ]
    if config.turn_cert:
        lines += [
            f"tls-listening-port={config.turn_tls_port}",
            f"cert={config.turn_cert}",
            f"pkey={config.turn_key}",
        ]
    else:
        lines.append("no-tls")
    return "\n".join(lines) + "\n"


def _family(peers: list[str]) -> str:
    """In which family addresses are given out: as the client came where nodes have both, else in the one that they have."""
    families = {family_of(address).name for address in peers}
    return "keep" if len(families) == 2 else {"AF_INET": "ipv4", "AF_INET6": "ipv6"}[families.pop()]
