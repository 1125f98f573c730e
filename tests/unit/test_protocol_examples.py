"""docs/protocol-examples.md: every block fits the schema that it names, and every schema of a call has one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from signaling.openapi import document
from signaling.operations import OPERATIONS
from signaling.typescript import commands

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "protocol-examples.md").read_text()
BLOCKS = [
    (name, json.loads(body)) for name, body in re.findall(r"```json (\w+)\n(.*?)\n```", TEXT, re.DOTALL)
]


@pytest.mark.parametrize(
    ("name", "example"), BLOCKS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(BLOCKS)]
)
def test_an_example_fits_its_schema(name: str, example: object) -> None:
    described = document()
    assert name in described["components"]["schemas"]
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    jsonschema.Draft202012Validator(schema).validate(example)


def test_every_call_and_event_has_an_example() -> None:
    shown = {name for name, _ in BLOCKS}
    bodies = {name for operation in OPERATIONS for name in (operation.answer, operation.body)}
    wanted = {name for name in bodies if name is not None and "/" not in name} - {"OpenApi", "Alive"}
    wanted |= {"Follow", "Unfollow", "Select", "Turn", "Device", "Followed", "Hello", "Entry"}
    wanted |= {"PartEvent", "CanEvent", "ChangedEvent"}
    wanted |= {"CentersPresenceEvent", "MeetingPresenceEvent", "SlotsEvent", "SourcesEvent", "LevelsEvent"}
    wanted |= {"QualityEvent", "DownlinkEvent", "TilesEvent", "LayersEvent", "PauseEvent"}
    wanted |= {"RecordingEvent", "HubEvent"}
    wanted |= {"BroughtEvent", "DroppedEvent", "TurningEvent", "ClosedEvent", "SessionEndedEvent"}
    assert wanted <= shown
    kinds = {example["kind"] for name, example in BLOCKS if name == "AnyCommand"}
    assert kinds == set(commands())
