"""What the nodes last said about each meeting: sources, levels, quality. Told to pages, never journaled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class MeetingMedia:
    """The media events that hold now in one meeting."""

    sources: list[dict[str, Any]] = field(default_factory=list)
    quality: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class MediaState:
    """Per meeting, the last truth told by its node, as `media` events of docs/protocol.md."""

    _meetings: dict[str, MeetingMedia] = field(default_factory=dict)

    def set_sources(self, meeting: str, sources: list[dict[str, Any]]) -> dict[str, Any]:
        """Take the whole list of sources; returns the event to tell."""
        media = self._meetings.setdefault(meeting, MeetingMedia())
        media.sources = [
            {"participant": each["participant"], "video": each.get("video"), "audio": each.get("audio")}
            for each in sources
        ]
        sending = {each["participant"] for each in media.sources}
        media.quality = {who: state for who, state in media.quality.items() if who in sending}
        return self._sources_event(meeting, media)

    def set_quality(self, meeting: str, participant: str, state: str) -> dict[str, Any] | None:
        """Take one participant's up-link quality; returns the event to tell, None if nothing changed."""
        media = self._meetings.setdefault(meeting, MeetingMedia())
        if media.quality.get(participant) == state:
            return None
        media.quality[participant] = state
        return {"meeting": meeting, "kind": "quality", "participants": {participant: state}}

    def forget(self, meeting: str) -> None:
        self._meetings.pop(meeting, None)

    def events(self, meeting: str) -> list[dict[str, Any]]:
        """The events that hold now, for one who begins to follow."""
        media = self._meetings.get(meeting)
        if media is None:
            return []
        events = [self._sources_event(meeting, media)]
        if media.quality:
            events.append({"meeting": meeting, "kind": "quality", "participants": dict(media.quality)})
        return events

    @staticmethod
    def _sources_event(meeting: str, media: MeetingMedia) -> dict[str, Any]:
        return {"meeting": meeting, "kind": "sources", "sources": media.sources}
