"""Views of the registry and of visits (一表通), and figures of grids."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

_ALL: Final = "/api/v1/views"
_READINGS: Final = f"{_ALL}/readings"
_ONE: Final = f"{_READINGS}/{{reading}}"
_FIGURES: Final = "/api/v1/grid-statistics"
_SPAN: Final = ("parent", "first", "last")

VIEWS: Final = (
    Operation(
        "get", _ALL, "Views: those of one's center, those shared with it, those that are ready", "ViewsTold"
    ),
    Operation(
        "post",
        _READINGS,
        "Read a view: the list of its rows is fixed, each comes once",
        "ViewReading",
        status=201,
        body="ReadingAsked",
        refusals=(403, 404, 413, 415, 429, 503),
    ),
    Operation(
        "get", _ONE, "How far a reading is counted, and its file is made", "ViewReading", refusals=(404,)
    ),
    Operation("delete", _ONE, "Forget a reading", None, status=204, refusals=(404, 429)),
    Operation(
        "get",
        f"{_ONE}/rows",
        "Some rows of a reading",
        "ViewRows",
        query=("after", "limit"),
        refusals=(404, 503),
    ),
    Operation(
        "post",
        f"{_ONE}/file",
        "Have a file made of a reading; the journal tells of it",
        "ViewReading",
        status=202,
        body="ViewFileAsked",
        refusals=(403, 404, 409, 413, 415, 429),
    ),
    Operation(
        "get", f"{_ONE}/file", "The file of a reading", "application/octet-stream", refusals=(404, 409)
    ),
    Operation(
        "delete", f"{_ONE}/file", "Have no file made of a reading", None, status=204, refusals=(404, 429)
    ),
    Operation(
        "get",
        _FIGURES,
        "What there is in grids and was done, by what stands next below a center",
        "GridStatistics",
        query=_SPAN,
        refusals=(404, 503),
    ),
    Operation(
        "get",
        f"{_FIGURES}/file",
        "The same for spreadsheets",
        "application/octet-stream",
        query=(*_SPAN, "format", "lang"),
        refusals=(404, 503),
    ),
)
