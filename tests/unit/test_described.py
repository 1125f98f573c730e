"""What schemas say of fields: as pydantic has it where it reads the texts itself."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import pytest
from pydantic import BaseModel, ConfigDict, Field

from hub.dispatch.order_shapes import OrderIssue
from signaling.described import Described, texts_of

T = TypeVar("T")


class Read(BaseModel):
    """A model whose texts pydantic reads."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Inner(Read):
    """One that others hold."""

    level_db: float
    """In dB,
    full scale is 0."""


class Base(Read):
    """One that others are."""

    kept: int
    """From here."""
    anew: int
    """Not from here."""
    own: int = Field(description="Its own words.")
    """Other words."""
    silent: int

    def speak(self) -> int:
        """No field."""
        return self.silent


class Derived(Base):
    """It has both."""

    anew: int
    more: Inner
    """Held by reference."""
    many: list[Inner] | None = None
    """Some or none."""


class Holder(Read, Generic[T]):
    """Of anything."""

    held: T
    """What it holds."""


class Outer:
    """Holds a model within."""

    class Within(Read):
        """Within another class."""

        number: int
        """Its number."""


@pytest.mark.parametrize("model", [Inner, Base, Derived, Holder[Inner], Outer.Within])
def test_texts_of_fields_are_those_that_pydantic_reads(model: type[Read]) -> None:
    def without(schema: Any) -> Any:
        """As pydantic makes it of a model whose texts it did not read: the texts that it has read are taken out."""
        if isinstance(schema, dict):
            return {
                key: {
                    name: {what: value for what, value in without(each).items() if what != "description"}
                    for name, each in inner.items()
                }
                if key == "properties"
                else without(inner)
                for key, inner in schema.items()
            }
        return [without(each) for each in schema] if isinstance(schema, list) else schema

    schema = model.model_json_schema()
    told = {
        name: inner["description"] for name, inner in schema["properties"].items() if "description" in inner
    }
    found = {name: text for name, text in texts_of(model).items() if name != "own"}
    assert found == {name: text for name, text in told.items() if name != "own"}
    assert model.model_json_schema(schema_generator=Described) == schema
    assert without(schema) != schema


def test_a_command_says_what_its_fields_mean() -> None:
    plain, described = (
        OrderIssue.model_json_schema(),
        OrderIssue.model_json_schema(schema_generator=Described),
    )
    assert not any("description" in each for each in plain["properties"].values())
    assert any("description" in each for each in described["properties"].values())
