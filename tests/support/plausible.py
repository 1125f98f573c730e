"""Data that a command may well be given, drawn from the schema of the command: what every rule is tried with, unasked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from hub.ruling import CommandData

Json = Mapping[str, Any]

_TIMES = ("2026-11-23T08:00:00Z", "2026-11-23T09:00:00+08:00", "2027-01-01T00:00:00Z")


def plausible(
    schema: type[CommandData], known: Mapping[str, Sequence[str]]
) -> st.SearchStrategy[dict[str, Any]]:
    """Data of this schema. `known`: by the name of a field, the ids and codes that there are; other ids are made up.

    Raises ValueError for a kind of field that no command has yet.
    """
    whole = schema.model_json_schema()
    fields: Json = whole.get("properties", {})
    required = set(whole.get("required", ()))
    made = {name: _value(name, field, whole.get("$defs", {}), known) for name, field in fields.items()}
    return st.fixed_dictionaries(
        {name: each for name, each in made.items() if name in required},
        optional={name: each for name, each in made.items() if name not in required},
    )


def _value(
    name: str, field: Json, models: Json, known: Mapping[str, Sequence[str]]
) -> st.SearchStrategy[Any]:
    if "$ref" in field:
        return _value(name, models[str(field["$ref"]).rpartition("/")[2]], models, known)
    if "anyOf" in field:
        return st.one_of(*(_value(name, each, models, known) for each in field["anyOf"]))
    if "enum" in field:
        return st.sampled_from(field["enum"])
    match field.get("type"):
        case "string":
            return _text(name, field, known)
        case "integer":
            least, most = field.get("minimum", -1000), field.get("maximum", 1_000_000)
            return st.sampled_from((least, most)) | st.integers(least, most)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            item = _value(name, field["items"], models, known)
            return st.lists(
                item, min_size=field.get("minItems", 0), max_size=min(3, field.get("maxItems", 3))
            )
        case "object":
            inner: Json = field.get("properties", {})
            return st.fixed_dictionaries(
                {key: _value(key, each, models, known) for key, each in inner.items()}
            )
    raise ValueError(f"no values for {name}: {field}")


def _text(name: str, field: Json, known: Mapping[str, Sequence[str]]) -> st.SearchStrategy[str]:
    if known.get(name):
        return st.sampled_from(known[name])
    if field.get("format") == "date-time":
        return st.sampled_from(_TIMES)
    if "pattern" in field:
        return st.from_regex(str(field["pattern"]), fullmatch=True)
    return st.sampled_from(("x", "加强巡查")) if field.get("minLength") else st.sampled_from(("", "x"))
