"""The relay: what it is told to refuse, what clients are told of it, and that its secret stays where it is."""

from __future__ import annotations

import base64
import hashlib
import hmac
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hub.config import Config, ConfigError, load
from hub.turn import Turn, nameless_tls, peers_of, settings_text, turn_of, turn_urls, write_settings
from hub.turn_process import LINES_AT_ONCE, Paced

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def config(folder: Path, **more: str) -> Config:
    return load({"HUB_DATA_DIR": str(folder), "HUB_TURN": "here", "HUB_MEDIA_HOST": "203.0.113.7", **more})


def test_keys_are_made_as_the_relay_makes_them_and_hold_an_hour() -> None:
    keys = Turn(("turn:hub:3478",), "secret").credentials("a_0001", NOW)
    assert keys.username == f"{int(NOW.timestamp()) + 3600}:a_0001"
    expected = hmac.new(b"secret", keys.username.encode(), hashlib.sha1).digest()
    assert base64.b64decode(keys.credential) == expected
    assert (keys.expires_at - NOW).total_seconds() == 3600


def test_secrets_do_not_show(tmp_path: Path) -> None:
    turn = turn_of(config(tmp_path, HUB_TURN_SECRET="the secret"))
    assert turn is not None
    keys = turn.credentials("a_0001", NOW)
    assert "the secret" not in repr(turn)
    assert keys.credential not in repr(keys)


def test_clients_are_told_of_every_way_the_cheapest_first(tmp_path: Path) -> None:
    assert turn_urls(config(tmp_path, HUB_TURN_HOST="hub.example.org,2001:db8::7")) == (
        "turn:hub.example.org:3478?transport=udp",
        "turn:[2001:db8::7]:3478?transport=udp",
        "turn:hub.example.org:3478?transport=tcp",
        "turn:[2001:db8::7]:3478?transport=tcp",
    )
    by_tls = config(tmp_path, HUB_TURN_CERT="/c.pem", HUB_TURN_KEY="/k.pem", HUB_TURN_TLS_PORT="443")
    assert turn_urls(by_tls)[-1] == "turns:203.0.113.7:443?transport=tcp"
    given = "turns:turn.example.org:443?transport=tcp"
    assert turn_urls(config(tmp_path, HUB_TURN_URLS=given)) == (given,)
    assert turn_of(load({"HUB_DATA_DIR": str(tmp_path)})) is None


@pytest.mark.parametrize(
    ("more", "nameless"),
    [
        ({}, ()),
        (
            {"HUB_TURN_CERT": "/c.pem", "HUB_TURN_KEY": "/k.pem"},
            ("turns:203.0.113.7:5349?transport=tcp",),
        ),
        (
            {
                "HUB_TURN_CERT": "/c.pem",
                "HUB_TURN_KEY": "/k.pem",
                "HUB_TURN_HOST": "turn.example.org,2001:db8::7",
            },
            ("turns:[2001:db8::7]:5349?transport=tcp",),
        ),
        ({"HUB_TURN_URLS": "turn:203.0.113.7:3478,turns:turn.example.org:443"}, ()),
        ({"HUB_TURN": "off", "HUB_TURN_URLS": "turns:203.0.113.7"}, ()),
        ({"HUB_TURN_URLS": "turns:203.0.113.7"}, ("turns:203.0.113.7",)),
        ({"HUB_TURN_URLS": "turns:[::1]"}, ("turns:[::1]",)),
    ],
)
def test_tls_without_a_name_is_known(tmp_path: Path, more: dict[str, str], nameless: tuple[str, ...]) -> None:
    assert nameless_tls(config(tmp_path, **more)) == nameless


def test_the_relay_is_told_to_refuse_everything_but_the_media_nodes(tmp_path: Path) -> None:
    lines = settings_text(config(tmp_path, HUB_TURN_PEERS="203.0.113.7,2001:db8::7"), tmp_path).splitlines()
    assert [line for line in lines if line.startswith("allowed-peer-ip")] == [
        "allowed-peer-ip=203.0.113.7",
        "allowed-peer-ip=2001:db8::7",
    ]
    for needed in (
        "denied-peer-ip=0.0.0.0-255.255.255.255",
        "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "allocation-default-address-family=keep",
        "use-auth-secret",
        "no-multicast-peers",
        "no-tcp-relay",
        "no-cli",
        "no-tls",
        "user-quota=24",
        "total-quota=1024",
        "max-bps=3000000",
    ):
        assert needed in lines
    assert not any("loopback" in line for line in lines)


def test_a_certificate_opens_tls(tmp_path: Path) -> None:
    lines = settings_text(config(tmp_path, HUB_TURN_CERT="/c.pem", HUB_TURN_KEY="/k.pem"), tmp_path)
    assert "tls-listening-port=5349\ncert=/c.pem\npkey=/k.pem\n" in lines
    with pytest.raises(ConfigError, match="HUB_TURN_KEY"):
        config(tmp_path, HUB_TURN_CERT="/c.pem")


def test_the_loopback_is_never_reached(tmp_path: Path) -> None:
    assert peers_of(config(tmp_path, HUB_MEDIA_HOST="127.0.0.1,203.0.113.7,::1")) == ["203.0.113.7"]
    with pytest.raises(ConfigError, match="HUB_MEDIA_HOST"):
        peers_of(config(tmp_path, HUB_MEDIA_HOST="127.0.0.1"))


def test_what_it_is_started_with_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = write_settings(config(tmp_path))
    path.chmod(0o644)
    assert write_settings(config(tmp_path)) == path, "written anew at each start"
    for file in (path, tmp_path / "turn.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (tmp_path / "turn.key").read_text().strip() in path.read_text()


def test_a_flood_of_wrong_keys_does_not_fill_the_disk() -> None:
    paced = Paced()
    written = [line for n in range(100_000) for line in paced.take(f"ERROR {n}", n / 10_000)]
    assert len(written) < LINES_AT_ONCE + 30
    assert any("were left out" in line for line in written)
    assert paced.take("CLOSE", 100.0)[-1] == "CLOSE"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_TURN", "yes"),
        ("HUB_TURN_PORT", "0"),
        ("HUB_TURN_RELAY_PORTS", "5000"),
        ("HUB_TURN_RELAY_PORTS", "5000-4000"),
        ("HUB_TURN_URLS", "https://hub.example.org"),
        ("HUB_TURN_URLS", 'turn:hub:3478>; rel="x"'),
    ],
)
def test_settings_that_cannot_be_are_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({name: value})
