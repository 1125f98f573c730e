"""JSON schemas of the protocol as a person writes them: `{"meeting", "kind": "slots", "video": [text|null]}`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]

_PATTERNS: Final = {
    "^[0-9]{12}$": "center code",
    "^[a-z]_[0-9a-z]{18}$": "id",
    "^[a-z]{1,2}_[0-9a-z]{18}$": "id",
    "^m_[0-9a-z]{18}$": "meeting id",
    "^s_[0-9a-z]{18}$": "session id",
}
#: What `hub.parts.Keyed` says of its rows.
_OF_EVERY_KEYED_PART: Final = "By key."
_PLAIN: Final = {"string": "text", "integer": "number", "number": "number", "boolean": "bool", "null": "null"}


def word(schema: Schema) -> str:
    """The type that a schema means, in a few words. Raises ValueError for what the protocol does not use."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return "|".join(json.dumps(each, ensure_ascii=False) for each in schema["enum"])
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return "|".join(dict.fromkeys(word(each) for each in schema[union]))
    kind = schema.get("type")
    if kind == "string" and "pattern" in schema:
        return _PATTERNS.get(schema["pattern"], "text")
    if kind == "string" and schema.get("format") == "date-time":
        return "time"
    if kind == "array":
        return f"[{word(schema['items'])}]"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"{{text: {word(inner)}}}" if isinstance(inner, Mapping) else "{…}"
    if kind in _PLAIN:
        return _PLAIN[kind]
    raise ValueError(f"no words for {json.dumps(schema)}")


def bounds(schema: Schema) -> str:
    """` 1–100` for what is bounded on both sides, ` ≤ 200` above only, else nothing; of a union its first bounded one."""
    for each in (schema, *schema.get("anyOf", ())):
        for low, high in (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems")):
            if high in each and each.get("format") != "date-time":
                lowest = each.get(low)
                return f" {lowest}–{each[high]}" if lowest is not None else f" ≤ {each[high]}"
    return ""


def fields(schema: Schema) -> str:
    """The fields of a model that somebody sends, with bounds and defaults, for a table."""
    required = set(schema.get("required", ()))
    found = []
    for name, inner in schema.get("properties", {}).items():
        default = "" if name in required else f" = {_default(inner)}"
        found.append(f"`{name}` {word(inner)}{bounds(inner)}{default}")
    return cell(", ".join(found)) or "–"


def body(schema: Schema) -> str:
    """A model that somebody hears, as one JSON shape. A union of models is its members, one after the other."""
    if "properties" not in schema:
        return word(schema)
    required = set(schema.get("required", ()))
    inside = []
    for name, inner in schema["properties"].items():
        mark = "" if name in required else "?"
        kind = word(inner)
        inside.append(f'"{name}"{mark}' if kind == "text" else f'"{name}"{mark}: {kind}')
    return "{" + ", ".join(inside) + "}"


def says(schema: Schema) -> str:
    """What a model says of itself and of its fields, in one paragraph."""
    parts = [" ".join(str(schema.get("description", "")).split())]
    for name, inner in schema.get("properties", {}).items():
        if inner.get("description") not in {None, "", _OF_EVERY_KEYED_PART}:
            parts.append(f"`{name}`: {' '.join(inner['description'].split())}")
    return cell(" ".join(parts))


def cell(text: str) -> str:
    """A text as it may stand in a cell of a table."""
    return text.replace("|", "\\|")


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown; cells are passed as they are to stand."""
    lines = [head, tuple("---" for _ in head), *rows]
    return (
        "\n".join("| " + " | ".join(line) + " |" for line in lines)
        .replace("| --- ", "|---")
        .replace("---|", "---|")
    )


def _default(schema: Schema) -> str:
    if "default" in schema:
        return json.dumps(schema["default"], ensure_ascii=False)
    return {"array": "[]", "object": "{}"}.get(str(schema.get("type")), "null")
