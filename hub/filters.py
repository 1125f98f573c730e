"""What is wanted of the lists of orders, reports, incidents, alarms and decisions: a value between who asks and who reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which rows of a list are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: The one with this id.
    id: str | None = None
    #: Of this meeting.
    meeting: str | None = None
    #: Of this center or one below it: an order's issuer or target, who reported, who decided.
    center: str | None = None
    #: With these words in the text, as written.
    text: str | None = None
    #: Issued, filed or decided from then on, and until then.
    since: str | None = None
    until: str | None = None
    #: The row with this id ended the page before: only rows older than it.
    before: str | None = None
    #: An order's `state`, that of its slowest target that is seen; an alarm's, and a report's by its alarm; of tasks
    #: `current` or `over`.
    state: str | None = None
    #: An order's `priority`.
    priority: str | None = None
    #: A report's `situation`, `category` and `urgency`, and the task that it answers.
    situation: str | None = None
    category: str | None = None
    urgency: str | None = None
    task: str | None = None
    #: An alarm's `kind`, and the report that it came from.
    kind: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which orders of the ledger are wanted; None: whatever it is."""

    #: `open`, `unsigned`, `doing`, `late`, `check` (completed, not accepted), `asked` (more time), `ended`, `all`.
    state: str = "open"
    #: Issued by one's own center, to it, or by one below it.
    side: str | None = None
    #: Of this center or one below it: the issuer or a target.
    center: str | None = None
    priority: str | None = None
    #: Only those that are supervised.
    supervised: bool = False
    #: With these words in the text or the number, as written.
    text: str | None = None
    #: That follow from this report, alarm, incident or decision.
    about: str | None = None
    #: The order with this id ended the page before.
    before: str | None = None


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which bookings are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: In one of these states; none: in any.
    states: tuple[str, ...] = ()
    #: Booked by this center or one below it, or calling one of them.
    center: str | None = None
    #: With these words in the title, as written.
    text: str | None = None
    #: Beginning from then on, and until then.
    since: str | None = None
    until: str | None = None
    #: The booking with this id ended the page before.
    after: str | None = None
    #: The latest one first, instead of the earliest.
    latest_first: bool = False


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: In one of these states; none: in any.
    states: tuple[str, ...] = ()
    #: Overdue, and not reported done.
    late: bool = False
    kind: str | None = None
    category: str | None = None
    urgency: str | None = None
    #: That ever concerned this center or one below it.
    center: str | None = None
    #: This center is responsible, or checks.
    responsible: str | None = None
    checker: str | None = None
    #: Taken in in this meeting.
    meeting: str | None = None
    #: Joined into this one.
    main: str | None = None
    #: Made from this report or alarm.
    about: str | None = None
    #: With these words in title, text, place or number, as written.
    text: str | None = None
    #: Taken in from then on, and until then.
    since: str | None = None
    until: str | None = None
    #: The incident with this id ended the page before.
    after: str | None = None


@dataclass(frozen=True, slots=True)
class RoundFilter:
    """Which rounds of patrols are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: In one of these states; none: in any.
    states: tuple[str, ...] = ()
    #: Only those that were not done by their time.
    late: bool = False
    #: Only those in which something was found.
    found: bool = False
    route: str | None = None
    #: Walked by this center or one below it.
    center: str | None = None
    #: With these words in the title, as written.
    text: str | None = None
    #: Opened from then on, and until then.
    since: str | None = None
    until: str | None = None
    #: The round with this id ended the page before.
    before: str | None = None


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings of patrols are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: What became of them: `report`, `incident`, `order`; none: whatever it was.
    made: tuple[str, ...] = ()
    route: str | None = None
    #: Found by this center or one below it.
    center: str | None = None
    #: With these words in what was said, in the place, in the title of the route, or in the name of the camera or its center.
    text: str | None = None
    #: Found from then on, and until then.
    since: str | None = None
    until: str | None = None
    #: The finding of this entry ended the page before.
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit are wanted; None: whatever it is. Times are as on the wire, both ends included."""

    #: Of these kinds; at least one.
    kinds: tuple[str, ...]
    #: Done by this account, or about it.
    who: str | None = None
    #: Done by this account: what it commanded, and its own sign-ins and looks, which the hub tells of.
    actor: str | None = None
    #: Done by, or about, somebody of one of these centers.
    centers: tuple[str, ...] | None = None
    since: str | None = None
    until: str | None = None
    #: With these words in what they hold, or in the name of whom they are about.
    text: str | None = None
    #: Only entries with a smaller number.
    before: int | None = None
    #: Whether entries that name secret meetings are wanted: for who is cleared.
    cleared: bool = False


#: The first page of all that one may see.
EVERYTHING: Final = ListFilter()


#: What a hit is, as the page parts them.
SORTS: Final = (
    "meeting",
    "person",
    "order",
    "answer",
    "report",
    "incident",
    "patrol",
    "decision",
    "note",
    "mark",
    "banner",
    "task",
    "booking",
    "duty",
    "said",
)


@dataclass(frozen=True, slots=True)
class FindFilter:
    """What is looked for among all that was written and said; None: whatever it is. Times are as on the wire."""

    #: Words that are all to be found, in whatever order; empty: whatever is written.
    text: str = ""
    #: Of SORTS; empty: all.
    sorts: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None
    #: Of this center or one below it: whose it is, an order's targets, an incident's centers.
    center: str | None = None
    meeting: str | None = None
    #: `open`: what is not over yet, the meeting, the order, the incident; `over`: what is.
    state: str | None = None
    #: Where the page before ended: the number of its last entry and that of its last line that was said.
    before: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class SpokenFilter:
    """When somebody of a center, or of one below it, had the word. Times are as on the wire, both ends included."""

    center: str
    since: str | None = None
    until: str | None = None
    meeting: str | None = None
    #: The meeting with this id ended the page before.
    before: str | None = None


@dataclass(frozen=True, slots=True)
class GridFilter:
    """Which grids are wanted; None: whatever it is."""

    #: Of this center's villages.
    center: str | None = None
    #: With these words in name, code or who works there, as written; or in a village of these.
    text: str | None = None
    villages: tuple[str, ...] = ()
    #: Only those in which nobody works.
    unassigned: bool = False
    #: Also those that are no more.
    ended: bool = False
    #: Brought with this list.
    batch: str | None = None
    #: After this code.
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ErrandFilter:
    """Which errands are wanted; None: whatever it is."""

    #: The one with this id.
    id: str | None = None
    #: Of these villages.
    centers: Collection[str] | None = None
    grid: str | None = None
    household: str | None = None
    #: In this state; `open`: all that go on.
    state: str | None = None
    kind: str | None = None
    #: Only those that go on and should have been done by this moment, as on the wire.
    late_at: str | None = None
    #: The entry that asked for the last one of the page before.
    before: int | None = None
