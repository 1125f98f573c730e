"""Whether a running recording really records, put beside what the database says of it."""

from __future__ import annotations

from hub.conference.recording import RunningRecording
from signaling.services import Json, Services


def with_recording_state(services: Services, meeting: Json) -> Json:
    """A Summary or Snapshot with `recording_state` and `recording_reason`; both null where none runs."""
    found = services.media.recording_state(meeting["id"]) if meeting["state"] == "open" else None
    standing = services.writer.state.meetings.get(meeting["id"])
    if found is None and standing is not None and standing.is_open and standing.read(RunningRecording).owed:
        found = "waiting", "no_room"
    state, reason = found if found is not None else (None, None)
    return {**meeting, "recording_state": state, "recording_reason": reason}


def recordings_with_state(services: Services, meeting: str, recordings: list[Json]) -> list[Json]:
    """The recordings of a meeting, the one that runs as it is."""
    found = services.media.recording_state(meeting)
    told = []
    for recording in recordings:
        state, reason = recording["state"], None
        if state == "recording" and found is not None:
            state, reason = found
        told.append({**recording, "state": state, "reason": reason})
    return told
