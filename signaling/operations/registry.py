"""The registry (四实)."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

_ALL: Final = "/api/v1/registry"
_ONE: Final = f"{_ALL}/households/{{household}}"
_BUILDING: Final = f"{_ALL}/buildings/{{building}}"
_DRAFT: Final = f"{_ALL}/drafts/{{draft}}"
_WHERE: Final = ("grid", "center")
_CHANGES: Final = (403, 404, 409, 413, 415, 422, 429, 503)


def _write(path: str, what: str, body: str) -> Operation:
    return Operation("post", f"{_ONE}/{path}", what, "HouseholdSeen", body=body, refusals=_CHANGES)


REGISTRY: Final = (
    Operation(
        "get",
        f"{_ALL}/counts",
        "What there is below a center, by the centers or grids right below it",
        "RegistryCounted",
        query=("parent",),
        refusals=(404, 503),
    ),
    Operation(
        "get",
        f"{_ALL}/buildings",
        "Buildings and units of a grid or a village",
        "RegistryBuildings",
        query=_WHERE,
        refusals=(404, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/buildings",
        "Add a building",
        "BuildingHere",
        status=201,
        body="BuildingNew",
        refusals=_CHANGES,
    ),
    Operation("get", _BUILDING, "A building, house by house", "RegistryBuilding", refusals=(404, 503)),
    Operation(
        "patch", _BUILDING, "Change a building", "BuildingHere", body="BuildingChange", refusals=_CHANGES
    ),
    Operation("delete", _BUILDING, "Remove an empty building", None, status=204, refusals=_CHANGES),
    Operation(
        "post", f"{_ALL}/houses", "Add a house", "HouseHere", status=201, body="HouseNew", refusals=_CHANGES
    ),
    Operation(
        "patch",
        f"{_ALL}/houses/{{house}}",
        "Change a house",
        "HouseHere",
        body="HouseChange",
        refusals=_CHANGES,
    ),
    Operation(
        "delete",
        f"{_ALL}/houses/{{house}}",
        "Remove a house in which nobody lives",
        None,
        status=204,
        refusals=_CHANGES,
    ),
    Operation(
        "post", f"{_ALL}/units", "Add a unit", "UnitSeen", status=201, body="UnitNew", refusals=_CHANGES
    ),
    Operation(
        "patch",
        f"{_ALL}/units/{{unit}}",
        "Change a unit",
        "UnitSeen",
        body="UnitChange",
        refusals=_CHANGES,
    ),
    Operation("delete", f"{_ALL}/units/{{unit}}", "Remove a unit", None, status=204, refusals=_CHANGES),
    Operation(
        "get",
        f"{_ALL}/unsettled",
        "Changes that did not know of each other, and wait to be settled",
        "UnsettledChanges",
        query=_WHERE,
        refusals=(404, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/search",
        "Look for somebody, or for who may be the same; what is personal stands in the body",
        "RegistryFound",
        body="RegistrySearch",
        refusals=(403, 404, 413, 415, 422, 429, 503),
    ),
    Operation(
        "get",
        f"{_ALL}/households",
        "Households of a grid or a village, in the order of the walk",
        "HouseholdPage",
        query=(*_WHERE, "cursor", "limit"),
        refusals=(404, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/households",
        "Register a household",
        "HouseholdSeen",
        status=201,
        body="HouseholdNew",
        refusals=_CHANGES,
    ),
    Operation("get", _ONE, "One household", "HouseholdSeen", refusals=(404, 503)),
    Operation(
        "patch", _ONE, "Change a household", "HouseholdSeen", body="HouseholdChange", refusals=_CHANGES
    ),
    Operation(
        "get", f"{_ONE}/history", "What became of a household", "HouseholdHistory", refusals=(404, 503)
    ),
    Operation(
        "post",
        f"{_ONE}/look",
        "See a household unmasked; the journal tells of it",
        "HouseholdLooked",
        body="HouseholdLook",
        refusals=(403, 404, 413, 415, 422, 429, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/drafts",
        "Bring a file with buildings, houses, households and persons",
        "RegistryListDraft",
        status=201,
        body="application/octet-stream",
        refusals=(403, 409, 413, 415, 422, 429, 503),
    ),
    Operation(
        "get", _DRAFT, "How far a file for the registry has come", "RegistryListDraft", refusals=(404,)
    ),
    Operation("delete", _DRAFT, "Forget a file for the registry", None, status=204, refusals=(403, 404, 429)),
    Operation(
        "post",
        f"{_DRAFT}/match",
        "What would come of a file for the registry; nothing is written",
        "RegistryMatch",
        body="RegistryListAsked",
        refusals=(403, 404, 409, 413, 415, 422, 429, 503),
    ),
    Operation(
        "post",
        f"{_DRAFT}/load",
        "Put the households of a file into the registry",
        "RegistryLoading",
        status=202,
        body="RegistryLoadAsked",
        refusals=(403, 404, 409, 413, 415, 429),
    ),
    Operation(
        "get", f"{_ALL}/imports", "Imports that can be taken back", "RegistryImports", refusals=(403, 503)
    ),
    Operation(
        "delete",
        f"{_ALL}/imports/{{batch}}",
        "Take an import back as a whole",
        "RegistryImportGone",
        refusals=(403, 404, 409, 429, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/export",
        "Households as a file; the journal tells of it",
        "application/octet-stream",
        body="RegistryExport",
        refusals=(403, 404, 413, 415, 422, 429, 503),
    ),
    _write("move", "A household, or some of its persons, move", "HouseholdMove"),
    _write("leave", "A household, or some of its persons, live there no more", "HouseholdLeave"),
    _write("back", "A household that left lives there again", "HouseholdBack"),
    _write("merge", "Another household is the same as this one", "HouseholdMerge"),
    _write("unmerge", "Take the last merge back", "HouseholdBack"),
    _write("settle", "Say which of two changes holds", "HouseholdSettle"),
)
