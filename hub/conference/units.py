"""Units (级联): a meeting of one level joins one of a level above, whose people see and hear its chair for all of it.

| command | refused with |
|---|---|
| `unit.invite`, `unit.ask` | `not_found`, `meeting_ended`, `forbidden`, `invalid` (levels), `wrong_state`, `too_many` |
| `unit.accept` | `not_found`, `meeting_ended`, `forbidden`, `wrong_state` (nothing proposed, chair not free) |
| `unit.end` | `not_found`, `meeting_ended`, `forbidden` |
| `unit.count` (the hub only) | `not_found`, `meeting_ended` |

The meeting above invites and the one below accepts, or the one below asks and the one above accepts; who proposes what the
other one has proposed accepts it. A meeting has at most one above, of a center above its own; a drill joins drills alone, a
secret meeting secret ones: one that gets another level than the other one parts from it. Its
chair then has a seat in the one above, which everything there takes for the unit: mute, broadcast, roll call; who leads below
sits there next. Both chairs may end it, and the end of either meeting does; the other one goes on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hub.clock import from_wire
from hub.conference.lock_shapes import Waiting
from hub.conference.sound_shapes import Sound
from hub.conference.stage_shapes import Stage
from hub.conference.unit_passing import PASSED, author, brought_back, brought_down
from hub.conference.unit_shapes import UnitEnd, UnitNo, UnitOf, UnitOver, Units, Upper
from hub.conference.unit_state import ENTRIES, unit_of, upper_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.gates import require_here, running_meeting, sees, signature_of
from hub.ruling import CommandRule, Context, Due, NoData, RuleFile
from hub.shapes import ParticipantRef
from hub.state import HubState, Meeting

#: Meetings that have joined another one, or may.
MAX_UNITS: Final = 64
#: How many are in a unit is told above at most so often.
COUNT_EVERY: Final = timedelta(seconds=5)


def _ref(meeting: Meeting) -> dict[str, Any]:
    host = meeting.convener
    return {
        "meeting": meeting.id,
        "title": meeting.title,
        "center": host.center,
        "center_name": host.center_name,
        "level": host.level,
    }


def _between(upper: Meeting, lower: Meeting) -> dict[str, Any]:
    return {"upper": _ref(upper), "lower": _ref(lower)}


def _both(upper: Meeting, lower: Meeting, kind: str, **data: Any) -> list[Draft]:
    """The same fact in the records of both."""
    between = {**_between(upper, lower), **data}
    return [Draft(kind, upper.id, between), Draft(kind, lower.id, between)]


def _is_between(upper: Meeting, lower: Meeting) -> bool:
    """Whether they have joined, or may."""
    return lower.id in upper.read(Units).rows


def _other(state: HubState, own: Meeting, wanted: str, context: Context) -> Meeting:
    """The other meeting, running or ended. Raises Refusal `not_found` for one that the asker knows nothing of."""
    other = state.meetings.get(wanted)
    if other is None or not (
        _is_between(own, other) or _is_between(other, own) or sees(context.account, context.tree, other)
    ):
        raise Refusal("not_found", "there is no such meeting", "other")
    return other


def _led(state: HubState, command: Command, context: Context, wanted: str) -> tuple[Meeting, Meeting]:
    """The meeting that is led here, and the other one, both running. Raises Refusal as the table says."""
    own = running_meeting(state, command, context)
    require_here(own, "meeting.control", context)
    other = _other(state, own, wanted, context)
    if not other.is_open:
        raise Refusal("meeting_ended", "the other meeting has ended", "other")
    return own, other


def _proposed(upper: Meeting, lower: Meeting, how: str, context: Context) -> list[Draft]:
    tree, above, below = context.tree, upper.convener.center, lower.convener.center
    if above == below or not tree.contains(above, below):
        raise Refusal("invalid", "a meeting joins one of a center above its own", "other")
    if upper.drill != lower.drill:
        raise Refusal("wrong_state", "a drill joins drills alone: what it shows would pass for real", "other")
    if upper.level != lower.level:
        raise Refusal("wrong_state", "both meetings have to be of one level of secrecy", "other")
    before = lower.read(Upper)
    if before.of is not None and before.of.meeting != upper.id:
        raise Refusal("wrong_state", "the meeting below has joined another one, or may", "other")
    if before.state in (how, "joined"):
        return []
    if before.state is not None:
        return _joining(upper, lower, context)
    if len(upper.read(Units).rows) >= MAX_UNITS:
        raise Refusal("too_many", f"at most {MAX_UNITS} meetings join one", "other")
    by = signature_of(context.account, context.tree)
    return _both(upper, lower, "unit.proposed", state=how, by=by)


def _invite(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Invite a meeting of a level below to join this one as a unit."""
    own, other = _led(state, command, context, UnitOf.model_validate(command.data).other)
    return _proposed(own, other, "invited", context)


def _ask(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Ask a meeting above to let this one join it as a unit."""
    own, other = _led(state, command, context, UnitOf.model_validate(command.data).other)
    return _proposed(other, own, "asked", context)


def _accept(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Let a meeting join that asked to, or join one that invited this one."""
    own, other = _led(state, command, context, UnitOf.model_validate(command.data).other)
    below, above = own.read(Units).rows.get(other.id), own.read(Upper)
    if below is not None and below.state != "invited":
        return [] if below.state == "joined" else _joining(own, other, context)
    if above.of is not None and above.of.meeting == other.id and above.state != "asked":
        return [] if above.state == "joined" else _joining(other, own, context)
    raise Refusal("wrong_state", "the other meeting has not proposed it, or does no more", "other")


def _end(state: HubState, command: Command, context: Context) -> list[Draft]:
    own = running_meeting(state, command, context)
    require_here(own, "meeting.control", context)
    data = UnitOver.model_validate(command.data)
    other = _other(state, own, data.other, context)
    upper, lower = (other, own) if _is_between(other, own) else (own, other)
    row = upper.read(Units).rows.get(lower.id)
    if row is None:
        return []
    if row.state == "joined":
        return _parting(upper, lower, "upper" if own is upper else "lower", context, data.reason)
    mine = row.state == ("invited" if own is upper else "asked")
    return _declined(upper, lower, "withdrawn" if mine else "refused", context, data.reason)


def _count(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Tell the meeting above how many are here."""
    lower = running_meeting(state, command, context)
    upper = upper_of(state, lower)
    present = _present(lower)
    if upper is None or present == lower.read(Upper).told:
        return []
    counted = {"present": present[0], "called": present[1]}
    return _both(upper, lower, "unit.counted", **counted)[:1]


def _present(meeting: Meeting) -> tuple[int, int]:
    return len(meeting.joined), len(meeting.centers)


def _cannot_sit(upper: Meeting, who: ParticipantRef) -> str | None:
    """Why this chair cannot speak for his meeting in the one above; None if he can."""
    seat, waits = upper.seats.get(who.id), upper.read(Waiting).rows.get(who.id)
    if seat is not None and seat.state == "removed":
        return "the chair below was removed from the meeting above"
    if seat is not None and seat.state == "joined":
        return "the chair below is in the meeting above himself"
    if waits is not None and waits.state == "waiting":
        return "the chair below waits at the meeting above himself"
    return None


def _comes_muted(meeting: Meeting, participant: str) -> bool:
    """Whether he is muted once he has a seat here."""
    seat = meeting.seats.get(participant)
    return meeting.read(Sound).joins_muted if seat is None else seat.muted


def _joining(upper: Meeting, lower: Meeting, context: Context) -> list[Draft]:
    chair = lower.chair
    seat = lower.seats.get(chair.id)
    if seat is None or seat.state != "joined":
        raise Refusal("wrong_state", "the chair below is not in his meeting now", "other")
    why = _cannot_sit(upper, chair)
    if why is not None:
        raise Refusal("wrong_state", why, "other")
    muted = _comes_muted(upper, chair.id)
    present, called = _present(lower)
    who = chair.model_dump(mode="json")
    joined = _both(
        upper,
        lower,
        "unit.joined",
        chair=who,
        by=signature_of(context.account, context.tree),
        muted=muted,
        present=present,
        called=called,
    )
    sits = Draft("meeting.joined", upper.id, {"participant": who, "unit": lower.id})
    return [*joined, sits, *brought_down(upper, lower, _between(upper, lower))]


def _parting(
    upper: Meeting,
    lower: Meeting,
    reason: UnitEnd,
    context: Context,
    why: str = "",
    *,
    seated: bool = True,
    over: Meeting | None = None,
) -> list[Draft]:
    """They are two conferences again. `seated`: whether the chair below still has his seat above; `over`: which one ends."""
    left = _both(upper, lower, "unit.left", by=author(context), reason=reason, why=why)
    who = upper.read(Units).rows[lower.id].participant
    goes = [Draft("meeting.left", upper.id, {"participant": who, "unit": lower.id})] if seated else []
    back = [] if over is lower else brought_back(upper, lower)
    return [*left, *goes, *back]


def _declined(upper: Meeting, lower: Meeting, no: UnitNo, context: Context, why: str = "") -> list[Draft]:
    return _both(upper, lower, "unit.declined", by=author(context), reason=no, why=why)


def _before_the_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """A meeting that ends is one with no other any more, and nothing more comes of what was proposed."""
    meeting = state.meetings[draft.meeting or ""]
    drafts: list[Draft] = []
    for upper, lower, how in _joined_or_may(state, meeting):
        if how == "joined":
            drafts += _parting(upper, lower, "ended", context, over=meeting)
        else:
            drafts += _declined(upper, lower, "ended", context)
    return drafts


def _with_another_level(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Nothing of a secret meeting is seen in one that is not; and the record of that one does not say why."""
    meeting = state.meetings[draft.meeting or ""]
    drafts: list[Draft] = []
    for upper, lower, how in _joined_or_may(state, meeting) if meeting.is_open else ():
        if how == "joined":
            drafts += _parting(upper, lower, "upper" if upper is meeting else "lower", context)
        else:
            drafts += _declined(upper, lower, "withdrawn", context)
    return drafts


def _joined_or_may(state: HubState, meeting: Meeting) -> list[tuple[Meeting, Meeting, str]]:
    """The pairs that this meeting is one of, or may be: (above, below, how it stands)."""
    above = meeting.read(Upper)
    pairs: list[tuple[Meeting, Meeting, str]] = [
        (meeting, state.meetings[each], row.state) for each, row in meeting.read(Units).rows.items()
    ]
    if above.of is not None and above.state is not None:
        pairs.append((state.meetings[above.of.meeting], meeting, above.state))
    return pairs


def _after_going(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """The chair of a unit left the meeting above by himself, or was put out: so did his meeting."""
    meeting = state.meetings[draft.meeting or ""]
    unit = unit_of(meeting, draft.data["participant"])
    if unit is None or draft.data.get("unit") is not None:
        return []
    reason: UnitEnd = "removed" if draft.kind == "participant.removed" else "left"
    return _parting(meeting, state.meetings[unit.of.meeting], reason, context, seated=False)


def _after_another_chair(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """Who leads a unit sits and speaks for it above, muted and shown as his predecessor was."""
    lower = state.meetings[draft.meeting or ""]
    upper = upper_of(state, lower)
    if upper is None:
        return []
    who = draft.data["participant"]
    row = upper.read(Units).rows[lower.id]
    if row.participant is None or row.participant == who["id"]:
        return []
    if _cannot_sit(upper, ParticipantRef.model_validate(who)) is not None:
        return _parting(upper, lower, "chair", context)
    before = upper.seats[row.participant]
    drafts = [
        *_both(upper, lower, "unit.led", chair=who)[:1],
        Draft("meeting.left", upper.id, {"participant": before.id, "unit": lower.id}),
        Draft("meeting.joined", upper.id, {"participant": who, "unit": lower.id}),
    ]
    if before.muted != _comes_muted(upper, who["id"]):
        kind = "participant.muted" if before.muted else "participant.unmuted"
        drafts.append(Draft(kind, upper.id, {"participant": who["id"]}))
    if upper.read(Stage).broadcast == before.id:
        drafts.append(Draft("stage.broadcast", upper.id, {"participant": who["id"]}))
    return drafts


def _counts(meeting: Meeting) -> Due | None:
    upper = meeting.read(Upper)
    if upper.state != "joined" or upper.counted_at is None or _present(meeting) == upper.told:
        return None
    return Due(from_wire(upper.counted_at) + COUNT_EVERY, "unit.count", meeting.id, "present")


RULES = RuleFile(
    "units",
    part=Units,
    commands=(
        CommandRule("unit.invite", UnitOf, _invite),
        CommandRule("unit.ask", UnitOf, _ask),
        CommandRule("unit.accept", UnitOf, _accept),
        CommandRule("unit.end", UnitOver, _end),
        CommandRule("unit.count", NoData, _count, system=True),
    ),
    entries=ENTRIES,
    precedes={"meeting.ended": _before_the_end},
    follows={
        "meeting.left": _after_going,
        "participant.removed": _after_going,
        "chair.changed": _after_another_chair,
        "secrecy.raised": _with_another_level,
        "secrecy.lowered": _with_another_level,
    },
    due=_counts,
)
#: What the meeting below keeps; and what comes down to it from the one above.
UPPER = RuleFile("upper", part=Upper, follows=PASSED)
