"""Lists of people to be checked."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

_ALL: Final = "/api/v1/clearings"
_ONE: Final = f"{_ALL}/{{clearing}}"
_DRAFT: Final = f"{_ALL}/drafts/{{draft}}"
_BOARD: Final = ("level", "within")

LISTS: Final = (
    Operation(
        "post",
        f"{_ALL}/drafts",
        "Bring a file with a list of people",
        "ListDraft",
        status=201,
        body="application/octet-stream",
        refusals=(403, 409, 413, 415, 422, 429, 503),
    ),
    Operation("get", _DRAFT, "How far a file has come", "ListDraft", refusals=(404,)),
    Operation("delete", _DRAFT, "Forget a file", None, status=204, refusals=(403, 404, 429)),
    Operation(
        "post",
        f"{_DRAFT}/match",
        "Whose the rows of a file are; nothing is written",
        "ListMatch",
        body="MatchAsked",
        refusals=(403, 404, 409, 413, 415, 422, 429),
    ),
    Operation(
        "post",
        f"{_DRAFT}/load",
        "Make a list of a file",
        "ListLoading",
        status=202,
        body="LoadAsked",
        refusals=(403, 404, 409, 413, 415, 429),
    ),
    Operation("get", _ALL, "Lists of people, in numbers", "ClearingPage", query=("before", "limit")),
    Operation("get", f"{_ALL}/own", "Lists of which one's own center checks rows", "ClearingPage"),
    Operation("get", _ONE, "One list, in numbers", "Clearing", refusals=(404,)),
    Operation(
        "get",
        f"{_ONE}/board",
        "What came of a list, by center, worst first",
        "ClearingBoard",
        query=(*_BOARD, "limit"),
        refusals=(404,),
    ),
    Operation(
        "get",
        f"{_ONE}/board/file",
        "The same as a file",
        "application/octet-stream",
        query=(*_BOARD, "format", "lang"),
        refusals=(404,),
    ),
    Operation(
        "get",
        f"{_ONE}/rows",
        "Rows of one center, personal values masked for others",
        "ClearingRows",
        query=("center", "state", "grid", "after", "limit"),
        refusals=(404, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/grids",
        "Rows in grids: how they were found, how many lie with grids; of a village by grid",
        "ListGrids",
        query=("center",),
        refusals=(404, 503),
    ),
    *(
        Operation(
            "post",
            f"{_ONE}/grids/{word}",
            summary,
            "ListGrids",
            status=status,
            body="ScopeAsked",
            refusals=(403, 404, 409, 413, 415, 429, 503),
        )
        for word, summary, status in (
            ("search", "Look for the persons of rows in the registry", 202),
            ("share", "Give the rows that were found to their grids", 202),
            ("stop", "End what goes on about it", 200),
        )
    ),
    Operation(
        "get",
        f"{_ONE}/candidates",
        "Rows that several persons of the registry may be meant by",
        "UnsureRows",
        query=("center", "after", "limit"),
        refusals=(403, 404, 503),
    ),
    Operation(
        "post",
        f"{_ONE}/rows/{{row}}/household",
        "Say whom a row is about: it goes to his grid",
        "RowGiven",
        body="HouseholdAsked",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/places",
        "Centers to which somebody may have moved",
        "ListPlaces",
        query=("q",),
        refusals=(403, 404),
    ),
    Operation(
        "post",
        f"{_ONE}/rows/{{row}}/unmask",
        "Read a row in full; an entry tells of it",
        "UnmaskedRow",
        refusals=(403, 404, 429, 503),
    ),
    Operation(
        "post",
        f"{_ONE}/results",
        "What came of rows of one's own center",
        "ResultsTaken",
        body="ResultsBrought",
        refusals=(403, 404, 409, 413, 415, 429, 503),
    ),
)
