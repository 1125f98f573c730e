"""What becomes of a finding: a report, an incident or an order, made by the command of its own file of rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from hub.cameras.patrol_shapes import PatrolFinding
from hub.cameras.patrol_state import Round, Stop
from hub.directory.permissions import may
from hub.dispatch import incidents, orders
from hub.dispatch.report_shapes import ReportFile
from hub.dispatch.reports import report_of
from hub.entry import Command, Draft
from hub.errors import Refusal
from hub.objects.reference import NamedObject
from hub.ruling import Context
from hub.state import HubState

#: Commands of other files that findings give.
_COMMANDS: Final = {rule.kind: rule for file in (incidents.RULES, orders.RULES) for rule in file.commands}
#: So much of the text stands in for a title.
_TITLE: Final = 60


def made_of(
    state: HubState,
    command: Command,
    one: Round,
    stop: Stop,
    finding: PatrolFinding,
    attachments: Sequence[NamedObject],
    context: Context,
) -> tuple[list[Draft], str]:
    """The drafts that it becomes, and the id of what they make. Raises what that command is refused with."""
    files = [each.model_dump(mode="json") for each in attachments]
    place = finding.place or stop.name
    if finding.becomes == "report":
        return _report(one, finding, files, place, context)
    about = {"what": "patrol", "id": one.id}
    data: dict[str, Any] = {
        "text": finding.text,
        "due": finding.due,
        "about": about,
        "attachments": files,
    }
    if finding.becomes == "order":
        kind = "order.issue"
        data |= {"priority": finding.urgency, "targets": finding.targets}
    else:
        kind = "incident.register"
        own = may(context.account, "incident.manage", context.tree, stop.center)
        data |= {
            "kind": "incident",
            "source": "patrol",
            "title": finding.title or finding.text.splitlines()[0][:_TITLE],
            "category": finding.matter,
            "place": place,
            "urgency": finding.urgency,
            "site": stop.center if own else None,
        }
    rule = _COMMANDS[kind]
    checked = rule.schema.model_validate(data).model_dump(mode="json")
    drafts = rule.decide(state, Command(command.id, kind, None, checked), context)
    field = "order" if finding.becomes == "order" else "incident"
    return drafts, str(drafts[0].data[field])


def _report(
    one: Round, finding: PatrolFinding, files: list[dict[str, Any]], place: str, context: Context
) -> tuple[list[Draft], str]:
    account = context.account
    if not may(account, "report.file", context.tree, account.center):
        raise Refusal("forbidden", "this role files no reports", "finding")
    said = ReportFile.model_validate(
        {
            "situation": "abnormal",
            "text": finding.text,
            "category": finding.category,
            "place": place,
            "urgency": finding.urgency,
            "attachments": files,
        }
    )
    draft = report_of(said, account.center, context, patrol=one.id)
    return [draft], str(draft.data["report"])
