"""JSON schemas whose fields say what they mean: the texts that stand below the fields in the source.

Pydantic can read those texts itself, of every model whenever it is made: a fifth of the start of a hub, which tells them to
nobody but who asks for its OpenAPI document. Here they are read when a schema is made, a file at a time.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class Described(GenerateJsonSchema):
    """Makes schemas as pydantic does, with the texts of the fields that have no description of their own."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """See GenerateJsonSchema."""
        found = super().model_schema(schema)
        for name, text in texts_of(schema["cls"]).items():
            if name in found.get("properties", {}):
                found["properties"][name].setdefault("description", text)
        return found


def texts_of(model: type[BaseModel]) -> dict[str, str]:
    """What stands below the fields of a model, those it has from others included. Raises OSError without the source."""
    texts: dict[str, str] = {}
    for base in reversed(model.__mro__):
        own = _texts_of_file(inspect.getfile(base)).get(base.__qualname__) if _is_ours(base) else None
        # a field that is declared anew says only what is said of it there
        for name in inspect.get_annotations(base):
            texts.pop(name, None)
        texts.update(own or {})
    return texts


def _is_ours(base: type) -> bool:
    return issubclass(base, BaseModel) and base is not BaseModel


@cache
def _texts_of_file(path: str) -> Mapping[str, Mapping[str, str]]:
    """Class -> field -> text."""
    return dict(_classes(ast.parse(Path(path).read_text(encoding="utf-8")), ""))


def _classes(within: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    for each in within.body:
        if isinstance(each, ast.ClassDef):
            yield prefix + each.name, _texts(each)
            yield from _classes(each, f"{prefix}{each.name}.")


def _texts(of: ast.ClassDef) -> dict[str, str]:
    texts: dict[str, Any] = {}
    for field, said in pairwise(of.body):
        match field, said:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                texts[name] = inspect.cleandoc(text)
    return texts
