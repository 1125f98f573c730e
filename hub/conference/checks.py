"""Checks before a meeting: whether the stations that are to be called have camera, microphone and line in order.

| command | refused with |
|---|---|
| `check.start` | `not_found`, `forbidden` (a center), `too_many` |
| `check.report` | `not_found` (no such check runs, or it does not ask this center), `forbidden` (role) |
| `check.cancel` | `not_found`, `forbidden` |
| `check.expire` (the hub only) | `wrong_state` (time is not up) |

Who is asked answers once for the whole center, without asking anybody for anything: what a page may know of its devices.
Stations begin within `spread_ms` of each other, so that two thousand do not try the line at the same moment. A check ends when
all have answered, when its time is up, when it is called off, or when who started it starts another; then it is forgotten here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.clock import from_wire, to_wire
from hub.directory.permissions import may
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.fields import CenterCode
from hub.gates import own_targets, signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Due, EntryRule, NoData, RuleFile, Subject
from hub.shapes import Author, Wire
from hub.state import HubState

#: Most centers of one check: a whole city.
MAX_CENTERS: Final = 2048
#: Most checks that run at the same time, of all accounts.
MAX_OPEN: Final = 32
#: So many stations begin in a second: each tries the line for some seconds, and beside it meetings run.
STARTS_PER_S: Final = 16
#: Time for one station, from its beginning to its answer.
ANSWER_S: Final = 25

CheckId = Annotated[str, StringConstraints(pattern=r"^k_[0-9a-hjkmnp-tv-z]{18}$")]
#: `works`: in use, and something comes of it; `ready`: there and allowed; `asks`: there, a person would be asked first;
#: `silent`: in use, and nothing comes of it.
CheckedDevice = TypeAliasType(
    "CheckedDevice", Literal["works", "ready", "asks", "silent", "none", "denied", "busy", "failed"]
)
#: `unknown`: a browser that does not tell.
CheckedSpeaker = TypeAliasType("CheckedSpeaker", Literal["ready", "none", "unknown"])
#: How packets go: by UDP, by TCP, or through the relay; `none`: not at all; `unmeasured`: it was not tried.
CheckedWay = TypeAliasType("CheckedWay", Literal["direct", "tcp", "relay", "none", "unmeasured"])
#: Why a check is over. `complete`: all have answered; `replaced`: who started it started another.
CheckEnd = TypeAliasType("CheckEnd", Literal["complete", "time", "cancelled", "replaced"])


class OpenCheck(BaseModel):
    """A check that runs."""

    account: str
    """Who started it."""
    center: str
    """Of which center."""
    until: str
    spread_ms: int
    waiting: set[str]
    """Codes of the centers that have not answered."""


class Checks(Part):
    """The checks that run, by id."""

    running: dict[str, OpenCheck] = Field(default_factory=dict)


class CheckStart(CommandData):
    """Ask stations how their devices and lines are."""

    centers: list[CenterCode] = Field(min_length=1, max_length=MAX_CENTERS)
    """Whom."""
    present: int | None = Field(default=None, ge=0, le=MAX_CENTERS)
    """How many of them are there, as far as the asker knows: they need not be spread further. Null: all."""


class CheckNamed(CommandData):
    """Call a check off."""

    check: CheckId
    """Which."""


class CheckReport(CommandData):
    """Answer a check for one's own center."""

    check: CheckId
    """Which."""
    camera: CheckedDevice
    """The camera."""
    microphone: CheckedDevice
    """The microphone."""
    level_db: int | None = Field(default=None, ge=-127, le=0)
    """The loudest of the last seconds, dB of full scale; null while nothing is captured."""
    speaker: CheckedSpeaker
    """Where sound comes out."""
    way: CheckedWay
    """How packets go."""
    loss_permille: int | None = Field(default=None, ge=0, le=1000)
    """The worse of both directions."""
    rtt_ms: int | None = Field(default=None, ge=0, le=60_000)
    """Round trip."""
    up_kbps: int | None = Field(default=None, ge=0, le=1_000_000)
    """What got through to the hub: at least so much."""
    down_kbps: int | None = Field(default=None, ge=0, le=1_000_000)
    """What came from the hub: at least so much."""
    in_meeting: bool = False
    """Whether it is in a meeting now, and tells of that line."""


class CheckStarted(Wire):
    """Stations were asked how their devices and lines are."""

    check: str
    by: Author
    centers: list[str]
    until: str
    """Who has not answered by then does not count any more."""
    spread_ms: int
    """Within which stations begin."""


class CheckReported(Wire):
    """A center has answered a check."""

    check: str
    center: str
    account: str
    camera: CheckedDevice
    microphone: CheckedDevice
    level_db: int | None
    speaker: CheckedSpeaker
    way: CheckedWay
    loss_permille: int | None
    rtt_ms: int | None
    up_kbps: int | None
    down_kbps: int | None
    in_meeting: bool


class CheckEnded(Wire):
    """A check is over."""

    check: str
    reason: CheckEnd
    """`complete`: all have answered; `replaced`: who started it started another."""


def _draft(kind: str, running: OpenCheck, check: str, **data: object) -> Draft:
    return Draft(kind, None, {"check": check, **data}, (center_audience(running.center),))


def _ended(running: OpenCheck, check: str, reason: str) -> Draft:
    return _draft("check.ended", running, check, reason=reason)


def _start(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CheckStart.model_validate(command.data)
    centers = own_targets(data.centers, "check.start", "centers", context)
    open_now = state.parts.read(Checks).running
    own = {check: one for check, one in open_now.items() if one.account == context.account.id}
    if len(open_now) - len(own) >= MAX_OPEN:
        raise Refusal("too_many", f"{MAX_OPEN} checks run already")
    spread_s = max(2, min(len(centers), data.present or len(centers)) // STARTS_PER_S)
    account = context.account
    started = {
        "check": context.new_id("k"),
        "by": signature_of(account, context.tree),
        "centers": centers,
        "until": to_wire(context.now + timedelta(seconds=spread_s + ANSWER_S)),
        "spread_ms": spread_s * 1000,
    }
    replaced = [_ended(one, check, "replaced") for check, one in own.items()]
    return [*replaced, Draft("check.started", None, started, (center_audience(account.center),))]


def _report(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = CheckReport.model_validate(command.data)
    account = context.account
    if not may(account, "check.report", context.tree, account.center):
        raise Refusal("forbidden", "this role answers no checks")
    running = state.parts.read(Checks).running.get(data.check)
    if running is None or account.center not in running.waiting:
        raise Refusal("not_found", "no check of this id waits for this center", "check")
    told = data.model_dump(mode="json", exclude={"check"})
    drafts = [
        _draft("check.reported", running, data.check, center=account.center, account=account.id, **told)
    ]
    if len(running.waiting) == 1:
        drafts.append(_ended(running, data.check, "complete"))
    return drafts


def _cancel(state: HubState, command: Command, context: Context) -> list[Draft]:
    check = CheckNamed.model_validate(command.data).check
    running = state.parts.read(Checks).running.get(check)
    account = context.account
    if running is None or not may(account, "check.read", context.tree, running.center):
        raise Refusal("not_found", "no such check runs", "check")
    if not may(account, "check.start", context.tree, running.center):
        raise Refusal("forbidden", "this check is not yours to call off")
    return [_ended(running, check, "cancelled")]


def _expire(state: HubState, command: Command, context: Context) -> list[Draft]:
    over = [
        _ended(one, check, "time")
        for check, one in state.parts.read(Checks).running.items()
        if from_wire(one.until) <= context.now
    ]
    if not over:
        raise Refusal("wrong_state", "the time is not up yet")
    return over


def _next(state: HubState) -> Due | None:
    running = state.parts.read(Checks).running
    if not running:
        return None
    check, first = min(running.items(), key=lambda each: (each[1].until, each[0]))
    return Due(from_wire(first.until), "check.expire", None, check)


def _started(state: HubState, entry: Entry) -> None:
    data = entry.data
    state.parts.edit(Checks).running[data["check"]] = OpenCheck(
        account=data["by"]["account"],
        center=data["by"]["center"],
        until=data["until"],
        spread_ms=data["spread_ms"],
        waiting=set(data["centers"]),
    )


def _reported(state: HubState, entry: Entry) -> None:
    if entry.data["check"] in state.parts.read(Checks).running:
        running = state.parts.edit(Checks).running[entry.data["check"]]
        running.waiting.discard(entry.data["center"])


def _over(state: HubState, entry: Entry) -> None:
    if entry.data["check"] not in state.parts.read(Checks).running:
        return
    running = state.parts.edit(Checks).running
    del running[entry.data["check"]]
    if not running:
        state.parts.forget(Checks)


#: What the entries of checks are about: a restart needs those of checks that run.
CHECK: Final = Subject(
    lambda entry: str(entry.data["check"]), lambda state, check: check in state.parts.read(Checks).running
)


RULES = RuleFile(
    "checks",
    commands=(
        CommandRule("check.start", CheckStart, _start, meeting="never"),
        CommandRule("check.report", CheckReport, _report, meeting="never"),
        CommandRule("check.cancel", CheckNamed, _cancel, meeting="never"),
        CommandRule("check.expire", NoData, _expire, meeting="never", system=True),
    ),
    entries=(
        EntryRule("check.started", CheckStarted, _started, reads="check.read", subject=CHECK),
        EntryRule("check.reported", CheckReported, _reported, reads="check.read", subject=CHECK),
        EntryRule("check.ended", CheckEnded, _over, reads="check.read", subject=CHECK),
    ),
    hub_due=_next,
)
