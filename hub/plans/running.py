"""A plan is started (启动预案): its meeting is opened at once, then one step after the other is done by the clockwork.

| command | refused with |
|---|---|
| `plan.start` | `forbidden` (role), `not_found`, `conflict` (saved since), `invalid` (nobody left, no such step), `too_many` |
| `plan.step` (the hub only) | `not_found`, `meeting_ended`; what a step itself is refused with (`forbidden`) its entry tells |

A step is a command of another file of rules, given in the name of who started the plan and decided there; what it brings about
and that it is done are written together, so that a hub that is killed in between goes on with the next one and does none twice.
A step that is refused says why, and the others go on. In a drill the words of banner and tasks say that it is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from hub.called import Reach, reached
from hub.clock import from_wire, to_wire
from hub.conference import banner
from hub.conference.opening import Convening, callable_centers, opening, require_convener
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import may_see_level
from hub.dispatch import orders, tasks
from hub.entry import Command, Draft, Entry, center_audience
from hub.errors import Refusal
from hub.gates import participant_of, running_meeting, signature_of
from hub.people import Accounts
from hub.plans.keeping import SHELF, Plan, meant
from hub.plans.run_shapes import (
    PlanRun,
    PlanRuns,
    PlanStart,
    PlanStarted,
    PlanStep,
    PlanStepDo,
    PlanStepped,
    StepReach,
)
from hub.plans.shapes import DRILL, PlanBanner, PlanMeeting, PlanOrder, PlanTask
from hub.ruling import CommandRule, Context, Control, Due, EntryRule, RuleFile
from hub.state import HubState, Meeting

#: Commands of other files that steps give.
_COMMANDS: Final = {
    rule.kind: rule for file in (banner.RULES, orders.RULES, tasks.RULES) for rule in file.commands
}


def _start(state: HubState, command: Command, context: Context) -> list[Draft]:
    data, account = PlanStart.model_validate(command.data), context.account
    plan = SHELF.found(state, data.plan, context)
    require_convener(state, account, context)
    if plan.seq != data.seq:
        raise Refusal("conflict", "somebody has saved it since it was looked at", "seq")
    wanted = meant(state, plan.holder, list(plan.centers), plan.reaches, plan.content["groups"], context.tree)
    called = callable_centers(account, wanted, context)
    if not called:
        raise Refusal("invalid", "nobody is left whom it could call", "plan")
    meeting = PlanMeeting.model_validate(plan.content["meeting"])
    wanted_meeting = Convening(
        *(meeting.title, meeting.kind, called, meeting.record), drill=data.drill, level=meeting.level
    )
    opened = opening(wanted_meeting, account, context)
    roles = _roles(state, plan, opened, context) if data.roles else []
    steps = [*(step for step, _ in roles), *_steps(plan, data)]
    started = {
        "plan": plan.id,
        "name": plan.name,
        "event": plan.content["event"],
        "holder": plan.holder,
        "drill": data.drill,
        "by": signature_of(account, context.tree),
        "steps": [step.model_dump(mode="json") for step in steps],
    }
    return [
        opened,
        *(draft for _, draft in roles if draft is not None),
        Draft("plan.started", opened.meeting, started, (center_audience(plan.holder),)),
    ]


def _roles(
    state: HubState, plan: Plan, opened: Draft, context: Context
) -> list[tuple[PlanStep, Draft | None]]:
    """Who stands by and who leads beside, as far as they still may; nobody has to have come yet."""
    backup, beside = plan.content["backup"], plan.content["co_chairs"]
    named = [("backup", backup)] if backup is not None else []
    named += [("co_chair", one) for one in beside if backup is None or one["account"] != backup["account"]]
    made: list[tuple[PlanStep, Draft | None]] = []
    for what, author in named:
        text = f"{author['center_name']} {author['name']}"
        found = state.parts.read(Accounts).by_id.get(author["account"])
        if found is not None and found.id == context.account.id:
            continue  # who starts it is the chair
        if found is None or not _may_lead(found, opened, context):
            made.append(
                (PlanStep.model_validate({"what": what, "text": text, **_outcome("refused", "nobody")}), None)
            )
            continue
        ref = {"participant": participant_of(found, context.tree).model_dump(mode="json")}
        kind = "chair.backup_named" if what == "backup" else "chair.co_named"
        made.append(
            (
                PlanStep.model_validate({"what": what, "text": text, **_outcome("done")}),
                Draft(kind, opened.meeting, ref),
            )
        )
    return made


def _may_lead(account: Account, opened: Draft, context: Context) -> bool:
    here = account.center in opened.data["centers"] and account.center in context.tree
    here = here and may_see_level(account, opened.data["level"])
    return here and may(account, "chair.hold", context.tree, account.center)


def _outcome(state: str, reason: str | None = None, made: str | None = None) -> dict[str, Any]:
    return {"state": state, "reason": reason, "made": made}


def _steps(plan: Plan, data: PlanStart) -> list[PlanStep]:
    """What is shown, ordered and asked. Raises Refusal `invalid` for a place that is not there."""
    sign = DRILL if data.drill else ""
    steps = []
    if plan.content["banner"] is not None and data.banner:
        line = PlanBanner.model_validate(plan.content["banner"])
        steps.append(PlanStep(what="banner", text=f"{sign}{line.text}", style=line.style))
    for place in _chosen(data.orders, plan.content["orders"], "orders"):
        order = PlanOrder.model_validate(plan.content["orders"][place])
        steps.append(
            PlanStep(
                what="order",
                text=order.text,
                priority=order.priority,
                due_minutes=order.due_minutes,
                centers=order.centers,
                reaches=_kept(order.reaches),
            )
        )
    for place in _chosen(data.tasks, plan.content["tasks"], "tasks"):
        task = PlanTask.model_validate(plan.content["tasks"][place])
        steps.append(
            PlanStep(
                what="task",
                text=f"{sign}{task.title}",
                more=task.text,
                due_minutes=task.due_minutes,
                centers=task.centers,
                reaches=_kept(task.reaches),
            )
        )
    return steps


def _kept(reaches: list[Reach]) -> list[StepReach]:
    return [StepReach(center=each.center, to=each.to, only=each.only) for each in reaches]


def _chosen(wanted: list[int] | None, kept: list[Any], field: str) -> list[int]:
    if wanted is None:
        return list(range(len(kept)))
    if any(not 0 <= place < len(kept) for place in wanted):
        raise Refusal("invalid", "the plan has no such step", field)
    return sorted(set(wanted))


def _step(state: HubState, command: Command, context: Context) -> list[Draft]:
    """Do one step, or say why it cannot be done; what is done already is not done again."""
    meeting = running_meeting(state, command, context)
    place = PlanStepDo.model_validate(command.data).step
    found = _waiting(meeting)
    if found is None or found[1] != place:
        return []
    account_id, _ = found
    run = meeting.read(PlanRuns).rows[account_id]
    step = run.steps[place]
    try:
        drafts = _given(state, command, meeting, account_id, step, context)
    except Refusal as refusal:
        return [_told(meeting, account_id, place, _outcome("refused", refusal.code))]
    if not drafts:
        return [_told(meeting, account_id, place, _outcome("refused", "nobody"))]
    made = next((str(each.data[step.what]) for each in drafts if step.what in each.data), None)
    return [*drafts, _told(meeting, account_id, place, _outcome("done", None, made))]


def _given(
    state: HubState, command: Command, meeting: Meeting, account_id: str, step: PlanStep, context: Context
) -> list[Draft]:
    """What the step's command brings about, by its own rule; none where nobody is left whom it concerns."""
    account = state.parts.read(Accounts).by_id.get(account_id)
    if account is None or account.disabled or account.center not in context.tree:
        raise Refusal("forbidden", "who started it may do nothing any more")
    kind, data = _command_of(meeting, account, step, context)
    if not data.get("targets", data.get("centers", True)):
        return []
    rule = _COMMANDS[kind]
    use = None if rule.meeting == "never" else meeting.id
    checked = rule.schema.model_validate(data).model_dump(mode="json")
    return rule.decide(state, Command(command.id, kind, use, checked), replace(context, account=account))


def _command_of(
    meeting: Meeting, account: Account, step: PlanStep, context: Context
) -> tuple[str, Mapping[str, Any]]:
    if step.what == "banner":
        return "banner.show", {"kind": "banner", "text": step.text, "style": step.style}
    due = None
    if step.due_minutes is not None:
        due = to_wire(context.now + timedelta(minutes=step.due_minutes))
    targets = _targets(meeting, account, step, context)
    if step.what == "task":
        return "task.give", {"title": step.text, "text": step.more, "due": due, "centers": targets}
    return "order.issue", {"text": step.text, "priority": step.priority, "due": due, "targets": targets}


def _targets(meeting: Meeting, account: Account, step: PlanStep, context: Context) -> list[str]:
    """Those of the called whom the step means; the center that gives it only where it is named."""
    called = [code for code in meeting.centers if code in context.tree]
    if not step.centers and not step.reaches:
        return [code for code in called if code != account.center]
    words = [Reach(center=each.center, to=each.to, only=each.only) for each in step.reaches]
    many = [code for reach in words for code in reached(reach, context.tree)]
    named = {*step.centers, *many}
    return [code for code in called if code in named]


def _told(meeting: Meeting, account: str, place: int, outcome: Mapping[str, Any]) -> Draft:
    run = meeting.read(PlanRuns).rows[account]
    step = run.steps[place]
    data = {
        "plan": run.plan,
        "by": account,
        "step": place,
        "what": step.what,
        "text": step.text,
        **outcome,
    }
    return Draft("plan.stepped", meeting.id, data, (center_audience(run.holder),))


def _before_the_end(state: HubState, draft: Draft, context: Context) -> list[Draft]:
    """What was not done yet is not done any more."""
    meeting = state.meetings[draft.meeting or ""]
    return [
        _told(meeting, account, place, _outcome("refused", "meeting_ended"))
        for account, run in meeting.read(PlanRuns).rows.items()
        for place, step in enumerate(run.steps)
        if step.state == "waiting"
    ]


def _waiting(meeting: Meeting) -> tuple[str, int] | None:
    """Who started it, and the place of the next step; None where none waits."""
    for account, run in meeting.read(PlanRuns).rows.items():
        for place, step in enumerate(run.steps):
            if step.state == "waiting":
                return account, place
    return None


def _next(meeting: Meeting) -> Due | None:
    """The next step, at once."""
    found = _waiting(meeting)
    if found is None:
        return None
    account, place = found
    started = from_wire(meeting.read(PlanRuns).rows[account].started_at)
    return Due(started, "plan.step", meeting.id, str(place), {"step": place})


def _started(state: HubState, entry: Entry) -> None:
    meeting = state.meetings.get(entry.meeting or "")
    if meeting is None or not meeting.is_open:
        return
    data = entry.data
    run = PlanRun(
        **{name: data[name] for name in ("plan", "name", "event", "holder")},
        started_at=to_wire(entry.at),
        steps=[PlanStep.model_validate(step) for step in data["steps"]],
    )
    meeting.parts.put_row(PlanRuns, data["by"]["account"], run)


def _stepped(state: HubState, entry: Entry) -> None:
    meeting, data = state.meetings.get(entry.meeting or ""), entry.data
    run = meeting.parts.row(PlanRuns, data["by"]) if meeting is not None and meeting.is_open else None
    if run is None or data["step"] >= len(run.steps):
        return
    news = {name: data[name] for name in ("state", "reason", "made")}
    place = data["step"]
    run.steps = [step.model_copy(update=news) if at == place else step for at, step in enumerate(run.steps)]


RULES = RuleFile(
    "plan_run",
    part=PlanRuns,
    commands=(
        CommandRule("plan.start", PlanStart, _start, meeting="never"),
        CommandRule("plan.step", PlanStepDo, _step, system=True),
    ),
    entries=(
        EntryRule(
            "plan.started",
            PlanStarted,
            _started,
            reads="plan.keep",
            control=Control("启动预案", "plan started"),
        ),
        EntryRule("plan.stepped", PlanStepped, _stepped, reads="plan.keep", control="none"),
    ),
    precedes={"meeting.ended": _before_the_end},
    due=_next,
)
