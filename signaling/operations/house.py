"""The directory: centers, groups, accounts, stations."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

HOUSE: Final = (
    Operation(
        "get",
        "/api/v1/centers",
        "The directory",
        "Centers",
        query=("parent", "subtree", "q", "after", "limit"),
        refusals=(404,),
    ),
    Operation(
        "get", "/api/v1/answering", "How centers answer calls, where that was set", "AnsweringSettings"
    ),
    Operation("get", "/api/v1/groups", "Groups of centers: one's own, and those of one's center", "Groups"),
    Operation("get", "/api/v1/plans", "Plans that one's center keeps", "Plans"),
    Operation(
        "get",
        "/api/v1/clearance",
        "At which centers below one's own somebody is cleared who could come to a secret meeting",
        "Clearance",
        refusals=(403,),
    ),
    Operation(
        "get", "/api/v1/walls", "Walls of cameras: one's own, and those that one's center keeps", "Walls"
    ),
    Operation("get", "/api/v1/layouts", "Layouts of pictures that one's center keeps", "Layouts"),
    Operation(
        "get",
        "/api/v1/centers/{code}/use",
        "What taking a center away would touch",
        "CenterUse",
        refusals=(404,),
    ),
    Operation(
        "post",
        "/api/v1/centers/import",
        "What a list of centers would change; with `expects` the change itself",
        "CentersImport",
        body="application/octet-stream",
        query=("within", "missing", "expects"),
        refusals=(403, 404, 409, 415, 422, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/centers/export",
        "The directory as a file",
        "application/octet-stream",
        query=("format", "within"),
        refusals=(403, 404),
    ),
    Operation(
        "get",
        "/api/v1/accounts",
        "Accounts, for their administrators",
        "HouseAccounts",
        query=("q", "role", "center", "disabled", "request", "after", "limit"),
        refusals=(403,),
    ),
    Operation("get", "/api/v1/accounts/{account}", "One account", "HouseAccount", refusals=(404,)),
    Operation(
        "post",
        "/api/v1/accounts/one-time",
        "One-time passwords, shown in this answer alone",
        "OneTimePasswords",
        201,
        "OneTime",
        refusals=(403, 404, 415, 429, 503),
    ),
    Operation(
        "post",
        "/api/v1/accounts/import",
        "Which accounts a list would bring",
        "AccountsPreview",
        body="application/octet-stream",
        refusals=(403, 415, 422, 429),
    ),
    Operation(
        "get",
        "/api/v1/accounts/export",
        "Accounts as a file",
        "application/octet-stream",
        query=("format", "q", "role", "center", "disabled"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/accounts/sessions",
        "Sign-ins of all accounts that live, newest first",
        "HouseSessions",
        query=("q", "role", "center", "account", "after", "limit"),
        refusals=(403,),
    ),
    Operation(
        "get",
        "/api/v1/stations",
        "Where somebody is, where nobody is, and since when",
        "Stations",
        query=("within", "state", "after", "limit"),
        refusals=(403, 404),
    ),
)
