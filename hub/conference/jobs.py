"""Jobs: long work that somebody asks for, done beside the hub: a film of a meeting, a clip, a bundle of files.

| command | refused with |
|---|---|
| `job.ask` | `not_found`, `forbidden`, `invalid` (kind, options), `wrong_state` (the meeting runs), `too_many` |
| `job.cancel` | `not_found` (no such job waits or runs), `forbidden` |
| `job.note_done`, `job.note_failed` (the hub only) | `not_found` (it was cancelled meanwhile) |

The same asked again while it waits or runs is one job. The journal tells who asked for what, and what came of it, with the
digest of each file; how far a job is stands in the table of jobs and is told to pages, and is no entry.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import Field, ValidationError
from typing_extensions import TypeAliasType

from hub.conference.job_kinds import ASKED, AskedKind
from hub.entry import EVERYONE_IN_MEETING, SYSTEM, Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import ObjectId, Text
from hub.gates import require_here, signature_of, visible_meeting
from hub.parts import Part, Row
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState, Meeting

#: Jobs of one meeting that may wait or run at the same time.
MAX_OPEN: Final = 8
#: Files that come of one job.
MAX_FILES: Final = 64

#: Why a job failed: nothing was recorded; no room on the disk; what was recorded cannot be read, or is not there; it stood
#: still; its process was ended again and again; a fault of the hub.
JobReason = TypeAliasType(
    "JobReason", Literal["no_recording", "no_room", "unreadable", "missing", "too_long", "died", "fault"]
)


class OpenJob(Row):
    """A job that waits or runs."""

    kind: str
    meeting: str
    options: dict[str, Any]


class Jobs(Part):
    """The jobs that are not over, by id."""

    by_id: dict[str, OpenJob] = Field(default_factory=dict)


class JobAsk(CommandData):
    """Have some long work done about a meeting. Who may see its recording may see what comes of it."""

    kind: str = Field(min_length=1, max_length=32, pattern=r"^[a-z_]+$")
    """What: `film`."""
    options: dict[str, Any] = Field(default_factory=dict, max_length=32)
    """What it is told besides; each kind has its own."""


class JobCancel(CommandData):
    """Have it not done, or not done any further."""

    job: ObjectId
    """Which."""


class MadeFile(CommandData):
    """A file that came of a job."""

    name: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$")
    """Its name."""
    bytes: int = Field(ge=0)
    """Its size."""
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    """Of the whole file."""


class NoteJobDone(CommandData):
    """Note that a job is done."""

    job: ObjectId
    """Which."""
    files: list[MadeFile] = Field(max_length=MAX_FILES)
    """What came of it."""
    told: dict[str, int | str] = Field(default_factory=dict, max_length=32)
    """What else is to be known of it: of a film `duration_ms`, `began_at`."""
    took_ms: int = Field(ge=0)
    """How long it worked."""


class NoteJobFailed(CommandData):
    """Note that a job could not be done."""

    job: ObjectId
    """Which."""
    reason: JobReason
    """Why, as one word."""
    detail: Text = Field(default="", max_length=400)
    """The same for who looks after the hub."""


class OfJob(Wire):
    """It happened to this job."""

    job: str
    what: str
    """Its kind."""


class JobAsked(OfJob):
    """Somebody asked for a job, or the hub by its settings."""

    options: dict[str, Any]
    by: Author | None
    """Null: the hub."""


class JobCancelled(OfJob):
    """It is not wanted any more."""


class JobDone(OfJob):
    """It is done."""

    files: list[MadeFile]
    told: dict[str, int | str]
    took_ms: int


class JobFailed(OfJob):
    """It could not be done."""

    reason: str
    detail: str


def _require(kind: AskedKind, meeting: Meeting, context: Context) -> None:
    """Raises Refusal `forbidden` unless the asker, or the hub itself, may have this done."""
    if context.account.id != SYSTEM:
        require_here(meeting, kind.action, context)


def _draft(kind: str, state: HubState, meeting: str, data: dict[str, Any]) -> list[Draft]:
    center = state.meetings[meeting].convener.center
    return [Draft(kind, meeting, data, (EVERYONE_IN_MEETING, center_audience(center)))]


def _ask(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = JobAsk.model_validate(command.data)
    meeting = visible_meeting(state, command, context)
    kind = ASKED.get(data.kind)
    if kind is None:
        raise Refusal("invalid", "there is no such kind of job", "kind")
    _require(kind, meeting, context)
    if kind.about == "ended" and meeting.is_open:
        raise Refusal("wrong_state", "the meeting still runs", "meeting")
    try:
        options = kind.options.model_validate(data.options).model_dump(mode="json")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(["options", *(str(step) for step in first["loc"])])
        raise Refusal("invalid", first["msg"], field) from None
    same = [each for each in state.parts.read(Jobs).by_id.values() if each.meeting == meeting.id]
    if any(each.kind == kind.kind and each.options == options for each in same):
        return []
    if len(same) >= MAX_OPEN:
        raise Refusal("too_many", f"{MAX_OPEN} jobs wait or run already")
    hub = context.account.id == SYSTEM
    asked = {
        "job": context.new_id("jb"),
        "what": kind.kind,
        "options": options,
        "by": None if hub else signature_of(context.account, context.tree),
    }
    return _draft("job.asked", state, meeting.id, asked)


def _cancel(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = JobCancel.model_validate(command.data)
    meeting = visible_meeting(state, command, context)
    job = _open(state, data.job)
    if job.meeting != meeting.id:
        raise Refusal("not_found", "no such job waits or runs", "job")
    _require(ASKED[job.kind], meeting, context)
    return _draft("job.cancelled", state, job.meeting, {"job": data.job, "what": job.kind})


def _open(state: HubState, job: str) -> OpenJob:
    found = state.parts.read(Jobs).by_id.get(job)
    if found is None:
        raise Refusal("not_found", "no such job waits or runs", "job")
    return found


def _note_done(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteJobDone.model_validate(command.data)
    job = _open(state, data.job)
    return _draft("job.done", state, job.meeting, {**data.model_dump(mode="json"), "what": job.kind})


def _note_failed(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = NoteJobFailed.model_validate(command.data)
    job = _open(state, data.job)
    return _draft("job.failed", state, job.meeting, {**data.model_dump(mode="json"), "what": job.kind})


def _opened(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.parts.edit(Jobs).by_id[data["job"]] = OpenJob(
        kind=data["what"], meeting=entry.meeting or "", options=dict(data["options"])
    )


def _closed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Jobs).by_id.pop(entry.data["job"], None)


#: What entries about a job are about.
JOB: Final = Subject(
    lambda entry: str(entry.data["job"]), lambda state, job: job in state.parts.read(Jobs).by_id
)


def _entry(kind: str, schema: type[Wire], apply: Any) -> EntryRule:
    return EntryRule(
        kind,
        schema,
        apply,
        reads="meeting.read",
        document=Document("job", "job"),
        everywhere=True,
        subject=JOB,
        control="none",
    )


RULES = RuleFile(
    "jobs",
    commands=(
        CommandRule("job.ask", JobAsk, _ask, owner=True),
        CommandRule("job.cancel", JobCancel, _cancel),
        CommandRule("job.note_done", NoteJobDone, _note_done, meeting="never", system=True),
        CommandRule("job.note_failed", NoteJobFailed, _note_failed, meeting="never", system=True),
    ),
    entries=(
        _entry("job.asked", JobAsked, _opened),
        _entry("job.cancelled", JobCancelled, _closed),
        _entry("job.done", JobDone, _closed),
        _entry("job.failed", JobFailed, _closed),
    ),
)
