"""What banners and tickers look like: what stands, commands, entries."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from hub.called import Reach, centers_field, reaches_field
from hub.fields import CenterCode, ObjectId, Text
from hub.parts import Audience, Keyed, Part, Row
from hub.ruling import CommandData
from hub.shapes import Author, Wire

#: Longest line, in characters: a banner is read at one look.
MAX_TEXT: Final = 200
MAX_BANNER: Final = 60

BannerKind = TypeAliasType("BannerKind", Literal["banner", "ticker"])
BannerStyle = TypeAliasType("BannerStyle", Literal["notice", "warning"])


class BannerLine(Wire):
    """A line of words that stands over the pictures."""

    id: str
    kind: BannerKind
    text: str
    style: BannerStyle
    at: str
    """Since when."""
    by: Author
    run_seconds: int | None
    """How long a ticker takes from one side to the other; null for a banner."""
    until: str | None
    """When a ticker has run as often as it was to; null for one that stays until it is taken off."""


class SentLine(BannerLine):
    """The same as desks know it: with those who see it."""

    centers: list[str] | None
    """Codes of the centers that see it; null: all."""


class Banner(Part):
    """What all see over the pictures."""

    banner: BannerLine | None = None
    ticker: BannerLine | None = None


class BannerSent(Part):
    """What stands anywhere over the pictures, and for whom."""

    audience: ClassVar[Audience] = "desk"

    banner: SentLine | None = None
    ticker: SentLine | None = None


class BannerRow(Row):
    """What a chosen center sees."""

    banner: BannerLine | None = None
    ticker: BannerLine | None = None


class BannerOwn(Keyed[BannerRow]):
    """What chosen centers see, by center code; each its own."""

    audience: ClassVar[Audience] = "own"
    own_centers: ClassVar[bool] = True


def _one_line(text: str) -> str:
    return " ".join(text.split())


class BannerShow(CommandData):
    """Show a line of words over the pictures, in place of the one of its kind that stands."""

    kind: BannerKind = "banner"
    """`banner` stays; `ticker` runs through."""
    text: Annotated[Text, AfterValidator(_one_line)] = Field(min_length=1, max_length=MAX_TEXT)
    """The words, of a banner at most 60 characters; line ends become spaces."""
    style: BannerStyle = "notice"
    """How it looks: 通知 or 警示."""
    times: int | None = Field(default=None, ge=1, le=100)
    """How often a ticker runs; null until it is taken off. Nothing for a banner."""
    centers: list[CenterCode] = centers_field()
    """Codes of called centers; with no centers and no reaches: all."""
    reaches: list[Reach] = reaches_field()
    """Many by a word: those of them that are called."""

    @field_validator("text")
    @classmethod
    def _a_banner_is_short(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("kind") == "banner" and len(text) > MAX_BANNER:
            raise PydanticCustomError("too_long", "a banner has at most 60 characters")
        return text


class BannerRemove(CommandData):
    """Take a line off before its end."""

    banner: ObjectId
    """Which."""


class BannerExpire(CommandData):
    """A ticker has run as often as it was to."""

    banner: ObjectId
    """Which."""


class BannerShown(Wire):
    """A line of words was shown over the pictures."""

    banner: str
    kind: BannerKind
    text: str
    style: BannerStyle
    centers: list[str] | None
    """Codes of the centers that see it; null: all."""
    times: int | None
    run_seconds: int | None
    until: str | None
    by: Author


class BannerRemoved(Wire):
    """A line of words is shown no more."""

    banner: str
    kind: BannerKind
    text: str
    reason: Literal["taken_off", "replaced", "over", "ended"]
    """`taken_off` by hand; `replaced` by another; `over`: it has run; `ended`: with the meeting."""
