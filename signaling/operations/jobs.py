"""Jobs: what was asked for, and what came of it."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

JOBS: Final = (
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/jobs",
        "What was asked for about a meeting, newest first: films and other long work",
        "JobList",
        query=("kind",),
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/film/cost",
        "What a film of it would take: time on one core, room",
        "FilmCost",
        refusals=(404, 409),
    ),
    Operation(
        "get",
        "/api/v1/handovers",
        "Ended meetings that one may hand over, what that takes, and the newest hand-over of each",
        "Handovers",
        query=("from", "to", "center"),
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/api/v1/handovers/contents",
        "The list of hand-overs that are made, with their digests",
        "application/octet-stream",
        query=("from", "to", "center", "format"),
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/api/v1/jobs/{job}/files/{name}",
        "A file that came of a job; takes Range",
        "application/octet-stream",
        query=("download",),
        refusals=(404, 409, 416),
    ),
)
