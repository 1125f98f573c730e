"""The types of fields that commands share: texts, center codes, ids, moments."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from hub.clock import from_wire, to_wire

# PostgreSQL stores no NUL, terminals and pages have no use for the other control characters (Cc); the two overrides of
# direction (U+202D, U+202E) would show the digits of an order in another order than they were given; half a surrogate
# pair has no UTF-8 form. Everything else is somebody's writing: wide spaces, joined emoji, characters newer than this
# interpreter's tables.
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202d\u202e\ud800-\udfff]")
_NEW_LINE: Final = re.compile("\r\n|\r|\x85")


def has_unfit_characters(text: str) -> bool:
    """Whether a text holds what no text for people does: control characters (tab and new line are none here), the
    overrides of direction, or half a surrogate pair."""
    return _UNFIT.search(text) is not None


def _plain(text: str) -> str:
    text = _NEW_LINE.sub("\n", text)
    if has_unfit_characters(text):
        raise PydanticCustomError("control_character", "control characters are not allowed")
    return text


def _moment(text: str) -> str:
    try:
        moment = from_wire(text)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError("time", "a time is written like 2026-11-23T08:00:00Z") from error
    if not 2000 <= moment.year < 2200:
        raise PydanticCustomError("time", "the year must be between 2000 and 2199")
    return to_wire(moment)


#: Text for people; a model adds the lengths. New lines are `\n`, other control characters are refused.
Text = Annotated[str, AfterValidator(_plain)]
#: Code of a center, 12 digits.
CenterCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
#: An RFC 3339 time with offset, normalised to UTC with microseconds (`hub.clock.to_wire`).
Moment = Annotated[
    str, AfterValidator(_moment), Field(json_schema_extra={"format": "date-time"}, max_length=64)
]
#: Id of a participant: its account's id, or that of a camera.
ParticipantId = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,2}_[0-9a-z]{18}$")]
#: Id of a meeting, order, recording or part.
ObjectId = Annotated[str, StringConstraints(pattern=r"^[a-z]{1,2}_[0-9a-z]{18}$")]
