"""Publishing and watching (WHIP and WHEP), and the relay."""

from __future__ import annotations

from typing import Final

from signaling.http_media import FRAGMENT, SDP
from signaling.operations.operation import Operation

_OFFER_REFUSALS: Final = (403, 404, 406, 409, 413, 415, 422, 429, 503)
_MEDIA_PATHS: Final = ("/whip/{meeting}", "/whep/{meeting}")

MEDIA: Final = (
    Operation(
        "get", "/api/v1/ice-servers", "The relay, with fresh keys to it", "IceServers", refusals=(403, 429)
    ),
    *(
        Operation("post", path, says, SDP, 201, SDP, query, refusals=_OFFER_REFUSALS)
        for path, says, query in zip(
            _MEDIA_PATHS, ("Publish (RFC 9725)", "Watch (WHEP)"), (("source",), ()), strict=True
        )
    ),
    *(
        operation
        for path in _MEDIA_PATHS
        for operation in (
            Operation("options", path, "What is taken here", None, 204, open=True),
            Operation(
                "patch",
                f"{path}/{{session}}",
                "Candidates or an ICE restart",
                FRAGMENT,
                200,
                FRAGMENT,
                refusals=(403, 404, 412, 413, 415, 422, 429, 503),
            ),
            Operation("delete", f"{path}/{{session}}", "End the session", None, refusals=(403, 404, 412)),
            Operation("options", f"{path}/{{session}}", "What is taken here", None, 204, open=True),
        )
    ),
)
