"""Templates of meetings: what is convened or booked again and again, kept for oneself or for one's center.

| command | refused with |
|---|---|
| `template.save` | `forbidden`, `not_found` (center, template), `invalid`, `too_many` |
| `template.remove` | `not_found` |
| `template.convene` | `forbidden`, `not_found` (template, center), `invalid` (nobody left to call), `too_many` |

Words for many (`reaches`) are kept as words: a township that is new is called with the others. A template of one's own is
nobody else's to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import ConfigDict, Field

from hub.called import (
    Reach,
    called_codes,
    centers_field,
    first_names,
    reaches_field,
)
from hub.codes import PackedCodes
from hub.conference.booking_shapes import EARLIEST_NOTICE, LONGEST, SHORTEST
from hub.conference.opening import Convening, opening, require_convener
from hub.directory.permissions import may
from hub.entry import Command, Draft, Entry, account_audience, center_audience
from hub.errors import Refusal
from hub.fields import CenterCode, ObjectId, Text
from hub.gates import signature_of
from hub.parts import Part
from hub.ruling import CommandData, CommandRule, Context, Document, EntryRule, RuleFile, Subject
from hub.shapes import Author, MeetingKind, Wire
from hub.state import HubState

#: Templates of one account, and of one center.
MAX_KEPT: Final = 100


class TemplateSave(CommandData):
    """Keep a template, or another state of one."""

    template: ObjectId | None = None
    """Which one; null for a new one."""
    scope: Literal["mine", "center"]
    """Whose it is; that of one that is kept already does not change."""
    title: Text = Field(min_length=1, max_length=100)
    """What its meetings are about."""
    kind: MeetingKind
    """指挥调度 or 会商研判."""
    centers: list[CenterCode] = centers_field()
    """Codes of centers to call, each within the caller's own subtree. Repetitions count once."""
    reaches: list[Reach] = reaches_field()
    """Centers with those below them, down to a level each; who that is, is asked when the template is used."""
    record: bool = True
    """Whether recording starts with the meeting."""
    minutes: int = Field(default=60, ge=SHORTEST, le=LONGEST)
    """How long its meetings are meant to last."""
    notice_minutes: int = Field(default=10, ge=0, le=EARLIEST_NOTICE)
    """How long before a booked one those called are told; 0 for not at all."""
    note: Text = Field(default="", max_length=1000)
    """What those called should know beforehand."""


class TemplateRemove(CommandData):
    """Keep a template no longer."""

    template: ObjectId
    """Which one."""


class TemplateConvene(CommandData):
    """Open a meeting from a template now."""

    template: ObjectId
    """Which one."""
    title: Text = Field(default="", max_length=100)
    """What it is about; empty: the template's."""


class TemplateSaved(Wire):
    """A template is kept, new or other than before."""

    template: str
    scope: Literal["mine", "center"]
    title: str
    kind: MeetingKind
    centers: list[str]
    names: list[str]
    """Names of the first three centers and tops of reaches."""
    reaches: list[Reach]
    record: bool
    minutes: int
    notice_minutes: int
    note: str
    by: Author


class TemplateRemoved(Wire):
    """A template is kept no longer."""

    template: str


@dataclass(slots=True)
class Template:
    """A template, as far as rules need it."""

    id: str
    scope: str
    account: str
    center: str
    title: str
    kind: str
    centers: PackedCodes
    reaches: tuple[Reach, ...]
    record: bool


class Templates(Part):
    """Every template."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    by_id: dict[str, Template] = Field(default_factory=dict)


def _kept(state: HubState, id: str, context: Context) -> Template:
    """A template that the asker may use and change. Raises Refusal `not_found`."""
    template, account = state.parts.read(Templates).by_id.get(id), context.account
    if template is not None and (
        template.account == account.id
        if template.scope == "mine"
        else may(account, "booking.make", context.tree, template.center)
    ):
        return template
    raise Refusal("not_found", "there is no such template", "template")


def _save(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = TemplateSave.model_validate(command.data)
    account, tree = context.account, context.tree
    if not may(account, "booking.make", tree, account.center):
        raise Refusal("forbidden", "this role books no meetings")
    by, scope = signature_of(account, tree), data.scope
    if data.template is None:
        id = context.new_id("t")
        templates = state.parts.read(Templates).by_id.values()
        mine, center = ("mine", account.id), ("center", account.center)
        wanted = mine if scope == "mine" else center
        of = [(each.scope, each.account if each.scope == "mine" else each.center) for each in templates]
        if of.count(wanted) >= MAX_KEPT:
            raise Refusal("too_many", f"{MAX_KEPT} templates are kept; remove some")
    else:
        kept = _kept(state, data.template, context)
        id, scope = kept.id, "mine" if kept.scope == "mine" else "center"
        if kept.center in tree:
            by = {**by, "center": kept.center, "center_name": tree[kept.center].name}
    called_codes(list(data.centers), list(data.reaches), "booking.make", context)
    centers = list(dict.fromkeys(data.centers))
    saved = {
        "template": id,
        **data.model_dump(
            include={"title", "kind", "reaches", "record", "minutes", "notice_minutes", "note"}
        ),
        "scope": scope,
        "centers": centers,
        "names": first_names([*centers, *(reach.center for reach in data.reaches)], context),
        "by": by,
    }
    return [Draft("template.saved", None, saved, _audience(scope, account.id, by["center"]))]


def _audience(scope: str, account: str, center: str) -> tuple[str, ...]:
    return (account_audience(account),) if scope == "mine" else (center_audience(center),)


def _remove(state: HubState, command: Command, context: Context) -> list[Draft]:
    template = _kept(state, TemplateRemove.model_validate(command.data).template, context)
    audience = _audience(template.scope, template.account, template.center)
    return [Draft("template.removed", None, {"template": template.id}, audience)]


def _convene(state: HubState, command: Command, context: Context) -> list[Draft]:
    data = TemplateConvene.model_validate(command.data)
    template, account = _kept(state, data.template, context), context.account
    reaches = [reach for reach in template.reaches if reach.center in context.tree]
    centers = [code for code in template.centers if code in context.tree]
    require_convener(state, account, context)
    called = called_codes(centers, reaches, "meeting.open", context)
    wanted = Convening(data.title or template.title, template.kind, called, template.record)
    return [opening(wanted, account, context)]


def _saved(state: HubState, entry: Entry) -> None:
    data: dict[str, Any] = dict(entry.data)
    state.parts.edit(Templates).by_id[data["template"]] = Template(
        id=data["template"],
        scope=data["scope"],
        account=data["by"]["account"],
        center=data["by"]["center"],
        title=data["title"],
        kind=data["kind"],
        centers=PackedCodes(data["centers"]),
        # they were called groups at first
        reaches=tuple(Reach.model_validate(each) for each in data.get("reaches", data.get("groups", ()))),
        record=data["record"],
    )


def _removed(state: HubState, entry: Entry) -> None:
    state.parts.edit(Templates).by_id.pop(entry.data["template"], None)


def _is_kept(state: HubState, template: str) -> bool:
    return template in state.parts.read(Templates).by_id


_TEMPLATE: Final = Subject(lambda entry: str(entry.data["template"]), _is_kept)
_DOCUMENT: Final = Document("template", "template")


RULES = RuleFile(
    "templates",
    commands=(
        CommandRule("template.save", TemplateSave, _save, meeting="never"),
        CommandRule("template.remove", TemplateRemove, _remove, meeting="never"),
        CommandRule("template.convene", TemplateConvene, _convene, meeting="never"),
    ),
    entries=(
        EntryRule(
            "template.saved",
            TemplateSaved,
            _saved,
            "booking.read",
            _DOCUMENT,
            everywhere=True,
            subject=_TEMPLATE,
        ),
        EntryRule(
            "template.removed",
            TemplateRemoved,
            _removed,
            "booking.read",
            _DOCUMENT,
            everywhere=True,
            subject=_TEMPLATE,
        ),
    ),
)
