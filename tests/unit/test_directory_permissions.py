"""The one walk through all rights: role × action × own, child, parent, sibling."""

from __future__ import annotations

import itertools

import pytest

from hub.directory.accounts import ADMINISTRATORS, AUDIT_ADMIN, ROLES
from hub.directory.permissions import ACTIONS, TABLE, may, may_grid, reads_entry, relation, sees_meeting
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    TREE,
    VILLAGE,
    account,
)

# The table once more, written by hand from the rights page of the design, not from the code:
# letters are own, child, parent, sibling, own grid; "-" is nothing.
EXPECTED = {
    #                    leader dispatcher station clerk  system security audit grid_leader grid_member
    "center.read": ("ocp", "ocp", "ocp", "ocp", "ocp", "ocp", "ocps", "ocp", "ocp"),
    "meeting.open": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "meeting.join": ("o", "o", "o", "o", "-", "-", "-", "-", "-"),
    "meeting.control": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "meeting.end": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "chair.hold": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "chair.take": ("oc", "c", "-", "-", "-", "-", "-", "-", "-"),
    "control.export": ("oc", "oc", "-", "oc", "-", "-", "-", "-", "-"),
    "sound.listen": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "sound.insert": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "group.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "layout.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "wall.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "plan.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "answering.change": ("oc", "oc", "o", "-", "-", "-", "-", "-", "-"),
    "meeting.minute": ("oc", "oc", "-", "o", "-", "-", "-", "-", "-"),
    "meeting.read": ("oc", "oc", "-", "oc", "-", "-", "ocps", "-", "-"),
    "minutes.write": ("oc", "oc", "-", "o", "-", "-", "-", "-", "-"),
    "minutes.approve": ("oc", "-", "-", "-", "-", "-", "-", "-", "-"),
    "minutes.read": ("oc", "oc", "-", "oc", "-", "-", "ocps", "-", "-"),
    "evidence.take": ("oc", "oc", "-", "oc", "-", "-", "-", "-", "-"),
    "hold.manage": ("-", "-", "-", "oc", "-", "-", "ocps", "-", "-"),
    "disposal.ask": ("-", "-", "-", "oc", "-", "-", "-", "-", "-"),
    "disposal.approve": ("oc", "-", "-", "-", "-", "-", "ocps", "-", "-"),
    "retention.set": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "secrecy.raise": ("oc", "o", "-", "o", "-", "-", "-", "-", "-"),
    "secrecy.lower": ("oc", "-", "-", "-", "-", "-", "-", "-", "-"),
    "note.add": ("ocp", "ocp", "-", "ocp", "-", "-", "-", "-", "-"),
    "recording.make": ("oc", "oc", "-", "oc", "-", "-", "-", "-", "-"),
    "report.file": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "report.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "alarm.acknowledge": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "alarm.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "order.issue": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "order.carry_out": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "order.follow": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "order.change": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "order.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "order.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "clearing.issue": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "clearing.carry_out": ("o", "o", "o", "-", "-", "-", "-", "g", "g"),
    "clearing.share": ("oc", "oc", "o", "-", "-", "-", "-", "-", "-"),
    "clearing.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "clearing.unmask": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "incident.register": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "incident.manage": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "incident.handle": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "incident.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "statistics.read": ("oc", "oc", "-", "oc", "-", "-", "ocps", "-", "-"),
    "duty.keep": ("oc", "oc", "o", "-", "-", "-", "-", "-", "-"),
    "duty.take": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "duty.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "duty.know": ("p", "p", "p", "p", "-", "-", "-", "-", "-"),
    "patrol.keep": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "patrol.walk": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "patrol.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "check.start": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "task.give": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "task.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "check.report": ("o", "o", "o", "-", "-", "-", "-", "-", "-"),
    "check.read": ("oc", "oc", "-", "-", "-", "-", "ocps", "-", "-"),
    "booking.make": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "booking.approve": ("oc", "-", "-", "-", "-", "-", "-", "-", "-"),
    "booking.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "-", "-"),
    "camera.read": ("oc", "oc", "o", "-", "oc", "-", "ocps", "-", "-"),
    "camera.watch": ("oc", "oc", "o", "-", "-", "-", "-", "-", "-"),
    "camera.move": ("oc", "oc", "o", "-", "-", "-", "-", "-", "-"),
    "camera.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "camera.manage": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "account.read": ("-", "-", "-", "-", "oc", "oc", "ocps", "-", "-"),
    "account.manage": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "account.guard": ("-", "-", "-", "-", "-", "oc", "-", "-", "-"),
    "center.manage": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "audit.read": ("-", "-", "-", "-", "-", "-", "ocps", "-", "-"),
    "audit.verify": ("-", "-", "-", "-", "-", "-", "ocps", "-", "-"),
    "audit.read_own": ("-", "-", "-", "-", "o", "o", "o", "-", "-"),
    "house.read": ("-", "-", "-", "-", "oc", "-", "ocps", "-", "-"),
    "house.manage": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "policy.manage": ("-", "-", "-", "-", "-", "oc", "-", "-", "-"),
    "policy.read": ("-", "-", "-", "-", "-", "ocps", "ocps", "-", "-"),
    "right.approve": ("-", "-", "-", "-", "-", "oc", "-", "-", "-"),
    "device.issue": ("-", "oc", "-", "-", "-", "-", "-", "o", "-"),
    "device.withdraw": ("-", "oc", "-", "-", "-", "-", "-", "o", "-"),
    "device.read": ("-", "oc", "-", "-", "-", "-", "ocps", "o", "-"),
    "grid.read": ("oc", "oc", "o", "oc", "oc", "-", "ocps", "g", "g"),
    "phone.call": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "grid.keep": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "grid.manage": ("-", "-", "-", "-", "oc", "-", "-", "-", "-"),
    "sweep.open": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "sweep.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "g", "g"),
    "visit.record": ("o", "o", "o", "-", "-", "-", "-", "g", "g"),
    "errand.take": ("o", "o", "o", "-", "-", "-", "-", "g", "g"),
    "errand.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "g", "g"),
    "gridtask.do": ("-", "-", "-", "-", "-", "-", "-", "g", "g"),
    "gridtask.read": ("oc", "oc", "o", "oc", "-", "-", "ocps", "g", "g"),
    "visit.settle": ("o", "o", "-", "-", "-", "-", "-", "g", "-"),
    "registry.read": ("oc", "oc", "-", "-", "-", "-", "-", "g", "g"),
    "registry.see": ("-", "-", "-", "-", "-", "-", "-", "g", "g"),
    "registry.unmask": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
    "registry.keep": ("o", "o", "-", "-", "-", "-", "-", "g", "g"),
    "registry.settle": ("o", "o", "-", "-", "-", "-", "-", "g", "-"),
    "registry.bring": ("oc", "oc", "-", "-", "-", "-", "-", "-", "-"),
    "view.keep": ("o", "o", "-", "-", "-", "-", "-", "-", "-"),
}
#: The archive's custody takes two persons of different duties: of those in the meetings' line one, and the audit administrator.
WITH_THE_AUDIT = {"hold.manage", "disposal.approve"}
PLACES = {"o": COUNTY, "c": VILLAGE, "p": CITY, "s": OTHER_COUNTY}


def test_what_is_allowed_in_ones_own_grid_is_allowed_nowhere_else() -> None:
    for (position, role), action in itertools.product(enumerate(ROLES), ACTIONS):
        letters = EXPECTED[action][position]
        for center, place in ((VILLAGE, "o"), (OTHER_VILLAGE, "s"), (TOWN, "p"), (OTHER_COUNTY, "s")):
            who = account(role, VILLAGE)
            assert may_grid(who, action, TREE, center, own=False) == (place in letters), f"{role} {action}"
            wanted = place in letters or ("g" in letters and center == VILLAGE)
            assert may_grid(who, action, TREE, center, own=True) == wanted, f"{role} {action} own at {center}"
        assert not may_grid(account(role, VILLAGE, disabled=True), action, TREE, VILLAGE, own=True)


def test_every_right_is_as_the_design_says() -> None:
    assert set(EXPECTED) == set(ACTIONS)
    for (position, role), action, (letter, center) in itertools.product(
        enumerate(ROLES), ACTIONS, PLACES.items()
    ):
        allowed = may(account(role, COUNTY), action, TREE, center)
        assert allowed == (letter in EXPECTED[action][position]), f"{role} {action} {letter}"
        assert not may(account(role, COUNTY, disabled=True), action, TREE, center), (
            f"disabled {role} {action}"
        )


def test_no_administrator_has_what_is_another_ones_to_do() -> None:
    """Whatever changes something is one administrator's, or none's; the audit administrator changes nothing at all, but
    says with others what is held and what may go."""
    for action, by_role in TABLE.items():
        if action in WITH_THE_AUDIT:
            continue
        doing = by_role.keys() & set(ADMINISTRATORS)
        if not action.endswith(".read") and action != "audit.read_own":
            assert len(doing) <= 1, f"{action}: {doing}"
            assert not doing or by_role.keys() == doing, f"{action} is not the house's alone"
        if AUDIT_ADMIN in doing:
            assert action.startswith("audit.") or action.endswith(".read"), action


def test_relations_of_far_and_unknown_centers() -> None:
    assert relation(TREE, CITY, VILLAGE) == "below"
    assert relation(TREE, VILLAGE, CITY) == "above"
    assert relation(TREE, VILLAGE, OTHER_VILLAGE) == "beside"
    assert relation(TREE, VILLAGE, OTHER_TOWN) == "beside"
    assert relation(TREE, CITY, "999999999999") == "beside"
    assert relation(TREE, "999999999999", "999999999999") == "beside"


def test_an_unknown_action_is_a_bug_not_a_no() -> None:
    with pytest.raises(KeyError):
        may(account("leader", CITY), "meeting.levitate", TREE, CITY)


def test_a_meeting_is_seen_by_the_called_and_by_the_readers_above_its_chair() -> None:
    called = (COUNTY, VILLAGE)
    seeing = {
        (role, center)
        for role in ROLES
        for center in (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)
        if sees_meeting(account(role, center), TREE, COUNTY, called, level="normal")
    }
    everyday = ("leader", "dispatcher", "station", "clerk")
    readers = ("leader", "dispatcher", "clerk")
    assert seeing == (
        {(role, center) for role in everyday for center in called}
        | {(role, CITY) for role in readers}
        | {("audit_admin", center) for center in (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)}
    )


def test_an_entry_is_read_by_its_audience_and_those_above() -> None:
    audience = (f"center:{VILLAGE}",)
    assert reads_entry(account("station", VILLAGE), TREE, audience, in_meeting=False)
    assert reads_entry(account("leader", TOWN), TREE, audience, in_meeting=False)
    assert reads_entry(account("clerk", CITY), TREE, audience, in_meeting=False)
    assert not reads_entry(account("station", TOWN), TREE, audience, in_meeting=False)
    assert not reads_entry(account("leader", OTHER_COUNTY), TREE, audience, in_meeting=True)
    assert not reads_entry(account("system_admin", CITY), TREE, audience, in_meeting=False)
    assert reads_entry(account("station", OTHER_VILLAGE), TREE, ("meeting",), in_meeting=True)
    assert not reads_entry(account("leader", CITY), TREE, ("meeting",), in_meeting=False)


def test_what_is_addressed_to_an_account_is_read_by_it_alone() -> None:
    reader = account("dispatcher", CITY)
    assert reads_entry(reader, TREE, (f"account:{reader.id}",), in_meeting=False)
    for other in (
        account("leader", CITY),
        account("audit_admin", CITY),
        account("dispatcher", CITY, number=1),
    ):
        assert not reads_entry(other, TREE, (f"account:{reader.id}",), in_meeting=False)
