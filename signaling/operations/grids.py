"""Grids: lists, one with its history, numbers by centers."""

from __future__ import annotations

from typing import Final

from signaling.http_grids import WANTED
from signaling.operations.operation import Operation

GRIDS: Final = (
    Operation("get", "/api/v1/grids", "Grids, by code", "GridPage", query=WANTED),
    Operation(
        "get",
        "/api/v1/grids/imports",
        "Lists of the last day that brought grids or gave them other people, which can be taken back",
        "GridImports",
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/grids/imports/{batch}/people",
        "Grids to which a list gave other people, and who worked there before",
        "GridsGiven",
        query=("after", "limit"),
        refusals=(403, 404),
    ),
    Operation("get", "/api/v1/grids/mine", "The grids that one answers for or walks", "OwnGrids"),
    Operation(
        "get",
        "/api/v1/grids/counts",
        "Numbers of grids by the centers right below one",
        "GridCounts",
        query=("parent",),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/grids/people",
        "Who can work in the grids of a village",
        "GridWorkers",
        query=("village",),
        refusals=(404,),
    ),
    Operation(
        "post",
        "/api/v1/grids/import",
        "Which people and grids a list would bring",
        "GridsPreview",
        body="application/octet-stream",
        refusals=(403, 415, 422, 429),
    ),
    Operation(
        "get",
        "/api/v1/grids/present",
        "The grids of a village, and whose phone is there now",
        "GridsPresent",
        query=("village",),
        refusals=(404,),
    ),
    Operation(
        "get",
        "/api/v1/grid-line",
        "A phone's line: server-sent events, each a PhoneLineEvent",
        "text/event-stream",
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/meetings/{meeting}/phones/{participant}/case",
        "The case that is shown from a phone",
        "CaseSeen",
        refusals=(403, 404, 503),
    ),
    Operation("get", "/api/v1/grids/{grid}", "A grid with its history", "GridWhole", refusals=(404,)),
)
