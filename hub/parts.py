"""Parts: what single rules keep of a meeting (or of the hub), as the committed state holds it and as pages see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict

#: Who follows a part: all who follow the meeting, only desks (roles that read below their own center), or, of rows that are
#: somebody's own, nobody but him.
Audience = Literal["meeting", "desk", "own"]


class Row(BaseModel):
    """One row of a keyed part. Rules change it in place."""

    model_config = ConfigDict(extra="forbid")


class Part(BaseModel):
    """What one rule keeps: its fields are what pages see, but for those declared with `Field(exclude=True)`.

    A part that was never touched is its default. Only `apply` functions change one, through PartTable.
    """

    model_config = ConfigDict(extra="forbid")
    audience: ClassVar[Audience] = "meeting"
    lasting: ClassVar[bool] = False
    """Whether there is something to see of it after the meeting: replaying the meeting's entries then gives it."""


R = TypeVar("R", bound=Row)


class Keyed(Part, Generic[R]):
    """A large part: rows by key, of which only those that changed are told."""

    rows: dict[str, R] = {}
    """By key."""
    own_rows: ClassVar[bool] = False
    """Whether keys are account ids and each account is told its own row, whatever the audience."""
    own_centers: ClassVar[bool] = False
    """Whether keys are center codes and each center's accounts are told its own row, whatever the audience."""


P = TypeVar("P", bound=Part)
#: What changed: a part, and in a keyed one the row; None for the part as a whole.
Change = tuple[type[Part], str | None]


@dataclass(slots=True, eq=False)
class PartTable:
    """Parts by class. Equal and deep-copyable by what they hold (a part that is its default holds nothing); what has
    changed lately is kept beside it."""

    _parts: dict[type[Part], Part] = field(default_factory=dict)
    _changed: dict[Change, None] = field(default_factory=dict, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PartTable):
            return NotImplemented
        return self._beside_defaults() == other._beside_defaults()

    __hash__ = None  # type: ignore[assignment]

    def _beside_defaults(self) -> dict[type[Part], Part]:
        return {kind: part for kind, part in self._parts.items() if part != kind()}

    def read(self, part: type[P]) -> P:
        """A part, to look at: a fresh default if nothing happened yet."""
        return cast(P, self._parts[part]) if part in self._parts else part()

    def edit(self, part: type[P]) -> P:
        """A part, to change as a whole."""
        self._changed[part, None] = None
        return self._get(part)

    def row(self, part: type[Keyed[R]], key: str) -> R | None:
        """A row of a keyed part, to change; None if there is none."""
        row = self._get(part).rows.get(key)
        if row is not None:
            self._changed[part, key] = None
        return row

    def put_row(self, part: type[Keyed[R]], key: str, row: R) -> None:
        """Put a row in, at the place of an older one or at the end."""
        self._get(part).rows[key] = row
        self._changed[part, key] = None

    def drop_row(self, part: type[Keyed[R]], key: str) -> None:
        """Take a row out, if it is there."""
        if self._get(part).rows.pop(key, None) is not None:
            self._changed[part, key] = None

    def forget(self, part: type[Part]) -> None:
        """Nothing is kept in a part any more: it is its default again."""
        if self._parts.pop(part, None) is not None:
            self._changed[part, None] = None

    def end(self, *, keep: bool) -> None:
        """The meeting is over: forget all parts, or with `keep` those that are not lasting."""
        self._parts = {kind: part for kind, part in self._parts.items() if keep and kind.lasting}
        self._changed.clear()

    def take_changes(self) -> list[Change]:
        """What changed since the last time, in order of the first change."""
        changed = list(self._changed)
        self._changed.clear()
        return changed

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())

    def _get(self, part: type[P]) -> P:
        found = self._parts.get(part)
        if found is None:
            found = self._parts[part] = part()
        return cast(P, found)


def told(part: Part) -> dict[str, Any]:
    """A part as plain JSON, as pages see it."""
    return part.model_dump(mode="json")
