"""Sweeps and visits."""

from __future__ import annotations

from typing import Final

from signaling.http_errands import FILTERS
from signaling.http_sweeps import ROWS
from signaling.operations.operation import Operation

_ALL: Final = "/api/v1/sweeps"
_ONE: Final = f"{_ALL}/{{sweep}}"

SWEEPS: Final = (
    Operation("get", f"{_ALL}/forms", "Forms that are ready to be used", "FormsReady"),
    Operation("get", _ALL, "Sweeps, in numbers", "SweepPage", query=("state", "before", "limit")),
    Operation(
        "post",
        _ALL,
        "Open a sweep: whom it expects is fixed",
        "SweepOpening",
        status=201,
        body="SweepAsked",
        refusals=(403, 404, 409, 413, 415, 422, 429, 503),
    ),
    Operation("get", _ONE, "One sweep, in numbers", "SweepTold", refusals=(404,)),
    Operation(
        "get",
        f"{_ONE}/board",
        "What came of it next below a center, worst first",
        "SweepBoard",
        query=("parent",),
        refusals=(404,),
    ),
    Operation(
        "get",
        f"{_ONE}/board/file",
        "The same as a file",
        "application/octet-stream",
        query=("parent", "format", "lang"),
        refusals=(404,),
    ),
    Operation(
        "get",
        f"{_ONE}/rows",
        "Rows by number; who lives there only for who answers for the grid",
        "SweepRows",
        query=ROWS,
        refusals=(404, 503),
    ),
    Operation("get", f"{_ONE}/rows/{{row}}", "All visits of a row", "Visits", refusals=(404, 503)),
    Operation(
        "post",
        "/api/v1/visits",
        "What came of visits, each counted once",
        "VisitsTaken",
        body="VisitsBrought",
        refusals=(413, 415, 429, 503),
    ),
    Operation(
        "post",
        "/api/v1/visits/corrections",
        "What was said of a visit is put right; both stay",
        "VisitsTaken",
        body="CorrectionsBrought",
        refusals=(413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/visits/doors/{household}",
        "Visits of a household outside of sweeps, those to be settled among them",
        "DoorVisits",
        refusals=(404, 503),
    ),
    Operation(
        "get",
        "/api/v1/visits/days",
        "Visits of some days by centers, and how long forms were open",
        "VisitDays",
        query=("first", "last", "parent"),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/errands",
        "Errands, newest first; what was asked for only for who may do it",
        "ErrandPage",
        query=(*FILTERS, "before", "limit"),
        refusals=(404, 503),
    ),
    Operation(
        "post",
        "/api/v1/errands",
        "Write down what a household asks for",
        "ErrandWritten",
        body="ErrandBrought",
        refusals=(404, 409, 413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/errands/counts",
        "Errands in numbers next below a center, and by kind",
        "ErrandCounts",
        query=("parent",),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/errands/file",
        "Errands as a file, without words and without who asked",
        "application/octet-stream",
        query=("center", "grid", "state", "kind", "late", "format", "lang"),
        refusals=(404,),
    ),
    Operation("get", "/api/v1/errands/{errand}", "One errand, whole", "ErrandOne", refusals=(404, 503)),
    Operation(
        "post",
        "/api/v1/errands/{errand}/done",
        "Say that an errand is done, with words about it",
        "ErrandWritten",
        body="ErrandDone",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/grid-tasks",
        "Where an order is in grids, and what came of it there",
        "GridTasks",
        query=("order",),
    ),
    Operation(
        "get",
        "/api/v1/grid-work",
        "All that a phone holds of its grids",
        "GridWork",
        refusals=(403, 503),
    ),
)
