"""The schemas say what the hub says: codes, entries, commands; and the pages' types are fresh."""

from __future__ import annotations

import typing
from pathlib import Path

import pytest

from hub.errors import STATUS
from hub.rules import COMMAND_SCHEMAS, SYSTEM_COMMANDS
from signaling import typescript
from signaling.openapi import document
from signaling.schemas.entries import ENTRY_DATA, Entry, RefusalCode
from signaling.typescript import commands, definitions, generate, main, type_of
from tests.support.rules import CITY, TREE, VILLAGE, World, account


def test_every_refusal_code_is_in_the_schema() -> None:
    assert set(typing.get_args(RefusalCode.__value__)) == {*STATUS, "internal"}


def test_entries_that_rules_make_fit_their_schemas() -> None:
    world = World()
    leader, village = account("leader", CITY), account("station", VILLAGE)
    opened = world.do(leader, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE])
    meeting = opened[0].meeting
    world.do(leader, "meeting.join", meeting)
    world.do(village, "meeting.join", meeting)
    world.do(leader, "participant.mute", meeting, participant=village.id)
    world.do(leader, "participant.unmute", meeting, participant=village.id)
    world.do(leader, "stage.broadcast", meeting, participant=village.id)
    world.do(village, "report.file", meeting, situation="abnormal", text="水位上涨")
    order = world.do(leader, "order.issue", meeting, text="转移", targets=[VILLAGE])[0].data["order"]
    world.do(village, "order.sign", order=order)
    world.do(village, "order.progress", order=order, text="一半", percent=50)
    world.do(village, "order.complete", order=order)
    world.do(leader, "decision.record", meeting, text="三级响应")
    world.do(leader, "note.add", meeting, text="记录")
    world.do(village, "meeting.leave", meeting)
    world.do(leader, "recording.stop", meeting)
    world.do(leader, "recording.start", meeting)
    world.do(village, "meeting.join", meeting)
    world.do(leader, "participant.remove", meeting, participant=village.id)
    world.do(leader, "meeting.end", meeting)
    seen = set()
    for entry in world.entries:
        wire = entry.to_wire()
        Entry.model_validate(wire)
        ENTRY_DATA[entry.kind].model_validate(wire["data"])
        seen.add(entry.kind)
    assert {"meeting.opened", "order.completed", "participant.removed", "recording.stopped"} <= seen
    assert CITY in TREE


def test_clients_see_every_command_but_the_hubs_own() -> None:
    assert set(COMMAND_SCHEMAS) - set(commands()) == SYSTEM_COMMANDS
    assert "recording.part_open" in SYSTEM_COMMANDS


def test_the_generated_types_are_fresh_and_staleness_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check"]) == 0, "run python -m signaling.typescript"
    assert generate() == generate()
    monkeypatch.setattr(typescript, "TARGET", tmp_path / "types.gen.ts")
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / "types.gen.ts").write_text("old")
    assert main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert main(["--what"]) == 2


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "(string | null)[]"),
        ({"enum": ["a", "b"]}, "'a' | 'b'"),
        ({"const": "a"}, "'a'"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "Record<string, number>"),
        ({"type": "object", "additionalProperties": False, "properties": {}}, "Record<string, never>"),
        ({"$ref": "#/$defs/Role"}, "Role"),
    ],
)
def test_a_schema_becomes_its_type(schema: dict[str, object], wanted: str) -> None:
    assert type_of(schema) == wanted


@pytest.mark.parametrize("schema", [{"type": "object", "properties": {"a": {}}}, {"const": 3}, {}])
def test_what_cannot_be_said_in_types_is_an_error_not_a_guess(schema: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"literals|no TypeScript"):
        type_of(schema)


def test_every_reference_of_the_description_leads_somewhere() -> None:
    described = document()
    names = set(described["components"]["schemas"])

    def references(value: object) -> list[str]:
        if isinstance(value, dict):
            own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
            return own + [each for inner in value.values() for each in references(inner)]
        if isinstance(value, list):
            return [each for inner in value for each in references(inner)]
        return []

    found = references(described)
    assert found
    assert {reference.rpartition("/")[2] for reference in found} <= names
    assert set(definitions()) <= names
