"""What long work for who reviews a recording is told: a clip of a stretch, a picture of a moment, a check of the files."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from hub.fields import ParticipantId
from hub.ruling import CommandData

#: A clip is so long at most: what is longer is taken out whole.
MAX_CLIP_MS: Final = 6 * 3600 * 1000
#: Moments are within so much of a meeting's opening.
_MAX_MS: Final = 14 * 24 * 3600 * 1000


class ClipOptions(CommandData):
    """A stretch of a meeting's recording; ms since the meeting was opened."""

    from_ms: int = Field(ge=0, le=_MAX_MS)
    """Its beginning."""
    to_ms: int = Field(ge=0, le=_MAX_MS)
    """Its end."""
    participants: list[ParticipantId] = Field(default_factory=list, max_length=64)
    """Of whom; none: of all."""
    film: bool = False
    """Out of the meeting's newest film, as the stage was seen and everybody heard; of nobody in particular then."""

    @model_validator(mode="after")
    def _has_a_length(self) -> ClipOptions:
        if self.film and self.participants:
            raise PydanticCustomError("film", "a clip of the film is of nobody in particular")
        if not 0 < self.to_ms - self.from_ms <= MAX_CLIP_MS:
            raise PydanticCustomError("stretch", "the end is after the beginning, by six hours at most")
        return self


class PictureOptions(CommandData):
    """A picture of a participant as it was recorded."""

    at_ms: int = Field(ge=0, le=_MAX_MS)
    """Its moment, in ms since the meeting was opened."""
    participant: ParticipantId
    """Of whom."""
    source: Literal["camera", "screen"] = "camera"
    """The camera's picture, or that of the screen that was shared."""


class CheckOptions(CommandData):
    """Every recorded file against what the journal says of it."""
