"""Lists of docs/protocol.md that the rules know: commands, entries, parts, rights."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from hub import rules
from hub.directory import permissions
from hub.directory.accounts import ADMINISTRATORS
from hub.directory.permissions import ACTIONS, RELATIONS, ROLES, TABLE
from hub.parts import Keyed
from hub.rules import FILES, PARTS, SYSTEM_COMMANDS
from hub.ruling import CommandRule
from signaling.described import Described
from signaling.read_rights import READS
from signaling.schemas.entries import ENTRY_DATA
from signaling.typescript import definitions
from tools import shapes
from tools.rule_reach import Reach, reach

_MEETING: Final = {"never": "no", "optional": "may", "always": "yes"}


def commands() -> str:
    """What each command takes, what it brings about, which right it asks for, with what it is refused."""
    rows = []
    for file in FILES:
        for command in file.commands:
            if command.kind in SYSTEM_COMMANDS:
                continue
            schema = command.schema.model_json_schema(schema_generator=Described)
            found = whole_reach(command.decide)
            rows.append(
                (
                    f"`{command.kind}`",
                    _says(command, bool(schema.get("properties"))),
                    _MEETING[command.meeting],
                    shapes.fields(schema),
                    _words(found.entries),
                    _words(found.rights),
                    _words(found.refusals),
                )
            )
    head = ("command", "what it does", "meeting", "data", "may make", "asks for", "refused with")
    return shapes.table(head, rows)


def entries() -> str:
    """What stands in the journal, by kind."""
    rows = []
    for kind, model in ENTRY_DATA.items():
        schema = model.model_json_schema(schema_generator=Described)
        data = shapes.cell(shapes.body(schema)) if schema.get("properties") else ""
        rows.append((f"`{kind}`", f"`{data}`" if data else "–", shapes.says(schema)))
    return shapes.table(("entry", "data", "what it says"), rows)


def parts() -> str:
    """What each file of rules keeps of a meeting, and who is told of it."""
    described = definitions()
    rows = []
    for name, part in PARTS.items():
        schema = described[part.__name__]
        audience = {"meeting": ["all who follow"], "desk": ["desks"], "own": []}[part.audience]
        if issubclass(part, Keyed) and part.own_rows:
            audience.append("each account its own row")
        if issubclass(part, Keyed) and part.own_centers:
            audience.append("each center its own row")
        rows.append(
            (
                f"`{name}`",
                f"`{shapes.cell(shapes.body(schema))}`",
                "; ".join(audience),
                "yes" if part.lasting else "no",
                shapes.says(schema),
            )
        )
    return shapes.table(("part", "value", "told to", "lasts", "what it holds"), rows)


def rights() -> str:
    """The one table of rights: for whose center each role may do what."""
    about = dict(re.findall(r"^\| `([a-z_.]+)` \| (.+) \|$", permissions.__doc__ or "", re.MULTILINE))
    rows = []
    for action in ACTIONS:
        allowed = [_relations(TABLE[action].get(role, frozenset())) for role in ROLES]
        rows.append((f"`{action}`", about.get(action, "–"), *allowed))
    return shapes.table(("right", "about which center", *(role.replace("_", " ") for role in ROLES)), rows)


def reads() -> str:
    """Each read over HTTP, and the rights of which one lets it see something of others."""
    rows = [
        (f"`GET {path}`", ", ".join(f"`{each}`" for each in rights) or "–") for path, rights in READS.items()
    ]
    return shapes.table(("read", "asks for one of"), rows)


def duties() -> str:
    """The duties of the three administrators: every command and every read of which one of them has a right, and how far."""
    asked = [(f"`{kind}`", rights) for kind, rights in command_rights().items()]
    asked += [(f"`GET {path}`", frozenset(rights)) for path, rights in READS.items()]
    rows = []
    for name, rights in asked:
        reaches = [
            frozenset().union(*(TABLE[each].get(role, frozenset()) for each in rights))
            for role in ADMINISTRATORS
        ]
        if any(reaches):
            words = ", ".join(f"`{each}`" for each in sorted(rights))
            rows.append((name, words, *(_relations(each) for each in reaches)))
    head = ("command or read", "asks for one of", *(role.replace("_", " ") for role in ADMINISTRATORS))
    return shapes.table(head, rows)


def command_rights() -> dict[str, frozenset[str]]:
    """Kind of command -> the rights that deciding it asks for."""
    return {
        command.kind: whole_reach(command.decide).rights
        for file in FILES
        for command in file.commands
        if command.kind not in SYSTEM_COMMANDS
    }


def whole_reach(decide: Callable[..., Any]) -> Reach:
    """What a command can lead to, the consequences that other files draw from its entries with it."""
    kinds = frozenset(ENTRY_DATA)
    found = reach(decide, kinds)
    asked: set[str] = set()
    while found.entries - asked:
        kind = min(found.entries - asked)
        asked.add(kind)
        for consequence in _consequences(kind):
            found |= reach(consequence, kinds)
    return found


def _consequences(kind: str) -> list[Callable[..., Any]]:
    """What files of rules draw from a draft of another."""
    maps: list[Mapping[str, Callable[..., Any]]] = []
    for file in rules.FILES:
        maps += [getattr(file, "precedes", {}), getattr(file, "follows", {})]
    return [each[kind] for each in maps if kind in each]


def _says(command: CommandRule, has_data: bool) -> str:
    """What its data says it does, or where there is none the first line of how it is decided."""
    text = (command.schema.__doc__ if has_data else command.decide.__doc__) or "–"
    return shapes.cell(" ".join(text.strip().split("\n\n")[0].split()))


def _relations(allowed: frozenset[str]) -> str:
    if not allowed:
        return "–"
    return (
        "all" if allowed == frozenset(RELATIONS) else ", ".join(each for each in RELATIONS if each in allowed)
    )


def _words(found: frozenset[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(found)) or "–"
