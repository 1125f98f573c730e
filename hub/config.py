"""Settings: one table of what can be set, read from the environment and an optional TOML file."""

# ruff: noqa: RUF009 - the defaults of Config are dataclass fields, made by one function

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Final

from hub import setting_values as written

PREFIX: Final = "HUB_"
#: Names the TOML file; the one setting that cannot stand in it.
FILE_SETTING: Final = "HUB_CONFIG"


class ConfigError(Exception):
    """A setting that cannot be used; the message names it and says what it should be."""


def _setting(default: str, parse: Callable[[str], Any], says: str) -> Any:
    """A field of Config: its default as it would be written, how it is read, and what it is for."""
    return field(metadata={"default": default, "parse": parse, "says": says})


@dataclass(frozen=True, slots=True)
class Config:
    """All settings, checked. A field `http_port` is set by ``HUB_HTTP_PORT`` or ``http_port`` in the file."""

    data_dir: Path = _setting("data", written.path, "Folder of everything the hub keeps.")
    http_host: str = _setting("127.0.0.1", written.text, "Address the web server listens on.")
    http_port: int = _setting("8080", written.port, "TCP port of the web server; 0 takes a free one.")
    public_url: str | None = _setting(
        "", written.origin, "Origin that browsers see when a TLS front stands before the hub (https://…)."
    )
    allowed_origins: tuple[str, ...] = _setting(
        "", written.origins, "Further origins, comma-separated, whose pages may use the hub with a cookie."
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = _setting(
        "",
        written.networks,
        "Addresses and networks (CIDR), comma-separated, of the fronts whose X-Forwarded-For is believed.",
    )
    camera_networks: tuple[IPv4Network | IPv6Network, ...] = _setting(
        "",
        written.networks,
        "Addresses and networks (CIDR), comma-separated, in which cameras may be dialled; "
        "empty: none, and no gateway is started.",
    )
    camera_looks_a_minute: int = _setting(
        "60", written.pace, "Cameras that are looked at a minute, whether they have a picture; 0: none."
    )
    camera_looks_h: int = _setting(
        "6", written.hours, "Hours after which a camera is looked at again, where the pace allows it."
    )
    camera_transcodes: int = _setting(
        "",
        written.transcodes,
        "Cameras that are transcoded at once because no browser, or that of a viewer, shows what they send; "
        "empty: one for each two cores of the machine; 0: none.",
    )
    registry_days: int = _setting(
        "365",
        written.days,
        "Days after which who left, and older states of households, are deleted from the registry for good.",
    )
    connections_per_address: int = _setting(
        "2000",
        written.connections,
        "Connections one address may have at once, and requests one behind a trusted front; a county may share one.",
    )
    metrics: str = _setting(
        "local",
        written.audience,
        "Who may read /metrics and what /readyz says of parts: local, this machine without a front; open, all.",
    )
    metrics_token: str | None = _setting(
        "", written.optional, "Bearer token with which /metrics may be read from elsewhere; empty: with none."
    )
    media_host: tuple[str, ...] = _setting(
        "127.0.0.1", written.some_words, "Addresses, comma-separated, at which clients reach the media node."
    )
    media_bind: str = _setting(
        "",
        written.text,
        "Address the media node's UDP port is bound to (`::`: all, IPv4 too); empty: media_host if this machine's, else all.",
    )
    media_port: int = _setting(
        "8082",
        written.port,
        "UDP port of the media node, further nodes of `hub serve` take those after it; 0 takes free ones.",
    )
    relay_host: tuple[str, ...] = _setting(
        "127.0.0.1,::1",
        written.some_words,
        "Addresses, comma-separated, at which nodes reach the recorder's UDP port; it is bound to those that this machine has.",
    )
    relay_port: int = _setting("0", written.port, "UDP port of the recorder; 0 takes a free one.")
    turn: str = _setting(
        "off",
        written.turn,
        "Relay (coturn) for networks that block UDP: off; here, `hub serve` runs it; there, `hub turn` runs it elsewhere.",
    )
    turn_host: tuple[str, ...] = _setting(
        "",
        written.words,
        "Names or addresses, comma-separated, at which clients reach the relay; empty: those of HUB_MEDIA_HOST.",
    )
    turn_port: int = _setting("3478", written.some_port, "UDP and TCP port of the relay.")
    turn_tls_port: int = _setting("5349", written.port, "TLS port of the relay; 0 for none.")
    turn_cert: str = _setting(
        "", written.text, "File with the relay's certificate and chain (PEM); empty: no TLS."
    )
    turn_key: str = _setting("", written.text, "File with the certificate's key (PEM).")
    turn_urls: tuple[str, ...] = _setting(
        "",
        written.turn_urls,
        "What clients are told of the relay, comma-separated (turns:turn.example.org:443); empty: by host and ports.",
    )
    turn_secret: str | None = _setting(
        "",
        written.optional,
        "Secret of hub and relay; empty: kept in turn.key in the data folder, made when missing.",
    )
    turn_peers: tuple[str, ...] = _setting(
        "",
        written.words,
        "Addresses, comma-separated, of the media nodes, which is all the relay reaches; empty: those of HUB_MEDIA_HOST.",
    )
    turn_relay_ports: tuple[int, int] = _setting(
        "49160-50183",
        written.ports,
        "UDP ports from which the relay sends to the media nodes, one for each way in use.",
    )
    node_id: str = _setting("node-1", written.text, "Name of this media node; each node needs its own.")
    node_region: str = _setting(
        "", written.region, "First digits of the codes of the centers this node is there for; empty: all."
    )
    node_host: str = _setting(
        "", written.text, "Address at which other nodes reach this one; empty: the first of HUB_MEDIA_HOST."
    )
    gateway_id: str = _setting(
        "gateway-1", written.text, "Name of this gateway of cameras; each gateway needs its own."
    )
    gateway_port: int = _setting(
        "0", written.port, "UDP port from which the gateway sends to the media nodes; 0: any free one."
    )
    publisher_mbps: float = _setting(
        "12",
        written.mbps,
        "What one camera or screen may send in Mbit/s, all its layers together; beyond it, it is dropped.",
    )
    time_zone: str = _setting(
        "Asia/Shanghai",
        written.zone,
        "Time zone of the city: what calendar files are written in, when days and years begin.",
    )
    nodes: int = _setting(
        "1", written.nodes, "Media nodes that `hub serve` starts, one for each core to use."
    )
    recordings_dir: Path = _setting("{data_dir}/recordings", written.path, "Folder of the recorded files.")
    made_dir: Path = _setting(
        "{data_dir}/made", written.path, "Folder of films and whatever else is made of recordings."
    )
    jobs: int = _setting(
        "1",
        written.cores,
        "Jobs (films and other long work) that run at once, a core each, after everything else.",
    )
    films: str = _setting(
        "wish",
        written.films,
        "Which recorded meetings a film is made of: wish, when asked; all, each of them.",
    )
    voices: str = _setting(
        "all",
        written.voices,
        "In which recorded meetings it is found who speaks when: all, after they ended; none.",
    )
    recogniser: tuple[str, ...] = _setting(
        "", written.command, "Command that writes down what is said in a WAV; empty: nothing is written down."
    )
    recogniser_model: Path | None = _setting(
        "", written.maybe_path, "Folder of its model, told to it as RECOGNISER_MODEL."
    )
    disk_reserve_mb: int = _setting(
        "256",
        written.megabytes,
        "Room to be left free, in MiB: with less the recorder writes nothing more, and pages are told.",
    )
    recordings_warn_mb: int = _setting(
        "20480",
        written.megabytes,
        "With less room for recordings, in MiB, desks and administrators are told.",
    )
    recordings_refuse_mb: int = _setting(
        "2048",
        written.megabytes,
        "With less room for recordings, in MiB, no new recording begins; those that run go on down to the reserve.",
    )
    scan_mb_s: int = _setting(
        "4",
        written.megabytes,
        "Pace in MiB/s at which recorded files and objects are read again and held against their digests; 0: not at all.",
    )
    scan_days: int = _setting("30", written.days, "Days after which each of them is due to be read again.")
    objects_dir: Path = _setting(
        "{data_dir}/objects", written.path, "Folder of uploads and, unless they stand in S3, of objects."
    )
    objects_s3_url: str | None = _setting(
        "",
        written.s3_url,
        "Endpoint of an S3-compatible storage for objects (https://…); empty: they stand in the folder.",
    )
    objects_s3_bucket: str = _setting("", written.text, "Bucket there, the hub's own.")
    objects_s3_region: str = _setting("us-east-1", written.text, "Region of the bucket.")
    objects_s3_key: str = _setting("", written.text, "Access key of the storage.")
    objects_s3_secret: str = _setting("", written.text, "Secret key of the storage.")
    object_mb: int = _setting("512", written.some_megabytes, "Largest object, in MiB.")
    objects_day_mb: int = _setting(
        "4096", written.some_megabytes, "What one account may upload within 24 h, in MiB."
    )
    objects_total_mb: int = _setting(
        "102400", written.some_megabytes, "What all objects may take together, in MiB."
    )
    objects_grace_h: int = _setting(
        "24",
        written.hours,
        "Hours after which an upload that stands still, and an object that no entry names, are taken away.",
    )
    copies_s3_url: str | None = _setting(
        "",
        written.s3_url,
        "Endpoint of an S3-compatible storage for the second copy of recordings, films and objects; empty: there is none.",
    )
    copies_s3_bucket: str = _setting("", written.text, "Bucket there, for the second copy alone.")
    copies_s3_region: str = _setting("us-east-1", written.text, "Region of that bucket.")
    copies_s3_key: str = _setting("", written.text, "Access key of that storage.")
    copies_s3_secret: str = _setting("", written.text, "Secret key of that storage.")
    copies_mb_s: int = _setting(
        "8",
        written.megabytes,
        "Pace in MiB/s at which files are sent there and read back; 0: as fast as it goes.",
    )
    copies_days: int = _setting(
        "90", written.days, "Days after which what stands there is read back and verified again."
    )
    release_days: int | None = _setting(
        "",
        written.maybe_days,
        "Days after which recorded files go from this machine, once their second copy was verified again; empty: never.",
    )
    backup_dir: Path = _setting(
        "{data_dir}/backups",
        written.path,
        "Folder of the hub's own backups; best on another disk, or on another machine.",
    )
    backup_hour: int | None = _setting(
        "",
        written.hour,
        "Hour of the day, 0 to 23, at which a backup is made; empty: none is made by itself.",
    )
    backup_keep: int = _setting(
        "14", written.count, "Backups made by the clock that are kept; older ones are taken away."
    )
    checkpoints_url: str | None = _setting(
        "",
        written.receiver_url,
        "Where the journal's signed checkpoints are sent (`hub checkpoints receive` on another machine); empty: nowhere.",
    )
    checkpoints_token: str | None = _setting("", written.optional, "Bearer token of that receiver.")
    checkpoints_dir: Path | None = _setting(
        "",
        written.optional_path,
        "Folder, best lent by another machine, in which checkpoints are kept besides; it must be there; empty: none.",
    )
    checkpoints_alarm_min: int = _setting(
        "15", written.minutes, "Minutes after which checkpoints that could not be sent are an alarm."
    )
    database_url: str = _setting(
        "sqlite:///{data_dir}/hub.db",
        written.database_url,
        "Database: sqlite:///FILE or postgresql://USER@HOST/NAME.",
    )
    redis_url: str | None = _setting(
        "",
        written.redis_url,
        "Redis that fans live updates out over several front processes; empty for none.",
    )
    link_url: str = _setting(
        "http://{reach}:{http_port}/link", written.http_url, "Where nodes and the recorder reach control."
    )
    link_key: str | None = _setting(
        "",
        written.optional,
        "Key of the link; empty: kept in link.key in the data folder, made when missing.",
    )
    embedded: bool = _setting(
        "true", written.truth, "Whether `hub serve` starts a media node and the recorder itself."
    )
    orphan_timeout_s: float = _setting(
        "3600",
        written.seconds,
        "How long a node or recorder works on without control before it stops, in seconds.",
    )
    alarm_escalate_s: float = _setting(
        "300",
        written.seconds,
        "Seconds that an alarm waits at each level to be acknowledged before it is escalated to the one above.",
    )
    session_days: int = _setting("30", written.days, "Days after which a sign-in ends by itself.")
    web_dir: Path = _setting("{pages}", written.path, "Folder of the built pages.")
    log_level: str = _setting("INFO", written.level, "DEBUG, INFO, WARNING or ERROR.")


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
    _require_storage(config)
    if config.turn_cert and not (config.turn_key and config.turn_tls_port):
        raise ConfigError("HUB_TURN_KEY and HUB_TURN_TLS_PORT must be set with HUB_TURN_CERT")
    return config


def _require_storage(config: Config) -> None:
    """Raises ConfigError for a storage of which not all is said, and for a second copy that is none."""
    for what in ("objects", "copies"):
        for name in ("bucket", "region", "key", "secret"):
            if getattr(config, f"{what}_s3_url") and not getattr(config, f"{what}_s3_{name}"):
                field_name = f"{PREFIX}{what.upper()}_S3"
                raise ConfigError(f"{field_name}_{name.upper()} must be set with {field_name}_URL")
    if not config.copies_s3_url:
        if config.release_days is not None:
            raise ConfigError(f"{PREFIX}COPIES_S3_URL must be set with {PREFIX}RELEASE_DAYS")
    elif (config.copies_s3_url, config.copies_s3_bucket) == (config.objects_s3_url, config.objects_s3_bucket):
        raise ConfigError(f"{PREFIX}COPIES_S3_BUCKET must be another bucket than that of the objects")


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
