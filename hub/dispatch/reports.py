"""Reports on the situation, from a center upward.

| command | refused with |
|---|---|
| `report.file` | `forbidden` (role); in a meeting `not_found`, `meeting_ended`, `not_joined`, `removed` |

A report in a meeting is read by the meeting; every report is read by its center and the centers above. What a center answers
in a roll call or to a task is a report, too. It is never changed: a further one corrects it.
"""

from __future__ import annotations

from hub.directory.permissions import may
from hub.dispatch.report_shapes import ReportFields, ReportFile, ReportFiled
from hub.entry import EVERYONE_IN_MEETING, Command, Draft, center_audience
from hub.errors import Refusal
from hub.gates import require_joined, running_meeting
from hub.ruling import CommandRule, Context, Document, EntryRule, RuleFile
from hub.state import HubState


def _file(state: HubState, command: Command, context: Context) -> list[Draft]:
    account = context.account
    if not may(account, "report.file", context.tree, account.center):
        raise Refusal("forbidden", "this role files no reports")
    if command.meeting is not None:
        require_joined(running_meeting(state, command, context), context)
    return [
        report_of(ReportFile.model_validate(command.data), account.center, context, meeting=command.meeting)
    ]


def report_of(
    said: ReportFields,
    center: str,
    context: Context,
    *,
    meeting: str | None = None,
    task: str | None = None,
    report: str | None = None,
    patrol: str | None = None,
) -> Draft:
    """What a center says of itself, as a report with this id or a fresh one; in a meeting all there read it."""
    filed = {
        "report": report or context.new_id("e"),
        **said.said(),
        "center": center,
        "name": context.tree[center].name,
        "task": task,
        "patrol": patrol,
    }
    audience = (EVERYONE_IN_MEETING,) if meeting is not None else ()
    return Draft("report.filed", meeting, filed, (*audience, center_audience(center)))


def _of_an_answer(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What a center answers in a roll call is a report; what the chair marks for it is none."""
    answer = draft.data
    if answer["report"] is None:
        return []
    said = ReportFile(situation=answer["situation"], text=answer["text"])
    return [report_of(said, answer["center"], context, meeting=draft.meeting, report=answer["report"])]


RULES = RuleFile(
    "reports",
    commands=(CommandRule("report.file", ReportFile, _file, meeting="optional"),),
    entries=(
        EntryRule(
            "report.filed",
            ReportFiled,
            reads="report.read",
            document=Document("report", "report"),
            everywhere=True,
            control="none",
        ),
    ),
    precedes={"roll_call.answered": _of_an_answer},
)
