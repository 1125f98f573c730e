"""What commands and entries about reports hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.fields import Text
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData
from hub.shapes import Priority, Situation, Wire

#: What kind of trouble it is: water 水情汛情, fire 火情, geology 地质灾害, traffic 交通, health 卫生健康, people 外来人员,
#: security 治安, supplies 物资, utilities 水电通信, other 其他.
ReportCategory = TypeAliasType(
    "ReportCategory",
    Literal[
        "water",
        "fire",
        "geology",
        "traffic",
        "health",
        "people",
        "security",
        "supplies",
        "utilities",
        "other",
    ],
)
#: More people than any city has are a slip of the finger.
MOST_PERSONS = 10_000_000


class ReportFields(CommandData):
    """How a center is: what a report says, whatever it answers. Of persons it says how many, never who."""

    situation: Situation
    """一切正常 or 有情况."""
    text: Text = Field(default="", max_length=2000, validate_default=True)
    """What is the matter; needed when abnormal."""
    category: ReportCategory | None = None
    """What kind of trouble it is."""
    place: Text = Field(default="", max_length=200)
    """Where it is, in words; empty: at the center."""
    persons: int | None = Field(default=None, ge=0, le=MOST_PERSONS)
    """How many people it concerns."""
    urgency: Priority = "normal"
    """How urgent it is."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""

    @field_validator("text")
    @classmethod
    def _abnormal_says_what(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("situation") == "abnormal" and not text:
            raise PydanticCustomError("text_needed", "an abnormal situation needs a text")
        return text

    def said(self) -> dict[str, Any]:
        """What of it stands in an entry; where all is well there is no trouble to tell of."""
        said = self.model_dump(mode="json", include=set(ReportFields.model_fields))
        if self.situation == "normal":
            said.update(category=None, place="", persons=None, urgency="normal")
        return said


class ReportFile(ReportFields):
    """Report the situation of one's own center."""


class ReportFiled(Wire):
    """A center reported."""

    report: str
    situation: Situation
    text: str
    center: str
    name: str
    attachments: list[NamedObject] = attached()
    category: ReportCategory | None = None
    """What kind of trouble; null where nobody said."""
    place: str = ""
    """Where, in words; empty: at the center."""
    persons: int | None = None
    """How many people it concerns; null where nobody said."""
    urgency: Priority = "normal"
    task: str | None = None
    """The task that it answers."""
    patrol: str | None = None
    """The round of a patrol in which it was found."""
