"""Settings: one table of what can be set, read from the environment and an optional TOML file."""

# ruff: noqa: RUF009 - the defaults of Config are dataclass fields, made by one function

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

PREFIX: Final = "HUB_"
#: Names the TOML file; the one setting that cannot stand in it.
FILE_SETTING: Final = "HUB_CONFIG"
#: Media nodes that one hub starts itself; each takes a core.
MOST_NODES: Final = 64


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and says what it should be."""


def _text(text: str) -> str:
    return text


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _some_words(text: str) -> tuple[str, ...]:
    if not (words := _words(text)):
        raise ValueError("must name at least one")
    return words


def _path(text: str) -> Path:
    if not text:
        raise ValueError("must name a folder")
    return Path(text).expanduser().absolute()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise ValueError("must be a port, 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e9:
        raise ValueError("must be a number of seconds above 0")
    return value


def _nodes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_NODES:
        raise ValueError(f"must be a number of nodes, 1 to {MOST_NODES}")
    return int(text)


def _mbps(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.5 <= value <= 1000:
        raise ValueError("must be a number of Mbit/s, 0.5 to 1000")
    return value


def _region(text: str) -> str:
    if text and not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise ValueError("must be the beginning of a center's code, up to 12 digits")
    return text


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 3650:
        raise ValueError("must be a number of days, 1 to 3650")
    return int(text)


def _megabytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("must be a number of MiB, 0 or more")
    return int(text)


def _some_megabytes(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < 1:
        raise ValueError("must be a number of MiB, 1 or more")
    return int(text)


def _hours(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 8760:
        raise ValueError("must be a number of hours, 1 to 8760")
    return int(text)


def _connections(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 16 <= int(text) <= 1_000_000:
        raise ValueError("must be a number of connections, 16 to 1000000")
    return int(text)


def _audience(text: str) -> str:
    if text not in {"local", "open"}:
        raise ValueError("must be local or open")
    return text


def _truth(text: str) -> bool:
    values = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False}
    values["off"] = False
    if text.lower() not in values:
        raise ValueError("must be true or false")
    return values[text.lower()]


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _origin(text: str) -> str | None:
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


def _origins(text: str) -> tuple[str, ...]:
    return tuple(origin for word in _words(text) if (origin := _origin(word)))


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(word) for word in _words(text))
    except ValueError as problem:
        raise ValueError(
            f"must be addresses and networks such as 10.0.0.5 or 172.20.0.0/16 ({problem})"
        ) from None


def _http_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
        raise ValueError("must be an address such as http://127.0.0.1:8080/link")
    return text


def _s3_url(text: str) -> str | None:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise ValueError("must be an address such as https://s3.example.org")
    return text or None


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    return text


def _redis_url(text: str) -> str | None:
    if text and not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must begin with redis://, rediss:// or unix://")
    return text or None


def _optional(text: str) -> str | None:
    return text or None


def _setting(default: str, parse: Callable[[str], Any], says: str) -> Any:
    """A field of Config: its default as it would be written, how it is read, and what it is for."""
    return field(metadata={"default": default, "parse": parse, "says": says})


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. A field `http_port` is set by ``HUB_HTTP_PORT`` or ``http_port`` in the file."""

    data_dir: Path = _setting("data", _path, "Folder of everything the hub keeps.")
    http_host: str = _setting("127.0.0.1", _text, "Address the web server listens on.")
    http_port: int = _setting("8080", _port, "TCP port of the web server; 0 takes a free one.")
    public_url: str | None = _setting(
        "", _origin, "Origin that browsers see when a TLS front stands before the hub (https://…)."
    )
    allowed_origins: tuple[str, ...] = _setting(
        "", _origins, "Further origins, comma-separated, whose pages may use the hub with a cookie."
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(
        "",
        _networks,
        "Addresses and networks (CIDR), comma-separated, of the fronts whose X-Forwarded-For is believed.",
    )
    connections_per_address: int = _setting(
        "2000",
        _connections,
        "Connections one address may have at once, and requests one behind a trusted front; a county may share one.",
    )
    metrics: str = _setting(
        "local",
        _audience,
        "Who may read /metrics and what /readyz says of parts: local, this machine without a front; open, all.",
    )
    metrics_token: str | None = _setting(
        "", _optional, "Bearer token with which /metrics may be read from elsewhere; empty: with none."
    )
    media_host: tuple[str, ...] = _setting(
        "127.0.0.1", _some_words, "Addresses, comma-separated, at which clients reach the media node."
    )
    media_bind: str = _setting(
        "",
        _text,
        "Address the media node's UDP port is bound to (`::`: all, IPv4 too); empty: media_host if this machine's, else all.",
    )
    media_port: int = _setting(
        "8082",
        _port,
        "UDP port of the media node, further nodes of `hub serve` take those after it; 0 takes free ones.",
    )
    relay_host: tuple[str, ...] = _setting(
        "127.0.0.1,::1",
        _some_words,
        "Addresses, comma-separated, at which nodes reach the recorder's UDP port; it is bound to those that this machine has.",
    )
    relay_port: int = _setting("0", _port, "UDP port of the recorder; 0 takes a free one.")
    node_id: str = _setting("node-1", _text, "Name of this media node; each node needs its own.")
    node_region: str = _setting(
        "", _region, "First digits of the codes of the centers this node is there for; empty: all."
    )
    node_host: str = _setting(
        "", _text, "Address at which other nodes reach this one; empty: the first of HUB_MEDIA_HOST."
    )
    publisher_mbps: float = _setting(
        "12",
        _mbps,
        "What one camera or screen may send in Mbit/s, all its layers together; beyond it, it is dropped.",
    )
    nodes: int = _setting("1", _nodes, "Media nodes that `hub serve` starts, one for each core to use.")
    recordings_dir: Path = _setting("{data_dir}/recordings", _path, "Folder of the recorded files.")
    disk_reserve_mb: int = _setting(
        "256",
        _megabytes,
        "Room to be left free, in MiB: with less the recorder writes nothing more, and pages are told.",
    )
    objects_dir: Path = _setting(
        "{data_dir}/objects", _path, "Folder of uploads and, unless they stand in S3, of objects."
    )
    objects_s3_url: str | None = _setting(
        "",
        _s3_url,
        "Endpoint of an S3-compatible storage for objects (https://…); empty: they stand in the folder.",
    )
    objects_s3_bucket: str = _setting("", _text, "Bucket there, the hub's own.")
    objects_s3_region: str = _setting("us-east-1", _text, "Region of the bucket.")
    objects_s3_key: str = _setting("", _text, "Access key of the storage.")
    objects_s3_secret: str = _setting("", _text, "Secret key of the storage.")
    object_mb: int = _setting("512", _some_megabytes, "Largest object, in MiB.")
    objects_day_mb: int = _setting(
        "4096", _some_megabytes, "What one account may upload within 24 h, in MiB."
    )
    objects_total_mb: int = _setting("102400", _some_megabytes, "What all objects may take together, in MiB.")
    objects_grace_h: int = _setting(
        "24",
        _hours,
        "Hours after which an upload that stands still, and an object that no entry names, are taken away.",
    )
    database_url: str = _setting(
        "sqlite:///{data_dir}/hub.db",
        _database_url,
        "Database: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    redis_url: str | None = _setting(
        "", _redis_url, "Redis that fans live updates out over several front processes; empty for none."
    )
    link_url: str = _setting(
        "http://{reach}:{http_port}/link", _http_url, "Where nodes and the recorder reach control."
    )
    link_key: str | None = _setting(
        "", _optional, "Key of the link; empty: kept in link.key in the data folder, made when missing."
    )
    embedded: bool = _setting(
        "true", _truth, "Whether `hub serve` starts a media node and the recorder itself."
    )
    orphan_timeout_s: float = _setting(
        "3600", _seconds, "How long a node or recorder works on without control before it stops, in seconds."
    )
    session_days: int = _setting("30", _days, "Days after which a sign-in ends by itself.")
    web_dir: Path = _setting("{pages}", _path, "Folder of the built pages.")
    log_level: str = _setting("INFO", _level, "DEBUG, INFO, WARNING or ERROR.")


@dataclass(frozen=True, slots=True)
class SettingInfo:
    """One line of the table of settings, for people."""

    name: str
    default: str
    says: str


def settings() -> list[SettingInfo]:
    """The table of settings, in order: name in the environment, default as written, meaning."""
    shown = {
        "{reach}": "127.0.0.1",
        "{http_port}": "8080",
        "{pages}": "clients/web/dist",
        "{data_dir}": "data",
    }
    table = [SettingInfo(FILE_SETTING, "", "TOML file with the settings below, in lower case without HUB_.")]
    for item in fields(Config):
        default = item.metadata["default"]
        for word, meaning in shown.items():
            default = default.replace(word, meaning)
        table.append(SettingInfo(PREFIX + item.name.upper(), default, item.metadata["says"]))
    return table


def render_help() -> str:
    """The table of settings as plain text, for ``hub --help``."""
    lines = []
    for info in settings():
        default = f" [{info.default}]" if info.default else ""
        lines.append(f"  {info.name:<22} {info.says}{default}")
    return "\n".join(lines)


def render_markdown() -> str:
    """The table of settings for docs/operations.md."""
    rows = [f"| `{i.name}` | {f'`{i.default}`' if i.default else '–'} | {i.says} |" for i in settings()]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The settings of this process: the environment over the file named by HUB_CONFIG over the defaults.

    Raises ConfigError, whose message names the setting.
    """
    given = os.environ if environ is None else environ
    from_file = _read_file(given[FILE_SETTING]) if given.get(FILE_SETTING) else {}
    values: dict[str, Any] = {}
    for item in fields(Config):
        env_name = PREFIX + item.name.upper()
        if env_name in given:
            text, source = given[env_name], env_name
        elif item.name in from_file:
            text, source = from_file[item.name], f"{item.name} in {given[FILE_SETTING]}"
        else:
            text, source = _default(item.metadata["default"], values), env_name
        try:
            values[item.name] = item.metadata["parse"](text.strip())
        except ValueError as problem:
            raise ConfigError(f"{source} {problem}; it is {text!r}") from None
    config = Config(**values)
    require_ports(config)
    if config.objects_s3_url:
        for name in ("bucket", "region", "key", "secret"):
            if not getattr(config, f"objects_s3_{name}"):
                raise ConfigError(
                    f"{PREFIX}OBJECTS_S3_{name.upper()} must be set with {PREFIX}OBJECTS_S3_URL"
                )
    return config


def require_ports(config: Config) -> None:
    """Raises ConfigError when there are not as many UDP ports from the first on as there are nodes."""
    if config.media_port + config.nodes - 1 > 65535:
        raise ConfigError(f"HUB_MEDIA_PORT {config.media_port} leaves no ports for {config.nodes} nodes")


def _default(text: str, values: Mapping[str, Any]) -> str:
    if "{" not in text:
        return text
    host = str(values.get("http_host", ""))
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104
    reach = everywhere.get(host, f"[{host}]" if ":" in host else host)
    pages = Path(__file__).resolve().parent.parent / "clients" / "web" / "dist"
    return text.format_map({**values, "reach": reach, "pages": pages})


def _read_file(name: str) -> dict[str, str]:
    try:
        with open(name, "rb") as file:
            table = tomllib.load(file)
    except OSError as problem:
        raise ConfigError(f"{FILE_SETTING}: {name} cannot be read ({problem.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{FILE_SETTING}: {name} is not TOML ({problem})") from None
    known = {item.name for item in fields(Config)}
    texts: dict[str, str] = {}
    for key, value in table.items():
        if key not in known:
            raise ConfigError(f"{FILE_SETTING}: {name} sets {key}, which is no setting")
        if isinstance(value, bool):
            texts[key] = str(value).lower()
        elif isinstance(value, list) and all(isinstance(word, str) for word in value):
            texts[key] = ",".join(value)
        elif isinstance(value, str | int | float):
            texts[key] = str(value)
        else:
            raise ConfigError(f"{key} in {name} must be a text, a number, true, false or a list of texts")
    return texts


def link_key(config: Config) -> str:
    """The key of the link: the setting, else the file ``link.key`` in the data folder (see `kept_key`)."""
    return config.link_key or kept_key(config, "link.key", f"delete it, or set {PREFIX}LINK_KEY")


def kept_key(config: Config, name: str, remedy: str = "delete it") -> str:
    """The secret in the file `name` of the data folder, mode 600; made when it is missing.

    Raises ConfigError, with the remedy, when the file is empty or cannot be read or made.
    """
    path = config.data_dir / name
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
        key = path.read_text().strip()
    except OSError as problem:
        raise ConfigError(f"{path} cannot be used ({problem.strerror})") from None
    if not key:
        raise ConfigError(f"{path} is empty; {remedy}")
    return key
