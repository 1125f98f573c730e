"""Settings: where they come from, which comes first, and that a bad one is named."""

from __future__ import annotations

import stat
from dataclasses import fields
from pathlib import Path

import pytest

from hub.config import Config, ConfigError, link_key, load, render_help, render_markdown, settings


def test_without_any_setting_one_machine_is_served_from_one_folder() -> None:
    config = load({})
    assert config.data_dir.is_absolute()
    assert config.database_url == f"sqlite:///{config.data_dir}/hub.db"
    assert config.recordings_dir == config.data_dir / "recordings"
    assert config.link_url == "http://127.0.0.1:8080/link"
    assert (config.http_port, config.media_port, config.embedded) == (8080, 8082, True)
    assert config.media_host == ("127.0.0.1",)
    assert config.redis_url is None


def test_the_environment_comes_before_the_file_and_the_file_before_the_default(tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(
        'http_port = 9000\nhttp_host = "0.0.0.0"\nembedded = false\nmedia_host = ["10.0.0.1", "::1"]\n'
    )
    config = load({"HUB_CONFIG": str(file), "HUB_HTTP_PORT": "9001"})
    assert config.http_port == 9001
    assert config.http_host == "0.0.0.0"
    assert config.embedded is False
    assert config.media_host == ("10.0.0.1", "::1")
    assert config.link_url == "http://127.0.0.1:9001/link"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_HTTP_PORT", "http"),
        ("HUB_HTTP_PORT", "65536"),
        ("HUB_HTTP_PORT", "٣"),
        ("HUB_MEDIA_HOST", " , "),
        ("HUB_EMBEDDED", "perhaps"),
        ("HUB_ORPHAN_TIMEOUT_S", "nan"),
        ("HUB_ORPHAN_TIMEOUT_S", "-1"),
        ("HUB_DATABASE_URL", "mysql://x"),
        ("HUB_REDIS_URL", "http://x"),
        ("HUB_PUBLIC_URL", "hub.example.org"),
        ("HUB_PUBLIC_URL", "https://hub.example.org/path"),
        ("HUB_PUBLIC_URL", "https://hub.example.org/#x"),
        ("HUB_LINK_URL", "nowhere"),
        ("HUB_LOG_LEVEL", "LOUD"),
        ("HUB_DATA_DIR", ""),
        ("HUB_SESSION_DAYS", "0"),
        ("HUB_PUBLISHER_MBPS", "0"),
        ("HUB_PUBLISHER_MBPS", "much"),
        ("HUB_TRUSTED_PROXIES", "caddy"),
        ("HUB_TRUSTED_PROXIES", "10.0.0.1/8"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({name: value})


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("colour = 1", "colour"),
        ("http_port = {}", "http_port"),
        ("http_port = 'x'", "http_port"),
        ("=", "TOML"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(content)
    with pytest.raises(ConfigError, match=named):
        load({"HUB_CONFIG": str(file)})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nothing\.toml"):
        load({"HUB_CONFIG": str(tmp_path / "nothing.toml")})


def test_every_setting_is_documented_once() -> None:
    names = [info.name for info in settings()]
    assert names == ["HUB_CONFIG", *(f"HUB_{item.name.upper()}" for item in fields(Config))]
    assert len(set(names)) == len(names)
    for info in settings():
        assert info.name in render_help()
        assert f"`{info.name}`" in render_markdown()
        assert info.says.endswith(".")
    assert "{" not in render_help()


def test_the_link_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    config = load({"HUB_DATA_DIR": str(tmp_path / "new")})
    key = link_key(config)
    assert len(key) >= 32
    assert link_key(config) == key
    assert stat.S_IMODE((tmp_path / "new" / "link.key").stat().st_mode) == 0o600
    assert link_key(load({"HUB_DATA_DIR": str(tmp_path), "HUB_LINK_KEY": "given"})) == "given"


def test_fronts_are_named_by_address_or_network() -> None:
    config = load({"HUB_TRUSTED_PROXIES": "127.0.0.1, 172.30.77.0/24,fd00::/8"})
    assert [str(each) for each in config.trusted_proxies] == ["127.0.0.1/32", "172.30.77.0/24", "fd00::/8"]


def test_an_empty_link_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link.key").write_text("")
    with pytest.raises(ConfigError, match="empty"):
        link_key(load({"HUB_DATA_DIR": str(tmp_path)}))


def test_nodes_need_a_port_each() -> None:
    assert load({"HUB_NODES": "4", "HUB_MEDIA_PORT": "65532"}).nodes == 4
    assert load({"HUB_NODES": "4", "HUB_MEDIA_PORT": "0"}).media_port == 0
    with pytest.raises(ConfigError, match="HUB_MEDIA_PORT"):
        load({"HUB_NODES": "5", "HUB_MEDIA_PORT": "65532"})


@pytest.mark.parametrize(
    ("name", "value"), [("HUB_NODES", "0"), ("HUB_NODES", "65"), ("HUB_NODE_REGION", "43a")]
)
def test_settings_of_nodes_that_cannot_be_are_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({name: value})


def test_a_hub_below_a_path_of_a_front_is_refused_with_the_reason() -> None:
    with pytest.raises(ConfigError, match="cannot live below a path"):
        load({"HUB_PUBLIC_URL": "https://front.example.org/lianxian/"})
    assert load({"HUB_PUBLIC_URL": "https://hub.example.org/"}).public_url == "https://hub.example.org"
