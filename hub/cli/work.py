"""``hub work``: one job, in a process of low priority that a running hub starts itself (`hub/jobs/work.py`)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, Final

from hub.cli import reviewing
from hub.config import Config
from hub.jobs.work import Data, Order, Told, run


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("work", help="one job for a running hub (it starts these itself)")
    command.add_argument("kind", choices=sorted(WORK), help="which kind")
    command.set_defaults(run=_run)


def _run(chosen: argparse.Namespace, settings: Config) -> int:
    return run(lambda order, told: WORK[chosen.kind](settings, order, told))


def _film(settings: Config, order: Order, told: Told) -> Data:
    from hub.film.making import make_film

    return make_film(settings, order, told)


def _evidence(settings: Config, order: Order, told: Told) -> Data:
    from hub.handover.proving import make_bundle

    return make_bundle(settings, order, told)


def _handover(settings: Config, order: Order, told: Told) -> Data:
    from hub.handover.making import make_handover

    return make_handover(settings, order, told)


def _voice(settings: Config, order: Order, told: Told) -> Data:
    # here: what decodes sound is loaded by who does it
    from hub.speech.listening import listen

    return listen(settings, order, told)


#: What does each kind of job, by its name in `hub/jobs/kinds.py`.
WORK: Final[dict[str, Callable[[Config, Order, Told], Data]]] = {
    "film": _film,
    "evidence": _evidence,
    "handover": _handover,
    "clip": reviewing.clip,
    "picture": reviewing.picture,
    "check": reviewing.check,
    "small_pictures": reviewing.small,
    "voice": _voice,
}
