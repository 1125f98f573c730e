"""Commands, and what is dispatched."""

from __future__ import annotations

from typing import Final

from signaling.http_incidents import WANTED as INCIDENTS_WANTED
from signaling.http_order_ledger import WANTED
from signaling.http_orders import COMMON, OF_REPORTS
from signaling.http_tasks import WANTED as TASKS_WANTED
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
    Operation(
        "get", "/api/v1/orders/ledger", "Orders in lines, what is late first", "OrderLedger", query=WANTED
    ),
    Operation("get", "/api/v1/orders/wordings", "What orders of one's center begin from", "OrderWordings"),
    Operation("get", "/api/v1/reports", "Reports", "Reports", query=(*OF_REPORTS, *COMMON)),
    Operation(
        "get",
        "/api/v1/reports/totals",
        "How many reports, by the centers below",
        "ReportTotals",
        query=(*OF_REPORTS, *(name for name in COMMON if name not in ("before", "limit"))),
    ),
    Operation("get", "/api/v1/tasks", "Routine tasks", "Tasks", query=TASKS_WANTED),
    Operation(
        "get",
        "/api/v1/tasks/{task}/rounds",
        "How often a task was asked, and how it was answered",
        "TaskRounds",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/tasks/{task}/rounds/{round}",
        "The board of one round",
        "TaskBoard",
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/tasks/{task}/rounds/{round}/file",
        "The board of one round as a file",
        "application/octet-stream",
        query=("format",),
        refusals=(404,),
    ),
    Operation("get", "/api/v1/alarms", "Alarms", "Alarms", query=("state", "kind", "report", *COMMON)),
    Operation(
        "get",
        "/api/v1/incidents",
        "Incidents and appeals: the open ones first, and what is due first",
        "IncidentPage",
        query=(*INCIDENTS_WANTED, "after", "limit"),
    ),
    Operation(
        "get", "/api/v1/incidents/{incident}", "One with its time line", "IncidentWhole", refusals=(404,)
    ),
    Operation("get", "/api/v1/duty/above", "Who is on duty at the centers above one's own", "DutiesAbove"),
    Operation("get", "/api/v1/duty", "Who is on duty where", "Duties", query=("center",), refusals=(404,)),
    Operation(
        "get",
        "/api/v1/duty/roster",
        "Shifts of a center",
        "Roster",
        query=("center", "from", "to"),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/duty/turns",
        "Who had the duty of a center, with the notes of handing over, newest first",
        "DutyTurns",
        query=("center", "before", "limit"),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/duty/log",
        "What concerns a center in a span of time: entries, newest first",
        "DutyLog",
        query=("center", "from", "to", "before", "limit"),
        refusals=(404,),
    ),
    Operation("get", "/api/v1/decisions", "Decisions", "Decisions", query=COMMON),
)
