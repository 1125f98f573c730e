"""Plans, as they are told."""

from __future__ import annotations

from hub.called import Reach
from hub.plans.shapes import PlanBanner, PlanMeeting, PlanOrder, PlanTask
from hub.shapes import Author, Wire


class Plan(Wire):
    """What an event of some kind needs, prepared under a name."""

    id: str
    name: str
    event: str
    """For what kind of event; may be empty."""
    meeting: PlanMeeting
    """The meeting that it opens."""
    centers: list[str]
    """Codes of the centers that it calls one by one."""
    reaches: list[Reach]
    groups: list[str]
    """Ids of groups of the center; one that is gone calls nobody."""
    backup: Author | None
    """Who stands by as the chair."""
    co_chairs: list[Author]
    banner: PlanBanner | None
    orders: list[PlanOrder]
    tasks: list[PlanTask]
    by: Author
    """Who saved it last."""
    at: str
    seq: int
    """The entry that saved it last; a change names it."""
