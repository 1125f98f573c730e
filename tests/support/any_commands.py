"""Random people who give random commands: every command that there is, sensible ones and senseless ones, while time passes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from hub.conference.checks import Checks
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.dispatch.incident_state import incidents_of
from hub.dispatch.task_state import tasks_of
from hub.entry import Entry
from hub.errors import Refusal
from hub.people import Accounts
from hub.rules import COMMAND_SCHEMAS, FILES, MEETING_USE, SYSTEM_COMMANDS
from hub.ruling import Due
from tests.support.plausible import plausible
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TOWN, VILLAGE, World, account

CENTERS = (CITY, COUNTY, TOWN, VILLAGE, OTHER_VILLAGE, OTHER_COUNTY)
PEOPLE = (
    *(account(role, center) for role in ("leader", "dispatcher", "station", "clerk") for center in CENTERS),
    account("audit_admin", CITY),
    account("system_admin", CITY),
    account("security_admin", CITY),
)
#: Those who usually act; drawn more often, so that most commands mean something.
USUAL = (
    account("leader", CITY, cleared=True),
    account("clerk", CITY, cleared=True),
    account("leader", COUNTY),
    account("station", VILLAGE),
    account("station", OTHER_VILLAGE, cleared=True),
)
#: What anybody may be tried to do.
KINDS = tuple(sorted(COMMAND_SCHEMAS.keys() - SYSTEM_COMMANDS))
#: What the people of one meeting do there.
KINDS_IN_MEETING = tuple(kind for kind in KINDS if MEETING_USE[kind] != "never" and kind != "meeting.end")


class CommandMachine(RuleBasedStateMachine):
    """A world that rules are tried in. `made` is told of the entries of each command that was not refused."""

    people = st.one_of(st.sampled_from(USUAL), st.sampled_from(USUAL), st.sampled_from(PEOPLE))
    pick = st.integers(0, 2)

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    def made(self, entries: list[Entry]) -> None:
        """For those who look at each command's entries."""

    def give(self, who: Any, kind: str, meeting: str | None, data: dict[str, Any]) -> bool:
        """Give a command, as who one is by now; whether it was not refused."""
        who = self.world.state.parts.read(Accounts).by_id.get(who.id, who)
        try:
            entries = self.world.do(who, kind, meeting, **data)
        except Refusal:
            return False
        self.made(entries)
        return True

    def one_meeting(self, pick: int) -> str:
        """Those that are open first."""
        known = self.world.state.meetings
        meetings = sorted(known, key=lambda id: (not known[id].is_open, id))
        return meetings[pick % len(meetings)] if meetings else "m_" + "0" * 18

    def known(self) -> dict[str, list[str]]:
        """Ids and codes that fields of these names may well hold."""
        recordings = [
            each.data["recording"] for each in self.world.entries if each.kind == "recording.started"
        ]
        return {
            "participant": [person.id for person in USUAL],
            "other": sorted(self.world.state.meetings),
            "order": sorted(self.world.state.orders),
            "alarm": sorted(self.world.state.alarms),
            "id": sorted(self.world.state.alarms),
            "task": sorted(tasks_of(self.world.state).by_id),
            "incident": sorted(incidents_of(self.world.state).by_id),
            "main": sorted(incidents_of(self.world.state).by_id),
            "site": list(CENTERS),
            "to": list(CENTERS),
            "subject": ["disk", "lost"],
            "recording": recordings,
            "decision": [
                each.data["decision"] for each in self.world.entries if each.kind == "decision.recorded"
            ],
            "amends": [
                each.data["decision"] for each in self.world.entries if each.kind == "decision.recorded"
            ],
            "responsible": list(CENTERS),
            "type": ["application/json"],
            "check": sorted(self.world.state.parts.read(Checks).running),
            "tour": [each.data["tour"] for each in self.world.entries if each.kind == "tour.started"],
            "banner": [each.data["banner"] for each in self.world.entries if each.kind == "banner.shown"],
            "center": list(CENTERS),
            "centers": list(CENTERS),
            "targets": list(CENTERS),
            "subtree": list(CENTERS),
        }

    @initialize(record=st.booleans())
    def a_usual_meeting(self, record: bool) -> None:
        chair = USUAL[0]
        fields = ("username", "name", "role", "center", "disabled")
        found = [{"account": each.id, **{name: getattr(each, name) for name in fields}} for each in USUAL]
        self.world.do(SYSTEM_ACCOUNT, "directory.adopt", accounts=found)
        for each in USUAL:
            if each.cleared:
                self.world.do(SYSTEM_ACCOUNT, "account.change", account=each.id, cleared=True)
        meeting = self.world.open(chair, COUNTY, VILLAGE, OTHER_VILLAGE, record=record)
        for who in USUAL[:4]:
            self.world.do(who, "meeting.join", meeting)
        self.world.do(chair, "order.issue", meeting, text="巡", targets=[VILLAGE, COUNTY])
        self.world.do(chair, "check.start", centers=[VILLAGE])
        self.made(self.world.entries)

    @rule(who=people, pick=pick, kind=st.sampled_from(KINDS), data=st.data())
    def do_anything(self, who: Any, pick: int, kind: str, data: st.DataObject) -> None:
        self._do(who, pick, kind, data)

    @rule(who=st.sampled_from(USUAL), kind=st.sampled_from(KINDS_IN_MEETING), data=st.data())
    def do_in_a_meeting(self, who: Any, kind: str, data: st.DataObject) -> None:
        self._do(who, 0, kind, data)

    @rule(kind=st.sampled_from(KINDS_IN_MEETING), data=st.data())
    def do_as_chair(self, kind: str, data: st.DataObject) -> None:
        self._do(USUAL[0], 0, kind, data)

    def _do(self, who: Any, pick: int, kind: str, data: st.DataObject) -> None:
        use = MEETING_USE[kind]
        named = use == "always" or (use == "optional" and data.draw(st.booleans()))
        meeting = self.one_meeting(pick) if named else None
        self.give(who, kind, meeting, data.draw(plausible(COMMAND_SCHEMAS[kind], self.known())))

    @rule(
        pick=pick, part=st.integers(0, 2), kind=st.sampled_from(("part_open", "part_close")), data=st.data()
    )
    def record_a_part(self, pick: int, part: int, kind: str, data: st.DataObject) -> None:
        meeting = self.one_meeting(pick)
        here = [
            str(each.data["recording"])
            for each in self.world.entries
            if each.kind == "recording.started" and each.meeting == meeting
        ]
        recording = here[part % len(here)] if here else "r_" + "0" * 18
        # The recorder gives a part's id once, whatever the recording.
        known = {**self.known(), "recording": [recording], "part": [f"p_{part}{recording[3:]}"]}
        made = data.draw(plausible(COMMAND_SCHEMAS[f"recording.{kind}"], known))
        self.give(SYSTEM_ACCOUNT, f"recording.{kind}", meeting, made)

    @rule(pick=st.integers(-1, 2), kind=st.sampled_from(("raise", "clear")), data=st.data())
    def something_is_the_matter(self, pick: int, kind: str, data: st.DataObject) -> None:
        """The hub raises an alarm about itself or a meeting, and clears it."""
        made = data.draw(plausible(COMMAND_SCHEMAS[f"alarm.{kind}"], self.known()))
        meeting = None if pick < 0 else self.one_meeting(pick)
        assert self.give(SYSTEM_ACCOUNT, f"alarm.{kind}", meeting, made)

    @rule(seconds=st.sampled_from((5, 60, 7200, 300_000)))
    def time_passes(self, seconds: int) -> None:
        """What comes due is done by the hub: it is never refused, and not due any more afterwards."""
        self.world.now += timedelta(seconds=seconds)
        while dues := self._due():
            due = dues[0]
            assert due.kind in SYSTEM_COMMANDS
            assert self.give(SYSTEM_ACCOUNT, due.kind, due.meeting, dict(due.data)), f"{due} was refused"
            assert due not in self._due(), f"{due} is due again"

    def _due(self) -> list[Due]:
        state = self.world.state
        asked = [
            *(
                file.due(meeting)
                for file in FILES
                if file.due
                for meeting in state.meetings.values()
                if meeting.is_open
            ),
            *(file.hub_due(state) for file in FILES if file.hub_due),
        ]
        return [due for due in asked if due is not None and due.at <= self.world.now]

    @rule(
        who=people,
        kind=st.sampled_from(sorted(COMMAND_SCHEMAS)),
        data=st.dictionaries(
            st.sampled_from(
                ("text", "order", "participant", "centers", "targets", "due", "at", "title", "kind")
            ),
            st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
            max_size=4,
        ),
    )
    def nonsense(self, who: Any, kind: str, data: dict[str, Any]) -> None:
        self.give(who, kind, self.one_meeting(0), data)
