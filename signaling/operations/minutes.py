"""Minutes of meetings."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

_ONE: Final = "/api/v1/meetings/{meeting}/minutes"
_TEXT: Final = f"{_ONE}/texts/{{which}}"

MINUTES: Final = (
    Operation(
        "get",
        "/api/v1/minutes",
        "Minutes, what changed last first",
        "MinutesPage",
        query=("state", "before", "limit"),
    ),
    Operation("get", _ONE, "How the minutes of a meeting stand", "MinutesBook", refusals=(403, 404)),
    Operation(
        "get",
        f"{_ONE}/draft",
        "A draft from what the meeting's entries tell",
        "MinutesDraft",
        query=("language",),
        refusals=(403, 404),
    ),
    Operation(
        "put",
        f"{_ONE}/work",
        "Keep what is written",
        "MinutesSaved",
        body="MinutesWork",
        refusals=(403, 404, 409, 413, 429, 503),
    ),
    Operation(
        "post",
        f"{_ONE}/submission",
        "Put before the chair what was saved",
        "MinutesTaken",
        body="MinutesAsked",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
    Operation(
        "get",
        _TEXT,
        "A text: `work`, `submission`, or the number of a version",
        "MinutesRead",
        refusals=(403, 404, 422, 503),
    ),
    Operation(
        "get",
        f"{_TEXT}/file",
        "The same as DOCX or PDF",
        "application/octet-stream",
        query=("format",),
        refusals=(403, 404, 422, 503),
    ),
)
