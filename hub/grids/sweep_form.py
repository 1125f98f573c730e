"""The form of a sweep (排查): what is asked at a door, how long an answer stays fresh, what gives reason to look.

What is known and still fresh is not asked again; what was answered stands in no entry, only which fields were. Answers are
texts by key: that of a field, or of a field and a person (``temperature@pe_…``) where each person is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.errors import Refusal
from hub.fields import Text
from hub.ruling import CommandData

#: What somebody has to look at: a symptom (症状), where somebody came from (来源地), help that is needed (需要帮助).
Flag = TypeAliasType("Flag", Literal["symptom", "origin", "need"])
FLAGS: Final[tuple[Flag, ...]] = ("symptom", "origin", "need")
#: What a report is made of, though nobody asked for one.
REPORTED: Final[frozenset[Flag]] = frozenset({"symptom", "origin"})
FieldKind = TypeAliasType("FieldKind", Literal["choice", "number", "text", "photo"])
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]

MAX_FIELDS: Final = 20
MAX_OPTIONS: Final = 20
#: An answer is a line, not a letter.
MAX_ANSWER: Final = 500
#: A household of twenty, each asked ten things.
MAX_ANSWERS: Final = 200
_NUMBER: Final = re.compile(r"-?\d{1,6}(\.\d{1,2})?", re.ASCII)
_ANSWER_KEY: Final = re.compile(r"([a-z][a-z0-9_]{0,31})(?:@(pe_[0-9a-z]{18}))?", re.ASCII)


class FormOption(CommandData):
    """One of the answers that can be chosen."""

    value: FieldKey
    """What it is called in the data."""
    label: Text = Field(min_length=1, max_length=40)
    """What people read."""
    flag: Flag | None = None
    """What it gives reason to look at; null for nothing."""


class OnlyWhen(CommandData):
    """A field is asked only after certain answers to another one before it."""

    key: FieldKey
    """The other field: a choice."""
    values: list[FieldKey] = Field(min_length=1, max_length=MAX_OPTIONS)
    """Its answers after which this is asked."""


class FormField(CommandData):
    """One thing that is asked."""

    key: FieldKey
    """What it is called in the data; the same in all forms that ask the same."""
    label: Text = Field(min_length=1, max_length=40)
    """The question, as people read it."""
    kind: FieldKind
    """How it is answered."""
    options: list[FormOption] = Field(default_factory=list, max_length=MAX_OPTIONS, validate_default=True)
    """Of a choice: the answers."""
    unit: Text = Field(default="", max_length=10)
    """Of a number."""
    above: int | None = Field(default=None, ge=-1_000_000, le=1_000_000)
    """Of a number, in tenths: from here on it gives reason to look at a symptom (373: 37.3)."""
    each_person: bool = False
    """Whether each person of the household is asked."""
    required: bool = False
    """Whether a visit is not complete without it."""
    fresh_for: int = Field(default=0, ge=0, le=3650)
    """For how many days an answer is not asked again; 0: each time."""
    only_when: OnlyWhen | None = None
    """When it is asked; null for always."""

    @field_validator("options")
    @classmethod
    def _a_choice_has_some(cls, options: list[FormOption], info: ValidationInfo) -> list[FormOption]:
        if (info.data.get("kind") == "choice") != (len(options) > 0):
            raise PydanticCustomError("options", "a choice has answers to choose from, nothing else has")
        if len({each.value for each in options}) != len(options):
            raise PydanticCustomError("options", "an answer stands twice")
        return options


class Known(NamedTuple):
    """What was answered last, and when it was last known to hold."""

    value: str
    at: datetime


def checked_form(form: Sequence[FormField]) -> None:
    """Raises Refusal `invalid` for a form that names a field twice, or waits for an answer that cannot come before."""
    before: dict[str, FormField] = {}
    for place, each in enumerate(form):
        if each.key in before:
            raise Refusal("invalid", "two fields have the same key", f"form.{place}.key")
        if (when := each.only_when) is not None:
            other = before.get(when.key)
            if other is None or not set(when.values) <= {option.value for option in other.options}:
                raise Refusal(
                    "invalid", "it waits for no answer that stands before", f"form.{place}.only_when"
                )
            if other.each_person and not each.each_person:
                raise Refusal(
                    "invalid",
                    "what one person says is followed by what he is asked",
                    f"form.{place}.only_when",
                )
        before[each.key] = each


def split_key(key: str) -> tuple[str, str | None] | None:
    """Field and person of an answer's key; None for what is none."""
    found = _ANSWER_KEY.fullmatch(key)
    return None if found is None else (found[1], found[2])


def checked_answers(form: Sequence[FormField], answers: Mapping[str, str]) -> None:
    """Raises Refusal `invalid` with the field for an answer that nobody asked for, or that is none."""
    if len(answers) > MAX_ANSWERS:
        raise Refusal("invalid", "more is answered than was asked", "answers")
    fields = {each.key: each for each in form}
    for key, value in answers.items():
        named = split_key(key)
        field = fields.get(named[0]) if named is not None else None
        if named is None or field is None or field.each_person != (named[1] is not None):
            raise Refusal("invalid", "nobody asked for this", f"answers.{key[:60]}")
        if not _is_answer(field, value):
            raise Refusal("invalid", "this is no answer to it", f"answers.{key[:60]}")


def _is_answer(field: FormField, value: str) -> bool:
    if len(value) > MAX_ANSWER:
        return False
    if field.kind == "choice":
        return any(option.value == value for option in field.options)
    if field.kind == "number":
        return _NUMBER.fullmatch(value) is not None
    return field.kind == "text" and bool(value.strip())


def flags_of(form: Iterable[FormField], answers: Mapping[str, str]) -> list[Flag]:
    """What the answers give reason to look at, in the order of FLAGS."""
    fields = {each.key: each for each in form}
    found: set[Flag] = set()
    for key, value in answers.items():
        named = split_key(key)
        field = fields.get(named[0]) if named is not None else None
        if field is None:
            continue
        if field.kind == "choice":
            found |= {each.flag for each in field.options if each.value == value and each.flag is not None}
        elif field.kind == "number" and field.above is not None and _tenths(value) >= field.above:
            found.add("symptom")
    return [each for each in FLAGS if each in found]


def _tenths(value: str) -> Decimal:
    try:
        return Decimal(value) * 10
    except InvalidOperation:
        return Decimal(-10_000_000)


def asker(
    form: Sequence[FormField], now: datetime
) -> Callable[[Sequence[str], Mapping[str, Known]], list[str]]:
    """What tells, of a household with these persons of which so much is known, the keys that must be asked there.

    Nothing that is fresh, in the order of the form. What depends on another answer is in here when that answer is known and
    fits, or is itself to be asked.
    """
    by_key = {field.key: field for field in form}
    fields = [
        (
            field.key,
            field.each_person,
            timedelta(days=field.fresh_for),
            field.only_when,
            field.only_when is not None and by_key[field.only_when.key].each_person,
        )
        for field in form
    ]

    def to_ask(persons: Sequence[str], known: Mapping[str, Known]) -> list[str]:
        asked: dict[str, None] = {}
        for name, each_person, fresh_for, when, when_each in fields:
            for person in persons if each_person else ("",):
                key = f"{name}@{person}" if person else name
                was = known.get(key)
                if was is not None and fresh_for and now < was.at + fresh_for:
                    continue
                if when is not None:
                    other = f"{when.key}@{person}" if when_each else when.key
                    answered = known.get(other)
                    if other not in asked and (answered is None or answered.value not in when.values):
                        continue
                asked[key] = None
        return list(asked)

    return to_ask
