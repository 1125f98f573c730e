"""Objects and uploads."""

from __future__ import annotations

from typing import Final

from signaling.http_uploads import PATCH_TYPE, UPLOADS
from signaling.operations.operation import Operation

FILES: Final = (
    Operation(
        "put",
        "/api/v1/objects",
        "A file in one go",
        "StoredObject",
        201,
        "application/octet-stream",
        refusals=(413, 415, 429, 503),
    ),
    Operation(
        "get",
        "/api/v1/objects/{object}",
        "A file that one uploaded, or that an entry names which one may read; takes Range",
        "application/octet-stream",
        query=("name",),
        refusals=(404, 416, 503),
    ),
    Operation("options", UPLOADS, "What is taken here", None, 204, open=True),
    Operation("post", UPLOADS, "Begin an upload (tus 1.0.0)", None, 201, refusals=(412, 413, 415, 429, 503)),
    Operation(
        "get",
        f"{UPLOADS}/{{upload}}",
        "How far it has come; HEAD says it in headers",
        "UploadState",
        refusals=(404,),
    ),
    Operation(
        "patch",
        f"{UPLOADS}/{{upload}}",
        "Go on with it",
        None,
        204,
        PATCH_TYPE,
        refusals=(404, 409, 412, 413, 415, 503),
    ),
    Operation("delete", f"{UPLOADS}/{{upload}}", "Give it up", None, 204, refusals=(404, 412)),
)
