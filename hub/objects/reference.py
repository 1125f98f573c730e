"""How an entry names an object: one shape in a field of its data, or a list of that shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hub.fields import Text

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
#: What names nothing, and most values are: each command and entry is looked through.
_PLAIN: Final = frozenset((str, int, bool, type(None)))

#: SHA-256 of an object, 64 hex digits.
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def is_digest(text: str) -> bool:
    """Whether this could be the SHA-256 of an object, in hex."""
    return _DIGEST.fullmatch(text) is not None


class NamedObject(BaseModel):
    """An object, as commands and entries name it. `type` and `bytes` are what the hub said when it was uploaded."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, str_strip_whitespace=True)

    object: Digest
    """SHA-256 of its bytes, hex."""
    name: Text = Field(min_length=1, max_length=200)
    """What people call it: the name of the file."""
    type: str = Field(min_length=3, max_length=100)
    """Its content type."""
    bytes: int = Field(ge=1, le=1 << 50)
    """How large it is."""


#: What a report or an order carries at most: a page of photos.
MAX_ATTACHMENTS: Final = 9


def attached() -> Any:
    """The field `attachments` of a command or an entry: files it names; none in what was written before there were any."""
    return Field(default_factory=list, max_length=MAX_ATTACHMENTS)


def named_in(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The objects that the data of a command or an entry names, in order: in its fields, or in a list in one of them.

    Looks no deeper, so that it costs nothing where no object is named.
    """
    for value in data.values():
        if type(value) in _PLAIN:
            continue
        if _names_one(value):
            yield value
        elif isinstance(value, list) and value and _names_one(value[0]):
            yield from (each for each in value if _names_one(each))


def objects_of(data: Mapping[str, Any]) -> list[str]:
    """The digests that the data of an entry names, each once."""
    return list(dict.fromkeys(named["object"] for named in named_in(data)))


def _names_one(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("object"), str) and is_digest(value["object"])
