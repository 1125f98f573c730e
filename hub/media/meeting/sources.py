"""Who sends what, as a node tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.media.ingest.publication import Publication
from hub.media.ingest.track import SCREEN


def sources_of(publications: Iterable[Publication]) -> list[dict[str, Any]]:
    """What is published at this node, by session, for the event `sources`. What came by a relay its own node tells."""
    by_peer: dict[str, dict[str, Any]] = {}
    for publication in publications:
        if publication.remote:
            continue
        source = by_peer.setdefault(
            publication.peer,
            {
                "participant": publication.participant,
                "peer": publication.peer,
                "video": None,
                "audio": None,
                "screen": None,
            },
        )
        is_screen = publication.source == SCREEN and publication.kind == "video"
        source[SCREEN if is_screen else publication.kind] = publication.codec.name
    return list(by_peer.values())
