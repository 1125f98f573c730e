"""Jobs on the wire."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypeAliasType

from hub.conference.jobs import JobReason, MadeFile
from hub.directory.secrecy import Secrecy
from hub.shapes import Author, Wire

JobState = TypeAliasType(
    "JobState", Literal["waiting", "running", "done", "failed", "cancelled", "destroyed", "swept"]
)


class JobProgress(Wire):
    """How far a job is that runs."""

    stage: str
    """What it is at, as one word; empty at first."""
    percent: int
    """Of the whole."""
    left_s: int | None
    """Seconds that it still takes, as far as its pace says; null while that is not known."""


class Job(Wire):
    """Long work that somebody asked for, or the hub by its settings."""

    id: str
    kind: str
    meeting: str | None
    options: dict[str, Any]
    by: Author | None
    """Who asked; null: the hub."""
    state: JobState
    reason: JobReason | None
    """Why it failed."""
    files: list[MadeFile]
    """What came of it: each is read at `/api/v1/jobs/{id}/files/{name}`."""
    told: dict[str, int | str]
    """What else is to be known of it: of a film `duration_ms`, `began_at`."""
    took_ms: int | None
    asked_at: str
    begun_at: str | None
    ended_at: str | None
    until: str | None
    """Its files are taken away then, and can be made again; null: they stay, or there are none. `swept`: they are gone."""
    tries: int
    """How often it was begun."""
    progress: JobProgress | None
    """While it runs; null: not known now."""


class FilmCost(Wire):
    """What a film would take."""

    length_ms: int
    """How long it would be; 0: nothing was recorded."""
    work_s: int
    """Seconds of work on one core."""
    bytes: int
    measured: bool
    """Whether that is from the last film of this hub; else a guess."""


class JobList(Wire):
    """The jobs of a meeting, newest first."""

    jobs: list[Job]
    as_of: str


class HandoverMeeting(Wire):
    """An ended meeting, and what handing it over takes."""

    id: str
    title: str
    opened_at: str
    ended_at: str | None
    center: str
    """The convener's."""
    center_name: str
    drill: bool
    level: Secrecy
    parts: int
    """Recorded files that are finished."""
    recorded_bytes: int
    film_bytes: int
    """The newest film; 0: none was made."""
    job: Job | None
    """The newest hand-over of it."""


class Handovers(Wire):
    """Meetings that one may hand over, newest first."""

    meetings: list[HandoverMeeting]
    more: bool
    """There are older ones: a shorter span shows them."""
    free_bytes: int
    """Room on the disk where hand-overs are made."""
    reserve_bytes: int
    as_of: str
