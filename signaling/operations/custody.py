"""Retention, holds and disposal lists."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

CUSTODY: Final = (
    Operation(
        "get", "/api/v1/retention", "How long what meetings leave is kept", "RetentionNow", refusals=(403,)
    ),
    Operation(
        "get",
        "/api/v1/retention/dry-run",
        "What would go on a day, and why the rest stays",
        "DryRunAnswer",
        query=("on", "kinds", "after", "limit"),
        refusals=(400, 403),
    ),
    Operation(
        "get",
        "/api/v1/disposals",
        "Disposal lists, the newest first",
        "DisposalPage",
        query=("before", "limit"),
        refusals=(400, 403),
    ),
    Operation(
        "post",
        "/api/v1/disposals",
        "Ask for the list of a dry run to be destroyed",
        "DisposalWasAsked",
        status=201,
        body="DisposalAsk",
        refusals=(400, 403, 409, 413, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/disposals/{disposal}",
        "A disposal list with what is on it",
        "DisposalWhole",
        query=("after", "limit"),
        refusals=(400, 404),
    ),
    Operation("get", "/api/v1/holds", "Every hold that is not over", "HoldList"),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/custody",
        "Whether a meeting is held, and what of it was destroyed",
        "CustodyAnswer",
        refusals=(404, 409),
    ),
)
