"""Evidence bundles, and sessions checked."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

EVIDENCE: Final = (
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/evidence",
        "What an evidence bundle of it would be",
        "EvidenceOffer",
        refusals=(403, 404, 409),
    ),
    Operation(
        "post",
        "/api/v1/meetings/{meeting}/evidence",
        "Have a bundle made, or the session checked",
        "EvidenceWork",
        status=202,
        body="EvidenceAsked",
        refusals=(400, 403, 404, 409, 413, 429, 503),
    ),
    Operation(
        "get", "/api/v1/evidence/{work}", "How a bundle or a check stands", "EvidenceWork", refusals=(404,)
    ),
    Operation(
        "delete",
        "/api/v1/evidence/{work}",
        "End it, or throw away what was made",
        None,
        status=204,
        refusals=(404, 429),
    ),
    Operation(
        "get",
        "/api/v1/evidence/{work}/file",
        "The bundle (ZIP)",
        "application/zip",
        refusals=(404,),
    ),
    Operation("get", "/api/v1/verifier", "The program that verifies bundles", "text/x-python"),
)
