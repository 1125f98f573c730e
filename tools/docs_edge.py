"""Lists of the docs that the edge knows: refusals, calls, events, values, settings, the command line, metrics, RTCP."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from hub.__main__ import parser
from hub.config import render_markdown
from hub.coordination.node_stats import MediaCounts
from hub.errors import STATUS
from hub.wire import rtcp, rtcp_pause, rtcp_transport
from hub.wire.rtcp_build import serialise
from signaling import socket_bodies
from signaling.described import Described
from signaling.metrics import Metrics
from signaling.operations import OPERATIONS
from signaling.schemas import events, media_events, patrol_values
from signaling.typescript import definitions
from tools import shapes

#: Event of the socket -> the models that it carries; `entry` carries those of the journal.
EVENTS: Final[dict[str, tuple[type[BaseModel], ...]]] = {
    "hello": (events.Hello,),
    "part": (events.PartEvent,),
    "can": (events.CanEvent,),
    "changed": (events.ChangedEvent,),
    "check_asked": (events.CheckAskedEvent,),
    "presence": (events.CentersPresenceEvent, events.MeetingPresenceEvent),
    "media": tuple(media_events.MediaEvent.__value__.__args__),
    "patrol": (patrol_values.PatrolEvent,),
    "hub": (events.HubEvent,),
    "session_ended": (events.SessionEndedEvent,),
}


def refusals() -> str:
    """The codes of refusals by their status."""
    by_status: dict[int, list[str]] = {}
    for code, status in [*STATUS.items(), ("internal", 500)]:
        by_status.setdefault(status, []).append(f"`{code}`")
    return shapes.table(
        ("status", "codes"), [(str(status), ", ".join(codes)) for status, codes in sorted(by_status.items())]
    )


def calls() -> str:
    """Every method of every path."""
    rows = []
    for each in OPERATIONS:
        path = f"{each.path}?{'&'.join(f'{name}=' for name in each.query)}" if each.query else each.path
        taken = f"`{each.body}`" if each.body else "–"
        answer = f"{each.status}" + (f" `{each.answer}`" if each.answer else "")
        if each.also is not None:
            answer += f", {each.also[0]} `{each.also[1]}`"
        refused = ", ".join(str(status) for status in each.refusals) or "–"
        rows.append(
            (
                f"`{each.method.upper()} {path}`",
                each.says,
                taken,
                answer,
                refused,
                "no" if each.open else "yes",
            )
        )
    return shapes.table(("call", "what for", "body", "answer", "refused with, besides", "sign-in"), rows)


def told() -> str:
    """Events from the hub to its clients."""
    described = definitions()
    rows = []
    for name, models in EVENTS.items():
        for model in models:
            schema = described[model.__name__]
            rows.append((f"`{name}`", f"`{shapes.cell(shapes.body(schema))}`", shapes.says(schema)))
    return shapes.table(("event", "body", "what it says"), rows)


def asked() -> str:
    """Events from a client to the hub, besides commands."""
    rows = []
    for model in (
        socket_bodies.Follow,
        socket_bodies.Unfollow,
        socket_bodies.Select,
        socket_bodies.Listen,
        socket_bodies.Device,
    ):
        schema = model.model_json_schema(schema_generator=Described)
        name = model.__name__.lower()
        says = shapes.says(schema).removeprefix(f"`{name}`: ")
        rows.append((f"`{name}`", shapes.fields(schema), says))
    return shapes.table(("event", "body", "what it asks"), rows)


def words() -> str:
    """Every named value that is part of another, and every named choice of words."""
    described = definitions()
    named = {name for schema in described.values() for name in _references(schema)}
    rows = []
    shown = {model.__name__ for models in EVENTS.values() for model in models} | {"RefusalCode", "Refused"}
    for name in sorted(named - shown):
        schema = described[name]
        if "properties" in schema or "enum" in schema:
            rows.append((f"`{name}`", f"`{shapes.cell(shapes.body(schema))}`", shapes.says(schema) or "–"))
    return shapes.table(("name", "value", "meaning"), rows)


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield str(schema["$ref"]).rpartition("/")[2]
        for inner in schema.values():
            yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)


def settings() -> str:
    """Every setting."""
    return render_markdown()


def command_line() -> str:
    """Every command of ``hub``, with its options."""
    rows = []
    for name, command, says in _subcommands(parser()):
        for path, one, meaning in _leaves(name, command, says):
            rows.append((f"`hub {path}`", shapes.cell(meaning), shapes.cell(", ".join(_options(one))) or "–"))
    return shapes.table(("command", "what it does", "takes"), rows)


def metrics() -> str:
    """Every series of /metrics."""
    made = Metrics()
    made.watch(dict, lambda: MediaCounts({}, {}, {}))
    rows = []
    for family in sorted(made.registry.collect(), key=lambda each: each.name):
        if family.type in {"counter", "gauge", "histogram"}:
            name = f"{family.name}_total" if family.type == "counter" else family.name
            rows.append((f"`{name}`", family.type, shapes.cell(family.documentation)))
    return shapes.table(("series", "kind", "meaning"), rows)


def rtcp_kinds() -> str:
    """Every kind of RTCP packet that is read and written as more than bytes, with its numbers on the wire."""
    rows = []
    for packet in PACKETS:
        first, kind = serialise([packet])[:2]
        form = str(first & 0x1F) if kind in {rtcp.RTPFB, rtcp.PSFB} else "–"
        says = " ".join((type(packet).__doc__ or "").split())
        rows.append((type(packet).__name__, str(kind), form, shapes.cell(says)))
    return shapes.table(("packet", "type", "format", "what it says"), rows)


#: One packet of each kind.
PACKETS: Final[tuple[rtcp.RtcpPacket, ...]] = (
    rtcp.SenderReport(1, 0, 0, 0, 0),
    rtcp.ReceiverReport(1),
    rtcp.SourceDescription(((1, ((rtcp.CNAME, b"hub"),)),)),
    rtcp.Bye((1,)),
    rtcp.Nack(1, 2, (3,)),
    rtcp_transport.TransportFeedback(1, 2, 3, 4, 5, (6,)),
    rtcp_pause.PauseResume(1, (rtcp_pause.PauseEntry(rtcp_pause.PauseKind.PAUSE, 2, 3),)),
    rtcp.Pli(1, 2),
    rtcp.Fir(1, 2, ((3, 4),)),
    rtcp.Remb(1, 5, (2,)),
)


def _subcommands(command: argparse.ArgumentParser) -> list[tuple[str, argparse.ArgumentParser, str]]:
    found = []
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            says = {choice.dest: choice.help or "" for choice in action._choices_actions}
            found += [(name, inner, says.get(name, "")) for name, inner in action.choices.items()]
    return found


def _leaves(
    path: str, command: argparse.ArgumentParser, says: str
) -> list[tuple[str, argparse.ArgumentParser, str]]:
    inner = _subcommands(command)
    if not inner:
        return [(path, command, says)]
    return [leaf for name, each, meaning in inner for leaf in _leaves(f"{path} {name}", each, meaning)]


def _options(command: argparse.ArgumentParser) -> list[str]:
    found = []
    for action in command._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        name = (
            max(action.option_strings, key=len)
            if action.option_strings
            else str(action.metavar or action.dest)
        )
        found.append(f"`{name}`" + (f" {action.help}" if action.help else ""))
    return found
