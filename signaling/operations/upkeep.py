"""The audit, and how the hub fares."""

from __future__ import annotations

from typing import Final

from signaling.audit_asked import SEARCH as AUDIT
from signaling.operations.operation import Operation

UPKEEP: Final = (
    Operation(
        "get",
        "/api/v1/audit",
        "Accounts, centers, sign-ins, backups, looks at recordings: what was done",
        "Audit",
        query=(*AUDIT, "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/export",
        "The same as a file; `form`: csv, xlsx, jsonl",
        "application/octet-stream",
        query=(*AUDIT, "form", "lang"),
        refusals=(403, 503),
    ),
    Operation(
        "get",
        "/api/v1/audit/own",
        "What one did oneself",
        "Audit",
        query=("before", "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/standing",
        "How far it reaches and is signed",
        "AuditStanding",
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/audit/entries/{seq}",
        "One entry and what proves it",
        "AuditProof",
        refusals=(403, 404),
    ),
    Operation("get", "/api/v1/health", "How each part fares", "Health", refusals=(403, 503)),
    Operation(
        "get", "/api/v1/health/storage", "What is kept, and the room for it", "Storage", refusals=(403,)
    ),
    Operation("get", "/api/v1/health/copies", "How the second copy stands", "Copies", refusals=(403,)),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/copies",
        "Whether the files of a meeting are verified in the second copy",
        "MeetingCopies",
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/api/v1/health/damaged",
        "Files that are not what the journal tells",
        "DamagedFiles",
        refusals=(403,),
    ),
    Operation("get", "/api/v1/health/backups", "Backups and their schedule", "BackupList", refusals=(403,)),
)
