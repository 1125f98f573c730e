"""Patrols: routes, rounds and their numbers."""

from __future__ import annotations

from typing import Final

from signaling.http_patrol import OF_STATISTICS, WANTED
from signaling.http_patrol_ledger import OF_FINDINGS
from signaling.operations.operation import Operation

PATROL: Final = (
    Operation("get", "/api/v1/patrol/routes", "Routes that are walked", "PatrolRoutes", query=("center",)),
    Operation(
        "get", "/api/v1/patrol/routes/{route}", "A route with its stops", "PatrolRouteWhole", refusals=(404,)
    ),
    Operation(
        "get",
        "/api/v1/patrol/rounds",
        "Rounds, newest first",
        "PatrolRounds",
        query=(*WANTED, "before", "limit"),
    ),
    Operation(
        "get",
        "/api/v1/patrol/rounds/{round}",
        "A round stop by stop",
        "PatrolRoundWhole",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/patrol/rounds/file",
        "The newest 20,000 of them as a file",
        "application/octet-stream",
        query=(*WANTED, "format"),
    ),
    Operation(
        "get",
        "/api/v1/patrol/findings",
        "What was found on rounds, newest first",
        "PatrolFindings",
        query=(*OF_FINDINGS, "before", "limit"),
    ),
    Operation(
        "get",
        "/api/v1/patrol/findings/file",
        "The newest 20,000 of them as a file",
        "application/octet-stream",
        query=(*OF_FINDINGS, "format"),
    ),
    Operation(
        "get",
        "/api/v1/patrol/statistics",
        "Rounds in a span of days, by centers and by days",
        "PatrolStatistics",
        query=OF_STATISTICS,
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/patrol/statistics/file",
        "The same by centers, as a file",
        "application/octet-stream",
        query=(*OF_STATISTICS, "format"),
        refusals=(403,),
    ),
)
