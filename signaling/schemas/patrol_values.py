"""Patrols as they are read: routes, rounds and what came of each stop."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from hub.cameras.patrol_shapes import (
    PatrolMade,
    PatrolOutcome,
    PatrolQuality,
    PatrolState,
    PatrolStopTold,
    PatrolTime,
)
from hub.objects.reference import NamedObject
from hub.shapes import Author, Priority, Wire


class PatrolRoute(Wire):
    """A route, without its stops."""

    id: str
    version: int
    center: str
    center_name: str
    title: str
    note: str
    times: list[PatrolTime]
    by_shift: bool
    within_minutes: int
    total: int
    """How many stops."""
    next_at: str | None
    """When its next round begins; null for never, as far as is known."""
    by: Author
    """Who put it right last."""
    changed_at: str
    withdrawn_at: str | None


class PatrolRouteWhole(PatrolRoute):
    """A route with its stops."""

    stops: list[PatrolStopTold]
    time_zone: str
    """The hub's (IANA): by it times of day are meant."""


class PatrolRoutes(Wire):
    """The routes that are walked."""

    routes: list[PatrolRoute]
    time_zone: str
    seq: int


class PatrolRound(Wire):
    """A round, and how it stands."""

    id: str
    route: str
    version: int
    title: str
    center: str
    center_name: str
    opened_at: str
    opened_by: Author | None
    """Null where it was its time."""
    due: str
    state: PatrolState
    walker: Author | None
    """Who walks it now."""
    taken_at: str | None
    """When it was taken first."""
    stop: int
    """At which stop it stands, from 1 on; one more than there are when it is done."""
    stands_since: str | None
    """Since when its walker stands there."""
    seconds: int
    """How long the hub has seen that stop's picture flow to him, as the journal has it."""
    quality: PatrolQuality | None
    total: int
    normal: int
    finding: int
    not_seen: int
    skipped: int
    fell_due_at: str | None
    """When it was told to be late."""
    ended_at: str | None
    late: bool
    """Ended after it was due."""
    reason: str
    """Why it was ended by hand."""
    ended_by: Author | None


class PatrolCheckTold(Wire):
    """What came of a stop."""

    at: str
    outcome: PatrolOutcome
    reason: str
    seconds: int
    """How long the hub saw its picture flow to who said it."""
    quality: PatrolQuality | None
    stayed: int
    """How many seconds he stood there."""
    text: str
    place: str
    urgency: Priority
    made: PatrolMade | None
    attachments: list[NamedObject] = Field(default_factory=list)
    by: Author


class PatrolStopOfRound(PatrolStopTold):
    """A stop of a round."""

    stop: int
    """From 1 on."""
    check: PatrolCheckTold | None
    """Null for nothing yet."""


class PatrolWalk(Wire):
    """Somebody took a round, or left off."""

    kind: Literal["taken", "interrupted"]
    at: str
    stop: int
    reason: str
    by: Author
    relieves: Author | None


class PatrolRoundWhole(Wire):
    """A round stop by stop, and who walked it."""

    round: PatrolRound
    stops: list[PatrolStopOfRound]
    walks: list[PatrolWalk]
    time_zone: str
    seq: int


class PatrolFigures(Wire):
    """How many rounds there are among those that one may see."""

    waiting: int
    walking: int
    late: int
    """Of these, not done by their time."""
    missed: int
    """Of those of today, missed or not walked to their end."""


class PatrolRounds(Wire):
    """A page of rounds, newest first; `next` is the `before` of the following page."""

    rounds: list[PatrolRound]
    next: str | None
    figures: PatrolFigures
    time_zone: str
    seq: int


class PatrolFound(Wire):
    """Something that was found on a round."""

    seq: int
    """Of the entry that tells of it."""
    round: str
    route: str
    title: str
    """Of the route."""
    center: str
    """Whose people walk."""
    center_name: str
    stop: int
    camera: str
    camera_name: str
    camera_center: str
    camera_center_name: str
    at: str
    text: str
    place: str
    """Empty for the camera's name."""
    urgency: Priority
    seconds: int
    """How long the hub saw its picture flow to who found it."""
    quality: PatrolQuality | None
    made: PatrolMade | None
    """What became of it."""
    attachments: list[NamedObject] = Field(default_factory=list)
    by: Author


class PatrolFindings(Wire):
    """A page of findings, newest first; `next` is the `before` of the following page."""

    findings: list[PatrolFound]
    next: int | None
    time_zone: str
    seq: int


class PatrolCounts(Wire):
    """What is counted of rounds that are over."""

    rounds: int
    done: int
    late: int
    """Of those done, after they were due."""
    missed: int
    unfinished: int
    stops: int
    normal: int
    finding: int
    not_seen: int
    skipped: int
    done_rate: float | None
    """Percent of the rounds that were done, one digit; null where there were none."""
    seen_rate: float | None
    """Percent of their stops that were normal or found something."""


class PatrolCenterCounts(PatrolCounts):
    """Of a center, with all below it."""

    center: str
    name: str
    own: bool
    """Whether it is the center asked about by itself."""
    below: bool
    """Whether it has centers below it."""


class PatrolDayCounts(PatrolCounts):
    """Of a day or month."""

    day: str


class PatrolStatistics(Wire):
    """Rounds in a span of days, by centers and by days."""

    first: str
    last: str
    time_zone: str
    center: str
    name: str
    total: PatrolCounts
    rows: list[PatrolCenterCounts]
    days: list[PatrolDayCounts]
    at: str
    seq: int


class PatrolEvent(Wire):
    """How long the hub has seen the picture of the stop at which one stands flow to oneself; about once a second."""

    round: str
    stop: int
    camera: str
    seconds: int
    """Without a hole, since one stands there; 0 when it stops."""
    quality: PatrolQuality
    enough: bool
    """Whether the stop can be called normal."""
