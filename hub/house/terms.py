"""How long a sign-in is good: by the policy of now, whenever it began."""

from __future__ import annotations

from datetime import datetime, timedelta

from hub.house.policies import Policy


def good_until(policy: Policy, role: str, begun: datetime, active: datetime, expires: datetime) -> datetime:
    """When a sign-in of this role ends.

    It `begun` then, a person last did something at `active`, and unused it would end at `expires`.
    """
    terms = policy.of_role(role)
    if terms is None:
        return expires
    ends = [expires]
    if terms.hours:
        ends.append(begun + timedelta(hours=terms.hours))
    if terms.idle_minutes:
        ends.append(max(begun, active) + timedelta(minutes=terms.idle_minutes))
    return min(ends)
