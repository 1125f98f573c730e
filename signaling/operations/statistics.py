"""Statistics."""

from __future__ import annotations

from typing import Final

from signaling.http_statistics import WANTED
from signaling.operations.operation import Operation

STATISTICS: Final = (
    Operation(
        "get",
        "/api/v1/statistics",
        "What was held, reported, handled and ordered in a span of days",
        "Statistics",
        query=WANTED,
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/statistics/file",
        "The same by centers, as a file",
        "application/octet-stream",
        query=(*WANTED, "format"),
        refusals=(403,),
    ),
)
