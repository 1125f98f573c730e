"""Reports on the situation, from a center upward.

| command | refused with |
|---|---|
| `report.file` | `forbidden` (role); in a meeting `not_found`, `meeting_ended`, `not_joined`, `removed` |

A report in a meeting is read by the meeting; every report is read by its center and the centers above.
"""

from __future__ import annotations

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from hub.directory.permissions import may
from hub.entry import EVERYONE_IN_MEETING, Command, Draft, center_audience
from hub.errors import Refusal
from hub.fields import Text
from hub.gates import require_joined, running_meeting
from hub.objects.reference import NamedObject, attached
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile
from hub.shapes import Situation, Wire
from hub.state import HubState


class ReportFile(CommandData):
    """Report the situation of one's own center."""

    situation: Situation
    """一切正常 or 有情况."""
    text: Text = Field(default="", max_length=2000, validate_default=True)
    """What is the matter; needed when abnormal."""
    attachments: list[NamedObject] = attached()
    """Photos and files, uploaded before."""

    @field_validator("text")
    @classmethod
    def _abnormal_says_what(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("situation") == "abnormal" and not text:
            raise PydanticCustomError("text_needed", "an abnormal situation needs a text")
        return text


class ReportFiled(Wire):
    """A center reported."""

    report: str
    situation: Situation
    text: str
    center: str
    name: str
    attachments: list[NamedObject] = attached()


def _file(state: HubState, command: Command, context: Context) -> list[Draft]:
    account = context.account
    if not may(account, "report.file", context.tree, account.center):
        raise Refusal("forbidden", "this role files no reports")
    audience: tuple[str, ...] = (center_audience(account.center),)
    if command.meeting is not None:
        require_joined(running_meeting(state, command, context), context)
        audience = (EVERYONE_IN_MEETING, *audience)
    data = ReportFile.model_validate(command.data)
    filed = {
        "report": context.new_id("e"),
        "situation": data.situation,
        "text": data.text,
        "center": account.center,
        "name": context.tree[account.center].name,
        "attachments": [each.model_dump() for each in data.attachments],
    }
    return [Draft("report.filed", command.meeting, filed, audience)]


def _of_an_answer(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What a center answers in a roll call is a report; what the chair marks for it is none."""
    answer = draft.data
    if answer["report"] is None:
        return []
    filed = {
        "report": answer["report"],
        "situation": answer["situation"],
        "text": answer["text"],
        "center": answer["center"],
        "name": context.tree[answer["center"]].name,
        "attachments": [],
    }
    return [
        Draft("report.filed", draft.meeting, filed, (EVERYONE_IN_MEETING, center_audience(answer["center"])))
    ]


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
        ),
    ),
    precedes={"roll_call.answered": _of_an_answer},
)
