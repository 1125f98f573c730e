"""Commands, and what is dispatched."""

from __future__ import annotations

from typing import Final

from signaling.http_orders import COMMON, OF_REPORTS
from signaling.operations.operation import Operation

DISPATCH: Final = (
    Operation(
        "post",
        "/api/v1/commands",
        "Do something",
        "Answer",
        body="AnyCommand",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
    Operation("get", "/api/v1/orders", "Orders", "Orders", query=("state", "priority", *COMMON)),
    Operation("get", "/api/v1/reports", "Reports", "Reports", query=(*OF_REPORTS, *COMMON)),
    Operation("get", "/api/v1/alarms", "Alarms", "Alarms", query=("state", "kind", "report", *COMMON)),
    Operation("get", "/api/v1/decisions", "Decisions", "Decisions", query=COMMON),
)
