"""Who sends what: as a node tells it, and as viewers may ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.media.ingest.publication import Publication
from hub.media.ingest.track import SCREEN


def by_word(publications: Iterable[Publication]) -> dict[str, Publication]:
    """The pictures by the words that viewers select; those that come in a second codec know of it from here on (`other`)."""
    videos = [publication for publication in publications if publication.kind == "video"]
    found = {publication.word: publication for publication in videos if not publication.twin}
    twins = {publication.word: publication for publication in videos if publication.twin}
    for word, publication in found.items():
        publication.other = twins.get(word)
    return found


def sources_of(publications: Iterable[Publication]) -> list[dict[str, Any]]:
    """What is published at this node, by session, for the event `sources`. What came by a relay its own node tells."""
    by_peer: dict[str, dict[str, Any]] = {}
    for publication in publications:
        if publication.remote or publication.twin:
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
