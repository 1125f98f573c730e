"""The directory of cameras."""

from __future__ import annotations

from typing import Final

from signaling.operations.operation import Operation

_ALL: Final = "/api/v1/cameras"
_ONE: Final = f"{_ALL}/{{camera}}"
_FILTER: Final = ("center", "below", "q", "tag", "kind", "state", "important", "shared", "watch", "cursor")
_DRAFT: Final = f"{_ALL}/drafts/{{draft}}"
_CHANGES: Final = (403, 404, 409, 413, 415, 422, 429, 503)

CAMERAS: Final = (
    Operation("get", _ALL, "Cameras in sight", "CameraPage", query=(*_FILTER, "limit"), refusals=(503,)),
    Operation("post", _ALL, "Add a camera", "CameraHere", status=201, body="CameraNew", refusals=_CHANGES),
    Operation(
        "get",
        f"{_ALL}/counts",
        "How many cameras there are, by center and state",
        "CameraCounts",
        query=("parent",),
        refusals=(404, 503),
    ),
    Operation("get", f"{_ALL}/tags", "Tags of cameras in sight", "CameraTags", refusals=(503,)),
    Operation(
        "post",
        f"{_ALL}/drafts",
        "Bring a file with cameras",
        "CameraListDraft",
        status=201,
        body="application/octet-stream",
        refusals=(403, 409, 413, 415, 422, 429, 503),
    ),
    Operation("get", _DRAFT, "How far a file with cameras has come", "CameraListDraft", refusals=(404,)),
    Operation("delete", _DRAFT, "Forget a file with cameras", None, status=204, refusals=(403, 404, 429)),
    Operation(
        "post",
        f"{_DRAFT}/match",
        "What would come of a file with cameras; nothing is written",
        "CameraMatch",
        body="CameraListAsked",
        refusals=(403, 404, 409, 413, 415, 422, 429, 503),
    ),
    Operation(
        "post",
        f"{_DRAFT}/load",
        "Put the cameras of a file into the directory",
        "CameraLoading",
        status=202,
        body="CameraLoadAsked",
        refusals=(403, 404, 409, 413, 415, 429),
    ),
    Operation(
        "get", f"{_ALL}/imports", "Imports that can be taken back", "CameraImports", refusals=(403, 503)
    ),
    Operation(
        "delete",
        f"{_ALL}/imports/{{batch}}",
        "Take an import back as a whole",
        "CameraImportGone",
        refusals=(403, 404, 409, 429, 503),
    ),
    Operation(
        "get",
        f"{_ALL}/export",
        "Cameras as a file, without addresses and passwords",
        "application/octet-stream",
        query=(*_FILTER, "format"),
        refusals=(403, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/probe",
        "Look at a camera now, as it is or as it is to be",
        "CameraProbed",
        body="CameraProbe",
        refusals=_CHANGES,
    ),
    Operation("get", f"{_ALL}/networks", "Where cameras may be", "CameraNetworks", refusals=(403,)),
    Operation(
        "post",
        f"{_ALL}/discoveries",
        "Which devices answer on the networks of cameras",
        "CameraDevices",
        body="CameraSearch",
        refusals=(403, 413, 415, 422, 429, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/snapshots",
        "A picture of a stream, as the device gives it",
        "DevicePicture",
        body="CameraSnapshot",
        refusals=(403, 404, 413, 415, 422, 429, 503),
    ),
    Operation(
        "post",
        f"{_ALL}/profiles",
        "The streams that a device offers",
        "CameraProfiles",
        body="CameraDevice",
        refusals=(403, 404, 413, 415, 422, 429, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/presets",
        "Directions that a camera remembers",
        "CameraPresets",
        refusals=(403, 404, 422, 503),
    ),
    Operation("get", _ONE, "One camera", "CameraHere", refusals=(404, 503)),
    Operation("patch", _ONE, "Change a camera", "CameraHere", body="CameraChange", refusals=_CHANGES),
    Operation("delete", _ONE, "Remove a camera", None, status=204, refusals=(403, 404, 429, 503)),
    Operation(
        "get",
        f"{_ONE}/addresses",
        "Where a camera is reached, without its password",
        "CameraAddresses",
        refusals=(403, 404, 503),
    ),
    Operation(
        "post",
        f"{_ONE}/pictures",
        "Have the hub make a picture of what a camera shows, kept by its digest",
        "Entry",
        status=201,
        refusals=(403, 404, 429, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/still",
        "What a camera shows about now, for who watches it and cannot play its picture",
        "image/jpeg",
        query=("at",),
        refusals=(404, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/pictures",
        "Pictures that were made of a camera: the entries that name them",
        "CameraPictures",
        query=("before", "limit"),
        refusals=(404, 503),
    ),
    Operation(
        "get",
        f"{_ONE}/looks",
        "Who watched a camera lately",
        "CameraLooks",
        query=("before", "limit"),
        refusals=(404, 503),
    ),
)
