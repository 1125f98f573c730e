"""A stream of a camera as nodes are offered it: it comes once it is asked for, and cannot be asked for key frames."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from hub.media.ingest.describe import DESCRIBE
from hub.media.ingest.layer import Layer
from hub.media.ingest.publication import Publication
from hub.media.ingest.track import CAMERA, Codec

#: What pictures of cameras are passed on as. Browsers decode every profile of it, whatever was negotiated.
H264: Final = Codec(
    "h264", 90_000, 1, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
)
#: The streams of a camera, the smallest picture first.
RIDS: Final = ("sub", "main")


class CameraLayer(Layer):
    """`asked` is called when somebody waits for it; `promising` says whether it is worth waiting."""

    def __init__(
        self,
        publication: Publication,
        *,
        rid: str,
        rank: int,
        asked: Callable[[], None],
        promising: Callable[[float], bool],
    ) -> None:
        super().__init__(
            publication,
            ssrc=secrets.randbelow(0xFFFF_FFFE) + 1,
            describe=DESCRIBE[publication.codec.name],
            ask_key_frame=asked,
            rid=rid,
            rank=rank,
        )
        self._promising = promising

    def available(self, now: float) -> bool:
        """Whether a viewer can count on getting it: it comes, or would if it were asked for."""
        return self._promising(now)

    def activate(self, active: bool, now: float) -> None:
        """Whether it is pulled is the pull's matter: one stream serves many places."""

    def stopped(self) -> None:
        """It is pulled no more: nobody begins with what came before."""
        self.key_seq = -1
        self.pending.clear()


def publication_of(
    participant: str, rids: tuple[str, ...], codec: Codec = H264, source: str = CAMERA
) -> Publication:
    """A camera in one meeting or place, without its layers yet."""
    return Publication(
        participant=participant,
        peer=f"gateway:{participant}",
        kind="video",
        codec=codec,
        source=source,
        rids=rids,
        replays=True,
    )
